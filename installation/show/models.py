"""What show.yaml may call a model."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from installation.control.edit_rows import Layer
from installation.folders import model_folder
from installation.show.strict import Strict
from installation.show.units import Size


class TestCard(Strict):
    """A picture without a network, for rehearsal; it can misbehave on demand."""

    size: Size = (256, 256)
    fault: Literal["none", "crash", "hang", "slow", "leak", "nan", "memory", "card"] = "none"
    after: int = Field(default=0, ge=0, description="good pictures before the fault")


class TestCardModel(Strict):
    """A model that is the test card."""

    test_card: TestCard


class MadeModel(Strict):
    """A model that is made of one or two others when it is loaded."""

    of: list[str] = Field(
        min_length=1,
        max_length=2,
        description="folders of models of one shape, or moments of a training",
    )
    at: Layer = Field(default=4, description="the layer from which on the second comes in")
    amount: float = Field(default=0.5, ge=0, le=1, description="how much of it: 1 is all")
    wide: int = Field(default=1, ge=1, le=4, description="how many times as wide as it was trained")


def _kind_of_model(model: Any) -> str:
    if isinstance(model, dict):
        return "made" if "of" in model else "test_card"
    return {TestCardModel: "test_card", MadeModel: "made"}.get(type(model), "folder")


AnyModel = Annotated[
    Annotated[str, Tag("folder")]
    | Annotated[TestCardModel, Tag("test_card")]
    | Annotated[MadeModel, Tag("made")],
    Discriminator(_kind_of_model),
]


def folders(model: str | TestCardModel | MadeModel) -> list[str]:
    """Where the cards of a model lie, from show.yaml's folder."""
    if isinstance(model, MadeModel):
        return list(dict.fromkeys(map(model_folder, model.of)))
    return [model] if isinstance(model, str) else []
