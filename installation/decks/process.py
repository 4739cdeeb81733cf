"""A deck: the process that owns one generator and paints its pictures into shared memory.

Which scene it plays stands in the control state; -1 lets it sleep. It imports no GL and opens no
window. A fault in the network ends this process and nothing else: the stage keeps the last
picture, the supervisor starts another deck, and that one goes on from the place in the last header.
"""

import os
from pathlib import Path

from installation.child import Stop
from installation.clock import Clock, MonotonicClock
from installation.control.state import StateReader
from installation.decks.beginning import Beginning
from installation.decks.holding import Holding
from installation.decks.orders import OrderReader
from installation.decks.player import Player, steering
from installation.decks.recorder import Doing, Recorder
from installation.decks.scenes import Scenes
from installation.decks.variants import left_out
from installation.frames.header import Flag, Header
from installation.frames.ring import RingWriter
from installation.generators.protocol import Generator
from installation.generators.test_card import TestCard
from installation.health import HealthWriter
from installation.latent import walks
from installation.memory import Arena
from installation.rate import Pacer, Rate
from installation.session import Session
from installation.show.diff import successor
from installation.show.following import Following
from installation.show.schema import Scene, Show

ASLEEP, LEAVING = -1, -2  # as in desk.director
NAP = 0.05  # seconds between two looks of a sleeping deck: a wake-up nobody can see
IN_THE_DARK = 0.5  # seconds between two pictures at night; after one the stage calls them stale


