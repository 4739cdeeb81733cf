"""How a picture lies on a canvas of another shape: what of it must stay in sight, how much is cut.

A scene says it under `frame`, else its model's card does: a network of portraits knows best where
the heads are.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from installation.errors import ShowError
from installation.show import yaml12
from installation.show.strict import Strict

CARD = "card.yaml"
COVER, CONTAIN = 0.0, 1.0
_WORDS = {"cover": COVER, "contain": CONTAIN}
Part = Annotated[float, Field(ge=0, le=1)]


def _fit(value: Any) -> Any:
    """cover, contain, or a number between. Raises ValueError."""
    if not isinstance(value, str):
        return value
    if value not in _WORDS:
        raise ValueError(f"{value!r} is no fit; write cover, contain, or a number from 0 to 1")
    return _WORDS[value]


class Frame(Strict):
    """`anchor` is the point of the picture that stays in sight, as near the middle of the wall as
    the picture's borders allow. With `fit` above 0 less than needed is enlarged, and what the
    picture leaves free is filled by a soft, dark continuation of it."""

    anchor: tuple[Part, Part] = Field(
        default=(0.5, 0.5), description="across and down, in parts of the picture"
    )
    fit: Annotated[
        float,
        BeforeValidator(_fit, json_schema_input_type=str | float),
        Field(ge=0, le=1),
    ] = Field(
        default=COVER,
        description="cover fills the wall and cuts the rest, contain shows all; or between, 0 to 1",
    )


def card_frame(folder: Path) -> Frame | None:
    """What a model's card says of its pictures; None where it says nothing that can be read: the
    deck that loads it says why. Cards without a frame cost no parsing."""
    try:
        card = folder / CARD
        if not card.is_file() or "\nframe:" not in card.read_text(encoding="utf-8"):
            return None
        return Frame.model_validate(yaml12.read(card).data["frame"])
    except (OSError, ValueError, ShowError, ValidationError, KeyError, TypeError):
        return None
