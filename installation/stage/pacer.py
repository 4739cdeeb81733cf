"""When the next frame is due: the display says so, or a clock does where no display can."""

from installation.clock import Clock
from installation.rate import Pacer

RATE = 60.0  # presents a second without a display that paces
TRIAL = 30  # presents after which the display's pace is judged
HASTE = 0.7  # share of a display's period; faster on average, and it does not pace at all


class DisplayPacer:
    """Waits between frames, if the display's own `flip` does not."""

    def __init__(self, clock: Clock, rate: float = RATE, vsync: bool = False) -> None:
        self._clock, self._rate = clock, rate
        self._by_clock = Pacer(rate, clock)
        self._began = clock.now()
        self._presents = 0
        self.vsync = vsync  # whether the display is trusted to pace

    def wait(self) -> None:
        """Return when the next frame should be drawn."""
        if self.vsync:
            self._judge()
        else:
            self._by_clock.wait()

    def _judge(self) -> None:
        """Some drivers take the wish for vsync and ignore it: then pace by the clock."""
        self._presents += 1
        if self._presents < TRIAL:
            return
        now = self._clock.now()
        self.vsync = now - self._began >= HASTE * TRIAL / self._rate
        self._by_clock = Pacer(self._rate, self._clock)
        self._began, self._presents = now, 0
