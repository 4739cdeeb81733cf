"""MIDI at the desk: who holds what, learning over other hands, values back to motors and lamps."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.control.arbitration import Hand
from installation.control.state import Values
from installation.desk.hands import Asked, Hands
from installation.desk.midi import MidiDesk
from installation.inputs.midi_wire import Moved
from installation.inputs.protocol import Update
from installation.session import SHADERS
from installation.show.loader import loads

SHOW = """
models: {card: {test_card: {}}}
scenes:
  plain: {model: card, look: [], steer: {walk/tide: {from: midi/cc/1/20, range: [0, 2], smooth: 0}}}
  other: {model: card, look: []}
inputs: {midi: {bind: {cc/1/7: {to: walk/speed, range: [0, 1.27]}, note/1/36: cue/go,
                       note/1/40: {to: scene, value: other}, note/1/41: master/freeze}}}
"""


class Source:
    """A controller made of lists."""

    def __init__(self) -> None:
        self.moves: list[Moved] = []
        self.told: list[bytes] = []
        self.open: list[str] = ["knobs"]
        self.takes = True

    def drain(self) -> list[Moved]:
        drained, self.moves = self.moves, []
        return drained

    def send(self, messages: list[bytes]) -> bool:
        self.told += messages
        return self.takes

    def beat(self, now: float) -> None: ...

    def status(self) -> dict[str, Any]:
        return {"error": None}


class Room:
    """A desk's tick with nothing but its hands and a controller."""

    def __init__(self, folder: Path) -> None:
        self.show, self.table = loads(SHOW, SHADERS)
        assert self.show.inputs.midi
        self.hands, self.source = Hands(self.show, self.table), Source()
        self.midi = MidiDesk(self.show.inputs.midi, self.table, self.source, str(folder))  # type: ignore[arg-type]
        self.now = 100.0
        self.tick()

    def tick(self, seconds: float = 0.05) -> Values:
        self.now += seconds
        self.midi.step(self.hands, self.now)
        self.hands.panel(self.now)
        values = self.hands.step(self.now, seconds)
        self.source.told.clear()
        self.midi.tell(self.hands.arbiter.goals, self.now)
        return values

    def cc(self, number: int, *raws: int) -> None:
        self.source.moves += [Moved(f"cc/1/{number}", r / 127, r, self.now) for r in raws]

    def key(self, note: int) -> None:
        self.source.moves += [
            Moved(f"note/1/{note}", v / 127, v, self.now, key=True) for v in (100, 0)
        ]

    def panel(self, address: str, value: float | None) -> None:
        self.hands.ask(Asked(address, value))
        self.tick()
        self.tick()  # the desk looks at its switches before it moves them

    def goal(self, address: str) -> float:
        return float(self.hands.arbiter.goals[self.table.index(address)])


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_knob_steers_a_key_presses_a_pad_chooses_and_a_route_listens(room: Room):
    room.cc(7, 99, 100, 101, 102)
    room.key(36)
    room.key(40)
    room.key(41)
    room.cc(20, 127)
    values = room.tick()
    assert room.goal("/walk/speed") == pytest.approx(1.02)
    assert room.goal("/cue/go") == 1
    assert room.goal("/scene") == 1
    assert room.goal("/master/freeze") == 1
    assert room.hands.arbiter.holder[room.table.index("/walk/speed")] == Hand.OSC
    assert room.hands.stamps["midi"].count > 0
    assert np.isfinite(values).all()


def test_a_route_follows_a_knob(room: Room):
    room.cc(20, 127)
    for _ in range(10):
        room.tick()
    assert room.goal("/walk/tide") == pytest.approx(2.0)


def test_learning_with_the_panel_steers_and_is_kept(room: Room, tmp_path: Path):
    room.panel("/midi/learn", 1)
    assert room.midi.status()["learning"] == "touch a control"
    room.panel("/steer/x", 0.5)
    room.tick()
    room.cc(9, 60, 61)
    room.tick()
    assert "cc/1/9 steers steer/x" in room.midi.status()["learning"]
    room.panel("/midi/learn", 0)
    room.tick(6.0)  # the panel's hand lets go
    room.cc(9, 78, 80, 100)  # meets 0.5 and passes it
    room.tick()
    assert room.goal("/steer/x") == pytest.approx(-2 + 4 * 100 / 127)
    assert room.midi.status()["bound"] == 5
    room.panel("/midi/learn", 1)
    room.panel("/steer/x", 0.1)
    room.tick()
    room.panel("/midi/forget", None)
    room.tick()
    assert room.midi.status()["bound"] == 4


def test_learning_is_not_misled_by_channels_that_are_merely_repeated(room: Room):
    room.panel("/midi/learn", 1)
    steady = [Update("/walk/spread", 1.0, 0.0), Update("/steer/y", 0.0, 0.0)]
    room.hands.osc(steady, room.now)
    room.tick()
    assert room.midi.status()["learning"] == "touch a control"
    room.hands.osc([*steady, Update("/walk/tide", 2.0, 0.0)], room.now)
    room.tick()
    assert room.midi.status()["learning"] == "move a knob for walk/tide"


def test_motors_and_lamps_are_told_what_other_hands_do_and_a_moving_fader_nothing(room: Room):
    room.tick()
    room.hands.ask(Asked("/walk/speed", 0.64))
    room.hands.ask(Asked("/master/freeze", 1))
    room.tick()
    assert sorted(room.source.told) == [bytes((0x90, 41, 127)), bytes((0xB0, 7, 64))]
    room.tick()
    assert room.source.told == []
    room.tick(6.0)
    room.cc(7, 63, 64, 80)
    room.tick()
    assert room.source.told == []
    room.tick(1.0)
    assert room.source.told == []  # it stands where it was moved to


def test_a_pad_s_own_lamp_follows_its_own_strokes(room: Room):
    room.tick()
    room.key(41)
    room.tick()
    assert room.source.told == [bytes((0x90, 41, 127))]
    room.key(41)
    room.tick()
    assert room.source.told == [bytes((0x90, 41, 0))]


def test_what_could_not_be_told_is_told_later_and_another_device_everything(room: Room):
    room.source.takes = False
    room.panel("/walk/speed", 0.64)
    room.source.takes = True
    room.tick()
    assert bytes((0xB0, 7, 64)) in room.source.told
    room.source.open = ["knobs", "more"]
    room.tick()
    assert bytes((0xB0, 7, 64)) in room.source.told
    assert len(room.source.told) == 3  # a knob and two lamps; nobody tells a trigger


@pytest.mark.parametrize(
    ("bind", "words"),
    [
        ("cc/1/200: walk/speed", "cc/1/200"),
        ("cc/1/7: walk/sped", "did you mean walk/speed"),
        ("note/1/7: {to: scene, value: nowhere}", "no value of it"),
        ("cc/1/7: {to: scene, value: other}", "only a note"),
        ("bend/1: {to: steer/x, relative: twos}", "endless"),
        ("cc/1/7: state/watchers", "no control"),
    ],
)
def test_a_wrong_binding_is_one_line(bind: str, words: str):
    text = SHOW.replace("cc/1/7: {to: walk/speed, range: [0, 1.27]}", bind)
    with pytest.raises(Exception, match=r"inputs\.midi\.bind") as caught:
        loads(text, SHADERS)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_route_from_a_knob_wants_midi():
    text = SHOW[: SHOW.index("inputs:")]
    with pytest.raises(Exception, match="the show has no MIDI"):
        loads(text, SHADERS)
