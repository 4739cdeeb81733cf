"""A film of the wall: its times, what a power cut leaves of it, what it may take of the disk."""

import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from installation.errors import InstallationError
from installation.outputs import recorder
from installation.outputs.codecs import CODECS, SUFFIXES
from installation.outputs.recorder import Recorder, still

TIMES = [100.0, 100.016, 100.05, 100.05, 100.3, 101.0, 101.2]


def picture(shade: int) -> np.ndarray:
    out = np.full((48, 64, 4), 255, np.uint8)
    out[..., :3] = shade
    return out


def played(path: Path) -> list[tuple[float, float]]:
    """Every picture's time in seconds and its shade, as a player sees them."""
    with av.open(str(path)) as film:
        return [
            (float(frame.time), float(frame.to_ndarray(format="gray").mean()))
            for frame in film.decode(video=0)
        ]


def films(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)


@pytest.mark.parametrize("codec", CODECS)
def test_every_picture_comes_back_at_its_own_time(tmp_path: Path, codec: str):
    film = Recorder(tmp_path, codec, 10**9)
    for count, at in enumerate(TIMES):
        film.send(picture(30 * (count + 1)), at)
    film.close()
    (path,) = films(tmp_path)
    seen = played(path)
    assert [at for at, _ in seen] == pytest.approx([at - 100.0 for at in TIMES], abs=2e-4)
    assert [shade for _, shade in seen] == pytest.approx([30 * n for n in range(1, 8)], abs=3)


def test_another_size_begins_another_film(tmp_path: Path):
    film = Recorder(tmp_path, "h264", 10**9)
    film.send(picture(90), 0.0)
    film.send(np.full((33, 65, 4), 90, np.uint8), 0.1)
    film.close()
    sizes = set()
    for path in films(tmp_path):
        with av.open(str(path)) as found:
            sizes.add((found.streams.video[0].width, found.streams.video[0].height))
    assert sizes == {(64, 48), (64, 32)}


RECORD = """
import sys, time
from pathlib import Path
import numpy as np
from installation.outputs.recorder import Recorder
film = Recorder(Path(sys.argv[1]), sys.argv[2], 10**9)
noise = np.random.default_rng(0).integers(0, 255, (120, 160, 4), np.uint8)
begun = time.monotonic()
for count in range(100000):
    film.send(np.roll(noise, count, axis=1), time.monotonic())
    print(time.monotonic() - begun, flush=True)
    time.sleep(0.02)
"""


@pytest.mark.faults
@pytest.mark.parametrize("codec", ["h264", "prores"])
def test_a_power_cut_leaves_a_film_that_plays(tmp_path: Path, codec: str):
    command = [sys.executable, "-c", RECORD, str(tmp_path), codec]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        seconds = 0.0
        while seconds < 2.5:
            seconds = float(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    (path,) = films(tmp_path)
    seen = played(path)
    print(f"{codec}: recorded {seconds:.2f} s, {seen[-1][0]:.2f} s play after kill -9")
    assert seen[-1][0] > seconds - 1.5
    assert len(seen) > 20


def test_films_take_no_more_of_the_disk_than_they_may(tmp_path: Path):
    (tmp_path / "old.mp4").write_bytes(b"x" * 2_000_000)
    with pytest.raises(InstallationError, match=r"0\.0 GB of the 0\.0 GB they may"):
        Recorder(tmp_path, "h264", 1_000_000)
    film = Recorder(tmp_path, "h264", 2_000_100)
    film.send(picture(0), 0.0)
    film.send(picture(1), 0.5)
    with pytest.raises(InstallationError, match="move some away"):
        film.send(picture(2), 2.0)
    film.close()
    assert len(films(tmp_path)) == 2
    assert played(films(tmp_path)[0])


def test_a_full_disk_stops_the_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recorder, "SPARE", 10**18)
    with pytest.raises(InstallationError, match="MB left"):
        Recorder(tmp_path, "h264", 10**9)


def test_a_folder_that_cannot_be_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InstallationError, match="cannot be written"):
        Recorder(tmp_path / "file", "h264", 10**9)


def test_stills_are_exact_and_take_nobodys_place(tmp_path: Path):
    noise = np.random.default_rng(1).integers(0, 255, (30, 50, 4), np.uint8)
    first, second = still(tmp_path / "kept", noise), still(tmp_path / "kept", noise)
    assert first != second
    assert (np.asarray(Image.open(second).convert("RGB")) == noise[..., :3]).all()
    assert not list((tmp_path / "kept").glob("*.part"))
