"""The page in headless Chromium: every plot shows the colours of what it draws, light and dark, wide and narrow."""

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from tests.proxy.cli.page.png import Colour, colours_in, rows_of
from tests.proxy.cli.page.samples import page_of
from tests.servers.machine import missing

_ROOM = 460  # points of height that the test gives each figure
_EXPECTED = (
    ("established", "answered", "unknown", "colleague", "mailing"),
    ("file", "hold"),
    ("own", "others"),
    ("established", "one-sided", "colleague", "mailing"),
)
_PLACED = (
    "main{padding:0!important}main>*{display:none}figure{position:absolute;left:0;right:0;margin:0!important;"
)
_LEAST = 60  # points of a colour; text and the anti-aliased edges of others never give so many


def _styles() -> tuple[dict[str, Colour], dict[str, Colour]]:
    """The colours by name, light and dark, as the style sheet sets them."""
    text = files("proxy.cli.page").joinpath("style.css").read_text("utf-8")
    light, _, dark = text.partition("@media (prefers-color-scheme: dark)")
    both = []
    for part in (light, dark.partition("* {")[0]):
        found = re.findall(r"--([\w-]+): #([0-9a-f]{6})", part)
        both.append({name: (int(c[:2], 16), int(c[2:4], 16), int(c[4:], 16)) for name, c in found})
    return both[0], both[1]


def _placed(text: str) -> str:
    """The page with its figures alone, each at a place that is known, and without its legends."""
    style = (
        _PLACED
        + f"height:{_ROOM}px;overflow:hidden;border:0!important;display:block!important}}.legend{{display:none}}"
    )
    style += "".join(f"figure:nth-of-type({n + 1}){{top:{n * _ROOM}px}}" for n in range(len(_EXPECTED)))
    return text.replace("</style></head>", f"{style}</style></head>")


def _shoot(page: Path, picture: Path, width: int, *more: str) -> list[bytes]:
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("Chromium")
    assert chromium is not None
    profile = picture.with_suffix(".profile")
    run = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            f"--user-data-dir={profile}", f"--window-size={width},{_ROOM * len(_EXPECTED)}", *more,
            f"--screenshot={picture}", page.as_uri(),
        ],
        capture_output=True, timeout=90, check=False, env={"HOME": str(page.parent), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert picture.exists(), run.stderr.decode()[-2000:]
    return rows_of(picture)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("shot")
    placed = home / "placed.html"
    placed.write_text(_placed(page_of(home)), "utf-8")
    return placed


@pytest.mark.parametrize(("dark", "width"), [(False, 700), (True, 500)])
def test_every_plot_is_drawn(page: Path, tmp_path: Path, dark: bool, width: int) -> None:
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    rows = _shoot(page, tmp_path / "page.png", width, *scheme)
    colours = _styles()[dark]
    for number, names in enumerate(_EXPECTED):
        seen = colours_in(rows[number * _ROOM : (number + 1) * _ROOM])
        assert seen.most_common(1)[0][0] == colours["card"]
        thin = [name for name in names if seen[colours[name]] < _LEAST]
        assert not thin, f"plot {number + 1} lacks {thin}; most seen: {seen.most_common(12)}"
