"""Judgement: `(mail, past) -> verdict`, for both directions."""

from classifier.judge.incoming import judge_incoming
from classifier.judge.outgoing import judge_outgoing, listened

__all__ = ["judge_incoming", "judge_outgoing", "listened"]
