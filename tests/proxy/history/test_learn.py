"""Learning from a mailbox on disk: resumable, idempotent, and every unreadable mail named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.reading.read import read_headers, read_mail
from models.mail import Mail
from models.past import Owner, Past, Tie
from proxy.history import learn as learning
from proxy.history.genuine import letter_of
from proxy.history.hermetic import START
from proxy.history.learn import Tally, learn_source
from proxy.history.own import by_name, proposals
from proxy.history.sources import open_source
from proxy.store.database import Store
from proxy.store.letters import known_people, past_for, remember

OWNER = Owner(addresses=frozenset({"ann@quay.example"}))


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "BATCH", 3)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Ten mails: five people write, Ann answers each."""
    path = tmp_path / "box"
    with path.open("wb") as file:
        for i in range(10):
            who = f"p{i // 2}@x.example"
            sender, to = ("ann@quay.example", who) if i % 2 else (who, "ann@quay.example")
            reply = f"In-Reply-To: <{i - 1}@x.example>\n" if i % 2 else ""
            file.write(
                f"From x Mon Jan {i + 1:2} 10:00:00 2024\n"
                f"From: {sender}\nTo: {to}\nSubject: note {i // 2}\n"
                f"Date: {i + 1} Jan 2024 10:00:00 +0000\nMessage-ID: <{i}@x.example>\n"
                f"{reply}\nhello\n\n".encode()
            )
    return path


async def learned(store: Store, path: Path) -> Tally:
    return [tally async for tally in learn_source(store, open_source(path), OWNER)][-1]


async def state(store: Store) -> Past:

    people = await known_people(store)
    return await past_for(store, Mail(), people, owner=OWNER, now=datetime(2024, 6, 1, tzinfo=UTC))


async def test_reads_everything_once(box: Path) -> None:
    async with await Store.open(None) as store:
        first = await learned(store, box)
        before = await state(store)
        again = await learned(store, box)
        assert (first.read, first.new, again.read, again.new) == (10, 10, 10, 0)
        assert await state(store) == before
        assert len(before.relations) == 5


@pytest.mark.parametrize("batches", [1, 2, 3])
async def test_stopped_anywhere_it_goes_on_there_and_ends_the_same(
    box: Path, tmp_path: Path, batches: int
) -> None:
    async with await Store.open(None) as store:
        await learned(store, box)
        whole = await state(store)
    async with await Store.open(tmp_path / "s" / "db") as store:
        reading = learn_source(store, open_source(box), OWNER)
        for _ in range(batches):
            await anext(reading)
        await reading.aclose()
    async with await Store.open(tmp_path / "s" / "db") as store:
        tally = await learned(store, box)
        assert (tally.read, tally.new) == (10, 10)
        assert await state(store) == whole


async def test_where_the_last_mail_read_has_gone_it_begins_again(box: Path) -> None:
    async with await Store.open(None) as store:
        reading = learn_source(store, open_source(box), OWNER)
        await anext(reading)
        await reading.aclose()
        box.write_bytes(b"From x" + box.read_bytes().partition(b"\n\nFrom x")[2])  # the first mail deleted
        await learned(store, box)
        assert len((await state(store)).relations) == 5


