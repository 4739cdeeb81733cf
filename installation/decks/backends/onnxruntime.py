"""ONNX Runtime: the portable one. The CPU everywhere; graphics cards by execution provider."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import onnxruntime as ort

from installation.decks.backends.compiled import Compiled
from installation.errors import ModelError
from installation.folders import cache_home
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import FOR_CPU, FOR_GPU, Form, suited, synthesis_graph
from installation.generators.protocol import Picture
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import Tensors
from installation.show.schema import PROVIDERS

# By the names of show.yaml: ONNX Runtime's own name, and the form of the graph that suits it.
_KNOWN: dict[str, tuple[str, Form]] = {
    "tensorrt": ("TensorrtExecutionProvider", FOR_GPU),
    "tensorrt_rtx": ("NvTensorRTRTXExecutionProvider", FOR_GPU),
    "cuda": ("CUDAExecutionProvider", FOR_GPU),
    "coreml": ("CoreMLExecutionProvider", Form(subpixel=True)),
    "directml": ("DmlExecutionProvider", FOR_GPU),
    "cpu": ("CPUExecutionProvider", FOR_CPU),
}


class OnnxRuntime(Compiled):
    """A model on the first execution provider that really starts. See Network."""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        exact: bool = False,
        providers: Sequence[str] = PROVIDERS,
        directions: Sequence[Direction] = (),
        variant: Variant = WHOLE,
    ) -> None:
        """`exact` keeps to f32. `providers`, named as in show.yaml, are tried in order.

        Raises ModelError when none of them starts."""
        super().__init__(card, tensors, directions, variant)
        self._session, provider, form = self._first(tensors, exact, providers)
        self.precision = "fp16" if form.half else "f32"
        self.backend = f"onnxruntime {provider} {self.precision}"
        self._binding = self._session.io_binding()
        for name, array in self._inputs.items():
            self._binding.bind_cpu_input(name, array)
        self._to("probe", self._probe)

    def _first(
        self, tensors: Tensors, exact: bool, providers: Sequence[str]
    ) -> tuple[ort.InferenceSession, str, Form]:
        for provider in providers:
            name, form = _KNOWN[provider]
            half = form.half and not exact
            form = replace(self._form, half=half, subpixel=form.subpixel)
            form = suited(form, self._arch)
            if name in ort.get_available_providers():
                session = _session(synthesis_graph(tensors, self._arch, form), name, exact)
                if session:
                    return session, provider, form
        raise ModelError(f"onnxruntime: none of {', '.join(providers)} starts here; try cpu")

    def run(self) -> None:
        """See Network.run."""
        self._session.run_with_iobinding(self._binding)

    def close(self) -> None:
        """See Generator.close."""
        for held in ("_binding", "_session"):
            vars(self).pop(held, None)

    def _aim(self, out: Picture) -> None:
        self._to("picture", out[None])

    def _to(self, output: str, array: np.ndarray) -> None:
        where = array.ctypes.data
        self._binding.bind_output(output, "cpu", 0, array.dtype.type, array.shape, where)


def _session(graph: bytes, provider: str, exact: bool) -> ort.InferenceSession | None:
    """A session on that provider, None where it is not to be had: a provider that is listed may
    still lack its driver, and ONNX Runtime then goes to the CPU without a word."""
    options = ort.SessionOptions()
    options.log_severity_level = 4  # its words are many and go to stderr
    options.use_deterministic_compute = exact
    options.enable_mem_pattern = provider != "DmlExecutionProvider"  # which forbids it
    # Threads that spin while they wait for the next picture take their core from the stage.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(graph, options, [(provider, _options(provider))])
    except Exception:  # each provider has errors of its own
        return None
    return session if session.get_providers()[0] == provider else None


def _options(provider: str) -> dict[str, str]:
    """TensorRT's engines are kept: the next start takes seconds, not minutes."""
    if provider != "TensorrtExecutionProvider":
        return {}
    kept = str(cache_home() / "tensorrt")
    return {"trt_engine_cache_enable": "1", "trt_engine_cache_path": kept}
