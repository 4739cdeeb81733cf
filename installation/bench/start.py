"""From nothing to a model's first picture: a process of its own, as a deck's is.

    python -m installation.bench.start FOLDER

A show that comes back after a power cut waits for this; see also what `installation prepare` does.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.bench.subjects import Subject
from installation.clock import Clock

_STARTS = 3  # the first may compile what later ones find compiled
_LONGEST = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Start:
    """How long a prepared model took to its first picture."""

    model: str
    seconds: float
    backend: str
    torch: bool  # whether that was imported for it

    def as_json(self) -> dict[str, Any]:
        """As in --json."""
        told = {"model": self.model, "backend": self.backend, "torch": self.torch}
        return {**told, "seconds": round(self.seconds, 3)}

    def __str__(self) -> str:
        words = f"{self.backend}, with{'' if self.torch else 'out'} torch"
        return f"start: {self.model}, its first picture {self.seconds:.2f} s after nothing: {words}"


def start(subject: Subject, clock: Clock) -> Start | None:
    """The shortest of three starts; None for random weights, and where the model does not play."""
    if subject.folder is None:
        return None
    command = [sys.executable, "-m", __name__, str(subject.folder.resolve())]
    seconds, said = float("inf"), ""
    for _ in range(_STARTS):
        begun = clock.now()
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST)
        seconds = min(seconds, clock.now() - begun)
        if done.returncode:
            return None
        said = done.stdout
    backend, torch = said.splitlines()[-1].rsplit(" ", 1)
    return Start(subject.name, seconds, backend, torch == "True")


def main(folder: str) -> None:
    """One start: loads the model as a deck does and paints a place."""
    import numpy as np

    from installation.decks.loading import load

    generator = load(folder, Path())
    out = np.zeros((generator.height, generator.width, 4), np.uint8)
    generator.draw(np.random.default_rng(0).standard_normal(generator.space.z_dim), 1.0, out)
    print(generator.backend, "torch" in sys.modules)


if __name__ == "__main__":
    main(sys.argv[1])
