"""How a child process of a run begins and ends: with its parent, whatever happens to that one."""

import contextlib
import ctypes
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

import psutil

from installation import logs
from installation.memory import Arena
from installation.session import Session

_PR_SET_PDEATHSIG = 1  # prctl(2)
CARD_LOST = 75  # exit code of a deck whose graphics card is gone (EX_TEMPFAIL, sysexits.h)


class Stop:
    """Becomes true when the supervisor asks this process to end, or is gone."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the parent decides

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def __bool__(self) -> bool:
        return self._asked or self._session.orphaned()


def enter(name: str) -> tuple[Session, Arena, Stop, logging.Logger]:
    """Call first in a child: its session, its shared memory, when to stop, and its log."""
    session = Session.from_environment()
    die_with_parent(session.parent)
    return session, session.arena(), Stop(session), logs.start(name, session.state_folder)


def first_to_go() -> None:
    """Have the kernel take this process first when memory runs out (Linux): a deck is replaced
    behind its last picture, the stage would leave the wall bare."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux); elsewhere `Stop` sees it.

    The second look at the parent closes the gap in which it may have died before the request."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")


def end_child(pid: int, parent: int) -> bool:
    """Ask process `pid` to end; False, and nothing done, if it is no child of `parent`: a number
    that was read a moment ago may be somebody else's now."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.ppid() == parent:
            process.terminate()
            return True
    return False