class Deck:
    """The loop of one deck, `letter` a or b."""

    def __init__(self, letter: str, session: Session, arena: Arena, clock: Clock) -> None:
        self._letter, self._clock = letter, clock
        self._following, folder = Following(arena), Path(session.show_folder)
        self._flight = arena.section(f"flight_{letter}")
        self._recorder = self._made_recorder()
        self._orders = OrderReader(arena.section("orders"))
        self._ring = RingWriter(arena.section(f"ring_{letter}"))
        beginning = Beginning(letter, arena, session.safe)
        told = self._following, folder, self._orders, beginning
        self._plays = Scenes(*told, lambda: self._say(loading=True))
        self._holding = Holding(folder, clock, lambda: self._say(loading=True))
        self._health = HealthWriter(arena, f"deck_{letter}", os.getpid())
        self._pacer = Pacer(self._show.decks.rate, clock)
        self._rate = Rate(clock)
        self._scene, self._member = ASLEEP, 0
        self._player: Player | None = None
        self._beat = 0
        self._then = clock.now()

    def run(self, stop: Stop) -> None:
        """Play until told to stop."""
        while not stop:
            if former := self._following.step():
                self._follow(former.show)
            scene = int(self._state[f"/state/deck_{self._letter}"])
            member = int(self._state[f"/state/model_{self._letter}"])
            if (scene, member) != (self._scene, self._member):
                self._take(scene, member)
            elif self._orders.refresh() and self._player and scene >= 0:
                self._plays.obey(scene, self._player)
            if self._player and self._due():
                self._paint()
            elif self._player:
                self._clock.sleep(NAP)
            else:
                self._rest()
            self._beat += 1
            self._report()

    def _due(self) -> bool:
        """Whether to paint: always, but in the dark only so often that the stage stays live."""
        lit = self._state["/state/light"] > 0
        return lit or self._clock.now() - self._then >= IN_THE_DARK

    def _rest(self) -> None:
        """Sleep a little; keep the model ready that the next cue will ask this deck for."""
        scene, member = (int(self._state[f"/state/{row}"]) for row in ("standby", "standby_model"))
        self._holding.keep_ready(self._show, self._part(scene, member) if scene >= 0 else None)
        self._clock.sleep(NAP)

    @property
    def _show(self) -> Show:
        return self._following.edition.show

    def _part(self, scene: int, member: int) -> Scene:
        """A scene as one of its models plays it."""
        told = list(self._show.scenes.values())[scene]
        return told.played(min(member, len(told.cast) - 1))

    @property
    def _state(self) -> StateReader:
        return self._following.state

    def _follow(self, former: Show) -> None:
        """Another edition of the show: the scene that plays may have another place or walk in it.

        With another network it plays on as it is; the desk brings the new one on the other deck."""
        self._pacer = Pacer(self._show.decks.rate, self._clock)
        self._recorder = self._made_recorder()
        if self._scene < 0:
            return
        before = list(former.scenes.values())[self._scene]
        part = successor(former, self._show, (self._scene, self._member))
        self._scene, self._member = part or (LEAVING, 0)
        if self._player and part and before != list(self._show.scenes.values())[part[0]]:
            self._plays.travel(part[0], self._player)
        self._plays.editing = None  # its rows are of the former table
        if self._player and self._scene >= 0:
            self._plays.prepare(self._scene, self._player)

    def _paint(self) -> None:
        """One picture, published, at no more than the deck's rate."""
        assert self._player
        generator, begun = self._player.generator, self._clock.now()
        dt = 0.0 if self._state["/master/freeze"] else begun - self._then
        self._then = begun
        if self._player.travel:
            self._player.travel.held = self._state["/state/fade_held"] > 0.5
        stamps = tuple(self._state.stamps)
        out = self._ring.frame(generator.width, generator.height)
        controls, psi = steering(self._state), self._state["/style/psi"]
        place, values = self._player.place, self._state.values
        editing, part = self._plays.editing, (self._scene, self._member)
        edit = editing.edit(values, place, controls, dt) if editing else None
        self._recorder.begin(begun, part, self._doing(self._player), dt, place, values)
        try:
            good = self._player.draw(controls, psi, dt, out, edit)
        except Exception as error:
            return self._relieve(self._player, error)
        self._recorder.end(out, good, left_out(generator), self._plays.doing(self._player))
        if good:
            made_at = self._clock.now()
            self._ring.publish(self._header(made_at, made_at - begun, stamps))
            self._rate.count()
        self._pacer.wait()

    def _made_recorder(self) -> Recorder:
        edition = self._following.edition
        return Recorder(self._flight, edition.table, edition.number)

    def _doing(self, player: Player) -> Doing:
        """What keeps the next picture from being drawn again from its record alone."""
        doing, holding = self._plays.doing(player), self._holding
        if self._scene < 0 or holding.error:
            return doing | Doing.ANOTHER
        own = self._part(self._scene, self._member).model == holding.model
        return doing if own else doing | Doing.ANOTHER

    def _relieve(self, player: Player, error: Exception) -> None:
        """Out of memory: once more, then with a smaller model. Anything else ends this process."""
        scene = max(self._scene, 0)
        if self._holding.relieve(self._show, self._part(scene, self._member), error):
            self._player = self._new_player(scene, self._holding.generator, player.place)

    def _header(self, made_at: float, cost: float, stamps: tuple[float, ...]) -> Header:
        player = self._player
        assert player
        flags = Flag.TEST_CARD if isinstance(player.generator, TestCard) else Flag.NONE
        size = player.generator.width, player.generator.height
        return Header(
            *size,
            max(self._scene, 0),
            flags,
            self._beat,
            made_at,
            cost,
            stamps,
            player.place,
            self._following.edition.number if self._scene >= 0 else 0,
        )

    def _take(self, scene: int, member: int) -> None:
        """Play another scene, another model of it, or sleep. A scene of the same model travels on
        from where it is."""
        self._scene, self._member = scene, member
        if scene == LEAVING and self._player:
            return
        if scene < 0:
            self._player = None
            return
        wanted = self._part(scene, member)
        if self._player and self._holding.is_for(self._show, wanted):
            self._plays.travel(scene, self._player)
            self._plays.prepare(scene, self._player)
        else:
            self._player = None
            self._player = self._new_player(scene, self._holding.take(self._show, wanted))
        self._then = self._clock.now()

    def _new_player(
        self, scene: int, generator: Generator | None, place: walks.State | None = None
    ) -> Player | None:
        return self._plays.player(scene, generator, place) if generator else None

    def _report(self) -> None:
        if self._health.due(self._clock.now()):
            self._say(loading=False)

    def _say(self, loading: bool) -> None:
        player = self._player
        self._health.write(
            self._clock.now(),
            self._beat,
            loading=loading,
            loaded=player is not None and not loading,
            scene=self._scene,
            member=self._member,
            edition=self._following.edition.number,
            model=self._holding.model,
            standby=player is None and self._holding.generator is not None,
            backend=player.generator.backend if player else "",
            why=player.generator.why if player else "",
            better=self._holding.upgrade.look(),
            frames=player.frames if player else 0,
            total=self._rate.total,
            fps=round(self._rate.per_second(), 1),
            discarded=player.discarded if player else 0,
            stand_in=self._holding.stands_in,
            error=self._holding.error or self._plays.error,
        )


def main(letter: str, session: Session, arena: Arena, stop: Stop) -> None:
    """The process's life."""
    Deck(letter, session, arena, MonotonicClock()).run(stop)
