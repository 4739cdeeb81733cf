"""Which of a deck's two newest pictures is seen, and how much of each: pure arithmetic on times.

A deck as fast as the display is shown as it comes. A slower one is blended from the previous
picture to the newest over the time between pictures: one interval late, and never a guess at
what comes next.
"""

SMOOTHING = 0.15  # share of the newest interval: settles in about 10 pictures
LONGEST = 1.0  # seconds between pictures; a longer gap is a pause, not a rate


class Timeline:
    """The times of one deck's pictures. All times are monotonic seconds."""

    def __init__(self) -> None:
        self.previous_at: float | None = None
        self.newest_at: float | None = None
        self.live_at: float | None = None  # of the newest picture that a deck made
        self.interval = 0.0  # smoothed; 0 until two pictures have come

    def push(self, made_at: float, cut: bool = False, live: bool = True) -> None:
        """A new picture. After a `cut` (another scene or size) the old one is not blended in. One
        that is not `live` is of an idle film.

        One made before the newest (a restarted deck, a scribbled header) is taken as a cut."""
        gap = made_at - self.newest_at if self.newest_at is not None else 0.0
        steady = not cut and 0.0 < gap <= LONGEST
        self.previous_at = self.newest_at if steady else None
        self.newest_at = made_at
        self.live_at = made_at if live else self.live_at
        if steady:
            self.interval += (gap - self.interval) * (SMOOTHING if self.interval else 1.0)

    def weight(self, now: float, present: float) -> float:
        """The newest picture's share, 0 to 1, in a frame that is seen from `now` for `present` s.

        It reaches 1 with the frame in which the next picture is due, so that a deck exactly as
        fast as the display never blends."""
        if self.previous_at is None or self.newest_at is None or self.interval <= present:
            return 1.0
        return min(max((now + present - self.newest_at) / self.interval, 0.0), 1.0)

    def age(self, now: float) -> float:
        """Seconds since the deck made its newest picture; infinite before the first."""
        return max(now - self.live_at, 0.0) if self.live_at is not None else float("inf")

    @property
    def rate(self) -> float:
        """Pictures a second, 0 when unknown."""
        return 1.0 / self.interval if self.interval else 0.0
