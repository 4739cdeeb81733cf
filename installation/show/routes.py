"""What show.yaml may say of the way from an input to a control."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from installation.control.signals import MergeRule, Mode
from installation.show.network import listed
from installation.show.strict import Strict
from installation.show.units import Duration

Span = tuple[float, float]
Signal = Annotated[str, Field(pattern=r"^(audio|osc|midi)(/[a-z0-9_.\-]+)+$", max_length=120)]
Sources = Annotated[
    list[Signal],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(min_length=1, max_length=8),
]


class OneEuro(Strict):
    """Smoothing that is calm at rest and quick in motion (Casiez et al. 2012)."""

    cutoff: float = Field(default=1.0, gt=0, le=100, description="Hz at rest: lower shakes less")
    beta: float = Field(
        default=2.0, ge=0, le=1000, description="Hz per span a second: higher lags less"
    )


class Route(Strict):
    """From an input, or several, to a control. Below, a unit is the control's own."""

    sources: Sources = Field(
        alias="from",
        description="audio/level …, osc/ and any OSC address, midi/ and a knob; or a list",
    )
    merge: MergeRule = Field(default="max", description="what several inputs come to")
    mode: Mode = Field(
        default="absolute",
        description="step: each message moves the control on; speed: so much a second",
    )
    span: Span = Field(default=(0.0, 1.0), alias="in", description="what the input sends")
    range: Span | None = Field(
        default=None,
        description="what the control gets, a message or a second; its own range if absent",
    )
    curve: float = Field(default=1.0, gt=0, le=8, description="1 straight, 2 a slow start")
    smooth: Duration = Field(default=0.2, description="time constant")
    one_euro: OneEuro | None = Field(default=None, description="in place of smooth, for hands")
    slew: float = Field(default=0.0, ge=0, description="most units a second, 0 for free")
    dead_band: float = Field(default=0.0, ge=0, description="smaller moves are ignored")
    hysteresis: float = Field(default=0.0, ge=0, description="smaller turns are ignored")
    timeout: Duration = Field(default=0.0, description="silence after which it lets go; 0 never")

    @model_validator(mode="after")
    def _a_range_for_what_moves(self) -> "Route":
        if self.mode != "absolute" and self.range is None:
            raise ValueError(f"a {self.mode} needs a range, as [-0.1, 0.1]")
        return self
