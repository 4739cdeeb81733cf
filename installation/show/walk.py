"""What show.yaml may say of a walk, and of where it may go."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from installation.show.names import Name
from installation.show.pulse import Pulse
from installation.show.strict import Strict
from installation.show.units import Duration, Grid


class Walk(Strict):
    """How the scene moves through latent space."""

    kind: Literal["waves", "loop", "drift", "faces", "families", "grid", "orbit", "journey"] = (
        "waves"
    )
    period: Duration = Field(default=90.0, gt=0, description="time of one closed round")
    hold: Duration = Field(default=20.0, gt=0, description="how long faces holds one")
    lineage: Duration = Field(
        default=0.0, description="how long a generation of families lasts; 0 for no children"
    )
    spread: float = Field(default=1.0, ge=0, le=3, description="how far from the middle, in sd")
    seed: int = Field(default=0, ge=0, lt=2**32)
    grid: Grid = Field(default=(4, 4), description="kind grid: seeds across x down, from seed on")
    around: int | str | None = Field(
        default=None, description="kind orbit: a seed or a place's file; the walk's seed if absent"
    )
    radius: float = Field(
        default=0.5, gt=0, le=2, description="kind orbit: in standard deviations a number"
    )
    pulse: Pulse | None = None
    path: str = Field(
        default="", max_length=400, description="a journey's file, from show.yaml's own folder"
    )
    lean: dict[Name, Annotated[float, Field(ge=-4, le=4)]] = Field(
        default={}, description="an axis of the model's card: a steady push along it, in sd"
    )

    @model_validator(mode="after")
    def _a_path_for_a_journey(self) -> "Walk":
        if (self.kind == "journey") != bool(self.path):
            raise ValueError("a walk of kind journey has a path, and no other has one")
        if self.lineage and self.kind != "families":
            raise ValueError("lineage is of a walk of kind families")
        return self


class Region(Strict):
    """A ball round a place."""

    place: int | str = Field(description="a seed, or a place's file")
    radius: float = Field(
        gt=0, le=2, description="in standard deviations a number; two draws are about 1.4 apart"
    )


class Fence(Strict):
    """Where the walk may go."""

    within: list[Region] = Field(default=[], max_length=64, description="it stays in these")
    ban: list[Region] = Field(default=[], max_length=64, description="it never enters these")
