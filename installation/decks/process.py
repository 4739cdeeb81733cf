"""A deck: the process that owns one generator and paints its pictures into shared memory.

Which scene it plays stands in the control state; -1 lets it sleep. It imports no GL and opens no
window. A fault in the network ends this process and nothing else: the stage keeps the last
picture, the supervisor starts another deck, and that one goes on from the place in the last header.
"""

import logging
import os
import sys
from pathlib import Path

from installation.child import Stop
from installation.clock import Clock, MonotonicClock
from installation.control.easing import EASINGS
from installation.control.state import StateReader
from installation.decks.editing import Editing, prepared
from installation.decks.fencing import fence_or_none
from installation.decks.loading import load
from installation.decks.orders import Errand, Order, OrderReader, walk_for
from installation.decks.player import Player, Travel, steering
from installation.decks.recorder import Doing, Recorder
from installation.decks.relief import Answer, Relief, Trouble, exit_code, give_back, trouble
from installation.errors import ConsentError, ModelError
from installation.frames.header import Flag, Header
from installation.frames.ring import RingReader, RingWriter
from installation.generators.protocol import Generator
from installation.generators.test_card import TestCard
from installation.health import HealthWriter
from installation.latent import walks
from installation.memory import Arena
from installation.rate import Pacer, Rate
from installation.session import Session
from installation.show.diff import moved, network
from installation.show.following import Following
from installation.show.schema import Scene, Show
from installation.show.shared import places

ASLEEP, LEAVING = -1, -2  # as in desk.director
NAP = 0.05  # seconds between two looks of a sleeping deck: a wake-up nobody can see

log = logging.getLogger("deck")


