"""The cast of the demo: who Mia knows, and the mails of one morning. Everybody is invented."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from models.word import Word

MIA = "Mia Hartley <mia@hartley.example>"
JOE = "Joe Brandt <joe@brandt-books.example>"
ROSA = "Rosa Lind <rosa@lind-tiles.example>"
PRIYA = "Priya Nair <priya@nair-legal.example>"
STRANGERS = tuple(
    f"{name}@{firm}.example"
    for name, firm in (
        ("olive", "quarryworks"), ("dan", "northlight"), ("hr", "fenwick-labs"), ("sam", "tidewater"),
        ("irina", "kobalt"), ("luis", "mesa-verde"), ("ann", "plumfield"), ("tariq", "oakline"),
        ("greta", "stellwerk"), ("noor", "baywind"), ("paul", "hillcrest"),
    )
)  # fmt: skip


class Part(Word):
    """One mail of the play: who sends it to whom, and what should come of it."""

    title: str  # what the newcomer reads
    mail: bytes
    sender: str  # envelope
    recipients: tuple[str, ...] = ()  # envelope; empty: incoming
    expected: str  # "held" | "passed" | "filed" | "kept"
    message_id: str


def bare(person: str) -> str:
    """The address of `Name <address>`."""
    return person[person.index("<") + 1 : -1] if "<" in person else person


def write(
    key: str,
    sender: str,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    *,
    cc: str = "",
    answers: str = "",
    **headers: str,
) -> bytes:
    """One mail as bytes with CRLF line ends."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    if cc:
        mail["Cc"] = cc
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(key)
    if answers:
        mail["In-Reply-To"] = mail["References"] = message_id(answers)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def message_id(key: str) -> str:
    return f"<{key}@demo.example>"


def history(now: datetime) -> Iterator[tuple[str, bytes, datetime]]:
    """What lies in Mia's mailbox before the morning: (folder, mail, date). Joe is a friend of a year, Priya wrote once."""
    talks = (
        (
            400,
            "Shelves for the shop",
            ("Could you sketch the window wall?", "Gladly. Oak or birch?", "Oak, and thank you."),
        ),
        (
            220,
            "The reading in May",
            ("Will you come to the reading?", "I will, keep me a seat.", "Front row."),
        ),
        (
            40,
            "Invoice 31",
            ("Paid this morning.", "Seen, thanks Joe.", "The wall is the talk of the street."),
        ),
    )
    for number, (days, subject, lines) in enumerate(talks):
        for turn, line in enumerate(lines):
            at = now - timedelta(days=days, hours=-5 * turn)
            sender, to = (JOE, MIA) if turn % 2 == 0 else (MIA, JOE)
            key = f"joe-{number}-{turn}"
            answers = f"joe-{number}-{turn - 1}" if turn else ""
            prefix = "Re: " if turn else ""
            yield (
                ("Sent" if sender == MIA else "INBOX"),
                write(key, sender, to, prefix + subject, line + "\n", at, answers=answers),
                at,
            )
    for issue in (29, 30):
        at = now - timedelta(days=7 * (31 - issue))
        yield "INBOX", newsletter(issue, "This week: hinges, and who still makes them.\n", at), at
    at = now - timedelta(days=90)
    yield (
        "INBOX",
        write("priya-0", PRIYA, MIA, "Lease question", "Who holds the lease of your studio?\n", at),
        at,
    )


def outgoing(now: datetime) -> Iterator[Part]:
    """What Mia sends this morning."""
    blast = ("mia@hartley.example", "joe@brandt-books.example", *STRANGERS)
    yield Part(
        title="Mia sends her news to twelve people in Bcc, eleven of whom have never heard of her",
        mail=write("blast", MIA, MIA, "My new studio", "Dear all,\n\nmy studio has moved to Canal Street. Come and see the showroom.\n\nMia\n", now),
        sender=bare(MIA), recipients=blast, expected="held", message_id=message_id("blast"),
    )  # fmt: skip
    yield Part(
        title="Mia asks a stranger to introduce her to his board",
        mail=write("intro", MIA, "olive@quarryworks.example", "Your board",
                   "Dear Olive,\n\nI see you know Martin Voss of Voss Hotels. Could you introduce me to him? "
                   "We furnish lobbies and would be a good match.\n\nMia Hartley\n", now),
        sender=bare(MIA), recipients=("olive@quarryworks.example",), expected="held", message_id=message_id("intro"),
    )  # fmt: skip
    yield Part(
        title="Mia asks the same of Joe, whom she has known for a year",
        mail=write("joe-ask", MIA, JOE, "Voss Hotels",
                   "Dear Joe,\n\nyou mentioned Martin Voss of Voss Hotels. Could you introduce me to him? I would like to show "
                   "him two lobby sketches, because they rebuild in spring.\n\nMia\n", now),
        sender=bare(MIA), recipients=(bare(JOE),), expected="passed", message_id=message_id("joe-ask"),
    )  # fmt: skip
    resume = EmailMessage()
    resume["From"], resume["To"], resume["Subject"] = (
        MIA,
        "dan@northlight.example",
        "Mia Hartley, interior designer",
    )
    resume["Date"], resume["Message-ID"] = format_datetime(now), message_id("resume")
    resume.set_content(
        "Dear Dan,\n\nyour work on the Northlight lofts is a pleasure to walk through. Please find my CV attached.\n\nMia Hartley\n"
    )
    resume.add_attachment(
        b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename="Mia_Hartley_CV.pdf"
    )
    yield Part(
        title="Mia sends her CV to somebody who never asked for it",
        mail=resume.as_bytes().replace(b"\n", b"\r\n"),
        sender=bare(MIA), recipients=("dan@northlight.example",), expected="held", message_id=message_id("resume"),
    )  # fmt: skip
    yield Part(
        title="Mia forgets to fill in a template",
        mail=write("blank", MIA, JOE, "Thursday", "Dear {first_name},\n\nthe sketches are ready, shall I bring them on Thursday?\n\nMia\n", now),
        sender=bare(MIA), recipients=(bare(JOE),), expected="held", message_id=message_id("blank"),
    )  # fmt: skip
    yield Part(
        title="Mia asks a stranger a question about her work",
        mail=write("question", MIA, "greta@stellwerk.example", "Your oak floor",
                   "Dear Greta,\n\nin your article on signal boxes the oak floor looks oiled, not varnished. Is that right?\n\n"
                   "Thank you for the photographs.\nMia Hartley\n", now),
        sender=bare(MIA), recipients=("greta@stellwerk.example",), expected="passed", message_id=message_id("question"),
    )  # fmt: skip


