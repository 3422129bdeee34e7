"""The letters an ear has not read, as the top layer sees them."""

from collections.abc import Sequence

import pytest

pytest.importorskip("tokenizers", reason="needs the extra `fit` or `encoder`")

from classifier.hearing.ear import Place, Scores
from classifier.training.corpus import Sample, sample
from fitting.fit_top import heard

BODY = "We make kilns in Leith. Could you give me half an hour next week?"


class Asking:
    """An ear that hears an ask in every question, of time."""

    name = "core"

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        return Scores(
            self.name, 1.5, [[4.0 if "?" in text[s:e] else -4.0, 3.0, *[-6.0] * 11] for s, e in sentences]
        )


def one(*, sender: str, outgoing: bool = False) -> Sample:
    return sample(
        {
            "id": "t-1", "direction": "out" if outgoing else "in", "owner": ["ann@pots.example"],
            "now": "2025-03-03T09:00:00+00:00", "past": [], "expected": "file", "topic": "kilns",
            "mail": {"from": sender, "to": ["tam@kiln.example" if outgoing else "ann@pots.example"],
                     "subject": "kilns", "body": BODY},
            "asks": [{"ask": "time", "quote": "give me half an hour next week"}],
        }
    )  # fmt: skip


async def test_a_strangers_letter_is_seen_and_its_sentences_are_compared_with_the_readers() -> None:
    [seen], sentences = await heard([one(sender="Tam Orr <tam@kiln.example>")], Asking())
    assert (seen.cold, seen.wanted, seen.group) == (1.5, True, "kilns")
    assert any(said.true and said.heard > 2 for said in sentences)


async def test_of_the_owners_own_letter_and_a_colleagues_no_verdict_is_learned() -> None:
    own, colleague = one(sender="ann@pots.example", outgoing=True), one(sender="Ben <ben@pots.example>")
    seen, sentences = await heard([own, colleague], Asking())
    assert seen == []
    assert len([said for said in sentences if said.true]) == 1
