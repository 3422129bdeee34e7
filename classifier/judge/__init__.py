"""Judgement: `(mail, past) -> verdict`, for both directions."""

from classifier.judge.outgoing import judge_outgoing

__all__ = ["judge_outgoing"]
