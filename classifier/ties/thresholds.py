"""Every number a tie depends on, in one table (relationships, "Ties")."""

from models.word import Word


class Thresholds(Word):
    """Figures without a source are ours; the others are relationships.md's."""

    established_exchanges: int = 3
    established_threads: int = 2  # threads in which something was exchanged
    established_days: int = 30  # from the first letter of an exchange to the last
    trusted_exchanges: int = 10
    trusted_days: int = 180  # … within the last so many days
    fading_gaps: int = 8  # a silence so many times the pair's usual gap between threads
    fading_days: int = 365  # … and at least this long
    many_recipients: int = 10  # a letter to more is personal only to those who answered it. Ours
    subject_days: int = 180  # so far back a subject alone joins a reply to its thread. Ours
    own_accord_days: int = 30  # the owner's fresh letter so soon after theirs answers it. Ours
    newest_letters: int = 500  # of one person; older ones add nothing to any level. Ours


THRESHOLDS = Thresholds()
DAY = 86400
