"""A journey: places in an order, with times between them; a curve through latent space.

Kept as strict JSON, complete in itself:

    {"journey": 1, "name": "Evening", "closed": true, "way": "spline", "stops": [
      {"place": {...}, "seconds": 12, "easing": "smooth", "hold": 3}, ...]}

A stop is held for `hold` seconds; then the way to the next one takes `seconds`. A closed journey
goes on from its last stop to its first, and is back there to the bit after `duration` seconds.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from installation.control.easing import Easing
from installation.errors import PlaceError
from installation.latent.curves import WAYS, Curve, Leg, still
from installation.latent.places import Line, Part, Place
from installation.latent.space import Vector

STOPS = 256
SHORTEST = 1e-3  # seconds; what a spline's velocity is divided by
Seconds = Annotated[float, Field(ge=0, le=3600)]
Styles = Callable[[Vector], Vector]  # z (z_dim,) to w (layers, w_dim)


class Stop(Part):
    """A place on the way, how long it is held, and how long the way from it takes."""

    place: Place
    seconds: Seconds = 8.0
    easing: Easing = "smooth"
    hold: Seconds = 0.0


class Journey(Part):
    """Stops in order. `way`: along great circles; a Catmull-Rom spline on the sphere, which turns
    no corners; or straight lines, as Marrow's animations go."""

    journey: Literal[1] = 1
    name: Line
    author: Line = ""
    note: str = Field(default="", max_length=2000)
    closed: bool = False
    way: Literal["circle", "spline", "line"] = "circle"
    stops: list[Stop] = Field(min_length=1, max_length=STOPS)

    @property
    def duration(self) -> float:
        """Seconds from the first stop to the last, or, closed, back to the first."""
        ways = self.stops if self._goes_round else self.stops[:-1]
        return sum(stop.hold for stop in self.stops) + sum(stop.seconds for stop in ways)

    def curve(self, z_dim: int, styles: Styles | None = None) -> Curve:
        """The position at any second. Where only some stops are w, `styles` makes w of the others.

        Raises PlaceError when the stops do not fit the model, or each other."""
        points = self._points(z_dim, styles)
        rounds = points + points[:1] if self._goes_round else points
        times = [max(stop.seconds, SHORTEST) for stop in self.stops[: len(rounds) - 1]]
        paths = WAYS[self.way](rounds, times, self._goes_round) if times else []
        legs: list[Leg] = []
        for place, stop in enumerate(self.stops):
            if stop.hold or not paths:
                legs.append(Leg(stop.hold, still(points[place])))
            if place < len(paths):
                legs.append(Leg(stop.seconds, paths[place], stop.easing))
        return Curve(legs, self.closed)

    @property
    def _goes_round(self) -> bool:
        return self.closed and len(self.stops) > 1

    def _points(self, z_dim: int, styles: Styles | None) -> list[Vector]:
        places = [stop.place for stop in self.stops]
        straight = self.way == "line"  # by the lengths that the ends were kept with
        points = [place.raw(z_dim) if straight else place.position(z_dim) for place in places]
        if any(point.ndim == 2 for point in points) and styles:
            points = [styles(point) if point.ndim == 1 else point for point in points]
        if len({point.shape for point in points}) > 1:
            raise PlaceError(f"journey {self.name!r} mixes places of z and of w, or of two models")
        return points
