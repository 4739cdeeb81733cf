"""Engines that were built ahead: TensorRT's, kept in the user's cache by all that they depend on.

Beside each engine lies a note: what it was built from, how far its pictures are from the exact
ones, its checksum; or why there is none. An engine is stale when anything in its key differs, and
is then not found; keeping a new one for the same model and card takes the stale ones away.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from installation import folders
from installation.decks import hardware
from installation.decks.choosing import NOT_BUILT
from installation.errors import ModelError
from installation.generators import graph
from installation.generators.card import Card

MOST = 8 * 1024**3  # bytes of all engines together; the oldest go first


@dataclass(frozen=True, slots=True)
class Key:
    """All that an engine depends on."""

    weights: str  # sha256 of the model's
    writer: str  # the program text that writes the graph
    form: str  # of the graph, its precision among it
    library: str  # TensorRT's name and version
    card: str  # its name and compute capability

    @property
    def digest(self) -> str:
        """The engine's file name."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:24]


def home() -> Path:
    """Where engines lie."""
    return folders.cache_home() / "engines"


def key(card: Card) -> Key:
    """The key of a model on this machine. Raises ModelError without a card or TensorRT."""
    from installation.decks.backends import tensorrt_api

    gpu = hardware.nvidia()
    if gpu is None:
        raise ModelError("tensorrt needs an NVIDIA card, and there is none")
    form = graph.suited(graph.FOR_GPU, card.architecture.built())
    version = tensorrt_api.version(tensorrt_api.library())
    return Key(card.sha256, writer(), repr(form), version, f"{gpu.name} {gpu.capability}")


@cache
def writer() -> str:
    """The checksum of the program text that writes graphs: another text may write another graph."""
    room = Path(graph.__file__).parent
    names = (*sorted(room.glob("graph*.py")), room / "kernels.py", room / "onnx_writer.py")
    return hashlib.sha256(b"".join(file.read_bytes() for file in names)).hexdigest()[:16]


def state(card: Card) -> str:
    """'' when an engine of this model is ready to play here, else why there is none."""
    try:
        note = _note(key(card))
    except ModelError as error:
        return str(error)
    return NOT_BUILT if note is None else str(note.get("refused", ""))


def kept(card: Card) -> bytes:
    """The engine of this model, whole. Raises ModelError when there is none."""
    wanted = key(card)
    note = _note(wanted) or {"refused": NOT_BUILT}
    if "refused" in note:
        raise ModelError(f"{card.name}: {note['refused']}; run installation prepare")
    with contextlib.suppress(OSError):
        engine = _file(wanted).read_bytes()
        if hashlib.sha256(engine).hexdigest() == note["sha256"]:
            return engine
    forget(wanted)
    raise ModelError(f"{card.name}: its engine was damaged; run installation prepare")


def keep(wanted: Key, engine: bytes, error: float, seconds: float) -> None:
    """Keep an engine whose pictures are at most `error` standard deviations off. Raises OSError."""
    home().mkdir(parents=True, exist_ok=True)
    _remove_stale(wanted)
    _write(_file(wanted), engine)
    digest = hashlib.sha256(engine).hexdigest()
    _tell(wanted, {"sha256": digest, "error": round(error, 6), "seconds": round(seconds, 1)})
    _prune(wanted)


def refuse(wanted: Key, why: str) -> None:
    """Note why there is no engine, so that no deck tries again for the same key."""
    with contextlib.suppress(OSError):
        home().mkdir(parents=True, exist_ok=True)
        _tell(wanted, {"refused": why})


def forget(wanted: Key) -> None:
    """As if it had never been tried."""
    for file in (_beside(wanted), _file(wanted)):
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """While the block runs nobody else builds: two builders at once would share one card."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "building.lock").open("w") as lock:
        with contextlib.suppress(ImportError):  # Windows has no flock: two may then build at once
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _file(wanted: Key) -> Path:
    return home() / f"{wanted.digest}.engine"


def _beside(wanted: Key) -> Path:
    return home() / f"{wanted.digest}.json"


def _note(wanted: Key) -> dict[str, Any] | None:
    """The note of this very key; None where there is none, or none that can be read."""
    try:
        note = json.loads(_beside(wanted).read_text())
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) and note.get("key") == asdict(wanted) else None


def _tell(wanted: Key, words: dict[str, Any]) -> None:
    text = json.dumps({"key": asdict(wanted), **words}, indent=2)
    _write(_beside(wanted), text.encode())


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, also when the power goes."""
    part = file.with_suffix(f".{os.getpid()}")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _remove_stale(wanted: Key) -> None:
    """Other engines of the same model on the same card: what they depended on is gone."""
    for file in home().glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            old = Key(**json.loads(file.read_text())["key"])
            if (old.weights, old.card) == (wanted.weights, wanted.card) and old != wanted:
                forget(old)


def _prune(wanted: Key) -> None:
    """Remove the oldest until all together take no more than MOST; never `wanted`'s."""
    files = [file for file in home().glob("*.engine") if file != _file(wanted)]
    files.sort(key=lambda file: file.stat().st_mtime, reverse=True)
    left = MOST - _file(wanted).stat().st_size
    for file in files:
        left -= file.stat().st_size
        if left < 0:
            file.with_suffix(".json").unlink(missing_ok=True)
            file.unlink(missing_ok=True)
