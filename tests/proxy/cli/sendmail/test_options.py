"""The options as mutt, git, cron and old scripts write them."""

import pytest

from models.errors import UsageError
from proxy.cli.sendmail.options import Options, read_options

SUE, MAX = "sue@corp.example", "max@firm.example"


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (["-oi", "-t"], Options(from_header=True, to_the_end=True)),
        (["-ti"], Options(from_header=True, to_the_end=True)),
        (["-oem", "-oi", "-f", "ann@example.org", "--", SUE, MAX],
         Options(to_the_end=True, sender="ann@example.org", recipients=[SUE, MAX])),  # mutt
        (["-i", SUE, MAX], Options(to_the_end=True, recipients=[SUE, MAX])),  # git send-email
        (["-i", "-FCronDaemon", "-B8BITMIME", "-oem", "root"],
         Options(to_the_end=True, full_name="CronDaemon", recipients=["root"])),  # cron
        (["-f<ann@example.org>", SUE], Options(sender="ann@example.org", recipients=[SUE])),
        (["-f", "<>", SUE], Options(sender="", recipients=[SUE])),
        (["-r", "ann@example.org", SUE, "-v"], Options(sender="ann@example.org", recipients=[SUE])),
        (["-N", "failure,delay", "-R", "hdrs", "-Vq7", SUE],
         Options(reports={"NOTIFY": "FAILURE,DELAY", "RET": "HDRS", "ENVID": "q7"}, recipients=[SUE])),
        (["-bm", "-G", "-n", "-U", "-m", "-L", "tag", "-X", "log", "-O", "Timeout=1", "-h", "5", SUE],
         Options(recipients=[SUE])),
        (["--", "-f", SUE], Options(recipients=["-f", SUE])),
        (["--config", "a.toml", "--json", SUE], Options(config="a.toml", json=True, recipients=[SUE])),
        (["--config=a.toml"], Options(config="a.toml")),
        (["-q15m"], Options(nothing=True)),
        (["-bi"], Options(nothing=True)),
    ],
)  # fmt: skip
def test_what_callers_write(words: list[str], read: Options) -> None:
    assert read_options(words) == read


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-f"], "-f needs a value"),
        (["-bs"], "speaks SMTP on stdin"),
        (["-bp"], "lists a queue"),
        (["-N", "sometimes"], "write never"),
        (["-R", "all"], "full or hdrs"),
        (["-V", "a b"], "printable"),
        (["--recipients", SUE], "--recipients is no option"),
    ],
)
def test_what_cannot_be_done_is_told(words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_options(words)
