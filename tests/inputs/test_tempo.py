"""Tempo, beat and onsets of synthetic rhythms whose answers are known."""

import numpy as np
import pytest

from installation.inputs.audio_features import FeatureFrame, Features

RATE = 48000
FIRST = 0.3  # seconds to the first hit


def heard(signal: np.ndarray) -> list[FeatureFrame]:
    features = Features(RATE)
    blocks = signal[: len(signal) // features.hop * features.hop].astype(np.float32)
    return [features.step(block) for block in blocks.reshape(-1, features.hop)]


def hiss(seconds: float, loud: float = 1e-4) -> np.ndarray:
    return loud * np.random.default_rng(0).standard_normal(int(seconds * RATE))


def clicks(tempo: float, seconds: float) -> np.ndarray:
    signal = hiss(seconds)
    signal[(np.arange(FIRST, seconds, 60 / tempo) * RATE).astype(int)] += 0.5
    return signal


def drums(tempo: float, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Kick, snare on two and four, hats on the eighths, 12 dB under the kick; and their times."""
    random, time = np.random.default_rng(0), np.arange(RATE * 3 // 10) / RATE
    glide = 50 * time - 3 * np.exp(-time / 0.03)
    kick = 0.5 * np.exp(-time / 0.05) * np.sin(2 * np.pi * glide)
    snare = 0.25 * np.exp(-time / 0.06) * random.standard_normal(len(time))
    hat = 0.12 * np.exp(-time / 0.03) * np.diff(random.standard_normal(len(time) + 1))
    signal, times = hiss(seconds, 1e-3), np.arange(FIRST, seconds - 0.4, 30 / tempo)
    for eighth, at in enumerate(times):
        hit = hat + kick * (eighth % 4 == 0) + snare * (eighth % 4 == 2)
        signal[int(at * RATE) :][: len(hit)] += hit
    return signal, times


@pytest.mark.parametrize("tempo", range(70, 171, 10))
def test_the_tempo_of_clicks_is_found_within_two_percent_after_eight_seconds(tempo: int) -> None:
    frames = heard(clicks(tempo, 9))
    assert frames[799].beat.tempo == pytest.approx(tempo, rel=0.02)
    assert frames[799].beat.confidence > 0.9
    told = np.array([frame.beat.phase for frame in frames[800:]])
    true = (np.arange(801, len(frames) + 1) / 100 - FIRST) * tempo / 60
    error = ((told - true + 0.5) % 1.0 - 0.5) * 60 / tempo
    assert np.abs(error).max() < 0.02  # seconds


@pytest.mark.parametrize("tempo", [80, 110, 160])
def test_a_drum_loop_has_its_tempo_and_its_onsets(tempo: int) -> None:
    signal, times = drums(tempo, 9)
    frames = heard(signal)
    onsets = np.flatnonzero([frame.onset > 0.999 for frame in frames]) / 100 + 0.01
    close = np.abs(onsets[:, None] - times) < 0.05
    assert frames[799].beat.tempo == pytest.approx(tempo, rel=0.02)
    assert close.any(axis=0).mean() > 0.9
    assert close.any(axis=1).mean() > 0.9


PATTERNS = {  # steps of a sixteenth
    "rock": ("x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x.", "................"),
    "four": ("x...x...x...x...", "....x.......x...", "..x...x...x...x.", "................"),
    "break": ("x.x.......x.....", "....x..x.x..x...", "x.x.x.x.x.x.x.x.", "................"),
    "toms": ("x.....x.x.......", "....x.......x...", "x.x.x.x.x.x.x.x.", "..........x.x.xx"),
    "half": ("x.........x.....", "........x.......", "x.x.x.x.x.x.x.x.", "................"),
}


def kit(seed: int) -> list[np.ndarray]:
    """A drum kit: how deep, how long and how bright each drum is comes from the seed."""
    random, time = np.random.default_rng(seed), np.arange(RATE * 3 // 10) / RATE
    deep, glide, long = random.uniform((45, 2, 0.04), (60, 4, 0.09))
    kick = (
        0.5
        * np.exp(-time / long)
        * np.sin(2 * np.pi * (deep * time - glide * np.exp(-time / 0.03)))
    )
    tone, mix, long = random.uniform((170, 0.2, 0.04), (240, 0.6, 0.09))
    rattle = (1 - mix) * random.standard_normal(len(time))
    snare = 0.25 * np.exp(-time / long) * (rattle + 1.5 * mix * np.sin(2 * np.pi * tone * time))
    bright, long = 1 + (random.random() < 0.5), random.uniform(0.015, 0.04)
    hiss_ = (
        np.diff(random.standard_normal(len(time) + bright), int(bright)) / (1.0, 1.7)[bright - 1]
    )
    tom = np.sin(2 * np.pi * (random.uniform(90, 160) * time - np.exp(-time / 0.05)))
    return [kick, snare, 0.12 * np.exp(-time / long) * hiss_, 0.3 * np.exp(-time / 0.1) * tom]


def loop(
    tempo: float, pattern: str, seed: int, seconds: float = 9
) -> tuple[np.ndarray, np.ndarray]:
    """A pattern over hiss, each hit as hard as a drummer's, within 4 dB; and the hits' times."""
    random, drums_ = np.random.default_rng(seed + 1000), kit(seed)
    signal = 1e-3 * random.standard_normal(int(seconds * RATE))
    times = np.arange(FIRST, seconds - 0.4, 15 / tempo)
    struck = np.array([[step == "x" for step in row] for row in PATTERNS[pattern]])
    for step, at in enumerate(times):
        for drum in np.flatnonzero(struck[:, step % 16]):
            hit = drums_[drum] * 10 ** (random.uniform(-3, 1) / 20)
            signal[int(at * RATE) :][: len(hit)] += hit
    return signal, times[struck.any(axis=0)[np.arange(len(times)) % 16]]


def recalled(tempo: float, pattern: str, seed: int) -> np.ndarray:
    """Hits found, hits, onsets that are hits, onsets."""
    signal, times = loop(tempo, pattern, seed)
    onsets = np.flatnonzero([frame.onset > 0.999 for frame in heard(signal)]) / 100 + 0.01
    close = np.abs(onsets[:, None] - times) < 0.05
    return np.array([close.any(axis=0).sum(), len(times), close.any(axis=1).sum(), len(onsets)])


@pytest.mark.parametrize("tempo", [70, 120, 170])
def test_nine_of_ten_hits_are_found_at_any_tempo_whatever_the_kit_and_the_pattern(tempo: int):
    counts = [recalled(tempo, pattern, seed) for seed, pattern in enumerate(PATTERNS)]
    found, hits, right, onsets = np.sum(counts, axis=0)
    print(f"onsets at {tempo}: {found / hits:.1%} found, {right / onsets:.1%} right")
    assert found / hits > 0.9
    assert right / onsets > 0.95


def test_a_new_tempo_is_taken_up() -> None:
    frames = heard(np.concatenate([clicks(90, 6), clicks(130, 9)]))
    assert frames[-1].beat.tempo == pytest.approx(130, rel=0.02)


@pytest.mark.parametrize("loud", [0.0, 1e-4])
def test_silence_has_no_beat(loud: float) -> None:
    assert not any(any(frame.values) for frame in heard(hiss(5, loud)))


def test_steady_noise_has_no_tempo() -> None:
    assert not any(frame.beat.tempo for frame in heard(hiss(9, 0.1)))


def test_the_beat_ends_with_the_music() -> None:
    frames = heard(np.concatenate([clicks(120, 6), hiss(4)]))
    assert frames[599].beat.tempo > 0
    assert not any(frames[-1].values)
