from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.stage.looks import JUMP, Change, Looks, Seen

LOOKS = [["a"], ["b"], ["a"], ["c", "a"], []]
DT = 1 / 30
places = st.one_of(st.none(), st.integers(0, len(LOOKS) - 1))


def shares(seen: Seen, crossfade: float) -> dict[tuple[str, ...], float]:
    """How much of the light each chain of passes finishes, as the renderer does it."""
    found: dict[tuple[str, ...], float] = {}
    parts = [(seen.look, 1.0)]
    if seen.look_b is not None:
        parts = [(seen.look, 1.0 - crossfade), (seen.look_b, crossfade)]
    elif seen.look_from is not None:
        parts = [(seen.look, seen.turn), (seen.look_from, 1.0 - seen.turn)]
    for place, share in parts:
        chain = tuple(LOOKS[place])
        found[chain] = found.get(chain, 0.0) + share
    return found


@given(st.lists(st.tuples(places, places, st.sampled_from([0.0, 0.3, 1.0])), max_size=25))
def test_no_look_comes_or_goes_at_once_without_a_dissolve(stretches):
    looks, crossfade, before = Looks(LOOKS), 0.0, None
    for a, b, goal in stretches:
        for _ in range(12):
            crossfade += min(max(goal - crossfade, -0.1), 0.1)
            crossfade = round(crossfade, 6)
            seen = looks.step((a, b), crossfade, Change(2.0), DT)
            now = shares(seen, crossfade)
            assert sum(now.values()) == pytest.approx(1.0)
            if before is not None and not seen.jumps:
                for chain in before.keys() | now.keys():
                    assert abs(before.get(chain, 0.0) - now.get(chain, 0.0)) <= JUMP
            before = now


def turned(easing: str = "smooth", held: bool = False) -> list[float]:
    looks = Looks(LOOKS)
    looks.step((0, None), 0.0, Change(1.0), DT)
    change = Change(1.0, easing, held)  # type: ignore[arg-type]
    return [looks.step((1, None), 0.0, change, DT).turn for _ in range(32)]


def test_a_turn_takes_its_time_and_its_easing():
    smooth, linear = turned(), turned("linear")
    assert smooth[-1] == linear[-1] == 1.0
    assert linear[15] == pytest.approx(0.5, abs=0.02)
    assert smooth[7] < linear[7] < smooth[23]
    assert all(a <= b for a, b in pairwise(smooth))


def test_a_held_turn_stands_still():
    assert set(turned(held=True)) == {0.0}


def test_two_scenes_of_one_look_have_nothing_to_turn():
    looks = Looks(LOOKS)
    looks.step((0, None), 0.0, Change(2.0), DT)
    assert looks.step((2, None), 0.0, Change(2.0), DT) == Seen(2)


def test_a_cut_is_a_cut():
    looks = Looks(LOOKS)
    looks.step((0, None), 0.0, Change(0.0), DT)
    looks.step((1, None), 0.0, Change(0.0), DT)
    seen = looks.step((1, None), 0.0, Change(0.0), DT)
    assert (seen.look_from, seen.jumps) == (None, False)
