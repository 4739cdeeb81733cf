"""A film has every picture that went into it, each at its time and in its colours."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from installation.errors import InstallationError
from installation.outputs.codecs import CODECS
from installation.outputs.film import Film, codec_for
from installation.outputs.recorder import Recorder

COLOURS = [(30, 200, 40), (210, 30, 40), (40, 60, 220)]  # where BT.601 and BT.709 differ most


def coloured(colour: tuple[int, int, int]) -> np.ndarray:
    picture = np.full((48, 64, 4), 255, np.uint8)
    picture[..., :3] = colour
    return picture


def as_played(path: Path) -> list[np.ndarray]:
    """Every picture's colour in the middle, as a player for HD shows it."""
    with av.open(str(path)) as film:
        frames = [
            (frame.colorspace, frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU709))
            for frame in film.decode(video=0)
        ]
    assert {int(space) for space, _ in frames} == {1}, "the file says BT.709"
    return [frame.to_ndarray()[24, 32] for _, frame in frames]


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


@pytest.mark.parametrize("codec", CODECS)
def test_the_colours_are_the_walls(tmp_path: Path, codec: str):
    out = tmp_path / f"film{CODECS[codec].suffix}"
    with Film(out, (64, 48), 30.0, codec) as film:
        for colour in COLOURS:
            film.add(coloured(colour))
    live = Recorder(tmp_path / "live", codec, 10**9)
    for count, colour in enumerate(COLOURS):
        live.send(coloured(colour), count / 30)
    live.close()
    (recorded,) = (tmp_path / "live").iterdir()
    for path in (out, recorded):
        for seen, wanted in zip(as_played(path), COLOURS, strict=True):
            assert seen == pytest.approx(wanted, abs=8), path


def test_the_name_says_what_is_written():
    assert codec_for(Path("a.MP4")) is CODECS["h264"]
    assert codec_for(Path("a.mov")) is CODECS["prores"]
    assert codec_for(Path("a.mp4"), "hevc") is CODECS["hevc"]
    assert codec_for(Path("pictures")) is None
    with pytest.raises(InstallationError, match=r"prores is kept in \.mov, not in \.mp4"):
        codec_for(Path("a.mp4"), "prores")
    with pytest.raises(InstallationError, match=r"write its name with \.mp4"):
        codec_for(Path("pictures"), "h264")
