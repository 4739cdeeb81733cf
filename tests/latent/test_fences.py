"""A fenced walk never enters a ban, never leaves its regions, and never leaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.errors import PlaceError
from installation.latent.fences import CATCH_UP, Fence, Region
from installation.latent.kinds import make
from installation.latent.space import Space, unit
from installation.latent.walks import START, Plan, Steering

SPACES = {"all": Space(z_dim=24), "few": Space(z_dim=64, used=12)}
DT = 1 / 30
seeds = st.integers(0, 2**32 - 1)
spaces = st.sampled_from(list(SPACES.values()))


def walk(space: Space, seed: int, count: int = 150) -> list[np.ndarray]:
    ours = make(Plan("loop", period=5.0, seed=seed, axes=()), space)
    places, at = [], START
    for _ in range(count):
        at, z = ours.step(at, Steering(), DT)
        places.append(z)
    return places


def kept(fence: Fence, places: list[np.ndarray]) -> list[np.ndarray]:
    ours = [fence.keep(z, DT) for z in places]
    for (z, before), (here, there) in zip(
        zip(places[1:], places, strict=False), zip(ours[1:], ours, strict=False), strict=True
    ):
        may = fence.distance(z, before) + CATCH_UP * DT
        assert fence.distance(here, there) <= 2.5 * may + 1e-6
        assert np.sqrt(np.mean(here * here)) == pytest.approx(1.0, abs=1e-6)
    return ours


@settings(max_examples=15)
@given(spaces, seeds, st.floats(0.2, 1.2), st.integers(0, 149))
def test_it_never_enters_a_ban_even_one_on_its_very_way(space, seed, radius, where):
    places = walk(space, seed)
    ban = Region(places[where], radius)
    fence = Fence(space, bans=[ban])
    for z in kept(fence, places):
        assert fence.distance(z, ban.centre) >= radius


@settings(max_examples=15)
@given(spaces, seeds, st.floats(0.3, 1.2), st.lists(seeds, min_size=1, max_size=3))
def test_it_stays_within_its_regions(space, seed, radius, others):
    places = walk(space, seed)
    regions = [Region(walk(space, other, 1)[0], radius) for other in others]
    fence = Fence(space, regions)
    for z in kept(fence, places):
        assert min(fence.distance(z, region.centre) for region in regions) <= radius


@settings(max_examples=10)
@given(spaces, seeds, seeds)
def test_a_ban_inside_a_region_holds_with_it(space, seed, other):
    places = walk(space, seed)
    home = Region(walk(space, other, 1)[0], 1.2)
    ban = Region(places[40], 0.25)
    fence = Fence(space, [home], [ban])
    assert all(fence.fits(z) for z in kept(fence, places))


@settings(max_examples=20)
@given(spaces, seeds)
def test_far_from_every_fence_the_walk_is_as_it_was(space, seed):
    places = walk(space, seed, 60)
    fence = Fence(space, bans=[Region(-places[0], 0.05)])
    for z, ours in zip(places, kept(fence, places), strict=True):
        assert ours == pytest.approx(z)


def test_a_picture_that_is_outside_glides_in():
    space = SPACES["all"]
    places = walk(space, 3)
    home = Region(unit(-places[0]), 0.4)
    fence = Fence(space, [home], start=places[0])
    ours = kept(fence, places)
    assert fence.distance(ours[0], places[0]) < 0.2
    assert fence.fits(ours[-1])


def test_a_fence_that_leaves_no_room_is_told():
    space = SPACES["all"]
    centre = walk(space, 1, 1)[0]
    with pytest.raises(PlaceError, match="no room"):
        Fence(space, [Region(centre, 0.3)], [Region(centre, 0.9)])
