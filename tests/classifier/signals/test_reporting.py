"""Whose words stand between marks: told of as another's, or the sender's own and to be sent on."""

import pytest

from classifier.signals.asks import find_asks_in
from classifier.signals.reporting import QUOTATION, reported


def told(text: str) -> bool:
    found = QUOTATION.search(text)
    assert found is not None
    return reported(text, *found.span())


@pytest.mark.parametrize(
    "text",
    [
        'My dentist sends "Dear [friend], I smile again thanks to Dr Poe" and I was to mail it to ten people.',
        'The agent again: "Could you name me five neighbours who sell?" I told him no.',
        'A specimen for your talk: "Dear (name), do book with Kurt." My part was to sign it. I binned it.',
        "She came at once to the point, 'Will you write to the dean for me, will you?' and sat down.",
    ],
)
def test_somebody_else_said_it(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize(
    "text",
    [
        'Here is a text, please send it to your friends: "Dear (name), do book with Kurt, he is good."',
        'My coach says you could post this to ten friends: "Dear [friend], I am a client of Ann\'s."',
        'So I ask you what she asked me: "Who do you know at the mill?"',
        'Something like this will do: "Ann rebuilt our cellar and I recommend her."',
        'My question is short: "Could you introduce me to your sister?"',
        'They say it works, so sign below and pass it on: "I vouch for Ann with all my heart."',
    ],
)
def test_the_sender_says_it(text: str) -> None:
    assert not told(text)


def test_an_ask_that_is_told_of_is_none() -> None:
    assert not find_asks_in(
        'That agent again: "Could you introduce me to five of your friends?" I told him no.'
    )
    assert find_asks_in(
        'That agent was kind. "Just ask," he said. Could you introduce me to five of your friends?'
    )
