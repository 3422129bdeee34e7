"""What a rule is, and how rules are found: by name, one module a rule, in `classifier.rules`."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Final

from models.errors import UsageError
from models.finding import Remark
from models.mail import Envelope, Mail
from models.past import Past

Check = Callable[[Mail, Envelope, Past], Iterator[Remark]]

# The sections of every rule's page, in this order.
SECTIONS: Final = ("What it catches", "Why it hurts", "Example", "Do this instead", "Exceptions")

_MARK: Final = "__coldask_rule__"


@dataclass(frozen=True)
class Rule:
    """A rule: its name (what one would "allow"), its evidence, its page, and what it reads."""

    name: str
    check: Check
    page: str
    structural: bool = False  # reads structure only, and so runs for mail in any language
    tied: bool = True  # weighs relationships, and so waits for a history

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]


def outgoing(*, structural: bool = False, tied: bool = True) -> Callable[[Check], Check]:
    """Marks the one function of a rule's module that yields evidence against an outgoing mail."""

    def mark(check: Check) -> Check:
        setattr(check, _MARK, {"structural": structural, "tied": tied})
        return check

    return mark


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by name."""
    package = importlib.import_module("classifier.rules")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    return tuple(_rule(importlib.import_module(f"classifier.rules.{name}")) for name in names)


def rule(name: str) -> Rule:
    """The rule of that name. Raises UsageError, naming those there are."""
    for one in rules():
        if one.name == name:
            return one
    raise UsageError(f"There is no rule {name!r}; there are: {', '.join(r.name for r in rules())}.")


def documentation(name: str) -> str:
    """The page of a rule: the sentence that sums it up, then its sections. Raises UsageError."""
    return rule(name).page


def _rule(module: ModuleType) -> Rule:
    checks = [f for f in vars(module).values() if callable(f) and hasattr(f, _MARK)]
    assert len(checks) == 1, f"{module.__name__} must have one function marked @outgoing"
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    page = inspect.cleandoc(module.__doc__ or "")
    return Rule(name=name, check=checks[0], page=page, **getattr(checks[0], _MARK))
