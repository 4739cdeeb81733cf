"""The last block of a narrow StyleGAN2, whose pixels are taken in pairs. See kernels.paired.

The pairs begin at the picture's first pixel after the doubling, and one pixel further left from the
second convolution on, so that a pair too many comes out in each row: `pictures` cuts it in two.
"""

import numpy as np

from installation.generators.architecture import Architecture
from installation.generators.graph_ends import GAIN, SLOPE, affine, clamped, demodulation, with_room
from installation.generators.kernels import (
    LOW_PASS,
    Array,
    paired,
    paired_alone,
    paired_doubling,
    paired_map,
    paired_up,
)
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.weights import Tensors


class PairedBlock:
    """Writes the block down, in f32. `wide` as in Form."""

    def __init__(
        self, graph: OnnxWriter, tensors: Tensors, arch: Architecture, wide: int = 1
    ) -> None:
        self._graph, self._tensors, self._wide = graph, tensors, wide
        self._at, self._bound = f"synthesis.b{arch.resolution}", arch.conv_clamp

    def write(self, x: str, rgb: str, style: int) -> str:
        """The RGB sum in pairs, (N, 8, H, W / 2 + 1), from the features and the sum of half its
        size; `style` is the block's first."""
        x = self._layer(x, f"{self._at}.conv0", style, first=True)
        x = self._layer(x, f"{self._at}.conv1", style + 1, first=False)
        return self._graph.op("Add", self._doubled(rgb), self._torgb(x, style + 2))

    def _layer(self, x: str, at: str, style: int, first: bool) -> str:
        graph, weight = self._graph, self._tensors[f"{at}.weight"]
        scale = affine(graph, self._tensors, at, style)
        x = self._scaled(x, scale if first else self._twice(scale))
        x = self._up_conv(x, at, weight) if first else self._conv(x, at, weight)
        x = self._scaled(x, self._twice(demodulation(graph, scale, at, weight)))
        x = graph.op("Add", x, graph.const(f"{at}.noise", self._offset(at, not first)))
        return clamped(graph, graph.op("LeakyRelu", x, alpha=SLOPE), self._bound)

    def _up_conv(self, x: str, at: str, weight: Array) -> str:
        """Across, pairs from a kernel that holds the low-pass; down, doubled and then filtered."""
        graph, channels = self._graph, 2 * len(weight)
        kernel = graph.const(f"{at}.weight", paired_up(weight))
        pads = [0, 1, 0, 1]
        x = graph.op("ConvTranspose", x, kernel, kernel_shape=[3, 3], strides=[2, 1], pads=pads)
        taps = np.tile(LOW_PASS.reshape(1, 1, 4, 1), (channels, 1, 1, 1))
        kernel, pads = graph.const(f"{at}.taps", taps), [1, 0, 1, 0]
        return graph.op("Conv", x, kernel, kernel_shape=[4, 1], pads=pads, group=channels)

    def _conv(self, x: str, at: str, weight: Array) -> str:
        kernel = self._graph.const(f"{at}.weight", paired(weight))
        return self._graph.op("Conv", x, kernel, kernel_shape=[3, 2], pads=[1, 1, 1, 1])

    def _offset(self, at: str, further: bool) -> Array:
        """Noise and bias of every channel, (1, 2 C, H, pairs)."""
        tensors, bias = self._tensors, self._tensors[f"{at}.bias"]
        noise = tensors[f"{at}.noise_strength"] * tensors[f"{at}.noise_const"]
        noise = paired_map(np.tile(noise, (1, self._wide)), further)
        each = np.repeat(noise, len(bias), 0) + np.tile(bias, 2)[:, None, None]
        return np.float32(GAIN) * each[None]

    def _torgb(self, x: str, style: int) -> str:
        at, graph = f"{self._at}.torgb", self._graph
        weight = with_room(self._tensors[f"{at}.weight"])
        gain = graph.const(f"{at}.gain", 1 / np.sqrt(weight.shape[1]))
        scale = graph.op("Mul", affine(graph, self._tensors, at, style), gain)
        kernel = graph.const(f"{at}.weight", paired_alone(weight))
        x = graph.op("Conv", self._scaled(x, self._twice(scale)), kernel, kernel_shape=[1, 1])
        bias = np.tile(with_room(self._tensors[f"{at}.bias"]), 2).reshape(1, -1, 1, 1)
        return clamped(graph, graph.op("Add", x, graph.const(f"{at}.bias", bias)), self._bound)

    def _doubled(self, rgb: str) -> str:
        kernel, pads = self._graph.const("taps_rgb_paired", paired_doubling(4)), [1, 0, 1, 0]
        shape, strides = [4, 2], [2, 1]
        return self._graph.op(
            *("ConvTranspose", rgb, kernel), kernel_shape=shape, strides=strides, pads=pads
        )

    def _scaled(self, x: str, scale: str) -> str:
        graph = self._graph
        return graph.op("Mul", x, graph.op("Unsqueeze", scale, graph.ints([2, 3])))

    def _twice(self, scale: str) -> str:
        """One number a channel, for both pixels of a pair."""
        return self._graph.op("Concat", scale, scale, axis=1)
