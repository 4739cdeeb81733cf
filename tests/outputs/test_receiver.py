"""What a receiver is told: everything it does not know, nothing it said itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.outputs.receiver import QUIET, Receiver

ROWS = 4


@pytest.fixture
def receiver() -> Receiver:
    receiver = Receiver(ROWS)
    receiver.wanted[:3] = True
    return receiver


def told(receiver: Receiver, values: list[float], now: float) -> list[int]:
    return receiver.news(np.array(values), now).tolist()


def test_all_that_is_wanted_at_first_then_only_what_changes(receiver: Receiver):
    assert told(receiver, [1, 2, 3, 4], 0.0) == [0, 1, 2]
    assert told(receiver, [1, 2, 3, 5], 0.1) == []
    assert told(receiver, [1, 9, 3, 5], 0.2) == [1]


def test_nobody_is_told_what_he_asked_for(receiver: Receiver):
    told(receiver, [1, 2, 3, 4], 0.0)
    receiver.heard(1, 7.0, 1.0)
    assert told(receiver, [1, 7, 3, 4], 1.0) == []
    assert told(receiver, [1, 7, 3, 4], 1.0 + QUIET) == []


def test_a_hand_is_left_in_peace_while_it_moves_then_told_the_truth(receiver: Receiver):
    """The panel holds the control: the fader is put back once the finger rests."""
    told(receiver, [1, 2, 3, 4], 0.0)
    for step in range(100):
        now = 1.0 + step / 60
        receiver.heard(1, step / 100, now)
        assert told(receiver, [1, 2, 3, 4], now) == []
    assert told(receiver, [1, 2, 3, 4], now + QUIET) == [1]


def test_what_is_forgotten_is_told_again(receiver: Receiver):
    told(receiver, [1, 2, 3, 4], 0.0)
    receiver.forget(slice(0, 2))
    assert told(receiver, [1, 2, 3, 4], 0.1) == [0, 1]


MOVES = st.tuples(st.integers(0, ROWS - 1), st.floats(0, 1), st.booleans())


@given(st.lists(MOVES))
def test_in_the_end_everyone_knows_everything(moves: list[tuple[int, float, bool]]):
    """Whoever moves what, and whether the show obeys or not."""
    receiver, truth, known = Receiver(ROWS), np.zeros(ROWS), np.full(ROWS, np.nan)
    receiver.wanted[:] = True
    for step, (row, value, itself) in enumerate(moves):
        now = step * 0.1
        if itself:
            receiver.heard(row, value, now)
            known[row] = value
        if not itself or value > 0.5:  # a stronger hand holds on against small values
            truth[row] = value
        news = receiver.news(truth, now)
        known[news] = truth[news]
    news = receiver.news(truth, len(moves) + QUIET)
    known[news] = truth[news]
    assert known.tolist() == truth.tolist()
