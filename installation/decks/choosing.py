"""Which backend plays a model on this machine, and why: a line for the log and the status page."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

from installation.decks import hardware
from installation.decks.hardware import Gpu
from installation.errors import ModelError

BACKENDS = ("openvino", "onnxruntime", "torch", "tensorrt")
TENSORRT = ("tensorrt", "tensorrt_rtx")  # either plays; TensorRT itself reaches more cards
NOT_BUILT = "no engine is built yet"
NO_CARD = "no NVIDIA card"
AS_ASKED = "as show.yaml says"

Ready = Callable[[], str]  # '' when an engine is ready to play, else why there is none


@dataclass(frozen=True, slots=True)
class Choice:
    """One of BACKENDS."""

    backend: str
    why: str

    def __str__(self) -> str:
        return f"{self.backend} ({self.why})"


def installed(backend: str) -> bool:
    """Whether a backend's library is here; nothing is imported."""
    names = TENSORRT if backend == "tensorrt" else (backend,)
    return any(importlib.util.find_spec(name) for name in names)


def choose(backend: str, ready: Ready = lambda: NOT_BUILT) -> Choice:
    """`backend`; for 'auto' the fastest one for this hardware, and for 'tensorrt' that one too
    until an engine is `ready`. Raises ModelError when nothing that could play is installed."""
    if backend in ("auto", "tensorrt"):
        return _fastest(hardware.nvidia(), ready, backend == "tensorrt")
    if backend not in BACKENDS or not installed(backend):
        raise ModelError(f"backend {backend} is not installed; run make setup")
    return Choice(backend, AS_ASKED)


def _fastest(gpu: Gpu | None, ready: Ready, asked: bool) -> Choice:
    if gpu is None:
        return _processor(f"tensorrt needs a card: {NO_CARD}" if asked else NO_CARD)
    lacking = ready() if installed("tensorrt") else "not installed"
    if not lacking:
        return Choice("tensorrt", f"{gpu.name}, its engine is built")
    why = f"{gpu.name}; tensorrt: {lacking}" if asked or lacking != "not installed" else gpu.name
    for name, reaches in (("torch", _torch_sees_it), ("onnxruntime", _onnxruntime_sees_it)):
        if installed(name) and reaches():
            return Choice(name, why)
    return _processor(f"{why}; neither torch nor onnxruntime here is made for it")


def _processor(why: str) -> Choice:
    """OpenVINO took a half to three quarters of ONNX Runtime's time, and a third of torch's."""
    if installed("openvino"):
        native = "computes" if hardware.native_bf16() else "does not compute"
        return Choice("openvino", f"{why}; the processor {native} in bf16")
    for name in ("onnxruntime", "torch"):
        if installed(name):
            return Choice(name, f"{why}; openvino is not installed")
    raise ModelError("no backend is installed; run make setup")


def _torch_sees_it() -> bool:
    import torch

    return torch.cuda.is_available()


def _onnxruntime_sees_it() -> bool:
    import onnxruntime

    return "CUDAExecutionProvider" in onnxruntime.get_available_providers()
