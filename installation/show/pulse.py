"""What show.yaml may say of a walk's pulse."""

from pydantic import Field

from installation.show.strict import Strict
from installation.show.units import Duration


class Pulse(Strict):
    """A push along an axis on every beat that is heard, or told by a clock."""

    axis: str = Field(
        pattern=r"^[a-z0-9_]+$", max_length=40, description="an axis of the model's card"
    )
    push: float = Field(default=1.0, ge=-4, le=4, description="how far, in sd")
    attack: Duration = Field(default=0.06, le=10)
    release: Duration = Field(default=0.4, gt=0, le=10, description="time constant of the way back")
    beats: int = Field(default=0, ge=0, le=10000, description="in a period, while no beat is heard")
