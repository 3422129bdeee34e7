"""One person with several addresses: seen in the letters, never by name alone, and undone by a word."""

import random
from datetime import datetime, timedelta

import pytest

from models.letter import Event, EventKind, Letter
from models.mail import Mail
from models.past import Past, Tie
from proxy.store.database import Store
from proxy.store.letters import past_for, remember
from proxy.store.splits import join, split
from tests.proxy.store.letters import ANN, NOW, OWNER, letter

WORK, HOME = "jo.fox@pier.example", "jofox77@gmail.com"


def answered_from_home(name: str = "Jo Fox") -> list[Letter]:
    mine = letter(20, ANN, WORK, name="Jo Fox")
    return [mine, letter(19, HOME, ANN, name=name, answers=mine)]


async def past(store: Store, *people: str, now: datetime = NOW, **more: object) -> Past:
    return await past_for(store, Mail(), people, owner=OWNER, now=now, **more)  # type: ignore[arg-type]


async def also(letters: list[Letter], who: str, now: datetime = NOW) -> list[str]:
    async with await Store.open(None) as store:
        await remember(store, letters)
        return [j.address for j in (await past(store, who, now=now)).relation(who).also]


async def test_an_answer_from_another_address_in_the_thread_is_the_same_persons() -> None:
    async with await Store.open(None) as store:
        await remember(store, answered_from_home())
        found = await past(store, WORK, HOME)
    work, home = found.relation(WORK), found.relation(HOME)
    assert (work.tie, home.tie) == (Tie.ANSWERED, Tie.ANSWERED)
    assert work.exchanges == home.exchanges == 1
    assert (
        f"{HOME} answered your mail to {WORK} on 13 May 2024, under the same name"
        == work.also[0].why
        == home.also[0].why
    )
    assert f"they also write as {HOME}" in work.facts


async def test_the_name_may_stand_in_the_address_alone() -> None:
    mine = letter(20, ANN, WORK)
    assert await also([mine, letter(19, HOME, ANN, name="Jo Fox", answers=mine)], WORK) == [HOME]


@pytest.mark.parametrize(
    "letters",
    [
        pytest.param(answered_from_home("Mo Adeyemi"), id="another name: somebody else answered"),
        pytest.param(
            [letter(20, ANN, WORK, name="Jo Fox"), letter(19, HOME, ANN, name="Jo Fox")], id="the name alone"
        ),
        pytest.param(
            [letter(20, "jo@gmail.com", ANN, name="Jo Fox"), letter(9, HOME, ANN, name="Jo Fox")],
            id="one name at a free-mail provider",
        ),
        pytest.param(
            [letter(20, WORK, ANN, name="Jo Fox"), letter(9, "info@pier.example", ANN, name="Jo Fox")],
            id="a role's mailbox",
        ),
        pytest.param(
            [
                letter(20, WORK, ANN, name="Jo Fox"),
                *(letter(9, "desk@pier.example", ANN, name=f"{n} Fox") for n in ("Jo", "Mo", "Bo", "Flo")),
            ],
            id="a mailbox of many names",
        ),
        pytest.param(
            [letter(20, WORK, ANN, name="Jo Fox"), letter(9, HOME, ANN, name="Jo Fox", personal=False)],
            id="a machine's mail",
        ),
    ],
)
async def test_less_than_that_joins_nobody(letters: list[Letter]) -> None:
    assert await also(letters, WORK) == []
    assert await also(letters, HOME) == []


async def test_an_answer_forged_against_nothing_the_owner_sent_joins_nobody() -> None:
    theirs = letter(20, WORK, ANN, name="Jo Fox")
    assert await also([theirs, letter(19, HOME, ANN, name="Jo Fox", answers=theirs)], WORK) == []


async def test_somebody_in_copy_who_answers_is_not_joined() -> None:
    mine = letter(20, ANN, WORK, name="Jo Fox", cc=(HOME,))
    assert await also([mine, letter(19, HOME, ANN, name="Jo Fox", answers=mine)], WORK) == []


async def test_the_same_full_name_at_the_same_organisation_is_one_person() -> None:
    letters = [letter(20, ANN, WORK, name="Jo Fox"), letter(9, "jf@lab.pier.example", ANN, name="Fox, Jo")]
    async with await Store.open(None) as store:
        await remember(store, letters)
        (joined,) = (await past(store, WORK)).relation(WORK).also
    assert (joined.address, joined.why) == (
        "jf@lab.pier.example",
        "the same full name, and both at pier.example",
    )


async def test_only_what_was_known_before_counts() -> None:
    letters = answered_from_home()
    assert await also(letters, WORK, now=letters[1].date) == []
    assert await also(letters, WORK, now=letters[1].date + timedelta(seconds=1)) == [HOME]


async def test_the_order_of_learning_does_not_matter() -> None:
    letters = [
        *answered_from_home(),
        letter(15, "j.fox@pier.example", ANN, name="Jo Fox"),
        letter(14, ANN, "j.fox@pier.example", name="Fox, Jo"),
        letter(13, HOME, ANN, name="Jo Fox"),
        *(letter(12 - i, f"p{i}@pier.example", ANN, name=f"Pia {'abc'[i]}son") for i in range(3)),
    ]
    results = set()
    for seed in range(6):
        random.Random(seed).shuffle(letters)
        async with await Store.open(None) as store:
            await remember(store, letters[:4])
            await remember(store, letters[4:] + letters[:2])
            found = await past(store, WORK, HOME, "j.fox@pier.example")
            results.add(found.model_dump_json(include={"relations"}))
            assert {len(found.relation(w).also) for w in (WORK, HOME, "j.fox@pier.example")} == {2}
    assert len(results) == 1


async def test_the_users_word_is_final_both_ways() -> None:
    async with await Store.open(None) as store:
        await remember(store, answered_from_home())
        await split(store, HOME, at=NOW, source="test")
        assert (await past(store, WORK)).relation(WORK).also == ()
        assert (await past(store, HOME)).tie(HOME) is Tie.ONE_SIDED
        await join(store, WORK, HOME, at=NOW, source="test")
        (joined,) = (await past(store, HOME)).relation(HOME).also
        assert (joined.address, joined.why) == (WORK, "you said so on 2024-06-01 (test)")
        await split(store, WORK, at=NOW, source="test")
        assert (await past(store, HOME)).relation(HOME).also == ()


async def test_the_word_joins_what_no_letter_shows() -> None:
    async with await Store.open(None) as store:
        mine = letter(9, ANN, "jo@x.example")
        await remember(store, [mine, letter(8, "jo@x.example", ANN, answers=mine)])
        await join(store, "jo@y.example", "jo@x.example", at=NOW, source="test")
        assert (await past(store, "jo@y.example")).tie("jo@y.example") is Tie.ANSWERED


async def test_a_trusted_person_is_trusted_at_every_address() -> None:
    async with await Store.open(None) as store:
        await remember(store, answered_from_home())
        assert (await past(store, HOME, trusted=frozenset({WORK}))).tie(HOME) is Tie.TRUSTED


async def test_an_introduction_reaches_the_other_address() -> None:
    made = Event(kind=EventKind.INTRODUCTION, people=(WORK,), quote="meet Jo")
    async with await Store.open(None) as store:
        await remember(store, [*answered_from_home(), letter(30, "mo@x.example", ANN, events=(made,))])
        found = (await past(store, HOME)).introduction_of(HOME)
    assert found is not None
    assert found.introducer == "mo@x.example"
