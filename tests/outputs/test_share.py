"""The shared file, read by the reader that docs/outputs.md gives, in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.errors import DeviceError
from installation.outputs.share import ShareSink
from installation.session import ROOT

PAGE = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
READER = next(iter(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)))


def read(shared: Path, out: Path) -> str:
    command = [sys.executable, "-c", READER, str(shared), str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr


def noise(width: int, height: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def test_another_program_reads_every_pixel(tmp_path: Path):
    shared, out = tmp_path / "shared", tmp_path / "out.ppm"
    sink = ShareSink(shared)
    for count, size in enumerate([(64, 36), (64, 36), (48, 30), (120, 67)]):
        picture = noise(*size, seed=count)
        sink.send(picture, 12.5 + count)
        said = read(shared, out)
        assert said.startswith(
            f"picture {count + 1}, {size[0]}x{size[1]}, presented at {12.5 + count}"
        )
        assert (np.asarray(Image.open(out)) == picture[..., :3]).all()
    assert shared.stat().st_mode & 0o077 == 0
    sink.close()
    assert not shared.exists()


def test_a_place_that_cannot_be_is_named(tmp_path: Path):
    with pytest.raises(DeviceError, match="nowhere"):
        ShareSink(tmp_path / "nowhere" / "shared").send(noise(8, 8, 0), 0.0)
