"""The one table of live controls: everything that can be steered while the show runs is a row here.

OSC addresses, the panel's widgets, hotkey targets, routes, the shared-memory layout and the page
docs/parameters.md are made from it. A row's place in the table is its place in the state array.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from zlib import crc32


class Kind(StrEnum):
    """What a row's number means. All values travel as floats."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"  # 0 or 1
    CHOICE = "choice"  # the index into `choices`
    TRIGGER = "trigger"  # a count that only grows; each step is one press


class Scope(StrEnum):
    """Whom a row belongs to."""

    LOOK = "look"  # saved with a scene
    MACHINE = "machine"  # belongs to this machine, never saved with a scene
    STATE = "state"  # read-only: written by the program, for everyone to read


@dataclass(frozen=True, slots=True)
class Parameter:
    """One control. `address` is lower case, at most three levels, with a leading slash.

    `smooth` is the time constant in seconds of the glide towards a new value; 0 jumps.
    `curve` is the exponent of a slider's travel: 2 gives the low end more room.
    `resets` tells whether /scene/safe brings it back to its default.
    """

    address: str
    kind: Kind
    default: float
    low: float
    high: float
    help: str
    unit: str = ""
    scope: Scope = Scope.LOOK
    smooth: float = 0.0
    curve: float = 1.0
    choices: tuple[str, ...] = ()
    resets: bool = True

    def clamp(self, value: float) -> float:
        """`value` inside the row's range, rounded where the kind is whole."""
        inside = min(max(value, self.low), self.high)
        return inside if self.kind is Kind.FLOAT else float(round(inside))

    @property
    def group(self) -> str:
        """The first level of the address, by which the panel groups its widgets."""
        return self.address.split("/")[1]


class Table:
    """The rows in order, found by address. Raises ValueError for two rows of one address."""

    def __init__(self, rows: Iterable[Parameter]) -> None:
        self.rows = tuple(rows)
        self._index = {row.address: place for place, row in enumerate(self.rows)}
        if len(self._index) != len(self.rows):
            raise ValueError("two rows of the parameter table share an address")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.rows)

    def __contains__(self, address: str) -> bool:
        return address in self._index

    def __getitem__(self, address: str) -> Parameter:
        return self.rows[self._index[address]]

    def index(self, address: str) -> int:
        """The place of `address` in the state array. Raises KeyError."""
        return self._index[address]

    @property
    def inner_names(self) -> dict[str, str]:
        """A second name for every row that has others below it, to its address: `/scene/value` for
        `/scene`. Who takes an address for a folder or a control, never both, finds it there."""
        folders = {address.rpartition("/")[0] for address in self._index}
        names = {f"{address}/value": address for address in self._index if address in folders}
        return {name: address for name, address in names.items() if name not in self}

    @property
    def fingerprint(self) -> int:
        """A number that differs when two processes hold different tables."""
        return crc32(self.to_json().encode())

    def to_json(self) -> str:
        """The table as JSON, for children and for the panel."""
        return json.dumps([asdict(row) for row in self.rows])

    @classmethod
    def from_json(cls, text: str | bytes) -> "Table":
        """The table that `to_json` wrote."""
        return cls(
            Parameter(
                **{
                    **row,
                    "kind": Kind(row["kind"]),
                    "scope": Scope(row["scope"]),
                    "choices": tuple(row["choices"]),
                }
            )
            for row in json.loads(text)
        )
