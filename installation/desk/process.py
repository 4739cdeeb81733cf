"""The desk: the process that hears every input and writes the one table of parameters.

Its loop ticks 120 times a second, and at once when OSC arrives. The panel, the OSC socket and the
sound capture have threads or processes of their own; none of them can hold the loop up. It imports
neither torch nor GL.
"""

import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.child import Stop, end_child
from installation.clock import Clock, MonotonicClock
from installation.control.keys import KeyReader
from installation.control.parameters import Scope, Table
from installation.control.schedule import BY_HAND_CLOSED
from installation.control.state import StateReader, StateWriter
from installation.control.told_rows import AUDIO_FEATURES
from installation.decks.orders import OrderWriter
from installation.desk.consents import Consents
from installation.desk.day import Day
from installation.desk.devices import (
    announcement,
    audio_input,
    link_input,
    midi_desk,
    osc_input,
    panel_server,
    status,
)
from installation.desk.directing import Directing, write
from installation.desk.explorer import explorer
from installation.desk.hands import Hands
from installation.desk.journeys import Journeys
from installation.desk.keeper import Keeper
from installation.desk.link import Link
from installation.desk.midi import LEARN
from installation.desk.papers import Papers
from installation.desk.standby import Standby
from installation.desk.strangers import Strangers
from installation.desk.telling import Telling
from installation.health import PROCESSES, SPARE, HealthReader, HealthWriter
from installation.inputs.hotkeys import Hotkeys
from installation.inputs.tempo import NO_BEAT
from installation.logs import Guard
from installation.memory import Arena
from installation.report import build
from installation.session import Session
from installation.show.diff import moved
from installation.show.shared import newest, read_cue, receive, write_cue

TICK = 1 / 120  # seconds: under half a picture at 60 a second
SHORTEST = 0.002  # seconds between two ticks, however fast OSC comes in
AUDIO_ROWS = [f"/audio/{name}" for name in AUDIO_FEATURES]
BEAT_ROWS = ("/audio/tempo", "/audio/beat", "/audio/confidence")

log = logging.getLogger("desk")


