"""`installation replay`: what the decks drew before something fell, drawn and compared again."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from installation import flight
from installation.decks.replay import Drawn, Replay
from installation.errors import EXIT_FAILED, FlightError, InstallationError
from installation.outputs.recorder import png
from installation.progress import progress


def run(options: Namespace, begun: float) -> int:
    """Draw the pictures of a flight file; 0 when every one is the same."""
    kept = flight.read(options.file)
    folder = options.models or Path(kept.facts["show_folder"])
    try:
        replay = Replay(kept, folder, options.seconds)
    except FlightError as error:
        raise FlightError(f"{options.file}: {error}") from None
    print(f"{options.file.name}: {_headline(kept, replay)}")
    return _judged(_kept(replay, options.out))


def _headline(kept: flight.Flight, replay: Replay) -> str:
    facts = kept.facts
    apart = f"; {replay.apart} more cannot be drawn again from their record" if replay.apart else ""
    return f"{facts.get('what')}, {facts.get('at')}; {replay.total} pictures{apart}"


def _kept(replay: Replay, out: Path | None) -> Iterator[Drawn]:
    """The pictures, each also put into `out`."""
    if out:
        _make(out)
    for drawn in progress(replay.pictures(), replay.total, "replay"):
        if out:
            (out / f"{drawn.deck}-{drawn.number:08d}.png").write_bytes(png(drawn.picture))
        yield drawn


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InstallationError(f"{out}: cannot be written: {error.strerror}") from None


def _judged(pictures: Iterator[Drawn]) -> int:
    same = compared = 0
    first = None
    for drawn in pictures:
        if drawn.same is None:
            print(f"{_name(drawn)} was not finished then; it is drawn here without a fault")
            continue
        compared, same = compared + 1, same + drawn.same
        if not drawn.same and first is None:
            first = _name(drawn)
    print(f"{same} of {compared} pictures the same")
    if first:
        print(f"the first that differs: {first}")
    return 0 if same == compared and compared else EXIT_FAILED


def _name(drawn: Drawn) -> str:
    return f"picture {drawn.number} of deck {drawn.deck}, scene {drawn.scene}"
