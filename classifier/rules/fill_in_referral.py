"""A ready-made letter of referral, with blanks for those it is to go to.

## What it catches
A letter within your letter that recommends or introduces somebody and greets nobody yet: "Hi (name)", "Dear
____", brackets to fill in. Also when you only forward it.

## Why it hurts
It asks people to put their name under a form letter, and everybody who gets one sees it. A referral stands on
one's own experience, for one person one has in mind (letter A).

## Example
> Please send this to ten friends: "Hi (friend's name), I have been seeing Ann for a year, and thought of you."

## Do this instead
Say in a sentence whom you can help, and leave it to them whom they think of and what they say.

## Exceptions
A letter that refers nobody (a reminder to tenants, an invitation); a model letter they asked for; a mail about such
a letter, or that tells of one you were sent; a blank in your own greeting, which is a leftover placeholder.
"""

import re
from collections.abc import Iterator
from typing import Final

from classifier.rulebook import outgoing
from classifier.signals.names import names_of
from classifier.signals.prepared import Prepared, find_forwarded, find_prepared
from classifier.signals.recipients import shown
from classifier.signals.reporting import reported_at
from classifier.signals.sentences import folded
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

# The mail talks about the letter, and sends it to nobody's friends.
_ABOUT: Final = re.compile(
    r"(?i)\b(?:what do you (?:think|make) of|would you (?:ever )?(?:send|use|sign)|have you (?:seen|ever|got)"
    r"|look what"
    r"|look at (?:this|what)|can you believe|(?:awful|dreadful|terrible|silly|cheeky|spam|scam|nonsense|funny|lazy"
    r"|ghastly|chain letter|tasteless|cringe\w*|horrible|shameless)|"
    r"never (?:send|write|use)|not to (?:send|write|use)|(?:your|the) (?:opinion|view)|bad example|got this"
    r"|received this|(?:came|went|sent|goes|arrived) (?:round )?in (?:your|my|his|her) name|hacked|phish\w*"
    r"|forged|fake"
    r"|suspicious|virus|(?:is|was) (?:this|it) (?:really )?(?:from )?you|did you (?:really )?(?:send"
    r"|write) (?:this|it)"
    r"|(?:have|did)n['’]t click\w*|(?:got|broken?) into your (?:mail|account|e-?mail)|beware|watch out"
    r"|do(?:n['’]t| not) (?:click|open|answer)|(?:he|she|they|somebody|someone)"
    r" (?:wants|wanted|asked|asks|expects|sent) (?:me|us))\b"
)
# A model letter for a matter of theirs, which praises nobody.
_ASKED_FOR: Final = re.compile(
    r"(?i)\b(?:model|form|letter|text|template|wording|sample|draft)s? (?:that |which )?you (?:\w+ )?(?:asked"
    r"|wanted|needed"
    r"|requested|were after)\b|\byou asked (?:me |us )?for (?:a|the|some) (?:\w+ )?(?:model|form|letter|text"
    r"|template|wording)\b"
)
_UNPRAISED: Final = 0.76  # nobody is praised in it, but it refers


@outgoing(tied=False)
def check(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
    prepared = find_prepared(mail)
    if prepared and not prepared.voiced and (prepared.asked or _ASKED_FOR.search(mail.own_text)):
        return
    if prepared is None or not _is_form(prepared):
        prepared = find_forwarded(mail)
    if prepared is None or not _is_form(prepared):
        return
    if _ABOUT.search(mail.own_text) and prepared.blank not in " ".join(mail.own_text.split()):
        return
    if _told_of(prepared, mail):
        return
    people = tuple(
        p for p in dict.fromkeys(a.lower() for a in envelope.recipients) if not past.owner.is_internal(p)
    )
    if people:
        yield Remark(
            message=f"You give {shown(mail, people[0], past.relation(people[0]).name)} a letter of referral "
            f"with blanks to fill in (“{prepared.blank}”).",
            advice="Say in a sentence whom you can help, and leave it to them whom they think of and what they say.",
            quote=prepared.blank if prepared.blank in " ".join(mail.own_text.split()) else "",
            certainty=max(prepared.certainty, _UNPRAISED) if prepared.voiced else _UNPRAISED,
            people=people,
        )


def _is_form(prepared: Prepared) -> bool:
    return bool(prepared.blank and prepared.referral)


def _told_of(prepared: Prepared, mail: Mail) -> bool:
    """Whether the letter is somebody else's, quoted to tell of it: nobody is to send it, and it praises another."""
    own = mail.own_text
    quoted = reported_at(own, own.find(prepared.blank))
    if mail.sender is None or not quoted:
        return False
    return names_of(mail.sender, own).isdisjoint(folded(w) for w in re.findall(r"[^\W\d_]+", quoted))
