"""Runs through the real listener: over connections and days, what went counts, and what is held does not."""

from datetime import UTC, datetime, timedelta

from proxy.desk.release import held_release
from proxy.store.held import list_held
from tests.proxy.outgoing.conftest import Build
from tests.proxy.outgoing.house import House

PITCH = """From: Ann Hartley <ann@example.org>\r
To: {name} <{who}>\r
Message-ID: <{who}@example.org>\r
Date: {date}\r
Subject: Oak\r
\r
Dear {name},\r
\r
the yard of {name} is on my way to work, and its gates are a sight. We saw and season oak for yards like {name} on the\r
whole coast, and what we bring is dry to eight per cent. Have a look at our sheds when the road takes you past them.\r
\r
Ann\r
.\r
"""
NAMES = ("Bo", "Zoe", "Kit", "Mara", "Ivo", "Nan", "Pia", "Tom", "Una", "Raj", "Lea", "Kai", "Eva")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2024, 5, 6, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


async def send(house: House, clock: Clock, name: str) -> str:
    """In a connection of its own."""
    who = f"{name.lower()}@{name.lower()}.example"
    date = clock().strftime("%a, %d %b %Y %H:%M:%S +0000")
    client = await house.client()
    answer = await client.mail(PITCH.format(name=name, who=who, date=date).encode(), who)
    await client.close()
    return answer


async def test_the_fifth_within_a_day_is_held_and_says_how_many_have_gone(make_house: Build) -> None:
    clock = Clock()
    house = await make_house(clock=clock)
    answers = []
    for name in NAMES[:5]:
        answers.append(await send(house, clock, name))
        clock.forward(hours=2)
    assert [a[:3] for a in answers] == ["250"] * 4 + ["554"]
    assert "too many strangers before ivo@ivo.example" in answers[-1].replace("Ivo", "ivo")
    (held,) = await list_held(house.store, closed=True)
    assert held.verdict.rules == ("one-by-one-blast",)
    assert (
        "already gone to 4 people" in held.verdict.reason and "Bo, Zoe, Kit and 1 more" in held.verdict.reason
    )


async def test_over_days_with_a_burst_in_one_second(make_house: Build) -> None:
    clock = Clock()
    house = await make_house(clock=clock)
    answers = []
    for i, name in enumerate(NAMES[:11]):
        answers.append(await send(house, clock, name))
        clock.forward(hours=13) if i < 8 else clock.forward(milliseconds=50)
    assert [a[:3] for a in answers] == ["250"] * 9 + ["554"] * 2, "the tenth in seven days, and the eleventh"


async def test_a_held_one_is_counted_once_it_is_released(make_house: Build) -> None:
    clock = Clock()
    house = await make_house(clock=clock)
    for name in NAMES[:4]:
        await send(house, clock, name)
        clock.forward(minutes=5)
    assert [(await send(house, clock, name))[:3] for name in NAMES[4:6]] == ["554", "554"]
    first, second = sorted(await list_held(house.store, closed=True), key=lambda h: h.received_at)
    assert "gone to 4 people" in first.verdict.reason and "gone to 4 people" in second.verdict.reason
    released = await held_release(house.listener.desk, first.id)
    assert len(released["sent"]) == 1
    clock.forward(minutes=5)
    await send(house, clock, NAMES[6])
    reasons = [h.verdict.reason for h in await list_held(house.store, closed=True)]
    assert sum("gone to 5 people" in r for r in reasons) == 1


async def test_slowly_enough_is_no_blast(make_house: Build) -> None:
    clock = Clock()
    house = await make_house(clock=clock)
    for name in NAMES:
        assert (await send(house, clock, name)).startswith("250")
        clock.forward(hours=20)
