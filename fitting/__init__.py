"""Fits the models that hear what a letter says (fitting/README.md). Nothing that runs imports it."""
