"""What a scene is played by on a deck: its walk from where it stands, its edits, its fence."""

from collections.abc import Callable
from pathlib import Path

from installation.control.easing import EASINGS
from installation.decks.beginning import Beginning
from installation.decks.editing import Editing, prepared
from installation.decks.fencing import fence_or_none
from installation.decks.orders import Errand, Order, OrderReader, loop, walk_for
from installation.decks.player import Player, Travel, steering
from installation.decks.recorder import Doing
from installation.decks.unfailing import Unfailing
from installation.decks.variants import Variants
from installation.generators.anatomy import parts
from installation.generators.protocol import Generator
from installation.latent import walks
from installation.show.following import Following


class Scenes:
    """The scenes of the show that is followed, by their place in it. `folder` is show.yaml's.

    `loading` is called before what may take long. `editing` is what is done to each
    place of the scene that was prepared last."""

    def __init__(
        self,
        following: Following,
        folder: Path,
        orders: OrderReader,
        beginning: Beginning,
        loading: Callable[[], None],
    ) -> None:
        self._following, self._folder = following, folder
        self._orders, self._beginning, self._loading = orders, beginning, loading
        self._obeyed = 0  # the order that the walk comes from
        self._errand = False  # whether it goes that order's journeys
        self._walk: Unfailing | None = None
        self.editing: Editing | None = None

    def player(self, scene: int, generator: Generator, place: walks.State | None = None) -> Player:
        """A player of the scene, from `place` on; None: from where it was last seen."""
        if place is None:
            place = self._beginning.place(scene, self._name(scene))
        player = Player(generator, self._made_walk(scene, generator), place)
        self.prepare(scene, player)
        self._settle(player)
        return player

    def travel(self, scene: int, player: Player) -> None:
        """A walk of the model that plays: from here, through latent space, to where it is."""
        player.walk = self._made_walk(scene, player.generator)
        if player.z is None:
            return
        state, styles = self._following.state, player.generator.styles
        easing = list(EASINGS)[int(state["/state/easing"])]
        player.travel = Travel(player.z, state["/state/fade"], easing, styles, self._errand)

    def obey(self, scene: int, player: Player) -> None:
        """New journeys in the middle of a scene, or another place to mix in."""
        if self._orders.order.number != self._obeyed:
            self.travel(scene, player)
        self.prepare(scene, player)

    def prepare(self, scene: int, player: Player) -> None:
        """The scene's edits and its fence, for the player's generator."""
        edition, generator = self._following.edition, player.generator
        told, mix = edition.show.scenes[self._name(scene)], self._orders.order.mix
        self.editing = prepared(told, generator, edition.table, self._folder, mix)
        player.fence = fence_or_none(told, generator, self._folder, player.z)

    def doing(self, player: Player) -> Doing:
        """What of the walk and the edits is not in a record of the picture."""
        doing = Doing.TRAVEL if player.travel else Doing.NONE
        doing |= Doing.FENCED if player.fence else Doing.NONE
        mixed = self._orders.order.mix is not None and self._following.state["/style/mix"] > 0
        if mixed or self._errand:
            doing |= Doing.ORDERED
        return doing | Doing.FAILING if self._walk and self._walk.failing else doing

    @property
    def error(self) -> str:
        """What is wrong with the walk; empty when nothing is."""
        return self._walk.error if self._walk else ""

    def _settle(self, player: Player) -> None:
        """Have the graph ready that the scene's edits need: nobody sees this player yet."""
        generator, state = player.generator, self._following.state
        if self.editing is None or not isinstance(generator, Variants):
            return
        controls = steering(state)
        edit = self.editing.edit(state.values, player.place, controls)
        if parts(edit):
            self._loading()
            _, place = player.walk.step(player.place, controls, 0.0)
            generator.settle(place, state["/style/psi"], edit)

    def _name(self, scene: int) -> str:
        return list(self._following.edition.show.scenes)[scene]

    def _made_walk(self, scene: int, generator: Generator) -> walks.Walk:
        """The journeys that were ordered for a scene, or its own walk; neither can end the deck."""
        self._orders.refresh()
        self._obeyed, name = self._orders.order.number, self._name(scene)
        order = self._orders.order if self._orders.order.scene == name else Order()
        told = self._following.edition.show.scenes[name]
        walk = walk_for(order, told, generator, self._folder)
        self._errand = isinstance(walk, Errand)
        self._walk = Unfailing(walk, lambda: loop(told, generator), generator.styles)
        return self._walk
