"""The table as an OSCQuery server describes it (the proposal of Vidvox and others, 2018). Pure.

Each row is a node, each level above it a container. Descriptions are the rows' own help. A choice
is a string out of a list, a trigger an impulse that can only be sent. A row below which there are
others, such as /scene, is a node and a container; for clients that know only one of both it is
there a second time, as /scene/value. How the show is, in words, is the node /state/status.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from starlette.requests import Request

from installation.control.parameters import Kind, Parameter, Scope, Table
from installation.outputs.osc_feedback import SENTENCE
from installation.outputs.osc_packet import packet

ATTRIBUTES = (
    "FULL_PATH",
    "CONTENTS",
    "TYPE",
    "ACCESS",
    "VALUE",
    "RANGE",
    "DESCRIPTION",
    "CLIPMODE",
    "UNIT",
)
_EXTENSIONS = {
    **dict.fromkeys(("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "CLIPMODE", "UNIT"), True),
    "LISTEN": True,
    "PATH_CHANGED": False,  # a client of a former table is sent away, and reads the tree anew
}
_TYPES = {
    Kind.FLOAT: "f",
    Kind.INT: "i",
    Kind.BOOL: "T",
    Kind.CHOICE: "s",
    Kind.TRIGGER: "I",
}
_UNITS = {"s": "time.second"}  # the proposal's words where it has one
_READ, _WRITE = 1, 2
STATUS = SENTENCE
_STATUS_NODE = {"TYPE": "s", "ACCESS": _READ, "DESCRIPTION": "how the show is, in words"}

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: of which path, and which attribute of it, '' for the whole node."""

    path: str
    attribute: str

    @classmethod
    def of(cls, request: Request) -> Self:
        """The query in a request: `/walk/speed?VALUE`; some clients write `?VALUE=`."""
        words = request.scope["query_string"].decode("latin-1")
        return cls(request.scope["path"].rstrip("/") or "/", re.split("[=&]", words)[0])


def host_info(title: str, osc_port: int | None, port: int | None) -> Node:
    """What HOST_INFO answers. No address is named: that means the one the client has found."""
    udp = {"OSC_PORT": osc_port, "OSC_TRANSPORT": "UDP"} if osc_port else {}
    return {"NAME": title, "EXTENSIONS": _EXTENSIONS, **udp, "WS_PORT": port}


class Space:
    """The nodes of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._fixed = {row.address: _attributes(row) for row in table}
        self._inner = table.inner_names
        self._fixed |= {name: self._fixed[address] for name, address in self._inner.items()}
        self._fixed[STATUS] = _STATUS_NODE
        self._children: dict[str, dict[str, str]] = {"/": {}}
        for address in self._fixed:
            self._add(address)

    def answer(self, query: Query, values: Sequence[float], status: str) -> tuple[int, Node | None]:
        """The HTTP status and the JSON body, None for no body. `values` are the table's, `status`
        says how the show is."""
        if query.path not in self._children and query.path not in self._fixed:
            return 404, {"ERROR": f"no control {query.path[:80]}"}
        if query.attribute and query.attribute not in ATTRIBUTES:
            allowed = ", ".join((*ATTRIBUTES, "HOST_INFO"))
            return 400, {"ERROR": f"no attribute {query.attribute[:40]!r}; there are {allowed}"}
        node = self._node(query.path, values, status)
        if not query.attribute:
            return 200, node
        if query.attribute == "VALUE" and "VALUE" not in node and "TYPE" in node:
            return 204, None  # as the proposal has it for what can only be written
        return 200, {key: node[key] for key in (query.attribute,) if key in node}

    def place(self, path: Any) -> int | None:
        """The row at `path`, which may be anything; None where there is none."""
        address = self._inner.get(path, path) if isinstance(path, str) else ""
        return self.table.index(address) if address in self.table else None

    def packet(self, place: int, value: float, path: str = "") -> bytes:
        """The OSC message that tells a row's value, under the name that was asked for."""
        row = self.table.rows[place]
        words = () if row.kind is Kind.TRIGGER else (_told(row, value),)
        return packet(path or row.address, *words)

    def _add(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        while name:
            self._children.setdefault(parent or "/", {})[name] = path
            path = parent
            parent, _, name = path.rpartition("/")

    def _node(self, path: str, values: Sequence[float], status: str) -> Node:
        node: Node = {"FULL_PATH": path, **self._fixed.get(path, {"ACCESS": 0})}
        if path == STATUS:
            node["VALUE"] = [status]
        elif node["ACCESS"] & _READ:
            place = self.table.index(self._inner.get(path, path))
            node["VALUE"] = [_told(self.table.rows[place], values[place])]
        if path in self._children:
            children = self._children[path].items()
            inside = {name: self._node(child, values, status) for name, child in children}
            node["CONTENTS"] = inside
        return node


def _attributes(row: Parameter) -> Node:
    """What never changes of a row's node."""
    node: Node = {"TYPE": _TYPES[row.kind], "ACCESS": _access(row), "DESCRIPTION": row.help}
    if row.kind is Kind.CHOICE:
        node["RANGE"] = [{"VALS": list(row.choices)}]
    elif row.kind in (Kind.FLOAT, Kind.INT):
        whole = int if row.kind is Kind.INT else float
        node["RANGE"] = [{"MIN": whole(row.low), "MAX": whole(row.high)}]
        node["CLIPMODE"] = ["both"]
    if row.unit:
        node["UNIT"] = [_UNITS.get(row.unit, row.unit)]
    return node


def _access(row: Parameter) -> int:
    if row.scope is Scope.STATE:
        return _READ
    return _WRITE if row.kind is Kind.TRIGGER else _READ | _WRITE


def _told(row: Parameter, value: float) -> float | int | bool | str:
    """A row's value as its type says."""
    match row.kind:
        case Kind.BOOL:
            return value >= 0.5
        case Kind.INT:
            return round(value)
        case Kind.CHOICE:
            return row.choices[min(max(round(value), 0), len(row.choices) - 1)]
        case _:
            return float(value)
