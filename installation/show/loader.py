"""show.yaml to a Show and its parameter table, or every problem in it at once."""

import copy
import os
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import Tag, ValidationError
from pydantic_core import ErrorDetails

from installation.control.parameters import Kind, Table
from installation.control.rows import STEERING_AXES, house_rows, midi_rows, record_rows
from installation.errors import ShowError
from installation.show import yaml12
from installation.show.bindings import check_bindings
from installation.show.cues import check_cues
from installation.show.directions import direction_rows
from installation.show.framing import card_frame
from installation.show.hotkeys import QUIT
from installation.show.looks import pass_file, pass_rows
from installation.show.models import folders
from installation.show.names import nearest, steerable, targets
from installation.show.outputs import recorder
from installation.show.routes import Route
from installation.show.schema import Scene, Show

_AXES = {"x", "y", *map(str, range(1, STEERING_AXES + 1))}


def load(path: Path, shaders: Path) -> tuple[Show, Table]:
    """The show at `path` and its table. Raises ShowError with all problems of the file."""
    return _load(yaml12.read(path), shaders, Path(os.path.realpath(path)).parent)


def loads(text: str, shaders: Path, name: str = "show.yaml") -> tuple[Show, Table]:
    """As `load`, from text; without the controls that its models' folders bring."""
    return _load(yaml12.parse(text, name), shaders)


def build_table(show: Show, shaders: Path, folder: Path | None = None) -> Table:
    """The table of a show: the house's rows, then those of the passes its scenes use, then those
    of its models' directions; paths of models start at `folder`."""
    cues = [cue.name for cue in show.cues]
    rows = house_rows(list(show.scenes), cues, list(show.journeys))
    if recorder(show.outputs):
        rows += record_rows()
    if show.inputs.midi:
        rows += midi_rows()
    passes = dict.fromkeys(name for look in show.looks for name in look)
    for file in (pass_file(shaders, name) for name in passes):
        if file.is_file():
            rows += pass_rows(file.stem, file.read_text(encoding="utf-8"))
    models = dict.fromkeys(at for model in show.models.values() for at in folders(model)[:1])
    rows += direction_rows([folder / model for model in models] if folder else [])
    return Table(rows)


def _load(
    document: yaml12.Document, shaders: Path, folder: Path | None = None
) -> tuple[Show, Table]:
    show = _validated(document)
    if show:
        table = build_table(show, shaders, folder)
        _check_passes(show, document, shaders)
        _check_references(show, table, document)
        check_bindings(show, table, document)
        check_cues(show, table, document)
        if not document.problems:
            return _framed(show, folder) if folder else show, table
    raise ShowError(document.problems)


def _framed(show: Show, folder: Path) -> Show:
    """The show with its models' frames in the scenes that name none of their own."""
    cards = {name: folders(model)[:1] for name, model in show.models.items()}
    frames = {name: card_frame(folder / card) for name, one in cards.items() for card in one}
    scenes = {
        name: scene.model_copy(
            update={"frame": scene.frame or frames.get(scene.cast[0].partition("/")[0])}
        )
        for name, scene in show.scenes.items()
    }
    return show.model_copy(update={"scenes": scenes})


def _validated(document: yaml12.Document) -> Show | None:
    if document.problems and document.data is None:
        return None
    data = document.data if document.data is not None else {}
    try:
        return Show.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            path = tuple(detail["loc"])
            document.complain(_in_file(path, data), _words(detail))
        return _remainder(data, [_in_file(tuple(d["loc"]), data) for d in error.errors()])


def _remainder(data: Any, wrong: Iterable[yaml12.KeyPath]) -> Show | None:
    """The show without its wrong keys, so that the names in the rest can be checked as well.

    None when nothing whole is left, or when a model is wrong: its scenes would be blamed for it."""
    rest = copy.deepcopy(data)
    for path in wrong:
        keys = list(takewhile(lambda part: isinstance(part, str), path))
        if not keys or (keys[0] == "models" and len(keys) < 3):
            return None
        _drop(rest, keys)
    try:
        return Show.model_validate(rest)
    except ValidationError:
        return None


def _drop(data: Any, keys: list[Any]) -> None:
    for key in keys[:-1]:
        data = data.get(key) if isinstance(data, dict) else None
    if isinstance(data, dict):
        data.pop(keys[-1], None)


