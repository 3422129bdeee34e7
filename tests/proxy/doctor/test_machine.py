"""What coldask runs on is looked at: the versions that matter are told apart."""

from importlib.metadata import version

from proxy.doctor.line import Level
from proxy.doctor.machine import look_at_libraries, look_at_machine, look_at_sqlite


def test_an_sqlite_with_the_bug_is_warned_of() -> None:
    assert look_at_sqlite((3, 51, 3)).level is Level.OK and look_at_sqlite((3, 52, 0)).level is Level.OK
    line = look_at_sqlite((3, 51, 2))
    assert line.level is Level.WARN and "3.51.2" in line.text and "3.51.3" in line.fix


def test_libraries_are_there_and_new_enough() -> None:
    wanted = [
        "pydantic>=2",
        "typer<999,>=0.1",
        "numpy>=1; python_version > '3'",
        "keyring>=99; extra == 'keyring'",
    ]
    [line] = look_at_libraries(wanted)
    assert line.level is Level.OK and f"pydantic {version('pydantic')}" in line.text and "numpy" in line.text


def test_a_library_that_is_missing_or_old_is_named_with_the_command() -> None:
    missing, old, new = look_at_libraries(["no-such-thing>=3", "pydantic>=999.1", "typer<0.1"])
    assert missing.level is Level.FAIL and "pip install 'no-such-thing>=3'" in missing.fix
    assert old.level is Level.WARN and f"pydantic is {version('pydantic')}" in old.text
    assert new.level is Level.WARN and "typer" in new.text


def test_this_machine_can_run_it() -> None:
    assert not [line for line in look_at_machine() if line.level is Level.FAIL]
