"""From a hand to the wall: how long until a picture is presented that was made with what it did.

    python -m tools.latency                 OSC, MIDI, keys and sound, forty times each: 90 s
    python -m tools.latency osc keys        these alone
    python -m tools.latency --events 200    more of each

The shipped show plays in a real window, on the screen of DISPLAY or on one that Xvfb simulates.
OSC comes as datagrams, MIDI through mido into the show's own capture, keys by XTest into the
window, sound as clicks in a WAV file that the capture plays in the place of a device.

Two spans are printed. The first begins when the hand moves: the datagram or the MIDI message is
sent, the key goes down, the block of 10 ms that holds the click is full (a device adds its own
buffers). The second is `control_ms` of the show's report, which begins where the show received the
event; for sound these are all blocks, not clicks alone. Both end with the first present of a
picture whose header names the event.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from installation.control.layout import SOURCES
from installation.progress import progress
from installation.session import ROOT
from tools.latency.hands import hands, inputs, plug_in, screen
from tools.latency.wall import Spans, Wall, heard, played
from tools.soak.play import WINDOW, Play

SETTLE = 10.0  # seconds until a show runs as it will
PATIENCE = 60.0  # seconds until its first picture


def main() -> int:
    """Measure, print; 1 when events were lost."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        spans, report = measured(options, Path(folder), display)
    print("| hand | events | median | p95 | longest | from its receipt: median | p95 |")
    print("|---|---|---|---|---|---|---|")
    for source, found in spans.items():
        print(row(source, found, options.events, report[source]))
    return int(any(len(found) < options.events for found in spans.values()))


def measured(
    options: argparse.Namespace, folder: Path, display: str
) -> tuple[dict[str, Spans], Mapping[str, Any]]:
    """The spans of each hand, and the report's `control_ms`."""
    environment = {**plug_in(folder), "DISPLAY": display}
    with Play(options.show, folder, WINDOW, inputs=inputs(folder), window=environment) as play:
        _until_live(play)
        time.sleep(SETTLE)
        arena, chance, spans = play.arena, random.Random(options.seed), dict[str, Spans]()
        assert arena
        with hands(folder, play.osc, display) as sends:
            for source in options.hands:
                wall, events = Wall(arena), progress(range(options.events), options.events, source)
                if source == "audio":
                    spans[source] = heard(wall, arena, events)
                else:
                    spans[source] = played(wall, source, sends[source], events, chance)
        return spans, play.status()["control_ms"]


def row(source: str, found: Spans, events: int, reported: Mapping[str, Any]) -> str:
    """A row of the table."""
    told = [f"{1e3 * value:.0f} ms" for value in _figures(found)] if found else ["-"] * 3
    counted = f"{len(found)}" if len(found) == events else f"{len(found)} of {events}"
    heard = [f"{reported[key]:.0f} ms" for key in ("p50", "p95") if reported[key] is not None]
    return f"| {' | '.join([source, counted, *told, *heard])} |"


def _figures(found: Spans) -> list[float]:
    return [*np.percentile(found, (50, 95)), max(found)]


def _until_live(play: Play) -> None:
    end = time.monotonic() + PATIENCE
    while play.status().get("first_picture_s") is None:
        if time.monotonic() > end:
            raise SystemExit(f"the show does not begin:\n{play.log}")
        time.sleep(0.2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.latency",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("hands", nargs="*", default=[], metavar="HAND", help=", ".join(SOURCES))
    parser.add_argument("--events", type=int, default=40, help="of each hand")
    parser.add_argument("--show", type=Path, default=ROOT / "show.yaml")
    parser.add_argument("--seed", type=int, default=1, help="of the pauses between the events")
    options = parser.parse_args()
    options.hands = options.hands or list(SOURCES)
    if unknown := set(options.hands) - set(SOURCES):
        parser.error(f"no hand {', '.join(sorted(unknown))}; there are {', '.join(SOURCES)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
