"""Phrases as text files, one a line, their source in the first line; read once."""
