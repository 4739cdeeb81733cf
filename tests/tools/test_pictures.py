"""A folder as somebody has it: upright and sideways, large and small, whole and torn."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from installation.errors import InstallationError
from tools.training.adversarial import pictures
from tools.training.adversarial.pictures import Pictures, prepare, square


def painted(size: tuple[int, int], seed: int = 0) -> Image.Image:
    source = np.random.default_rng(seed)
    return Image.fromarray(source.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def test_a_folder_becomes_squares_and_says_what_it_left_out(tmp_path: Path) -> None:
    folder, run, heard = tmp_path / "mine", tmp_path / "run", []
    (folder / "more").mkdir(parents=True)
    painted((40, 40)).save(folder / "a.png")
    painted((80, 40), 1).save(folder / "more" / "b.jpg")
    painted((8, 8), 2).save(folder / "small.webp")
    (folder / "torn.png").write_bytes((folder / "a.png").read_bytes()[:900])
    (folder / "evil.png").write_text("import os")
    (folder / "notes.txt").write_text("buy paint")
    (folder / ".hidden.png").write_text("")
    about = prepare(folder, 16, run, heard.append)
    assert (about.count, about.broken, about.others, about.enlarged) == (3, 2, 1, 1)
    assert sorted(Path(line.partition(":")[0]).name for line in heard) == ["evil.png", "torn.png"]
    assert all(line.endswith("left out") and "\n" not in line for line in heard)
    assert "2 could not be read" in str(about)
    read = Pictures(run)
    assert read.read(np.arange(3)).shape == (3, 3, 16, 16)
    heard.clear()
    assert prepare(folder, 16, run, heard.append) == about
    assert not heard  # nothing is read twice
    painted((30, 30), 3).save(folder / "new.png")
    assert prepare(folder, 16, run, heard.append).count == 4


def test_the_middle_is_taken_and_the_camera_held_upright(tmp_path: Path) -> None:
    wide = np.zeros((32, 96, 3), np.uint8)
    wide[:, 32:64] = (250, 10, 10)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    middle, enlarged = square(tmp_path / "wide.png", 16)
    assert not enlarged
    assert np.abs(middle[:, 3:-3].astype(int) - (250, 10, 10)).max() < 8
    upper = np.zeros((32, 32, 3), np.uint8)
    upper[:16] = 200
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright, its rows run down the right side
    Image.fromarray(upper).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    turned, _ = square(tmp_path / "turned.jpg", 16)
    assert turned[:, 12:].mean() > 150 > 50 > turned[:, :4].mean()


def test_what_is_transparent_stands_on_white_and_every_mode_is_read(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (square(tmp_path / "clear.png", 16)[0] == 255).all()
    for mode in ("L", "P", "1", "I;16", "CMYK", "LA"):
        suffix = "tif" if mode in ("CMYK", "I;16") else "png"
        Image.new(mode, (20, 20)).save(tmp_path / f"{mode[0]}.{suffix}")
        assert square(tmp_path / f"{mode[0]}.{suffix}", 16)[0].shape == (16, 16, 3)


def test_what_cannot_be_used_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InstallationError, match="no such folder"):
        prepare(tmp_path / "nowhere", 16, tmp_path / "run", print)
    painted((20, 20)).save(tmp_path / "one.png")
    with pytest.raises(InstallationError, match="1 pictures can be read"):
        prepare(tmp_path, 16, tmp_path / "run", print)
    monkeypatch.setattr(pictures, "MOST_PIXELS", 399)
    with pytest.raises(InstallationError, match="20 x 20 pixels are too many"):
        square(tmp_path / "one.png", 16)
    painted((20, 20)).save(tmp_path / "vector.eps", "EPS")
    (tmp_path / "vector.eps").rename(tmp_path / "vector.png")  # Ghostscript would be started
    with pytest.raises(InstallationError, match="no picture that can be read"):
        square(tmp_path / "vector.png", 16)


def test_mirrored_batches_hold_both_sides(tmp_path: Path) -> None:
    for seed in range(2):
        painted((16, 16), seed).save(tmp_path / f"{seed}.png")
    prepare(tmp_path, 16, tmp_path / "run", print)
    both = Pictures(tmp_path / "run", mirror=True)
    plain = both.read(np.arange(2))
    drawn = both.batch(64, torch.Generator().manual_seed(0))
    seen = {
        (row, turned)
        for picture in drawn
        for row, whole in enumerate(plain)
        for turned, one in enumerate((whole, whole.flip(2)))
        if torch.equal(picture, one)
    }
    assert seen == {(0, 0), (0, 1), (1, 0), (1, 1)}
