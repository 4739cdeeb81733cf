"""A network and its variants: what an edit needs between the layers is another graph.

The plain graph plays while nothing is edited, so an edit that is not in use costs nothing. A graph
with the taps that an edit needs is made on a thread of its own while the walk goes on without that
edit, is held against the plain one, and takes over from one picture to the next.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.generators.anatomy import Anatomy, parts, without
from installation.generators.protocol import Generator, Network, Picture
from installation.generators.styles import Edit
from installation.generators.taps import PLAIN, Taps
from installation.latent.space import Vector

KEPT = 4  # graphs beside the plain one; each holds the weights again
FAR = 0.05  # mean difference from the plain picture, in its standard deviations: bf16 stays below

log = logging.getLogger("deck")


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """A picture that the plain graph painted, and what of."""

    place: Vector
    psi: float
    edit: Edit | None
    probe: npt.NDArray[np.float32]


class Variants:
    """A model with whatever taps its edits need. See Generator.

    `left_out` tells which parts of the last picture's edit had no graph yet: see anatomy.parts."""

    why = ""

    def __init__(
        self, make: Callable[[Taps], Network], anatomy: Anatomy, patient: bool = False
    ) -> None:
        """`make` gives the network with these taps. `patient` waits for it, picture or not."""
        self._make, self._anatomy, self._patient = make, anatomy, patient
        self.composes = anatomy.composes  # whether a picture can be of several places
        self._plain = plain = make(PLAIN)
        self.name, self.backend = plain.name, plain.backend
        self.width, self.height = plain.width, plain.height
        self.space, self.directions, self.styles = plain.space, plain.directions, plain.styles
        self.left_out = 0
        self._ready: dict[Taps, Network] = {PLAIN: plain}
        self._playing = PLAIN
        self._refused: set[Taps] = set()
        self._sample: _Sample | None = None
        self._maker: threading.Thread | None = None

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        """See Generator.draw. What no graph is ready for is left out of the edit."""
        if edit is None or self._plain.taps is None or not parts(edit):
            self.left_out = 0
            return self._plain.draw(place, psi, out, edit)
        if self._patient:
            self.settle(place, psi, edit)
        played, self.left_out = self._playable(edit)
        self._playing = self._anatomy.taps(played)
        network = self._ready[self._playing]
        good = network.draw(place, psi, out, played)
        if network is self._plain and good:
            self._sample = _Sample(place.copy(), psi, played, network.probe.copy())
        if self.left_out:
            self._begin(self._anatomy.taps(edit))
        return good

    def settle(self, place: Vector, psi: float, edit: Edit | None) -> None:
        """Have what an edit needs ready before its first picture; takes as long as it takes."""
        taps = self._anatomy.taps(edit)
        if self._plain.taps is None or taps in self._ready or taps in self._refused:
            return
        self._wait()
        if self._sample is None:
            out = np.zeros((self.height, self.width, 4), np.uint8)
            if not self._plain.draw(place, psi, out):
                return
            self._sample = _Sample(place.copy(), psi, None, self._plain.probe.copy())
        self._add(taps, self._sample)

    def close(self) -> None:
        """See Generator.close."""
        self._wait()
        for network in self._ready.values():
            network.close()

    def _playable(self, edit: Edit) -> tuple[Edit, int]:
        """As much of the edit as a graph is ready for, and what that leaves out."""
        if self._anatomy.taps(edit) in self._ready:
            return edit, 0
        for left_out in _fewest_first(parts(edit)):
            less = without(edit, left_out)
            if self._anatomy.taps(less) in self._ready:
                return less, left_out
        raise AssertionError("the plain graph is always ready")

    def _begin(self, taps: Taps) -> None:
        """Make a graph beside the show, unless one is being made; only one at a time."""
        busy = self._maker is not None and self._maker.is_alive()
        if busy or taps in self._refused or self._sample is None:
            return
        given = taps, self._sample
        self._maker = threading.Thread(target=self._add, args=given, name="variant", daemon=True)
        self._maker.start()

    def _add(self, taps: Taps, sample: _Sample) -> None:
        """Make, compare, take up. Nothing that goes wrong here may reach the picture."""
        try:
            network = self._make(taps)
            if not self._agrees(network, sample):
                raise ValueError("at rest it paints another picture than the plain graph")
        except Exception as error:
            self._refused.add(taps)
            log.error("no edit of this kind, the plain picture goes on: %s: %s", taps, error)
            return
        self._take_up(taps, network)

    def _agrees(self, network: Network, sample: _Sample) -> bool:
        out = np.zeros((self.height, self.width, 4), np.uint8)
        good = network.draw(sample.place, sample.psi, out, sample.edit)
        away = np.abs(network.probe - sample.probe).mean()
        return good and away <= FAR * max(float(sample.probe.std()), 1e-3)

    def _take_up(self, taps: Taps, network: Network) -> None:
        """A new table in one assignment: the drawing thread sees the old one or the new. The
        oldest makes room, but for what plays."""
        spare = [each for each in self._ready if each not in (PLAIN, self._playing)]
        gone = spare[: max(len(self._ready) - KEPT, 0)]
        self._ready = {t: n for t, n in self._ready.items() if t not in gone} | {taps: network}

    def _wait(self) -> None:
        if self._maker is not None:
            self._maker.join()


def left_out(generator: Generator) -> int:
    """What of the last picture's edit had no graph yet."""
    return generator.left_out if isinstance(generator, Variants) else 0


def _fewest_first(whole: int) -> Iterator[int]:
    """All ways to leave some of these bits out, those that leave least first."""
    bits = [1 << n for n in range(whole.bit_length()) if whole >> n & 1]
    ways = [sum(b for n, b in enumerate(bits) if way >> n & 1) for way in range(1 << len(bits))]
    return iter(sorted(ways, key=lambda way: (way.bit_count(), way)))
