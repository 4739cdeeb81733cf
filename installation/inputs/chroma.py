"""How strong each of the twelve pitch classes is, whatever the octave. Pure.

Spectral peaks, their frequencies refined by a parabola, are gathered by pitch class (Fujishima
1999; peaks instead of bins after Gómez 2006). Equal temperament, a' at 440 Hz.
"""

import numpy as np
import numpy.typing as npt

WINDOW = 0.17  # seconds: 6 Hz a bin; parts semitones from about 200 Hz up
EVERY = 0.04  # seconds between two looks
RANGE = (180.0, 4000.0)  # Hz: below, semitones run together; above is little pitch
PEAK = 0.05  # of the highest: softer peaks do not count
_C4 = 261.6256  # Hz


class Chroma:
    """Pitch classes of a signal of `rate` samples a second, that comes in blocks of `hop`."""

    def __init__(self, rate: float, hop: int) -> None:
        size = 2 ** round(np.log2(WINDOW * rate))
        self._samples = np.zeros(size, np.float32)
        self._hann = np.hanning(size + 1)[:-1].astype(np.float32)
        self._width = rate / size
        self._bins = slice(*(round(edge / self._width) for edge in RANGE))
        self._every, self._blocks = max(round(EVERY * rate / hop), 1), 0
        self._strengths = np.zeros(12)

    def step(self, fresh: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Strengths from 0 to 1, float64 (12,) from c to b, the strongest 1, or all 0."""
        self._samples[: -len(fresh)] = self._samples[len(fresh) :]
        self._samples[-len(fresh) :] = fresh
        self._blocks += 1
        if self._blocks % self._every == 0:
            self._strengths = self._look()
        return self._strengths

    def _look(self) -> npt.NDArray[np.float64]:
        amplitudes = np.abs(np.fft.rfft(self._samples * self._hann))[self._bins]
        left, middle, right = amplitudes[:-2], amplitudes[1:-1], amplitudes[2:]
        loud = middle > max(PEAK * float(amplitudes.max(initial=0.0)), 1e-9)
        peaks = np.flatnonzero((middle > left) & (middle >= right) & loud)
        if not len(peaks):
            return np.zeros(12)
        a, b, c = (np.log(np.maximum(part[peaks], 1e-12)) for part in (left, middle, right))
        places = self._bins.start + 1 + peaks + 0.5 * (a - c) / (a - 2 * b + c)
        classes = np.round(12 * np.log2(places * self._width / _C4)).astype(int) % 12
        total = np.bincount(classes, middle[peaks] ** 2, 12)
        return np.sqrt(total / total.max())
