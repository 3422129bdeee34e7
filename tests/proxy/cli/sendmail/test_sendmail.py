"""`coldask sendmail` as programs call it: a real process, real sockets, with the service and without."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.settings import Settings
from proxy.cli.sendmail import way
from proxy.store.database import StoreInUse, lock
from tests.proxy.held_samples import LIV, MAX, SUE, raw_mail
from tests.servers import machine
from tests.servers.dovecot import User
from tests.servers.provider import Provider
from tests.servers.service import COLDASK, Service, by_provider

ANN = "ann@example.org"
TEA = b"From: Ann Hartley <ann@example.org>\nTo: sue@corp.example\nSubject: Tea\n\nThank you for the talk.\n.\nAnn\n"
ASK = raw_mail().replace(b"\r\n", b"\n")


@pytest.fixture(params=["service", "alone"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, provider: Provider) -> Iterator[Service]:
    """An installation with a history, whose service runs or does not."""
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    installed.write()
    if request.param == "service":
        installed.start()
    yield installed
    if installed.running:
        assert installed.stop() == 0


def test_mutts_way_and_a_pipes(desk: Service, provider: Provider) -> None:
    done = desk.call("sendmail", "-oem", "-oi", "-f", ANN, "--", SUE, MAX, stdin=TEA)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (taken,) = provider.taken
    assert (taken.sender, taken.recipients) == (ANN, (SUE, MAX))
    head, _, body = taken.mail.partition(b"\r\n\r\n")
    assert body == b"Thank you for the talk.\r\n.\r\nAnn\r\n"
    assert b"\r\nMessage-ID: <" in head and b"\r\nDate: " in head
    bcc = TEA.replace(b"Subject:", b"Bcc: liv@shop.example\nSubject:")
    assert desk.call("sendmail", "-t", stdin=bcc).returncode == 0
    taken = provider.taken[1]
    assert taken.recipients == (SUE, LIV)
    assert b"Bcc" not in taken.mail and taken.mail.endswith(b"Thank you for the talk.\r\n")


def test_a_held_mail_ends_with_77_and_the_reason(desk: Service, provider: Provider) -> None:
    done = desk.call("sendmail", "-t", "-i", stdin=ASK)
    assert (done.returncode, done.stdout) == (77, "")
    (row,) = desk.ask("held", "list")
    assert f"coldask held show {row['id']}" in done.stderr and "sue" in done.stderr.lower()
    assert done.stderr.count("\n") == 1
    assert provider.taken == []
    machine.until(lambda: any(row["id"] in line for line in desk.told), "the user is told too")
    anyway = ASK.replace(
        b"Subject: A question", b"X-Coldask-Allow: premature-ask (she offered)\nSubject: A question"
    )
    assert desk.call("sendmail", "-ti", stdin=anyway).returncode == 0
    assert b"X-Coldask-Allow" not in provider.taken[0].mail
    assert desk.ask("held", "list") == [], "the held one is replaced"


@pytest.mark.parametrize(
    ("script", "args", "raw", "code", "words"),
    [
        (
            {SUE: "550 5.1.1 no such user"},
            ["-ti"],
            TEA,
            69,
            f"{SUE}: no such user Nothing was sent to anybody.",
        ),
        ({SUE: "450 4.2.1 mailbox busy"}, ["-ti"], TEA, 75, "mailbox busy"),
        ({"MAIL": "451 4.3.0 come back later"}, ["-ti"], TEA, 75, "come back later"),
        ({"DOT": "554 5.7.1 spam"}, ["-ti"], TEA, 69, "spam"),
        ({}, ["-ti", "-f", "joe@else.example"], TEA, 78, "No account of coldask sends as joe@else.example."),
        ({}, ["-ti"], TEA.replace(b"Thank", b"Th\0nk"), 65, "NUL"),
        ({}, ["-i"], TEA, 64, "Nobody is named"),
        ({}, ["-i", "not an address"], TEA, 64, "is no address"),
        ({}, ["-bs"], b"", 64, "SMTP on stdin"),
    ],
)
def test_each_failure_has_its_exit_code(
    tmp_path: Path,
    provider: Provider,
    script: dict[str, str],
    args: list[str],
    raw: bytes,
    code: int,
    words: str,
) -> None:
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    provider.script.replies.update(script)
    done = installed.call("sendmail", *args, stdin=raw)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert words in done.stderr and done.stderr.count("\n") == 1
    assert provider.taken == []


def test_a_provider_that_is_away_is_temporary(tmp_path: Path, provider: Provider) -> None:
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    provider.stop()
    done = installed.call("sendmail", "-ti", stdin=TEA)
    assert done.returncode == 75 and "Account work" in done.stderr


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ({"password_file": "{folder}/gone"}, 78, "gone (account work, smtp) cannot be read"),
        ({"password_file": "{folder}/open"}, 78, "can be read by others"),
        ({"password_env": "COLDASK_NO_SUCH"}, 78, "COLDASK_NO_SUCH (account work, smtp) is empty or not set"),
        ({"password_command": ["false"]}, 75, "failed with exit code 1"),  # a password store that is locked
    ],
)
def test_a_password_that_cannot_be_had_is_told_in_one_sentence(
    desk: Service, source: dict[str, str | list[str]], code: int, words: str
) -> None:
    (desk.folder / "open").write_text("open-sesame\n")
    smtp = desk.tables["accounts"]["work"]["smtp"]
    del smtp["password_file"]
    smtp |= {k: v.format(folder=desk.folder) if isinstance(v, str) else v for k, v in source.items()}
    desk.write()
    if desk.running:
        assert desk.stop() == 0
        desk.start()
    done = desk.call("sendmail", "-ti", stdin=TEA)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert words in done.stderr and done.stderr.count("\n") == 1
    if desk.running:
        assert desk.stop() == 0
        assert "its login does not work" not in desk.stderr


def test_a_store_in_use_is_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way, "PATIENCE", 0.2)
    smtp = {"host": "127.0.0.1", "port": 1, "security": "plaintext", "username": "a", "password_env": "X"}
    accounts = {"work": {"addresses": [ANN], "smtp": smtp}}
    settings = Settings.model_validate(
        {"accounts": accounts, "store": {"path": str(tmp_path / "coldask.db")}}
    )
    with lock(tmp_path / "coldask.db"), pytest.raises(StoreInUse):
        way.submit(tmp_path / "config.toml", settings, way.Parcel(ANN, (SUE,), TEA, {}))


def test_a_configuration_that_cannot_be_used_is_78(tmp_path: Path) -> None:
    installed = Service(tmp_path)
    installed.write()
    assert installed.call("sendmail", "-ti", stdin=TEA).returncode == 78
    installed.config.write_text("nonsense = [")
    done = installed.call("sendmail", "-ti", stdin=TEA)
    assert done.returncode == 78 and "is not valid TOML" in done.stderr


def test_cron_and_a_link_called_sendmail(tmp_path: Path, provider: Provider) -> None:
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    installed.write()
    link = tmp_path / "sendmail"
    link.symlink_to(COLDASK)
    mail = b"From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@box> backup\nAuto-Submitted: auto-generated\n\nfull\n"
    done = subprocess.run(
        [link, "-i", "-FCronDaemon", "-B8BITMIME", "-oem", "root"],
        input=mail, capture_output=True, env=installed.environment, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    (taken,) = provider.taken
    assert (taken.sender, taken.recipients) == (ANN, (ANN,))
    assert b'From: "CronDaemon" <ann@example.org>\r\n' in taken.mail


def test_addresses_and_text_beyond_ascii(tmp_path: Path, provider: Provider) -> None:
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    mail = "From: ann@example.org\nTo: jürgen@köln.example\nSubject: Tee\n\nDanke für den Tee.\n".encode()
    assert installed.call("sendmail", "-ti", stdin=mail).returncode == 0
    assert provider.taken[0].recipients == ("jürgen@köln.example",)
    assert "für den Tee".encode() in provider.taken[0].mail


def _git(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        **more,
    }
    done = subprocess.run(
        ["git", *args], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.servers
def test_git_send_email(desk: Service, provider: Provider) -> None:
    """A patch is sent; one with a placeholder left in it is not, and git says why."""
    machine.need("git")
    core = Path(_git(desk.folder, "--exec-path").stdout.strip())
    if not (core / "git-send-email").exists():
        machine.missing("git-email")
    repository = desk.folder / "lamps"
    repository.mkdir()
    name = ["-c", "user.name=Ann Hartley", "-c", f"user.email={ANN}"]
    _git(repository, "init", "-q")
    (repository / "lamp.txt").write_text("oak\n")
    _git(repository, "add", ".")
    assert _git(repository, *name, "commit", "-q", "-m", "Add the oak lamp").returncode == 0
    assert _git(repository, "format-patch", "-q", "--root").returncode == 0
    send = [
        *name, "send-email", "--quiet", "--confirm=never", "--suppress-cc=all", f"--to={SUE}", f"--cc={MAX}",
        f"--sendmail-cmd={COLDASK} sendmail",
    ]  # fmt: skip
    where = {"COLDASK_CONFIG": str(desk.config)}
    done = _git(repository, *send, "0001-Add-the-oak-lamp.patch", **where)
    assert done.returncode == 0, done.stdout + done.stderr
    (taken,) = provider.taken
    assert set(taken.recipients) >= {SUE, MAX} and b"Subject: [PATCH] Add the oak lamp" in taken.mail
    letter = repository / "letter.txt"
    letter.write_text(
        f"From: Ann Hartley <{ANN}>\nSubject: Lamps\n\nHi {{{{first_name}}}},\n\nthe oak has come.\n"
    )
    done = _git(repository, *send, "letter.txt", **where)
    assert done.returncode != 0 and "coldask held show" in done.stderr
    assert len(provider.taken) == 1


@pytest.mark.servers
def test_mutt(desk: Service, provider: Provider) -> None:
    machine.need("mutt")
    rc = desk.folder / "muttrc"
    rc.write_text(
        f'set sendmail="{COLDASK} sendmail -oem -oi"\nset from={ANN}\nset use_envelope_from=yes\nset copy=no\n'
    )
    environment = {**desk.environment, "LC_ALL": "C", "TERM": "dumb"}
    for text, code in (("the kettle is on.\n", 0), ("Hi {{first_name}}, it rains.\n", 1)):
        done = subprocess.run(
            ["mutt", "-F", rc, "-s", "Tea", "-c", MAX, "-b", LIV, "--", SUE],
            input=text, capture_output=True, text=True, env=environment, timeout=60, cwd=desk.folder,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
    (taken,) = provider.taken
    assert (taken.sender, set(taken.recipients)) == (ANN, {SUE, MAX, LIV})
    assert b"Bcc" not in taken.mail
    assert shutil.which("mutt")


def test_killed_after_the_dot_it_is_not_sent_twice(tmp_path: Path, provider: Provider) -> None:
    """A script that is stopped and run again: the provider has the mail, and the user decides."""
    installed = Service(tmp_path)
    installed.account("work", User(ANN), by_provider(provider))
    installed.write()
    provider.script.after = 10
    mail = TEA.replace(b"Subject: Tea", b"Message-ID: <9@example.org>\nSubject: Tea")
    with subprocess.Popen(
        [COLDASK, "sendmail", "-ti"], stdin=subprocess.PIPE, env=installed.environment, cwd=tmp_path
    ) as process:
        assert process.stdin is not None
        process.stdin.write(mail)
        process.stdin.close()
        machine.until(lambda: provider.taken, "the provider took the mail")
        process.kill()
    provider.script.after = 0
    done = installed.call("sendmail", "-ti", stdin=mail)
    assert done.returncode == 77 and "may have gone" in done.stderr
    (row,) = installed.ask("held", "list")
    assert row["state"] == "unsure" and len(provider.taken) == 1
