"""Bends, bands and the x-ray as nodes of the graph."""

import numpy as np

from installation.generators.bends import STEP, base_grid, noise_map
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.taps import Taps
from installation.generators.xray import COLD, GROUND, WARM, Sheet


def _late(taps: Taps, last: int) -> list[int]:
    """The places of the bends that may as well be done after the last layer has become colour.

    A 1x1 convolution of what was sampled elsewhere is, sampled elsewhere, the convolution: three
    channels are sampled instead of all (1 instead of 32 % of a 128 px network's time)."""
    if taps.regions > 1 or taps.xray == last:
        return []
    at_last = [place for place, (_, side) in enumerate(taps.bends) if side == last]
    kept = [place for place in at_last if taps.bends[place][0] != "warp"]
    return [place for place in at_last if not kept or place > kept[-1]]


class TapWriter:
    """Adds a graph's taps to it. Features are (1, C, side, side * wide) of `dtype`."""

    def __init__(
        self, graph: OnnxWriter, taps: Taps, wide: int, dtype: type, last: int | None
    ) -> None:
        """`last` is the side of the last layer, where nothing clamps what comes of it."""
        self._graph, self._taps, self._wide, self._dtype = graph, taps, wide, dtype
        self._late = _late(taps, last) if last else []
        self._seen = ""  # the features that the x-ray shows
        self._channels = 0
        self._begun = 0  # numbers of `bands` that the layers so far have taken
        self._bands: dict[int, str] = {}

    def across(self, scale: str, side: int) -> str:
        """A number a channel for each place, (places, C), as (1, C, 1, W) or (1, C, H, 1)."""
        graph = self._graph
        turned = graph.op("Transpose", scale, perm=[1, 0])
        blended = graph.op("MatMul", turned, self._band(side))
        return graph.op("Unsqueeze", blended, graph.ints([0, 3] if self._taps.rows else [0, 2]))

    def after(self, x: str, side: int, channels: int) -> str:
        """The features of a layer, bent; the x-ray sees them so."""
        for place, (operation, at) in enumerate(self._taps.bends):
            if at == side and place not in self._late:
                x = getattr(self, f"_{operation}")(x, f"bend{place}", side)
        if self._taps.xray == side:
            self._seen, self._channels = x, channels
        return x

    def late(self, rgb: str, side: int) -> str:
        """What the last layer adds to the picture, (1, 3, side, side * wide), fp32, with the bends
        that wait for it: see _late."""
        for place in self._late:
            rgb = self._sampled(rgb, f"bend{place}", side)
        return rgb

    def over(self, rgb: str, resolution: int) -> str:
        """The picture, or as much of the x-ray as is mixed in."""
        if not self._taps.xray:
            return rgb
        graph, shown = self._graph, self._sheet(resolution)
        away = graph.op("Sub", shown, rgb)
        return graph.op("Add", rgb, graph.op("Mul", away, "xray"))

    def _band(self, side: int) -> str:
        if side not in self._bands:
            begin, self._begun = self._begun, self._begun + self._taps.length(side, self._wide)
            cut = [self._graph.ints([n]) for n in (begin, self._begun, 1, 1)]
            self._bands[side] = self._graph.op("Slice", "bands", *cut)
        return self._bands[side]

    def _affine(self, x: str, name: str, side: int) -> str:
        graph = self._graph
        return graph.op("Add", graph.op("Mul", x, self._row(name, 0)), self._row(name, 1))

    def _threshold(self, x: str, name: str, side: int) -> str:
        graph = self._graph
        steep = graph.op("Mul", x, self._const("step", STEP))
        step = graph.op("Clip", steep, self._const("none", 0.0), self._const("one", 1.0))
        return self._towards(x, step, name)

    def _noise(self, x: str, name: str, side: int) -> str:
        noise = self._const(f"bend_noise{side}", noise_map(side, side * self._wide)[None, None])
        return self._graph.op("Add", x, self._graph.op("Mul", noise, self._row(name, 0)))

    def _warp(self, x: str, name: str, side: int) -> str:
        """Sampled in fp32 whatever the features are: fp16 cannot tell 1024 places apart."""
        if self._dtype is not np.float16:
            return self._sampled(x, name, side)
        x = self._sampled(self._graph.cast(x, np.float32), name, side)
        return self._graph.cast(x, np.float16)

    def _sampled(self, x: str, name: str, side: int) -> str:
        graph, height, width = self._graph, side, side * self._wide
        grid = graph.const(f"grid{side}", base_grid(height, width))
        grid = graph.op("MatMul", grid, f"{name}_warp")
        grid = graph.op("Reshape", grid, graph.ints([1, height, width, 2]))
        options = {"mode": "bilinear", "padding_mode": "reflection", "align_corners": 0}
        return graph.op("GridSample", x, grid, **options)

    def _warp_some(self, x: str, name: str, side: int) -> str:
        return self._towards(x, self._warp(x, name, side), name)

    def _towards(self, x: str, goal: str, name: str) -> str:
        graph = self._graph
        way = graph.op("Mul", graph.op("Sub", goal, x), self._row(name, 0))
        return graph.op("Add", x, way)

    def _row(self, name: str, row: int) -> str:
        """A row of an input (rows, C) as (1, C, 1, 1)."""
        graph = self._graph
        one = graph.op("Gather", name, graph.ints(row), axis=0)
        spread = graph.op("Unsqueeze", one, graph.ints([0, 2, 3]))
        return graph.cast(spread, np.float16) if self._dtype is np.float16 else spread

    def _sheet(self, resolution: int) -> str:
        """The maps of a layer, tiled and coloured; see generators.xray."""
        graph = self._graph
        sheet = Sheet(self._channels, self._taps.xray, resolution, self._wide)
        x = self._pooled(self._seen, sheet.pooled)
        x = graph.cast(x, np.float32) if self._dtype is np.float16 else x
        first = [graph.ints([n]) for n in (0, sheet.tiles**2, 1, 1)]
        x = self._levelled(graph.op("Slice", x, *first))
        x = graph.op("Reshape", x, graph.ints(sheet.apart))
        x = graph.op("Expand", x, graph.ints(sheet.repeated))
        x = graph.op("Transpose", x, perm=[0, 2, 3, 1, 4, 5])
        x = graph.op("Reshape", x, graph.ints([1, 1, resolution, resolution * self._wide]))
        return self._coloured(graph.op("Mul", x, graph.const("frames", sheet.frames)))

    def _pooled(self, x: str, size: int) -> str:
        """Means over squares of pixels, as a convolution a channel: it stays in the layout and the
        precision of the layers around it, where OpenVINO turns them into another for pooling (18
        instead of 5 % of a 128 px network's time)."""
        if size == 1:
            return x
        mean = np.full((self._channels, 1, size, size), 1 / size**2)
        sides, group = [size, size], self._channels
        kernel = self._const(f"mean{group}_{size}", mean)
        return self._graph.op("Conv", x, kernel, kernel_shape=sides, strides=sides, group=group)

    def _levelled(self, x: str) -> str:
        """Between -1 and 1: by each map's own strength and, as much, by the layer's."""
        graph = self._graph
        power = graph.op("ReduceMean", graph.op("Mul", x, x), axes=[2, 3], keepdims=1)
        own = graph.op("Sqrt", power)
        all_ = graph.op("Sqrt", graph.op("ReduceMean", power, axes=[1], keepdims=1))
        strength = graph.op("Add", graph.op("Add", own, all_), graph.const("tiny", 1e-8))
        return graph.op("Tanh", graph.op("Div", x, strength))

    def _coloured(self, x: str) -> str:
        graph, ground = self._graph, GROUND.reshape(1, 3, 1, 1)
        rgb = graph.const("xray_ground", ground)
        for name, colour, shown in (("warm", WARM, x), ("cold", COLD, graph.op("Neg", x))):
            away = graph.const(f"xray_{name}", colour.reshape(1, 3, 1, 1) - ground)
            rgb = graph.op("Add", rgb, graph.op("Mul", graph.op("Relu", shown), away))
        return rgb

    def _const(self, name: str, value: object) -> str:
        return self._graph.const(f"{name}_{np.dtype(self._dtype).name}", value, self._dtype)  # pyright: ignore
