"""The hands on the table: every input's wishes, carried to the arbiter. No sockets, no memory."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from installation.control.arbitration import Arbiter, Hand
from installation.control.conditioning import Conditioning
from installation.control.one_euro import OneEuro
from installation.control.parameters import Parameter, Scope, Table
from installation.control.routes import Path, Routes
from installation.control.state import SOURCES, Stamp
from installation.desk.cue_player import CuePlayer
from installation.desk.standby import Standby
from installation.inputs.hotkeys import Action
from installation.inputs.protocol import Update
from installation.show.routes import Route
from installation.show.schema import Scene, Show

JUMP = "/cue/jump"
REARM = 1.0  # seconds: a jump repeated sooner is the same one (a held channel, 60 times a second)
MAX_ASKED = 512  # wishes of the panel between two ticks; its clients send at most 200 a second each


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish of the panel: a value, or None for a press."""

    address: str
    value: float | None


class Hands:
    """Who wants what. Called by the desk's loop only, but for `ask`, which any thread may call."""

    def __init__(
        self,
        show: Show,
        table: Table,
        wall: Callable[[], datetime] = datetime.now,
        standby: Standby | None = None,
    ) -> None:
        self._table = table
        self.arbiter = Arbiter(table)
        self.cues = CuePlayer(show, table, self.arbiter, wall, standby)
        self.ending: set[str] = set()  # processes that somebody wants to start again
        self.touched = ""  # the control that a hand without a controller has moved last
        self._jumped = -1.0, 0.0  # where to, and when it was last asked for
        self._routes = [_routes(scene, table) for scene in show.scenes.values()]
        self._scene = table.index("/scene")
        self._last_scene = len(show.scenes) - 1
        self._asked: deque[Asked] = deque(maxlen=MAX_ASKED)
        self.stamps = {source: Stamp() for source in SOURCES}

    def take_over(self, former: "Hands", places: Sequence[int]) -> None:
        """Go on from the hands of another edition, whose scenes are at `places` now."""
        self.arbiter.take_over(former.arbiter)
        self.cues.take_over(former.cues, places)
        self.stamps, self._asked, self.touched = former.stamps, former._asked, former.touched
        for routes, place in zip(former._routes, places, strict=True):
            if place >= 0:
                self._routes[place].take_over(routes)

    @property
    def osc_sources(self) -> set[str]:
        """The OSC addresses that some scene's routes listen to."""
        heard = set().union(*(routes.sources for routes in self._routes))
        return {address for address in heard if not address.startswith(("/audio/", "/midi/"))}

    @property
    def scene(self) -> int:
        """The scene that is wanted now."""
        return int(self.arbiter.values[self._scene])

    def ask(self, asked: Asked) -> None:
        """The panel wants something at the next tick."""
        self._asked.append(asked)

    def osc(self, updates: Iterable[Update], now: float) -> None:
        """What arrived by OSC: for controls, and for routes that listen to the same address."""
        for update in updates:
            self._stamp("osc", update.at)
            self._note(update.address, None if update.press else update.value, now)
            self._hear(update, now)

    def midi(self, updates: Iterable[Update], now: float) -> None:
        """What a MIDI controller asks for: its hand is as strong as OSC's."""
        for update in updates:
            self._stamp("midi", update.at)
            self._hear(update, now)

    def audio(self, features: dict[str, float], count: float, at: float, now: float) -> None:
        """The present sound features, by address. `count` stands still once the device is lost,
        while its features ease to zero: the routes must hear that too."""
        if count != self.stamps["audio"].count:
            self.stamps["audio"] = Stamp(count, at)
        self._routes[self.scene].hear(features, now)

    def keys(self, actions: Iterable[Action], now: float) -> None:
        """What the hotkeys ask for."""
        for action in actions:
            self._stamp("keys", action.at)
            pressed = action.kind == "press"
            value = None if pressed else 1.0 - self.wanted(action.address, now)
            self._carry(Hand.KEY, Asked(action.address, value), now)

    def panel(self, now: float) -> None:
        """What the panel has asked since the last tick."""
        while self._asked:
            wish = self._asked.popleft()
            self._note(wish.address, wish.value, now)
            self._carry(Hand.PANEL, wish, now)

    def step(self, now: float, dt: float) -> np.ndarray:
        """The table's values at `now`; a live view."""
        self.cues.step(now, dt)
        before = self.scene
        self._routes[before].step(self.arbiter, now, dt)
        values = self.arbiter.step(now, dt)
        if self.scene != before:
            self._routes[before].let_go(self.arbiter)
        return values

    def wanted(self, address: str, now: float) -> float:
        """What a control is on its way to. Not the value of the last tick: two presses between
        two ticks are two steps."""
        return self.arbiter.wanted(self._table.index(address), now)

    def value(self, address: str) -> float:
        """A control's value as of the last tick."""
        return float(self.arbiter.values[self._table.index(address)])

    def _hear(self, update: Update, now: float) -> None:
        self._routes[self.scene].hear({update.address: update.value}, now)
        if update.address in self._table:
            self._carry(
                Hand.OSC, Asked(update.address, None if update.press else update.value), now
            )

    def _note(self, address: str, value: float | None, now: float) -> None:
        """What a hand touches; a channel that is merely repeated 60 times a second is not."""
        if address in self._table and (value is None or value != self.wanted(address, now)):
            self.touched = address

    def _carry(self, hand: Hand, wish: Asked, now: float) -> None:
        if wish.address not in self._table:  # of a page that was open when the show changed
            return
        index = self._table.index(wish.address)
        if self._table.rows[index].scope is Scope.STATE:
            return
        if wish.value is not None:
            if wish.address == JUMP:
                self._jump(hand, wish.value, now)
            self.arbiter.touch(hand, index, wish.value, now)
            return
        self.arbiter.press(hand, index, now)
        special = _SPECIAL.get(wish.address)
        if special:
            special(self, hand, now)

    def _stamp(self, source: str, at: float) -> None:
        self.stamps[source] = Stamp(self.stamps[source].count + 1, at)

    def _to_scene(self, scene: int, hand: Hand, now: float) -> None:
        """A press is meant: it acts now, even where a stronger hand holds the scene."""
        holder = Hand(int(self.arbiter.holder[self._scene]))
        stronger = max(hand, holder)
        self.arbiter.touch(stronger, self._scene, scene % (self._last_scene + 1), now)

    def _next(self, hand: Hand, now: float) -> None:
        self._to_scene(int(self.wanted("/scene", now)) + 1, hand, now)

    def _previous(self, hand: Hand, now: float) -> None:
        self._to_scene(int(self.wanted("/scene", now)) - 1, hand, now)

    def _safe(self, hand: Hand, now: float) -> None:
        self.cues.stand()
        self.arbiter.reset(now)
        self._to_scene(0, hand, now)

    def _go(self, hand: Hand, now: float) -> None:
        self.cues.go(hand, now)

    def _back(self, hand: Hand, now: float) -> None:
        self.cues.back(hand)

    def _hold(self, hand: Hand, now: float) -> None:
        self.cues.hold(hand)

    def _clear(self, hand: Hand, now: float) -> None:
        self.cues.clear(hand)

    def _end_a(self, hand: Hand, now: float) -> None:
        self.ending.add("deck_a")

    def _end_b(self, hand: Hand, now: float) -> None:
        self.ending.add("deck_b")

    def _jump(self, hand: Hand, value: float, now: float) -> None:
        place, at = self._jumped
        self._jumped = value, now
        if value != place or now - at >= REARM:
            self.cues.jump(hand, round(value))


