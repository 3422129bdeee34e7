"""The page of `replay --html`: well-formed, self-contained, harmless, and its figures the mailbox's."""

import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, COLD, letter, mbox
from tests.proxy.cli.page.samples import half_a_year, page_of

_VOID = {"meta", "br", "hr", "img", "link", "input"}
_MARKS = {"rect", "polyline", "circle"}
_SELF_CLOSED = _MARKS | {"line"}


class _Page(HTMLParser):
    """Checks that tags match, and collects what is drawn and said."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.plots: list[list[tuple[str, dict[str, str]]]] = []
        self.titles: list[list[str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            assert tag not in _SELF_CLOSED
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs)
        self.tags.add(tag)
        self.attributes += given.items()
        if tag == "svg":
            self.plots.append([])
            self.titles.append([])
        elif "svg" in self.open and tag in _MARKS and given.get("class") != "hover":
            self.plots[-1].append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["title"] and "svg" in self.open:
            self.titles[-1].append(data)
        elif data.strip() and "style" not in self.open:
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def page(text: str) -> _Page:
    return _Page(text)


def test_every_plot_is_drawn_inside_its_frame(page: _Page) -> None:
    assert len(page.plots) == 4
    for marks in page.plots:
        assert len(marks) >= 3
        for tag, given in marks:
            assert given["class"]
            if tag == "rect":
                x, y, width, height = (float(given[k]) for k in ("x", "y", "width", "height"))
                assert 0 <= x < x + width <= 720 and 0 <= y < y + height <= 330


def test_it_needs_nothing_from_elsewhere_and_runs_nothing(text: str, page: _Page) -> None:
    assert not page.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not [
        name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href", "style")
    ]
    assert not re.search(r"https?:|//|url\(|@import", text.replace("<!doctype", ""))
    assert "default-src 'none'" in text


def test_what_mail_says_is_text_and_direction_marks_are_shown(text: str, page: _Page) -> None:
    assert "\u202e" not in text
    assert "<script>alert(1)</script> <evil@dunnleads.example>" in page.texts
    assert "</title></style><img src=x onerror=alert(2)> \\u202egnp.exe & 'quoted'" in page.texts


def test_the_figures_are_those_of_the_mailbox(page: _Page) -> None:
    said = " ".join(page.texts)
    assert "18 mails, 1 of them copies, 0 unreadable" in said
    for words in ("12 came in", "5 went out", "2 filed", "0 unsure", "1 held", "0 warned"):
        assert words in said
    assert "1 mail is not drawn" in said


def test_ties_are_counted_month_by_month(page: _Page) -> None:
    ties, verdicts, _, _ = page.titles
    assert ties == [
        "May 2024 · answered: 2, unknown: 1, mailings, machines: 1, you wrote: 3",
        "Jun 2024 · unknown: 1, mailings, machines: 1, you wrote: 1",
        "Jul 2024 · unknown: 1",
        "Aug 2024 · established: 1, answered: 1, you wrote: 1",
        "Sep 2024 · colleagues: 1",
        "Oct 2024 · mailings, machines: 1",
    ]
    assert [t for t in verdicts if "nothing" not in t] == [
        "Jun 2024 · filed: 1, held: 1",
        "Jul 2024 · filed: 1",
    ]


def test_answer_times_lie_in_their_buckets_and_halves_are_named(page: _Page) -> None:
    rhythm = page.titles[2]
    assert sum("you answered 1 within" in t for t in rhythm) == 3
    assert sum("they answered 1 within" in t for t in rhythm) == 3
    assert "you answered 1 within 43 min to 69 min" in rhythm
    halves = [t for t in page.texts if t.startswith("half within")]
    assert halves == ["half within 3 h", "half within 4 h"]


def test_people_are_counted_by_their_tie_in_the_end(page: _Page) -> None:
    assert page.titles[3] == [
        "established: 1 person",
        "one-sided: 4 people",
        "colleagues: 1 person",
        "mailings, machines: 1 person",
    ]


def test_labels_add_figures_and_misses(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        '{"message_id": "<cold@dunnleads.example>", "label": "cold_ask"}\n'
        '{"message_id": "<evil@dunnleads.example>", "label": "<b>warm"}\n'
        '{"message_id": "<1@test.example>", "label": "cold_ask"}\n'
    )
    said = " ".join(_Page(page_of(tmp_path, "--labels", labels)).texts)
    assert "0.500 precision 1 of 2 filed 0.500 recall 1 of 2 cold asks 0.500 F1" in said
    assert "Wrongly filed: 1 2024-07-08 · <b>warm </title></style>" in said
    assert "Missed: 1 2024-05-01 · cold_ask Boat vera@holm.example Vera Holm" in said


def test_a_mailbox_with_nothing_to_draw_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    for box in (empty, mbox(tmp_path / "one", letter("bo@x.example", ANN, 1, 1, "Boat"))):
        run = coldask("replay", box, "--owner", ANN, "--html", tmp_path / "p.html", "--force", home=tmp_path)
        assert run.returncode == 0, run.stderr
        page = _Page((tmp_path / "p.html").read_text("utf-8"))
        assert "Nobody answered anybody here." in page.texts
    assert len(page.plots) == 2


def test_the_file_is_private_and_nothing_is_written_over_unless_told(tmp_path: Path) -> None:
    box, page = half_a_year(tmp_path / "box"), tmp_path / "page.html"
    page.write_text("mine")
    run = coldask("replay", box, "--owner", ANN, "--html", page, home=tmp_path)
    assert (run.returncode, page.read_text(), run.stdout) == (2, "mine", b"")
    assert "--force" in run.stderr.decode() and len(run.stderr.splitlines()) == 1
    page.chmod(0o644)
    assert coldask("replay", box, "--owner", ANN, "--html", page, "--force", home=tmp_path).returncode == 0
    assert "coldask replay" in page.read_text("utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["box", "page.html"]


@pytest.mark.parametrize("where", ["gone/page.html", "."])
def test_a_place_that_cannot_be_is_one_sentence(where: str, tmp_path: Path) -> None:
    run = coldask(
        "replay", mbox(tmp_path / "box", COLD), "--owner", ANN, "--html", tmp_path / where, home=tmp_path
    )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


def test_with_json_the_lines_are_the_same_and_the_page_is_beside_them(tmp_path: Path) -> None:
    box = half_a_year(tmp_path / "box")
    plain = coldask("replay", box, "--owner", ANN, "--json", home=tmp_path)
    both = coldask("replay", box, "--owner", ANN, "--json", "--html", tmp_path / "p.html", home=tmp_path)
    assert both.stdout == plain.stdout
    assert (tmp_path / "p.html").exists()
