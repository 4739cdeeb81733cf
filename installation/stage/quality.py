"""What the stage can afford: a ladder of quality with hysteresis, so that a slow or a hot machine
goes on presenting at its rate. Pure.

A step down makes the canvas that looks are drawn on smaller, and passes marked `// spare N` are
left out from step N on. Down takes two seconds; up is tried after a calm minute, and an attempt
that fails doubles the wait for the next, so that the wall never see-saws.
"""

SCALES = (1.0, 0.85, 0.7, 0.5)  # of the canvas each way, the best first
LOWEST = len(SCALES) - 1
LATE = 1.1  # of the budget: longer intervals are too long
EASY = 0.75  # of the budget: work that leaves room for a step up (the area grows by up to 1.5)
DOWN_AFTER = 2.0  # seconds of late frames
UP_AFTER = 60.0  # seconds without
LONGEST_WAIT = 3600.0
TRIAL = 15.0  # seconds in which a step up must prove itself
SMOOTHING = 0.1  # share of the newest interval in the running mean
HITCH = 0.5  # seconds: one longer interval is an accident, not a slow machine


class Quality:
    """The step of the ladder, 0 the best. Times are monotonic seconds.

    `budget` is the longest interval between presents that is good enough."""

    def __init__(self, budget: float) -> None:
        self.level = 0
        self._budget = budget
        self._interval, self._work = 0.0, 0.0
        self._late_since: float | None = None
        self._calm_since: float | None = None
        self._changed_at: float | None = None
        self._raised = False
        self._wait = UP_AFTER

    @property
    def scale(self) -> float:
        """How large the canvas is that looks are drawn on, each way."""
        return SCALES[self.level]

    def step(self, now: float, interval: float, work: float, hot: bool = False) -> int:
        """The level from now on. `interval` is the time between the last two presents, `work` the
        part of it that was not waiting. `hot` spares the machine whatever its rate."""
        if interval > HITCH:
            return self.level
        self._interval = _follow(self._interval, interval)
        self._work = _follow(self._work, work)
        late = hot or self._interval > LATE * self._budget
        self._late_since = (self._late_since or now) if late else None
        calm = not late and self._work < EASY * self._budget
        self._calm_since = (self._calm_since or now) if calm else None
        if late and now - (self._late_since or now) >= DOWN_AFTER:
            self._lower(now)
        elif self._calm_since and now - self._calm_since >= self._wait:
            self._move(now, max(self.level - 1, 0), raised=True)
        return self.level

    def _lower(self, now: float) -> None:
        failed = self._raised and self._changed_at is not None and now - self._changed_at < TRIAL
        self._wait = min(self._wait * 2.0, LONGEST_WAIT) if failed else UP_AFTER
        self._move(now, min(self.level + 1, LOWEST), raised=False)

    def _move(self, now: float, level: int, raised: bool) -> None:
        self._raised = raised and level != self.level
        self.level, self._changed_at = level, now
        self._late_since = self._calm_since = None
        self._interval = min(self._interval, self._budget)  # judge the new level by itself


def _follow(mean: float, value: float) -> float:
    return mean + (value - mean) * (SMOOTHING if mean else 1.0)
