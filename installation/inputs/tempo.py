"""Tempo and beat of a series of spectral fluxes. Pure.

The tempo is the comb that best fits the flux's autocorrelation over eight seconds: teeth on the
beats count for it, teeth half-way between them against it, which settles most doubts between a
tempo and its half (combs: Scheirer 1998; the weight around 120 a minute: Ellis 2007). The phase is
that of the flux's Fourier component at that tempo, the latest beats counting most.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MEMORY = 8.0  # seconds
LEARN = 3.0  # seconds of sound before the first guess
EVERY = 0.25  # seconds between two guesses
TEMPI = 60.0 * 3 ** (np.arange(301) / 300)  # beats a minute, 0.4 % apart, to 180
TEETH = np.arange(1, 5)
AGAINST = 0.3  # weight of a tooth between two beats
PRIOR_OCTAVES = 1.2  # standard deviation of the weight around 120
BLUR = 0.015  # seconds: a beat's width; makes the autocorrelation smooth between its lags
LEAST = 0.25  # confidence under which no tempo is told; steady noise reaches 0.15
RECENT = 2.5  # seconds: time constant of the phase's memory
PULL = 0.35  # of the error in phase is mended at each guess
LATE = 0.015  # seconds from a click to the peak of its flux: a part of the analysis window


@dataclass(frozen=True, slots=True)
class Beat:
    """`tempo` in beats a minute, `phase` from 0 on the beat to 1, `confidence` from 0 to 1."""

    tempo: float = 0.0
    phase: float = 0.0
    confidence: float = 0.0


NO_BEAT = Beat()


class Tempo:
    """The beat of fluxes that come one each `period` seconds."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._fluxes = np.zeros(round(MEMORY / period))
        self._every = round(EVERY / period)
        self._steps = 0
        self._heard = 0.0  # seconds of sound, up to MEMORY
        reach = np.arange(-3, 4)
        blur = np.exp(-0.5 * (reach * period / BLUR) ** 2)
        self._blur = blur / blur.sum()
        lags = 60 / TEMPI[:, None] / period
        self._on, self._between = lags * TEETH, lags * (TEETH - 0.5)
        self._prior = np.exp(-0.5 * (np.log2(TEMPI / 120) / PRIOR_OCTAVES) ** 2)
        self._ages = period * np.arange(len(self._fluxes))[::-1]
        self._beat = NO_BEAT

    def step(self, flux: float, heard: bool) -> Beat:
        """The beat after one more `flux`; what is not `heard` counts 0."""
        self._fluxes[:-1] = self._fluxes[1:]
        self._fluxes[-1] = flux if heard else 0.0
        self._heard = min(self._heard + self._period, MEMORY) if self._fluxes.any() else 0.0
        self._steps += 1
        phase = (self._beat.phase + self._beat.tempo / 60 * self._period) % 1.0
        self._beat = Beat(self._beat.tempo, phase, self._beat.confidence)
        if self._steps % self._every == 0:
            self._beat = self._guess()
        return self._beat

    def _guess(self) -> Beat:
        recent = self._fluxes[-round(LEARN / self._period) :]
        if self._heard < LEARN or not recent.any():
            return NO_BEAT
        known = self._fluxes[-round(self._heard / self._period) :]  # a beginning is no rhythm
        envelope = np.convolve(known, self._blur, "same").astype(np.float64)
        tempo, confidence = self._fit(envelope - envelope.mean())
        if confidence < LEAST:
            return Beat(confidence=confidence)
        measured = self._phase(envelope, tempo)
        if self._beat.tempo == 0:
            return Beat(tempo, measured, confidence)
        error = (measured - self._beat.phase + 0.5) % 1.0 - 0.5
        return Beat(tempo, (self._beat.phase + PULL * error) % 1.0, confidence)

    def _fit(self, envelope: npt.NDArray[np.float64]) -> tuple[float, float]:
        """The tempo whose comb fits best, and how well: 1 for a perfect repetition."""
        count = len(envelope)
        power = np.abs(np.fft.rfft(envelope, 2 * count)) ** 2
        alike = np.fft.irfft(power)[:count] * count / np.arange(count, 0, -1)
        alike /= max(alike[0], 1e-12)
        lags = np.arange(count)
        on = np.interp(self._on, lags, alike).mean(axis=1)
        between = np.interp(self._between, lags, alike).mean(axis=1)
        best = int(np.argmax((on - AGAINST * np.maximum(between, 0.0)) * self._prior))
        return float(TEMPI[best]), float(np.clip(on[best], 0.0, 1.0))

    def _phase(self, envelope: npt.NDArray[np.float64], tempo: float) -> float:
        """Where between two beats the end of `envelope` is."""
        ages = self._ages[-len(envelope) :]
        turns = tempo / 60 * (ages + LATE)
        total = np.sum(envelope * np.exp(-ages / RECENT) * np.exp(2j * np.pi * turns))
        return float(np.angle(total) / (2 * np.pi) % 1.0)
