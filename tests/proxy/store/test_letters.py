"""Letters in the store: once each, in any order, and what the Past makes of them."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from models.finding import Ask
from models.letter import Event, EventKind, Letter, short_hash
from models.mail import Mail, ThreadLinks
from models.past import Owner, Past, Tie
from proxy.store.database import Store
from proxy.store.letters import forget, known_people, past_for, remember

OWNER = Owner(addresses=frozenset({"ann@quay.example"}), internal_domains=frozenset({"quay.example"}))
NOW = datetime(2024, 6, 1, tzinfo=UTC)
_number = itertools.count(1)


def letter(days_ago: float, sender: str, *to: str, answers: Letter | None = None, **more: object) -> Letter:
    number = next(_number)
    outgoing = sender in OWNER.addresses
    fields: dict[str, object] = {
        "fingerprint": number,
        "message_id": f"<{number}@test.example>",
        "date": NOW - timedelta(days=days_ago),
        "sender": sender,
        "to": to or ("ann@quay.example",),
        "outgoing": outgoing,
        "id": short_hash(f"<{number}@test.example>"),
        "refs": (answers.id,) if answers else (),
        "reply": answers is not None,
    }
    return Letter.model_validate({**fields, **more})


def talk(who: str, days_ago: float, letters: int) -> list[Letter]:
    """So many letters in turn in one thread, the owner first."""
    found: list[Letter] = []
    for i in range(letters):
        pair = ("ann@quay.example", who) if i % 2 == 0 else (who, "ann@quay.example")
        found.append(letter(days_ago - i / 24, *pair, answers=found[-1] if found else None))
    return found


def friend(who: str) -> list[Letter]:
    return talk(who, 120, 3) + talk(who, 60, 3)


async def past(store: Store, *people: str, mail: Mail | None = None, **more: object) -> Past:
    return await past_for(store, mail or Mail(), people, owner=OWNER, **{"now": NOW, **more})  # type: ignore[arg-type]


async def test_a_mail_counts_once() -> None:
    one = letter(3, "bo@x.example")
    async with await Store.open(None) as store:
        assert await remember(store, [one, one]) == 1
        assert await remember(store, [one]) == 0
        assert (await past(store, "bo@x.example")).relation("bo@x.example").received == 1


async def test_a_second_copy_adds_what_the_first_lacked() -> None:
    header = letter(3, "ann@quay.example", "bo@x.example")
    refusal = Event(kind=EventKind.REFUSAL, quote="not interested", firm=True)
    whole = header.model_copy(update={"events": (refusal,), "cc": ("zoe@y.example",)})
    async with await Store.open(None) as store:
        await remember(store, [header])
        assert await remember(store, [whole, whole]) == 0
        found = await past(store, "bo@x.example", "zoe@y.example")
    assert found.relation("bo@x.example").refused is not None
    assert found.tie("zoe@y.example") is Tie.ONE_SIDED


async def test_the_order_and_the_cuts_of_learning_do_not_matter() -> None:
    letters = [
        *friend("mo@x.example"),
        letter(20, "mo@x.example", events=(Event(kind=EventKind.INTRODUCTION, people=("bo@y.example",)),)),
        *talk("zoe@z.example", 15, 3),
    ]
    results = []
    for order in (letters, letters[::-1], letters[5:] + letters[:7]):
        async with await Store.open(None) as store:
            for start in range(0, len(order), 4):
                await remember(store, order[start : start + 4])
            results.append(await past(store, "mo@x.example", "bo@y.example", "zoe@z.example"))
            assert await known_people(store) == ["bo@y.example", "mo@x.example", "zoe@z.example"]
    assert results[0] == results[1] == results[2]


async def test_the_mark_is_set_with_the_letters_or_not_at_all() -> None:
    async with await Store.open(None) as store:
        await remember(store, [letter(3, "bo@x.example")], mark=lambda new: ("here", new))
        assert await store.fact("here") == 1


async def test_what_was_filed_is_forgotten() -> None:
    one = letter(3, "bo@x.example", events=(Event(kind=EventKind.ASK, asks=(Ask.JOB,), quote="a job"),))
    async with await Store.open(None) as store:
        await remember(store, [one])
        assert await forget(store, [one.fingerprint, 12345]) == 1
        found = await past(store, "bo@x.example")
    assert found.tie("bo@x.example") is Tie.UNKNOWN
    assert found.wishes == ()


async def test_nothing_of_the_present_or_the_future_is_seen() -> None:
    letters = friend("mo@x.example")
    async with await Store.open(None) as store:
        await remember(store, letters)
        assert (await past(store, "mo@x.example", now=letters[0].date)).tie("mo@x.example") is Tie.UNKNOWN
        assert (await past(store, "mo@x.example", now=letters[1].date)).tie("mo@x.example") is Tie.ONE_SIDED
        assert (await past(store, "mo@x.example")).tie("mo@x.example") is Tie.ESTABLISHED


async def test_only_somebody_established_then_vouches() -> None:
    made = Event(kind=EventKind.INTRODUCTION, people=("bo@y.example",), quote="meet Bo")
    mo, too_early, stranger = (
        [
            *friend("mo@x.example"),
            letter(20, "mo@x.example", events=(made,), names={"mo@x.example": "Mo Adeyemi"}),
        ],
        [letter(119.9, "mo@x.example", events=(made,)), *friend("mo@x.example")],
        [letter(20, "mo@x.example", events=(made,))],
    )
    ties = []
    for letters in (mo, too_early, stranger):
        async with await Store.open(None) as store:
            await remember(store, letters)
            found = await past(store, "bo@y.example")
            ties.append(found.tie("bo@y.example"))
            assert [i.introducer for i in found.introductions] == ["mo@x.example"]
            assert "mo@x.example" in found.relations  # whoever introduced is looked up too
    assert ties == [Tie.VOUCHED, Tie.UNKNOWN, Tie.UNKNOWN]


async def test_an_introduction_carries_its_facts() -> None:
    made = Event(kind=EventKind.INTRODUCTION, people=("bo@y.example",))
    one = letter(20, "mo@x.example", events=(made,), names={"mo@x.example": "Mo Adeyemi"})
    async with await Store.open(None) as store:
        await remember(store, [*friend("mo@x.example"), one])
        found = (await past(store, "bo@y.example")).introduction_of("bo@y.example")
    assert found is not None
    assert (found.name, found.message_id, found.date, found.introducer_tie, found.by_owner) == (
        "Mo Adeyemi", one.message_id, one.date, Tie.ESTABLISHED, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "tie"),
    [
        ([], Tie.VOUCHED),
        ([letter(15, "bo@y.example")], Tie.VOUCHED),  # afterwards
        ([letter(60, "ann@quay.example", "bo@y.example")], Tie.ONE_SIDED),
        ([letter(60, "bo@y.example")], Tie.ONE_SIDED),
    ],
)
async def test_a_likely_introduction_is_one_of_somebody_who_shared_no_mail_with_the_owner(
    before: list[Letter], tie: Tie
) -> None:
    made = Event(kind=EventKind.LIKELY_INTRODUCTION, people=("bo@y.example",), quote="Bo has one")
    async with await Store.open(None) as store:
        await remember(
            store,
            [
                *friend("mo@x.example"),
                *before,
                letter(20, "mo@x.example", "ann@quay.example", "bo@y.example", events=(made,)),
            ],
        )
        assert (await past(store, "bo@y.example")).tie("bo@y.example") is tie


async def test_the_owners_introductions_vouch_for_nobody_and_are_known() -> None:
    made = Event(kind=EventKind.INTRODUCTION, people=("mo@x.example", "bo@y.example"))
    async with await Store.open(None) as store:
        await remember(
            store, [letter(20, "ann@quay.example", "mo@x.example", "bo@y.example", events=(made,))]
        )
        found = await past(store, "bo@y.example")
    assert found.tie("bo@y.example") is Tie.ONE_SIDED
    assert {(i.introducer, i.introduced, i.by_owner) for i in found.introductions} == {
        ("ann@quay.example", "mo@x.example", True),
        ("ann@quay.example", "bo@y.example", True),
    }


async def test_bystanders_of_somebody_elses_letter_stay_unknown() -> None:
    async with await Store.open(None) as store:
        await remember(store, [letter(3, "bo@x.example", "ann@quay.example", cc=("zoe@y.example",))])
        assert (await past(store, "zoe@y.example")).tie("zoe@y.example") is Tie.UNKNOWN


async def test_an_answer_to_their_reply_to_answers_them() -> None:
    theirs = letter(9, "bo@x.example", reply_to="bo@desk.example")
    mine = letter(8, "ann@quay.example", "bo@desk.example", answers=theirs)
    other = letter(7, "ann@quay.example", "eve@x.example")
    async with await Store.open(None) as store:
        await remember(store, [mine, theirs, other, letter(9, "eve@evil.example", reply_to="eve@x.example")])
        found = await past(store, "bo@x.example", "eve@evil.example")
    assert found.tie("bo@x.example") is Tie.ANSWERED
    assert found.tie("eve@evil.example") is Tie.ONE_SIDED  # the owner's letter answers none of theirs


async def test_invitations_stand_in_the_last_letter_only() -> None:
    send = Event(kind=EventKind.INVITATION, asks=(Ask.JOB,), enclosures=("resume",), quote="send me your CV")
    old = letter(9, "bo@x.example", events=(send,))
    async with await Store.open(None) as store:
        await remember(store, [old])
        found = (await past(store, "bo@x.example")).invitations
        assert [(i.who, i.asks, i.enclosures) for i in found] == [("bo@x.example", (Ask.JOB,), ("resume",))]
        await remember(store, [letter(8, "ann@quay.example", "bo@x.example")])
        assert len((await past(store, "bo@x.example")).invitations) == 1
        await remember(store, [letter(7, "bo@x.example")])
        assert (await past(store, "bo@x.example")).invitations == ()


async def test_wishes_go_both_ways_oldest_first() -> None:
    def asks(kind: Ask) -> tuple[Event, ...]:
        return (Event(kind=EventKind.ASK, asks=(kind,), quote=kind.value),)

    async with await Store.open(None) as store:
        await remember(
            store,
            [
                letter(3, "ann@quay.example", "bo@x.example", events=asks(Ask.TIME)),
                letter(9, "bo@x.example", events=asks(Ask.JOB)),
                letter(5, "eve@y.example", events=asks(Ask.MONEY)),
            ],
        )
        found = (await past(store, "bo@x.example")).wishes
    assert [(w.who, w.whom, w.asks) for w in found] == [
        ("bo@x.example", "ann@quay.example", (Ask.JOB,)),
        ("ann@quay.example", "bo@x.example", (Ask.TIME,)),
    ]


async def test_the_owners_public_calls_are_known() -> None:
    call = Event(kind=EventKind.CALL, quote="we are hiring a cook")
    async with await Store.open(None) as store:
        await remember(store, [letter(30, "ann@quay.example", "all@village.example", events=(call,))])
        assert [c.quote for c in (await past(store, "bo@x.example")).calls] == ["we are hiring a cook"]


async def test_a_thread_is_what_history_bears_out() -> None:
    mine = letter(9, "ann@quay.example", "bo@x.example")
    theirs = letter(8, "zoe@y.example")
    async with await Store.open(None) as store:
        await remember(store, [mine, theirs])

        async def thread(*ids: str | None) -> tuple[bool, bool]:
            links = ThreadLinks(references=tuple(i for i in ids if i))
            found = (await past(store, "bo@x.example", mail=Mail(links=links))).thread
            return found.known, found.owner_wrote

        assert await thread("<forged@x.example>") == (False, False)
        assert await thread(theirs.message_id) == (True, False)
        assert await thread("<forged@x.example>", mine.message_id) == (True, True)


async def test_without_ids_a_thread_is_known_by_subject_and_person() -> None:
    mine = letter(9, "ann@quay.example", "bo@x.example", subject=short_hash("boat"))
    async with await Store.open(None) as store:
        await remember(store, [mine])
        assert (await past(store, "bo@x.example", mail=Mail(subject="Re: Boat"))).thread.owner_wrote
        assert not (await past(store, "bo@x.example", mail=Mail(subject="Boat"))).thread.known
        assert not (await past(store, "eve@x.example", mail=Mail(subject="Re: Boat"))).thread.known


async def test_any_spelling_of_an_address_is_the_person() -> None:
    async with await Store.open(None) as store:
        await remember(store, talk("jo.fox@x.example", 9, 2))
        found = await past(store, "Jo.Fox+Boats@X.example")
    assert found.tie("JO.FOX@x.example") is Tie.ANSWERED


async def test_the_users_word_is_handed_on() -> None:
    async with await Store.open(None) as store:
        found = await past(
            store,
            "bo@x.example",
            trusted=frozenset({"bo@x.example"}),
            released=frozenset({"zoe@y.example"}),
            filed_before=2,
            ready=False,
        )
    assert (found.tie("bo@x.example"), found.ready, found.filed_before) == (Tie.TRUSTED, False, 2)
    assert found.released == {"zoe@y.example"}


async def test_a_mail_takes_about_250_bytes() -> None:
    letters = []
    for i in range(2000):
        who = f"person{i % 300}@domain{i % 50}.example"
        pair = ("ann@quay.example", who) if i % 4 == 0 else (who, "ann@quay.example")
        one = letter(i / 10, *pair, answers=letters[-1] if letters else None)
        spread = {"fingerprint": short_hash(f"f{i}"), "subject": short_hash(f"s{i}")}
        letters.append(one.model_copy(update=spread))
    async with await Store.open(None) as store:
        empty = await store.run(_size)
        await remember(store, letters)
        assert (await store.run(_size) - empty) / len(letters) < 250


def _size(db: object) -> int:
    pages: int = db.execute(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    ).fetchone()[0]  # type: ignore[attr-defined]
    return pages