async def test_unreadable_mail_is_counted_and_named(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1700000001.a:2,").write_bytes(b"From: bo@x.example\nTo: ann@quay.example\n\nhello\n")
    (tmp_path / "cur" / "1700000002.b:2,").write_bytes(b"\x00\x01\x02 no mail at all")
    async with await Store.open(None) as store:
        tally = await learned(store, tmp_path)
    assert (tally.read, tally.new, tally.unreadable) == (2, 1, 1)
    assert tally.named[0][0].endswith("1700000002.b:2,")
    assert tally.named[0][1]


async def test_mails_without_a_date_stand_where_they_lie(tmp_path: Path) -> None:

    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1700000001.a:2,").write_bytes(b"From: bo@x.example\nTo: ann@quay.example\n\nhello\n")
    async with await Store.open(None) as store:
        await learned(store, tmp_path)
        assert (await state(store)).relation("bo@x.example").first == datetime.fromtimestamp(1700000001, UTC)


def mail(sender: str, to: str, number: int, *, received: bool = False, body: str = "hello") -> bytes:
    carried = (
        "Received: from mx.example by mx.quay.example; Mon, 1 Jan 2024 10:00:00 +0000\n" if received else ""
    )
    return (
        f"{carried}From: {sender}\nTo: {to}\nSubject: note\nDate: {number} Jan 2024 10:00:00 +0000\n"
        f"Message-ID: <{number}@x.example>\n\n{body}\n"
    ).encode()


def maildir(path: Path, **folders: list[bytes]) -> Path:
    for name, mails in folders.items():
        folder = path if name == "INBOX" else path / f".{name}"
        (folder / "cur").mkdir(parents=True)
        for i, raw in enumerate(mails):
            (folder / "cur" / f"17000000{i:02}.{name}:2,S").write_bytes(raw)
    return path


ANN = "Ann Hartley <ann@quay.example>"


async def test_a_forged_own_mail_in_the_inbox_counts_only_where_sent_bears_it_out(tmp_path: Path) -> None:
    forged, real = (
        mail(ANN, "eve@cold.example", 3, received=True),
        mail(ANN, "bo@x.example", 4, received=True),
    )
    kept = mail(ANN, "zoe@y.example", 5)  # no server carried it: a client put it with its thread
    async with await Store.open(None) as store:
        await learned(store, maildir(tmp_path / "m", INBOX=[forged, real, kept], Sent=[real]))
        assert await known_people(store) == ["bo@x.example", "zoe@y.example"]
    async with await Store.open(None) as store:
        await learned(store, maildir(tmp_path / "flat", INBOX=[forged, real]))
        assert len(await known_people(store)) == 2, "without a Sent folder From is all there is"


async def test_without_a_sent_folder_a_forged_own_mail_warms_nobody(tmp_path: Path) -> None:
    """The stranger's trick: a letter of the owner's to them, and their answer to it."""
    forged = mail(ANN, "ann@quay.example, eve@cold.example", 3, received=True)
    answer = mail("eve@cold.example", "ann@quay.example", 4).replace(
        b"\n\n", b"\nIn-Reply-To: <3@x.example>\n\n"
    )
    true = mail(ANN, "ann@quay.example, bo@x.example", 5)  # kept as it was sent
    box = tmp_path / "box"
    box.write_bytes(
        b"".join(b"From x Mon Jan  1 10:00:00 2024\n" + one + b"\n" for one in (forged, answer, true))
    )
    async with await Store.open(None) as store:
        await learned(store, box)
        found = await state(store)
        assert found.relation("eve@cold.example").tie is Tie.ONE_SIDED
        assert found.relation("eve@cold.example").sent == 0
        assert found.relation("bo@x.example").sent == 1


async def test_addresses_that_mail_in_sent_came_from_are_counted(tmp_path: Path) -> None:
    box = maildir(
        tmp_path / "m",
        INBOX=[mail("bo@x.example", ANN, 1)],
        Sent=[
            mail(ANN, "bo@x.example", 2),
            *(mail("Ann <ann@home.example>", "bo@x.example", n) for n in (3, 4)),
        ],
    )
    async with await Store.open(None) as store:
        tally = await learned(store, box)
    assert tally.in_sent == {"ann@home.example": 2}


async def test_the_owners_name_in_many_letters_is_noticed(tmp_path: Path) -> None:
    mails = [mail(ANN, "bo@x.example", 1), mail("Ann Hartley <eve@y.example>", "ann@quay.example", 20)]
    mails += [mail("Hartley, Ann <ah@home.example>", "bo@x.example", n) for n in range(2, 8)]
    async with await Store.open(None) as store:
        await learned(store, maildir(tmp_path / "m", INBOX=mails))
        named = await by_name(store, OWNER)
    assert named == {"ah@home.example": 6, "eve@y.example": 1}
    assert proposals({}, named) == [{"address": "ah@home.example", "mails": 6, "why": "your name"}]


async def test_learned_again_with_an_address_more_its_mail_becomes_the_owners(tmp_path: Path) -> None:
    box = maildir(
        tmp_path / "m",
        INBOX=[mail("ann@home.example", "bo@x.example", 1), mail("bo@x.example", "ann@home.example", 2)],
    )
    both = Owner(addresses=OWNER.addresses | {"ann@home.example"})
    async with await Store.open(None) as store, await Store.open(None) as fresh:
        await learned(store, box)
        for one in (store, fresh):
            [t async for t in learn_source(one, open_source(box), both)]
        assert (await state(store)).relation("bo@x.example") == (await state(fresh)).relation("bo@x.example")
        assert (await state(store)).relation("bo@x.example").sent == 1


async def test_what_happened_in_the_text_comes_with_the_second_pass(tmp_path: Path) -> None:
    text = "Not interested. Please stop writing to me."
    box = maildir(
        tmp_path / "m", INBOX=[mail("bo@x.example", ANN, 1), mail(ANN, "bo@x.example", 2, body=text)]
    )
    async with await Store.open(None) as store:
        passes = {
            t.texts: (await state(store)).relation("bo@x.example").refused
            async for t in learn_source(store, open_source(box), OWNER)
        }
    assert passes[True] is not None


async def test_a_calendars_answer_is_found_out_by_its_text_in_any_order(tmp_path: Path) -> None:
    raw = (
        b"From: bo@x.example\nTo: ann@quay.example\nSubject: Accepted: boat\nDate: 1 Jan 2024 10:00:00 +0000\n"
        b"Message-ID: <c@x.example>\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nyes\n--b\nContent-Type: text/calendar; method=REPLY\n\n"
        b"BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--b--\n"
    )
    header, whole = (
        letter_of(r(raw), OWNER, is_sent=None, stand_in=START) for r in (read_headers, read_mail)
    )
    assert header is not None and whole is not None
    assert (header.personal, whole.personal) == (True, False)
    for order in ([header, whole], [whole, header], [whole, header, whole]):
        async with await Store.open(None) as store:
            await remember(store, order)
            assert (await state(store)).relation("bo@x.example").bulk_only


async def test_of_mail_sent_lately_a_sketch_is_kept_and_of_older_none(tmp_path: Path) -> None:
    text = "The yard by the ferry has oak to give away, dry and sawn, for whoever fetches it."
    letters = [mail(ANN, "bo@x.example", day, body=text) for day in (3, 20)]
    large = mail(ANN, "zoe@x.example", 21, body=f"{text}\n\n" + "> old\n" * 20_000)
    box = maildir(tmp_path / "m", INBOX=[*letters, large])
    since = datetime(2024, 1, 10, tzinfo=UTC)
    async with await Store.open(None) as store:
        async for _ in learn_source(store, open_source(box), OWNER, since=since):
            pass
        rows = await store.run(lambda db: db.execute("SELECT length(sketch) > 0 FROM sent").fetchall())
    assert rows == [(1,), (1,)]


async def test_what_the_owner_asked_lately_is_heard_in_whatever_words(tmp_path: Path) -> None:
    text = (
        "Dear Jill,\n\nI would give a lot for half an hour of yours to look over my plan for the shop.\n\nAnn"
    )
    box = maildir(tmp_path / "m", INBOX=[mail(ANN, "jill@x.example", day, body=text) for day in (3, 20)])
    found = []
    for asked_since in (None, datetime(2024, 1, 10, tzinfo=UTC), START):
        async with await Store.open(None) as store:
            async for _ in learn_source(store, open_source(box), OWNER, asked_since=asked_since):
                pass
            found.append(len((await state(store)).wishes))
    assert found == [0, 1, 2], "phrases find no ask in it"
