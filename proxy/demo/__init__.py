"""The demo: a sandbox provider on loopback, the real proxy and watcher on it, and a small cast of mails."""
