"""Of which of the show's models a journey is: by its places' names and checksums. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from installation.errors import PlaceError
from installation.latent.journeys import Journey
from installation.latent.places import Place


@dataclass(frozen=True, slots=True)
class Origin:
    """The model to go it in, and what its sender should know, "" when all is well."""

    model: str
    warning: str = ""


def origin_of(journey: Journey, checksums: Mapping[str, str], playing: str) -> Origin:
    """`checksums` are those of the show's models, by name; `playing` is what the wall plays.

    Raises PlaceError when its places are of several models."""
    found = {_origin(stop.place, checksums, playing) for stop in journey.stops}
    if len(models := sorted({one.model for one in found})) > 1:
        raise PlaceError(
            f"{journey.name} has places of {' and '.join(models)}; a wall walks in one"
        )
    return next((one for one in found if one.warning), next(iter(found)))


def _origin(place: Place, checksums: Mapping[str, str], playing: str) -> Origin:
    """By name and checksum; by the checksum alone, for a model of another name; by the name alone,
    for a model that was trained again."""
    name, sha256 = place.model.name, place.model.sha256
    if name in checksums and place.suits(checksums[name]):
        return Origin(name)
    if sha256 and (same := [one for one in checksums if checksums[one] == sha256]):
        return Origin(same[0])
    if name in checksums:
        return Origin(
            name,
            f"{place.name} was kept in another version of {name}: "
            "the wall will show another picture",
        )
    if not name and not sha256:
        return Origin(playing)
    known = name or "a model"
    return Origin(
        playing,
        f"{place.name} is of {known}, which this show does not have: "
        f"the wall shows what lies there in {playing}",
    )
