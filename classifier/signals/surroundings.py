"""What stands around an ask and lowers its certainty: pull lines, quotations, talk of other things."""

from models.finding import AskSpan


def adjusted(spans: tuple[AskSpan, ...], text: str, subject: str) -> tuple[AskSpan, ...]:
    """The asks of a text, weighed by what stands around them."""
    return spans
