"""The places that a scene names."""

from pathlib import Path

from installation.latent.files import read_place
from installation.latent.places import Place


def named_place(named: int | str, folder: Path) -> Place:
    """A seed, or a place's file, from `folder`. Raises PlaceError."""
    if isinstance(named, int):
        return Place(name=f"seed {named}", seed=named)
    return read_place(folder / named)
