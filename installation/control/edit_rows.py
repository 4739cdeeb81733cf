"""The controls of what is done between a network's layers: bends, x-ray, places side by side."""

from typing import Literal, get_args

from installation.control.parameters import Kind, Parameter

BendKind = Literal[
    "ablate",
    "multiply",
    "invert",
    "threshold",
    "noise",
    "scale",
    "rotate",
    "translate_x",
    "translate_y",
]
Layer = Literal[4, 8, 16, 32, 64, 128, 256, 512, 1024]
BENDS: tuple[str, ...] = get_args(BendKind)
LAYERS: tuple[int, ...] = get_args(Layer)
KINDS = ("scene", "off", *BENDS)  # the choices of /bend/1/kind; scene takes the scene's own bend
BEND_SLOTS = 3
CLUSTERS = 6  # that a layer's channels are sorted into
EDIT_GROUPS = ("bend", "xray", "compose")


def edit_rows() -> list[Parameter]:
    """The same for every show and model: a layer that a network lacks is its last."""
    slots = [row for slot in range(1, BEND_SLOTS + 1) for row in _bend(f"/bend/{slot}")]
    return [*slots, *_xray(), *_compose()]


def _bend(at: str) -> list[Parameter]:
    clusters = ("all", *map(str, range(1, CLUSTERS + 1)))
    amount = "how much; 0 leaves the picture as it is, and the other sign is the other way"
    return [
        _choice(f"{at}/kind", KINDS, 0, "what is done to the layer; scene is the scene's own bend"),
        _share(f"{at}/amount", 0, amount, low=-1, smooth=0.15),
        _layer(f"{at}/layer", "the layer that is bent, by its pixels on a side"),
        _choice(f"{at}/cluster", clusters, 0, "the cluster of its channels that is bent"),
        _share(f"{at}/from", 0, "the first of its channels that is bent, as a part of them all"),
        _share(f"{at}/to", 1, "and the last"),
    ]


def _xray() -> list[Parameter]:
    mix = "how much of that layer's feature maps is seen in place of the picture"
    return [
        _layer("/xray/layer", "the layer that is looked into, by its pixels on a side"),
        _share("/xray/mix", 0, mix, smooth=0.25),
    ]


def _compose() -> list[Parameter]:
    return [
        _share("/compose/mix", 1, "how much the scene's other places show beside its own", 0, 0.25),
        _share("/compose/soft", 0.5, "how soft the way from one to the next is", 0, 0.25),
        _share("/compose/shift", 0, "moves the borders between them", -1, 0.25),
    ]


def _choice(address: str, choices: tuple[str, ...], default: int, help: str) -> Parameter:
    last = len(choices) - 1
    return Parameter(address, Kind.CHOICE, default, 0, last, help, choices=choices)


def _layer(address: str, help: str) -> Parameter:
    return _choice(address, tuple(map(str, LAYERS)), LAYERS.index(32), help)


def _share(address: str, default: float, help: str, low: float = 0, smooth: float = 0) -> Parameter:
    return Parameter(address, Kind.FLOAT, default, low, 1, help, smooth=smooth)
