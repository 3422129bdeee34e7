"""What letters are heard with: the shipped weights, and the encoder where it is installed."""

from collections.abc import Iterator

from classifier.hearing.arrays import shipped
from classifier.hearing.core import core
from models.settings import Settings
from proxy.doctor.line import Line, fail, ok, warn
from proxy.encoder.standing import command_for_libraries, standing

_AGAIN = "install coldask again: its files are not as they were shipped"


def look_at_hearing(settings: Settings | None) -> Iterator[Line]:
    """The core's weights and the encoder."""
    try:
        core()
        arrays = shipped("core")
        yield ok(
            "model", f"the core's weights, {sum(a.size for a in arrays.values()) / 1e6:.1f} million numbers"
        )
    except ValueError as error:
        yield fail("model", f"the core's weights cannot be read ({error})", _AGAIN)
    yield _encoder(settings)


def _encoder(settings: Settings | None) -> Line:
    found = standing()
    if found.switched_off or (settings is not None and not settings.model.encoder):
        where = "COLDASK_ENCODER=off" if found.switched_off else "[model] encoder = false"
        return ok("encoder", f"switched off ({where}); the core judges alone")
    if found.problem:
        text = f"cannot be used: {found.problem}; the core judges alone"
        return warn("encoder", text, "run `coldask encoder install`, or `coldask encoder remove`")
    if not found.installed:
        return ok("encoder", "not installed, so the core judges alone; `coldask encoder install` fetches it")
    if found.missing:
        text = f"cannot be used: {' and '.join(found.missing)} not installed; the core judges alone"
        return warn("encoder", text, f"run `{command_for_libraries()}`")
    try:
        shipped("encoder")
    except ValueError as error:
        return warn("encoder", f"cannot be used: what was fitted to it cannot be read ({error})", _AGAIN)
    return ok("encoder", f"in {found.folder}, as it should be")
