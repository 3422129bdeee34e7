"""Outgoing mail: the local SMTP server, each mail's judgement, and the provider's SMTP server behind it."""
