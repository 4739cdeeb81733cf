"""The cue list in show.yaml: what is wrong with it, and what its words mean in numbers."""

from collections.abc import Iterator

from installation.control.cues import Cue as Step
from installation.control.parameters import Kind, Parameter, Table
from installation.show import yaml12
from installation.show.names import nearest, steerable, targets
from installation.show.schema import Cue, Show

OWN_KEYS = ("scene", "cue")  # groups that a cue steers by its other keys, or not at all


def steps(show: Show) -> list[Step]:
    """The cues as the machine that walks through them wants them."""
    places = {cue.name: place for place, cue in enumerate(show.cues)}
    return [
        Step(
            cue.name,
            cue.fade,
            cue.wait,
            cue.follow,
            cue.at,
            places[cue.then] if cue.then else None,
            cue.easing,
        )
        for cue in show.cues
    ]


def numbers(cue: Cue, table: Table) -> dict[int, float]:
    """Where a cue sends which row of the table. Raises ValueError for what is no such value."""
    rows = {f"/{target}": value for target, value in cue.targets.items()}
    return {table.index(name): _number(table[name], value) for name, value in rows.items()}


def check_cues(show: Show, table: Table, document: yaml12.Document) -> None:
    """Complain of every name and value in the list that the show does not have."""
    names = [cue.name for cue in show.cues]
    for place, cue in enumerate(show.cues):
        for key, words in _problems(cue, show, table, names, names.index(cue.name) != place):
            document.complain(("cues", place, *key), words)


def _problems(
    cue: Cue, show: Show, table: Table, names: list[str], again: bool
) -> Iterator[tuple[yaml12.KeyPath, str]]:
    if again:
        yield ("name",), f"there is a cue {cue.name!r} above; every cue has a name of its own"
    if cue.scene is not None and cue.scene not in show.scenes:
        yield ("scene",), f"no scene {cue.scene!r}{nearest(cue.scene, show.scenes)}"
    if cue.then is not None and cue.then not in names:
        yield ("then",), f"no cue {cue.then!r}{nearest(cue.then, names)}"
    for target, value in cue.targets.items():
        if words := _wrong(target, value, table):
            yield ("set", target), words


def _wrong(target: str, value: float | bool | str, table: Table) -> str | None:
    known = [one for one in targets(table) if one.split("/")[0] not in OWN_KEYS]
    if not steerable(target, table) or target not in known:
        return f"no control {target!r}{nearest(target, known)}"
    row = table[f"/{target}"]
    if row.kind is Kind.TRIGGER:
        return f"{target} is pressed, not moved; a cue cannot press"
    try:
        number = _number(row, value)
    except ValueError as error:
        return str(error)
    if not row.low <= number <= row.high:
        return f"{number:g} is outside {row.low:g} … {row.high:g}"
    return None


def _number(row: Parameter, value: float | bool | str) -> float:
    if isinstance(value, str):
        if value not in row.choices:
            raise ValueError(f"{value!r} is no value of it{nearest(value, row.choices)}")
        return float(row.choices.index(value))
    return float(value)
