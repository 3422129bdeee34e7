"""What changes in Cold Asks mean, as values."""

from hypothesis import given
from hypothesis import strategies as st

from models.correction import FiledState, Opinion
from proxy.incoming.changes import BULK, compare, word_of_coming, word_of_leaving
from proxy.mailbox.folders import Use
from proxy.store.positions import Lying


def lying(uid: int, fingerprint: int) -> Lying:
    return Lying(uid, fingerprint, fingerprint, f"<{fingerprint}@x.example>", "x@x.example")


def test_come_gone_and_renumbered() -> None:
    before = [lying(1, 10), lying(2, 20), lying(3, 20)]
    changes = compare(before, {2, 8, 9}, [lying(8, 10), lying(9, 30)])
    assert [m.uid for m in changes.come] == [9]
    assert [m.uid for m in changes.gone] == [3]


@given(st.lists(st.integers(1, 5)), st.lists(st.integers(1, 5)))
def test_the_balance_is_right_whatever_the_numbers(old: list[int], new: list[int]) -> None:
    """Under a new UIDVALIDITY every number changes; only what is really more or less counts."""
    before = [lying(i, f) for i, f in enumerate(old, start=1)]
    after = [lying(1000 + i, f) for i, f in enumerate(new)]
    changes = compare(before, (), after)
    for f in range(1, 6):
        come = sum(m.fingerprint == f for m in changes.come)
        gone = sum(m.fingerprint == f for m in changes.gone)
        assert come - gone == new.count(f) - old.count(f) and not (come and gone)


def test_where_it_went_says_what_it_means() -> None:
    inbox, archive = frozenset[Use](), frozenset({Use.ARCHIVE})
    assert word_of_leaving(inbox, many=1, left_behind=0) is Opinion.NOT_COLD
    assert word_of_leaving(archive, many=1, left_behind=0) is Opinion.NOT_COLD
    assert word_of_leaving(archive, many=3, left_behind=4) is Opinion.NOT_COLD
    assert word_of_leaving(archive, many=3, left_behind=0) is None, "the whole folder was archived"
    assert word_of_leaving(frozenset({Use.TRASH}), many=1, left_behind=3) is None
    assert word_of_leaving(inbox, many=BULK + 1, left_behind=3) is None, "a clean-up"


def test_junk_says_cold_only_of_whom_the_owner_never_wrote_to() -> None:
    junk = frozenset({Use.JUNK})
    assert word_of_leaving(junk, many=1, left_behind=3) is Opinion.COLD
    assert word_of_leaving(junk, many=1, left_behind=3, written=True) is None
    assert word_of_leaving(junk, many=3, left_behind=0) is None, "the whole folder was cleared"
    assert word_of_leaving(junk, many=BULK + 1, left_behind=3) is None, "a clean-up"


def test_what_came_in() -> None:
    assert word_of_coming([], many=1) is Opinion.COLD
    assert word_of_coming([FiledState.STAYED], many=1) is Opinion.COLD
    assert word_of_coming([FiledState.RETURNED], many=1) is Opinion.COLD
    assert word_of_coming([], many=BULK + 1) is None
    for own in (FiledState.MOVING, FiledState.FILED, FiledState.GONE):
        assert word_of_coming([FiledState.STAYED, own], many=1) is None
