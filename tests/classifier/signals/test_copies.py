"""Near-copies: what stays the same letter, and what is another one."""

import pytest

from classifier.reading.read import read_mail
from classifier.signals import copies
from classifier.signals.copies import is_copy, likeness, sketch_of, triples
from models.mail import Mail

PITCH = """Dear {name},

I came across {firm} while looking at firms in {town}. We help workshops like {firm} to cut their packing waste by
a third, without new machines. Could you introduce me to the person at {firm} who buys film and cartons?

Kind regards,
Al Poe
"""


def mail(
    body: str, to: str = "Sue Lee <sue@harrow.example>", subject: str = "Packing waste", more: str = ""
) -> Mail:
    raw = f"From: Al Poe <al@poe.example>\nTo: {to}\nSubject: {subject}\n{more}\n{body}"
    return read_mail(raw.replace("\n", "\r\n").encode())


def pitch(name: str, firm: str, town: str, to: str) -> Mail:
    return mail(PITCH.format(name=name, firm=firm, town=town), to, f"Packing waste at {firm}")


SUE = pitch("Sue", "Harrow Cider", "Hereford", "Sue Lee <sue@harrow.example>")
SAME = {
    "names and firm swapped": pitch("Karl Brandt", "Brandt & Sons", "Bremen", "k@brandt.example"),
    "a firm of one small word": pitch("Mr. Mol", "moltex", "Gent", "Jan Mol <jan@moltex.example>"),
    "greeting and close new": mail(
        "Good afternoon Ms Reed, I hope the week treats you well.\n\n"
        + PITCH.format(name="", firm="Reed Mill", town="Hull")
        .split("\n", 2)[2]
        .replace("Kind regards", "All the best"),
        "Nan Reed <nan@reed.example>",
        "A question",
    ),
    "a line of one's own before": mail(
        "Hi Pia,\n\nyour blue gates made me stop on my way to the ferry last month.\n"
        + PITCH.format(name="", firm="Roth", town="Kiel").split("\n", 2)[2],
        "Pia <pia@roth.example>",
    ),
    "wrapped anew": mail(" ".join(PITCH.format(name="Sue", firm="Vale", town="Ely").split("\n"))),
}
OTHER = {
    "his other letters": mail(
        "Dear Sue,\n\nthank you for the drawings. Could you introduce me to the carpenter who made the gate? "
        "I look forward to hearing from you.\n\nKind regards,\nAl Poe\n"
    ),
    "the same subject": mail(
        "Dear Sue,\n\nhere are the figures you asked for, from three mills and one brewery.\n\nAl\n"
    ),
    "a few words": mail("Dear Sue,\n\nthanks, see you there!\n\nAl\n"),
    "nothing": mail(""),
}


@pytest.mark.parametrize("name", SAME)
def test_it_is_the_same_letter(name: str) -> None:
    assert is_copy(sketch_of(SUE), sketch_of(SAME[name])), likeness(sketch_of(SUE), sketch_of(SAME[name]))


@pytest.mark.parametrize("name", OTHER)
def test_it_is_another_letter(name: str) -> None:
    assert not is_copy(sketch_of(SUE), sketch_of(OTHER[name]))


def test_swapping_names_alone_changes_nothing() -> None:
    assert likeness(sketch_of(SUE), sketch_of(SAME["names and firm swapped"])) > 0.9


def test_short_letters_must_be_much_alike() -> None:
    ask = "Hi {},\n\ndo you have fifteen minutes for a call about cartons this week?\n\nAl\n"
    one, two = mail(ask.format("Sue")), mail(ask.format("Bo"), "Bo <bo@lind.example>")
    other = mail(
        "Hi Bo,\n\ndo you have fifteen minutes for my mother on Sunday?\n\nAl\n", "Bo <bo@lind.example>"
    )
    assert is_copy(sketch_of(one), sketch_of(two))
    assert not is_copy(sketch_of(one), sketch_of(other))


def test_a_language_with_large_nouns_is_not_all_names() -> None:
    text = (
        "Guten Tag {},\n\nwir helfen Werkstätten an der Küste, ihren Abfall an Folie und Karton um ein Drittel zu senken, "
        "ohne neue Maschinen. Dürfte ich Ihnen in zehn Minuten zeigen, wie das bei drei Betrieben in Kiel gelungen ist?\n"
    )
    other = (
        "Guten Tag Frau Lee,\n\nder Schlüssel zur Werkstatt liegt unter der Bank am Tor, die Leiter steht im Hof und die "
        "Farbe im Keller links. Bitte lassen Sie den Hund nicht in den Garten, denn die Nachbarn haben Hühner bekommen.\n"
    )
    one = sketch_of(mail(text.format("Frau Lee"), subject="Abfall"))
    assert triples(one) > 30
    assert is_copy(one, sketch_of(mail(text.format("Herr Brandt"), "k@brandt.example", "Abfall")))
    assert not is_copy(one, sketch_of(mail(other, subject="Abfall")))


def test_what_is_enclosed_speaks_where_the_words_are_few() -> None:
    def enclosed(name: str, to: str, file: str) -> Mail:
        return mail(
            f"--b\nContent-Type: text/plain\n\nDear {name}, please find my CV attached.\n\n--b\n"
            f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{file}"\n\nx\n--b--\n',
            to,
            "Al Poe, cooper",
            'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n',
        )

    one = enclosed("Sue", "sue@harrow.example", "Poe_CV.pdf")
    assert is_copy(sketch_of(one), sketch_of(enclosed("Bo", "bo@lind.example", "Poe_CV.pdf")))


def test_a_sketch_is_small_whatever_the_letter() -> None:
    long = mail(" ".join(f"word{chr(97 + i % 26)}{chr(97 + i // 26 % 26)} and" for i in range(5000)))
    assert len(sketch_of(long)) == 4 * copies.KEPT
    assert sketch_of(mail("Thanks!")) == b""


def test_likeness_is_estimated_well_on_long_letters() -> None:
    """Half of two long letters is the same: a third of all their triples."""
    words = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]  # 150
    shared, mine, yours = (" ".join(words[i::3] * 4) for i in range(3))
    one, two = mail(f"{shared} {mine}", subject=""), mail(f"{shared} {yours}", subject="")
    exact = likeness(sketch_of(one), sketch_of(two))
    assert 0.2 < exact < 0.5


def test_hostile_text_is_sketched_in_linear_time() -> None:
    for text in (
        "a" * 200_000,
        "A " * 100_000,
        "." * 200_000,
        "Hi " * 70_000,
        "é,\n" * 60_000,
        "a@" * 90_000,
    ):
        assert len(sketch_of(mail(text))) <= 4 * copies.KEPT
