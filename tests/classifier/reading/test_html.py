"""HTML as a reader sees it: lines, what is hidden, what mail programs marked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.reading.html import read_html
from models.mail import ZoneKind


def _lines(source: str) -> list[str]:
    return [line for line in read_html(source).text if line]


def _marked(source: str) -> list[tuple[str, str]]:
    lines = read_html(source)
    return [
        (mark.value if mark else "", text) for text, mark in zip(lines.text, lines.marks, strict=True) if text
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("one<br>two<BR/>three", ["one", "two", "three"]),
        ("<div>Hel<b>lo</b> <i>wor</i>ld</div>", ["Hello world"]),
        ("a\n  lot   of\n white  space", ["a lot of white space"]),
        ("&lt;b&gt; &amp; caf&eacute;&nbsp;x &#8364; &#x20ac; &unknown;", ["<b> & café x € € &unknown;"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", ["a b", "c"]),
        ("<ul><li>one<li>two</ul>", ["- one", "- two"]),
        ("<pre>one\n  two</pre>", ["one", "  two"]),
        ("<head><title>T</title><style>p{}</style></head>x<script>if (a<b) {}</script>y", ["xy"]),
        ("x<!-- hidden <p>no</p> -->y<!--[if mso]><p>no</p><![endif]-->z", ["xyz"]),
        ("<![if !mso]>shown<![endif]>", ["shown"]),
        ('<a href="http://x.example/?a=1>2">link</a>', ["link"]),
        ("<p title='it\"s > this'>x", ["x"]),
        ("never <closed", ["never"]),
        ("1 < 2 and 3 > 2", ["1 < 2 and 3 > 2"]),
        ("<p>one<p>two<div>three", ["one", "two", "three"]),
        ("", []),
    ],
)
def test_lines(source: str, lines: list[str]) -> None:
    assert _lines(source) == lines


@pytest.mark.parametrize(
    "source",
    [
        '<div style="display:none">no<div>no</div>no</div>yes',
        "<span style='DISPLAY: NONE !important'>no</span>yes",
        '<div style="visibility:hidden">no</div>yes',
        '<div style="max-height:0;overflow:hidden;font-size:1px">no</div>yes',
        '<span style="font-size:0px;line-height:0">no</span>yes',
        '<span style="opacity:0">no</span>yes',
        "<p hidden>no<p>yes",
        "<div hidden=''>no</div>yes",
        '<div class="preheader">no</div>yes',
        '<table><tr><td style="display:none">no<td>yes</table>',
        "<div><span style='display:none'>no</div><div>yes</div>",
        "<style>.x, td{color:red} .hid{display:none}</style><p class='a hid'>no</p>yes",
        "<template>no</template>yes",
        '<div style="font-size:0">no <b>no</b></div>yes',
        '<p style="font-size: 1px">no</p>yes',
        '<div style="color:#ffffff">no</div>yes',
        "<div style='background:white;color:#FEFEFE'>no</div>yes",
        '<div style="color: rgb(255, 255, 255)">no</div>yes',
        '<div style="color:transparent">no</div>yes',
        '<font color="#ffffff">no</font>yes',
        "<font color=white>no</font>yes",
        '<div style="height:0;overflow:hidden">no</div>yes',
        '<div style="position:absolute;left:-9999px">no</div>yes',
        '<div style="text-indent:-9999px">no</div>yes',
        "<style>.tiny{font-size:0;} .gone{position:absolute; top:-5000px}</style><p class=gone>no</p>yes",
    ],
)
def test_hidden_text_is_not_read(source: str) -> None:
    assert _lines(source) == ["yes"]


@pytest.mark.parametrize(
    "source",
    [
        '<div style="font-size:0"><span style="font-size:14px">yes</span></div>',
        "<style>@media print {.x{display:none}}</style><p class=x>yes</p>",
        '<div style="display:block;font-size:0.9em">yes</div>',
        '<img style="display:none">yes',
        '<p aria-hidden="false" class="hidden-xs">yes</p>',
        '<td style="font-size:0"><table><tr><td style="font: 14px Arial">yes</table>',
        '<div style="color:#fff"><span style="color:#333">yes</span></div>',
        '<a style="background:#0055aa;color:#ffffff">yes</a>',
        '<table bgcolor="#002244"><tr><td style="color:#ffffff">yes</table>',
        "<style>.head{background-color:#222}</style><div class=head><font color=white>yes</font></div>",
        '<div style="background-color:#fff;color:#222">yes</div>',
        '<div style="margin-left:-20px;text-indent:-18px">yes</div>',
        '<div style="position:absolute;left:-5px">yes</div>',
        '<div style="font-size:0"></div>yes',
    ],
)
def test_shown_text_is_read(source: str) -> None:
    assert _lines(source) == ["yes"]


def test_what_is_hidden_within_a_word_does_not_cut_it() -> None:
    source = 'buy our pack<span style="font-size:0">x</span>age t<span style="display:none">y</span>oday'
    assert _lines(source) == ["buy our package today"]


def test_gmail() -> None:
    source = """<div dir="ltr">Mine<div class="gmail_signature">Ann<br>Tel 1</div></div>
      <div class="gmail_quote"><div class="gmail_attr">On Mon, Bob wrote:<br></div>
      <blockquote class="gmail_quote">old</blockquote>
      between<blockquote class="gmail_quote">older</blockquote></div>"""
    assert _marked(source) == [
        ("", "Mine"),
        ("signature", "Ann"),
        ("signature", "Tel 1"),
        ("quote", "On Mon, Bob wrote:"),
        ("quote", "old"),
        ("", "between"),
        ("quote", "older"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        'mine<div id="appendonsend"></div><hr><div>From: Bob</div><div>old</div>',
        'mine<hr><div id="divRplyFwdMsg">From: Bob</div>old',
        'mine<div class="yahoo_quoted">old</div>',
        'mine<div class="moz-cite-prefix">Bob wrote:</div><blockquote type="cite">old<p>old</blockquote>',
        'mine<blockquote style="border-left:1px solid">old</blockquote>',
        "mine:<blockquote>old</blockquote>",
        'mine<div class="protonmail_quote">old</div>',
    ],
)
def test_quoted_mail_is_marked(source: str) -> None:
    marked = _marked(source)
    assert marked[0] in (("", "mine"), ("", "mine:"))
    assert {mark for mark, _ in marked[1:]} == {ZoneKind.QUOTE.value}


def test_a_blockquote_that_only_indents_is_own() -> None:
    assert _marked("Hello<blockquote>indented</blockquote>") == [("", "Hello"), ("", "indented")]


_TAGS = st.sampled_from(
    ["<div>", "</div>", "<p>", "</p>", "<blockquote type=cite>", "</blockquote>", "<br>", "<span hidden>",
     "</span>", "<td>", "</tr>", "<pre>", "</pre>", "<style>", "</style>", "<!--", "-->", "&amp;",
     "&#99999999999;", "<a href='", ">"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(_TAGS, st.text(max_size=10)), max_size=30))
def test_anything_is_read_with_a_mark_for_every_line(pieces: list[str]) -> None:
    lines = read_html("".join(pieces))
    assert len(lines.text) == len(lines.marks)
    assert all("\n" not in line for line in lines.text)
