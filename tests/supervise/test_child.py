"""One child, with real processes and a clock of the test's own."""

import os
import time
from pathlib import Path

import pytest

from installation.memory import Arena
from installation.session import Session
from installation.supervise.child import Child
from installation.supervise.policy import BURIAL, CROWD, PATIENCE, PATIENCE_WITH

HANG = 20.0
SLEEPER = ("timeit", "-n1", "-r1", "import time; time.sleep(60)")
NO_MODULE = ("installation.no_such_module",)


@pytest.fixture
def session() -> Session:
    arena = Arena.create({"any": 4096})
    return Session(arena.fd, os.getpid(), 0.0, "/")


def fallen(child: Child, now: float) -> None:
    """Start it and wait until it has ended and is buried."""
    restarts = child.restarts
    child.look({}, now)
    deadline = time.monotonic() + HANG
    while child.restarts == restarts:
        assert time.monotonic() < deadline
        time.sleep(0.01)
        child.look({}, now)


def test_a_crash_loop_waits_and_then_begins_anew(
    session: Session, caplog: pytest.LogCaptureFixture
):
    child, now = Child("deck_a", NO_MODULE, session), 100.0
    for _ in range(CROWD - 1):
        fallen(child, now)
        assert child.waiting(now) is None
    fallen(child, now)
    assert child.waiting(now) == PATIENCE
    assert child.waiting(now + PATIENCE - 10.0) == pytest.approx(10.0)
    child.look({}, now + PATIENCE - 0.1)
    assert child.pid is None
    fallen(child, now + PATIENCE)
    assert "begins anew" not in caplog.text
    fallen(child, now + 2 * PATIENCE)
    assert "deck_a begins anew" in caplog.text
    assert child.in_hand(now), "a child that waits for its next try is no reason to end the rest"


def test_what_was_saved_is_left_aside_by_word_of_the_session(session: Session):
    child = Child("stage", NO_MODULE, session)
    now = 100.0
    for _ in range(CROWD + 1):
        fallen(child, now)
        now += PATIENCE_WITH["stage"]
    child._command[2:] = SLEEPER
    child.look({}, now)
    told = environment(child)
    child.kill()
    assert b'"safe": true' in told
    assert b'"hung": false' in told


def environment(child: Child) -> bytes:
    """What its process was started with."""
    found, deadline = b"", time.monotonic() + HANG
    while not found and time.monotonic() < deadline:  # empty until the program is loaded
        found = Path(f"/proc/{child.pid}/environ").read_bytes()
    return found


def test_a_child_that_hangs_is_killed_and_is_in_hand_unless_it_will_not_go(session: Session):
    child = Child("deck_a", SLEEPER, session)
    child.look({}, 0.0)
    pid = child.pid
    assert pid
    for look in range(700):  # half a minute without a sign of life
        child.look({}, 0.05 * look)
        if look < 590:
            assert child.in_hand(0.05 * look)
    assert child.in_hand(35.0)
    deadline = time.monotonic() + HANG
    while child.pid == pid:
        assert time.monotonic() < deadline
        child.look({}, 35.0)
    assert child.in_hand(1e6)
    child.look({}, 35.0)
    assert b'"hung": true' in environment(child), "the next one is told"
    child.kill()


def test_a_killed_child_that_stays_is_out_of_hand(session: Session, monkeypatch):
    child = Child("deck_a", SLEEPER, session)
    child.look({}, 0.0)
    assert child._process
    monkeypatch.setattr(child._process, "kill", lambda: None)  # as if a driver held it
    for look in range(620):
        child.look({}, 0.05 * look)
    assert child.in_hand(30.0 + BURIAL)
    assert not child.in_hand(32.0 + BURIAL)
    monkeypatch.undo()
    child.kill()
