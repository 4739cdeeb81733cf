"""When the desk tells others, and in which words."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.control.parameters import Kind, Table
from installation.desk.telling import ALL_IS_WELL, Telling
from installation.health import HealthReader, HealthWriter
from installation.inputs.osc_wire import Message, decode
from installation.inputs.protocol import Update
from installation.memory import Arena
from installation.outputs.osc_feedback import SENTENCE
from installation.session import SECTIONS
from installation.show.loader import loads

SHOW = """
models: {card: {test_card: {}}}
scenes: {one: {model: card, look: []}}
inputs: {osc: {FEEDBACK}}
"""
TICK = 1 / 120


class Desk:
    """A telling with its table, a controller's ear and the other processes' records."""

    def __init__(self, folder: Path, feedback: bool) -> None:
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.ear.bind(("127.0.0.1", 0))
        self.ear.setblocking(False)
        place = f"feedback: '127.0.0.1:{self.ear.getsockname()[1]}'" if feedback else ""
        show, self.table = loads(SHOW.replace("FEEDBACK", place), folder)
        self.arena = Arena.create(SECTIONS)
        self.telling = Telling(show, self.table, HealthReader(self.arena))
        self.goals = np.array([row.default for row in self.table])
        self.now = 100.0

    def run(self, seconds: float) -> list[Message]:
        """What is heard in so many seconds of ticks."""
        for _ in range(round(seconds / TICK)):
            self.now += TICK
            self.telling.step(self.goals, self.goals, self.now)
        return self.heard()

    def heard(self) -> list[Message]:
        messages: list[Message] = []
        while True:
            try:
                messages += decode(self.ear.recv(9000))
            except BlockingIOError:
                return messages

    def set(self, address: str, value: float) -> None:
        self.goals[self.table.index(address)] = value

    def write(self, process: str, **record: Any) -> None:
        HealthWriter(self.arena, process, 1).write(self.now, 1, **record)

    def all_well(self) -> None:
        self.write("supervisor", seconds=self.now)
        self.write("stage", fps=60.0, mode="live", picture_age=0.02)
        self.write("deck_a", loaded=True)
        self.write("deck_b", loaded=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, feedback=True)
    yield desk
    desk.telling.close()
    desk.ear.close()


def test_readings_come_ten_times_a_second(desk: Desk):
    rounds = [m for m in desk.run(3.0) if m.address == "/state/crossfade"]
    assert len(rounds) in (29, 30, 31)


def test_after_a_pause_nothing_is_caught_up(desk: Desk):
    desk.run(1.0)
    desk.now += 60.0
    assert len([m for m in desk.run(1.0) if m.address == "/state/crossfade"]) in (10, 11, 12)


def test_the_sentence_says_how_it_is(desk: Desk):
    desk.all_well()
    assert {m.args for m in desk.run(1.5) if m.address == SENTENCE} == {(ALL_IS_WELL,)}
    desk.all_well()
    desk.write("deck_a", loaded=True, error="out of memory")
    words = [m.args[0] for m in desk.run(1.5) if m.address == SENTENCE]
    assert words[-1] == "deck A: out of memory"


def test_a_press_is_no_value_and_a_value_is_not_told_its_sender(desk: Desk):
    desk.run(6.0)
    updates = [
        Update("/scene/next", 1.0, desk.now, press=True, source="127.0.0.1"),
        Update("/walk/speed", 2.0, desk.now, source="127.0.0.1"),
        Update("/wall/x", 0.5, desk.now, source="127.0.0.1"),
        Update("/walk/tide", 2.0, desk.now, source="10.0.0.9"),
    ]
    desk.telling.heard(updates, desk.now)
    desk.set("/walk/speed", 2.0)
    desk.set("/walk/tide", 2.0)
    heard = {m.address: m.args for m in desk.run(0.2)}
    assert heard["/walk/tide"] == (2.0,)
    assert "/walk/speed" not in heard


def test_without_a_place_nothing_is_told(tmp_path: Path):
    desk = Desk(tmp_path, feedback=False)
    desk.telling.heard([Update("/walk/speed", 2.0, 0.0)], 0.0)
    assert desk.run(1.0) == []
    assert desk.telling.status() == {"error": None}
    desk.telling.close()
    desk.ear.close()


def test_the_table_is_told_whole(desk: Desk):
    table: Table = desk.table
    addresses = {m.address for m in desk.run(0.2)}
    triggers = {row.address for row in table if row.kind is Kind.TRIGGER}
    assert addresses | triggers == {
        SENTENCE,
        *(row.address for row in table),
    }
