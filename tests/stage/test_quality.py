from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from installation.stage.quality import LOWEST, SCALES, UP_AFTER, Quality

BUDGET = 1 / 30


class Machine:
    """Draws a full canvas in `cost` seconds, a smaller one in proportion to its area."""

    def __init__(self, cost: float, seen: float = 1.0) -> None:
        self.quality, self.cost, self.now, self.hot = Quality(BUDGET), cost, 100.0, False
        self.seen = seen  # share of the work that is noticed: a graphics card's is not
        self.changes: list[tuple[float, int]] = []

    def run(self, seconds: float) -> int:
        end = self.now + seconds
        while self.now < end:
            work = self.cost * SCALES[self.quality.level] ** 2
            interval = max(work, 1 / 60)
            self.now += interval
            before = self.quality.level
            if self.quality.step(self.now, interval, work * self.seen, self.hot) != before:
                self.changes.append((self.now, self.quality.level))
        return self.quality.level


def test_a_machine_that_keeps_up_is_left_alone():
    machine = Machine(0.03)
    assert machine.run(600) == 0
    assert machine.changes == []


def test_a_slow_machine_steps_down_within_three_seconds():
    machine = Machine(0.02)
    machine.run(30)
    machine.cost = 0.044
    begun = machine.now
    machine.run(30)
    assert machine.changes[0][0] - begun < 3.0
    assert machine.quality.level == 1


def test_much_too_slow_goes_to_the_bottom_and_no_further():
    machine = Machine(1.0)
    machine.cost = 0.4
    assert machine.run(30) == LOWEST
    assert machine.changes[-1][0] < 100 + 4 * 3.0


def test_quality_comes_back_after_a_calm_minute():
    machine = Machine(0.06)
    machine.run(20)
    low = machine.quality.level
    machine.cost = 0.01
    begun = machine.now
    assert machine.run(UP_AFTER - 5) == low
    assert machine.run(UP_AFTER * (low + 1)) == 0
    assert [level for _, level in machine.changes][-low:] == list(range(low - 1, -1, -1))
    assert machine.changes[-low][0] - begun >= UP_AFTER


def test_a_machine_between_two_steps_does_not_see_saw():
    machine = Machine(0.040, seen=0.2)  # late at the full canvas, and nobody sees why
    machine.run(8 * 3600)
    gaps = [b[0] - a[0] for a, b in pairwise(machine.changes)]
    assert 4 < len(machine.changes) < 30
    assert max(gaps[-2:]) > 10 * UP_AFTER


def test_a_hot_machine_is_spared_and_recovers():
    machine = Machine(0.01)
    machine.hot = True
    assert machine.run(10) == LOWEST
    machine.hot = False
    assert machine.run(UP_AFTER - 5) == LOWEST
    assert machine.run(4 * UP_AFTER) == 0


def test_a_hitch_is_no_slow_machine():
    quality = Quality(BUDGET)
    for second in range(100):
        quality.step(second * 3.0, 2.5 if second % 2 else 1 / 60, 0.01)
    assert quality.level == 0


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans()), max_size=300))
def test_the_level_stays_on_the_ladder_and_moves_by_one(frames: list[tuple[float, float, bool]]):
    quality, now, levels = Quality(BUDGET), 0.0, [0]
    for interval, work, hot in frames:
        now += interval
        levels.append(quality.step(now, interval, work, hot))
    assert all(0 <= level <= LOWEST for level in levels)
    assert all(abs(b - a) <= 1 for a, b in pairwise(levels))
