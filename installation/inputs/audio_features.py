"""What a sound is like right now: how loud, in which bands, and whether something just began.

Pure numpy: blocks of samples in, AUDIO_FEATURES out; the sound itself is forgotten after the
longest window, 171 ms. Loudness follows the 0.6th power of pressure (Stevens 1957).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.control.told_rows import AUDIO_BANDS, PITCHES
from installation.inputs.chroma import Chroma
from installation.inputs.onsets import Flux, Onsets
from installation.inputs.tempo import NO_BEAT, Beat, Tempo

Samples = npt.NDArray[np.float32]
Amplitudes = npt.NDArray[np.float64]

UPDATES = 100  # blocks a second
WINDOW = 0.043  # seconds: 23 Hz a bin, enough to part bass from low
THIRDS = 30.0 * 2 ** (np.arange(28) / 3)  # Hz: edges of 27 third-octaves up to 15.4 kHz
TWELFTHS = 30.0 * 2 ** (np.arange(109) / 12)  # Hz: edges of 108 bands, for the onsets
BANDS = THIRDS[[0, 6, 11, 17, 22, 27]]  # 30, 120, 381, 1524, 4838, 15360 Hz

GATE_DB = -54.0  # dBFS: open above; a cheap microphone hisses at -62
GATE_WIDTH_DB = 6.0  # all is silent that much below
FLOOR = 10 ** (-46 / 20)  # RMS; the gain takes nothing softer for a full sound
BAND_FLOOR = 10 ** (-36 / 20)  # nor a band that far below the level
GAIN_DECAY_DB = 1.5  # a second: a slammed door is forgotten in half a minute
RELEASE = 0.1  # seconds: time constant of falling loudness
OFFSET_TIME = 0.5  # seconds: time constant of the tracked direct current
LOUDNESS = 0.6
_HANN_POWER = 3 / 8  # a Hann window's mean square


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the features follow the sound: time constants in seconds, and the gate in dBFS."""

    attack: float = 0.0
    release: float = RELEASE
    gate: float = GATE_DB

    def follow(self, before: Amplitudes, now: Amplitudes, period: float) -> Amplitudes:
        """The envelope of `now` a `period` after `before`. A release without attack keeps peaks."""
        up = now + (before - now) * _keep(self.attack, period)
        down = before * _keep(self.release, period)
        return np.where(now > before, up, np.maximum(now, down))

    def open(self, level: float) -> float:
        """0 in silence, 1 for sound, a straight way between. `level` is an RMS."""
        decibels = 20 * np.log10(max(level, 1e-9))
        return float(np.clip((decibels - self.gate) / GATE_WIDTH_DB + 1.0, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class FeatureFrame:
    """From 0 to 1, but the tempo in beats a minute. `bands` are in the order of AUDIO_BANDS.
    `onset` is 1 when a sound begins and falls back in 200 ms, so that a reader slower than the
    blocks misses none. `chroma` is in the order of PITCHES."""

    level: float
    bands: tuple[float, ...]
    onset: float
    centroid: float = 0.0
    beat: Beat = NO_BEAT
    chroma: tuple[float, ...] = (0.0,) * 12

    @property
    def values(self) -> tuple[float, ...]:
        """In the order of AUDIO_FEATURES."""
        beat = (self.beat.tempo, self.beat.phase, self.beat.confidence)
        return (self.level, *self.bands, self.onset, self.centroid, *beat, *self.chroma)


class Features:
    """Features of a mono signal of `rate` samples a second, taken in blocks of `hop` samples."""

    def __init__(self, rate: float, envelope: Envelope | None = None) -> None:
        self.hop = round(rate / UPDATES)
        self._period = self.hop / rate
        self._envelope = envelope or Envelope()
        self._offset: float | None = None
        self._spectrum = Spectrum(rate)
        self._loud = np.zeros(1 + len(AUDIO_BANDS))  # the level, then the bands
        self._gain = AutomaticGain(len(AUDIO_BANDS), self._period)
        self._flux = Flux(self._spectrum.count)
        self._onsets = Onsets(self._spectrum.fine_count, self._period)
        self._tempo = Tempo(self._period)
        self._chroma = Chroma(rate, self.hop)
        self._pitches = np.zeros(len(PITCHES))

    def step(self, block: Samples) -> FeatureFrame:
        """The features after `block`: float32 (hop,), full scale 1. Non-finite samples count 0."""
        fresh = self._without_offset(np.nan_to_num(block, posinf=0.0, neginf=0.0))
        powers = self._spectrum.step(fresh)
        now = np.sqrt([np.mean(fresh**2), *self._spectrum.bands(powers)])
        self._loud = self._envelope.follow(self._loud, now, self._period)
        gate = self._envelope.open(self._loud[0])
        values = gate * self._gain.step(self._loud) ** LOUDNESS
        flux = self._flux.step(np.sqrt(powers) / self._gain.full)
        onset = self._onsets.step(np.sqrt(self._spectrum.fine) / self._gain.full, heard=gate > 0)
        self._pitches = self._envelope.follow(self._pitches, self._chroma.step(fresh), self._period)
        return FeatureFrame(
            level=float(values[0]),
            bands=tuple(values[1:].tolist()),
            onset=gate * onset,
            centroid=gate * self._spectrum.centroid,
            beat=self._tempo.step(flux, heard=gate > 0),
            chroma=tuple((gate * self._pitches).tolist()),
        )

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
        self._twelfths = np.unique(_bins(TWELFTHS, rate, size))
        self.fine_count = len(self._twelfths) - 1
        self.fine = np.zeros(self.fine_count)  # powers of the last step in TWELFTHS
        self._hertz = np.arange(size // 2 + 1) * rate / size
        self.centroid = 0.0  # of the last step, 0 to 1 by octaves of BANDS

    def step(self, fresh: Samples) -> Amplitudes:
        """The powers, float (count,), after the samples `fresh`."""
        self._samples[: -len(fresh)] = self._samples[len(fresh) :]
        self._samples[-len(fresh) :] = fresh
        squares = np.abs(np.fft.rfft(self._samples * self._hann)) ** 2
        squares[:2] = 0.0  # the offset
        self.centroid = self._centroid(squares)
        self.fine = np.add.reduceat(squares, self._twelfths)[:-1] * self._power
        return np.add.reduceat(squares, self._thirds)[:-1] * self._power

    def _centroid(self, squares: Amplitudes) -> float:
        """By power: hiss over the whole spectrum hardly moves it."""
        middle = float(squares @ self._hertz) / max(float(squares.sum()), 1e-12)
        place = np.log2(max(middle, 1.0) / BANDS[0]) / np.log2(BANDS[-1] / BANDS[0])
        return float(np.clip(place, 0.0, 1.0))

    def bands(self, powers: Amplitudes) -> Amplitudes:
        """`powers` summed into AUDIO_BANDS; a band above half the sampling rate is 0."""
        return np.add.reduceat(np.append(powers, 0.0), self._bands)[:-1]


def _bins(edges: npt.NDArray[np.float64], rate: float, size: int) -> npt.NDArray[np.int64]:
    """The spectrum's bins from `edges` (Hz) on; 0 and 1 are left out, they hold the offset."""
    return np.clip(np.ceil(edges * size / rate).astype(np.int64), 2, size // 2)


def _keep(tau: float, period: float) -> float:
    """What is left of a difference after `period` with a time constant of `tau` seconds."""
    return float(np.exp(-period / tau)) if tau > 0 else 0.0


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
