"""Where history comes from: mailboxes on disk and at the provider."""
