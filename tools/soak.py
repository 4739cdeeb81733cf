"""Run a show for a long while and say what it cost: memory, its slope, gaps, restarts, black.

    python -m tools.soak --minutes 10 [show.yaml] [--size 640x360] [--osc]

The show runs headless. With --osc a controller moves /walk/speed thirty times a second, as a
sensor would, so that the way from OSC to the picture is measured too.
"""

import argparse
import json
import math
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pythonosc.udp_client import SimpleUDPClient

from installation.session import ROOT, SHADERS
from installation.show.loader import load

LOOK = 5.0  # seconds between two looks at the status
SETTLED = 60.0  # seconds after which memory is expected to stand still
MOVES = 30.0  # OSC messages a second


@dataclass
class Watch:
    """What was seen, look by look: seconds since the start, and megabytes of all processes."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def note(self, status: dict[str, Any]) -> None:
        """One look."""
        total = status.get("memory_mb", {}).get("total", 0.0)
        if total:
            self.seconds.append(status["seconds"])
            self.megabytes.append(total)

    def settled(self) -> tuple[np.ndarray, np.ndarray]:
        """Times and sizes after the settling time; all of them in a run shorter than that."""
        seconds, megabytes = np.array(self.seconds), np.array(self.megabytes)
        late = seconds >= min(SETTLED, seconds[-1] / 3)
        return seconds[late], megabytes[late]

    def growth(self) -> float:
        """Megabytes from the first settled minute's median to the last minute's."""
        seconds, megabytes = self.settled()
        first = np.median(megabytes[seconds <= seconds[0] + 60])
        return float(np.median(megabytes[seconds >= seconds[-1] - 60]) - first)

    def slope(self) -> tuple[float, float]:
        """Megabytes an hour by least squares, and its standard error; needs three looks."""
        seconds, megabytes = self.settled()
        hours = (seconds - seconds.mean()) / 3600
        if len(hours) < 3:
            return math.nan, math.nan
        slope = float(hours @ megabytes / (hours @ hours))
        rest = megabytes - megabytes.mean() - slope * hours
        return slope, float(np.sqrt(rest @ rest / (len(hours) - 2) / (hours @ hours)))


def main() -> int:
    """Run, watch, print."""
    options = _options()
    show, _ = load(options.show, SHADERS)
    if show.panel is None:
        sys.exit(f"{options.show}: has no panel; its status is what this tool watches")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        running = _start(options, report)
        try:
            watch = _follow(options, show.panel.port, show.inputs.osc and show.inputs.osc.port)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(30)
        _print(watch, json.loads(report.read_text()))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("show", nargs="?", type=Path, default=ROOT / "show.yaml")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--osc", action="store_true", help="move a control 30 times a second")
    return parser.parse_args()


def _start(options: argparse.Namespace, report: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "installation.cli", "run", str(options.show)]
    flags = ["--headless", "--size", options.size, "--report", str(report)]
    return subprocess.Popen([*command, *flags], cwd=ROOT)


def _follow(options: argparse.Namespace, panel: int, osc: int | None) -> Watch:
    """Look every few seconds, and play the controller in between."""
    watch, begun, due = Watch(), time.monotonic(), LOOK
    with closing(SimpleUDPClient("127.0.0.1", osc or 1)) as client:
        while (elapsed := time.monotonic() - begun) < options.minutes * 60:
            if options.osc and osc:
                client.send_message("/walk/speed", 1.0 + 0.5 * math.sin(elapsed))
            if elapsed >= due:
                due += LOOK
                watch.note(_status(panel))
            time.sleep(1 / MOVES)
    return watch


def _status(panel: int) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{panel}/status", timeout=5) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return {}


def _print(watch: Watch, report: dict[str, Any]) -> None:
    shown, made, memory = report["presented"], report["generated"], report["memory_mb"]
    slope, error = watch.slope()
    rows = {
        "seconds": f"{report['seconds']:.0f}",
        "first picture": f"{report['first_picture_s']} s",
        "generated": f"{made['fps']:.1f} pictures/s",
        "presented": f"{shown['fps']:.1f} pictures/s, {shown['black']} black",
        "interval": ", ".join(f"{k} {v:.1f}" for k, v in shown["interval_ms"].items()) + " ms",
        "oldest picture": f"{shown['oldest_picture_ms']} ms",
        "OSC to picture": "{count} samples, p50 {p50} ms, p95 {p95} ms".format(
            **report["control_ms"]["osc"]
        ),
        "memory": f"{memory['total']:.0f} MB, peak {memory['peak']:.0f} MB",
        "growth": f"{watch.growth():+.1f} MB after the first minute",
        "slope": f"{slope:+.1f} ± {error:.1f} MB/h",
        "restarts": ", ".join(f"{k} {v}" for k, v in report["restarts"].items()),
    }
    for name, words in rows.items():
        print(f"{name:<16}{words}")


if __name__ == "__main__":
    sys.exit(main())
