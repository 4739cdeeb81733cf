"""Another program measured beside ours, turn by turn, so that both meet the same machine."""

import os
import shlex
import subprocess

from installation.bench.subjects import Subject
from installation.errors import InstallationError

# In the rival's environment: how long it is asked to run, and what the network is that it meets.
SECONDS, MODEL, RESOLUTION = "BENCH_SECONDS", "BENCH_MODEL", "BENCH_RESOLUTION"
_PATIENCE = 300.0  # seconds more than that, for its start


class Rival:
    """A command that prints the milliseconds of each of its pictures, one number a line."""

    def __init__(self, command: str, subject: Subject) -> None:
        self.command = command
        self._told = {MODEL: subject.name, RESOLUTION: str(subject.resolution)}
        self.times: list[float] = []

    def play(self, seconds: float) -> None:
        """One run of the command. Raises InstallationError when it fails or tells no number."""
        told = [number for line in self._output(seconds).splitlines() if (number := _number(line))]
        if not told:
            raise InstallationError(
                f"--against {self.command!r} printed no milliseconds; one number a line is read"
            )
        self.times += told

    def _output(self, seconds: float) -> str:
        environment = {**os.environ, **self._told, SECONDS: f"{seconds:g}"}
        try:
            done = subprocess.run(
                shlex.split(self.command),
                env=environment,
                capture_output=True,
                text=True,
                timeout=seconds + _PATIENCE,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise InstallationError(f"--against {self.command!r}: {error}") from None
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word on stderr"])[-1]
            raise InstallationError(
                f"--against {self.command!r} ended with {done.returncode}: {last}"
            )
        return done.stdout


def _number(line: str) -> float | None:
    try:
        number = float(line)
    except ValueError:
        return None
    return number if 0.0 < number < float("inf") else None
