"""Every error that may cross from one room into another.

    InstallationError
    ├── ShowError        show.yaml cannot be used; carries every problem found
    ├── ModelError       a model folder cannot be loaded
    │   └── ConsentError     it may not be: the person it depicts does not agree, or no more
    ├── PlaceError       a place, a journey or an animation cannot be used
    ├── FlightError      a flight file cannot be read, or not be drawn again here
    ├── ShaderError      a shader does not compile
    ├── DeviceError      a port, a sound card or a display is not to be had
    └── RunningError     the show is being played already

A message is one line: what happened, where, and what to do about it.
"""

from dataclasses import dataclass

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
EXIT_RUNNING = 3


class InstallationError(Exception):
    """Something a person can mend; shown as one line, without a traceback."""

    exit_code = EXIT_FAILED


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: `file:line: path: message`."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class ShowError(InstallationError):
    """show.yaml cannot be used. `problems` holds all of them, in the order of the file."""

    exit_code = EXIT_BAD_INPUT

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(map(str, self.problems)))


class ModelError(InstallationError):
    """A model folder is missing, truncated, altered, or of another shape than its card says."""


class PlaceError(InstallationError):
    """A file of a place, a journey or an animation is damaged, or is of another model."""


class FlightError(InstallationError):
    """A flight file is damaged or foreign, or the models it was drawn from are not here."""

    exit_code = EXIT_BAD_INPUT


class ConsentError(ModelError):
    """The consent that a model's card carries has lapsed or was withdrawn."""


class ShaderError(InstallationError):
    """A shader does not compile or link; the message carries the driver's own words."""


class DeviceError(InstallationError):
    """A port is taken, a sound card is gone, no display is there."""


class RunningError(InstallationError):
    """The show is being played already; the message names the process."""

    exit_code = EXIT_RUNNING
