"""Run a show for a long while, break it at random, and say what the audience saw.

    python -m tools.soak --minutes 10                        faults drawn from the table
    python -m tools.soak --hours 1 --seed 4 --json soak.json
    python -m tools.soak --minutes 70 --faults none --osc    undisturbed: how fast memory grows

The show runs headless from a copy in a folder of its own, on free ports, started again by this tool
wherever systemd would. Prints a table in Markdown, also when it is ended early (Ctrl-C, SIGTERM);
ends with 1 if an unasked black frame was shown, a fault took three times longer than promised, or
something never came back.
"""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

from installation.session import ROOT
from tools.soak.faults import FAULTS, Fault
from tools.soak.growth import SETTLED
from tools.soak.play import Play
from tools.soak.report import Report, as_json, as_markdown
from tools.soak.trial import Soak

ENDS = (signal.SIGINT, signal.SIGTERM)
WARM = 600.0  # seconds after which the memory of an undisturbed show is expected to stand still


def main() -> int:
    """Run, watch, print."""
    options = _options()
    seconds = options.minutes * 60 + options.hours * 3600 or 600.0
    faults = _faults(options.faults)
    settle = SETTLED if faults else min(WARM, seconds / 4)
    with (
        tempfile.TemporaryDirectory() as folder,
        Play(options.show, Path(folder), options.size, options.rate) as play,
    ):
        soak = Soak(play, faults, options.seed, options.every, options.osc, settle)
        end_by_signal(soak)
        report = soak.run(seconds, say=lambda line: print(line, file=sys.stderr, flush=True))
        _tell(report, options.json)
    return 0 if report.kept else 1


def end_by_signal(soak: Soak) -> None:
    """Ctrl-C and SIGTERM end a soak, which then tells what it found.

    A shell starts what runs behind with SIGINT ignored, and then Python leaves it ignored."""
    for number in ENDS:
        signal.signal(number, lambda *_: soak.end())


def _tell(report: Report, file: Path | None) -> None:
    print(as_markdown(report), flush=True)
    if file:
        file.write_text(json.dumps(as_json(report), indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("show", nargs="?", type=Path, default=ROOT / "show.yaml")
    parser.add_argument("--minutes", type=float, default=0.0, help="ten if no time is given")
    parser.add_argument("--hours", type=float, default=0.0)
    parser.add_argument("--faults", default="random", help="random, none, or names with commas")
    parser.add_argument("--every", type=float, default=15.0, help="mean seconds between two faults")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same faults")
    parser.add_argument("--size", default="640x360", help="the canvas")
    parser.add_argument("--rate", type=float, help="most pictures a second of a deck")
    parser.add_argument("--osc", action="store_true", help="move a control 30 times a second")
    parser.add_argument("--json", type=Path, help="write the report there, too")
    return parser.parse_args()


def _faults(words: str) -> list[Fault]:
    known = {fault.name: fault for fault in FAULTS}
    if words in ("random", "none"):
        return list(FAULTS) if words == "random" else []
    unknown = set(words.split(",")) - known.keys()
    if unknown:
        sys.exit(f"--faults: no fault {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [known[name] for name in words.split(",")]


if __name__ == "__main__":
    sys.exit(main())
