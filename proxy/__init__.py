"""The world: everything between the user and the provider: SMTP, IMAP, SQLite, configuration, clock, terminal."""
