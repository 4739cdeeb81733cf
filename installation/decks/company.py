"""The other places in a picture of several: each goes the scene's walk from a seed of its own, or
stands where a file says."""

from collections.abc import Callable
from pathlib import Path

from installation.decks.fencing import fence_or_none
from installation.decks.places import named_place
from installation.decks.player import make_walk
from installation.generators.protocol import Generator
from installation.latent.space import Vector
from installation.latent.walks import State, Steering
from installation.show.schema import Scene

Way = Callable[[State, Steering, float], Vector]


class Company:
    """Walks beside the scene's own. They have its state and so its pace; nothing else is kept."""

    def __init__(self, scene: Scene, generator: Generator, folder: Path) -> None:
        """`folder` is show.yaml's. Raises PlaceError for a place that cannot be had."""
        named = scene.compose.places if scene.compose else []
        self._ways = [_way(one, scene, generator, folder) for one in named]

    def places(self, state: State, controls: Steering, dt: float) -> list[Vector]:
        """Where they are when the scene's own walk is at `state`, `dt` seconds after the last."""
        return [way(state, controls, dt) for way in self._ways]


def _way(named: int | str, scene: Scene, generator: Generator, folder: Path) -> Way:
    if isinstance(named, str):
        stands = generator.styles(named_place(named, folder).position(generator.space.z_dim))
        return lambda state, controls, dt: stands
    walk = scene.walk.model_copy(update={"seed": named})
    other = make_walk(scene.model_copy(update={"walk": walk}), generator, folder)
    fence = fence_or_none(scene, generator, folder, None)

    def goes(state: State, controls: Steering, dt: float) -> Vector:
        _, z = other.step(state, controls, 0.0)
        return fence.keep(z, dt) if fence and z.ndim == 1 else z

    return goes
