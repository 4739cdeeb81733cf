"""A model folder's card.yaml: what the model is, where it comes from, how its space lies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from installation.generators.consent import Consent
from installation.latent.space import Space, Swell
from installation.show import yaml12
from installation.show.framing import Frame

CARD = "card.yaml"
WEIGHTS = "model.safetensors"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ArchitecturePart(_Part):
    """A StyleGAN2's shape; its keys are Architecture's, plus the family's name."""

    kind: Literal["stylegan2"]
    z_dim: int = 512
    w_dim: int = 512
    resolution: int
    channel_base: int = 32768
    channel_max: int = 512
    mapping_layers: int = 8
    mapping_lr_multiplier: float = 0.01
    conv_clamp: float | None = None
    c_dim: int = Field(default=0, ge=0)

    def built(self) -> Architecture:
        """As the networks take it."""
        return Architecture(**self.model_dump(exclude={"kind"}))


class Architecture3Part(_Part):
    """A StyleGAN3's shape; its keys are Architecture3's, plus the family's name."""

    kind: Literal["stylegan3"]
    z_dim: int = 512
    w_dim: int = 512
    resolution: int
    channel_base: int = 32768
    channel_max: int = 512
    mapping_layers: int = 2
    mapping_lr_multiplier: float = 0.01
    conv_clamp: float | None = 256.0
    c_dim: int = Field(default=0, ge=0)
    kernel: int = 3
    radial: bool = False
    layers: int = 14
    critical_layers: int = 2
    first_cutoff: float = Field(default=2.0, gt=0)
    first_stopband: float = Field(default=2.0**2.1, gt=0)
    last_stopband: float = Field(default=2.0**0.3, gt=0)
    margin: int = Field(default=10, ge=0)
    output_scale: float = 0.25

    def built(self) -> Architecture3:
        """As the networks take it."""
        return Architecture3(**self.model_dump(exclude={"kind"}))


def _family(architecture: Any) -> str:
    """Which part reads an architecture; what is of no known kind, StyleGAN2's complains about."""
    kind = architecture.get("kind") if isinstance(architecture, dict) else architecture.kind
    return "stylegan3" if kind == "stylegan3" else "stylegan2"


AnyPart = Annotated[
    Annotated[ArchitecturePart, Tag("stylegan2")] | Annotated[Architecture3Part, Tag("stylegan3")],
    Discriminator(_family),
]


class SwellPart(_Part):
    """Two dimensions of z that are one wave."""

    pair: tuple[int, int]
    wavelength: float = Field(gt=0, description="metres")


class LatentPart(_Part):
    """What is known of the latent space."""

    used: int = Field(default=0, ge=0, description="leading dimensions that matter; 0 for all")
    tide: list[SwellPart] = []
    axes: dict[str, int] = {}
    label: int = Field(default=0, ge=0, description="the class shown, if the model knows classes")


class SourcePart(_Part):
    """The file that a model was converted from."""

    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    format: str
    note: str = ""


class DirectionPart(_Part):
    """A direction, named for a reader of the card."""

    name: str
    range: tuple[float, float]


class DirectionsPart(_Part):
    """directions.safetensors; the file itself says what is in it, see generators.directions."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: list[DirectionPart] = []


class Card(_Part):
    """One model's card."""

    name: str
    depicts: str = ""
    provenance: str = ""
    consent: str | Consent = ""
    licence: str = "unknown"
    architecture: AnyPart
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    training: dict[str, Any] = {}
    latent: LatentPart = LatentPart()
    frame: Frame | None = None
    source: SourcePart | None = None
    directions: DirectionsPart | None = None
    snapshots: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field(
        default={}, description="a moment of the training: the sha256 of its weights"
    )

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
        card = Card.model_validate(document.data)
    except ValidationError as error:
        wrong = [_located(document, _untagged(d["loc"]), d["msg"]) for d in error.errors()]
        raise ModelError("; ".join(wrong)) from None
    try:
        card.architecture.built()
    except ModelError as error:
        raise ModelError(_located(document, ("architecture",), str(error))) from None
    wrong = [_located(document, where, what) for where, what in _beyond(card)]
    if wrong:
        raise ModelError("; ".join(wrong))
    return card


def _untagged(path: yaml12.KeyPath) -> yaml12.KeyPath:
    """A path without the family's name, which is no key of the file."""
    return path[:1] + path[2:] if path[:1] == ("architecture",) else path


def _located(document: yaml12.Document, path: yaml12.KeyPath, message: str) -> str:
    return f"{document.file}:{document.line(path)}: {yaml12.dotted(path)}: {message}"


def _beyond(card: Card) -> Iterator[tuple[yaml12.KeyPath, str]]:
    """Dimensions the latent space does not have: a walk along them would end the deck."""
    latent, size = card.latent, card.architecture.z_dim
    if latent.label >= max(card.architecture.c_dim, 1):
        yield ("latent", "label"), f"the model knows {card.architecture.c_dim} classes"
    if latent.used > size:
        yield ("latent", "used"), f"z has {size} dimensions"
    size = min(latent.used, size) or size
    for place, swell in enumerate(latent.tide):
        if not all(0 <= dimension < size for dimension in swell.pair):
            yield ("latent", "tide", place, "pair"), f"the first is 0, the last {size - 1}"
    for name, dimension in latent.axes.items():
        if not 0 <= dimension < size:
            yield ("latent", "axes", name), f"the first is 0, the last {size - 1}"
