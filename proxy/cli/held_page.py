"""How a held mail is shown to a person: head, reason, words that were the reason, people, next steps."""

import os
import re
import sys
from datetime import datetime
from typing import Any

from proxy.cli.render import safe, say, share
from proxy.cli.said import Said

LINES = 60  # of a mail's text; `--raw` shows all
# How a server's answer begins (RFC 5321, 4.2); a sentence of coldask's own never does.
_REPLY = re.compile(r"[2-5]\d\d\b")
_NAMED = 12  # people in one header line
_PASSED = {"hold": "would hold", "warn": "warned"}  # a mail that went out all the same, by its verdict


def show_page(held: dict[str, Any]) -> None:
    """The whole page of `held.show` with text."""
    say(strong(f"{held['id']}  {_state(held)}") + f"  account {held['account']}, {when(held['received_at'])}")
    _show_head(held)
    say()
    said = Said()
    say(f"Why: {said.new(safe(held['reason']))}")
    for finding in held["findings"]:
        _show_finding(finding, said)
    say()
    _show_people(held)
    _show_events(held)
    if text := (held.get("mail") or {}).get("text", "").strip():
        say()
        _show_text(text, [f["quote"] for f in held["findings"] if f["quote"]])
    _show_next(held)


def list_line(row: dict[str, Any]) -> str:
    """One mail on one line."""
    blind = f", {len(row['blind'])} blind" if row["blind"] else ""
    first = safe(row["recipients"][0]) if len(row["recipients"]) == 1 else f"{len(row['recipients'])} people"
    subject = f'  "{safe(row["subject"])[:50]}"' if row["subject"] else ""
    return (
        f"{strong(row['id'])}  {_state(row):<10}  {when(row['received_at'])}  to {first}{blind}"
        f"{subject}  {', '.join(row['rules'])}"
    )


def _state(row: dict[str, Any]) -> str:
    """In one word where the mail is; of one that went out, why it is listed."""
    state: str = row["state"]
    # (A service that still runs as it was before an upgrade names no disposition.)
    return _PASSED.get(row.get("disposition", ""), state) if state == "passed" else state


def _show_head(held: dict[str, Any]) -> None:
    mail = held.get("mail") or {}
    lines = {
        "From": mail.get("from") or [held["from"]],
        "To": mail.get("to", []),
        "Cc": mail.get("cc", []),
        "Blind": held["blind"],
        "Subject": [held["subject"]] if held["subject"] else [],
        "Attached": mail.get("attachments", []),
    }
    for name, values in lines.items():
        if values:
            more = f" and {len(values) - _NAMED} more" if len(values) > _NAMED else ""
            say(f"{name + ':':<10}{safe(', '.join(values[:_NAMED]))}{more}")


def _show_finding(finding: dict[str, Any], said: Said) -> None:
    say()
    rule = f"{strong(finding['rule'])} ({finding['effect']}, {share(finding['certainty'])} sure)"
    message = said.new(safe(finding["message"]))
    say(f"{rule}: {message}" if message else rule)
    if finding["quote"] and not said.quoted(safe(finding["quote"])):
        say(f'    "{safe(finding["quote"])}"')
    if advice := said.new(safe(finding["advice"])):
        say(f"    Instead: {advice}")


def _show_people(held: dict[str, Any]) -> None:
    say("Recipients:")
    for person in held["recipients"]:
        tie = held["ties"].get(person["address"].lower())
        known = f"  {tie['tie']}: {safe('; '.join(tie['facts']))}" if tie else ""
        known = "  an address of yours" if person["own"] else known
        blind = " (blind)" if person["blind"] else ""
        say(f"    {safe(person['address'])}{blind}  {person['state']}{known}")
        if person["reply"]:
            whose = "the provider's last words" if _REPLY.match(person["reply"]) else "the last try"
            say(f"        {whose}: {safe(person['reply'])}")


def _show_events(held: dict[str, Any]) -> None:
    if held.get("submitted", 1) > 1:
        say(f"It was handed in {held['submitted']} times.")
    if at := held.get("resent_at"):
        say(f"A client sent it again on {when(at)}, after the release: answered, not sent a second time.")
    if at := held.get("superseded_at"):
        replaced = [r["address"] for r in held["recipients"] if r["state"] == "superseded"]
        some = f" for {safe(', '.join(replaced))}" if 0 < len(replaced) < len(held["recipients"]) else ""
        say(f"A later mail took its place on {when(at)}{some}.")
    if at := held.get("expired_at"):
        say(f"It expired on {when(at)}.")


def _show_text(text: str, quotes: list[str]) -> None:
    lines = _marked_in(safe(text, lines=True), quotes).split("\n")
    for line in lines[:LINES]:
        say(f"  | {line}")
    if len(lines) > LINES:
        say(f"  | … {len(lines) - LINES} more lines; --raw shows all.")


def _marked_in(text: str, quotes: list[str]) -> str:
    """The text with the quotes marked where they first stand; what overlaps is marked as one."""
    spans = []
    for words in (safe(quote).split() for quote in quotes):
        if words and (found := re.search(r"\s+".join(map(re.escape, words)), text)):
            spans.append(found.span())
    shown, done = "", 0
    while spans:
        start, end = min(spans)
        while more := [b for a, b in spans if a < end < b]:
            end = max(more)
        shown += text[done:start] + marked(text[start:end])
        spans, done = [span for span in spans if span[0] >= end], end
    return shown + text[done:]


def _show_next(held: dict[str, Any]) -> None:
    id = held["id"]
    steps = {
        "held": [("release", "send it"), ("release", "send it to some --only ADDR"), ("drop", "let it be")],
        "unsure": [("release", "send it again: it may have arrived already"), ("drop", "let it be")],
        "superseded": [("release", "send it all the same"), ("drop", "let it be")],
        "dropped": [("undo", "take the drop back")],
    }.get(held["state"], [])
    if steps:
        say()
        say("Next:")
    for command, what in steps:
        words, option, rest = what.partition(" --")
        say(f"    {f'coldask held {command} {id}{option}{rest}':<44}{words}")
    if held["state"] == "held":
        say(f"    {f'coldask held edit {id}':<44}change it in your editor, and have it judged again")
        say(f"    {f'coldask allow {id}':<44}let it pass when your mail client sends it again")
    for offer in held.get("edits", []):
        step = f"coldask held edit {id} --{offer['edit']}"
        say(f"    {step:<44}{safe(offer['words'])}")


def strong(text: str) -> str:
    """Bold on a terminal."""
    return f"\x1b[1m{text}\x1b[0m" if _colour() else text


def marked(text: str) -> str:
    """The words that were the reason: reversed on a terminal, else between arrows."""
    return f"\x1b[7m{text}\x1b[0m" if _colour() else f">>{text}<<"


def when(iso: str) -> str:
    """A time as the user's clock shows it."""
    return datetime.fromisoformat(iso).astimezone().strftime("%d %b %Y %H:%M")


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
