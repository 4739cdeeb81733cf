"""Files that want to do harm, and files that are broken: one clear error, and nothing else."""

import io
import json
import os
import pickle
import random
import struct
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from tests.tools import pickles
from tools.conversion.extract import Limits, extract
from tools.conversion.files import read_bytes
from tools.conversion.opcodes import MAX_OPS

SMALL = Architecture(
    z_dim=2, w_dim=2, resolution=8, channel_base=16, channel_max=2, mapping_layers=1
)
SMALL3 = Architecture3(z_dim=2, w_dim=2, resolution=16, channel_base=20, channel_max=2)
CANARY = "canary"


class Call:
    """Anything that a pickle would call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.function, self.arguments


def with_protocol(body: bytes) -> bytes:
    return b"\x80\x04" + body


def text(word: str) -> bytes:
    return b"\x8c" + bytes([len(word)]) + word.encode()


def in_g_ema(value: Any) -> bytes:
    """A whole checkpoint whose first tensor is something else."""
    network = pickles.persistent(pickles.generator2(SMALL), {})
    network.state["_modules"]["mapping"].state["_buffers"]["w_avg"] = value
    return pickles.dumped({"G_ema": network})


class Bytes:
    """A storage that torch would load with its own, trusting loader."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __reduce__(self) -> tuple[Any, ...]:
        return torch.storage._load_from_bytes, (self.data,)  # pyright: ignore


class Tensor:
    """A tensor of any claims over a real storage."""

    def __init__(self, offset: Any, size: Any, stride: Any) -> None:
        self.claims = offset, size, stride

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = (Bytes(_legacy(None, count=4)), *self.claims, False, {})
        return torch._utils._rebuild_tensor_v2, arguments  # pyright: ignore


