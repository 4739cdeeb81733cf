"""From the decks' pictures to one finished picture: the looks that are seen, and their crossing.

One look is one mix of the decks and one chain. While two looks cross over there are two of each,
and their results are mixed in linear light.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from installation.outputs.readback import Size
from installation.stage.chain import Chain, Given
from installation.stage.flow import Flow
from installation.stage.gl import Core, Target, is_software
from installation.stage.passes import Library
from installation.stage.pictures import DeckPictures
from installation.stage.shot import Shot
from installation.stage.strokes import filter_strokes, stroke_texture

LAYERS = 2  # looks that can be seen at once
COARSE = 3 / 16  # in software, of the sides that draws ask for: a million particles are 36 864
Looks = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Layer:
    """A look, and the share of each deck's light that it finishes."""

    look: int
    shares: tuple[float, float]


class Layers:
    """Draws the looks of a Shot on a canvas of `size` pixels."""

    def __init__(self, core: Core, library: Library, size: Size) -> None:
        self._core, self._library = core, library
        self._coarse = COARSE if is_software(core.context) else 1.0
        self._cross = core.program("cross")
        self._strokes = stroke_texture(core.context)
        self._allocate(size)

    def resize(self, size: Size) -> None:
        """Go on with another size; what chains remember is lost."""
        self._release_sized()
        self._allocate(size)

    def draw(self, shot: Shot, looks: Looks, decks: Sequence[DeckPictures], level: int) -> Target:
        """The finished picture of every look that is seen. It may be drawn over by the next."""
        layers, far = layers_of(shot)
        finished = [
            self._draw_look(shot, layer, looks, decks, mixed, level)
            for layer, mixed in zip(layers, self._mixed, strict=False)
        ]
        if len(finished) == 1:
            return finished[0]
        self._cross.bind(near=finished[0].texture, far=finished[1].texture)
        self._cross.set("weight", far)
        self._cross.fill(self._crossed.framebuffer)
        return self._crossed

    def release(self) -> None:
        """Give the graphics memory back."""
        self._release_sized()
        self._strokes.release()

    def _allocate(self, size: Size) -> None:
        self.size = size
        self._mixed = [Target(self._core.context, size) for _ in range(LAYERS)]
        self._crossed = Target(self._core.context, size)
        self._flow = Flow(self._core, size)
        self._chains: list[Chain] = []
        filter_strokes(self._strokes, size)

    def _release_sized(self) -> None:
        for part in (*self._mixed, self._crossed, self._flow, *self._chains):
            part.release()

    def _draw_look(
        self,
        shot: Shot,
        layer: Layer,
        looks: Looks,
        decks: Sequence[DeckPictures],
        mixed: Target,
        level: int,
    ) -> Target:
        _mix(shot, layer, decks, mixed)
        look = looks[layer.look] if 0 <= layer.look < len(looks) else ()
        passes = self._library.passes(look, level)
        if not passes:
            return mixed
        if any("flow" in each for each in passes):
            self._flow.draw(mixed.texture)
        textures = {"flow": self._flow.texture, "strokes": self._strokes}
        texel = decks[layer.shares[1] > layer.shares[0]].texel(self.size)
        given = Given(shot.time, texel, shot.values, textures, self._library.lut)
        return self._chain(tuple(look)).draw(passes, mixed, given)

    def _chain(self, look: tuple[str, ...]) -> Chain:
        """The chain that plays this look; of the two there are, the older makes way."""
        found = next((each for each in self._chains if each.look == look), None)
        if found is None:
            found = Chain(self._core, look, self.size, self._coarse)
            if len(self._chains) == LAYERS:
                self._chains.pop(0).release()
        else:
            self._chains.remove(found)
        self._chains.append(found)
        return found


def _mix(shot: Shot, layer: Layer, decks: Sequence[DeckPictures], onto: Target) -> None:
    """The decks one over the other, each adding its share of light."""
    drawn = False
    for deck, weight, share in zip(decks, shot.blend, layer.shares, strict=True):
        if share > 0.0:
            deck.blend(weight)
            deck.enlarge(onto, shot.drift, share, drawn)
            drawn = True


def layers_of(shot: Shot) -> tuple[list[Layer], float]:
    """What a Shot is made of: one layer, or two and the weight of the second."""
    fade = shot.crossfade
    decks = (1.0 - fade, fade)
    if shot.look_b is not None and shot.look_b != shot.look:
        apart = [Layer(shot.look, (1.0, 0.0)), Layer(shot.look_b, (0.0, 1.0))]
        return (apart, fade) if 0.0 < fade < 1.0 else ([apart[fade >= 1.0]], 0.0)
    if shot.look_from is not None and shot.turn < 1.0:
        return [Layer(shot.look_from, decks), Layer(shot.look, decks)], shot.turn
    return [Layer(shot.look, decks)], 0.0
