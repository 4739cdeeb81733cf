"""The supervisor: starts the processes of a run, keeps them alive, and ends them together.

It loads no torch, no GL and no numpy, holds no device, and owns the shared memory. Children die
with it (see installation.child), and the memory has no name that could be left behind.
"""

import logging
import os
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import psutil

from installation.clock import Clock
from installation.health import PROCESSES, SPARE, HealthReader, HealthWriter
from installation.memory import Arena
from installation.report import build
from installation.session import MEGA, Session
from installation.supervise.child import KINDNESS, Child
from installation.supervise.flights import Flights
from installation.supervise.memory import Memory
from installation.supervise.notify import Notifier
from installation.supervise.planned import NIGHTLY, Nightly, Renewals
from installation.supervise.policy import Card
from installation.supervise.reload import Reload

LOOK = 0.05  # seconds between two looks at the children

# In the order of their start: the stage first, so that the wall is never bare. The sleeping deck
# comes last, so that its imports do not delay the first picture on two cores.
MODULES = {
    "stage": ("installation.stage",),
    "deck_a": ("installation.decks", "a"),
    "desk": ("installation.desk",),
    "deck_b": ("installation.decks", "b"),
}
SENDS = {"outputs": ("installation.outputs",)}  # only where the picture goes elsewhere as well
LATE = {"deck_b": 3.0, "outputs": 4.0}  # seconds after the start
SHARE_OF_MACHINE = 0.4  # of the machine's memory: what a deck may take if show.yaml does not say

log = logging.getLogger("supervisor")


