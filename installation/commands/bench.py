"""`installation bench`: how fast this machine paints, on every backend it has."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from installation.bench import subjects
from installation.bench.chart import chart
from installation.bench.machine import machine, words
from installation.bench.measure import Measurement, present
from installation.bench.rival import Rival
from installation.bench.rows import Row, Spread, table
from installation.bench.start import Start, start
from installation.bench.subjects import Subject
from installation.bench.upload import Uploads, uploads
from installation.bench.wall import Wall, wall
from installation.clock import MonotonicClock
from installation.errors import InstallationError

_FOOT = """
synth.: styles to picture. map: place to styles. around: controls, walk, check, header, publishing.
deck: all of it, into the ring. error: difference from torch in f32 before rounding, of the
picture's standard deviation. top: share of what plain 3x3 convolutions in the same precision reach
here, measured now. wall: upload, mix, the usual look, and the canvas drawn, once a refresh.
upload: of one picture, what it takes the stage's thread, and when it is there.
start: of a process, the shortest of three, the backend chosen for this machine."""


def run(options: Namespace, begun: float) -> int:
    """Print the table; 0 when something was measured."""
    _expect(options)
    names, chosen, found = present(options.backends), _chosen(options), machine()
    print(words(found), flush=True)
    if found["load"] > found["cores"] / 2:
        print("The machine is busy: these figures compare with each other, not with other runs.")
    rows, rivals = _all(chosen, names, options)
    if not rows:
        raise InstallationError("nothing was measured: no backend plays these models")
    resolutions = {subject.resolution for subject in chosen}
    walls, ups, starts = _walls(resolutions), _uploads(resolutions), _starts(chosen)
    report = {
        "machine": found,
        "rows": [row.as_json() for row in rows],
        "wall": [each.as_json() for each in walls],
        "upload": [each.as_json() for each in ups],
        "start": [each.as_json() for each in starts],
        "against": rivals,
    }
    print(_FOOT)
    if options.json:
        _write(options.json, json.dumps(report, indent=2) + "\n")
    if options.plot:
        _write(options.plot, chart(rows, words(found)))
    return 0


def _expect(options: Namespace) -> None:
    """Say before minutes of measuring what could not be written after them."""
    if options.plot and options.plot.suffix != ".svg":
        raise InstallationError(f"--plot {options.plot}: the chart is an SVG; name it so")
    for file in filter(None, (options.json, options.plot)):
        if not file.resolve().parent.is_dir():
            raise InstallationError(f"{file}: cannot be written: there is no such folder")


def _chosen(options: Namespace) -> list[Subject]:
    random = [subjects.random(*shape) for shape in options.random]
    if random and not options.models:
        return random
    return subjects.chosen(options.models, options.show) + random


def _all(
    chosen: list[Subject], names: list[str], options: Namespace
) -> tuple[list[Row], list[dict[str, Any]]]:
    """Every subject's rows, and what the rival took for it."""
    rows: list[Row] = []
    rivals: list[dict[str, Any]] = []
    for subject in chosen:
        rival = Rival(options.against, subject) if options.against else None
        measured = _measured(subject, names, options.seconds, rival, options.edits)
        rows += measured
        rivals += [_compared(measured, rival)] if rival and measured else []
    return rows, rivals


def _measured(
    subject: Subject, names: list[str], seconds: float, rival: Rival | None, edits: bool
) -> list[Row]:
    measurement = Measurement(subject, names, MonotonicClock(), edits)
    try:
        measurement.play(seconds, rival)
        rows = measurement.rows()
    finally:
        measurement.close()
    work = f", {subject.gflop:.2f} GFLOP a picture" if subject.gflop else ""
    size = f"{subject.resolution}x{subject.resolution}"
    print(f"\n{table(f'{subject.name}, {size}{work}', rows)}", flush=True)
    for reason in measurement.skipped:
        print(f"  left out: {reason}")
    return rows


def _walls(resolutions: set[int]) -> list[Wall]:
    """The way of pictures of these sizes over the stage, printed; none without OpenGL."""
    found = [wall(resolution, MonotonicClock()) for resolution in sorted(resolutions)]
    walls = [each for each in found if each]
    print("", *walls, sep="\n")
    return walls


def _uploads(resolutions: set[int]) -> list[Uploads]:
    """The way of pictures of these sizes up to the card, printed; none without OpenGL."""
    found = [uploads(resolution, MonotonicClock()) for resolution in sorted(resolutions)]
    ups = [each for each in found if each]
    print(*ups, sep="\n")
    return ups


def _starts(chosen: list[Subject]) -> list[Start]:
    """From nothing to the first picture of each model on disk, printed."""
    found = [start(subject, MonotonicClock()) for subject in chosen]
    starts = [each for each in found if each]
    print(*starts, sep="\n", end="\n" if starts else "")
    return starts


def _compared(rows: list[Row], rival: Rival) -> dict[str, Any]:
    """The rival's figures and how many times as long as ours it takes, printed and for --json."""
    theirs = Spread.of(rival.times)
    print(f"  {rival.command}: {theirs.p50:.2f} ms p50, {theirs.p99:.2f} ms p99")
    ratios = {row.words: round(theirs.p50 / row.deck.p50, 3) for row in rows}
    for name, ratio in ratios.items():
        print(f"    takes {ratio:.2f} times as long as {name}")
    figures = {"command": rival.command, "ms": theirs.as_json(), "ratio": ratios}
    return {"model": rows[0].model, **figures}


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InstallationError(f"{file}: cannot be written: {error.strerror}") from None
    print(f"written: {file}")
