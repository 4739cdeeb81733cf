"""What a pickle's records mean: mappings, numbers, byte strings and arrays, as far as they are
plain data. Everything is checked before a byte is taken."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.errors import ModelError
from tools.conversion.records import Made, Name, Reference, Span, Value
from tools.conversion.storages import STORAGES, Buffer, identity, kind, read_legacy

Array = npt.NDArray[Any]

MAX_DIMENSIONS = 8
_PARAMETER, _TENSOR = (Name("torch._utils", f"_rebuild_{n}") for n in ("parameter", "tensor_v2"))
_FROM_BYTES = Name("torch.storage", "_load_from_bytes")
_ENCODE, _DTYPE = Name("_codecs", "encode"), Name("numpy", "dtype")
_DTYPES = {"f2", "f4", "f8", "i4", "i8", "u1", "b1"}


@dataclass(slots=True)
class Budget:
    """Bytes of arrays that may still be taken: no more than the file holds, however often it
    points at the same ones."""

    left: int

    def spend(self, size: int) -> None:
        """Raises ModelError when it is used up."""
        self.left -= size
        if self.left < 0:
            raise ModelError("holds less data than its tensors claim")


@dataclass(slots=True)
class Contents:
    """An open checkpoint: its tree, the bytes behind it, and how references are followed."""

    tree: Value
    data: Buffer
    fetch: Callable[[Reference], Buffer]
    budget: Budget

    def raw(self, value: Value) -> Buffer:
        """A byte string, however the file's Python wrote it."""
        if isinstance(value, Span):
            return memoryview(self.data)[value.start : value.start + value.length]
        if isinstance(value, Made) and value.maker == _ENCODE:
            value = value.arguments[0]  # protocol 2 has no bytes: text, one letter a byte
        if isinstance(value, str):
            return value.encode("latin-1")
        if isinstance(value, bytes):
            return value
        raise ModelError("has something else where bytes should be")

    def array(self, value: Value) -> Array:
        """A tensor of torch or an array of numpy, as float32 or float16, as whole numbers else."""
        if isinstance(value, Made) and value.maker == _PARAMETER:
            value = value.arguments[0]
        if isinstance(value, Made) and value.maker == _TENSOR:
            return self._tensor(*value.arguments[:4])
        if isinstance(value, Made) and value.maker.name == "_reconstruct":
            return self._ndarray(value.state)
        raise ModelError("has something else where a tensor should be")

    def number(self, value: Value) -> float | None:
        """A number of Python, numpy or torch; None for what is none."""
        if isinstance(value, (int, float)):
            return float(value)
        if isinstance(value, Made) and value.maker.name == "scalar":
            dtype, data = value.arguments
            return float(np.frombuffer(self.raw(data), _dtype(dtype))[0])
        return None

    def _tensor(self, storage: Value, offset: Value, size: Value, stride: Value) -> Array:
        type_, data = self._storage(storage)
        flat = np.frombuffer(data, STORAGES[type_])
        size, stride = _counts(size, 1), _counts(stride, 0)
        (offset,) = _counts((offset,), 0)
        if len(size) != len(stride):
            raise ModelError("has a tensor with more sizes than strides, or fewer")
        reach = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
        if reach >= len(flat) or math.prod(size) > len(flat):
            raise ModelError("has a tensor that reaches beyond its data")
        self.budget.spend(math.prod(size) * flat.itemsize)
        steps = [step * flat.itemsize for step in stride]
        tensor = np.lib.stride_tricks.as_strided(flat[offset:], size, steps, writeable=False)
        return _widened(tensor) if type_ == "BFloat16Storage" else _kept(tensor)

    def _storage(self, value: Value) -> tuple[str, Buffer]:
        """The type and the bytes of a storage."""
        if isinstance(value, Made) and value.maker == _FROM_BYTES:
            data = self.raw(value.arguments[0])
            reference, kept = read_legacy(BytesIO(data), data)
            return kind(reference), kept[identity(reference)]
        if isinstance(value, Reference):
            return kind(value), self.fetch(value)
        raise ModelError("has a tensor without data")

    def _ndarray(self, state: Value) -> Array:
        """From numpy's (version, shape, dtype, column by column?, data)."""
        _, shape, dtype, columns_first, data = state
        flat = np.frombuffer(self.raw(data), _dtype(dtype))
        shape = _counts(shape, 1)
        if math.prod(shape) != len(flat):
            raise ModelError("has an array of another size than its data")
        self.budget.spend(flat.nbytes)
        return _kept(flat.reshape(shape, order="F" if columns_first is True else "C"))


def _dtype(value: Value) -> np.dtype[Any]:
    """From numpy.dtype's arguments and state: simple numbers, little-endian."""
    if not isinstance(value, Made) or value.maker != _DTYPE or value.arguments[0] not in _DTYPES:
        raise ModelError("has an array of a kind that is not read")
    word = value.arguments[0]
    if value.state is not None and value.state[1] not in ("<", "|", "="):
        raise ModelError("has an array of a big-endian machine")
    return np.dtype(word).newbyteorder("<")


def _counts(values: Value, least: int) -> tuple[int, ...]:
    """A tuple of whole numbers, none below `least`."""
    if not isinstance(values, tuple) or len(values) > MAX_DIMENSIONS:
        raise ModelError("has a tensor of no plain shape")
    if not all(type(n) is int and n >= least for n in values):
        raise ModelError("has a tensor with a size or stride that cannot be")
    return values


def _kept(array: Array) -> Array:
    """float16 and float32 as they are, float64 as float32, in one piece."""
    return np.array(array, np.float32 if array.dtype == np.float64 else array.dtype, order="C")


def _widened(bits: Array) -> Array:
    """bfloat16 is the upper half of a float32."""
    return (np.array(bits, np.uint32, order="C") << np.uint32(16)).view(np.float32)