class Nested:
    """A tensor whose storage is a pickle of its own."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = (Bytes(self.data), 0, (2,), (1,), False, {})
        return torch._utils._rebuild_tensor_v2, arguments  # pyright: ignore


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def touching() -> bytes:
    return pickle.dumps(Call(os.mkdir, CANARY), 4)


def zipped_reference(key: str) -> bytes:
    """A rosinality archive whose tensor lies in a member of another name."""
    data = pickles.rosinality(pickles.arrays(pickles.generator2(SMALL)), zipped=True)
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    place = next(name for name in members if name.endswith("data/0"))
    members[place.replace("data/0", key)] = members.pop(place)
    return archive(members)


@cache
def hostile() -> dict[str, bytes]:
    call = with_protocol(b"cos\nmkdir\n" + text(CANARY) + b"\x85R.")
    return {
        "os.mkdir": touching(),
        "os.mkdir, old opcodes": b"cos\nmkdir\n(S'canary'\ntR.",
        "builtins.eval": pickle.dumps(Call(eval, f"__import__('os').mkdir('{CANARY}')"), 4),
        "builtins.getattr": with_protocol(b"cbuiltins\ngetattr\n" + text("x") + b"\x85R."),
        "importlib": with_protocol(b"cimportlib\nimport_module\n" + text("this") + b"\x85R."),
        "a listed name, deeper": with_protocol(
            text("torch.storage") + text("_load_from_bytes.__globals__") + b"\x93."
        ),
        "a name by what is no text": with_protocol(b"K\x01K\x02\x93."),
        "INST": with_protocol(b"(X\x06\x00\x00\x00canaryios\nmkdir\n."),
        "OBJ": with_protocol(b"(ccollections\nOrderedDict\no."),
        "EXT1": with_protocol(b"\x82\x01."),
        "EXT4": with_protocol(b"\x84\x01\x00\x00\x00."),
        "PERSID": with_protocol(b"Pcanary\n."),
        "BINPERSID of text": with_protocol(text(CANARY) + b"Q."),
        "NEWOBJ_EX": with_protocol(b"ccollections\nOrderedDict\n)}\x92."),
        "BUILD of a name": with_protocol(b"ccollections\nOrderedDict\n}b."),
        "BUILD of a number": with_protocol(b"K\x01}b."),
        "BUILD twice": with_protocol(b"cargparse\nNamespace\n)\x81}b}b."),
        "REDUCE of text": with_protocol(text(CANARY) + b")R."),
        "REDUCE of a made thing": with_protocol(b"ccollections\nOrderedDict\n)R)R."),
        "2^60 bytes": with_protocol(b"\x8e" + struct.pack("<Q", 1 << 60) + b"x."),
        "2^31 text": with_protocol(b"X" + struct.pack("<I", 1 << 31) + b"x."),
        "a number of 16 MB": with_protocol(b"\x8b" + struct.pack("<i", 1 << 24) + b"\1" * 9 + b"."),
        "keys that are tuples": with_protocol(b"}" + b")" + b"\x85" * 50 + b"K\x01s."),
        "keys that are made": with_protocol(b"}ccollections\nOrderedDict\n)RK\x01s."),
        "a set of tuples": with_protocol(b"\x8f()\x90."),
        "50 000 lists in lists": with_protocol(b"]" * 50_000 + b"a" * 49_999 + b"."),
        "50 000 marks": with_protocol(b"(" * 50_000 + b"t" * 50_000 + b"."),
        "too many instructions": with_protocol(b"N" + b"\x85" * (MAX_OPS + 10) + b"."),
        "stack underflow": with_protocol(b"RRRR."),
        "an empty stack": with_protocol(b"."),
        "a mark that is not there": with_protocol(b"t."),
        "memory that is not there": with_protocol(b"h\x07."),
        "items left over": with_protocol(b"K\x01K\x02."),
        "a list that holds itself": with_protocol(b"]\x94h\x00a."),
        "no end": with_protocol(b"K\x01"),
        "nothing": b"",
        "a page": b"<!DOCTYPE html><html>404</html>",
        "nested program": in_g_ema(Nested(touching())),
        "nested program behind the magic": in_g_ema(Nested(_legacy(call))),
        "huge storage": in_g_ema(Nested(_legacy(None, count=1 << 60))),
        "negative storage": in_g_ema(Nested(_legacy(None, count=-1))),
        "size beyond its data": in_g_ema(Tensor(0, (1 << 40,), (1,))),
        "offset beyond its data": in_g_ema(Tensor(9, (2,), (1,))),
        "negative offset": in_g_ema(Tensor(-1, (2,), (1,))),
        "wild stride": in_g_ema(Tensor(0, (2, 2), (1 << 50, 1))),
        "negative stride": in_g_ema(Tensor(3, (2,), (-1,))),
        "zero stride": in_g_ema(Tensor(0, (1 << 30,), (0,))),
        "zero size": in_g_ema(Tensor(0, (0, 1 << 62), (1, 1))),
        "forty dimensions": in_g_ema(Tensor(0, (1,) * 40, (1,) * 40)),
        "sizes that are no numbers": in_g_ema(Tensor(0, ("2",), (1,))),
        "true for a size": in_g_ema(Tensor(0, (True,), (1,))),
        "no tensor at all": in_g_ema("w"),
        "not finite": in_g_ema(torch.tensor([1.0, float("nan")])),
        "whole numbers": in_g_ema(torch.tensor([1, 2])),
        "unknown class": pickles.dumped({"G_ema": pickles.Persistent("Shell", {"_modules": {}})}),
        "a network in itself": _in_itself(),
        "zip of something else": archive({"a/b.txt": b"x"}),
        "compressed zip": archive({"a/data.pkl": touching()}, zipfile.ZIP_DEFLATED),
        "zip with a program": archive({"a/data.pkl": touching()}),
        "zip without its data": zipped_reference("../../data/0"),
        "big-endian": archive({"a/data.pkl": pickle.dumps({}), "a/byteorder": b"big"}),
    }


def _legacy(program: bytes | None, count: int = 2) -> bytes:
    """torch's first format by hand, with a program as its tree, or a storage of `count` numbers."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}
    heads = [0x1950A86A20F9469CFC6C, 1001, system]
    tree = (
        program
        or b"\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000"
        b"X\x03\x00\x00\x00cpuK\x02NtQ."
    )
    tail = pickle.dumps(["0"], 2) + struct.pack("<q", count) + b"\0" * 16
    return b"".join(pickle.dumps(head, 2) for head in heads) + tree + tail


def _in_itself() -> bytes:
    """A network that is a part of itself; by hand, for Python's pickler would not end."""
    meta = b"}\x94(" + text("type") + text("class") + text("class_name") + text("Generator")
    meta += text("state") + b"}\x94(" + text("_parameters") + b"}" + text("_buffers") + b"}"
    meta += text("_modules") + b"}\x94uu\x85"
    network = b"ctorch_utils.persistence\n_reconstruct_persistent_obj\n" + meta + b"R\x94"
    itself = text("y") + b"h\x02" + text("x") + b"h\x03ss"
    return with_protocol(b"}" + text("G_ema") + network + b"s" + itself + b".")


