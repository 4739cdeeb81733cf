"""Paint from the command line: `python -m tools.paint grid|data`."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from tools.paint.dataset import Description, grow
from tools.paint.painter import sample
from tools.paint.painters import PAINTERS


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m tools.paint", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    grid = commands.add_parser("grid", help="paint a sheet of random pictures into one")
    grid.add_argument("file", type=Path, help="PNG or JPEG to write")
    grid.add_argument("--columns", type=int, default=5)
    grid.add_argument("--rows", type=int, default=3)
    data = commands.add_parser("data", help="paint a training set; run again to resume or to grow")
    data.add_argument("folder", type=Path)
    data.add_argument("--count", type=int, default=12000, help="pairs to have in the end")
    data.add_argument("--threads", type=int, default=2)
    for command in (grid, data):
        command.add_argument("--painter", choices=sorted(PAINTERS), default="waves")
        command.add_argument("--size", type=int, default=128, help="pixels on a side")
        command.add_argument("--seed", type=int, default=0)
    return top


def sheet(pictures: list[np.ndarray], columns: int) -> np.ndarray:
    """Equal pictures side by side, row by row."""
    rows = [np.concatenate(pictures[i : i + columns], 1) for i in range(0, len(pictures), columns)]
    return np.concatenate(rows, 0)


def report(done: int, total: int, painted: int, seconds: float) -> None:
    """One progress line, rewritten in place."""
    left = (total - done) * seconds / max(painted, 1)
    bar = "#" * (30 * done // total)
    rate = painted / max(seconds, 1e-9)
    line = f"\r[{bar:<30}] {done}/{total}  {rate:.1f} pictures/s  {left / 60:.0f} min left "
    sys.stderr.write(line)
    sys.stderr.flush()


def fill(options: argparse.Namespace) -> None:
    """Grow the data set, telling how long it will take."""
    began, first = time.monotonic(), None
    about = Description(options.size, options.seed, options.painter)
    for done in grow(options.folder, options.count, about, options.threads):
        first = done if first is None else first
        report(done, options.count, done - first, time.monotonic() - began)
    sys.stderr.write("\n")


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    options = parser().parse_args(arguments)
    if options.command == "data":
        return fill(options)
    painter = PAINTERS[options.painter]
    wanted = sample(painter, options.columns * options.rows, options.seed)
    pictures = [painter.paint(z, options.size) for z in wanted]
    Image.fromarray(sheet(pictures, options.columns)).save(options.file)


if __name__ == "__main__":
    main()
