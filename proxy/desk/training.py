"""The user's own model: fitted anew from the corrections, on a thread of its own, and taken back."""

import asyncio
from typing import Any

from classifier.judge.taste import Taste, bucket
from classifier.judge.weighing import FILE_ABOVE, points_of_all
from classifier.training.shipment import shipped_name
from classifier.training.taste import Learned, learn
from proxy.desk import Desk, operation
from proxy.store import lessons, tastes
from proxy.store.lessons import Extent

LEANINGS = 6  # named at most
_WORTH_NAMING = 0.02  # weights smaller than this say nothing


@operation("train")
async def train(desk: Desk, undo: bool = False, of_itself: bool = False) -> dict[str, Any]:
    """Fit the user's model to all corrections, those set aside too, and use it from now on; or take it back.

    Only where corrections have come or gone since the last time, or another model is shipped; `of_itself`: without
    those set aside, and for corrections alone (a model that the user took back is not to come again with an update).
    The corrected letters are not read again: what the shipped model of that time thought of them stays.
    Answers what changed; `"changed": false` where nothing is new, `"lessons": 0` where there is nothing to learn from.
    """
    if undo:
        return await _undo(desk)
    if not of_itself:
        await lessons.recall(desk.store)
    extent, before = await lessons.extent(desk.store), await tastes.current(desk.store)
    same = extent == (before.extent if before else Extent(0, 0))
    if same and before is not None and not of_itself:
        same = before.report.get("shipped") == await asyncio.to_thread(shipped_name)
    # A damaged model is fitted anew whoever asks for it.
    if same and (of_itself or await tastes.taste_of(desk.store, lambda _: None) is not None):
        return {"lessons": extent.lessons, "changed": False}
    if not extent.lessons:
        await tastes.drop(desk.store, desk.clock())
        return {"lessons": 0, "changed": before is not None}
    told = await lessons.told(desk.store)
    learned = await asyncio.to_thread(learn, told)
    report = _report(learned, sum(t.cold for t in told), len(told), before)
    kept = {**report, "shipped": await asyncio.to_thread(shipped_name)}
    await tastes.put(desk.store, learned.taste, extent, kept, desk.clock())
    return report


async def _undo(desk: Desk) -> dict[str, Any]:
    """The model before is in use again, and what came since is left out until `coldask train` takes it in."""
    gone = await tastes.undo(desk.store, desk.clock())
    if gone is None:
        return {"undone": False, "set_aside": 0, "in_use": None}
    left = await tastes.current(desk.store)
    aside = await lessons.set_aside(desk.store, left.extent.newest if left else 0)
    return {"undone": True, "set_aside": aside, "in_use": left.at.isoformat() if left else None}


def _report(learned: Learned, cold: int, told: int, before: tastes.Fitted | None) -> dict[str, Any]:
    above = before.report.get("file_above", FILE_ABOVE) if before else FILE_ABOVE
    return {
        "changed": True,
        "lessons": told,
        "cold": cold,
        "not_cold": told - cold,
        "weight": round(learned.weight, 2),
        "right_before": learned.right_before,
        "right_now": learned.right_now,
        "file_above": learned.taste.file_above,
        "file_above_before": above,
        "leanings": _leanings(learned.taste),
    }


def _leanings(taste: Taste) -> list[dict[str, Any]]:
    """The signs whose weight changed most. The words of letters are numbers by now, and cannot be named."""
    found = ((name, taste.weights[bucket(f"sign {name}")]) for name in points_of_all())
    ranked = sorted((one for one in found if abs(one[1]) >= _WORTH_NAMING), key=lambda one: -abs(one[1]))
    return [{"sign": name, "weight": round(weight, 2)} for name, weight in ranked[:LEANINGS]]
