"""What a scene may do between the layers of its network."""

from typing import Literal

from pydantic import Field

from installation.control.edit_rows import CLUSTERS, BendKind, Layer
from installation.show.strict import Strict


class Bend(Strict):
    """What is done to one layer's features. `/bend/1/amount` and so on are added to its amount."""

    kind: BendKind
    layer: Layer = Field(default=32, description="by its pixels on a side")
    amount: float = Field(default=0.0, ge=-1, le=1)
    cluster: int = Field(default=0, ge=0, le=CLUSTERS, description="of the channels; 0 for all")
    channels: tuple[float, float] = Field(
        default=(0.0, 1.0), description="the first and the last, as parts of all of them"
    )


class Compose(Strict):
    """Other places beside the walk's own, in one picture."""

    places: list[int | str] = Field(
        alias="with",
        min_length=1,
        max_length=7,
        description="seeds, from which the walk is gone as well, or places' files",
    )
    across: Literal["columns", "rows"] = Field(
        default="columns", description="left to right, or top to bottom"
    )
