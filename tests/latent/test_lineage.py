"""Children of two parents: whose layers are whose, and that nothing leaps."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.decks.loading import load
from installation.generators.card import load_card
from installation.latent.kinds import make
from installation.latent.lineage import COARSE, PASSES, Lineage
from installation.latent.space import Space, Vector
from installation.latent.walks import START, Plan, State, Steering
from installation.session import ROOT
from installation.show.walk import Walk

STILL = Steering(push=(0.0, 0.0))
NAMES = ["room", "cloth", *(f"{seat}_{way}" for seat in ("first", "second") for way in "abc")]
TABLE = Space(32, len(NAMES), (), {name: place for place, name in enumerate(NAMES)})
LAYERS = 10


def plainly(z: Vector) -> Vector:
    """Styles that are z itself, in every layer: whose layer it is can be read off."""
    return np.tile(z, (LAYERS, 1))


def lineage(seed: int = 5, generation: float = 20.0) -> Lineage:
    plan = Plan("families", 90.0, 1.0, seed, lineage=generation)
    walk = make(plan, TABLE, plainly)
    assert isinstance(walk, Lineage)
    return walk


def at(part: float, count: int, turns: float = 0.3) -> State:
    return (part, float(count), *[turns] * 3, *START[5:])


def rest(place: Vector) -> tuple[Vector, Vector]:
    """What a child's coarse and fine layers say of the room and the cloth."""
    assert (place[:COARSE] == place[0]).all()
    assert (place[COARSE:] == place[-1]).all()
    return place[0, :2], place[-1, :2]


def test_a_child_has_its_form_from_one_parent_and_its_surface_from_the_next():
    walk = lineage()
    born = [rest(walk.step(at(0.0, count), STILL, 0.0)[1]) for count in range(6)]
    for (coarse, fine), (heir, other) in pairwise(born):
        assert heir == pytest.approx(fine)  # who gave the surface gives the next one's form
        assert np.abs(fine - coarse).max() > 1e-3
        assert np.abs(other - fine).max() > 1e-3


def test_form_passes_first_then_surface():
    walk = lineage()
    begin, end = (rest(walk.step(at(part, 3), STILL, 0.0)[1]) for part in (0.0, PASSES[1][0]))
    assert begin[1] == pytest.approx(end[1])
    assert np.abs(begin[0] - end[0]).max() > 1e-3
    late, over = (rest(walk.step(at(part, 3), STILL, 0.0)[1]) for part in (PASSES[0][1], 0.99))
    assert late[0] == pytest.approx(over[0])
    assert np.abs(late[1] - over[1]).max() > 1e-3


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 4095), st.floats(1e-5, 1e-3))
def test_it_moves_without_a_leap_also_from_one_generation_to_the_next(part, count, dt):
    walk = lineage(generation=4.0)
    here, there = (walk.step(at(part, count), STILL, step)[1] for step in (0.0, dt))
    assert np.linalg.norm(there - here) <= 60 * dt


def test_the_figures_live_on_while_the_layers_stay():
    walk, state = lineage(generation=1e6), START
    places = []
    for _ in range(200):
        state, place = walk.step(state, STILL, 0.1)
        places.append(place[0])
    moved = np.ptp(places, axis=0)
    assert moved[2:8].min() > 0.1


def test_lineage_is_asked_of_families_alone():
    assert Walk(kind="families", lineage="20s").lineage == 20.0  # pyright: ignore
    with pytest.raises(ValueError, match="lineage is of a walk of kind families"):
        Walk(kind="faces", lineage=20.0)


def test_the_largest_step_on_the_shipped_family_is_under_four_times_the_median():
    family = ROOT / "models" / "families"
    generator = load(str(family), ROOT)
    plan = Plan("families", 240.0, 0.9, 5, lineage=12.0)
    walk, state = make(plan, load_card(family).space(), generator.styles), START
    out = np.zeros((generator.height, generator.width, 4), np.uint8)
    pictures = []
    for _ in range(150):  # ten seconds: from one child nearly to the next
        state, place = walk.step(state, STILL, 1 / 15)
        assert generator.draw(place, 1.0, out)
        pictures.append(out[..., :3].astype(np.int16))
    generator.close()
    steps = np.abs(np.diff(pictures, axis=0)).mean((1, 2, 3))
    print(f"largest over median step: {steps.max() / np.median(steps):.2f}")
    assert steps.max() < 4 * np.median(steps)