@pytest.mark.parametrize("name", hostile())
def test_it_ends_in_one_clear_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError) as caught:
        read_bytes(hostile()[name], Path("theirs.pkl"))
    message = str(caught.value)
    assert message.startswith("theirs.pkl: ")
    assert len(message) < 300
    assert message.isprintable()
    assert not list(tmp_path.iterdir())


def test_a_name_cannot_paint_the_terminal():
    with pytest.raises(ModelError) as caught:
        read_bytes(with_protocol(text("os\x1b[31m") + text("\nrm") + b"\x93."))
    assert str(caught.value).isprintable()


@cache
def samples() -> list[bytes]:
    tensors = pickles.arrays(pickles.generator2(SMALL))
    options = pickles.options3(SMALL3)
    return [
        pickles.nvidia(pickles.generator2(SMALL)),
        pickles.nvidia(pickles.generator3(SMALL3), **options),
        pickles.tensorflow(tensors, 2),
        pickles.tensorflow(tensors, 4),
        pickles.rosinality(tensors, zipped=True),
        pickles.rosinality(tensors, zipped=False, training=True),
    ]


def only_model_errors(data: bytes) -> None:
    with suppress(ModelError):
        read_bytes(data)


@settings(max_examples=250)
@given(st.integers(0, 5), st.integers(0, 2**32), st.binary(min_size=1, max_size=12))
def test_changed_bytes_end_in_a_model_error_or_in_a_model(which: int, seed: int, junk: bytes):
    data = bytearray(samples()[which])
    dice = random.Random(seed)
    at = dice.randrange(len(data) - len(junk))
    data[at : at + len(junk)] = junk
    only_model_errors(bytes(data))


@settings(max_examples=150)
@given(st.integers(0, 5), st.integers(0, 2**32), st.integers(0, 300), st.integers(0, 300))
def test_bytes_cut_out_or_repeated_do_too(which: int, seed: int, out: int, again: int):
    data = samples()[which]
    at = random.Random(seed).randrange(len(data))
    only_model_errors(data[:at] + data[at + out : at + out + again] + data[at + out :])


@given(st.binary(max_size=400))
def test_any_program_ends_in_a_model_error(body: bytes):
    with pytest.raises(ModelError):
        read_bytes(with_protocol(body))


def saved(folder: Path, data: bytes) -> Path:
    (folder / "theirs.pkl").write_bytes(data)
    return folder / "theirs.pkl"


def extract_error(path: Path, limits: Limits) -> str:
    made = path.parent / "made"
    made.mkdir(exist_ok=True)
    with pytest.raises(ModelError) as caught:
        extract(path, made, limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_memory_is_limited(tmp_path: Path):
    # A whole model, but for one tensor that is larger than what may be spent.
    huge = saved(tmp_path, in_g_ema(torch.ones(60 << 20)))  # 240 MB of float32
    told = extract_error(huge, Limits(memory=600 << 20, cpu=60, wall=90.0))
    assert "needs more memory" in told


def slow(folder: Path) -> Path:
    """A dictionary of 40 000 numbers that all hash alike: Python compares each with each."""
    modulus = 2**61 - 1
    numbers = [pickle.dumps(i * modulus, 2)[2:-1] + b"N" for i in range(1, 40_001)]
    batches = [b"(" + b"".join(numbers[i : i + 8000]) + b"u" for i in range(0, 40_000, 8000)]
    return saved(folder, with_protocol(b"}" + b"".join(batches) + b"."))


def test_processor_time_is_limited(tmp_path: Path):
    told = extract_error(slow(tmp_path), Limits(memory=1 << 30, cpu=1, wall=60.0))
    assert "took more than 1 s of the processor" in told


def test_waiting_time_is_limited(tmp_path: Path):
    told = extract_error(slow(tmp_path), Limits(memory=1 << 30, cpu=60, wall=0.2))
    assert "took more than 0.2 s; given up" in told


def test_facts_are_looked_at_before_they_are_believed(tmp_path: Path):
    path = saved(tmp_path, pickles.nvidia(pickles.generator2(SMALL)))
    told = extract(path, tmp_path)
    assert json.dumps(told)
    assert told["architecture"]["resolution"] == 8
