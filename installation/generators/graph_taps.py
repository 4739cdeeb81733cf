"""Bends, bands and the x-ray as nodes of the graph."""

import numpy as np

from installation.generators.bends import STEP, base_grid, noise_map
from installation.generators.graph_ends import with_room
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.taps import PLACES, Taps
from installation.generators.xray import COLD, GROUND, WARM, Sheet


class TapWriter:
    """Adds a graph's taps to it. Features are (1, C, side, side * wide) of `dtype`."""

    def __init__(
        self, graph: OnnxWriter, taps: Taps, wide: int, dtype: type, late: list[int], gathered: bool
    ) -> None:
        """`late` are Taps.late, `gathered` is Form.gathered."""
        self._graph, self._taps, self._wide, self._dtype = graph, taps, wide, dtype
        self._late, self._gathered = late, gathered
        self._seen = ""  # the features that the x-ray shows
        self._channels = 0
        self._begun = 0  # numbers of `bands` that the layers so far have taken
        self._bands: dict[int, list[str]] = {}

    def across(self, scale: str, side: int) -> str:
        """A number a channel for each place, (places, C), as (1, C, 1, W) or (1, C, H, 1).

        The first place's, and of each other's difference its share, written as rows of channels:
        so OpenVINO keeps features. A product of matrices is as short a formula, but its inner side
        is as short, and each of its results was turned round (0.36 ms a picture at 256 px)."""
        graph = self._graph
        first = spread = self._of_place(scale, 0)
        for place, share in enumerate(self._shares(side), 1):
            away = graph.op("Sub", self._of_place(scale, place), first)
            spread = graph.op("Add", spread, graph.op("Mul", share, away))
        spread = graph.op("Unsqueeze", spread, graph.ints([0, 2 if self._taps.rows else 1]))
        return graph.op("Transpose", spread, perm=[0, 3, 1, 2])

    def after(self, x: str, side: int, channels: int, margin: int = 0) -> str:
        """The features of a layer, bent; the x-ray sees them so, without the `margin` around."""
        for place, (operation, at) in enumerate(self._taps.bends):
            if at == side and place not in self._late:
                x = getattr(self, f"_{operation}")(x, f"bend{place}", side + 2 * margin)
        if self._taps.xray == side:
            self._seen, self._channels = self._within(x, side, margin), channels
        return x

    def late(self, rgb: str, side: int) -> str:
        """What the last layer adds to the picture, (1, 4, side, side * wide), fp32, with the bends
        that wait for it: see Taps.late."""
        for place in self._late:
            rgb = self._sampled(rgb, f"bend{place}", side)
        return rgb

    def over(self, rgb: str, resolution: int) -> str:
        """The picture, or as much of the x-ray as is mixed in."""
        if not self._taps.xray:
            return rgb
        shown = self._sheet(resolution)
        return self._between(rgb, shown, "xray")

    def _within(self, x: str, side: int, margin: int) -> str:
        if not margin:
            return x
        cut = [margin] * 2, [margin + side] * 2, [2, 3], [1, 1]
        return self._graph.op("Slice", x, *map(self._graph.ints, cut))

    def _of_place(self, scale: str, place: int) -> str:
        return self._graph.op("Gather", scale, self._graph.ints(place), axis=0)

    def _shares(self, side: int) -> list[str]:
        """Of each place but the first: its share in the pixels across a layer, (W, 1)."""
        if side not in self._bands:
            begin, self._begun = self._begun, self._begun + self._taps.length(side, self._wide)
            cut = [self._graph.ints([n]) for n in (begin, self._begun, 1, 1)]
            part = self._graph.op("Slice", "bands", *cut)
            self._bands[side] = [self._share(part, n) for n in range(1, self._taps.regions)]
        return self._bands[side]

    def _share(self, part: str, place: int) -> str:
        graph = self._graph
        one = graph.op("Gather", part, graph.ints(place), axis=0)
        return graph.op("Unsqueeze", one, graph.ints([1]))

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
        moved, graph = self._moved(x, name, side), self._graph
        if not self._gathered:
            return moved
        # OpenVINO gives a sum the layout of its first term. Left alone, what was moved would be
        # turned round for each of the two convolutions behind it.
        return graph.op("Add", x, graph.op("Sub", moved, x))

    def _warp_some(self, x: str, name: str, side: int) -> str:
        return self._towards(x, self._moved(x, name, side), name)

    def _moved(self, x: str, name: str, side: int) -> str:
        """Sampled in fp32 whatever the features are: fp16 cannot tell 1024 places apart."""
        if self._gathered:
            return self._mixed(x, name, side)
        if self._dtype is not np.float16:
            return self._sampled(x, name, side)
        x = self._sampled(self._graph.cast(x, np.float32), name, side)
        return self._graph.cast(x, np.float16)

    def _mixed(self, x: str, name: str, side: int) -> str:
        """Each pixel as the mixture of four neighbours, all channels of one taken together.

        OpenVINO keeps features with their channels side by side and its GridSample wants them one
        after the other in f32, so that turning them there and back took longer than sampling."""
        graph, width = self._graph, side * self._wide
        rows = graph.op("Transpose", x, perm=[0, 2, 3, 1])
        rows = graph.op("Reshape", rows, graph.ints([1, side * width, -1]))
        across, down = (graph.op("Gather", f"{name}_beside", graph.ints(way)) for way in (0, 1))

        def taken(further: int) -> str:
            step = graph.const(f"step{further}", further, np.int32)
            return graph.op("Gather", rows, graph.op("Add", f"{name}_{PLACES}", step), axis=1)

        above = self._between(taken(0), taken(1), across)
        below = self._between(taken(width), taken(width + 1), across)
        mixed = self._between(above, below, down)
        mixed = graph.op("Reshape", mixed, graph.ints([1, side, width, -1]))
        return graph.op("Transpose", mixed, perm=[0, 3, 1, 2])

    def _between(self, x: str, goal: str, share: str) -> str:
        graph = self._graph
        return graph.op("Add", x, graph.op("Mul", graph.op("Sub", goal, x), share))

    def _sampled(self, x: str, name: str, side: int) -> str:
        """The grid is not reshaped on its way: OpenVINO would round it to bf16, and with it the
        places in a picture of 512 pixels to whole ones."""
        graph = self._graph
        base = base_grid(side, side * self._wide)[None]
        grid = graph.op("MatMul", graph.const(f"grid{side}", base), f"{name}_warp")
        options = {"mode": "bilinear", "padding_mode": "reflection", "align_corners": 0}
        return graph.op("GridSample", x, grid, **options)

    def _towards(self, x: str, goal: str, name: str) -> str:
        return self._between(x, goal, self._row(name, 0))

    def _row(self, name: str, row: int) -> str:
        """A row of an input (rows, C) as (1, C, 1, 1)."""
        graph = self._graph
        one = graph.op("Gather", name, graph.ints(row), axis=0)
        spread = graph.op("Unsqueeze", one, graph.ints([0, 2, 3]))
        return graph.cast(spread, np.float16) if self._dtype is np.float16 else spread

    def _sheet(self, resolution: int) -> str:
        """The maps of a layer, tiled and coloured, (1, 4, H, W); see generators.xray.

        One Gather cuts, tiles and enlarges: as Reshape, Expand and Transpose, each a pass over the
        picture on one core, it took three times as long."""
        graph = self._graph
        sheet = Sheet(self._channels, self._taps.xray, resolution, self._wide)
        x = self._pooled(self._seen, sheet.pooled)
        x = graph.cast(x, np.float32) if self._dtype is np.float16 else x
        x = graph.op("Transpose", self._levelled(x), perm=[0, 2, 3, 1])
        x = graph.op("Reshape", x, graph.ints([-1]))
        x = graph.op("Gather", x, graph.const("xray_taken", sheet.taken, np.int32), axis=0)
        x = graph.op("Reshape", x, graph.ints([1, 1, resolution, resolution * self._wide]))
        return self._coloured(graph.op("Mul", x, graph.const("frames", sheet.frames)))

    def _pooled(self, x: str, size: int) -> str:
        """Means over squares of pixels, as a convolution a channel: it stays in the layout and the
        precision of the layers around it, where OpenVINO turns them into another for pooling (18
        instead of 5 % of a 128 px network's time), and turns the layer itself where nothing is
        pooled; so squares of one pixel are convolved, too."""
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
        graph, ground = self._graph, with_room(GROUND).reshape(1, 4, 1, 1)
        rgb = graph.const("xray_ground", ground)
        for name, colour, shown in (("warm", WARM, x), ("cold", COLD, graph.op("Neg", x))):
            away = graph.const(f"xray_{name}", with_room(colour).reshape(1, 4, 1, 1) - ground)
            rgb = graph.op("Add", rgb, graph.op("Mul", graph.op("Relu", shown), away))
        return rgb

    def _const(self, name: str, value: object) -> str:
        return self._graph.const(f"{name}_{np.dtype(self._dtype).name}", value, self._dtype)  # pyright: ignore
