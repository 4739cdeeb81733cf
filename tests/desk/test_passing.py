"""Who comes next in a scene of several models, and when."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.desk.passing import Passing
from installation.show.schema import Passing as Plan

orders = st.sampled_from(["forward", "pingpong", "random"])


def passed(passing: Passing, turns: int, may: list[bool]) -> list[int]:
    seen = [passing.member]
    for _ in range(turns):
        passing.go_on(may)
        seen.append(passing.member)
    return seen


@pytest.mark.parametrize(
    ("order", "expected"),
    [("forward", [0, 1, 2, 3, 0, 1, 2, 3]), ("pingpong", [0, 1, 2, 3, 2, 1, 0, 1])],
)
def test_the_order_is_kept(order: str, expected: list[int]):
    assert passed(Passing(Plan(order=order), 4), 7, [True] * 4) == expected  # pyright: ignore


@given(orders, st.integers(1, 9), st.integers(0, 99), st.data())
def test_nobody_comes_who_may_not_and_nobody_twice_in_a_row(order, count, seed, data):
    may = data.draw(st.lists(st.booleans(), min_size=count, max_size=count).filter(any))
    passing = Passing(Plan(order=order, seed=seed), count)
    passing.step(False, 0.0, may)
    seen = passed(passing, 4 * count, may)
    assert all(may[member] for member in seen)
    assert set(seen) == {member for member in range(count) if may[member]}
    if sum(may) > 1:
        assert all(a != b for a, b in pairwise(seen))
    else:
        assert len(set(seen)) == 1


@given(st.integers(2, 9), st.integers(0, 99))
def test_chance_leaves_nobody_out_and_is_found_again(count: int, seed: int):
    ways = [passed(Passing(Plan(order="random", seed=seed), count), 30, [True] * count)] * 2
    assert ways[0] == ways[1]
    assert set(ways[0][: 2 * count]) == set(range(count))


def test_a_turn_counts_only_while_somebody_stands_alone():
    passing, both = Passing(Plan(each=2.0), 2), [True, True]
    for _ in range(50):
        assert passing.step(False, 0.1, both) == 0
    stood = [passing.step(True, 0.1, both) for _ in range(19)]
    assert stood == [0] * 19
    assert passing.next(both) == 1
    assert passing.step(True, 0.11, both) == 1
    assert passing.step(True, 1.0, both) == 1


def test_who_may_not_stay_leaves_at_once():
    passing = Passing(Plan(each=60.0), 3)
    assert passing.step(True, 0.0, [False, False, True]) == 2
    assert passing.step(True, 0.0, [False, False, False]) == 2  # the scene itself is barred then


@given(orders, st.integers(1, 9), st.data())
def test_a_desk_that_begins_anew_goes_on_with_who_is_there(order, count, data):
    member = data.draw(st.integers(0, count - 1))
    passing = Passing(Plan(order=order, seed=3), count)
    passing.restore(member)
    assert passing.member == member
