"""The report on a walk through a mailbox as one page that needs nothing else: no script, no picture, no network."""
