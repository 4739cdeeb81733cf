"""Render docs/pictures/show.jpg again, the README's picture: the scenes that have one model.

python -m tools.pictures [--start SECONDS]
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from installation.cli import main as installation
from installation.errors import InstallationError
from installation.session import ROOT, SHADERS
from installation.show.loader import load

FILE = ROOT / "docs" / "pictures" / "show.jpg"
QUALITY = 86
COLUMNS = 3


def main() -> None:
    """Side by side, in the order of show.yaml."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--start", default="20", help="seconds into each scene")
    parser.add_argument("--size", default="640x360")
    options = parser.parse_args()
    show, _ = load(ROOT / "show.yaml", SHADERS)
    alone = [name for name, scene in show.scenes.items() if scene.model]
    tiles = [_scene(name, options) for name in alone]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[first : first + COLUMNS]) for first in range(0, len(tiles), COLUMNS)]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack(rows)).save(FILE, quality=QUALITY)
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size // 1024} kB")


def _scene(scene: str, options: argparse.Namespace) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        words = ["--scene", scene, "--start", options.start, "--size", options.size]
        timing = ["--seconds", "0.1", "--fps", "10"]
        code = installation(["render", str(ROOT / "show.yaml"), *words, *timing, "--out", folder])
        if code:
            raise InstallationError(f"scene {scene} could not be rendered")
        return np.asarray(Image.open(Path(folder) / "000001.png"))


if __name__ == "__main__":
    main()
