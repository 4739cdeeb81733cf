"""What the stage pays for a film, and for drawing every look once before the first picture.

    python -m tools.stage_figures film            150 s: fifteen with, fifteen without, and so on
    python -m tools.stage_figures start           four starts: an empty shader cache, a full one
    python -m tools.stage_figures film --size 1280x720 --show my-show.yaml

The show runs headless from a copy, on free ports. Run it on a machine that is left alone. Prints
Markdown.
"""

import argparse
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import yaml
from pythonosc.udp_client import SimpleUDPClient

from installation.presents import Present
from installation.progress import progress
from installation.session import ROOT
from tools.soak.play import Play

STRETCH = 15.0  # seconds with, seconds without
SETTLE = 2.0  # seconds after each change that count for neither
LONGEST_START = 60.0  # seconds
LOOK = 0.5  # seconds between two looks at the presents
CACHE = "MESA_SHADER_CACHE_DIR"  # where Mesa keeps what it compiled; other drivers have others
_FIRST = re.compile(r"first picture after ([\d.]+) s")
_WARMED = re.compile(r"every look is drawn once: ([\d.]+) s")


def main() -> None:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stage_figures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("film", "start"))
    parser.add_argument("--show", type=Path, default=ROOT / "show.yaml")
    parser.add_argument("--size", default="640x360", help="the canvas")
    parser.add_argument("--seconds", type=float, default=150.0, help="of film, with and without")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tell = film if options.what == "film" else start
        print(tell(options.show, options.size, Path(folder), options.seconds))


def film(show: Path, size: str, folder: Path, seconds: float) -> str:
    """The presents' intervals with and without a film, in turn within one run."""
    intervals: dict[bool, list[float]] = {False: [], True: []}
    with Play(recording(show, folder), folder, size) as play:
        first_picture(play)
        wall = SimpleUDPClient("127.0.0.1", play.osc)
        for number in progress(range(round(seconds / STRETCH)), round(seconds / STRETCH), "film"):
            filmed = number % 2 == 1
            wall.send_message("/record/start" if filmed else "/record/stop", 1)
            intervals[filmed] += apart(watched(play, STRETCH))
        wall.send_message("/record/stop", 1)
        time.sleep(1.0)
        kept = re.findall(r"recorded (\d+) pictures, (\d+) dropped", play.log)
    pictures, dropped = (sum(int(part[i]) for part in kept) for i in (0, 1))
    head = "| | presented a second | p50 / p95 / p99 / longest ms |\n|---|---|---|"
    rows = [
        f"| {name} | {row(intervals[on])} |" for on, name in ((False, "no film"), (True, "film"))
    ]
    return "\n".join([head, *rows, f"\n{pictures} pictures filmed, {dropped} dropped"])


def start(show: Path, size: str, folder: Path, seconds: float) -> str:
    """The first picture after a start, and what of it the looks took, by the driver's cache."""
    lines = ["| shader cache | first picture s | every look drawn once s |", "|---|---|---|"]
    for number in progress(range(4), 4, "starts"):
        os.environ[CACHE] = str(folder / f"cache{number // 2}")
        place = folder / f"start{number}"
        place.mkdir()
        with Play(show, place, size) as play:
            first = first_picture(play)
            found = _WARMED.search(play.log)
        state = "full" if number % 2 else "empty"
        lines.append(f"| {state} | {first:.2f} | {found[1] if found else '?'} |")
    return "\n".join(lines)


def recording(show: Path, folder: Path) -> Path:
    """A copy of a show, beside it in nothing but its models' paths, that can be filmed."""
    data = yaml.safe_load(show.read_text(encoding="utf-8"))
    for name, model in data["models"].items():
        if isinstance(model, str):
            data["models"][name] = str((show.parent / model).resolve())
    others = [each for each in data.get("outputs", []) if "record" not in each]
    data["outputs"] = [*others, {"record": {"folder": str(folder / "films"), "max": "1GB"}}]
    copy = folder / "filmed.yaml"
    copy.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return copy


def first_picture(play: Play) -> float:
    """Seconds from the start to the first picture, as the supervisor tells it."""
    ends = time.monotonic() + LONGEST_START
    while not (found := _FIRST.search(play.log)):
        if time.monotonic() > ends:
            raise SystemExit(f"no picture within {LONGEST_START:.0f} s:\n{play.log[-2000:]}")
        time.sleep(0.1)
        play.look()
    return float(found[1])


def watched(play: Play, seconds: float) -> Iterator[Present]:
    """The presents of a stretch, without those of its beginning."""
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        time.sleep(LOOK)
        yield from (present for present in play.look() if present.at > begun + SETTLE)


def apart(presents: Iterator[Present]) -> list[float]:
    """Milliseconds between presents."""
    return [1e3 * (after.at - before.at) for before, after in pairwise(presents)]


def row(intervals: Sequence[float]) -> str:
    """A line of the table."""
    p50, p95, p99 = np.percentile(intervals, [50, 95, 99])
    rate = 1e3 / np.mean(intervals)
    return f"{rate:.1f} | {p50:.0f} / {p95:.0f} / {p99:.1f} / {max(intervals):.0f}"


if __name__ == "__main__":
    main()
