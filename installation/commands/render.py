"""`installation render`: a scene to a film or to pictures, offline and repeatable.

The network runs in exact arithmetic, the walk in steps of one frame, the look on the same renderer
as the live show; nothing asks what time it is.
"""

import os
from argparse import Namespace
from collections.abc import Iterator

import numpy as np

from installation.control.parameters import Table
from installation.control.state import Values
from installation.decks.editing import Editing, prepared
from installation.decks.fencing import fence_or_none
from installation.decks.loading import load as load_model
from installation.decks.player import AXES, Player, make_walk
from installation.errors import InstallationError
from installation.generators.protocol import Picture
from installation.latent.walks import MAX_STEP, Steering
from installation.outputs.film import Film, codec_for
from installation.progress import progress
from installation.session import SHADERS
from installation.show.loader import load
from installation.show.schema import Show


def run(options: Namespace, begun: float) -> int:
    """Write the film; 0 when it is whole."""
    show, table = load(options.show, SHADERS)
    scene = _scene(show, options.scene)
    if codec_for(options.out, options.codec) and any(side % 2 for side in options.size):
        raise InstallationError("--size: a film needs even sides, such as 1280x720")
    count = max(1, round(options.seconds * options.fps))
    player = _player(show, scene, options)
    _walk_ahead(player, table, options.start)
    folder = options.show.resolve().parent
    editing = prepared(show.scenes[scene], player.generator, table, folder, None)
    frames = _pictures(player, table, count, 1.0 / options.fps, editing)
    with Film(options.out, options.size, options.fps, options.codec) as film:
        for picture in progress(_canvases(show, table, scene, frames, options), count, scene):
            film.add(picture)
    print(f"{options.out}: {count} pictures of {scene}, {options.fps:g} a second")
    return 0


def _scene(show: Show, wanted: str | None) -> str:
    names = list(show.scenes)
    if wanted is not None and wanted not in names:
        raise InstallationError(f"--scene {wanted}: no such scene; it has: {', '.join(names)}")
    return wanted or names[0]


def _player(show: Show, scene: str, options: Namespace) -> Player:
    wanted = show.scenes[scene]
    folder = options.show.resolve().parent
    model, decks = show.source(wanted.representatives[0]), show.decks
    generator = load_model(model, folder, decks.backend, True, decks.providers, patient=True)
    kept = fence_or_none(wanted, generator, folder, None)
    return Player(generator, make_walk(wanted, generator, folder), fence=kept)


def _defaults(table: Table) -> Values:
    return np.array([row.default for row in table], dtype=np.float64)


def _steering(table: Table) -> Steering:
    return Steering(push=tuple(table[f"/steer/{axis}"].default for axis in AXES))


def _walk_ahead(player: Player, table: Table, seconds: float) -> None:
    """Walk for some seconds without painting."""
    for _ in range(round(seconds / MAX_STEP)):
        player.place, _ = player.walk.step(player.place, _steering(table), MAX_STEP)


def _pictures(
    player: Player, table: Table, count: int, dt: float, editing: Editing
) -> Iterator[Picture]:
    """The network's pictures, one a frame. The first is where the walk stands."""
    controls, values = _steering(table), _defaults(table)
    out = np.zeros((player.generator.height, player.generator.width, 4), np.uint8)
    for index in range(count):
        gone = dt if index else 0.0
        edit = editing.edit(values, player.place, controls, gone)
        if not player.draw(controls, table["/style/psi"].default, gone, out, edit):
            raise InstallationError(f"{player.generator.name} gave a picture that is not finite")
        yield out


def _canvases(
    show: Show, table: Table, scene: str, pictures: Iterator[Picture], options: Namespace
) -> Iterator[Picture]:
    """The finished pictures, as the stage would show them."""
    os.environ.setdefault("LP_NUM_THREADS", str(os.cpu_count() or 1))
    from installation.stage.gl import headless_context
    from installation.stage.renderer import Renderer
    from installation.stage.shot import Shot

    context = headless_context()
    looks = [each.look for each in show.scenes.values()]
    renderer = Renderer(context, options.size, looks, table, SHADERS)
    values, look = _defaults(table), list(show.scenes).index(scene)
    renderer.decks[0].frame = show.frames[look]
    for index, picture in enumerate(pictures):
        renderer.decks[0].show(picture, index / options.fps, look)
        renderer.draw(Shot(time=index / options.fps, values=values, look=look))
        yield renderer.read()
    renderer.release()
    context.release()
