"""Introductions as people write them, and what only looks like one."""

import pytest

from classifier.signals.introductions import find_introduction
from models.address import Mailbox
from models.mail import Mail, ThreadLinks, Zone, ZoneKind

OWN = {"ines@quarry.example"}


def mail(
    text: str,
    *,
    subject: str = "hello",
    sender: str = "Paul Okoye <paul@okoye.example>",
    to: str = "Ines Roth <ines@quarry.example>, Mira Lund <mira@lund.example>",
    cc: str = "",
    reply: bool = False,
    forwarded: str = "",
) -> Mail:
    zones = [Zone(kind=ZoneKind.OWN, start=0, end=len(text))]
    if forwarded:
        zones.append(Zone(kind=ZoneKind.FORWARD, start=len(text), end=len(text) + len(forwarded)))
    return Mail(
        senders=boxes(sender),
        to=boxes(to),
        cc=boxes(cc),
        subject=subject,
        text=text + forwarded,
        zones=tuple(zones),
        links=ThreadLinks(in_reply_to=("<a@b.example>",)) if reply else ThreadLinks(),
    )


def boxes(text: str) -> tuple[Mailbox, ...]:
    found = []
    for one in filter(None, text.split(", ")):
        name, _, address = one.rpartition(" ")
        found.append(Mailbox(name=name, address=address.strip("<>")))
    return tuple(found)


def introduced(one: Mail) -> list[str]:
    found = find_introduction(one, OWN)
    return [] if found is None else [m.address for m in found.people]


@pytest.mark.parametrize(
    "text",
    [
        "Ines, meet Mira, who restores harpsichords two streets from you.",
        "ines this is mira, best eye for slate I know. mira, ines will not overcharge you",
        "Ines, Mira thinks about glue the way you think about stone. Enjoy each other.",
        "Dear both, I promised Mira that I would put you two in touch. Over to you.",
        "Ines – I am copying in Mira, who asked me about quarries last week.",
        "Mira, Ines runs the quarry I keep talking about. Have a natter.",
        "I'd like to introduce Mira Lund. She is moving to town and knows nobody yet.",
        "You two should talk. One of you has the stone, the other the chisel, Mira.",
    ],
)
def test_finds_the_person_a_text_introduces(text: str) -> None:
    assert introduced(mail(text)) == ["mira@lund.example"]


def test_a_copy_suffices_where_the_text_names_the_person_to_meet() -> None:
    one = mail(
        "Ines, please be kind to Mira who opens a workshop in May, I fixed her roof.",
        to="ines@quarry.example",
        cc="mira@lund.example",
    )
    assert introduced(one) == ["mira@lund.example"]


def test_the_name_may_stand_in_the_subject() -> None:
    assert introduced(mail("Take it from here, I am off to Peru.", subject="Ines / Mira")) == [
        "mira@lund.example"
    ]


def test_beside_the_sign_of_two_the_reader_may_have_any_name() -> None:
    one = mail(
        "Enjoy.", subject="Paula <> Mira", to="pmarch@quarry.example", cc="Mira Lund <mira@lund.example>"
    )
    found = find_introduction(one, {"pmarch@quarry.example"})
    assert found is not None and found.people[0].address == "mira@lund.example"


def test_a_forwarded_letter_with_a_good_word_introduces_its_writer() -> None:
    one = mail(
        "This one is worth a talk, she did our stairs.\n",
        to="ines@quarry.example",
        forwarded="---------- Forwarded message ---------\nFrom: Mira Lund <mira@lund.example>\nDate: Monday\n\nHi",
    )
    assert introduced(one) == ["mira@lund.example"]


def test_the_owner_introduces_two_others() -> None:
    one = mail(
        "Paul, Mira: I think you two would get on.",
        sender="Ines Roth <ines@quarry.example>",
        to="Paul Okoye <paul@okoye.example>, Mira Lund <mira@lund.example>",
    )
    assert introduced(one) == ["paul@okoye.example", "mira@lund.example"]


@pytest.mark.parametrize(
    "text",
    [
        "Ines, the invoice is attached. Regards, Paul",
        "Ines, Mira will send you the key on Friday.",
        "Dear all, let me introduce our new feature: dark mode, which Mira tested.",
        "Minutes of the meeting on Tuesday: present Ines, Mira. Mira to introduce the budget.",
        "Please join me in welcoming Mira, who has joined the team as a clerk. Connect with each other!",
        "Thanks for the introduction, Mira, we spoke at length.",
        "When you arrive please introduce yourself at the desk, Mira has the list.",
        "Shall we meet at noon? Mira and Ines can take the tram.",
    ],
)
def test_is_not_fooled_by_look_alikes(text: str) -> None:
    assert introduced(mail(text)) == []


