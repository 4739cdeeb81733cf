"""A pickle read as data.

A pickle is a program, and `pickle.load` runs it. Here its opcodes are only written down: a name
stays a name, a call becomes a record of what would have been called with what. Opcodes, names and
counts that no StyleGAN checkpoint needs are refused. Nothing is ever looked up or called.
"""

import pickletools
from collections.abc import Callable
from io import BytesIO
from mmap import mmap
from typing import IO, cast

from installation.errors import ModelError
from tools.conversion.records import (
    MAPPINGS,
    NAMES,
    Made,
    Name,
    Reference,
    Span,
    Value,
    shown,
)

MAX_OPS = 500_000  # three networks of a 1024 pixel StyleGAN2 are 33 519
MAX_STACK = 20_000  # a batch of dictionary items is 2 000
MAX_MARKS = 200  # nested containers that are still open
KEPT = 4096  # bytes; longer byte strings stay where they are in the file


_PLAIN = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE"}
_PLAIN |= {"BINSTRING", "SHORT_BINSTRING"}
_BYTES = {"SHORT_BINBYTES": 2, "BINBYTES": 5, "BINBYTES8": 9}  # the opcode and its length
_FIXED: dict[str, Callable[[], Value]] = {
    **{"NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False},
    **{"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_SET": set, "EMPTY_TUPLE": tuple},
}
_SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_TO_MEMO = {"BINPUT", "LONG_BINPUT", "MEMOIZE"}
_FROM_MEMO = {"BINGET", "LONG_BINGET"}
_SCALARS = (str, int, float, bytes, type(None))  # what may be a key: nothing slow to hash


def read_pickle(source: mmap | BytesIO, references: list[Reference] | None = None) -> Value:
    """The value of the pickle that begins where `source` stands; it is left behind its end.
    `references` gathers what it refers to.

    Raises ModelError for what is not listed, and what pickletools raises for what is no pickle."""
    return _Reader([] if references is None else references).read(source)


class _Reader:
    def __init__(self, references: list[Reference]) -> None:
        self._references = references
        self._stack: list[Value] = []
        self._marks: list[int] = []
        self._memo: dict[int, Value] = {}
        self._acts: dict[str, Callable[[], None]] = {
            **{"MARK": self._mark, "TUPLE": self._tuple, "APPEND": self._append},
            **{"APPENDS": self._appends, "SETITEM": self._set_item, "SETITEMS": self._set_items},
            **{"ADDITEMS": self._add_items, "STACK_GLOBAL": self._stack_global},
            **{"REDUCE": self._make, "NEWOBJ": self._make, "BUILD": self._build},
            **{"BINPERSID": self._reference, "FRAME": lambda: None},
        }

    def read(self, source: mmap | BytesIO) -> Value:
        for count, (opcode, argument, at) in enumerate(pickletools.genops(cast(IO[bytes], source))):
            if count == 0 and (opcode.name != "PROTO" or argument not in range(2, 6)):
                raise ModelError("is no pickle of protocol 2 to 5")
            if opcode.name == "STOP":
                return self._last()
            self._obey(opcode.name, argument, at or 0)
            if count > MAX_OPS or len(self._stack) > MAX_STACK or len(self._marks) > MAX_MARKS:
                raise ModelError("is larger or deeper nested than any StyleGAN checkpoint")
        raise ModelError("ends before its end")

    def _obey(self, opcode: str, argument: Value, at: int) -> None:
        if opcode in self._acts:
            self._acts[opcode]()
        elif opcode in _TO_MEMO:
            self._memo[len(self._memo) if argument is None else argument] = self._stack[-1]
        elif opcode in _SHORT_TUPLES:
            self._stack.append(tuple(self._pop() for _ in range(_SHORT_TUPLES[opcode]))[::-1])
        elif opcode == "GLOBAL":
            self._name(*str(argument).split(" ", 1))
        elif opcode != "PROTO":
            self._stack.append(self._value(opcode, argument, at))

    def _value(self, opcode: str, argument: Value, at: int) -> Value:
        if opcode in _PLAIN:
            return argument
        if opcode in _FIXED:
            return _FIXED[opcode]()
        if opcode in _FROM_MEMO:
            return self._memo[argument]
        if opcode in _BYTES:
            long = len(argument) > KEPT
            return Span(at + _BYTES[opcode], len(argument)) if long else argument
        raise ModelError(f"uses the pickle instruction {opcode}, which no checkpoint needs")

    def _pop(self) -> Value:
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise ModelError("takes more from its stack than there is")
        return self._stack.pop()

    def _last(self) -> Value:
        value = self._pop()
        if self._stack or self._marks:
            raise ModelError("ends with something left over")
        return value

    def _mark(self) -> None:
        self._marks.append(len(self._stack))

    def _marked(self) -> list[Value]:
        start = self._marks.pop()
        values, self._stack[start:] = self._stack[start:], []
        return values

    def _tuple(self) -> None:
        self._stack.append(tuple(self._marked()))

    def _append(self) -> None:
        value = self._pop()
        self._top(list).append(value)

    def _appends(self) -> None:
        values = self._marked()
        self._top(list).extend(values)

    def _add_items(self) -> None:
        values = self._marked()
        self._top(set).update(map(_key, values))

    def _set_item(self) -> None:
        value, key = self._pop(), self._pop()
        self._target()[_key(key)] = value

    def _set_items(self) -> None:
        values = self._marked()
        target = self._target()
        for key, value in zip(values[::2], values[1::2], strict=True):
            target[_key(key)] = value

    def _top(self, kind: type) -> Value:
        if not isinstance(self._stack[-1], kind):
            raise ModelError("adds to something that nothing can be added to")
        return self._stack[-1]

    def _target(self) -> dict[Value, Value]:
        top = self._stack[-1]
        if isinstance(top, Made) and top.maker in MAPPINGS:
            return top.pairs
        return self._top(dict)

    def _stack_global(self) -> None:
        name, module = self._pop(), self._pop()
        self._name(module, name)

    def _name(self, module: Value, name: Value = "") -> None:
        if not (isinstance(module, str) and isinstance(name, str)):
            raise ModelError("names something by what is no text")
        wanted = Name(module, name)
        if wanted not in NAMES:
            raise ModelError(
                f"asks for {shown(wanted)}, which no checkpoint needs; nothing was run"
            )
        self._stack.append(wanted)

    def _make(self) -> None:
        arguments, maker = self._pop(), self._pop()
        if not (isinstance(maker, Name) and isinstance(arguments, tuple)):
            raise ModelError("calls what is no listed name; nothing was run")
        self._stack.append(Made(maker, arguments))

    def _build(self) -> None:
        state = self._pop()
        made = self._top(Made)
        if made.built:
            raise ModelError(f"sets the state of a {shown(made.maker)} twice")
        made.state, made.built = state, True

    def _reference(self) -> None:
        identity = self._pop()
        if not isinstance(identity, tuple):
            raise ModelError("refers to something by what is no tuple")
        self._references.append(Reference(identity))
        self._stack.append(self._references[-1])


def _key(value: Value) -> Value:
    if not isinstance(value, _SCALARS):
        raise ModelError("has a key that is neither text nor number")
    return value
