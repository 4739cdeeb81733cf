"""When the next frame is due: the display says so, or a clock does where no display can."""

from installation.clock import Clock

RATE = 60.0  # presents a second without a display that paces
TRIAL = 30  # presents after which the display's pace is judged
HASTE = 0.7  # share of a display's period; faster on average, and it does not pace at all


class Pacer:
    """Waits between frames. A late frame is skipped, never made up for."""

    def __init__(self, clock: Clock, rate: float = RATE, vsync: bool = False) -> None:
        self._clock = clock
        self.period = 1.0 / rate
        self.vsync = vsync  # whether the display is trusted to pace
        self.late = 0  # frames that missed their time
        self._due = self._began = clock.now()
        self._presents = 0

    def wait(self) -> None:
        """Return when the next frame should be drawn."""
        if self.vsync:
            self._judge()
        else:
            self._sleep()

    def _sleep(self) -> None:
        """Deadlines stand on a grid, so that short sleeps do not add up to a slow show; a frame
        that misses its deadline starts the grid anew."""
        now = self._clock.now()
        self._due += self.period
        if now > self._due:
            self.late += 1
            self._due = now
        else:
            self._clock.sleep(self._due - now)

    def _judge(self) -> None:
        """Some drivers take the wish for vsync and ignore it: then pace by the clock."""
        self._presents += 1
        if self._presents < TRIAL:
            return
        now = self._clock.now()
        self.vsync = now - self._began >= HASTE * TRIAL * self.period
        self._began = self._due = now
        self._presents = 0
