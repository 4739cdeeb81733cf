"""From the table's controls to what is done to a place before it is painted."""

import logging
from pathlib import Path

import numpy as np

from installation.control.parameters import Table
from installation.control.state import Values
from installation.decks.bending import LEAST, Within
from installation.decks.company import Company
from installation.decks.places import named_place
from installation.decks.variants import Variants
from installation.errors import PlaceError
from installation.generators.anatomy import ONE_PLACE
from installation.generators.protocol import Generator
from installation.generators.styles import Edit, Zones
from installation.latent.places import Place
from installation.latent.space import Vector
from installation.latent.walks import START, State, Steering
from installation.show.schema import Scene

log = logging.getLogger("deck")

ZONES = ("coarse", "middle", "fine")
STILL = Steering(push=(0.0,) * 8)  # longer than any show's axes


class Editing:
    """The edits of one scene. `edit` is called picture by picture and gives None for none."""

    def __init__(
        self, scene: Scene, generator: Generator, table: Table, folder: Path, mix: Place | None
    ) -> None:
        """`mix` is the place whose styles are mixed in, unless the scene names one.

        Raises PlaceError when a place the scene names cannot be had; `folder` is show.yaml's."""
        rows = [f"/direction/{one.name}" for one in generator.directions]
        self._amounts = np.array([table.index(row) for row in rows if row in table], int)
        if len(self._amounts) != len(rows):  # a table of another edition than the model's folder
            self._amounts = np.zeros(0, int)
        self._ranges = np.array([one.range for one in generator.directions]).reshape(-1, 2)
        self._zones = [table.index(f"/zone/{z}") for z in ZONES] if self._amounts.size else []
        self._mix = table.index("/style/mix")
        self._mix_zones = [table.index(f"/style/{zone}") for zone in ZONES]
        self._partner = _position(mix, generator)
        if scene.mix is not None and self._partner is None:
            self._partner = _position(named_place(scene.mix, folder), generator)
        self._centre = _centre(scene, generator, folder)
        self._within = Within(scene, table)
        self._company = Company(scene, generator, folder)

    def edit(
        self, values: Values, at: State = START, controls: Steering = STILL, dt: float = 0.0
    ) -> Edit | None:
        """What these values of the table ask for; `at` is where the scene's walk is."""
        bends, xray = self._within.bends(values), self._within.xray(values)
        places = self._company.places(at, controls, dt) if self._within.composes else ()
        bands = self._within.bands(values, places)
        moved = self._amounts.size and (np.abs(values[self._amounts]) >= LEAST).any()
        mixed = values[self._mix] >= LEAST and self._partner is not None
        inside = bends or xray or bands
        if not moved and not mixed and self._centre is None and not inside:
            return None
        return Edit(
            np.clip(values[self._amounts], *self._ranges.T) if moved else None,
            _weights(values, self._zones) if moved else (1.0, 1.0, 1.0),
            float(values[self._mix]) if mixed else 0.0,
            _weights(values, self._mix_zones),
            self._partner,
            self._centre,
            bends,
            xray,
            bands,
        )


def prepared(
    scene: Scene, generator: Generator, table: Table, folder: Path, mix: Place | None
) -> Editing:
    """The scene's edits; without what cannot be had, which the log names."""
    if scene.compose and isinstance(generator, Variants) and not generator.composes:
        log.warning("%s: %s; the scene's own place fills it", generator.name, ONE_PLACE)
        scene = scene.model_copy(update={"compose": None})
    try:
        return Editing(scene, generator, table, folder, mix)
    except PlaceError as error:
        log.error("%s; the scene plays without it", error)
        plain = scene.model_copy(update={"mix": None, "centre": [], "compose": None})
        return Editing(plain, generator, table, folder, None)


def _weights(values: Values, rows: list[int]) -> Zones:
    coarse, middle, fine = (float(values[row]) for row in rows)
    return coarse, middle, fine


def _position(place: Place | None, generator: Generator) -> Vector | None:
    if place is None:
        return None
    position = place.position(generator.space.z_dim)
    return generator.styles(position)


def _centre(scene: Scene, generator: Generator, folder: Path) -> Vector | None:
    """The mean of the styles of the scene's centre: one place, or a cluster of them."""
    places = [named_place(named, folder) for named in scene.centre]
    ws = [generator.styles(place.position(generator.space.z_dim)) for place in places]
    if len({w.shape for w in ws}) > 1:
        raise PlaceError("centre: its places are of different networks")
    return np.mean(ws, axis=0) if ws else None