def _in_file(path: yaml12.KeyPath, data: Any) -> yaml12.KeyPath:
    """A pydantic location without the parts (union members, `[key]`) that are not in the file."""
    kept: list[str | int] = []
    for place, part in enumerate(path):
        missing = place == len(path) - 1 and part != "[key]"
        here = data.get(part) if isinstance(data, dict) else None
        if isinstance(data, list) and isinstance(part, int) and part < len(data):
            here = data[part]
        elif not isinstance(data, dict) or (part not in data and not missing):
            continue
        kept.append(part)
        data = here
    return tuple(kept)


def _words(detail: ErrorDetails) -> str:
    key = detail["loc"][-1] if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"unknown key{nearest(str(key), _keys_near(detail['loc']))}"
    if detail["type"] == "missing":
        return "is missing"
    message = detail["msg"].removeprefix("Value error, ")
    got = repr(detail["input"])
    short = got if len(got) <= 60 else got[:57] + "..."
    return message if short in message else f"{message}; it says {short}"


def _keys_near(path: tuple[str | int, ...]) -> list[str]:
    """The keys allowed where an unknown one stands, found by walking the schema."""
    model: Any = Show
    for part in path[:-1]:
        fields = getattr(model, "model_fields", None)
        if fields is not None:
            named = {field.alias or name: field for name, field in fields.items()}
            model = _model_in(named[part].annotation, path) if part in named else model
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _model_in(annotation: Any, path: tuple[str | int, ...]) -> Any:
    """The model class inside an optional, a list or a mapping; of a union the one on the path."""
    while not hasattr(annotation, "model_fields"):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        if not inner:
            return None
        if get_origin(annotation) is Annotated:
            annotation = inner[0]
        else:
            annotation = next((arg for arg in inner if _tag(arg) in path), inner[-1])
    return annotation


def _tag(annotation: Any) -> str | None:
    found = (one.tag for one in getattr(annotation, "__metadata__", ()) if isinstance(one, Tag))
    return next(found, None)


def _check_passes(show: Show, document: yaml12.Document, shaders: Path) -> None:
    known = sorted(file.stem for file in shaders.glob("*.frag"))
    looks: dict[yaml12.KeyPath, list[str]] = {
        **{("scenes", name, "look"): scene.look for name, scene in show.scenes.items()},
        **{("cues", place, "look"): cue.look or [] for place, cue in enumerate(show.cues)},
    }
    for at, look in looks.items():
        for place, name in enumerate(look):
            if name not in known:
                document.complain((*at, place), f"no pass {name!r}{nearest(name, known)}")


def _check_references(show: Show, table: Table, document: yaml12.Document) -> None:
    for name, scene in show.scenes.items():
        at: yaml12.KeyPath = ("scenes", name)
        for place, model in enumerate(scene.cast):
            if model.partition("/")[0] not in show.models:
                where = ("models", place) if scene.models else ("model",)
                document.complain((*at, *where), f"no model {model!r}{nearest(model, show.models)}")
        _check_axes(scene, at, document)
        for target, route in scene.steer.items():
            _check_route(target, route, (*at, "steer", target), table, document)
    for model, smaller in show.decks.smaller.items():
        for name in {model, smaller} - show.models.keys():
            near = nearest(name, show.models)
            document.complain(("decks", "smaller", model), f"no model {name!r}{near}")
    for key, action in show.inputs.keys.items():
        if action != QUIT and not steerable(action, table):
            near = nearest(action, [*targets(table), QUIT])
            document.complain(("inputs", "keys", key), f"no control {action!r}{near}")
    for target in show.inputs.hold.keys() - set(show.inputs.keys.values()):
        near = nearest(target, show.inputs.keys.values())
        document.complain(("inputs", "hold", target), f"no key for {target!r}{near}")


def _check_axes(scene: Scene, at: yaml12.KeyPath, document: yaml12.Document) -> None:
    for axis in scene.axes:
        if axis not in _AXES:
            document.complain((*at, "axes", axis), f"allowed: {', '.join(sorted(_AXES))}")


def _check_route(
    target: str, route: Route, at: yaml12.KeyPath, table: Table, document: yaml12.Document
) -> None:
    if not steerable(target, table):
        document.complain(at, f"no control {target!r}{nearest(target, targets(table))}")
    elif table[f"/{target}"].kind is Kind.TRIGGER:
        document.complain(at, f"{target} is pressed, not moved; a route cannot press")
    known = [row.address[1:] for row in table if row.group == "audio"]
    for source in route.sources:
        if not source.startswith("audio/"):
            continue
        if source not in known:
            document.complain((*at, "from"), f"no {source!r}{nearest(source, known)}")
        elif route.mode == "step":
            document.complain((*at, "mode"), "sound has no steps; a speed is what it can be")
