"""The features of synthetic sounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.control.told_rows import AUDIO_BANDS, AUDIO_FEATURES, PITCHES
from installation.inputs.audio_features import BANDS, Envelope, FeatureFrame, Features
from installation.inputs.onsets import REFRACTORY

RATE = 48000


def heard(signal: np.ndarray, rate: int = RATE) -> list[FeatureFrame]:
    features = Features(rate)
    blocks = len(signal) // features.hop
    hops = signal[: blocks * features.hop].astype(np.float32).reshape(blocks, features.hop)
    return [features.step(hop) for hop in hops]


def seconds(count: float, rate: int = RATE) -> np.ndarray:
    return np.arange(int(count * rate)) / rate


def sine(hertz: float, rate: int = RATE, loud: float = 0.3) -> np.ndarray:
    return loud * np.sin(2 * np.pi * hertz * seconds(2, rate))


def noise(count: float, loud: float, seed: int = 0) -> np.ndarray:
    return loud * np.random.default_rng(seed).standard_normal(int(count * RATE))


def table(frames: list[FeatureFrame]) -> np.ndarray:
    """Columns: AUDIO_FEATURES."""
    return np.array([frame.values for frame in frames])


def middle(band: int) -> float:
    return float(np.sqrt(BANDS[band] * BANDS[band + 1]))


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("band", range(5), ids=AUDIO_BANDS)
def test_a_sine_raises_its_band_above_the_others(band: int, rate: int) -> None:
    last = heard(sine(middle(band), rate), rate)[-1]
    others = [value for place, value in enumerate(last.bands) if place != band]
    assert last.bands[band] > 0.95
    assert max(others) < 0.5
    assert last.level > 0.8


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
def test_there_are_ninety_updates_a_second_at_least(rate: int) -> None:
    assert rate / Features(rate).hop >= 90


def test_a_telephone_microphone_has_no_air() -> None:
    last = heard(sine(1000, 8000), 8000)[-1]
    assert last.bands[AUDIO_BANDS.index("mid")] > 0.95
    assert last.bands[AUDIO_BANDS.index("air")] == 0


@pytest.mark.parametrize("loud", [0.0, 1e-5, 1e-4], ids=["digital", "-100 dB", "-80 dB"])
def test_silence_is_nought(loud: float) -> None:
    assert not table(heard(noise(3, loud))).any()


def test_silence_after_sound_comes_to_rest_within_a_second() -> None:
    frames = table(heard(np.concatenate([sine(300), noise(1, 1e-4)])))
    assert not frames[-1].any()


def test_a_constant_offset_is_no_sound() -> None:
    frames = table(heard(0.4 + noise(3, 1e-4)))
    assert not frames.any()


def test_an_offset_changes_nothing_in_a_sound() -> None:
    plain, shifted = table(heard(sine(440))), table(heard(sine(440) + 0.5))
    np.testing.assert_allclose(plain[100:], shifted[100:], atol=0.01)


def test_broken_samples_do_not_spread() -> None:
    signal = sine(300)
    signal[::1000] = np.nan
    signal[500::1000] = np.inf
    frames = table(heard(signal))
    assert np.isfinite(frames).all()
    assert table(heard(np.concatenate([signal, sine(300)])))[-1, 0] > 0.5


def music(count: float = 6.0) -> np.ndarray:
    """Plucked chords with a kick drum; the loudest 10 ms have an RMS of -5 dBFS."""
    time = seconds(count)
    beat = time % 0.5
    kick = np.exp(-beat / 0.08) * np.sin(2 * np.pi * 60 * time)
    chord = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in range(1, 12))
    signal = kick + chord * (0.7 + np.exp(-((time - 0.25) % 0.5) / 0.2))
    loudest = np.sqrt((signal.reshape(-1, RATE // 100) ** 2).mean(axis=1).max())
    return signal * 10 ** (-5 / 20) / loudest


@pytest.mark.parametrize("quieter", [10, 20, 30, 40])
def test_a_sound_counts_the_same_over_forty_decibels(quieter: int) -> None:
    loud, soft = table(heard(music())), table(heard(music() * 10 ** (-quieter / 20)))
    np.testing.assert_allclose(soft[10:, :6], loud[10:, :6], atol=0.05)
    np.testing.assert_array_equal(soft[:, 6] == 1, loud[:, 6] == 1)


def test_the_gain_recovers_from_a_slammed_door() -> None:
    slam = noise(0.2, 1.0)
    quiet = 0.01 * np.tile(music(), 6)
    frames = table(heard(np.concatenate([quiet[: RATE * 3], slam, quiet])))
    assert frames[400:500, 0].max() < 0.3
    assert frames[-200:, 0].max() > 0.8


def strokes(kind: str, hiss: float, seed: int) -> tuple[np.ndarray, list[float]]:
    """Twelve seconds of hits at irregular times over hiss, and those times."""
    random = np.random.default_rng(seed)
    signal = noise(12, hiss, seed)
    time = seconds(0.35)
    shapes = {
        "click": np.eye(1, len(time))[0] * 0.5,
        "burst": 0.2 * np.exp(-time / 0.015) * random.standard_normal(len(time)),
        "kick": 0.5 * np.exp(-time / 0.04) * np.sin(2 * np.pi * 60 * time),
        "pluck": 0.25
        * np.exp(-time / 0.1)
        * sum(np.sin(2 * np.pi * 330 * k * time) / k for k in range(1, 8)),
    }
    times = np.cumsum(random.uniform(0.2, 0.6, 24)) + 0.7
    times = [float(at) for at in times if at < 11.5]
    for at in times:
        signal[int(at * RATE) :][: len(time)] += shapes[kind]
    return signal, times


@pytest.mark.parametrize("hiss", [1e-4, 3e-3, 1e-2])
@pytest.mark.parametrize("kind", ["click", "burst", "kick", "pluck"])
def test_onsets_are_found_and_little_else(kind: str, hiss: float) -> None:
    found = expected = right = hit = 0
    for seed in range(3):
        signal, times = strokes(kind, hiss, seed)
        onsets = np.flatnonzero(table(heard(signal))[:, 6] == 1) / 100 + 0.01
        onsets = onsets[onsets > 0.6]  # the hiss begins, too
        close = np.abs(onsets[:, None] - np.array(times)) < 0.05
        found, right = found + len(onsets), right + close.any(axis=1).sum()
        expected, hit = expected + len(times), hit + close.any(axis=0).sum()
    assert hit / expected > 0.9
    assert right / found > 0.9


STEADY = {
    "noise": noise(5, 0.1),
    "tremolo": sine(330)[: RATE * 2] * (1 + 0.3 * np.sin(2 * np.pi * 3 * seconds(2))),
    "vibrato": 0.3 * np.sin(2 * np.pi * 330 * seconds(2) + 8 * np.sin(2 * np.pi * 5 * seconds(2))),
    "beating": sine(100) + sine(103),
}


@pytest.mark.parametrize("signal", STEADY.values(), ids=STEADY)
def test_a_steady_sound_begins_once(signal: np.ndarray) -> None:
    assert (table(heard(signal))[:, 6] == 1).sum() <= 1


def test_an_onset_falls_back_in_a_fifth_of_a_second() -> None:
    signal = noise(1, 1e-3)
    signal[RATE // 2] = 0.5
    onset = table(heard(signal))[:, 6]
    peak = 40 + int(np.argmax(onset[40:]))
    np.testing.assert_allclose(onset[peak : peak + 21], np.linspace(1, 0, 21), atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(-80, 6))
def test_any_sound_gives_numbers_from_nought_to_one(seed: int, decibels: float) -> None:
    random = np.random.default_rng(seed)
    envelope = np.repeat(random.uniform(0, 1, 20), RATE // 20)
    frames = table(heard(envelope * noise(1, 10 ** (decibels / 20), seed)))
    assert (frames >= 0).all()
    assert (np.delete(frames, AUDIO_FEATURES.index("tempo"), axis=1) <= 1).all()
    starts = np.flatnonzero(frames[:, 6] >= 0.999)
    assert (np.diff(starts) >= round(REFRACTORY * 100)).all()


@pytest.mark.parametrize("note", range(55, 80))
def test_a_note_is_its_pitch_class(note: int) -> None:
    hertz = 440 * 2 ** ((note - 69) / 12)
    tone = sum(sine(hertz * k)[: RATE // 2] / k for k in range(1, 3))
    strengths = heard(np.asarray(tone))[-1].chroma
    assert PITCHES[int(np.argmax(strengths))] == PITCHES[note % 12]
    assert sorted(strengths)[-2] < 0.3


def test_a_chord_is_its_three_pitches() -> None:
    chord = sine(261.63) + sine(329.63) + sine(392.0)
    strengths = np.array(heard(0.3 * chord[: RATE // 2])[-1].chroma)
    assert {PITCHES[i] for i in np.flatnonzero(strengths > 0.5)} == {"c", "e", "g"}


@pytest.mark.parametrize("hertz", [100, 440, 2000, 8000])
def test_the_centroid_of_a_sine_is_its_place_among_the_octaves(hertz: float) -> None:
    expected = np.log2(hertz / 30) / 9
    assert heard(sine(hertz)[: RATE // 2])[-1].centroid == pytest.approx(expected, abs=0.02)


def test_loudness_rises_with_the_attack_and_falls_with_the_release() -> None:
    slow, burst = Envelope(attack=0.2, release=0.5), np.concatenate([sine(300), noise(1, 1e-4)])
    level, period = np.zeros(1), 0.01
    rising = [level := slow.follow(level, np.ones(1), period) for _ in range(20)]
    assert rising[-1] == pytest.approx(1 - np.exp(-1))
    falling = [level := slow.follow(level, np.zeros(1), period) for _ in range(50)]
    assert falling[-1] == pytest.approx(rising[-1] * np.exp(-1))
    assert table(heard(burst))[:, 0].max() > 0.8


def test_what_is_softer_than_the_gate_is_silence() -> None:
    features = Features(RATE, Envelope(gate=-20.0))
    block = (0.01 * (-1.0) ** np.arange(480)).astype(np.float32)
    assert not any(any(features.step(block).values) for _ in range(100))
