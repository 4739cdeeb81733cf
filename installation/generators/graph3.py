"""StyleGAN3's synthesis network as an ONNX graph, T and R, with the ends of `generators.graph`.

The form is that of Karras et al. 2021 (arXiv:2106.12423) with the modulation moved off the weights,
as in StyleGAN2's graph. Filters go along one axis and then the other: a transposed convolution a
channel enlarges and crops in one step, a strided convolution reduces; R's round filter takes both
axes at once. The leaky ReLU's gain is folded into the scale and the bias before the filter.

f32 only: the small filters have no bf16 kernels in OpenVINO, which took three to six times as long.
"""

import numpy as np

from installation.generators.architecture3 import Architecture3, Layer, taken
from installation.generators.graph_ends import affine, pictures, with_room
from installation.generators.graph_taps import TapWriter
from installation.generators.kernels import Array
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.taps import PLAIN, Taps
from installation.generators.weights import Tensors

_SLOPE = 0.2
_GAIN = np.sqrt(2.0)
_INPUT = "synthesis.input"
# (1, 4), the direction (cos, sin) and the move of the input, to the turn's numbers row by row, and
# to the move's, negated.
_TURN = np.array([[1, 0, 0, 1], [0, -1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
_BACK = np.array([[0, 0], [0, 0], [-1, 0], [0, -1]])


class Synthesis3:
    """Writes one network down."""

    def __init__(self, tensors: Tensors, arch: Architecture3, taps: Taps = PLAIN) -> None:
        self._tensors, self._arch, self._wanted = tensors, arch, taps
        self._graph = OnnxWriter()
        self._taps = TapWriter(self._graph, taps, 1, np.float32, [], gathered=False)

    def write(self) -> bytes:
        """The serialised ONNX model."""
        graph, arch = self._graph, self._arch
        graph.takes("ws", [1, arch.num_ws, arch.w_dim])
        for name, shape in self._wanted.inputs(arch, 1).items():
            graph.takes(name, list(shape))
        x = self._waves()
        for number, plan in enumerate(arch.plan):
            x = self._layer(x, plan, number + 1)
            if plan in taken(arch).values():
                rate, margin = plan.out.rate, (plan.out.size - plan.out.rate) // 2
                x = self._taps.after(x, rate, plan.out.channels, margin)
        scale = graph.const("output_scale", np.float32(arch.output_scale))
        rgb = self._taps.over(graph.op("Mul", x, scale), arch.resolution)
        pictures(graph, rgb, arch.resolution)
        return graph.model("synthesis")

    def _waves(self) -> str:
        """Fourier features (1, channels, size, size): plane waves below the first cutoff, turned
        and moved by style 0, mixed by the input's weight."""
        graph, band = self._graph, self._arch.bands[0]
        placed = graph.op("MatMul", self._const(f"{_INPUT}.freqs"), self._placement())
        freqs, shift = self._columns(placed, 0, 2), self._columns(placed, 2, 3)
        still = graph.const(f"{_INPUT}.phases", self._tensors[f"{_INPUT}.phases"][:, None])
        waves = graph.op("MatMul", freqs, graph.const("grid", self._grid()))
        waves = graph.op("Add", waves, graph.op("Add", shift, still))
        waves = graph.op("Sin", graph.op("Mul", waves, graph.const("tau", 2 * np.pi)))
        waves = graph.op("Mul", waves, self._fading(freqs))
        mix = self._tensors[f"{_INPUT}.weight"]
        mix = graph.const(f"{_INPUT}.weight", mix / np.sqrt(np.float32(len(mix))))
        shape = graph.ints([1, band.channels, band.size, band.size])
        return graph.op("Reshape", graph.op("MatMul", mix, waves), shape)

    def _placement(self) -> str:
        """The learnt turn and move, after the stored transform: its first two rows, (2, 3)."""
        graph = self._graph
        four = affine(graph, self._tensors, _INPUT, 0)
        length = graph.op("ReduceL2", self._columns(four, 0, 2), axes=[1], keepdims=1)
        four = graph.op("Div", four, length)
        turn = graph.op("MatMul", four, graph.const("turn", _TURN))
        turn = graph.op("Reshape", turn, graph.ints([2, 2]))
        back = graph.op("MatMul", four, graph.const("back", _BACK))
        move = graph.op("MatMul", turn, graph.op("Reshape", back, graph.ints([2, 1])))
        learnt = graph.op("Concat", turn, move, axis=1)
        return graph.op("MatMul", learnt, self._const(f"{_INPUT}.transform"))

    def _fading(self, freqs: str) -> str:
        """What a transform shrinks beyond the sampling rate fades out instead of aliasing:
        an amplitude a wave, (channels, 1)."""
        graph, band = self._graph, self._arch.bands[0]
        room = band.rate / 2 - band.cutoff
        x = graph.op("ReduceL2", freqs, axes=[1], keepdims=1)
        x = graph.op("Mul", x, graph.const("fall", -1 / room))
        x = graph.op("Add", x, graph.const("from", 1 + band.cutoff / room))
        return graph.op("Clip", x, graph.const("none", 0.0), graph.const("all", 1.0))

    def _grid(self) -> Array:
        """Sample places (2, size²), x above y, in picture widths from the middle."""
        band = self._arch.bands[0]
        places = (np.arange(band.size) + 0.5 - band.size / 2) / band.rate
        y, x = np.meshgrid(places, places, indexing="ij")
        return np.stack([x.ravel(), y.ravel()]).astype(np.float32)

    def _layer(self, x: str, plan: Layer, number: int) -> str:
        """One modulated convolution, then a leaky ReLU between two filters."""
        graph, at = self._graph, f"synthesis.{plan.name}"
        weight, bias, side = self._tensors[f"{at}.weight"], self._tensors[f"{at}.bias"], plan.kernel
        scale = affine(graph, self._tensors, at, number)
        if plan.torgb:
            weight, bias = with_room(weight), with_room(bias)
            gain = graph.const(f"{at}.gain", 1 / np.sqrt(weight.shape[1]))
            scale = graph.op("Mul", scale, gain)
        x = graph.op("Mul", x, self._spread(scale))
        pads = [side - 1] * 4
        kernel = graph.const(f"{at}.weight", weight)
        x = graph.op("Conv", x, kernel, kernel_shape=[side, side], pads=pads)
        x = graph.op("Mul", x, self._gain(scale, at, plan))
        bias = bias.reshape(1, -1, 1, 1) * (1.0 if plan.torgb else _GAIN)
        x = graph.op("Add", x, graph.const(f"{at}.bias", bias))
        return self._clamped(x) if plan.torgb else self._bend(x, plan)

    def _gain(self, scale: str, at: str, plan: Layer) -> str:
        """What brings the features near one: the input's long-run power, measured in training,
        and the size of each modulated kernel; (1, channels, 1, 1), or a number for the picture."""
        graph, weight = self._graph, self._tensors[f"{at}.weight"]
        level = 1 / np.sqrt(self._tensors[f"{at}.magnitude_ema"])
        if plan.torgb:
            return graph.const(f"{at}.level", level)
        energy = graph.const(f"{at}.sq", np.square(weight).sum((2, 3)).T)
        power = graph.op("MatMul", graph.op("Mul", scale, scale), energy)
        power = graph.op("Add", power, graph.const("epsilon", np.float32(1e-8)))
        level = graph.const(f"{at}.level", level * _GAIN)
        return self._spread(graph.op("Div", level, graph.op("Sqrt", power)))

    def _bend(self, x: str, plan: Layer) -> str:
        """Enlarge, leaky ReLU, clamp, reduce."""
        x = self._enlarged(x, plan)
        x = self._clamped(self._graph.op("LeakyRelu", x, alpha=_SLOPE))
        return self._reduced(x, plan)

    def _enlarged(self, x: str, plan: Layer) -> str:
        """Rows and then columns: zeros between, the low-pass, and the cut to the plan's size. The
        taps always reach further than the padding, so there is something to cut, never to add."""
        taps, channels, up = plan.up_taps, plan.out.channels, plan.up
        low, high = plan.padding
        cut = taps - 1 - low, taps - up - high
        kernel = up * self._tensors[f"synthesis.{plan.name}.up_filter"]
        for axis in (0, 1):
            name, along = self._along(f"{plan.name}.up{axis}", kernel, axis, channels)
            x = self._graph.op(
                *("ConvTranspose", x, name),
                kernel_shape=along,
                strides=[up, 1] if axis == 0 else [1, up],
                pads=[cut[0], 0, cut[1], 0] if axis == 0 else [0, cut[0], 0, cut[1]],
                group=channels,
            )
        return x

    def _reduced(self, x: str, plan: Layer) -> str:
        """The second low-pass, and of its samples every `down`-th."""
        kernel, down = self._tensors[f"synthesis.{plan.name}.down_filter"], plan.down
        channels = plan.out.channels
        if kernel.ndim == 2:
            round_ = np.tile(kernel, (channels, 1, 1, 1))
            name = self._graph.const(f"{plan.name}.down", round_)
            return self._filtered(x, name, list(kernel.shape), [down, down], channels)
        for axis in (0, 1):
            name, along = self._along(f"{plan.name}.down{axis}", kernel, axis, channels)
            x = self._filtered(x, name, along, [down, 1] if axis == 0 else [1, down], channels)
        return x

    def _filtered(self, x: str, kernel: str, shape: list[int], strides: list[int], n: int) -> str:
        return self._graph.op("Conv", x, kernel, kernel_shape=shape, strides=strides, group=n)

    def _along(self, name: str, kernel: Array, axis: int, channels: int) -> tuple[str, list[int]]:
        """A filter (taps,) for each channel along rows (0) or columns (1), and its shape."""
        shape = [len(kernel), 1] if axis == 0 else [1, len(kernel)]
        filters = np.tile(kernel.reshape(shape), (channels, 1, 1, 1))
        return self._graph.const(name, filters), shape

    def _clamped(self, x: str) -> str:
        bound, graph = self._arch.conv_clamp, self._graph
        if bound is None:
            return x
        return graph.op("Clip", x, graph.const("clamp_low", -bound), graph.const("clamp", bound))

    def _spread(self, scale: str) -> str:
        return self._graph.op("Unsqueeze", scale, self._graph.ints([2, 3]))

    def _columns(self, x: str, first: int, end: int) -> str:
        ints = self._graph.ints
        return self._graph.op("Slice", x, ints([first]), ints([end]), ints([1]), ints([1]))

    def _const(self, name: str) -> str:
        return self._graph.const(name, self._tensors[name])
