"""How a child of a run begins and ends, with real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from installation.memory import Arena
from installation.session import SECTIONS, Session

HANG = 20.0  # seconds after which a wait has failed

CHILD = """
import time
from installation import child
session, arena, stop, log = child.enter("desk")
arena.section("keys")[:5] = b"here!"
while not stop:
    time.sleep(0.01)
arena.section("keys")[:5] = b"gone!"
"""

# Starts a child as the supervisor does, says its process id, and waits to be killed.
PARENT = f"""
import os, subprocess, sys, time
from installation.memory import Arena
from installation.session import SECTIONS, Session
arena = Arena.create(SECTIONS)
session = Session(arena.fd, os.getpid(), 0.0, "/")
command = [sys.executable, "-c", {CHILD!r}]
child = subprocess.Popen(command, env=session.environment(), pass_fds=[arena.fd])
while bytes(arena.section("keys")[:5]) != b"here!":
    time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(60)
"""


def start(arena: Arena, parent: int) -> subprocess.Popen[bytes]:
    session = Session(arena.fd, parent, started=0.0, show_folder=str(Path.cwd()))
    command = [sys.executable, "-c", CHILD]
    return subprocess.Popen(
        command, env=session.environment(), pass_fds=[arena.fd], stderr=subprocess.PIPE
    )


def said(arena: Arena, word: bytes) -> None:
    deadline = time.monotonic() + HANG
    while bytes(arena.section("keys")[:5]) != word:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_session_reaches_its_child_whole(monkeypatch):
    session = Session(3, 4, 5.5, "/somewhere", headless=True, width=640, height=360)
    monkeypatch.setattr(os, "environ", session.environment())
    assert Session.from_environment() == session


def test_a_child_works_in_the_shared_memory_and_ends_when_asked():
    arena = Arena.create(SECTIONS)
    with start(arena, os.getpid()) as child:
        said(arena, b"here!")
        child.send_signal(signal.SIGINT)  # Ctrl-C is the parent's affair
        child.terminate()
        assert child.wait(HANG) == 0
    said(arena, b"gone!")


def test_a_child_of_nobody_does_not_start():
    with start(Arena.create(SECTIONS), parent=1) as child:
        _, words = child.communicate(timeout=HANG)
    assert child.returncode == 1
    assert b"the supervisor is gone" in words


def test_a_child_does_not_outlive_a_killed_supervisor():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    deadline = time.monotonic() + HANG
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)
