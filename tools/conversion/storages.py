"""How torch keeps the numbers of its tensors: outside of the pickle, each storage under a key."""

import struct
from collections.abc import Mapping
from io import BytesIO
from mmap import mmap

import numpy as np

from installation.errors import ModelError
from tools.conversion.opcodes import read_pickle
from tools.conversion.records import MAPPINGS, Made, Name, Reference, Value, shown

Buffer = bytes | memoryview

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
# bfloat16 is read as whole numbers and widened: numpy has no such type.
STORAGES = {
    **{"FloatStorage": "<f4", "HalfStorage": "<f2", "DoubleStorage": "<f8", "LongStorage": "<i8"},
    **{"IntStorage": "<i4", "ByteStorage": "|u1", "BoolStorage": "|b1", "BFloat16Storage": "<u2"},
}


def mapping(value: Value) -> Mapping[Value, Value]:
    """A dictionary of any of the kinds that checkpoints use."""
    if isinstance(value, dict):
        return value
    if isinstance(value, Made) and value.maker in MAPPINGS:
        return value.pairs
    raise ModelError("has something else where a dictionary should be")


def read_legacy(source: mmap | BytesIO, data: Buffer) -> tuple[Value, dict[str, Buffer]]:
    """torch.save's first format: magic, version, system, the pickle, keys, then each storage's
    length and bytes. `source` reads `data` from its start. Returns the tree, and bytes by key."""
    magic, _, system = (read_pickle(source) for _ in range(3))
    if magic != LEGACY_MAGIC or mapping(system).get("little_endian") is not True:
        raise ModelError("is no torch file of a little-endian machine")
    references: list[Reference] = []
    tree, keys = read_pickle(source, references), read_pickle(source)
    sizes = {identity(r): np.dtype(STORAGES[kind(r)]).itemsize for r in references}
    kept, at, view = {}, source.tell(), memoryview(data)
    for key in keys:
        (count,) = struct.unpack_from("<q", view, at)
        at, end = at + 8, at + 8 + count * sizes[key]
        if count < 0 or end > len(view):
            raise ModelError("is cut off: a tensor's data ends early")
        kept[key], at = view[at:end], end
    return tree, kept


def identity(reference: Reference) -> str:
    """The key of a storage that torch keeps outside of the pickle."""
    word, _, key, *_ = reference.identity
    if word != "storage" or not isinstance(key, str):
        raise ModelError("refers to something that is no storage of torch")
    return key


def kind(reference: Reference) -> str:
    """The type of that storage, as torch names it."""
    name = reference.identity[1]
    if not isinstance(name, Name) or name.name not in STORAGES:
        raise ModelError(f"has tensors of a kind that is not read: {shown(name)}")
    return name.name
