"""A model as the studio works with it: its painter, its map, and the journeys through it."""

import hashlib

import numpy as np
import simplejpeg

from installation.latent.curves import Curve
from installation.latent.journeys import Journey
from installation.studio import recipe
from installation.studio.atlas import Atlas
from installation.studio.painter import Painter, Styles, shrunk

JOURNEYS = 2  # remembered
QUALITY = 85


class Easel:
    """Set up when the model is first asked for."""

    def __init__(self, painter: Painter) -> None:
        self.painter, self.atlas = painter, Atlas(painter)
        self._curves: dict[str, Curve] = {}

    def styles(self, point: recipe.Point, journey: str = "") -> Styles:
        """A recipe's styles; `journey` is the one that it is a point of."""
        if point.start.way:
            at = self.curve(journey).at(point.start.way.seconds)
            started = {"z": at.tolist()} if at.ndim == 1 else {"w": at.tolist()}
            point = point.model_copy(update={"start": recipe.Start.model_validate(started)})
        return self.atlas.find(point).ws

    def jpeg(self, ws: Styles, side: int) -> bytes:
        """The picture of styles, about `side` pixels."""
        picture = shrunk(self.painter.paint(ws, side), side)
        return simplejpeg.encode_jpeg(picture, QUALITY, "RGB", "420")

    def curve(self, text: str) -> Curve:
        """The curve of a journey's JSON. Raises PlaceError or ValueError."""
        name = hashlib.sha256(text.encode()).hexdigest()
        if name not in self._curves:
            while len(self._curves) >= JOURNEYS:
                self._curves.pop(next(iter(self._curves)))
            journey = Journey.model_validate_json(text)
            z_dim, styles = self.painter.space.z_dim, self.atlas.styles
            self._curves[name] = journey.curve(z_dim, lambda z: styles(z).astype(np.float64))
        return self._curves[name]
