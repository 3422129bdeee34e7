"""Reading: bytes to `Mail`. Never raises, and keeps to limits of time and memory."""

from classifier.reading.read import read_headers, read_mail

__all__ = ["read_headers", "read_mail"]
