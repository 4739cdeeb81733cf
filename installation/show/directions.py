"""The controls of a model's named directions, read from its file's head without opening numbers.

The supervisor builds the table and must not hold numpy, so this reads JSON alone: a safetensors
file begins with eight bytes of length and that many bytes of JSON, whose `__metadata__` holds text.
"""

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from installation.control.parameters import Kind, Parameter

FILE = "directions.safetensors"
MOST = 128  # directions of one model
HEAD = 256 * 1024  # bytes of JSON
NAME = re.compile(r"[a-z0-9_]{1,40}")
SEFA = 8  # computed where a model brings no file
SEFA_RANGE = (-3.0, 3.0)  # standard deviations of w; beyond, w is where training never was
CARD = "card.yaml"
SMOOTH = 0.25  # seconds

_ZONES = {"coarse": "4 to 8 px", "middle": "16 to 32 px", "fine": "64 px and up"}


def direction_rows(folders: list[Path]) -> list[Parameter]:
    """`/direction/<name>` for every direction of the models in these folders, `/zone/…` over them.

    Two models' directions of one name share a control, of the wider range. A folder or a file that
    cannot be read gives none: the deck that loads it says why."""
    rows: dict[str, Parameter] = {}
    for folder in folders:
        for row in _rows(folder):
            before = rows.get(row.address, row)
            low, high = min(before.low, row.low), max(before.high, row.high)
            rows[row.address] = _row(row.address, before.help, low, high)
    return [*rows.values(), *_zones()] if rows else []


def contents(head: bytes) -> dict[str, Any]:
    """What the JSON at the head of a directions file says of each direction, by name.

    Raises ValueError for anything but what models/<model>/directions.safetensors may hold."""
    try:
        told = json.loads(json.loads(head)["__metadata__"]["directions"])
        for name, one in told.items():
            low, high = one["range"]
            if not NAME.fullmatch(name) or not -100 <= low <= 0 <= high <= 100 or low == high:
                raise ValueError(f"direction {name[:40]!r} has a name or a range that cannot be")
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"its metadata names no directions ({error!r})") from None
    if len(told) > MOST:
        raise ValueError(f"{len(told)} directions, at most {MOST}")
    return told


def _rows(folder: Path) -> Iterator[Parameter]:
    try:
        told = contents(_head(folder / FILE))
    except FileNotFoundError:
        told = {}
        if (folder / CARD).is_file():
            told = {f"sefa{n}": {"range": SEFA_RANGE, "help": HELP} for n in range(1, SEFA + 1)}
    except (OSError, ValueError):
        return
    for name, one in told.items():
        low, high = map(float, one["range"])
        yield _row(f"/direction/{name}", str(one.get("help") or name)[:200], low, high)


HELP = "a way in which the styles react most (SeFa)"


def _row(address: str, help: str, low: float, high: float) -> Parameter:
    words = " ".join(help.split())
    return Parameter(address, Kind.FLOAT, 0.0, low, high, words, smooth=SMOOTH)


def _zones() -> list[Parameter]:
    return [
        Parameter(
            f"/zone/{name}",
            Kind.FLOAT,
            1,
            0,
            1,
            f"how much of the directions in w reaches the {name} layers, {sides}",
            smooth=SMOOTH,
        )
        for name, sides in _ZONES.items()
    ]


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise FileNotFoundError
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8).ljust(8, b"\xff"))
        if size > HEAD:
            raise ValueError("its table of contents is too large")
        return file.read(size)
