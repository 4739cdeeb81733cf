"""Journeys by name, by sequence and from a page become the decks' orders."""

from pathlib import Path

import numpy as np
import pytest

from installation.control.parameters import Table
from installation.decks.orders import OrderReader, OrderWriter
from installation.desk.journeys import Journeys
from installation.inputs.osc_controls import Controls
from installation.inputs.osc_wire import Message, Refused
from installation.latent import files
from installation.latent.journeys import Journey, Stop
from installation.latent.places import Place, pack
from installation.memory import Arena
from installation.session import SECTIONS
from installation.show.loader import loads

SHOW = """
models: {card: {test_card: {}}}
scenes: {one: {model: card, look: []}, two: {model: card, look: []}}
journeys: {dawn: dawn.journey, dusk: dusk.journey, gone: gone.journey}
"""


def journey(name: str, size: int = 1) -> Journey:
    places = [Place(name="p", seed=n) for n in range(size)]
    return Journey(name=name, stops=[Stop(place=place) for place in places])


class Desk:
    def __init__(self, folder: Path) -> None:
        for name in ("dawn", "dusk"):
            files.write(folder / f"{name}.journey", journey(name))
        self.folder = folder
        self.show, self.table = loads(SHOW, folder)
        self.view = Arena.create(SECTIONS).section("orders")
        self.deck = OrderReader(self.view)
        self.now, self.chosen = 100.0, 0
        self.journeys = self.start()

    def start(self) -> Journeys:
        self.journeys = Journeys(OrderWriter(self.view), self.show, self.table, self.folder)
        return self.journeys

    def hears(self, text: str) -> None:
        message = Message("/start-sequence", (text,))
        self.journeys.heard(Controls(Table(self.table), ()).read(message, self.now))

    def tick(self) -> list[str] | None:
        """The names of the journeys that were ordered in this tick, None for no order."""
        goals = np.array([row.default for row in self.table], dtype=np.float64)
        goals[self.table.index("/journey")] = self.chosen
        self.now += 0.01
        self.journeys.step(goals, "two", self.now)
        return [j.name for j in self.deck.order.journeys] if self.deck.refresh() else None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    assert desk.tick() is None
    return desk


def test_the_row_chooses_a_journey_and_the_scenes_own_walk(desk: Desk):
    assert desk.table["/journey"].choices == ("walk", "dawn", "dusk", "gone")
    desk.chosen = 2
    assert desk.tick() == ["dusk"]
    assert desk.deck.order.scene == "two"
    assert desk.tick() is None
    desk.chosen = 0
    assert desk.tick() == []


def test_a_sequence_is_gone_in_order_and_each_order_has_a_new_number(desk: Desk):
    desk.hears("dusk, dawn,dusk")
    assert desk.tick() == ["dusk", "dawn", "dusk"]
    first = desk.deck.order.number
    desk.hears("dusk, dawn,dusk")
    assert desk.tick() == ["dusk", "dawn", "dusk"]
    assert desk.deck.order.number > first


def test_names_nobody_has_are_told_and_the_others_gone(desk: Desk, caplog):
    desk.hears("noon,dawn,gone")
    assert desk.tick() == ["dawn"]
    assert "journey 'noon': there are: dawn, dusk, gone" in caplog.text
    desk.hears("noon")
    assert desk.tick() is None


def test_a_sequence_must_be_text(desk: Desk):
    with pytest.raises(Refused, match="text expected"):
        Controls(desk.table, ()).read(Message("/start-sequence", (1.0,)), 0.0)


def test_a_page_sends_a_journey_and_a_place_to_mix(desk: Desk):
    place = Place(name="p", seed=3)
    desk.journeys.play([journey("drawn by hand")])
    desk.journeys.mix(place)
    assert desk.tick() == ["drawn by hand"]
    assert desk.deck.order.mix == place
    number = desk.deck.order.number
    desk.journeys.mix(None)
    assert desk.tick() == ["drawn by hand"]
    assert (desk.deck.order.mix, desk.deck.order.number) == (None, number)  # it goes on


def test_what_is_too_large_is_told_and_what_plays_goes_on(desk: Desk, caplog):
    desk.chosen = 1
    desk.tick()
    wide = Stop(place=Place(name="w", **pack(np.ones((18, 512)))))
    desk.journeys.play([Journey(name="wide", stops=[wide] * 40)])
    assert desk.tick() is None
    assert "bytes" in caplog.text
    assert desk.deck.order.journeys[0].name == "dawn"


def test_a_new_desk_goes_on_with_what_was_ordered(desk: Desk):
    desk.chosen = 1
    desk.tick()
    desk.start()
    assert desk.tick() is None
    desk.chosen = 0
    assert desk.tick() == []
