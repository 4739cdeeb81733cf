"""The one generator that a deck holds: loaded, kept ready, and replaced where it cannot be had."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

from installation.clock import Clock
from installation.decks.loading import load
from installation.decks.relief import Answer, Relief, Trouble, exit_code, give_back, trouble
from installation.decks.upgrade import Upgrade
from installation.errors import ConsentError, ModelError
from installation.generators.protocol import Generator
from installation.generators.test_card import TestCard
from installation.show.diff import network
from installation.show.schema import Scene, Show

log = logging.getLogger("deck")


class Holding:
    """`model` names what is held, `error` says why it is not what was wanted.

    `loading` is called before a load, which may take long. `folder` is where show.yaml is. Nobody
    else may hold the generator when another is asked for: two at once may be more than the memory
    holds."""

    def __init__(self, folder: Path, clock: Clock, loading: Callable[[], None]) -> None:
        self._folder, self._clock, self._loading = folder, clock, loading
        self._relief = Relief()
        self._network: object = None  # what the generator was made from
        self.generator: Generator | None = None
        self.model, self.error = "", ""
        self.upgrade = Upgrade()

    @property
    def stands_in(self) -> bool:
        """Whether the test card is held in the place of a model that cannot be had."""
        return isinstance(self.generator, TestCard) and bool(self.error)

    def is_for(self, show: Show, scene: Scene) -> bool:
        """Whether a scene's network is the one that was last asked for."""
        return network(show, scene) == self._network

    def take(self, show: Show, scene: Scene) -> Generator | None:
        """The generator of a scene, the held one if it is that; None when the person in the model
        does not agree."""
        if self.is_for(show, scene) and self.generator and not self.error:
            return self.generator
        return self._load(show, scene)

    def keep_ready(self, show: Show, scene: Scene | None) -> None:
        """Have the generator of a scene that may be wanted next; None: have none."""
        if scene is None:
            self.generator, self.model, self._network = None, "", None
            self.upgrade.end()
        elif not self.is_for(show, scene):
            log.info("%s is loaded ahead", scene.model)
            self._load(show, scene)

    def relieve(self, show: Show, scene: Scene, error: Exception) -> bool:
        """After `error`: whether another generator is held, or the same should be tried once more.

        Out of memory it is the same first, then a smaller model. Raises what neither could help."""
        answer = self._relief.answer(error, self._clock.now())
        smaller = show.decks.smaller.get(self.model)
        if answer is Answer.END or (answer is Answer.SMALLER and not smaller):
            if code := exit_code(error):
                log.critical("the graphics card is lost: %s", error)
                sys.exit(code)
            raise error
        log.error("memory is short: %s", error)
        if answer is Answer.SMALLER and smaller:
            if self.generator:
                self.generator.close()
            self._load(show, scene, smaller)
        give_back()
        return answer is Answer.SMALLER

    def _load(self, show: Show, scene: Scene, smaller: str = "") -> Generator | None:
        """Make the model of a scene, or a smaller one in its place, the one that is held."""
        self.generator = None
        self.upgrade.end()
        self._loading()
        self.model = smaller or scene.model
        try:
            self.generator = self._made(show, self.model)
        except Exception as error:
            spare = show.decks.smaller.get(self.model)
            if trouble(error) is not Trouble.MEMORY or not spare or smaller:
                raise
            log.error("memory is short: %s", error)
            give_back()
            return self._load(show, scene, spare)
        if smaller:
            self.error = f"memory is short: {smaller} plays in the place of {scene.model}"
        self._network = network(show, scene)
        return self.generator

    def _made(self, show: Show, model: str) -> Generator | None:
        """The model's generator; the test card, with the reason told, when it cannot be had."""
        begun, self.error, decks = self._clock.now(), "", show.decks
        try:
            wanted = show.source(model)
            generator = load(wanted, self._folder, decks.backend, providers=decks.providers)
        except ConsentError as error:
            self.error = str(error)
            log.error("%s", error)
            return None
        except ModelError as error:
            self.error = str(error)
            log.error("%s; the test card stands in for it", error)
            return TestCard(256, 256)
        seconds = self._clock.now() - begun
        told = generator.name, generator.backend, generator.why or "there is no other", seconds
        log.info("%s plays on %s (%s), %.2f s", *told)
        if isinstance(wanted, str):
            self.upgrade.begin(generator.name, self._folder / wanted, decks.backend)
        return generator
