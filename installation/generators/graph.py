"""The synthesis network as an ONNX graph, written straight from the tensors, without torch.

One graph feeds every compiled backend. Input `ws` float32 (1, num_ws, w_dim), one style vector a
layer, and what `inputs` names beside; output `picture` uint8 (1, height, width, 4), RGBA, opaque,
ready for the screen: the change of layout inside the graph costs nothing in OpenVINO, 1.5 ms a
picture outside it at 512 px; output `probe` float32, every 16th pixel of the RGB sum: a picture
that is not finite shows there, while in uint8 it would pass for black.

The form is that of Karras et al. 2020 (arXiv:1912.04958) with the modulation moved off the
weights: scale the input, convolve with the shared weights, scale the output back to unit variance.
The leaky ReLU's gain of sqrt(2) is folded into that scale, the noise and the bias; it may be,
because the function is homogeneous. Exact to rounding, and no weight depends on the picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.generators.architecture import Architecture
from installation.generators.architecture3 import AnyArchitecture, Architecture3
from installation.generators.graph3 import Synthesis3
from installation.generators.graph_ends import (
    GAIN,
    SLOPE,
    affine,
    clamped,
    demodulation,
    pictures,
    with_room,
)
from installation.generators.graph_pairs import PairedBlock
from installation.generators.graph_taps import TapWriter
from installation.generators.kernels import TAPS, Array, bounded, subpixel
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.taps import PLAIN, Shapes, Taps, kind
from installation.generators.weights import Tensors

_VECTOR = 16  # numbers that AVX-512 holds at once


@dataclass(frozen=True, slots=True)
class Form:
    """How the graph is written down. Every form paints the same picture, to its precision.

    `half`: features and kernels in fp16; styles, demodulation and the RGB sum stay in fp32. Written
    into the graph because TensorRT 11 takes its precision from there and from nowhere else.
    `subpixel`: doubling as one 3x3 convolution to four times the channels, rearranged, the low-pass
    folded into its kernel. Four times the multiplications, no transposed and no depthwise
    convolution: up to 1.8 times slower than the other form on a CPU, meant for tensor cores.
    `batch`: pictures at a time. `noise`: the noise maps are inputs. `wide`: a picture so many times
    as wide, from so many constants side by side. `taps`: what can be done between the layers.
    `gathered`: what a bend moves is taken from elsewhere by rows of channels, as suits OpenVINO."""

    half: bool = False
    subpixel: bool = False
    batch: int = 1
    noise: bool = False
    wide: int = 1
    taps: Taps = PLAIN
    gathered: bool = False

    def __post_init__(self) -> None:
        if self.batch > 1 and self.taps != PLAIN:
            raise ValueError("a graph with taps paints one picture at a time")


FOR_CPU = Form()
FOR_GPU = Form(half=True, subpixel=True)


def suited(form: Form, arch: AnyArchitecture) -> Form:
    """The form as a network of this shape is written: a StyleGAN3 has only one, in f32, and holds
    one place."""
    return Form(taps=form.taps) if isinstance(arch, Architecture3) else form


def inputs(arch: AnyArchitecture, form: Form = FOR_CPU) -> Shapes:
    """The inputs of the graph in order, by name; their types are those of `taps.kind`."""
    shapes: Shapes = {"ws": (form.batch * form.taps.regions, arch.num_ws, arch.w_dim)}
    if form.noise and isinstance(arch, Architecture):
        for at, side in noisy_layers(arch):
            shapes[f"noise.{at}"] = 1, 1, side, side * form.wide
    return shapes | form.taps.inputs(arch, form.wide, form.gathered)


def in_pairs(arch: Architecture, form: Form) -> bool:
    """Whether the last block takes two neighbouring pixels as one of twice the channels.

    Where it has less than a register's channels, each operation is half empty, or OpenVINO leaves
    bf16 altogether. Processor time in turns: with 8 channels (512 px) 0.94 of it, with 4 0.93 in
    f32 and 0.62 in bf16; ONNX Runtime 0.90 at 512 px. Not where something is done to that block's
    pixels, which would have to be parted first."""
    last, taps = arch.resolution, form.taps
    touched = taps.xray or taps.regions > 1 or any(side == last for _, side in taps.bends)
    other = form.half or form.subpixel or form.noise or last == arch.resolutions[0]
    return arch.channels(last) < _VECTOR and not (touched or other)


def noisy_layers(arch: Architecture) -> Iterator[tuple[str, int]]:
    """The layers that add noise, in order, as b8.conv0, and the side of their maps."""
    yield "b4.conv1", 4
    for side in arch.resolutions[1:]:
        yield f"b{side}.conv0", side
        yield f"b{side}.conv1", side


def synthesis_graph(tensors: Tensors, arch: AnyArchitecture, form: Form = FOR_CPU) -> bytes:
    """The serialised ONNX model of these tensors, in the form that suits them."""
    if isinstance(arch, Architecture3):
        return Synthesis3(tensors, arch, form.taps).write()
    return _Synthesis(tensors, arch, form).write()


class _Synthesis:
    def __init__(self, tensors: Tensors, arch: Architecture, form: Form) -> None:
        self._tensors, self._arch, self._form = tensors, arch, form
        self._dtype = np.float16 if form.half else np.float32  # of the features
        self._graph = OnnxWriter()
        self._paired = in_pairs(arch, form)
        late = form.taps.late(arch)
        self._taps = TapWriter(self._graph, form.taps, form.wide, self._dtype, late, form.gathered)

    def write(self) -> bytes:
        graph, form, side = self._graph, self._form, self._arch.resolution
        for name, shape in inputs(self._arch, form).items():
            graph.takes(name, list(shape), kind(name))
        rgb = self._taps.over(self._blocks(), side)
        pictures(graph, rgb, side, form.wide, form.batch, self._paired)
        return graph.model("synthesis")

    def _blocks(self) -> str:
        """All blocks from 4x4 up; the name of the RGB sum. Layer i takes style i; a block's
        last style is shared by its torgb and the next block's first layer."""
        x = self._feature("const", self._tiled(self._tensors["synthesis.b4.const"][None]))
        x = self._layer(x, 4, "b4.conv1", style=0)
        x = self._taps.after(x, 4, self._arch.channels(4))
        rgb, style = self._torgb(x, 4, style=1), 1
        for side in self._arch.resolutions[1:]:
            if self._paired and side == self._arch.resolution:
                block = PairedBlock(self._graph, self._tensors, self._arch, self._form.wide)
                return block.write(x, rgb, style)
            x = self._layer(x, side, f"b{side}.conv0", style, up=True)
            x = self._layer(x, side, f"b{side}.conv1", style + 1)
            x = self._taps.after(x, side, self._arch.channels(side))
            part = self._torgb(x, side, style + 2)
            part = self._taps.late(part, side) if side == self._arch.resolution else part
            rgb = self._graph.op("Add", self._doubled(rgb), part)
            style += 2
        return rgb

    def _layer(self, x: str, side: int, name: str, style: int, up: bool = False) -> str:
        """One modulated, demodulated 3x3 convolution with noise, bias and leaky ReLU."""
        at = f"synthesis.{name}"
        graph, weight = self._graph, self._tensors[f"{at}.weight"]
        scale = self._style(at, style)
        if self._form.half:
            # Demodulation takes any factor out again, so both go where fp16 cannot overflow
            # (Karras et al. 2020, NVIDIA's fp16 recipe): |style| <= 1, |weight| <= 1/sqrt(fan in).
            scale, weight = graph.op("Div", scale, self._largest(scale)), bounded(weight)[0]
        x = graph.op("Mul", x, self._spread(scale, side // 2 if up else side))
        x = self._up_conv(x, at, weight) if up else self._conv(x, at, weight)
        x = graph.op("Mul", x, self._spread(demodulation(graph, scale, at, weight), side))
        x = graph.op("Add", x, self._noise(name))
        bias = GAIN * self._tensors[f"{at}.bias"].reshape(1, -1, 1, 1)
        x = graph.op("Add", x, self._feature(f"{at}.bias", bias))
        return self._clamped(graph.op("LeakyRelu", x, alpha=SLOPE), self._dtype)

    def _torgb(self, x: str, side: int, style: int) -> str:
        """A modulated 1x1 convolution to RGB and nothing, without demodulation, in fp32 from there
        on."""
        at = f"synthesis.b{side}.torgb"
        graph, weight = self._graph, with_room(self._tensors[f"{at}.weight"])
        gain = np.float32(1 / np.sqrt(weight.shape[1]))
        scale = graph.op("Mul", self._style(at, style), graph.const(f"{at}.gain", gain))
        if not self._form.half:
            x = self._picture(x, self._spread(scale, side), at, weight)
        else:
            largest = self._largest(scale)
            weight, bound = bounded(weight)
            even = self._spread(graph.op("Div", scale, largest), side)
            x = self._picture(x, even, at, weight)
            size = graph.op("Mul", largest, graph.const(f"{at}.bound", bound[:, :, 0, 0].T))
            x = graph.op("Mul", graph.cast(x, np.float32), graph.op("Unsqueeze", size, self._axes))
        bias = with_room(self._tensors[f"{at}.bias"]).reshape(1, -1, 1, 1)
        return self._clamped(graph.op("Add", x, graph.const(f"{at}.bias", bias)), np.float32)

    def _picture(self, x: str, scale: str, at: str, weight: Array) -> str:
        x = self._graph.op("Mul", x, scale)
        return self._graph.op("Conv", x, self._feature(f"{at}.weight", weight), kernel_shape=[1, 1])

    def _style(self, at: str, number: int) -> str:
        return affine(self._graph, self._tensors, at, number)

    def _largest(self, scale: str) -> str:
        """The largest magnitude of a style, never zero: (batch, 1), or one of all places (1, 1)."""
        graph, axes = self._graph, [1] if self._form.taps.regions == 1 else [0, 1]
        largest = graph.op("ReduceMax", graph.op("Abs", scale), axes=axes, keepdims=1)
        return graph.op("Max", largest, graph.const("epsilon", np.float32(1e-8)))

    def _spread(self, scale: str, side: int) -> str:
        """A number a channel, (N, channels), in the features' type and shape, `side` high."""
        if self._form.taps.regions > 1:
            spread = self._taps.across(scale, side)
        else:
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
        taps = self._graph.const("taps_rgb", np.tile(TAPS, (4, 1, 1, 1)))
        return self._graph.op(
            *("ConvTranspose", rgb, taps),
            kernel_shape=[4, 4],
            strides=[2, 2],
            pads=[1, 1, 1, 1],
            group=4,
        )

    def _noise(self, name: str) -> str:
        """The layer's noise at its learnt strength, (1, 1, side, width): its own, or an input."""
        at, graph = f"synthesis.{name}", self._graph
        strength = GAIN * self._tensors[f"{at}.noise_strength"]
        if not self._form.noise:
            noise = self._tiled(self._tensors[f"{at}.noise_const"][None, None])
            return self._feature(f"{at}.noise", strength * noise)
        noise = graph.op("Mul", f"noise.{name}", graph.const(f"{at}.strength", strength))
        return graph.cast(noise, np.float16) if self._form.half else noise

    def _tiled(self, array: Array) -> Array:
        return np.tile(array, (1, 1, 1, self._form.wide))

    def _clamped(self, x: str, dtype: type) -> str:
        return clamped(self._graph, x, self._arch.conv_clamp, dtype)

    @property
    def _axes(self) -> str:
        return self._graph.ints([2, 3])

    def _feature(self, name: str, value: npt.ArrayLike) -> str:
        return self._graph.const(name, value, self._dtype)
