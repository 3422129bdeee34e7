"""Judgement, both directions: `(mail, past) -> verdict`. Pure: no socket, SQL, clock, randomness, event loop."""
