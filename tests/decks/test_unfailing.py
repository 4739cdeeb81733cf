"""Row 34 of the faults: a walk that raises. The picture never leaps, and the deck plays on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.decks.recorder import Doing, whole
from installation.decks.unfailing import Unfailing
from installation.latent import walks
from installation.latent.space import Space, Vector
from installation.latent.walks import START, Closed, Ground, Plan, Steering
from installation.logs import FAULTS, REST
from tests.decks.rehearsal import Stage

DT = 1 / 60


def walk(seed: int) -> Closed:
    return Closed(Ground(Plan(seed=seed), Space(z_dim=24)), 20.0)


class Fragile:
    """A walk that raises whenever it is told to."""

    def __init__(self) -> None:
        self._walk, self.broken = walk(1), False

    def step(self, state: walks.State, steering: Steering, dt: float) -> tuple[walks.State, Vector]:
        if self.broken:
            raise ZeroDivisionError("no way on")
        return self._walk.step(state, steering, dt)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [1000.0]
    monkeypatch.setattr("installation.logs.time.monotonic", lambda: time[0])
    return time


def unfailing(own: walks.Walk) -> Unfailing:
    return Unfailing(own, lambda: walk(2), lambda z: z)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 400)), min_size=1, max_size=8))
def test_whenever_it_raises_the_place_never_leaps(stretches: list[tuple[bool, int]]):
    time = [1000.0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("installation.logs.time.monotonic", lambda: time[0])
        own = Fragile()
        tried, state, before = unfailing(own), START, None
        for broken, frames in stretches:
            own.broken = broken
            for _ in range(frames):
                time[0] += DT
                state, z = tried.step(state, Steering(), DT)
                assert before is None or np.abs(z - before).max() < 0.12
                before = z


def test_a_moments_fault_costs_a_moments_motion(now: list[float]):
    own = Fragile()
    tried = unfailing(own)
    state, z = tried.step(START, Steering(), DT)
    own.broken = True
    for _ in range(FAULTS - 1):
        assert tried.step(state, Steering(), DT) == (state, pytest.approx(z))
    assert tried.error == "the walk fails (ZeroDivisionError: no way on); a loop is walked instead"
    own.broken = False
    state, z = tried.step(state, Steering(), DT)
    assert state == pytest.approx(own.step((DT / 20.0, *START[1:]), Steering(), DT)[0])
    assert tried.error == ""


def test_what_fails_again_and_again_is_left_for_a_minute_and_begun_anew(now: list[float], caplog):
    own = Fragile()
    tried, seen = unfailing(own), []
    state, _ = tried.step((0.5, *START[1:]), Steering(), DT)
    own.broken = True
    for _ in range(600):
        now[0] += DT
        state, z = tried.step(state, Steering(), DT)
        seen.append(z)
    assert np.abs(seen[-1] - seen[-300]).max() > 0.1, "it stands"
    assert state == START
    assert len(caplog.records) < 6
    now[0] += REST
    own.broken = False
    for _ in range(300):
        state, z = tried.step(state, Steering(), DT)
    assert z == pytest.approx(own.step(state, Steering(), 0.0)[1])
    assert state[0] == pytest.approx(300 * DT / 20.0)


def test_34_a_walk_that_raises_ends_no_deck(stage: Stage):
    stage.tell({"/state/deck_a": 0})
    assert stage.run(20)
    fragile = Fragile()
    fragile.broken = True
    assert stage.deck._plays._walk
    stage.deck._plays._walk._walk = fragile
    first, second = stage.run(30), stage.run(60)
    assert first
    assert second
    assert "the walk fails (ZeroDivisionError" in stage.record["error"]
    records = whole(bytes(stage.arena.section("flight_a")))
    failing = (records["flags"] & Doing.FAILING) > 0
    assert failing.sum() == 90, "where the picture was is in no record"
