"""Judgement, both directions: `(mail, past) -> verdict`. Pure: no socket, SQL, file, clock, randomness or event loop."""
