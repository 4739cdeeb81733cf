"""Rows 7 and 8 of the faults: a deck whose memory or graphics card gives out."""

import pytest
import torch

from installation.child import CARD_LOST
from installation.generators.protocol import Generator, Picture
from installation.generators.styles import Edit
from installation.latent.space import Vector
from tests.decks.rehearsal import Stage


class Hungry:
    """A generator that finds no memory so many times."""

    name, backend, width, height = "hungry", "fake", 16, 16
    directions = ()
    why = ""

    def __init__(self, model: Generator, times: int, error: Exception) -> None:
        self._model, self.space, self.times, self._error = model, model.space, times, error

    def styles(self, z: Vector) -> Vector:
        return self._model.styles(z)

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        self.times -= 1
        if self.times >= 0:
            raise self._error
        return self._model.draw(place, psi, out, edit)

    def close(self) -> None:
        self._model.close()


def hungry(stage: Stage, times: int, error: Exception) -> None:
    """Let the deck's playing generator run out of memory from here on."""
    stage.tell({"/state/deck_a": 0})
    assert stage.run(3)
    player = stage.deck._player
    assert player
    player.generator = Hungry(player.generator, times, error)


def test_07_a_card_out_of_memory_is_given_back_and_tried_once_more(stage: Stage):
    hungry(stage, 1, torch.cuda.OutOfMemoryError("CUDA out of memory."))
    before = stage.clock.now()
    assert stage.run(2), "the picture after"
    print(f"row 7: the next picture {stage.clock.now() - before:.2f} s after")
    assert stage.run(30)
    assert stage.record["model"] == "small"


def test_07_a_card_that_stays_full_plays_a_smaller_model(stage: Stage):
    hungry(stage, 99, torch.cuda.OutOfMemoryError("CUDA out of memory."))
    header = stage.run(20)
    assert header
    assert (header.width, header.height) == (24, 24)
    assert stage.record["model"] == "tiny"
    assert "tiny plays in the place of small" in stage.record["error"]


def test_08_a_lost_card_ends_the_process_with_a_word_for_the_supervisor(stage: Stage):
    hungry(stage, 99, RuntimeError("CUDA error: the launch timed out and was terminated"))
    with pytest.raises(SystemExit) as ended:
        stage.run(20)
    assert ended.value.code == CARD_LOST
