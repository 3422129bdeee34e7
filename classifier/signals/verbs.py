"""Verbs in their forms: base, third person, past, -ing; the irregular ones from verbs.txt."""

from functools import cache

from classifier.phrases import sections


@cache
def forms(verb: str) -> tuple[str, ...]:
    """A verb's forms: base, third person, past (and participle), -ing."""
    return tuple(dict.fromkeys((verb, *_past(verb), _ing(verb), _third(verb))))


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for line in sections("verbs")[""] if (row := tuple(line.split()))}


def _past(verb: str) -> tuple[str, ...]:
    if verb in _irregular():
        return _irregular()[verb][:-1]
    if verb.endswith("e"):
        return (verb + "d",)
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return (verb[:-1] + "ied",)
    return (verb + "ed",)


def _ing(verb: str) -> str:
    if verb in _irregular():
        return _irregular()[verb][-1]
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"


@cache
def _bases() -> frozenset[str]:
    return frozenset(_irregular())


@cache
def form_of(word: str) -> str:
    """ "past" or "ing" where the word looks like one of these forms and no base form, else "base"."""
    if word in _bases():
        return "base"
    for row in _irregular().values():
        if word == row[-1]:
            return "ing"
        if word in row[:-1]:
            return "past"
    if len(word) > 4 and word.endswith("ing"):
        return "ing"
    return "past" if len(word) > 3 and word.endswith("ed") else "third" if _is_third(word) else "base"


def _is_third(word: str) -> bool:
    return (
        len(word) > 4 and word.endswith("s") and not word.endswith("ss") and word not in ("discuss", "access")
    )
