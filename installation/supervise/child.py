"""One child of the supervisor: started, watched, ended, started again."""

import logging
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from installation.child import CARD_LOST
from installation.report import counted
from installation.session import Session
from installation.supervise.policy import BURIAL, PATIENCE, PATIENCE_WITH, Card, Restarts, Watch

KINDNESS = 3.0  # seconds between asking a child to end and killing it

NO_CARD = "CUDA_VISIBLE_DEVICES"  # empty, it hides every card from CUDA

log = logging.getLogger("supervisor")


class Child:
    """A process of the run. Never waits: `look` is called many times a second."""

    def __init__(
        self, name: str, module: Sequence[str], session: Session, card: Card | None = None
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-m", *module]
        self._session, self._card = session, card or Card()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None
        self._due = 0.0
        self._restarts = Restarts(PATIENCE_WITH.get(name, PATIENCE))
        self._killed: float | None = None
        self._stopping = self._renewed = self._hung = False
        self.lost: dict[str, float] = {}  # what its dead forebears had counted
        self.buried: int | None = None  # the last forebear, whose record may still be standing

    @property
    def pid(self) -> int | None:
        """The running process's id."""
        return self._process.pid if self._process else None

    @property
    def restarts(self) -> int:
        """How often it had to be started again."""
        return self._restarts.count

    def waiting(self, now: float) -> float | None:
        """Seconds to the next try of a crash loop, None while it runs or outside of one."""
        waits = self._process is None and self._restarts.crash_loop
        return max(self._due - now, 0.0) if waits else None

    def in_hand(self, now: float) -> bool:
        """Whether it works, or is being replaced; not if it is killed and will not go."""
        return self._killed is None or now - self._killed <= BURIAL

    def look(self, record: Mapping[str, Any], now: float) -> None:
        """Start it if it is due, bury it if it died, kill it if it hangs."""
        if self._process is None:
            if now >= self._due and not self._stopping:
                self._start(now)
        elif self._process.poll() is not None:
            self._bury(record, now)
        elif self._watch and not self._stopping:
            verdict = self._watch.verdict(self._process.pid, dict(record), now)
            if verdict:
                log.error("%s %s; it is killed and started again", self.name, verdict)
                self._process.kill()
                self._watch, self._killed, self._hung = None, now, True

    def renew(self, why: str) -> None:
        """Have it end and be started again at once; planned, so no restart is counted."""
        if self._process and not self._stopping:
            log.info("%s starts again: %s", self.name, why)
            self._renewed = True
            self._process.terminate()

    def ask_to_end(self) -> None:
        """SIGTERM; no restart any more. A stopped process would not hear it: see `kill`."""
        self._stopping = True
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """End it whatever it does."""
        if self._process and self._process.poll() is None:
            log.warning("%s did not end by itself within %.0f s", self.name, KINDNESS)
            self._process.kill()
            self._process.wait()

    @property
    def gone(self) -> bool:
        """Whether no process is left."""
        return self._process is None or self._process.poll() is not None

    def _start(self, now: float) -> None:
        safe = self._restarts.safe
        if safe:
            log.warning("%s begins anew, without what was saved or left behind", self.name)
        environment = replace(self._session, safe=safe, hung=self._hung).environment()
        self._hung = False
        if not self._card.usable(now):
            environment[NO_CARD] = ""
        self._process = subprocess.Popen(
            self._command,
            env=environment,
            pass_fds=[self._session.arena_fd],
            stdin=subprocess.DEVNULL,
        )
        self._watch = Watch(now)

    def _bury(self, record: Mapping[str, Any], now: float) -> None:
        process, self._process, self._killed = self._process, None, None
        if process is None or self._stopping:
            return
        self.buried = process.pid
        if record.get("pid") == process.pid:
            for counter, value in counted(self.name, record).items():
                self.lost[counter] = self.lost.get(counter, 0.0) + value
        if self._renewed:
            self._renewed, self._due = False, now
            return
        if process.returncode == CARD_LOST:
            self._card.lost(now)
        self._due = self._restarts.ended(now)
        later = f" in {self._due - now:.0f} s" if self._due > now else ""
        log.error("%s ended (%s); starting it again%s", self.name, _how(process), later)


def _how(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
