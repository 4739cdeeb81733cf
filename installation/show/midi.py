"""What show.yaml may say of MIDI: which devices, and what their knobs do."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from installation.show.network import listed
from installation.show.strict import Strict

_CHANNEL, _SEVEN = r"(1[0-6]|[1-9])", r"(12[0-7]|1[01]\d|[1-9]?\d)"
KNOB = (
    rf"^((cc|note|program)/{_CHANNEL}/{_SEVEN}|cc14/{_CHANNEL}/(3[01]|[12]?\d)"
    rf"|nrpn/{_CHANNEL}/(16[0-2]\d\d|163[0-7]\d|1638[0-3]|1[0-5]\d\d\d|[1-9]?\d{{1,3}})"
    rf"|(bend|pressure)/{_CHANNEL})$"
)
Knob = Annotated[str, Field(pattern=KNOB, max_length=20)]
Encoding = Literal["no", "twos", "offset", "sign"]


class Binding(Strict):
    """What one knob, fader, key or pad does."""

    to: str = Field(max_length=120, description="a control's address")
    range: tuple[float, float] | None = Field(
        default=None, description="what the ends of its travel mean; the control's own, if absent"
    )
    relative: Encoding = Field(
        default="no", description="how an endless encoder counts: twos (1, 127), offset (65, 63)"
    )
    step: float = Field(
        default=0.01, gt=0, le=1, description="of the range, a notch of an endless encoder"
    )
    value: float | bool | str | None = Field(
        default=None, description="what a key sets; without it a key presses, or toggles"
    )
    pickup: bool | None = Field(default=None, description="as inputs.midi.pickup, for this knob")


def _spelt_out(value: Any) -> Any:
    return {"to": value} if isinstance(value, str) else value


Bound = Annotated[Binding, BeforeValidator(_spelt_out, json_schema_input_type=str | Binding)]
Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=80)]],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(max_length=16),
]


class Midi(Strict):
    """Controllers, keyboards, pads and clocks. Needs the extra: pip install installation[midi]."""

    devices: Names = Field(default=[], description="parts of the ports' names; all, if absent")
    bind: dict[Knob, Bound] = Field(
        default={}, max_length=512, description="a knob, as cc/1/74 or note/1/36: its control"
    )
    pickup: bool = Field(
        default=True, description="a knob steers only once it has met the control's value"
    )
    feedback: bool = Field(default=True, description="motors and lamps are told the values")
    clock: bool = Field(default=True, description="MIDI clock goes before the beat that is heard")
