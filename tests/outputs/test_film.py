"""A film has every picture that went into it, each at its time."""

from pathlib import Path

import av
import numpy as np
import pytest

from installation.outputs.film import Film


@pytest.mark.parametrize("fps", [10.0, 24.0, 30.0])
def test_long_films_keep_time(fps: float, tmp_path: Path):
    """Once its header is written a file may count time in other units than the pictures do."""
    noise = np.random.default_rng(0)
    with Film(tmp_path / "film.mp4", (64, 64), fps) as film:
        for _ in range(200):
            film.add(noise.integers(0, 255, (64, 64, 3), np.uint8))
    with av.open(tmp_path / "film.mp4") as read:
        times = [frame.time for frame in read.decode(video=0)]
    assert times == pytest.approx([count / fps for count in range(200)], abs=1e-3)
