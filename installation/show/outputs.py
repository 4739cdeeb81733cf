"""What show.yaml may say of the places where the picture goes."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from installation.show.strict import Strict
from installation.show.units import Bytes, Size, grid

Part = Annotated[float, Field(ge=0, le=1)]
Point = tuple[Annotated[float, Field(ge=-1, le=2)], Annotated[float, Field(ge=-1, le=2)]]
Corners = tuple[Point, Point, Point, Point]
SQUARE: Corners = ((0, 0), (1, 0), (1, 1), (0, 1))  # top left, top right, bottom right, bottom left
LEAST = 0.01  # of a window: the smallest side of a crop, and twice the smallest corner triangle


def _inside(crop: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, width, height = crop
    if min(width, height) < LEAST or left + width > 1.0001 or top + height > 1.0001:
        raise ValueError(
            f"[{left:g}, {top:g}, {width:g}, {height:g}] leaves the canvas; write left, top, width "
            "and height in parts of it, as [0, 0, 0.5, 1] for its left half"
        )
    return crop


def convex(corners: Corners) -> bool:
    """Whether the corners, in order, are those of a quad without dents: what a lens can throw."""
    around = (*corners, *corners[:2])
    turns = [
        (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
        for a, b, c in zip(around, around[1:], around[2:], strict=False)
    ]
    return min(turns) > LEAST**2


def _thrown(corners: Corners) -> Corners:
    if not convex(corners):
        raise ValueError(
            "the corners make no plain quad; write top left, top right, bottom right, bottom left "
            "in parts of the window, as [[0, 0], [1, 0.1], [1, 0.9], [0, 1]]"
        )
    return corners


class Blend(Strict):
    """Soft edges where two projectors overlap. A side left out follows from the crops."""

    left: Part | None = Field(default=None, description="width of the ramp, in parts of the crop")
    right: Part | None = None
    top: Part | None = None
    bottom: Part | None = None
    gamma: float = Field(default=2.2, ge=1, le=3, description="the projector's")
    black: float = Field(
        default=0.0,
        ge=0,
        le=0.1,
        description="light of the projector's black, in parts of its white: 0.001 for 1000:1; "
        "where fewer projectors overlap it is lifted to match",
    )


class Window(Strict):
    """A window on one of this machine's screens, and how the canvas lies in it."""

    screen: Annotated[int, Field(ge=0, lt=16)] | Annotated[str, Field(max_length=80)] = Field(
        default=0, description="its number from the left, or the output's name, as HDMI-1"
    )
    fullscreen: bool = False
    size: Size = (1280, 720)
    at: tuple[int, int] | None = Field(
        default=None, description="place on the screen of a window without a frame, in pixels"
    )
    crop: Annotated[tuple[Part, Part, Part, Part], AfterValidator(_inside)] = Field(
        default=(0, 0, 1, 1), description="left, top, width, height in parts of the canvas"
    )
    rotate: Literal[0, 90, 180, 270] = Field(default=0, description="degrees clockwise")
    flip: Literal["none", "horizontal", "vertical", "both"] = "none"
    corners: Annotated[Corners, AfterValidator(_thrown)] = Field(
        default=SQUARE,
        description="where top left, top right, bottom right and bottom left of the picture go, in "
        "parts of the window; what the calibration saved comes first",
    )
    mesh: Annotated[
        tuple[Annotated[int, Field(ge=2, le=16)], Annotated[int, Field(ge=2, le=16)]],
        BeforeValidator(grid, json_schema_input_type=str),
    ] = Field(default=(2, 2), description="points across and down that the calibration may move")
    mask: str | None = Field(
        default=None, max_length=400, description="a PNG over the window: its alpha, or its light"
    )
    blend: Blend | None = None


class Record(Strict):
    """A recorder, started and stopped by /record/start and /record/stop, and stills."""

    folder: str = Field(default="recordings", max_length=400, description="from show.yaml's own")
    codec: Literal["h264", "hevc", "prores"] = "h264"
    most: Bytes = Field(
        default=10**10, alias="max", description="what recordings may fill, as 10GB; then it stops"
    )


class Ndi(Strict):
    """A video stream on the network, for TouchDesigner, Resolume, OBS and others."""

    name: str = Field(default="installation", min_length=1, max_length=80)


class Share(Strict):
    """The picture in a file that other programs of this machine map into their memory."""

    file: str = Field(default="/dev/shm/installation", min_length=1, max_length=400)


class Spout(Strict):
    """The picture for other programs on Windows."""

    name: str = Field(default="installation", min_length=1, max_length=80)


class Syphon(Strict):
    """The picture for other programs on macOS."""

    name: str = Field(default="installation", min_length=1, max_length=80)


class Output(Strict):
    """One place where the picture goes."""

    window: Window | None = None
    record: Record | None = None
    ndi: Ndi | None = None
    share: Share | None = None
    spout: Spout | None = None
    syphon: Syphon | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        kinds = [getattr(self, name) for name in type(self).model_fields]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(f"write one of {', '.join(type(self).model_fields)}")
        return self


def only(kinds: list[Output]) -> list[Window]:
    """The windows among the outputs, in order."""
    return [output.window for output in kinds if output.window]


def recorder(kinds: list[Output]) -> Record | None:
    """The recorder among the outputs."""
    return next((output.record for output in kinds if output.record), None)


def sent(kinds: list[Output]) -> list[Output]:
    """The outputs that are no windows: a process of their own feeds them."""
    return [output for output in kinds if not output.window]
