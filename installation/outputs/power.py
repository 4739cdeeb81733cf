"""What the day switches: screens, projectors, the loudness of the room. One Protocol for all.

A switch may take seconds and may fail; it is only ever called on a thread of its own
(`desk/switching.py`), and a screen that does not answer costs a line.
"""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from typing import Protocol

from installation.errors import DeviceError
from installation.outputs.pjlink import Projector
from installation.show.schedule import Schedule

PATIENCE = 15.0  # seconds a command may take: an HDMI-CEC adapter is slow to open

_DPMS_ON = ("xset dpms force on", "xset -dpms", "xset s off")
_DPMS_OFF = ("xset dpms 0 0 0", "xset dpms force off")  # no timers: only we switch


class Switch(Protocol):
    """Something that is on by day and off by night."""

    name: str

    def turn(self, on: bool) -> None:
        """Switch it, also when it is so already. Raises DeviceError, in one line."""
        ...


class FakeSwitch:
    """A switch that remembers, and that fails as often as it is told to."""

    def __init__(self, name: str = "fake", failures: int = 0) -> None:
        self.name, self.failures = name, failures
        self.on: bool | None = None
        self.turned: list[bool] = []

    def turn(self, on: bool) -> None:
        if self.failures:
            self.failures -= 1
            raise DeviceError(f"{self.name}: does not answer")
        self.on = on
        self.turned.append(on)


class CommandSwitch:
    """Commands of the machine, without a shell: `cec-ctl`, `wpctl`, a relay's own program."""

    def __init__(self, name: str, on: Sequence[str], off: Sequence[str]) -> None:
        self.name = name
        self._commands: Mapping[bool, Sequence[str]] = {True: on, False: off}

    def turn(self, on: bool) -> None:
        for command in self._commands[on]:
            _run(self.name, shlex.split(command))


def dpms(environment: Mapping[str, str] = os.environ) -> CommandSwitch:
    """The screens of this X display, by the signal they save power by. `xset` must be there."""
    name = f"screens of {environment.get('DISPLAY') or 'no display'}"
    return CommandSwitch(name, _DPMS_ON, _DPMS_OFF)


def switches(schedule: Schedule | None) -> list[Switch]:
    """Everything that a schedule switches."""
    if schedule is None:
        return []
    found: list[Switch] = []
    for screen in schedule.screen:
        if at := screen.pjlink:
            found.append(Projector(at.host, at.port, at.password))
        elif screen.on and screen.off:
            found.append(CommandSwitch("screen", [screen.on], [screen.off]))
        else:
            found.append(dpms())
    if schedule.volume:
        found.append(CommandSwitch("volume", [schedule.volume.on], [schedule.volume.off]))
    return found


def _run(name: str, words: Sequence[str]) -> None:
    command = " ".join(words)
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise DeviceError(f"{name}: no program {words[0]}; install it or mend schedule") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", None) or f"not done after {PATIENCE:.0f} s"
        raise DeviceError(f"{name}: {command}: {why}") from None
    # xset says on standard error, and by no exit code, that a display cannot do it
    if done.returncode or (words[0] == "xset" and done.stderr):
        said = next(iter((done.stderr or done.stdout).strip().splitlines()), "")
        raise DeviceError(f"{name}: {command}: {said or f'exit code {done.returncode}'}"[:200])
