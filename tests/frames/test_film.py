from pathlib import Path

import numpy as np
import pytest

from installation.errors import InstallationError
from installation.frames import film
from installation.frames.ring import Picture
from tests.disks import SmallDisk, small_disk

__all__ = ["small_disk"]


def pictures(count: int = 3, width: int = 32, height: int = 16) -> list[Picture]:
    made = [np.full((height, width, 4), 255, np.uint8) for _ in range(count)]
    for number, each in enumerate(made):
        each[..., :3] = 40 * (number + 1)
    return made


def test_what_was_written_plays_round_and_round(tmp_path: Path):
    made = film.write(tmp_path / "sea", 10.0, pictures())
    assert film.find(tmp_path / "sea") == made
    out = np.zeros((16, 32, 4), np.uint8)
    for number in (0, 1, 2, 3, 301):
        made.decode(number, out)
        assert out[..., :3].mean() == pytest.approx(40 * (number % 3 + 1), abs=1)
        assert (out[..., 3] == 255).all()


def test_a_film_of_the_same_name_is_replaced_whole(tmp_path: Path):
    film.write(tmp_path / "sea", 10.0, pictures(5))
    assert film.write(tmp_path / "sea", 5.0, pictures(2)).count == 2
    assert len(list((tmp_path / "sea").glob("*.jpg"))) == 2
    assert [each.name for each in tmp_path.iterdir()] == ["sea"]


def test_a_film_that_was_not_finished_is_not_there(tmp_path: Path):
    def broken():
        yield pictures()[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film.write(tmp_path / "sea", 10.0, broken())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", ["", "[]", "{}", '{"rate": 0, "count": 3, "width": 8, "height": 8}', "\0" * 99]
)
def test_what_is_no_film_is_none(tmp_path: Path, words: str):
    (tmp_path / film.ABOUT).write_text(words)
    assert film.find(tmp_path) is None


def test_a_lost_or_damaged_picture_is_an_error_and_not_a_crash(tmp_path: Path):
    made, out = film.write(tmp_path / "sea", 10.0, pictures()), np.zeros((16, 32, 4), np.uint8)
    whole = (made.folder / "0001.jpg").read_bytes()
    for cut in range(0, len(whole), 7):
        (made.folder / "0001.jpg").write_bytes(whole[:cut])
        with pytest.raises(ValueError, match=r"JPEG|jpeg|Premature|image|header|Not a"):
            made.decode(1, out)
    (made.folder / "0001.jpg").unlink()
    with pytest.raises(FileNotFoundError):
        made.decode(1, out)


def test_a_full_disk_leaves_nothing_behind(small_disk: SmallDisk):
    noise = np.random.default_rng(1).integers(0, 255, (512, 512, 4), np.uint8)
    with pytest.raises(InstallationError, match="No space"):
        film.write(small_disk.folder / "sea", 10.0, [noise] * 20)
    assert list(small_disk.folder.iterdir()) == []