class Supervisor:
    """One run of a show."""

    def __init__(
        self,
        session: Session,
        arena: Arena,
        clock: Clock,
        notifier: Notifier | None = None,
        reload: Reload | None = None,
        wall: Callable[[tzinfo | None], datetime] = datetime.now,
        flights: Flights | None = None,
    ) -> None:
        self._session, self._clock = session, clock
        self._notifier = notifier or Notifier()
        self._card = Card()
        modules = {**MODULES, **(SENDS if session.sends else {})}
        self._children = {
            name: Child(name, module, session, self._card) for name, module in modules.items()
        }
        self._records = HealthReader(arena)
        self._health = HealthWriter(arena, "supervisor", os.getpid())
        self._memory = Memory(clock)
        self._reload, self._wall, self._flights = reload, wall, flights
        self._fallen = dict.fromkeys(self._children, 0)
        self._nightly, self._renewals = Nightly(), Renewals()
        self._first_picture: float | None = None
        self._asked = self._wanted = False
        self._beat = 0

    def run(self, seconds: float | None = None) -> dict[str, Any]:
        """Run until asked to end, or for `seconds`; the report of the run."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        if hasattr(signal, "SIGUSR1"):
            signal.signal(signal.SIGUSR1, self._want)
        while not self._over(seconds):
            self._look()
            self._clock.sleep(LOOK)
        self._publish()
        report = build({name: self._records.record(name) for name in (*PROCESSES, SPARE)})
        self._end()
        return report

    def _look(self) -> None:
        now = self._clock.now()
        for name, child in self._children.items():
            if now - self._session.started >= LATE.get(name, 0.0):
                child.look(self._records.record(name), now)
        self._keep_flights(now)
        self._renew_for_show()
        self._renew_as_planned(now)
        self._see_first_picture()
        self._tell_systemd(now)
        self._beat += 1
        if self._health.due(now):
            self._publish()

    def _keep_flights(self, now: float) -> None:
        """A flight file of each fall, and of each SIGUSR1."""
        fallen = {name: child.restarts for name, child in self._children.items()}
        causes = [name for name, count in fallen.items() if count > self._fallen[name]]
        causes += ["asked"] if self._wanted else []
        self._fallen, self._wanted = fallen, False
        if causes and self._flights:
            decks = {name: self._told(name) for name in ("deck_a", "deck_b")}
            self._flights.keep(causes[0], now, self._wall(UTC), decks)

    def _told(self, deck: str) -> dict[str, Any]:
        record = self._records.record(deck)
        return {key: record.get(key) for key in ("backend", "model", "scene", "frames")}

    def _renew_for_show(self) -> None:
        """Start again what a new show.yaml asks for, once the desk has handed the show on."""
        if not self._reload or not self._reload.restarts:
            return
        desk = int(self._records.record("desk").get("edition") or 0)
        due = [name for name, edition in self._reload.restarts.items() if edition <= desk]
        for name in due:
            del self._reload.restarts[name]
            self._children[name].renew("show.yaml says so")

    def _renew_as_planned(self, now: float) -> None:
        """What waits for its restart, one after the other and unseen."""
        records = {name: self._records.record(name) for name in self._children}
        if turn := self._renewals.step(records, now):
            self._children[turn[0]].renew(turn[1])

    def _plan(self, now: float, sizes: Mapping[str, float]) -> None:
        """Add to what waits: at the chosen hour, and before a process meets its limit."""
        if not self._reload:
            return
        show = self._reload.running.show
        limit = show.decks.memory or SHARE_OF_MACHINE * psutil.virtual_memory().total
        self._renewals.weigh(sizes, limit / MEGA, now)
        self._renewals.improve({name: self._records.record(name) for name in self._children}, now)
        day = show.schedule
        zone = ZoneInfo(day.timezone) if day and day.timezone else None
        if day and self._nightly.due(now, self._wall(zone), day.restart):
            for name in NIGHTLY:
                self._renewals.add(name, "it is the hour for it")

    def _see_first_picture(self) -> None:
        first = self._records.record("stage").get("first_live_at")
        if self._first_picture is None and first is not None:
            self._first_picture = round(float(first) - self._session.started, 3)
            log.info("first picture after %.2f s", self._first_picture)

    def _tell_systemd(self, now: float) -> None:
        """Its watchdog bites only when this loop stands still or a child can neither work nor go:
        everything else is mended here, and faster."""
        stage = self._records.record("stage")
        if stage.get("beat"):
            self._notifier.ready()
        if all(child.in_hand(now) for child in self._children.values()):
            self._notifier.alive(now)
        restarts = sum(child.restarts for child in self._children.values())
        self._notifier.status(f"picture: {stage.get('mode', 'none yet')}; restarts: {restarts}")

    def _publish(self) -> None:
        now = self._clock.now()
        sizes = self._memory.look({"supervisor": os.getpid(), **self._pids()})
        self._plan(now, sizes)
        self._health.write(
            now,
            self._beat,
            seconds=now - self._session.started,
            first_picture_s=self._first_picture,
            restarts=self._restarts(),
            waiting=self._waiting(now),
            card_lost=not self._card.usable(now),
            memory_mb=sizes,
            renew=self._renewals.wanted,
            lost={name: child.lost for name, child in self._children.items()},
            buried={name: child.buried for name, child in self._children.items()},
            **self._show(),
        )

    def _show(self) -> dict[str, Any]:
        running = self._reload.running if self._reload else None
        return {"edition": running.edition, "show_error": running.error} if running else {}

    def _restarts(self) -> dict[str, int]:
        count = {name: child.restarts for name, child in self._children.items()}
        both = count["deck_a"] + count["deck_b"]
        return {"desk": count["desk"], "deck": both, "stage": count["stage"]}

    def _waiting(self, now: float) -> dict[str, int]:
        """Seconds to the next try of each child in a crash loop."""
        waits = {name: child.waiting(now) for name, child in self._children.items()}
        return {name: round(seconds) for name, seconds in waits.items() if seconds is not None}

    def _pids(self) -> dict[str, int]:
        return {name: child.pid for name, child in self._children.items() if child.pid}

    def _over(self, seconds: float | None) -> bool:
        if self._records.record("desk").get("quit"):
            log.info("the operator ended the show")
            return True
        elapsed = self._clock.now() - self._session.started
        return self._asked or (seconds is not None and elapsed >= seconds)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def _want(self, number: int, frame: FrameType | None) -> None:
        self._wanted = True

    def _end(self) -> None:
        """The stage last, so that the picture stands until everything else is gone."""
        self._notifier.stopping()
        for name in ("outputs", "desk", "deck_a", "deck_b", "stage"):
            if name in self._children:
                self._children[name].ask_to_end()
        deadline = self._clock.now() + KINDNESS
        while self._clock.now() < deadline and not self._all_gone():
            self._clock.sleep(LOOK)
        for child in self._children.values():
            child.kill()
        if self._flights:
            self._flights.close(KINDNESS)

    def _all_gone(self) -> bool:
        return all(child.gone for child in self._children.values())