def test_a_plain_copy_is_no_introduction() -> None:
    assert (
        introduced(
            mail("Ines, here is the plan.", to="ines@quarry.example", cc="Mira Lund <mira@lund.example>")
        )
        == []
    )


def test_people_spoken_of_in_a_running_thread_are_not_introduced() -> None:
    assert introduced(mail("Ines, Mira knows where the plan is.", reply=True)) == []


def test_a_mail_to_a_crowd_introduces_nobody() -> None:
    crowd = ", ".join(f"p{i}@crowd.example" for i in range(9))
    assert (
        introduced(mail("Meet Mira, you two!", to=f"ines@quarry.example, Mira <mira@lund.example>, {crowd}"))
        == []
    )


def test_the_words_are_quoted_verbatim() -> None:
    found = find_introduction(mail("Hello. Ines, meet Mira – she’s  good. Bye."), OWN)
    assert found is not None
    assert found.quote == "Ines, meet Mira – she’s good."


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ines, Bertrand from Antwerp buys for the cruise boats, sound man. I'll leave you to it.", "b.kowalik@ships.example"),
        ("Ines, Sasha. Sasha, Ines. Newts.", "Alexandra Nowak <alexandra@nowak.example>"),
        ("Ines, this is Jean-Paul, who has the leaves.", "jp@heap.example"),
        ("Ines. Jens-Ole. Danish, don't hold it against him.", "Jens-Ole Bach <jo@bach.example>"),
        ("Ines voici Aster. Aster voici Ines. au revoir", "Aster <aster@bees.example>"),
        ("Oskar owns 9,000 volumes and no idea. Ines, please meet Oskar.", "osk@castle.example"),
        ("Maria, meet Ines, she split my deck. Ines, Maria builds boats.", "maria.l@boats.example"),
    ],
)  # fmt: skip
def test_a_person_goes_by_a_short_name_or_by_what_the_initials_stand_for(text: str, address: str) -> None:
    found = find_introduction(mail(text, to="ines@quarry.example", cc=address), OWN)
    assert found is not None and found.people[0].address in address


def test_who_is_thanked_for_an_introduction_is_not_introduced() -> None:
    text = (
        "Thank you Paul, that was kind. Ines, how do you do? Paul says you have three saws and a temper. "
        "I'm out by the fairgrounds most Wednesdays and would love to have a look."
    )
    answer = mail(
        text, sender="Mira Lund <mira@lund.example>", to="ines@quarry.example", cc="paul@okoye.example"
    )
    assert introduced(answer) == []


def test_colleagues_who_speak_of_each_other_introduce_nobody() -> None:
    text = "Ines, Mira is the one with the key to the cabinet. She is in from six."
    house = {"sender": "Paul Okoye <paul@quarry.example>", "to": "Ines Roth <ines@quarry.example>"}
    assert introduced(mail(text, **house, cc="Mira Lund <mira@quarry.example>")) == []


@pytest.mark.parametrize("sender", ["payments@shop.example", "orders-feedback@shop.example"])
def test_a_mailbox_that_is_nobody_introduces_nobody(sender: str) -> None:
    assert introduced(mail("Ines, meet Mira!", sender=sender)) == []


@pytest.mark.parametrize(
    "text",
    [
        "What would you recommend I tell him?\n",
        "I have not met him, but he might be a good man.\n",
        "He would like to meet for lunch.\n",
        "She writes that you'd like more information.\n",
    ],
)
def test_a_letter_sent_on_without_a_good_word_introduces_nobody(text: str) -> None:
    forwarded = "---------- Forwarded message ---------\nFrom: Mira Lund <mira@lund.example>\n\nHi"
    assert introduced(mail(text, to="ines@quarry.example", forwarded=forwarded)) == []


def test_what_is_only_likely_is_told_apart() -> None:
    one = mail("Mira makes chisels. You need one.", to="ines@quarry.example", cc="mira@lund.example")
    assert find_introduction(one, OWN) is None
    found = find_introduction(one, OWN, likely=True)
    assert found is not None and not found.sure
