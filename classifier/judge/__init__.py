"""Judgement: `(mail, past) -> verdict`. A module a direction: who judges one need not load the other."""
