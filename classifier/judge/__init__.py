"""Judgement of a mail with its past, one function a direction."""

from classifier.judge.incoming import judge_incoming

__all__ = ["judge_incoming"]
