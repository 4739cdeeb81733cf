"""What is written down of a pickle: its values, and records in place of what it would have called.

Here too is the whole list of names that a checkpoint may use. None is ever looked up."""

from dataclasses import dataclass, field
from typing import Any

Value = Any  # a plain Python value of the file's own, or one of the records below


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function that the file names. Only listed ones get this far."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False, slots=True)
class Made:
    """What the file would have made by calling `maker`; `state` is what it would have set."""

    maker: Name
    arguments: tuple[Value, ...]
    state: Value = None
    built: bool = False
    pairs: dict[Value, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """Something the file keeps outside of the pickle."""

    identity: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A byte string, by where it lies in the file."""

    start: int
    length: int


_SAME = [("collections", "OrderedDict"), ("_codecs", "encode")]
_SETS = [("builtins", "set"), ("__builtin__", "set")]
_STORAGES = [("torch", f"{kind}Storage") for kind in (
    *("Float", "Half", "Double", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool"),
)]  # fmt: skip
_TORCH = [
    ("torch._utils", "_rebuild_parameter"),
    ("torch._utils", "_rebuild_tensor_v2"),
    ("torch.storage", "_load_from_bytes"),
    ("torch_utils.persistence", "_reconstruct_persistent_obj"),
]
_NUMPY = [
    (f"{core}.multiarray", name)
    for core in ("numpy.core", "numpy._core")
    for name in ("scalar", "_reconstruct")
] + [("numpy", "dtype"), ("numpy", "ndarray")]
_OTHERS = [
    *(("dnnlib.util", "EasyDict"), ("dnnlib", "EasyDict")),
    ("dnnlib.tflib.network", "Network"),
    ("argparse", "Namespace"),
]
NAMES = frozenset(Name(*n) for n in [*_SAME, *_SETS, *_STORAGES, *_TORCH, *_NUMPY, *_OTHERS])
MAPPINGS = {Name("collections", "OrderedDict"), Name("dnnlib.util", "EasyDict")}
MAPPINGS |= {Name("dnnlib", "EasyDict")}
SETS = {Name(*pair) for pair in _SETS}


def shown(text: object, most: int = 80) -> str:
    """Words from a file, fit for a terminal and a line."""
    word = ascii(str(text))[1:-1]
    return word if len(word) <= most else f"{word[:most]}…"
