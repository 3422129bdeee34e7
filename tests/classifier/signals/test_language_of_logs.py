"""A pasted log does not make an English letter foreign."""

from classifier.signals.language import is_english

ASK = "Dear Sue,\n\ncould you introduce me to the head of hiring at your firm? I would be glad of it.\n\n"


def test_a_pasted_log_beside_english_prose_is_still_english() -> None:
    log = "2026-01-02T10:11:12 srv42 kernel: eth0 link down errno=5\n" * 100
    assert is_english(ASK + log)
    assert is_english(ASK + "aaa " * 2000)


def test_a_german_letter_with_an_english_paragraph_stays_german() -> None:
    german = "Sehr geehrte Frau Lind,\n\nich möchte Sie bitten, mir den Termin für die Besichtigung zu bestätigen. "
    german += "Wir haben die Unterlagen erhalten und werden sie in der nächsten Woche mit dem Architekten besprechen.\n\n"
    assert not is_english(german * 2 + "This message is for the person it was sent to and for nobody else.")


def test_a_log_alone_is_not_english() -> None:
    assert not is_english("eth0 qdisc mtu 1500 err=5 rx tx drop overrun carrier\n" * 30)
