"""What a sound is like right now: how loud, in which bands, and whether something just began.

Pure numpy: blocks of samples in, seven numbers out; the sound itself is forgotten after one window
of 43 ms. Loudness follows the 0.6th power of pressure (Stevens 1957).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.control.rows import AUDIO_BANDS
from installation.inputs.onsets import Onsets

Samples = npt.NDArray[np.float32]
Amplitudes = npt.NDArray[np.float64]

UPDATES = 100  # blocks a second
WINDOW = 0.043  # seconds: 23 Hz a bin, enough to part bass from low
THIRDS = 30.0 * 2 ** (np.arange(28) / 3)  # Hz: edges of 27 third-octaves up to 15.4 kHz
BANDS = THIRDS[[0, 6, 11, 17, 22, 27]]  # 30, 120, 381, 1524, 4838, 15360 Hz

GATE_DB = (-60.0, -54.0)  # dBFS: all is silent below, open above; a cheap microphone hisses at -62
FLOOR = 10 ** (-46 / 20)  # RMS; the gain takes nothing softer for a full sound
BAND_FLOOR = 10 ** (-36 / 20)  # nor a band that far below the level
GAIN_DECAY_DB = 1.5  # a second: a slammed door is forgotten in half a minute
RELEASE = 0.1  # seconds: time constant of falling loudness
OFFSET_TIME = 0.5  # seconds: time constant of the tracked direct current
LOUDNESS = 0.6
_HANN_POWER = 3 / 8  # a Hann window's mean square


@dataclass(frozen=True, slots=True)
class FeatureFrame:
    """All from 0 to 1. `bands` are in the order of AUDIO_BANDS. `onset` is 1 when a sound begins
    and falls back in 200 ms, so that a reader slower than the blocks misses none."""

    level: float
    bands: tuple[float, ...]
    onset: float


class Features:
    """Features of a mono signal of `rate` samples a second, taken in blocks of `hop` samples."""

    def __init__(self, rate: float) -> None:
        self.hop = round(rate / UPDATES)
        self._period = self.hop / rate
        self._offset: float | None = None
        self._spectrum = Spectrum(rate)
        self._loud = np.zeros(1 + len(AUDIO_BANDS))  # the level, then the bands
        self._gain = AutomaticGain(len(AUDIO_BANDS), self._period)
        self._onsets = Onsets(self._spectrum.count, self._period)

    def step(self, block: Samples) -> FeatureFrame:
        """The features after `block`: float32 (hop,), full scale 1. Non-finite samples count 0."""
        fresh = self._without_offset(np.nan_to_num(block, posinf=0.0, neginf=0.0))
        powers = self._spectrum.step(fresh)
        now = np.sqrt([np.mean(fresh**2), *self._spectrum.bands(powers)])
        self._loud = np.maximum(now, self._loud * np.exp(-self._period / RELEASE))
        gate = _gate(self._loud[0])
        values = gate * self._gain.step(self._loud) ** LOUDNESS
        onset = self._onsets.step(np.sqrt(powers) / self._gain.full, heard=gate > 0)
        return FeatureFrame(float(values[0]), tuple(values[1:].tolist()), gate * onset)

    def _without_offset(self, block: Samples) -> Samples:
        mean = float(block.mean())
        known = mean if self._offset is None else self._offset
        self._offset = known + (mean - known) * (1 - np.exp(-self._period / OFFSET_TIME))
        return block - np.float32(self._offset)


class Spectrum:
    """Powers in third-octaves of the last WINDOW seconds, as mean squares of the samples."""

    def __init__(self, rate: float) -> None:
        size = 2 ** round(np.log2(WINDOW * rate))  # 2048 at 48 kHz
        self._samples = np.zeros(size, np.float32)
        self._hann = np.hanning(size + 1)[:-1].astype(np.float32)
        self._power = 2 / (size**2 * _HANN_POWER)  # 2 for the negative frequencies
        self._thirds = np.unique(_bins(THIRDS, rate, size))  # the lowest are narrower than a bin
        self._bands = np.searchsorted(self._thirds, _bins(BANDS, rate, size))
        self.count = len(self._thirds) - 1

    def step(self, fresh: Samples) -> Amplitudes:
        """The powers, float (count,), after the samples `fresh`."""
        self._samples[: -len(fresh)] = self._samples[len(fresh) :]
        self._samples[-len(fresh) :] = fresh
        squares = np.abs(np.fft.rfft(self._samples * self._hann)) ** 2
        return np.add.reduceat(squares, self._thirds)[:-1] * self._power

    def bands(self, powers: Amplitudes) -> Amplitudes:
        """`powers` summed into AUDIO_BANDS; a band above half the sampling rate is 0."""
        return np.add.reduceat(np.append(powers, 0.0), self._bands)[:-1]


def _bins(edges: npt.NDArray[np.float64], rate: float, size: int) -> npt.NDArray[np.int64]:
    """The spectrum's bins from `edges` (Hz) on; 0 and 1 are left out, they hold the offset."""
    return np.clip(np.ceil(edges * size / rate).astype(np.int64), 2, size // 2)


def _gate(level: float) -> float:
    """0 in silence, 1 for sound, a straight way between."""
    shut, wide = GATE_DB
    decibels = 20 * np.log10(max(level, 1e-9))
    return float(np.clip((decibels - shut) / (wide - shut), 0.0, 1.0))


class AutomaticGain:
    """Loudness over its own recent peak, so that a whisper and a concert both fill 0 to 1.

    Level and bands have peaks of their own, forgotten slowly, down to a floor."""

    def __init__(self, bands: int, period: float) -> None:
        self._peaks = np.zeros(1 + bands)
        self._floors = np.array([1.0] + [BAND_FLOOR] * bands)
        self._keep = 10 ** (-GAIN_DECAY_DB * period / 20)
        self.full = FLOOR  # the level that counts as full now, RMS

    def step(self, loud: Amplitudes) -> Amplitudes:
        """`loud` (level, then bands; RMS) as 0 to 1 of the recent peaks."""
        self._peaks = np.maximum(loud, self._peaks * self._keep)
        self.full = max(float(self._peaks[0]), FLOOR)
        return loud / np.maximum(self._peaks, self._floors * self.full)
