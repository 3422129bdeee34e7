"""Signals: each module answers one question about a mail, with the words it stands on."""
