"""One soak: draws a fault, does it, and watches the record of presents until all is well again."""

import math
import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import Any

import psutil
from pythonosc.udp_client import SimpleUDPClient

from installation.health import SPARE
from installation.presents import Present
from tools.soak.faults import Fault, Status
from tools.soak.growth import SETTLED, Growth, own_memory
from tools.soak.play import CHILDREN, Play
from tools.soak.report import Report, Strike

LOOK = 0.1  # seconds between two looks at the presents
SAMPLE = 5.0  # seconds between two looks at memory, files and threads
PATIENCE = 120.0  # seconds after which a show that is not well again is called lost: a crash loop


class Soak:
    """`every` is the mean time between two faults; the order of `faults` follows from `seed`.

    A process's memory counts from `settle` seconds of its life on."""

    def __init__(
        self,
        play: Play,
        faults: Sequence[Fault],
        seed: int,
        every: float,
        osc: bool = False,
        settle: float = SETTLED,
    ) -> None:
        self._play, self._faults, self._every, self._osc = play, faults, every, osc
        self._chance = random.Random(seed)
        self._bag: list[Fault] = []
        self._report = Report(seed)
        self._growth = {name: Growth(settle) for name in ("supervisor", *CHILDREN, SPARE)}
        self._last: Present | None = None
        self._gap = 0.0
        self._sampled = 0.0
        self._ended = False

    def run(self, seconds: float, say: Callable[[str], None] = lambda line: None) -> Report:
        """Play for so long, from when all is well, and judge."""
        self._until_well(time.monotonic())
        begun = time.monotonic()
        self._report.gaps.clear()  # before the first picture there is none to be missed
        while (left := begun + seconds - time.monotonic()) > 0 and not self._ended:
            pause = self._chance.uniform(0.5, 1.5) * self._every if self._faults else left
            self._watch(min(pause, left))
            if self._faults and pause < left and not self._ended:
                self._strike(self._draw(), say, time.monotonic() - begun)
        return self._finish(time.monotonic() - begun)

    def end(self) -> None:
        """Have `run` judge by what it has seen so far. May be called by a signal."""
        self._ended = True

    def _draw(self) -> Fault:
        """Every fault once, in a new order each time: an hour leaves none out."""
        if not self._bag:
            self._bag = self._chance.sample(self._faults, len(self._faults))
        return self._bag.pop()

    def _strike(self, fault: Fault, say: Callable[[str], None], at: float) -> None:
        self._look()
        self._gap, black = 0.0, self._report.black
        begun = time.monotonic()
        gone = fault.act(self._play, self._play.status(), self._chance)
        back = self._until_well(begun if gone else time.monotonic(), gone)
        if self._ended:
            return  # not judged: nobody waited for what would have come of it
        strike = Strike(fault, at, self._gap, back, self._report.black - black)
        self._report.strikes.append(strike)
        say(f"{at:7.0f} s  {strike}")

    def _watch(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with closing(SimpleUDPClient("127.0.0.1", self._play.osc)) as client:
            while (now := time.monotonic()) < end and not self._ended:
                if self._osc:
                    client.send_message("/walk/speed", 1.0 + 0.5 * math.sin(now))
                self._look()
                if now >= self._sampled + SAMPLE:
                    self._sampled = now
                    self._sample(now)
                time.sleep(LOOK / 3 if self._osc else LOOK)

    def _look(self) -> None:
        for present in self._play.look():
            if self._last:
                gap = present.at - self._last.at
                self._gap = max(self._gap, gap)
                self._report.gaps.append(gap)
            self._report.black += present.black
            self._last = present

    def _until_well(self, begun: float, gone: int | None = None) -> float:
        """Seconds since `begun` until every process but `gone` works and the wall is live; infinite
        if that never comes."""
        while time.monotonic() < begun + PATIENCE and not self._ended:
            self._look()
            last = self._last
            live = last and last.mode == "live" and last.at > begun
            if live and last and _well(self._play.status(), gone):
                return last.at - begun
            time.sleep(LOOK)
        return math.inf

    def _sample(self, now: float) -> None:
        status = self._play.status()
        pids = {"supervisor": self._play.pid, **status.get("pids", {})}
        pids[SPARE] = status.get("outputs", {}).get("pid")
        for name, growth in self._growth.items():
            pid = pids.get(name) or 0
            if pid <= 0:  # between two lives
                continue
            with suppress(psutil.Error, OSError):
                process = psutil.Process(pid)
                size = own_memory(pid)
                growth.note(now, process.pid, size, process.num_fds(), process.num_threads())

    def _finish(self, seconds: float) -> Report:
        report = self._report
        report.seconds, report.growth = seconds, self._growth
        report.starts, report.load = self._play.starts, os.getloadavg()[2]
        return report


def _well(status: Status, gone: int | None) -> bool:
    """Whether all processes work, and none of them is the one that had to go."""
    records: dict[str, Any] = status.get("health", {})
    at = status.get("at", 0.0)
    alive = [name for name in CHILDREN if at - records.get(name, {}).get("at", -math.inf) < 1.0]
    pids = status.get("pids", {}).values()
    return len(alive) == len(CHILDREN) and gone not in pids
