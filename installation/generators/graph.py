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

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.generators.architecture import Architecture
from installation.generators.architecture3 import AnyArchitecture, Architecture3
from installation.generators.graph3 import Synthesis3
from installation.generators.graph_ends import affine, pictures
from installation.generators.kernels import TAPS, Array, bounded, subpixel
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.weights import Tensors

_SLOPE = 0.2
_GAIN = np.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Form:
    """How the graph is written down. Every form paints the same picture, to its precision.

    `half`: features and kernels in fp16; styles, demodulation and the RGB sum stay in fp32. Written
    into the graph because TensorRT 11 takes its precision from there and from nowhere else.
    `subpixel`: doubling as one 3x3 convolution to four times the channels, rearranged, the low-pass
    folded into its kernel. Four times the multiplications, no transposed and no depthwise
    convolution: up to 1.8 times slower than the other form on a CPU, meant for tensor cores."""

    half: bool = False
    subpixel: bool = False


FOR_CPU = Form()
FOR_GPU = Form(half=True, subpixel=True)


def suited(form: Form, arch: AnyArchitecture) -> Form:
    """The form as a network of this shape is written: a StyleGAN3 has only one, in f32."""
    return FOR_CPU if isinstance(arch, Architecture3) else form


def synthesis_graph(tensors: Tensors, arch: AnyArchitecture, form: Form = FOR_CPU) -> bytes:
    """The serialised ONNX model of these tensors, in the form that suits them."""
    if isinstance(arch, Architecture3):
        return Synthesis3(tensors, arch).write()
    return _Synthesis(tensors, arch, form).write()


