"""MIDI clock as a beat: 24 pulses a quarter note (MIDI 1.0). Pure: messages and their times in."""

from collections import deque

import numpy as np

from installation.inputs.tempo import Beat

PULSE, START, CONTINUE = 0xF8, 0xFA, 0xFB
PULSES = 24  # a beat
KEPT = 2 * PULSES  # pulses the line is laid through: 1 ms of jitter is 0.05 % of the tempo
LEAST = PULSES // 4  # pulses before the first beat is told
LOST = 0.5  # seconds without a pulse after which the clock counts as gone; at 30 a minute 83 ms


class MidiClock:
    """The beat of one clock: a straight line through its last pulses."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=KEPT)
        self._count = -1  # the newest pulse's number, from 0 on the beat

    def hear(self, message: int, at: float) -> None:
        """A real-time message that came `at`, monotonic seconds. The first pulse after a start is
        on the beat; a clock that was running before is taken to begin on one."""
        if message in (START, CONTINUE):
            self._times.clear()
            self._count = -1 if message == START else self._count
        elif message == PULSE:
            if self._strays(at):
                self._times.clear()
            self._times.append(at)
            self._count += 1

    def beat(self, now: float) -> Beat | None:
        """The beat at `now`; None without a clock."""
        if len(self._times) < LEAST or now - self._times[-1] > LOST:
            return None
        period, newest = self._line()
        pulse = self._count + (now - newest) / period
        return Beat(60.0 / (PULSES * period), float(pulse / PULSES % 1.0), 1.0)

    def _strays(self, at: float) -> bool:
        """Whether a pulse is so far from where it should be that the tempo is another one."""
        if not self._times:
            return False
        if len(self._times) < LEAST:
            return at - self._times[-1] > LOST
        period, newest = self._line()
        return abs(at - newest - period) > period / 2

    def _line(self) -> tuple[float, float]:
        """Seconds a pulse, and when the newest should have come (least squares)."""
        times = np.array(self._times)
        places = np.arange(1 - len(times), 1)
        slope, newest = np.polyfit(places, times - times[-1], 1)
        return max(float(slope), 1e-4), float(newest + times[-1])
