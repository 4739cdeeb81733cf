"""What a soak can do to a show. Each fault has its row in docs/reliability.md, and its promise: the
longest an audience may wait for a present, and for live pictures."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from pythonosc.udp_client import SimpleUDPClient

from installation.frames.header import HEADER_BYTES
from installation.frames.ring import SLOTS
from installation.session import ROOT
from tools.soak.play import Play

Status = dict[str, Any]
Act = Callable[[Play, Status, random.Random], int | None]  # the process that must go, if one must
SMOOTH = 0.1  # seconds between presents where the stage itself is not touched
AT_ONCE = 1.0  # seconds until the next picture where no deck is touched
_LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Fault:
    """`gap`: most seconds between two presents. `back`: most seconds until all is live again."""

    name: str
    row: str
    gap: float
    back: float
    act: Act


def _signal(process: str, number: int) -> Act:
    def act(play: Play, status: Status, chance: random.Random) -> int | None:
        name = _live_deck(status) if process == "deck" else process
        pid = status["pids"][name]
        os.kill(pid, number)
        return pid

    return act


def _live_deck(status: Status) -> str:
    return "deck_b" if status["values"]["/state/crossfade"] > 0.5 else "deck_a"


def _flood(play: Play, status: Status, chance: random.Random) -> None:
    """As many messages as one sender can send in a second, up to 50,000."""
    message = b"/walk/speed\0,f\0\0\x3f\x80\0\0"
    _shower(play, lambda: message, 50_000)


def _garbage(play: Play, status: Status, chance: random.Random) -> None:
    """A thousand packets of noise, half of them with a good beginning."""
    _shower(play, lambda: _packet(chance), 1000)


def _packet(chance: random.Random) -> bytes:
    head = chance.choice([b"", b"#bundle\0", b"/walk/speed\0,f\0\0", b"/*\0\0,", b"/\0"])
    return head + chance.randbytes(chance.randrange(200))


def _shower(play: Play, packet: Callable[[], bytes], most: int) -> None:
    end = time.monotonic() + 1.0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.connect((_LOCAL, play.osc))
        for _ in range(most):
            with suppress(OSError):
                out.send(packet())
            if time.monotonic() > end:
                return


def _crowd(play: Play, status: Status, chance: random.Random) -> None:
    """Fifty half-open doors, a megabyte of nonsense, a stranger's Host."""
    doors: list[socket.socket] = []
    with suppress(OSError):
        for number in range(50):
            doors.append(socket.create_connection((_LOCAL, play.panel), 2))
            doors[-1].sendall(b"GET /socket HTTP/1.1\r\nHost: evil.example\r\n"[: 4 + number])
        doors[0].sendall(bytes(1024 * 1024))
    time.sleep(0.5)
    for door in doors:
        door.close()


def _noise(play: Play, status: Status, chance: random.Random) -> None:
    """Random bytes into the heads of the live ring, five hundred a second."""
    arena = play.arena
    if not arena:
        return
    ring = arena.section(_live_deck(status).replace("deck", "ring"))
    page, end = 4096, time.monotonic() + 1.0
    slot = (len(ring) - page) // SLOTS // page * page
    heads = [(0, 16), *((page + n * slot, 16 + HEADER_BYTES) for n in range(SLOTS))]
    while time.monotonic() < end:
        start, size = chance.choice(heads)
        at = start + chance.randrange(size)
        ring[at : at + 8] = chance.randbytes(8)
        time.sleep(0.002)


def _broken_file(play: Play, status: Status, chance: random.Random) -> None:
    """show.yaml cut, filled with noise, emptied, gone; then as it was."""
    broken = [
        play.text[: len(play.text) // 2].encode() + b"\n]",
        chance.randbytes(5000),
        b"",
        b"title: [",
    ]
    for body in chance.sample(broken, len(broken)):
        play.show.write_bytes(body)
        time.sleep(0.3)
    play.show.unlink()
    time.sleep(0.3)
    play.show.write_text(play.text, encoding="utf-8")


def _no_disk(play: Play, status: Status, chance: random.Random) -> None:
    """The folder of logs and state becomes a file for a while: every write fails."""
    aside = play.state.with_name("aside")
    play.state.rename(aside)
    play.state.write_text("in the way")
    time.sleep(2.0)
    play.state.unlink()
    aside.rename(play.state)


def _second(play: Play, status: Status, chance: random.Random) -> None:
    """The show is started once more; it must refuse."""
    done = subprocess.run(
        play.command(), env=play.environment, cwd=ROOT, capture_output=True, timeout=60
    )
    if done.returncode != 3:
        raise AssertionError(f"a second run ended with {done.returncode}, not 3")


def _hands(play: Play, status: Status, chance: random.Random) -> None:
    """No fault: a visitor goes through the scenes and turns everything."""
    scenes = chance.randrange(1, 4)
    with closing(SimpleUDPClient(_LOCAL, play.osc)) as client:
        client.send_message("/scene/fade", 1.0)
        for _ in range(scenes):
            client.send_message("/scene/next", 1.0)
            client.send_message("/walk/speed", chance.uniform(0, 4))
            client.send_message("/steer/x", chance.uniform(-2, 2))
            time.sleep(0.5)


FAULTS: Sequence[Fault] = (
    Fault("deck-killed", "2", SMOOTH, 15.0, _signal("deck", signal.SIGKILL)),
    Fault("deck-segfault", "2", SMOOTH, 15.0, _signal("deck", signal.SIGSEGV)),
    Fault("deck-stopped", "3", SMOOTH, 15.0, _signal("deck", signal.SIGSTOP)),
    Fault("stage-killed", "9", 3.0, 3.0, _signal("stage", signal.SIGKILL)),
    Fault("stage-stopped", "9", 5.0, 5.0, _signal("stage", signal.SIGSTOP)),
    Fault("desk-killed", "-", SMOOTH, 2.0, _signal("desk", signal.SIGKILL)),
    Fault("desk-stopped", "-", SMOOTH, 5.0, _signal("desk", signal.SIGSTOP)),
    Fault("supervisor-killed", "29", 5.0, 5.0, _signal("supervisor", signal.SIGKILL)),
    Fault("osc-flood", "13", SMOOTH, AT_ONCE, _flood),
    Fault("osc-garbage", "14", SMOOTH, AT_ONCE, _garbage),
    Fault("panel-crowd", "15", SMOOTH, AT_ONCE, _crowd),
    Fault("disk-gone", "17", SMOOTH, AT_ONCE, _no_disk),
    Fault("show-broken", "20", SMOOTH, AT_ONCE, _broken_file),
    Fault("second-run", "28", SMOOTH, AT_ONCE, _second),
    Fault("ring-noise", "31", SMOOTH, AT_ONCE, _noise),
    Fault("visitor", "-", SMOOTH, AT_ONCE, _hands),
)
