"""MIDI clock: tempo and phase from pulses, however they jitter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.inputs.midi_clock import LOST, PULSE, START, MidiClock


def run(clock: MidiClock, tempo: float, seconds: float, at: float = 0.0, jitter: float = 0.0):
    """Pulses from `at` on; the time of the last, and the beats it has come to."""
    period, random = 60 / tempo / 24, np.random.default_rng(1)
    count = round(seconds / period)
    for n in range(count):
        clock.hear(PULSE, at + n * period + jitter * random.uniform(-1, 1))
    return at + (count - 1) * period, (count - 1) / 24


@given(st.floats(40, 300), st.floats(0, 0.001))
def test_tempo_and_phase_are_those_of_the_clock(tempo: float, jitter: float):
    clock = MidiClock()
    clock.hear(START, 0.0)
    last, beats = run(clock, tempo, 6.0, jitter=jitter)
    beat = clock.beat(last)
    assert beat is not None
    assert beat.tempo == pytest.approx(tempo, rel=0.005)
    error = (beat.phase - beats + 0.5) % 1.0 - 0.5
    assert abs(error) * 60 / tempo < 0.002  # seconds
    assert beat.confidence == 1.0


def test_a_clock_that_ends_is_gone_half_a_second_later():
    clock = MidiClock()
    last, _ = run(clock, 120, 2.0)
    assert clock.beat(last + LOST - 0.01)
    assert clock.beat(last + LOST + 0.01) is None
    assert MidiClock().beat(0.0) is None


def test_another_tempo_is_known_within_a_beat():
    clock = MidiClock()
    last, _ = run(clock, 90, 4.0)
    last, _ = run(clock, 140, 60 / 140, at=last + 60 / 140 / 24)
    beat = clock.beat(last)
    assert beat
    assert beat.tempo == pytest.approx(140, rel=0.02)


def test_start_is_on_the_beat():
    clock = MidiClock()
    last, _ = run(clock, 120, 1.3)
    clock.hear(START, last + 0.01)
    first = last + 0.1
    run(clock, 120, 0.5, at=first)
    beat = clock.beat(first + 0.5)
    assert beat
    assert min(beat.phase, 1 - beat.phase) < 0.01
