"""What changed in Cold Asks between two looks, and what of it is the user's word. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.correction import FiledState, Opinion
from proxy.mailbox.folders import Use
from proxy.store.positions import Lying

BULK = 50  # more at one look is a clean-up, not a word about each person


@dataclass(frozen=True)
class Changes:
    """What lies there now and did not before, and the other way round."""

    come: tuple[Lying, ...] = ()
    gone: tuple[Lying, ...] = ()
    same_folder: bool = True  # else it was made anew since, and what left may have left with the old one


def compare(before: Sequence[Lying], present: Collection[int], arrived: Sequence[Lying]) -> Changes:
    """The difference between the last look and now.

    `present`: the numbers that lie there now, `arrived` those of them the last look did not know. A mail that
    only changed its number (the folder was renumbered, a client appended and deleted) neither came nor went.
    """
    here = set(present)
    gone = [m for m in before if m.uid not in here]
    renumbered = Counter(m.fingerprint for m in gone) & Counter(m.fingerprint for m in arrived)
    return Changes(_without(arrived, Counter(renumbered)), _without(gone, Counter(renumbered)))


def _without(mails: Sequence[Lying], spare: Counter[int]) -> tuple[Lying, ...]:
    out = []
    for mail in mails:
        if spare[mail.fingerprint] > 0:
            spare[mail.fingerprint] -= 1
        else:
            out.append(mail)
    return tuple(out)


def word_of_leaving(
    uses: frozenset[Use], *, many: int, left_behind: int, written: bool = False
) -> Opinion | None:
    """What it says that a mail left Cold Asks for a folder of these uses, together with `many` in one look.

    Trash says nothing, nor does archiving the whole folder. Junk says cold, but not of somebody the owner has
    ever `written` to: that is a way of getting rid of one mail.
    """
    if Use.TRASH in uses or many > BULK:
        return None
    if uses & {Use.ARCHIVE, Use.JUNK} and many > 1 and not left_behind:
        return None
    if Use.JUNK in uses:
        return None if written else Opinion.COLD
    return Opinion.NOT_COLD


def word_of_coming(states: Collection[FiledState], *, many: int) -> Opinion | None:
    """What it says that a mail came into Cold Asks, by the states the ledger holds of it.

    coldask's own moves say nothing, nor does a mail fetched back out of the trash.
    """
    own = {FiledState.MOVING, FiledState.FILED, FiledState.GONE}
    return None if own.intersection(states) or many > BULK else Opinion.COLD