def incoming(now: datetime) -> Iterator[Part]:
    """What arrives for Mia this morning."""

    def part(
        key: str, title: str, expected: str, sender: str, subject: str, body: str, **headers: str
    ) -> Part:
        raw = write(key, sender, MIA, subject, body, now, **headers)
        return Part(title=title, mail=raw, sender=bare(sender), expected=expected, message_id=message_id(key))

    yield part("pitch", "A stranger pitches his software", "filed", "Vince Tolland <vince@leadspring.example>", "Quick question, Mia",
               "Hi Mia,\n\nI help studios like yours book 12 more clients a month with our outreach platform. "
               "Do you have 15 minutes on Tuesday or Wednesday for a quick demo?\n\nBest,\nVince\n")  # fmt: skip
    yield part("seeker", "Somebody Mia never answered asks for a referral", "filed", PRIYA, "A favour",
               "Dear Mia,\n\nmy practice is new in town. Could you recommend me to your clients? "
               "A few names of people who need a lawyer would help me a lot.\n\nPriya Nair\n")  # fmt: skip
    yield part("friend", "Joe, her friend, asks for a favour", "kept", JOE, "Small thing",
               "Mia, could you recommend me to your clients for their bookshelves? You know my stock.\n\nJoe\n")  # fmt: skip
    yield part("introduction", "Joe introduces Rosa", "kept", JOE, "Rosa, meet Mia",
               "Mia, this is Rosa Lind, who makes the best tiles I know. Rosa, Mia furnishes half the town. "
               "I think you two should talk.\n\nJoe\n", cc=ROSA)  # fmt: skip
    yield part("rosa", "Rosa writes as one should after an introduction", "kept", ROSA, "Re: Rosa, meet Mia",
               "Thank you, Joe!\n\nMia, I have walked past your window wall for a year. What are you working on now? "
               "I am in town on Thursday and would be glad of a coffee.\n\nRosa\n", answers="introduction", cc=JOE)  # fmt: skip
    yield part("thanks", "A stranger wants nothing but to say thanks", "kept", "Hal Norde <hal@norde.example>", "Your window wall",
               "Dear Mia Hartley,\n\nyour window wall at Brandt's made my wet Monday. No answer needed, I only wanted to say so.\n\nHal\n")  # fmt: skip
    issue = newsletter(31, "This week: three ways to hang a door. Recommend us to a friend!\n", now)
    yield Part(
        title="A newsletter Mia reads",
        mail=issue,
        sender="post@joiner.example",
        expected="kept",
        message_id=message_id("joiner-31"),
    )


def newsletter(issue: int, body: str, at: datetime) -> bytes:
    """A mailing with the headers of one (RFC 2919, RFC 2369)."""
    return write(f"joiner-{issue}", "The Joiner <post@joiner.example>", MIA, f"The Joiner, no. {issue}", body, at,
                 List_Id="<weekly.joiner.example>", List_Unsubscribe="<mailto:bye@joiner.example>", Precedence="bulk")  # fmt: skip


def second_letter(now: datetime) -> Part:
    """Priya again, after Mia moved her first letter back."""
    raw = write(
        "seeker-2",
        PRIYA,
        MIA,
        "Re: A favour",
        "Dear Mia,\n\none more thing: could you recommend me to your clients in the north too?\n\nPriya\n",
        now,
    )
    return Part(
        title="Priya writes again",
        mail=raw,
        sender=bare(PRIYA),
        expected="kept",
        message_id=message_id("seeker-2"),
    )
