"""A model folder's card.yaml: what the model is, where it comes from, how its space lies."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.latent.space import Space, Swell
from installation.show import yaml12

CARD = "card.yaml"
WEIGHTS = "model.safetensors"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchitecturePart(_Part):
    """The network's shape; its keys are Architecture's, plus the family's name."""

    kind: Literal["stylegan2"]
    z_dim: int = 512
    w_dim: int = 512
    resolution: int
    channel_base: int = 32768
    channel_max: int = 512
    mapping_layers: int = 8
    mapping_lr_multiplier: float = 0.01
    conv_clamp: float | None = None

    def built(self) -> Architecture:
        """As the networks take it."""
        return Architecture(**self.model_dump(exclude={"kind"}))


class SwellPart(_Part):
    """Two dimensions of z that are one wave."""

    pair: tuple[int, int]
    wavelength: float = Field(gt=0, description="metres")


class LatentPart(_Part):
    """What is known of the latent space."""

    used: int = Field(default=0, ge=0, description="leading dimensions that matter; 0 for all")
    tide: list[SwellPart] = []
    axes: dict[str, int] = {}


class Card(_Part):
    """One model's card."""

    name: str
    depicts: str = ""
    provenance: str = ""
    consent: str = ""
    licence: str = "unknown"
    architecture: ArchitecturePart
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    training: dict[str, Any] = {}
    latent: LatentPart = LatentPart()

    def space(self) -> Space:
        """The latent space as walks see it."""
        latent = self.latent
        swells = tuple(Swell(part.pair, part.wavelength) for part in latent.tide)
        return Space(self.architecture.z_dim, latent.used, swells, dict(latent.axes))


def load_card(folder: Path) -> Card:
    """The card in `folder`. Raises ModelError in one line."""
    path = folder / CARD
    if not folder.is_dir():
        raise ModelError(f"model {folder}: no such folder; put the model there or mend show.yaml")
    document = yaml12.read(path)
    if document.problems:
        raise ModelError("; ".join(map(str, document.problems)))
    try:
        return Card.model_validate(document.data)
    except ValidationError as error:
        wrong = [
            f"{path}:{document.line(d['loc'])}: {yaml12.dotted(d['loc'])}: {d['msg']}"
            for d in error.errors()
        ]
        raise ModelError("; ".join(wrong)) from None
