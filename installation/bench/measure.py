"""Every backend of one network, turn by turn, held against torch in f32."""

import importlib.util
import sys
from collections.abc import Sequence

import numpy as np

from installation.bench.rival import Rival
from installation.bench.rows import Row, Spread
from installation.bench.subjects import Subject
from installation.bench.trial import Trial, hold_against
from installation.clock import Clock
from installation.decks.choosing import BACKENDS, choose, installed
from installation.decks.loading import play
from installation.errors import ModelError
from installation.generators.architecture3 import Architecture3
from installation.generators.taps import WHOLE, Taps, Variant
from installation.progress import progress

ROUNDS = 4  # turns each backend has: what disturbs the machine for a while disturbs all of them

# By a few words: what an edit needs of the graph (docs/edits.md), in a layer of the middle.
EDITS = {
    "bend": Taps(bends=(("affine", 16),)),
    "x-ray": Taps(xray=16),
    "2 places": Taps(regions=2),
}


class Measurement:
    """One network on the backends `names`; `skipped` says which could not play it, and why.

    With `edits` the first backend also plays the graph of each of EDITS, given numbers that change
    nothing: it computes as much as with others, and paints what can be compared."""

    def __init__(
        self, subject: Subject, names: Sequence[str], clock: Clock, edits: bool = False
    ) -> None:
        self._subject, self._clock = subject, clock
        self.skipped: list[str] = []
        self._trials: list[tuple[str, Trial]] = []
        ways = [(name, exact, "") for name in names for exact in _ways(name)]
        if edits:
            one = isinstance(subject.card.architecture.built(), Architecture3)
            possible = [edit for edit, taps in EDITS.items() if taps.regions == 1 or not one]
            ways += [(names[0], False, edit) for edit in possible]
        for way in progress(ways, len(ways), f"loading {subject.name}", sys.stderr):
            self._start(*way)
        hold_against(self._reference(), [trial for _, trial in self._trials])
        self._ceilings: dict[tuple[str, str], float] = {}

    def play(self, seconds: float, rival: Rival | None) -> None:
        """Let each backend play for `seconds`, in turns with the others and with the rival."""
        players = [trial.play for _, trial in self._trials]
        turns = ([*players, rival.play] if rival else players) * ROUNDS
        for turn in progress(turns, len(turns), f"measuring {self._subject.name}", sys.stderr):
            turn(seconds / ROUNDS)

    def rows(self) -> list[Row]:
        """The figures so far."""
        return [self._row(name, trial) for name, trial in self._trials]

    def close(self) -> None:
        """Give the memory back."""
        for _, trial in self._trials:
            trial.network.close()

    def _start(self, name: str, exact: bool, edit: str) -> None:
        """A trial, unless this backend plays the same way whether exact or fast."""
        subject, variant = self._subject, Variant(EDITS[edit]) if edit else WHOLE
        try:
            network = play(name, subject.card, subject.weights, exact, variant=variant)
        except ModelError as error:
            self.skipped += [str(error)] if exact == _ways(name)[0] else []
            return
        words = f"{network.backend} +{edit}" if edit else network.backend
        if any(words == trial.words for _, trial in self._trials):
            network.close()
            return
        self._trials.append((name, Trial(subject, network, self._clock, words)))

    def _reference(self) -> np.ndarray | None:
        if not importlib.util.find_spec("torch"):
            return None
        network = play("torch", self._subject.card, self._subject.weights, exact=True)
        probes = Trial(self._subject, network, self._clock).probes()
        network.close()
        return probes

    def _row(self, name: str, trial: Trial) -> Row:
        network, subject = trial.network, self._subject
        times = Spread.of(trial.network_ms)
        within = np.add(trial.network_ms, trial.mapping_ms)
        around = np.median(np.subtract(trial.deck_ms, within))
        return Row(
            backend=name,
            words=trial.words,
            precision=network.precision,
            model=subject.name,
            resolution=subject.resolution,
            network=times,
            mapping=Spread.of(trial.mapping_ms),
            deck=Spread.of(trial.deck_ms),
            overhead=float(around),
            fps=1e3 / float(np.mean(trial.deck_ms)),
            max_error=trial.wrong.most if trial.wrong else None,
            mean_error=trial.wrong.mean if trial.wrong else None,
            gflops=1e3 * subject.gflop / times.p50 if subject.gflop else None,
            ceiling=self._ceiling(network.backend, network.precision),
        )

    def _ceiling(self, backend: str, precision: str) -> float:
        from installation.bench.ceiling import ceiling

        device = "cuda" if "cuda" in backend or "tensorrt" in backend else "cpu"
        if (device, precision) not in self._ceilings:
            self._ceilings[device, precision] = ceiling(device, precision, self._clock)
        return self._ceilings[device, precision]


def _ways(name: str) -> tuple[bool, ...]:
    """Exact, and then fast, which may be the same; a TensorRT engine has one precision only."""
    return (False,) if name == "tensorrt" else (True, False)


def present(wanted: Sequence[str]) -> list[str]:
    """The backends of these names, all that are installed if none. Raises ModelError."""
    if wanted:
        return [choose(name).backend if name == "auto" else _here(name) for name in wanted]
    return [name for name in BACKENDS if installed(name)]


def _here(name: str) -> str:
    if not installed(name):
        raise ModelError(f"backend {name} is not installed; choose of {', '.join(present([]))}")
    return name
