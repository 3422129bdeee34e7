"""Bytes to text: what a charset label means in real mail, and which characters never reach judgement."""

import re
from encodings.aliases import aliases
from functools import lru_cache

# Labels seen in mail that mean a larger or another charset (WHATWG Encoding, "Names and labels").
_MEANT = {
    "ascii": "utf_8",
    "us_ascii": "utf_8",
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "tis_620": "cp874",
    "utf_8": "utf_8",
}
# Codecs that are no charset, or whose cost is not linear (punycode).
_NO_CHARSET = (
    "base64_codec bz2_codec hex_codec quopri_codec rot_13 uu_codec zlib_codec mbcs oem idna punycode "
    "raw_unicode_escape unicode_escape undefined"
)
_CODECS = {**{name: name for name in aliases.values()}, **aliases}
# Controls but tab and line feed, C1, lone surrogates: nothing a reader sees.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
# Zero-width characters that split words or pad preheaders. The joiners stay: scripts and emoji need them.
_ZERO_WIDTH = re.compile("[\u00ad\u034f\u115f\u180e\u200b\u2060-\u2064\ufeff]+")
_NOT_IN_NAME = re.compile("[^a-z0-9]+")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """Python's codec for a charset label; empty where the label is unknown or no charset."""
    name = _NOT_IN_NAME.sub("_", label.strip().strip("\"'").lower()[:60]).strip("_")
    codec = _CODECS.get(name) or _CODECS.get(name.removeprefix("x_").removeprefix("cs"), "")
    if name.startswith(("windows", "cp")) and (number := "".join(filter(str.isdigit, name))):
        codec = _CODECS.get(number, codec)
    codec = _MEANT.get(codec, codec)
    return "" if codec in _NO_CHARSET.split() else codec


def decode(data: bytes, label: str = "") -> str:
    """The text of these bytes. Unknown labels and wrong ones (8-bit in "ascii") are guessed; never raises."""
    codec = codec_of(label) if label else "utf_8"
    if codec and codec != "utf_8":
        try:
            text = data.decode(codec, "replace")
        except (UnicodeError, LookupError, ValueError):
            text = ""
        if text or not data:
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    # A few broken characters among good ones are UTF-8 all the same; mostly broken is another charset.
    broken = text.count("\ufffd")
    good = sum(not char.isascii() for char in text[:10_000]) - text.count("\ufffd", 0, 10_000)
    return text if good > broken else data.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Text with "\\n" line ends, plain blanks, and without characters that nobody sees."""
    if "\r" in text or not text.isascii() or not text.replace("\n", "").replace("\t", "").isprintable():
        text = _BREAKS.sub("\n", text)
        text = _UNSEEN.sub("", text)
        if not text.isascii():
            text = _BLANKS.sub(" ", _ZERO_WIDTH.sub("", text))
    return text


def one_line(text: str) -> str:
    """The text on one line, without control characters: for headers, names and file names."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_UNSEEN.sub(" ", _BREAKS.sub(" ", text)).split())