_SPECIAL: dict[str, Callable[[Hands, Hand, float], None]] = {
    "/scene/next": Hands._next,
    "/scene/previous": Hands._previous,
    "/scene/safe": Hands._safe,
    "/restart/deck_a": Hands._end_a,
    "/restart/deck_b": Hands._end_b,
    "/cue/go": Hands._go,
    "/cue/back": Hands._back,
    "/cue/hold": Hands._hold,
    "/cue/clear": Hands._clear,
}


def _routes(scene: Scene, table: Table) -> Routes:
    """A scene's routes, each easing to its control's default when its source falls silent."""
    return Routes(table, (_path(route, table[f"/{name}"]) for name, route in scene.steer.items()))


def _path(route: Route, row: Parameter) -> Path:
    euro = route.one_euro
    how = Conditioning(
        source=route.span,
        target=route.range or (row.low, row.high),
        curve=route.curve,
        smooth=route.smooth,
        one_euro=OneEuro(euro.cutoff, euro.beta) if euro else None,
        slew=route.slew,
        dead_band=route.dead_band,
        hysteresis=route.hysteresis,
        timeout=route.timeout,
        neutral=row.default,
        mode=route.mode,
        limits=(row.low, row.high),
    )
    return Path(tuple(map(_source, route.sources)), row.address, how, route.merge)


def _source(source: str) -> str:
    """`audio/level` is a row of the table; `osc/wall/x` is the OSC address /wall/x."""
    return f"/{source.removeprefix('osc/')}"
