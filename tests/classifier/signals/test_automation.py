"""The nature of a mail by its header and addresses."""

import pytest

from classifier.reading import read_headers, read_mail
from classifier.signals.automation import Nature, is_personal_for_history, nature


def _nature(header: str, sender: str = "Ann <ann@a.example>") -> Nature:
    return nature(read_headers(f"From: {sender}\r\nTo: sue@corp.example\r\n{header}\r\n\r\n".encode()))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Subject: Hello", Nature.PERSONAL),
        ("X-Mailer: MailChimp Mailer", Nature.PERSONAL),
        ("Auto-Submitted: no", Nature.PERSONAL),
        ("Precedence: normal", Nature.PERSONAL),
        ("Subject: Out of office next week, could you introduce me?", Nature.PERSONAL),
        ("Return-Path: <ann@a.example>", Nature.PERSONAL),
        ("X-Auto-Response-Suppress: OOF", Nature.PERSONAL),
        ("List-Unsubscribe: <mailto:leave@a.example>", Nature.MAILING),
        ("Feedback-ID: 1.eu-west-1:AmazonSES", Nature.MAILING),
        ("List-Id: Roofs <roofs.lists.example>\r\nList-Unsubscribe: <x>", Nature.LIST),
        ("List-Post: <mailto:roofs@lists.example>", Nature.LIST),
        ("Precedence: list", Nature.LIST),
        ("X-BeenThere: roofs@lists.example", Nature.LIST),
        ("Precedence: Bulk", Nature.BULK),
        ("Precedence: junk\r\nList-Unsubscribe: <x>", Nature.BULK),
        ("Auto-Submitted: auto-replied; owner-email=x", Nature.AUTOMATIC),
        ("Auto-Submitted: auto-replied\r\nReturn-Path: <>", Nature.AUTOMATIC),
        ("Precedence: auto_reply", Nature.AUTOMATIC),
        ("X-Autoreply: yes", Nature.AUTOMATIC),
        ("Subject: Automatic reply: your letter", Nature.AUTOMATIC),
        ("Subject: Out of office", Nature.AUTOMATIC),
        ("Subject: Out of Office AutoReply: your letter", Nature.AUTOMATIC),
        ("Subject: Abwesenheitsnotiz: Plan", Nature.AUTOMATIC),
        ("Auto-Submitted: auto-generated", Nature.NOTICE),
        ("X-Auto-Response-Suppress: All", Nature.NOTICE),
        ("Content-Type: text/calendar; method=REQUEST", Nature.CALENDAR),
        ("Content-class: urn:content-classes:calendarmessage", Nature.CALENDAR),
        ("Content-Type: multipart/report; report-type=delivery-status", Nature.REPORT),
        ("Content-Type: multipart/report\r\nAuto-Submitted: auto-replied", Nature.REPORT),
        ("Return-Path: <>", Nature.PERSONAL),  # the sender chooses it: no proof of a machine
    ],
)
def test_by_header(header: str, kind: Nature) -> None:
    assert _nature(header) is kind


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("Shop <no-reply@shop.example>", Nature.NOTICE),
        ("Shop <noreply-orders@shop.example>", Nature.NOTICE),
        ("Shop <orders-noreply@shop.example>", Nature.NOTICE),
        ("notifications@tracker.example", Nature.NOTICE),
        ("LinkedIn <messages-noreply@linkedin.com>", Nature.NOTICE),
        ("Bob via LinkedIn <hit-reply@linkedin.com>", Nature.NOTICE),
        ("Facebook <update@facebookmail.com>", Nature.NOTICE),
        ("x@sub.facebookmail.com", Nature.NOTICE),
        ("Mail Delivery <MAILER-DAEMON@mx.example>", Nature.REPORT),
        ("News <newsletter@shop.example>", Nature.MAILING),
        ("Bob <bob.stone@linkedin.com>", Nature.PERSONAL),
        ("Nora Reply <noreply.fan@a.example>", Nature.NOTICE),
        ("Nor Eply <noreplyton@a.example>", Nature.PERSONAL),
        ("x@notfacebookmail.com", Nature.PERSONAL),
    ],
)
def test_by_sender(sender: str, kind: Nature) -> None:
    assert _nature("Subject: hi", sender) is kind


def test_a_calendar_part_makes_calendar_mail() -> None:
    raw = (
        b"From: a@a.example\nContent-Type: multipart/alternative; boundary=B\n\n"
        b"--B\nContent-Type: text/plain\n\nCome\n--B\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--B--\n"
    )
    assert nature(read_mail(raw)) is Nature.CALENDAR


def test_a_mail_without_any_header_is_personal() -> None:
    assert nature(read_headers(b"")) is Nature.PERSONAL


def test_only_personal_mail_counts_for_history() -> None:
    assert is_personal_for_history(read_headers(b"From: a@a.example\n\n"))
    assert not is_personal_for_history(read_headers(b"From: a@a.example\nList-Unsubscribe: <x>\n\n"))
