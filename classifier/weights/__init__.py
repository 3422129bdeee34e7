"""Fitted weights as plain arrays, read by `classifier.hearing`; no pickle."""