class Deck:
    """The loop of one deck, `letter` a or b."""

    def __init__(self, letter: str, session: Session, arena: Arena, clock: Clock) -> None:
        self._letter, self._clock = letter, clock
        self._folder = Path(session.show_folder)
        self._following = Following(arena)
        self._flight = arena.section(f"flight_{letter}")
        self._recorder = self._made_recorder()
        self._orders = OrderReader(arena.section("orders"))
        self._ring = RingWriter(arena.section(f"ring_{letter}"))
        self._last = None if session.safe else RingReader(arena.section(f"ring_{letter}")).newest()
        self._other = RingReader(arena.section(f"ring_{'b' if letter == 'a' else 'a'}"))
        self._beside = None if session.safe else self._other.newest()
        self._saved = {} if session.safe else places(arena)
        self._health = HealthWriter(arena, f"deck_{letter}", os.getpid())
        self._pacer = Pacer(self._show.decks.rate, clock)
        self._rate = Rate(clock)
        self._scene, self._obeyed = ASLEEP, 0
        self._editing: Editing | None = None
        self._player: Player | None = None
        self._generator: Generator | None = (
            None  # of `_network`; a sleeping deck may keep one ready
        )
        self._model = ""
        self._network: object = None  # what the generator was made from
        self._beat, self._error = 0, ""
        self._relief = Relief()
        self._then = clock.now()

    def run(self, stop: Stop) -> None:
        """Play until told to stop."""
        while not stop:
            if former := self._following.step():
                self._follow(former.show)
            scene = int(self._state[f"/state/deck_{self._letter}"])
            if scene != self._scene:
                self._take(scene)
            elif self._orders.refresh():
                self._obey()
            self._paint() if self._player else self._rest()
            self._beat += 1
            self._report()

    def _rest(self) -> None:
        """Sleep a little; keep the model ready that the next cue will ask this deck for."""
        scene = int(self._state["/state/standby"])
        wanted = self._scenes[scene] if scene >= 0 else None
        if wanted and network(self._show, wanted) != self._network:
            log.info("%s is loaded ahead", wanted.model)
            self._load(wanted)
        elif not wanted:
            self._generator, self._model, self._network = None, "", None
        self._clock.sleep(NAP)

    @property
    def _show(self) -> Show:
        return self._following.edition.show

    @property
    def _scenes(self) -> list[Scene]:
        return list(self._show.scenes.values())

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
        place = moved(former, self._show)[self._scene]
        before = list(former.scenes.values())[self._scene]
        after = self._scenes[place] if place >= 0 else None
        self._scene = place
        if after is None or network(former, before) != network(self._show, after):
            self._scene = LEAVING
        elif self._player and before != after:
            self._player = self._travel(self._player, place)
        self._editing = None  # its rows are of the former table
        if self._player and self._scene >= 0:
            self._prepare_edits(self._player)

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
        edit = self._editing.edit(self._state.values) if self._editing else None
        controls, psi = steering(self._state), self._state["/style/psi"]
        place, values = self._player.place, self._state.values
        self._recorder.begin(begun, self._scene, self._doing(self._player), dt, place, values)
        try:
            good = self._player.draw(controls, psi, dt, out, edit)
        except Exception as error:
            return self._relieve(self._player, error)
        self._recorder.end(out, good)
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
        doing = Doing.TRAVEL if player.travel else Doing.NONE
        mixed = self._orders.order.mix is not None and self._state["/style/mix"] > 0
        if mixed or isinstance(player.walk, Errand):
            doing |= Doing.ORDERED
        if self._scene < 0 or self._error or self._scenes[self._scene].model != self._model:
            doing |= Doing.ANOTHER
        return doing

    def _relieve(self, player: Player, error: Exception) -> None:
        """Out of memory: once more, then with a smaller model. Anything else ends this process."""
        answer = self._relief.answer(error, self._clock.now())
        smaller = self._show.decks.smaller.get(self._model)
        if answer is Answer.END or (answer is Answer.SMALLER and not smaller):
            if code := exit_code(error):
                log.critical("the graphics card is lost: %s", error)
                sys.exit(code)
            raise error
        log.error("memory is short: %s", error)
        if answer is Answer.SMALLER and smaller:
            self._generator = self._player = None
            player.generator.close()
            scene = max(self._scene, 0)
            if generator := self._load(self._scenes[scene], smaller):
                self._player = Player(generator, self._walk(scene, generator), player.place)
                self._prepare_edits(self._player)
        give_back()

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

    def _take(self, scene: int) -> None:
        """Play another scene, or sleep. A scene of the same model travels on from where it is."""
        if scene == LEAVING and self._player:
            self._scene = scene
            return
        if scene < 0:
            self._scene, self._player = scene, None
            return
        wanted = self._scenes[scene]
        same = network(self._show, wanted) == self._network
        if self._player and same:
            player = self._travel(self._player, scene)
        else:
            kept = self._generator if same and not self._error else None
            generator = kept or self._load(wanted)
            if generator is None:
                self._scene = scene
                return
            place = self._place_on_wall(scene)
            player = Player(generator, self._walk(scene, generator), place)
        self._scene, self._player = scene, player
        self._prepare_edits(player)
        self._then = self._clock.now()

    def _travel(self, player: Player, scene: int) -> Player:
        """A walk of the model that plays: from here, through latent space, to where it is."""
        player.walk = walk = self._walk(scene, player.generator)
        if player.z is not None:
            easing = list(EASINGS)[int(self._state["/state/easing"])]
            styles, fade = player.generator.styles, self._state["/state/fade"]
            waits = isinstance(walk, Errand)
            player.travel = Travel(player.z, fade, easing, styles, waits)
        return player

    def _obey(self) -> None:
        """New journeys in the middle of a scene, or another place to mix in."""
        if not self._player or self._scene < 0:
            return
        if self._orders.order.number != self._obeyed:
            self._travel(self._player, self._scene)
        self._prepare_edits(self._player)

    def _prepare_edits(self, player: Player) -> None:
        scene, table = self._scenes[self._scene], self._following.edition.table
        order = self._orders.order
        self._editing = prepared(scene, player.generator, table, self._folder, order.mix)
        player.fence = fence_or_none(scene, player.generator, self._folder, player.z)

    def _walk(self, scene: int, generator: Generator) -> walks.Walk:
        """The journeys that were ordered for a scene, or its own walk."""
        self._orders.refresh()
        self._obeyed, name = self._orders.order.number, list(self._show.scenes)[scene]
        order = self._orders.order if self._orders.order.scene == name else Order()
        return walk_for(order, self._scenes[scene], generator, self._folder)

    def _load(self, scene: Scene, smaller: str = "") -> Generator | None:
        """Make the model of a scene, or a smaller one in its place, this deck's; None when the
        person in it does not agree."""
        self._player = self._generator = None  # two at once may be more than the memory holds
        self._say(loading=True)
        self._model = smaller or scene.model
        try:
            self._generator = self._made(self._model)
        except Exception as error:
            spare = self._show.decks.smaller.get(self._model)
            if trouble(error) is not Trouble.MEMORY or not spare or smaller:
                raise
            log.error("memory is short: %s", error)
            give_back()
            return self._load(scene, spare)
        if smaller:
            self._error = f"memory is short: {smaller} plays in the place of {scene.model}"
        self._network = network(self._show, scene)
        return self._generator

    def _made(self, model: str) -> Generator | None:
        """The model's generator; the test card, with the reason told, when it cannot be had."""
        begun, self._error = self._clock.now(), ""
        try:
            decks = self._show.decks
            wanted = self._show.models[model]
            generator = load(wanted, self._folder, decks.backend, providers=decks.providers)
        except ConsentError as error:
            self._error = str(error)
            log.error("%s", error)
            return None
        except ModelError as error:
            self._error = str(error)
            log.error("%s; the test card plays instead", error)
            return TestCard(256, 256)
        seconds = self._clock.now() - begun
        why = "the first that is here" if decks.backend == "auto" else "as show.yaml says"
        log.info("%s plays on %s (%s), %.2f s", generator.name, generator.backend, why, seconds)
        return generator

    def _place_on_wall(self, scene: int) -> walks.State:
        """Where the walk is in the newest picture of this scene, of the other deck or of this one's
        forebear; else where it was when the state was saved."""
        self._beside = self._other.newest() or self._beside
        found = [each[0] for each in (self._last, self._beside) if each and each[0].scene == scene]
        if found:
            return max(found, key=lambda header: header.made_at).walk
        return self._saved.get(list(self._show.scenes)[scene], walks.START)

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
            edition=self._following.edition.number,
            model=self._model,
            standby=self._player is None and self._generator is not None,
            backend=player.generator.backend if player else "",
            frames=player.frames if player else 0,
            total=self._rate.total,
            fps=round(self._rate.per_second(), 1),
            discarded=player.discarded if player else 0,
            error=self._error,
        )


def main(letter: str, session: Session, arena: Arena, stop: Stop) -> None:
    """The process's life."""
    Deck(letter, session, arena, MonotonicClock()).run(stop)
