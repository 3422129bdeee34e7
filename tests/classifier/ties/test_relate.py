"""The ties, rule by rule (relationships, "Ties" and "What counts, what does not")."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from classifier.ties import THRESHOLDS, Turn, relate
from models.past import Introduction, Relation, Tie

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
_key = count(1)


def turn(days_ago: float, *, mine: bool, thread: int = 0, **more: object) -> Turn:
    """A letter so many days ago; letters of one thread name its first Message-ID."""
    key = next(_key)
    refs = (thread,) if thread else ()
    return Turn(
        at=int((NOW - timedelta(days=days_ago)).timestamp()),
        key=key,
        outgoing=mine,
        **{"id": 10_000 + key, "refs": refs, **more},  # type: ignore[arg-type]
    )


def talk(days_ago: float, letters: int, *, thread: int, mine_first: bool = True) -> list[Turn]:
    """So many letters in turn, an hour apart: one exchange less than letters."""
    return [turn(days_ago - i / 24, mine=(i % 2 == 0) is mine_first, thread=thread) for i in range(letters)]


def tie(turns: list[Turn], **more: object) -> Tie:
    return relation(turns, **more).tie


def relation(turns: list[Turn], **more: object) -> Relation:
    return relate(turns, now=NOW, **more)  # type: ignore[arg-type]


def introduction(days_ago: float) -> Introduction:
    date = NOW - timedelta(days=days_ago)
    return Introduction(introducer="mo@x.example", introduced="bo@y.example", date=date, name="Mo Adeyemi")


def test_nothing_either_way_is_unknown() -> None:
    assert relation([]) == Relation()


def test_what_was_merely_received_never_warms() -> None:
    assert tie([turn(d, mine=False) for d in range(1, 40)]) is Tie.ONE_SIDED


def test_what_was_merely_sent_never_warms() -> None:
    assert tie([turn(d, mine=True) for d in range(1, 40)]) is Tie.ONE_SIDED


@pytest.mark.parametrize("mine_first", [True, False])
def test_one_answer_by_either_is_answered(mine_first: bool) -> None:
    assert tie(talk(3, 2, thread=1, mine_first=mine_first)) is Tie.ANSWERED


def test_three_exchanges_in_two_threads_over_a_month_are_established() -> None:
    assert tie(talk(60, 3, thread=1) + talk(20, 2, thread=2)) is Tie.ESTABLISHED


@pytest.mark.parametrize(
    "turns",
    [
        pytest.param(talk(60, 2, thread=1) + talk(20, 2, thread=2), id="two exchanges"),
        pytest.param(talk(60, 8, thread=1), id="one thread"),
        pytest.param(talk(45, 3, thread=1) + talk(20, 3, thread=2), id="25 days"),
    ],
)
def test_less_than_that_is_answered(turns: list[Turn]) -> None:
    assert tie(turns) is Tie.ANSWERED


def test_an_exchange_is_one_letter_followed_by_the_other_sides() -> None:
    assert relation(talk(9, 4, thread=1)).exchanges == 3
    two_in_a_row = [turn(3, mine=True, thread=1), turn(2, mine=True, thread=1), turn(1, mine=False, thread=1)]
    assert relation(two_in_a_row).exchanges == 1


def test_ten_exchanges_in_half_a_year_are_trusted() -> None:
    assert tie(talk(100, 11, thread=1)) is Tie.TRUSTED
    assert tie(talk(100, 10, thread=1)) is Tie.ANSWERED


def test_ten_exchanges_longer_ago_are_not() -> None:
    assert tie(talk(300, 7, thread=1) + talk(200, 7, thread=2)) is Tie.ESTABLISHED


def test_the_owners_mark_is_final() -> None:
    refused = [turn(2, mine=False, thread=1), turn(1, mine=True, thread=1, refusal=True, firm=True)]
    assert tie(refused, trusted=True) is Tie.TRUSTED


def test_a_long_silence_lowers_established_to_answered() -> None:
    monthly = talk(500, 3, thread=1) + talk(460, 3, thread=2)
    assert tie(monthly) is Tie.ANSWERED
    assert "silent" in " ".join(relation(monthly).facts)


def test_a_year_of_silence_is_the_least() -> None:
    assert tie(talk(360, 3, thread=1) + talk(320, 3, thread=2)) is Tie.ESTABLISHED


def test_rare_friends_fade_late() -> None:
    assert tie(talk(900, 3, thread=1) + talk(700, 3, thread=2)) is Tie.ESTABLISHED


def test_what_was_established_never_falls_to_unknown() -> None:
    assert tie(talk(5000, 3, thread=1) + talk(4950, 3, thread=2)) is Tie.ANSWERED


def test_automatic_and_bulk_mail_is_no_letter() -> None:
    turns = [turn(3, mine=False, thread=1), turn(2, mine=True, thread=1, personal=False)]
    assert tie(turns) is Tie.ONE_SIDED
    only = relation([turn(3, mine=False, personal=False)])
    assert (only.tie, only.bulk_only) == (Tie.ONE_SIDED, True)


def test_a_letter_to_many_counts_for_those_who_answered_it() -> None:
    many = THRESHOLDS.many_recipients + 1
    mailing = turn(9, mine=True, recipients=many)
    assert tie([mailing]) is Tie.ONE_SIDED
    assert relation([mailing]).sent == 0
    assert tie([mailing, turn(8, mine=False, refs=(mailing.id,))]) is Tie.ANSWERED


def test_a_reply_to_all_answers_the_one_it_replies_to() -> None:
    theirs = turn(9, mine=False)
    to_all = turn(8, mine=True, recipients=40, refs=(theirs.id,))
    to_somebody_else = turn(8, mine=True, recipients=40, refs=(theirs.id, 77))
    assert tie([theirs, to_all]) is Tie.ANSWERED
    assert tie([theirs, to_somebody_else]) is Tie.ONE_SIDED


def test_a_bystander_in_copy_is_not_warmed() -> None:
    assert tie([turn(9, mine=True, direct=False), turn(8, mine=True, direct=False)]) is Tie.ONE_SIDED


def test_a_forged_reply_proves_nothing() -> None:
    forged = [
        turn(9, mine=False, reply=True, subject=5, refs=(4711,)),
        turn(8, mine=False, reply=True, subject=5),
    ]
    assert tie(forged) is Tie.ONE_SIDED


def test_a_forged_reply_beside_an_older_letter_of_the_owners_proves_nothing() -> None:
    assert tie([turn(90, mine=True, subject=7), turn(8, mine=False, reply=True, subject=5)]) is Tie.ONE_SIDED


def test_where_no_ids_were_kept_the_subject_of_the_owners_own_letter_is_believed() -> None:
    mine = turn(9, mine=True, subject=5)
    assert tie([mine, turn(8, mine=False, subject=5, reply=True)]) is Tie.ANSWERED
    assert tie([mine, turn(8, mine=False, subject=5, reply=False)]) is Tie.ONE_SIDED
    assert tie([turn(400, mine=True, subject=5), turn(8, mine=False, subject=5, reply=True)]) is Tie.ONE_SIDED


def test_the_owners_fresh_letter_soon_after_theirs_answers_it() -> None:
    theirs = turn(20, mine=False, subject=1)
    assert tie([theirs, turn(10, mine=True, subject=2)]) is Tie.ANSWERED
    assert tie([turn(90, mine=False, subject=1), turn(10, mine=True, subject=2)]) is Tie.ONE_SIDED


def test_their_fresh_letter_after_the_owners_answers_nothing() -> None:
    assert tie([turn(20, mine=True, subject=1), turn(10, mine=False, subject=2)]) is Tie.ONE_SIDED


def test_a_letter_after_one_whose_thread_was_lost_may_answer_it() -> None:
    lost = turn(20, mine=True, reconstructed=True)
    assert tie([lost]) is Tie.ONE_SIDED
    assert tie([turn(30, mine=False), lost]) is Tie.ANSWERED
    assert tie([lost, turn(10, mine=False)]) is Tie.ANSWERED


def test_an_introduction_vouches_for_so_many_days() -> None:
    assert tie([], introduction=introduction(10)) is Tie.VOUCHED
    assert tie([], introduction=introduction(91)) is Tie.UNKNOWN
    assert tie([], introduction=introduction(91), vouched_days=120) is Tie.VOUCHED
    assert tie([turn(5, mine=False)], introduction=introduction(10)) is Tie.VOUCHED


def test_the_owners_welcome_keeps_vouched_until_they_answer_it() -> None:
    hello, welcome = turn(9, mine=False, thread=1), turn(8, mine=True, thread=1)
    assert tie([hello, welcome], introduction=introduction(10)) is Tie.VOUCHED
    answer = turn(7, mine=False, thread=1)
    assert tie([hello, welcome, answer], introduction=introduction(10)) is Tie.ANSWERED


def test_an_introduction_does_not_cool_who_is_known() -> None:
    known = talk(60, 3, thread=1) + talk(20, 2, thread=2)
    assert tie(known, introduction=introduction(10)) is Tie.ESTABLISHED


def test_after_a_refusal_the_tie_is_one_sided_and_says_when() -> None:
    turns = [
        *talk(60, 3, thread=1),
        turn(31, mine=False, thread=2),
        turn(30, mine=True, thread=2, refusal=True, firm=True),
    ]
    refused = relation(turns)
    assert refused.tie is Tie.ONE_SIDED
    assert "you said no to them on 2 May 2024" in refused.facts[0]
    assert refused.refused == datetime(2024, 5, 2, 12, tzinfo=UTC)


def test_a_polite_no_refuses_the_ask_of_somebody_hardly_known() -> None:
    def course(*, asks: bool) -> list[Turn]:
        return [turn(31, mine=False, thread=9, asks=asks), turn(30, mine=True, thread=9, refusal=True)]

    assert relation(course(asks=True)).refused is not None
    assert relation(course(asks=False)).refused is None
    friends = talk(200, 3, thread=1) + talk(100, 3, thread=2)
    assert relation(friends + course(asks=True)).tie is Tie.ESTABLISHED


def test_the_owner_lifts_it_by_writing_of_their_own_accord() -> None:
    turns = [turn(31, mine=False, thread=2), turn(30, mine=True, thread=2, refusal=True, firm=True)]
    reply_to_their_next = [turn(20, mine=False, thread=3), turn(19, mine=True, thread=3)]
    assert tie(turns + reply_to_their_next) is Tie.ONE_SIDED
    assert tie([*turns, turn(19, mine=True, thread=4)]) is Tie.ANSWERED


def test_a_mail_at_or_after_the_moment_is_not_seen() -> None:
    assert tie([turn(0, mine=True, thread=1), turn(-1, mine=False, thread=1)]) is Tie.UNKNOWN


def test_a_wrong_clock_does_not_turn_an_answer_round() -> None:
    mine = turn(9, mine=True, id=5)
    early = turn(10, mine=False, id=6, refs=(5,))
    assert relation([mine, early]).facts == relation([early, mine]).facts
    assert "they answered 1 of your 1" in relation([mine, early]).facts


def test_facts_are_what_a_person_would_recognise() -> None:
    turns = talk(60, 3, thread=1) + talk(21, 2, thread=2)
    assert relation(turns).facts == (
        "you exchanged 5 mails in 2 threads since April 2024, the last 3 weeks ago",
        "they answered 2 of your 3",
        "you answered 1 of their 2",
    )
    assert relation([turn(9, mine=False), turn(8, mine=False)]).facts == (
        "they wrote twice, the last time 8 days ago, and you never answered",
    )
    assert relation([turn(9, mine=True)]).facts == ("you wrote once, 9 days ago, and they never answered",)
    assert relation([], introduction=introduction(1.5)).facts == (
        "Mo Adeyemi introduced them to you yesterday",
    )


@pytest.mark.parametrize(
    ("hours_ago", "mine", "fact"),
    [
        ((2,), False, "they wrote once, earlier today"),
        ((2,), True, "you wrote once, earlier today"),
        ((20,), False, "they wrote once, yesterday"),
        ((40,), True, "you wrote once, 2 days ago"),
        ((3, 2), False, "they wrote twice, the last time today"),
        ((300, 2), False, "they wrote twice, the last time today, and you never answered"),
        ((50,), False, "they wrote once, 2 days ago, and you never answered"),
    ],
)
def test_who_had_no_time_to_answer_is_not_said_to_have_never_done_so(
    hours_ago: tuple[int, ...], mine: bool, fact: str
) -> None:
    assert relation([turn(h / 24, mine=mine) for h in hours_ago]).facts == (fact,)


def test_the_order_of_learning_does_not_matter() -> None:
    turns = [
        *talk(300, 4, thread=1),
        *talk(100, 3, thread=2),
        turn(50, mine=False, subject=3),
        turn(49, mine=True, subject=3),
    ]
    assert relation(turns) == relation(turns[::-1]) == relation(turns[3:] + turns[:3])
