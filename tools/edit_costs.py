"""What edits inside the network cost, picture by picture beside the plain network.

    python -m tools.edit_costs [MODEL ...] [--pictures 60]

Models are folders; models/waves and models/families if none is named. Measured is a picture from
its place in latent space to its last pixel, as a show plays it, with the edit's own numbers; every
amount moves. Each picture of an edit is painted beside a plain one, so that what else the machine
does hits both. The table, in Markdown, tells how much more time an edit takes, by the medians, and
in brackets how much more processor time, which is what counts on a busy machine.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from installation.decks.backends import openvino
from installation.generators.anatomy import Anatomy
from installation.generators.bands import Bands
from installation.generators.bends import Bend
from installation.generators.card import load_card
from installation.generators.protocol import Network
from installation.generators.styles import Edit
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import load_weights
from installation.generators.xray import XRay
from installation.progress import progress
from installation.session import ROOT

Moving = Callable[[float], Edit | None]  # by a share, 0 to 1, of how far the hand has gone

WARM_UP = 3  # pictures that are not counted
_ARRANGED = [(2, "columns"), (2, "rows"), (3, "columns")]
_OTHERS = np.random.default_rng(7).standard_normal((2, 512))


def main() -> int:
    """Measure, print."""
    options = _options()
    found = {folder.name: costs(folder, options.pictures) for folder in options.models}
    print(f"| in use | {' | '.join(f'*{name}*' for name in found)} |")
    print(f"|---|{'---|' * len(found)}")
    for edit in edits():
        cells = (_words(*column[edit]) for column in found.values())
        print(f"| {edit} | {' | '.join(cells)} |")
    return 0


def edits() -> dict[str, Moving]:
    """Those that are measured, by what docs/edits.md calls them."""
    found: dict[str, Moving] = {"nothing": lambda gone: None}
    for kind, side in [
        *((kind, 128) for kind in ("ablate", "threshold", "noise")),
        *(("rotate", side) for side in (32, 64, 128, 256)),
        ("translate_x", 128),
    ]:
        found[f"{kind}, {side} px"] = _bend(kind, side)
    found |= {f"x-ray, {side} px": _xray(side) for side in (8, 32, 128, 256)}
    found |= {f"{n} places: {across}": _bands(n, across) for n, across in _ARRANGED}
    return found


def costs(folder: Path, pictures: int) -> dict[str, tuple[float, float]]:
    """By edit: how much more time and processor time than the plain network it takes, as shares."""
    wanted = edits()
    anatomy = Anatomy(load_card(folder).architecture.built(), WHOLE)
    plain, found = _network(folder, WHOLE), dict[str, tuple[float, float]]()
    for name, moving in progress(list(wanted.items()), len(wanted), folder.name, sys.stderr):
        network = _network(folder, Variant(anatomy.taps(moving(0.5))))
        found[name] = _compared(plain, network, moving, pictures)
        network.close()
    plain.close()
    return found


def _words(time_: float, processor: float) -> str:
    return f"{100 * time_:+.1f} % ({100 * processor:+.1f} %)"


def _compared(
    plain: Network, network: Network, moving: Moving, pictures: int
) -> tuple[float, float]:
    times = np.zeros((pictures, 2, 2))
    out = np.zeros((network.height, network.width, 4), np.uint8)
    places = np.random.default_rng(1).standard_normal((pictures, plain.space.z_dim))
    for number, place in enumerate(places):
        for which, each in enumerate((plain, network)):
            begun = np.array([time.perf_counter(), time.process_time()])
            each.draw(place, 1.0, out, moving(number / pictures) if which else None)
            times[number, which] = [time.perf_counter(), time.process_time()] - begun
    usual, edited = np.median(times[WARM_UP:], axis=0)
    by_clock, by_processor = edited / usual - 1
    return float(by_clock), float(by_processor)


def _network(folder: Path, variant: Variant) -> Network:
    card = load_card(folder)
    return openvino.OpenVino(card, load_weights(folder, card), variant=variant)


def _bend(kind: str, side: int) -> Moving:
    return lambda gone: Edit(bends=(Bend(kind, side, 0.1 + 0.3 * gone),))


def _xray(side: int) -> Moving:
    return lambda gone: Edit(xray=XRay(side, 0.5 + 0.5 * gone))


def _bands(count: int, across: str) -> Moving:
    others = list(_OTHERS[: count - 1])
    return lambda gone: Edit(bands=Bands(others, shift=0.3 * gone, rows=across == "rows"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.edit_costs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    usual = [ROOT / "models" / name for name in ("waves", "families")]
    parser.add_argument("models", nargs="*", type=Path, default=usual, metavar="MODEL")
    parser.add_argument("--pictures", type=int, default=60, help="of each edit")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
