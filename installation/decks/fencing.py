"""From a scene's fence in show.yaml to the one its walk is kept by."""

import logging
from collections.abc import Sequence
from pathlib import Path

from installation.decks.places import named_place
from installation.errors import PlaceError
from installation.generators.protocol import Generator
from installation.latent.fences import Fence, Region
from installation.latent.space import Vector
from installation.show import schema, walk

log = logging.getLogger("deck")


def fence(scene: schema.Scene, generator: Generator, folder: Path, start: Vector | None) -> Fence:
    """The scene's fence; `start` is where the picture is. Raises PlaceError."""
    if start is not None and start.ndim == 2:
        start = None
    regions = (_regions(each, generator, folder) for each in (scene.fence.within, scene.fence.ban))
    within, bans = regions
    return Fence(generator.space, within, bans, start)


def fence_or_none(
    scene: schema.Scene, generator: Generator, folder: Path, start: Vector | None
) -> Fence | None:
    """The same; None where the scene has none or, with a line in the log, where it cannot be."""
    if scene.fence == walk.Fence():
        return None
    try:
        return fence(scene, generator, folder, start)
    except PlaceError as error:
        log.error("fence: %s; the scene walks without it", error)
        return None


def _regions(told: Sequence[walk.Region], generator: Generator, folder: Path) -> list[Region]:
    z_dim, found = generator.space.z_dim, []
    for region in told:
        centre = named_place(region.place, folder).position(z_dim)
        if centre.ndim == 2:
            raise PlaceError(f"{region.place} is a place of w; a fence stands in z")
        found.append(Region(centre, region.radius))
    return found