class Desk:
    """The loop and everything it listens to."""

    def __init__(self, session: Session, arena: Arena, clock: Clock) -> None:
        self._clock, self._arena, self._supervisor = clock, arena, session.parent
        self._edition = receive(arena)
        self._show, self._table = self._edition.show, self._edition.table
        self._wake = threading.Event()
        self._records = HealthReader(arena)
        self._health = HealthWriter(arena, "desk", os.getpid())
        self._writer = self._state_writer()
        self._keys = KeyReader(arena.section("keys"))
        self._hotkeys = Hotkeys(self._show.inputs, self._table)
        orders, folder = OrderWriter(arena.section("orders")), Path(session.show_folder)
        self._journeys = Journeys(orders, self._show, self._table, folder)
        self._standby = Standby(arena.section("standby"), self._journeys.play)
        self._hands = Hands(self._show, self._table, standby=self._standby)
        self._directing = Directing(self._edition, self._records)
        if not session.safe:
            self._resume(StateReader(arena.section("control"), self._table).refresh())
        self._keeper = Keeper.of(session, arena)
        self._osc = osc_input(self._show, self._table, self._hands, self._wake, clock)
        self._audio = audio_input(self._show, session, arena, clock)
        self._midi = midi_desk(self._show, self._table, session, self._wake, clock)
        self._beats = link_input(self._show, session, clock)
        self._announcement = announcement(self._show)
        papers = Papers(session, lambda: self._show.model_dump_json(by_alias=True), self._status)
        self._link = Link(
            self._show.title, self._table, self._hands, arena, self._osc, self._journeys, papers
        )
        self._day = Day(self._show, time.time)
        self._consents = Consents(self._show, folder)
        self._strangers = Strangers(self._show, folder)
        self._telling = Telling(self._show, self._table, self._records)
        table = explorer(lambda: self._show, self._link, self._standby, session)
        self._panel = panel_server(self._show, self._link, table, session, arena)
        self._read_only = _read_only(self._table)
        self._guard = Guard(log)
        self._beat = 0

    def run(self, stop: Stop) -> None:
        """Tick until told to stop, then let every device go."""
        for device in self._devices:
            device.start()
        then = self._clock.now()
        while not stop:
            self._wake.wait(TICK)
            self._wake.clear()
            now = self._clock.now()
            with self._guard("taking up the new show.yaml"):
                self._follow()
            with self._guard("a tick"):
                self._tick(now, now - then)
            then = now
            self._clock.sleep(SHORTEST)
        for device in self._devices:
            device.close()
        self._telling.close()
        self._day.close()

    def _follow(self) -> None:
        """Go on with a newer edition of the show: values, hands and what is on the wall stay."""
        if newest(self._arena) == self._edition.number:
            return
        former, self._edition = self._edition, receive(self._arena)
        show, table = self._edition.show, self._edition.table
        places = moved(former.show, show)
        hands = Hands(show, table, standby=self._standby)
        hands.take_over(self._hands, places)
        self._directing.adopt(self._edition)
        quits = self._hotkeys.quit
        self._hotkeys = Hotkeys(show.inputs, table)
        self._hotkeys.quit = quits
        self._show, self._table, self._hands = show, table, hands
        self._writer, self._read_only = self._state_writer(), _read_only(table)
        if self._osc:
            self._osc.adopt(table, hands.osc_sources)
        if self._midi and show.inputs.midi:
            self._midi.adopt(show.inputs.midi, table)
        self._link.adopt(show.title, table, hands)
        self._telling.adopt(show, table)
        self._journeys.adopt(show, table)
        self._day.adopt(show)
        self._consents.adopt(show)
        self._strangers.adopt(show)

    def _state_writer(self) -> StateWriter:
        return StateWriter(self._arena.section("control"), self._table, self._edition.number)

    def _tick(self, now: float, dt: float) -> None:
        hands = self._hands
        if self._osc:
            updates = self._osc.drain()
            hands.osc(updates, now)
            self._journeys.heard(updates)
            self._telling.heard(updates, now)
        features = self._hear(now)
        if self._midi and LEARN in self._table:  # else the supervisor starts the desk again
            self._midi.step(hands, now)
        hands.keys(self._hotkeys.step(self._keys.strokes(), now), now)
        hands.panel(now)
        self._end(hands.ending)
        values = hands.step(now, dt)
        self._journeys.step(hands.arbiter.goals, list(self._show.scenes)[hands.scene], now)
        self._dim(values, now, dt)
        allowed, refused = self._consents.instead(hands.scene), self._consents.refused
        self._directing.step(values, hands, allowed, refused, dt)
        self._tell(values, features)
        self._writer.write(values, hands.stamps, now)
        goals = np.where(self._read_only, values, hands.arbiter.goals)
        self._link.publish(values, hands.arbiter.holder, goals)
        if not self._guard.off("telling others"):
            with self._guard("telling others"):
                self._telling.step(goals, values, now)
                if self._midi and LEARN in self._table:
                    self._midi.tell(goals, now)
        self._beat += 1
        if self._health.due(now):
            self._health.write(now, self._beat, **self._record())
            write_cue(self._arena, self._hands.cues.list.state())

    def _end(self, names: set[str]) -> None:
        """End a process that somebody wants to start again, which the supervisor then does."""
        while names:
            name = names.pop()
            log.info("%s is asked to start again", name.replace("_", " "))
            end_child(int(self._records.record(name).get("pid") or 0), self._supervisor)

    def _status(self) -> dict[str, Any]:
        return build({name: self._records.record(name) for name in (*PROCESSES, SPARE)})

    def _hear(self, now: float) -> dict[str, float]:
        """The newest sound features, by address; those of a lost device have eased to zero. The
        beat of Link or, else, of a MIDI clock goes before the one that is heard."""
        frame = self._audio.latest() if self._audio else None
        told = dict(zip(AUDIO_ROWS, map(float, frame.values), strict=True)) if frame else {}
        outside = [source for source in (self._beats, self._midi) if source]
        beat = next((beat for source in outside if (beat := source.beat(now))), None)
        if beat or (outside and not frame):  # routes must hear that a clock has gone
            beat = beat or NO_BEAT
            told |= dict(zip(BEAT_ROWS, (beat.tempo, beat.phase, beat.confidence), strict=True))
        if told:
            count, at = (frame.count, frame.at) if frame else (0.0, now)
            self._hands.audio(told, count, at, now)
        return told

    def _dim(self, values: np.ndarray, now: float, dt: float) -> None:
        """The light that opening hours, and the hand on them, allow."""
        row = self._table.index("/day/open")
        nothing = self._consents.instead(self._hands.scene) is None
        light, over = self._day.step(BY_HAND_CLOSED if nothing else int(values[row]), now, dt)
        values[self._table.index("/state/light")] = light
        if over:
            self._hands.arbiter.forget(row, now)

    def _tell(self, values: np.ndarray, features: dict[str, float]) -> None:
        """What the show says of itself, in the table's read-only rows."""
        stage = self._records.record("stage")
        decks = [self._records.record(f"deck_{letter}") for letter in "ab"]
        told = {
            **features,
            "/state/live_fps": sum(float(deck.get("fps") or 0) for deck in decks),
            "/state/stage_fps": float(stage.get("fps") or 0),
            "/state/picture_age": float(stage.get("picture_age") or 0),
            "/state/watchers": self._panel.watchers if self._panel else 0,
        }
        write(told, self._table, values)

    def _record(self) -> dict[str, Any]:
        return {
            "edition": self._edition.number,
            "osc": status(self._osc),
            "feedback": self._telling.status(),
            "audio": status(self._audio),
            "midi": status(self._midi),
            "link": status(self._beats),
            "announcement": status(self._announcement),
            "panel": status(self._panel),
            "day": self._day.status(),
            "barred": dict(self._consents.barred),
            "strangers": self._strangers.words,
            "cues": self._hands.cues.status(),
            "quit": self._hotkeys.quit,
            "dropped_strokes": self._keys.dropped,
        }

    def _resume(self, left: StateReader) -> None:
        """Go on with what a former desk left in shared memory, if there was one."""
        if left.written_at:
            self._hands.arbiter.restore(left.values, self._clock.now())
            self._hands.cues.restore(read_cue(self._arena))
            looks = (int(left[f"/state/look_{deck}"]) for deck in "ab")
            self._hands.cues.deck_looks = list(looks)
            self._directing.restore(left)

    @property
    def _devices(self) -> list[Any]:
        inputs = (self._osc, self._audio, self._midi, self._beats)
        others = (self._panel, self._announcement, self._keeper, self._consents)
        return [device for device in (*inputs, *others) if device]


def _read_only(table: Table) -> npt.NDArray[np.bool_]:
    return np.array([row.scope is Scope.STATE for row in table])


def main(session: Session, arena: Arena, stop: Stop) -> None:
    """The process's life."""
    Desk(session, arena, MonotonicClock()).run(stop)
