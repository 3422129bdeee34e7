"""What words invite the reader to send or ask, and what they do not."""

import pytest

from classifier.signals.invitations import find_invitations


def opened(text: str) -> set[str]:
    found = find_invitations(text)
    return {a.value for i in found for a in i.asks} | {e for i in found for e in i.enclosures}


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Send me your CV and I will see.", {"job", "resume"}),
        ("Your nephew still after work? Flick us his resume if so.", {"job", "resume"}),
        ("Who would you like to meet?", {"introduction", "contacts"}),
        ("Shall I put you in touch with Ruth?", {"introduction", "contacts"}),
        ("Mail me a blurb and I'll pass it on.", {"testimonial", "blurb"}),
        ("Which companies are you targeting?", {"contacts", "target-list"}),
        ("Happy to be your reference.", {"testimonial"}),
        ("Crisps? By all means introduce us, but after Easter.", {"person"}),
        ("Give him my number, he can ring on Sunday.", {"person"}),
        ("I'd be glad to meet her.", {"person"}),
        ("Shall I mention you to the smiths in Essen?", {"introduction", "contacts", "referral"}),
        ("I could speak to my aunt at the town hall for you.", {"introduction", "favour"}),
        ("I'd pass it on to Mrs Ray.", {"contacts", "favour"}),
        ("May I forward your letter?", {"introduction"}),
        ("What would you need from me?", {"contacts", "favour"}),
        ("When the shop is open, simply ask.", {"introduction"}),
        ("I can give you her number.", {"contacts"}),
        ("I could ask my aunt to let you in.", {"favour", "introduction"}),
        ("If it is good, I'll tell the people at the fair.", {"referral"}),
        ("Gladly, I'd write you a sentence for the cover.", {"testimonial", "blurb"}),
    ],
)
def test_invites(text: str, opens: set[str]) -> None:
    assert opens <= opened(text)


@pytest.mark.parametrize(
    "text",
    [
        "Panels done Tuesday.",
        "Do not send me your CV.",
        "Do you know a good electrician who dares old barns?",
        "I read your piece on yeast.",
        "I could mend it on Sunday.",
        "I wrote to my aunt.",
        "What did you need the saw for?",
        "Shall I bring you the bowls?",
        "",
    ],
)
def test_invites_nothing(text: str) -> None:
    assert opened(text) == set()


def test_quotes_the_sentence() -> None:
    (invited,) = find_invitations("It rains. Send me your CV, please. Bye.")
    assert invited.quote == "Send me your CV, please."
