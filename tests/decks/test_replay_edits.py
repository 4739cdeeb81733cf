"""A flight with bends, an x-ray and several places in it, drawn again to the bit."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from installation import flight
from installation.decks.editing import prepared
from installation.decks.loading import load
from installation.decks.orders import Order, walk_for
from installation.decks.player import Player, steering
from installation.decks.recorder import Doing, Recorder
from installation.decks.replay import Controls, Replay
from installation.decks.variants import Variants, left_out
from installation.memory import Arena
from installation.session import SHADERS
from installation.show.loader import load as load_show
from installation.show.shared import publish
from installation.supervise.flights import FOLDER, Flights
from tests.small_models import write_model

SHOW = """
models: {small: small}
scenes:
  one:
    model: small
    walk: {kind: loop, period: 5s}
    look: []
    bend: [{kind: rotate, layer: 8}]
    compose: {with: [7]}
"""
NIGHT = datetime(2026, 3, 14, 20, 15, tzinfo=UTC)
PLAYED = {
    4: {"/bend/1/amount": 0.4},
    8: {"/compose/mix": 1.0},
    12: {"/xray/layer": 1, "/xray/mix": 0.5},
    16: {"/bend/2/kind": 6, "/bend/2/layer": 2, "/bend/2/amount": -0.7},
    20: {"/bend/1/amount": 0.0, "/compose/mix": 0.0},
}


def test_edits_are_drawn_again_to_the_bit(tmp_path: Path):
    """Each edit begins while its graph is still being made, and so plays a picture later."""
    write_model(tmp_path / "small")
    (tmp_path / "show.yaml").write_text(SHOW)
    show, table = load_show(tmp_path / "show.yaml", SHADERS)
    arena = Arena.create({"show": 1 << 20, **dict.fromkeys(flight.SECTIONS, 64 * 1024)})
    recorder = Recorder(arena.section("flight_a"), table, publish(arena, show, table))
    scene, generator = show.scenes["one"], load("small", tmp_path)
    assert isinstance(generator, Variants)
    player = Player(generator, walk_for(Order(), scene, generator, tmp_path))
    editing, controls = prepared(scene, generator, table, tmp_path, None), Controls(table)
    controls.values[table.index("/compose/mix")] = 0.0
    out, waited = np.zeros((16, 16, 4), np.uint8), []
    for n in range(24):
        for address, value in PLAYED.get(n, {}).items():
            controls.values[table.index(address)] = value
        place, hands = player.place, steering(controls)
        edit = editing.edit(controls.values, place, hands, 0.05)
        recorder.begin(n / 10, (0, 0), Doing.NONE, 0.05, place, controls.values)
        good = player.draw(hands, 1.0, 0.05, out, edit)
        recorder.end(out, good, left_out(generator))
        waited.append(left_out(generator) != 0)
        generator._wait()
    assert [n for n, late in enumerate(waited) if late] == [4, 8, 12, 16, 20]
    flights = Flights(arena, tmp_path, tmp_path)
    flights.keep("deck_a", 100.0, NIGHT, {})
    flights.close(10)
    (path,) = (tmp_path / FOLDER).iterdir()
    drawn = [(d.picture.copy(), d.same) for d in Replay(flight.read(path), tmp_path).pictures()]
    assert [same for _, same in drawn] == [True] * 24
    assert len({picture.tobytes() for picture, _ in drawn}) == 24
