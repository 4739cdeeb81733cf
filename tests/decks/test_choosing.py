"""Which backend `auto` takes: by the hardware and by what is installed, with the reason."""

import ctypes
from pathlib import Path

import pytest

from installation.decks import choosing, hardware
from installation.decks.choosing import choose
from installation.decks.hardware import Gpu, first_card, native_bf16, nvidia
from installation.errors import ModelError

CARD = Gpu("NVIDIA L4", "8.9")
ALL = {"openvino", "onnxruntime", "torch", "tensorrt"}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    """A machine with this card and these libraries; those in `sees` are made for the card."""

    def make(gpu: Gpu | None, here: set[str] = ALL, sees: set[str] = ALL, bf16: bool = True):
        monkeypatch.setattr(hardware, "nvidia", lambda: gpu)
        monkeypatch.setattr(hardware, "native_bf16", lambda: bf16)
        monkeypatch.setattr(choosing, "installed", lambda name: name in here)
        monkeypatch.setattr(choosing, "_torch_sees_it", lambda: "torch" in sees)
        monkeypatch.setattr(choosing, "_onnxruntime_sees_it", lambda: "onnxruntime" in sees)

    return make


def test_a_processor_plays_with_openvino_and_says_in_what(machine):
    machine(None)
    assert str(choose("auto")) == "openvino (no NVIDIA card; the processor computes in bf16)"
    machine(None, bf16=False)
    assert choose("auto").why == "no NVIDIA card; the processor does not compute in bf16"


def test_without_openvino_onnx_runtime_plays_then_torch(machine):
    machine(None, {"onnxruntime", "torch"})
    assert str(choose("auto")) == "onnxruntime (no NVIDIA card; openvino is not installed)"
    machine(None, {"torch"})
    assert choose("auto").backend == "torch"
    machine(None, set())
    with pytest.raises(ModelError, match="no backend is installed; run make setup"):
        choose("auto")


def test_a_card_plays_with_tensorrt_once_its_engine_is_built(machine):
    machine(CARD)
    assert str(choose("auto", lambda: "")) == "tensorrt (NVIDIA L4, its engine is built)"
    waiting = choose("auto", lambda: "no engine is built yet")
    assert str(waiting) == "torch (NVIDIA L4; tensorrt: no engine is built yet)"


def test_a_card_without_tensorrt_plays_with_torch_then_onnx_runtime(machine):
    machine(CARD, ALL - {"tensorrt"})
    assert str(choose("auto", lambda: "")) == "torch (NVIDIA L4)"
    machine(CARD, ALL - {"tensorrt"}, sees={"onnxruntime"})
    assert choose("auto").backend == "onnxruntime"


def test_a_card_that_no_library_is_made_for_leaves_the_processor(machine):
    machine(CARD, ALL - {"tensorrt"}, sees=set())
    assert choose("auto").backend == "openvino"
    assert "neither torch nor onnxruntime here is made for it" in choose("auto").why


def test_tensorrt_that_cannot_play_says_why_and_another_plays(machine):
    machine(None)
    assert choose("tensorrt").backend == "openvino"
    assert choose("tensorrt").why.startswith("tensorrt needs a card: no NVIDIA card")
    machine(CARD, ALL - {"tensorrt"})
    assert str(choose("tensorrt")) == "torch (NVIDIA L4; tensorrt: not installed)"
    machine(CARD)
    assert "cannot read the graph" in choose("tensorrt", lambda: "it cannot read the graph").why


def test_what_is_asked_for_is_taken(machine):
    machine(CARD)
    assert str(choose("onnxruntime")) == "onnxruntime (as show.yaml says)"
    machine(CARD, {"openvino"})
    with pytest.raises(ModelError, match="onnxruntime is not installed"):
        choose("onnxruntime")


class Driver:
    """As much of CUDA's driver as is asked."""

    def __init__(self, start: int = 0) -> None:
        self.cuInit = lambda flags: start

    def cuDeviceGet(self, device, ordinal):  # noqa: N802
        return 0

    def cuDeviceGetName(self, name, size, device):  # noqa: N802
        name.value = b"NVIDIA H200"
        return 0

    def cuDeviceGetAttribute(self, number, attribute, device):  # noqa: N802
        ctypes.cast(number, ctypes.POINTER(ctypes.c_int))[0] = {75: 9, 76: 0}[attribute]
        return 0


def test_the_driver_names_the_card():
    assert first_card(Driver()) == Gpu("NVIDIA H200", "9.0")
    assert first_card(Driver(start=100)) is None  # CUDA_ERROR_NO_DEVICE


def test_a_machine_without_the_driver_has_no_card(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hardware, "_DRIVERS", ("libnothing.so.1",))
    nvidia.cache_clear()
    assert nvidia() is None
    nvidia.cache_clear()


def test_bf16_is_native_where_the_processor_says_so(tmp_path: Path):
    for name, flags, native in (
        ("zen5", "fpu avx2 avx512_bf16", True),
        ("old", "fpu avx2", False),
        ("empty", "", False),
    ):
        file = tmp_path / name
        file.write_text(f"processor: 0\nflags\t\t: {flags}\nbugs: x\n")
        assert native_bf16(file) is native
    assert native_bf16(tmp_path / "gone") is False
