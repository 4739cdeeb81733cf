"""Every look drawn once, small and unseen, before the first picture is on the wall.

A driver compiles a shader for good when it is first drawn with, and once more for every way of
blending. In software that took 0.1 to 0.5 s of a processor a look, and 0.15 s for the first
crossfade, the first time on a machine: a hitch in the middle of a show.
"""

from collections.abc import Sequence

import numpy as np

from installation.control.state import Values
from installation.show.framing import Frame
from installation.stage.gl import Core
from installation.stage.layers import Layers, Looks
from installation.stage.passes import Library
from installation.stage.pictures import DeckPictures
from installation.stage.shot import Shot

CANVAS, PICTURE = (64, 36), 16


def warm(core: Core, library: Library, looks: Looks, values: Values) -> None:
    """Draw `looks`, each over a crossfade of two decks, and one giving way to the next."""
    decks = DeckPictures(core), DeckPictures(core)
    layers = Layers(core, library, CANVAS)
    for deck in decks:
        deck.frame = Frame(fit=1.0)
        deck.show(np.zeros((PICTURE, PICTURE, 4), np.uint8))
    for look, before in _each_once(looks):
        layers.draw(Shot(0.0, values, look=look, crossfade=0.5), looks, decks, 0)
        if before != look:
            layers.draw(Shot(0.0, values, look=look, look_from=before, turn=0.5), looks, decks, 0)
        library.settle()
    for part in (layers, *decks):
        part.release()


def _each_once(looks: Looks) -> list[tuple[int, int]]:
    """The places of different looks, each with the one before it."""
    places = list({tuple(look): place for place, look in enumerate(looks)}.values())
    before: Sequence[int] = [places[0], *places] if places else []
    return list(zip(places, before, strict=False))
