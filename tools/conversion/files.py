"""From a file to the generator in it: which of the known formats it is, and its reader.

Runs in the child process of tools.conversion.confine. Never imports what a file names."""

import hashlib
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

import numpy as np

from installation.errors import ModelError
from tools.conversion import nvidia, rosinality, tensorflow
from tools.conversion.network import Found
from tools.conversion.opcodes import read_pickle
from tools.conversion.records import Made, Reference, Value, shown
from tools.conversion.storages import LEGACY_MAGIC, Buffer, identity, mapping, read_legacy
from tools.conversion.trees import Budget, Contents

MAX_MEMBERS = 100_000
SLACK = 1 << 20  # bytes: bookkeeping of small tensors
_LUCIDRAINS = ("S.", "G.", "SE.", "GE.", "D.")
# What Python's own readers raise when a file is not what it claims to be.
DAMAGE = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, EOFError),
    *(RecursionError, struct.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, Warning),
)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Whatever is wrong with a file becomes one ModelError that names it."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from None
    except MemoryError:
        raise ModelError(f"{path}: needs more memory than a checkpoint of its size may") from None
    except DAMAGE as error:
        kind = type(error).__name__
        raise ModelError(f"{path}: is damaged, or no checkpoint ({kind}); fetch it again") from None


def read(path: Path) -> tuple[Found, str]:
    """The generator in a checkpoint, and the file's sha256. Raises ModelError in one line."""
    with told(path):
        if path.stat().st_size == 0:
            raise ModelError("is empty")
        with path.open("rb") as file:
            # Not closed by hand: after an error there are views of it left in the traceback.
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
            return _found(data, file, memoryview(data)), hashlib.sha256(data).hexdigest()


def read_bytes(data: bytes, path: Path = Path("checkpoint")) -> Found:
    """As `read`, for a file's contents."""
    with told(path):
        return _found(BytesIO(data), BytesIO(data), memoryview(data))


def _found(source: mmap | BytesIO, file: BinaryIO, data: memoryview) -> Found:
    found = _generator(_opened(source, file, data))
    for name, tensor in found.tensors.items():
        if not np.issubdtype(tensor.dtype, np.floating):
            raise ModelError(f"has whole numbers in {shown(name)}, where weights should be")
        if not np.isfinite(tensor).all():
            raise ModelError(
                f"has numbers in {shown(name)} that are not finite: its training broke down"
            )
    return found


def _opened(source: mmap | BytesIO, file: BinaryIO, data: memoryview) -> Contents:
    """The contents of whichever container this is."""
    budget = Budget(len(data) + SLACK)
    if data[:4] == b"PK\x03\x04":
        return _zip(zipfile.ZipFile(file), budget)
    if LEGACY_MAGIC.to_bytes(10, "little") in bytes(data[:32]):
        tree, kept = read_legacy(source, data)
        return Contents(tree, data, lambda r: kept[identity(r)], budget)
    return Contents(read_pickle(source), data, _nowhere, budget)


def _zip(archive: zipfile.ZipFile, budget: Budget) -> Contents:
    """torch.save's second format: a zip of data.pkl and one file a storage, none compressed."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or any(m.compress_type or m.flag_bits & 1 for m in members):
        raise ModelError("is a compressed or locked archive, which torch does not write")
    pickles = [m.filename for m in members if m.filename.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise ModelError("is an archive, but not one of torch")
    folder = pickles[0].removesuffix("data.pkl")
    if (
        f"{folder}byteorder" in archive.namelist()
        and archive.read(f"{folder}byteorder") != b"little"
    ):
        raise ModelError("was written by a big-endian machine")
    pickle = archive.read(pickles[0])

    def fetch(reference: Reference) -> Buffer:
        return archive.read(f"{folder}data/{identity(reference)}")

    return Contents(read_pickle(BytesIO(pickle)), pickle, fetch, budget)


def _nowhere(reference: Reference) -> Buffer:
    raise ModelError("refers to data outside of itself")


def _generator(contents: Contents) -> Found:
    """The reader that the tree's outermost shape asks for."""
    tree = contents.tree
    if isinstance(tree, tuple) and len(tree) == 3 and isinstance(tree[2], Made):
        return tensorflow.read(contents, tree[2])
    root = dict(mapping(tree))
    if isinstance(root.get("G_ema"), Made):
        return nvidia.read(contents, root)
    if "g_ema" in root:
        return rosinality.read(contents, root)
    if _is_lucidrains(root):
        raise ModelError(
            "is of lucidrains' stylegan2-pytorch, a different network under a similar name "
            "(other styles, noise and upsampling); it cannot be converted, only trained anew"
        )
    raise ModelError("holds no generator that is known here: no G_ema, g_ema or Gs in it")


def _is_lucidrains(root: dict[Value, Value]) -> bool:
    names = root if "GAN" not in root else mapping(root["GAN"])
    return "GAN" in root or any(str(name).startswith(_LUCIDRAINS) for name in names)
