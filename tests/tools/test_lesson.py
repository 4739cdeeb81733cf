"""What the mapping network is told before it sees a picture."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.paint import PAINTERS, sample
from tools.paint.families.parameters import CAST, order
from tools.training.evaluate import average_style
from tools.training.lesson import known, lesson, refit, size_of, teach

FAMILIES = PAINTERS["families"]
NUMBERS = len(FAMILIES.parameters)


def network() -> Generator:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return Generator(Architecture(NUMBERS, 64, 16, 256, 16, 4, 0.3))


@given(arrays(np.float64, (3, 4), elements=st.floats(-3, 3)))
def test_every_seat_is_taken_and_many_families_are_as_good_as_one(wishes: np.ndarray) -> None:
    seats = order(wishes)
    assert np.allclose(seats.sum(2), 1)
    assert np.allclose(seats[1], order(wishes[1]))


def test_the_facts_of_a_dinner_are_shares() -> None:
    z = sample(FAMILIES, 5, 3)
    facts = FAMILIES.facts(z)
    assert facts.shape == (5, len(CAST) ** 2 + 5 + 4)
    assert ((facts >= 0) & (facts <= 1.0001)).all()
    assert np.allclose(facts[:, -4:].sum(1), 1)


def test_a_network_that_was_told_knows_better_who_sits_where() -> None:
    generator = network()
    ignorant, size = known(generator.mapping, FAMILIES), size_of(generator.mapping, FAMILIES)
    teach(generator.mapping, FAMILIES, steps=100)
    assert known(generator.mapping, FAMILIES) > ignorant + 0.1
    assert size_of(generator.mapping, FAMILIES) == pytest.approx(size, rel=1e-3)


def test_after_the_lesson_it_paints_as_it_did() -> None:
    """Refitted styles: nearer to the old pictures than the same network without them."""
    generator = network()
    before = copy.deepcopy(generator)
    teach(generator.mapping, FAMILIES, steps=40)
    lost = copy.deepcopy(generator)
    refit(generator, before.mapping, FAMILIES)
    z = torch.from_numpy(sample(FAMILIES, 16, 4))

    def drawn(one: Generator) -> torch.Tensor:
        with torch.no_grad():
            return one.synthesis(one.mapping(z, normalise=False))

    wrong = (drawn(generator) - drawn(before)).abs().mean()
    assert wrong < 0.8 * (drawn(lost) - drawn(before)).abs().mean()
    assert torch.isfinite(average_style(generator, 100)).all()


def test_who_knows_or_has_nothing_to_learn_is_left_alone() -> None:
    sea = Generator(Architecture(28, 32, 16, 256, 16, 2, 0.3))
    before = copy.deepcopy(sea.state_dict())
    assert not lesson(sea, PAINTERS["waves"])
    assert all(torch.equal(t, before[name]) for name, t in sea.state_dict().items())