class _Synthesis:
    def __init__(self, tensors: Tensors, arch: Architecture, form: Form) -> None:
        self._tensors, self._arch, self._form = tensors, arch, form
        self._dtype = np.float16 if form.half else np.float32  # of the features
        self._graph = OnnxWriter()

    def write(self) -> bytes:
        graph, arch = self._graph, self._arch
        graph.takes("ws", [1, arch.num_ws, arch.w_dim])
        pictures(graph, self._blocks(), arch.resolution)
        return graph.model("synthesis")

    def _blocks(self) -> str:
        """All blocks from 4x4 up; the name of the RGB sum. Layer i takes style i; a block's
        last style is shared by its torgb and the next block's first layer."""
        x = self._feature("const", self._tensors["synthesis.b4.const"][None])
        x = self._layer(x, "synthesis.b4.conv1", style=0, up=False)
        rgb, style = self._torgb(x, "synthesis.b4.torgb", style=1), 1
        for side in self._arch.resolutions[1:]:
            at = f"synthesis.b{side}"
            x = self._layer(x, f"{at}.conv0", style, up=True)
            x = self._layer(x, f"{at}.conv1", style + 1, up=False)
            rgb = self._graph.op(
                "Add", self._doubled(rgb), self._torgb(x, f"{at}.torgb", style + 2)
            )
            style += 2
        return rgb

    def _layer(self, x: str, at: str, style: int, up: bool) -> str:
        """One modulated, demodulated 3x3 convolution with noise, bias and leaky ReLU."""
        graph, weight = self._graph, self._tensors[f"{at}.weight"]
        scale = self._style(at, style)
        if self._form.half:
            # Demodulation takes any factor out again, so both go where fp16 cannot overflow
            # (Karras et al. 2020, NVIDIA's fp16 recipe): |style| <= 1, |weight| <= 1/sqrt(fan in).
            scale, weight = graph.op("Div", scale, self._largest(scale)), bounded(weight)[0]
        x = graph.op("Mul", x, self._spread(scale))
        x = self._up_conv(x, at, weight) if up else self._conv(x, at, weight)
        x = graph.op("Mul", x, self._spread(self._demodulation(scale, at, weight)))
        x = graph.op("Add", x, self._feature(f"{at}.noise", self._noise(at)))
        bias = _GAIN * self._tensors[f"{at}.bias"].reshape(1, -1, 1, 1)
        x = graph.op("Add", x, self._feature(f"{at}.bias", bias))
        return self._clamped(graph.op("LeakyRelu", x, alpha=_SLOPE), self._dtype)

    def _torgb(self, x: str, at: str, style: int) -> str:
        """A modulated 1x1 convolution to RGB, without demodulation, in fp32 from there on."""
        graph, weight = self._graph, self._tensors[f"{at}.weight"]
        gain = np.float32(1 / np.sqrt(weight.shape[1]))
        scale = graph.op("Mul", self._style(at, style), graph.const(f"{at}.gain", gain))
        if not self._form.half:
            x = self._picture(x, scale, at, weight)
        else:
            largest = self._largest(scale)
            weight, bound = bounded(weight)
            x = self._picture(x, graph.op("Div", scale, largest), at, weight)
            size = graph.op("Mul", largest, graph.const(f"{at}.bound", bound[:, :, 0, 0].T))
            x = graph.op("Mul", graph.cast(x, np.float32), graph.op("Unsqueeze", size, self._axes))
        bias = self._tensors[f"{at}.bias"].reshape(1, -1, 1, 1)
        return self._clamped(graph.op("Add", x, graph.const(f"{at}.bias", bias)), np.float32)

    def _picture(self, x: str, scale: str, at: str, weight: Array) -> str:
        x = self._graph.op("Mul", x, self._spread(scale))
        return self._graph.op("Conv", x, self._feature(f"{at}.weight", weight), kernel_shape=[1, 1])

    def _style(self, at: str, number: int) -> str:
        return affine(self._graph, self._tensors, at, number)

    def _largest(self, scale: str) -> str:
        """The largest magnitude of a style, (1, 1), never zero."""
        graph = self._graph
        largest = graph.op("ReduceMax", graph.op("Abs", scale), axes=[1], keepdims=1)
        return graph.op("Max", largest, graph.const("epsilon", np.float32(1e-8)))

    def _demodulation(self, scale: str, at: str, weight: Array) -> str:
        """Gain over the standard deviation each output channel would have, (1, out)."""
        graph = self._graph
        energy = np.square(weight).sum((2, 3)).T  # (in, out)
        power = graph.op("MatMul", graph.op("Mul", scale, scale), graph.const(f"{at}.sq", energy))
        power = graph.op("Add", power, graph.const("epsilon", np.float32(1e-8)))
        return graph.op("Div", graph.const("gain", np.float32(_GAIN)), graph.op("Sqrt", power))

    def _spread(self, scale: str) -> str:
        """A number a channel, (1, channels), in the features' type and shape."""
        spread = self._graph.op("Unsqueeze", scale, self._axes)
        return self._graph.cast(spread, np.float16) if self._form.half else spread

    def _conv(self, x: str, at: str, weight: Array) -> str:
        kernel = self._feature(f"{at}.weight", weight)
        return self._graph.op("Conv", x, kernel, kernel_shape=[3, 3], pads=[1, 1, 1, 1])

    def _up_conv(self, x: str, at: str, weight: Array) -> str:
        if self._form.subpixel:
            x = self._conv(x, at, subpixel(weight))
            return self._graph.op("DepthToSpace", x, blocksize=2, mode="CRD")
        return self._transposed(x, at, weight)

    def _transposed(self, x: str, at: str, weight: Array) -> str:
        """Transposed convolution, then the 1-3-3-1 filter a channel: the fastest form on CPUs."""
        kernel, channels = self._feature(f"{at}.weight", weight.swapaxes(0, 1)), len(weight)
        x = self._graph.op("ConvTranspose", x, kernel, kernel_shape=[3, 3], strides=[2, 2])
        taps = self._feature(f"taps{channels}", np.tile(TAPS, (channels, 1, 1, 1)))
        pads = [1, 1, 1, 1]
        return self._graph.op("Conv", x, taps, kernel_shape=[4, 4], pads=pads, group=channels)

    def _doubled(self, rgb: str) -> str:
        """The RGB sum at twice the size: zeros between, then the same filter."""
        taps = self._graph.const("taps_rgb", np.tile(TAPS, (3, 1, 1, 1)))
        return self._graph.op(
            *("ConvTranspose", rgb, taps),
            kernel_shape=[4, 4],
            strides=[2, 2],
            pads=[1, 1, 1, 1],
            group=3,
        )

    def _noise(self, at: str) -> Array:
        """The layer's constant noise at its learnt strength, (1, 1, side, side)."""
        strength = self._tensors[f"{at}.noise_strength"]
        return _GAIN * strength * self._tensors[f"{at}.noise_const"][None, None]

    def _clamped(self, x: str, dtype: type) -> str:
        bound, kind = self._arch.conv_clamp, np.dtype(dtype).name
        if bound is None:
            return x
        low = self._graph.const(f"clamp_low_{kind}", -bound, dtype)
        return self._graph.op("Clip", x, low, self._graph.const(f"clamp_{kind}", bound, dtype))

    @property
    def _axes(self) -> str:
        return self._graph.ints([2, 3])

    def _feature(self, name: str, value: npt.ArrayLike) -> str:
        return self._graph.const(name, value, self._dtype)
