"""What kind of mail is it, by its header and addresses alone: a person's letter, or what machines send?"""

from enum import StrEnum

from models.mail import Mail


class Nature(StrEnum):
    """Who or what speaks in a mail."""

    PERSONAL = "personal"  # nothing says otherwise
    MAILING = "mailing"  # List-Unsubscribe and nothing more: newsletter, or a letter by a sending tool
    LIST = "list"  # a mailing list's own header (List-Id, List-Post), or Precedence: list
    BULK = "bulk"  # says so itself: Precedence: bulk or junk, Feedback-ID with List-Unsubscribe
    AUTOMATIC = "automatic"  # an automatic reply: vacation, ticket system
    NOTICE = "notice"  # no-reply senders, social networks, receipts
    CALENDAR = "calendar"  # an invitation or its answer
    REPORT = "report"  # delivery or read report


def nature(mail: Mail) -> Nature:
    """The nature of a mail; works on `read_headers` too."""
    auto = (mail.header("auto-submitted") or "no").lower()
    precedence = (mail.header("precedence") or "").lower()
    if mail.content_type == "multipart/report" or (mail.header("return-path") or "").strip() == "<>":
        return Nature.REPORT
    if mail.calendar or mail.content_type == "text/calendar":
        return Nature.CALENDAR
    if not auto.startswith("no") or precedence == "auto_reply":
        return Nature.AUTOMATIC
    if mail.header("list-id") or mail.header("list-post") or precedence == "list":
        return Nature.LIST
    if precedence in ("bulk", "junk"):
        return Nature.BULK
    return Nature.MAILING if mail.header("list-unsubscribe") else Nature.PERSONAL


def is_personal_for_history(mail: Mail) -> bool:
    """Whether a mail counts as one person's letter in the history of relationships (relationships, 3)."""
    return nature(mail) is Nature.PERSONAL
