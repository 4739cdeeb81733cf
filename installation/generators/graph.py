"""The synthesis network as an ONNX graph, written straight from the tensors, without torch.

One graph feeds every compiled backend. Input `ws` float32 (1, num_ws, w_dim), one style vector a
layer; output `picture` uint8 (1, height, width, 4), RGBA, opaque, ready for the screen: the change
of layout inside the graph costs nothing in OpenVINO, 1.5 ms a picture outside it at 512 px; output
`probe` float32, every 16th pixel of the RGB sum: a picture that is not finite shows there, while
in uint8 it would pass for black.

The form is that of Karras et al. 2020 (arXiv:1912.04958) with the modulation moved off the
weights: scale the input, convolve with the shared weights, scale the output back to unit variance.
The leaky ReLU's gain of sqrt(2) is folded into that scale, the noise and the bias; it may be,
because the function is homogeneous. Exact to rounding, and no weight depends on the picture.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from installation.generators.architecture import Architecture
from installation.generators.weights import Tensors

OPSET = 17
PROBE_STEP = 16
_SLOPE = 0.2
_GAIN = np.sqrt(2.0)
_TAPS = np.outer([1.0, 3.0, 3.0, 1.0], [1.0, 3.0, 3.0, 1.0]) / 16.0  # sums to 4: one a new pixel


def synthesis_graph(tensors: Tensors, arch: Architecture) -> bytes:
    """The serialised ONNX model of these tensors."""
    return _Writer(tensors, arch).write()


class _Writer:
    def __init__(self, tensors: Tensors, arch: Architecture) -> None:
        self._tensors, self._arch = tensors, arch
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._count = 0

    def write(self) -> bytes:
        rgb = self._blocks()
        self._rgba(rgb)
        self._probe(rgb)
        arch, side = self._arch, self._arch.resolution
        sparse = -(-side // PROBE_STEP)
        ws = helper.make_tensor_value_info("ws", TensorProto.FLOAT, [1, arch.num_ws, arch.w_dim])
        picture = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, side, side, 4])
        probe = helper.make_tensor_value_info("probe", TensorProto.FLOAT, [1, 3, sparse, sparse])
        graph = helper.make_graph(
            self._nodes, "synthesis", [ws], [picture, probe], list(self._constants.values())
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 9
        return model.SerializeToString()

    def _blocks(self) -> str:
        """All blocks from 4x4 up; the name of the RGB sum. Layer i takes style i; a block's
        last style is shared by its torgb and the next block's first layer."""
        x = self._const("const", self._tensors["synthesis.b4.const"][None])
        x = self._layer(x, "synthesis.b4.conv1", style=0, up=False)
        rgb, style = self._torgb(x, "synthesis.b4.torgb", style=1), 1
        for side in self._arch.resolutions[1:]:
            at = f"synthesis.b{side}"
            x = self._layer(x, f"{at}.conv0", style, up=True)
            x = self._layer(x, f"{at}.conv1", style + 1, up=False)
            rgb = self._op("Add", self._doubled(rgb), self._torgb(x, f"{at}.torgb", style + 2))
            style += 2
        return rgb

    def _layer(self, x: str, at: str, style: int, up: bool) -> str:
        """One modulated, demodulated 3x3 convolution with noise, bias and leaky ReLU."""
        weight = self._tensors[f"{at}.weight"]
        scale = self._style(at, style)
        x = self._op("Mul", x, self._op("Unsqueeze", scale, self._ints([2, 3])))
        x = self._up_conv(x, at, weight) if up else self._conv(x, at, weight)
        x = self._op("Mul", x, self._demodulation(scale, at, weight))
        x = self._op("Add", x, self._const(f"{at}.noise", self._noise(at)))
        bias = _GAIN * self._tensors[f"{at}.bias"].reshape(1, -1, 1, 1)
        x = self._op("Add", x, self._const(f"{at}.bias", bias))
        return self._clamped(self._op("LeakyRelu", x, alpha=_SLOPE))

    def _torgb(self, x: str, at: str, style: int) -> str:
        """A modulated 1x1 convolution to RGB, without demodulation."""
        weight = self._tensors[f"{at}.weight"]
        gain = np.float32(1 / np.sqrt(weight.shape[1]))
        scale = self._op("Mul", self._style(at, style), self._const(f"{at}.gain", gain))
        x = self._op("Mul", x, self._op("Unsqueeze", scale, self._ints([2, 3])))
        x = self._op("Conv", x, self._const(f"{at}.weight", weight), kernel_shape=[1, 1])
        bias = self._tensors[f"{at}.bias"].reshape(1, -1, 1, 1)
        return self._clamped(self._op("Add", x, self._const(f"{at}.bias", bias)))

    def _style(self, at: str, style: int) -> str:
        """The affine layer: style vector number `style` to one scale a channel, (1, channels)."""
        affine = self._tensors[f"{at}.affine.weight"]
        weight = self._const(f"{at}.affine.weight", affine / np.sqrt(np.float32(affine.shape[1])))
        bias = self._const(f"{at}.affine.bias", self._tensors[f"{at}.affine.bias"])
        w = self._op("Gather", "ws", self._ints(style), axis=1)
        return self._op("Gemm", w, weight, bias, transB=1)

    def _demodulation(self, scale: str, at: str, weight: npt.NDArray[np.float32]) -> str:
        """Gain over the standard deviation each output channel would have, (1, out, 1, 1)."""
        energy = np.square(weight).sum((2, 3)).T  # (in, out)
        power = self._op("MatMul", self._op("Mul", scale, scale), self._const(f"{at}.sq", energy))
        power = self._op("Add", power, self._const("epsilon", np.float32(1e-8)))
        inverse = self._op("Div", self._const("gain", np.float32(_GAIN)), self._op("Sqrt", power))
        return self._op("Unsqueeze", inverse, self._ints([2, 3]))

    def _conv(self, x: str, at: str, weight: npt.NDArray[np.float32]) -> str:
        kernel = self._const(f"{at}.weight", weight)
        return self._op("Conv", x, kernel, kernel_shape=[3, 3], pads=[1, 1, 1, 1])

    def _up_conv(self, x: str, at: str, weight: npt.NDArray[np.float32]) -> str:
        """Transposed convolution, then the 1-3-3-1 filter a channel: the fastest form on CPUs."""
        kernel = self._const(f"{at}.weight", weight.transpose(1, 0, 2, 3))
        x = self._op("ConvTranspose", x, kernel, kernel_shape=[3, 3], strides=[2, 2])
        channels = weight.shape[0]
        taps = self._const(f"taps{channels}", np.tile(_TAPS, (channels, 1, 1, 1)))
        return self._op("Conv", x, taps, kernel_shape=[4, 4], pads=[1, 1, 1, 1], group=channels)

    def _doubled(self, rgb: str) -> str:
        """The RGB sum at twice the size: zeros between, then the same filter."""
        taps = self._const("taps_rgb", np.tile(_TAPS, (3, 1, 1, 1)))
        return self._op(
            "ConvTranspose",
            rgb,
            taps,
            kernel_shape=[4, 4],
            strides=[2, 2],
            pads=[1, 1, 1, 1],
            group=3,
        )

    def _noise(self, at: str) -> npt.NDArray[np.float32]:
        """The layer's constant noise at its learnt strength, (1, 1, side, side)."""
        strength = self._tensors[f"{at}.noise_strength"]
        return _GAIN * strength * self._tensors[f"{at}.noise_const"][None, None]

    def _clamped(self, x: str) -> str:
        if self._arch.conv_clamp is None:
            return x
        bound = np.float32(self._arch.conv_clamp)
        low, high = self._const("clamp_low", -bound), self._const("clamp_high", bound)
        return self._op("Clip", x, low, high)

    def _rgba(self, rgb: str) -> None:
        """[-1, 1] to 0 … 255, rounded, channels last, opaque."""
        x = self._op("Mul", rgb, self._const("half", np.float32(127.5)))
        x = self._op("Add", x, self._const("middle", np.float32(128.0)))
        x = self._op(
            "Clip", x, self._const("low", np.float32(0)), self._const("high", np.float32(255.0))
        )
        x = self._op("Transpose", x, perm=[0, 2, 3, 1])
        side = self._arch.resolution
        opaque = self._const("opaque", np.full((1, side, side, 1), 255.0))
        x = self._op("Concat", x, opaque, axis=3)
        self._nodes.append(helper.make_node("Cast", [x], ["picture"], to=TensorProto.UINT8))

    def _probe(self, rgb: str) -> None:
        begin, end = self._ints([0, 0]), self._ints([2**31 - 1, 2**31 - 1])
        steps = self._ints([PROBE_STEP, PROBE_STEP])
        sliced = [rgb, begin, end, self._ints([2, 3]), steps]
        self._nodes.append(helper.make_node("Slice", sliced, ["probe"]))

    def _op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        self._count += 1
        output = f"{kind}{self._count}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def _const(self, name: str, value: npt.ArrayLike) -> str:
        if name not in self._constants:
            array = np.ascontiguousarray(value, np.float32)
            self._constants[name] = numpy_helper.from_array(array, name)
        return name

    def _ints(self, value: int | list[int]) -> str:
        name = f"ints{value}"
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.array(value, np.int64), name)
        return name
