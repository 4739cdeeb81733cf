"""What comes from outside while a show runs: slow networks, bad disks, noise in the shared memory,
a flood on the wire. The show goes on; what was measured is printed."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pythonosc.udp_client import SimpleUDPClient

from installation import folders
from installation.frames.header import HEADER_BYTES
from installation.frames.ring import SLOTS
from installation.memory import Arena
from installation.session import SECTIONS
from tests.disks import SmallDisk, small_disk
from tests.running.show import RunningShow, running

__all__ = ["small_disk"]
pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")
LONGEST = 1.0  # seconds no present may take, on two cores that others use


def _well(report: dict[str, Any], restarts: int = 0) -> None:
    """No unasked black, no restart that was not caused, no long gap."""
    intervals = report["presented"]["interval_ms"]
    print(f"presents: {report['presented']['fps']} a second, intervals in ms {intervals}")
    assert report["presented"]["black"] == 0
    assert sum(report["restarts"].values()) == restarts
    assert intervals["max"] < LONGEST * 1000


def test_a_slow_network_costs_pictures_but_no_presents(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL, fault=", fault: slow, after: 60") as show:
        show.live()
        status = show.until("the slow deck", lambda s: 0 < s["health"]["deck_a"]["fps"] < 9)
        time.sleep(1)
        report = show.end()
    assert status["presented"]["black"] == 0
    assert status["health"]["stage"]["mode"] == "live"
    print(f"the deck gives {status['health']['deck_a']['fps']} pictures a second")
    assert report["health"]["stage"]["fps"] > 2 * report["health"]["deck_a"]["fps"]
    assert report["health"]["stage"]["picture_age"] < 1.0, "pictures queue up"
    _well(report)


@contextlib.contextmanager
def _systemd(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The other end of sd_notify(3), with a watchdog of one second; what it has heard."""
    with tempfile.TemporaryDirectory() as folder:  # short: a socket's path has 108 bytes
        door, heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), list[str]()
        door.bind(f"{folder}/notify")
        monkeypatch.setenv("NOTIFY_SOCKET", f"{folder}/notify")
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        listener = threading.Thread(target=_listen, args=(door, heard), daemon=True)
        listener.start()
        yield heard
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", f"{folder}/notify")
        listener.join(10)
        door.close()


def _listen(door: socket.socket, heard: list[str]) -> None:
    while words := door.recv(4096):
        heard.append(words.decode())


def test_a_full_and_a_read_only_disk_cost_nothing_but_the_lines(
    tmp_path: Path, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(small_disk.folder))
    kept = folders.state(tmp_path / "show.yaml")
    kept.mkdir(parents=True)
    os.mkfifo(kept / "stage.jsonl")  # a log that nobody reads: opening it would wait for ever
    small_disk.read_only(True)
    with _systemd(monkeypatch) as told, running(tmp_path, *SMALL) as show:
        before = show.live()
        show.until("the first try to save", lambda s: "kept in memory" in show.log)
        small_disk.read_only(False)
        small_disk.fill()
        os.kill(before["pids"]["deck_b"], signal.SIGSEGV)  # something to write about
        show.until("a new deck", lambda s: s["restarts"]["deck"] == 1)
        report = show.end()
    assert show.process.returncode == 0
    assert "deck_b ended (signal SIGSEGV)" in show.log
    assert show.log.count("the state is kept in memory") == 1
    assert "Traceback" not in show.log
    _well(report, restarts=1)
    assert told.count("READY=1") == 1
    assert told[-1] == "STOPPING=1"
    assert told.count("WATCHDOG=1") >= report["seconds"], "at half of a second each"
    assert "STATUS=picture: live; restarts: 1" in told


def test_noise_in_the_heads_of_a_ring_costs_single_pictures(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL) as show:
        show.live()
        ring = _arena(show.process.pid).section("ring_a")
        noise, end, hits = random.Random(5), time.monotonic() + 1.5, 0
        while time.monotonic() < end:
            start, size = noise.choice(_heads(len(ring)))
            at = start + noise.randrange(size)
            ring[at : at + 8] = noise.randbytes(8)
            hits += 1
            time.sleep(0.002)
        healed = show.until("new pictures", lambda s: s["health"]["stage"]["picture_age"] < 0.5)
        report = show.end()
    torn = report["torn"]
    print(f"{hits} times 8 random bytes: {torn} pictures given up of {_made(report)}")
    assert healed["health"]["stage"]["mode"] == "live"
    assert torn > 0
    assert "Traceback" not in show.log
    _well(report)


def _made(report: dict[str, Any]) -> int:
    return report["generated"]["frames"]


def _heads(size: int) -> list[tuple[int, int]]:
    """Where a ring keeps what is no pixel: its head, and each slot's numbers and header."""
    page = 4096
    slot = (size - page) // SLOTS // page * page
    return [(0, 16), *((page + number * slot, 16 + HEADER_BYTES) for number in range(SLOTS))]


def _arena(pid: int) -> Arena:
    """The shared memory of a run, by way of its supervisor's descriptor."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        if os.readlink(link).startswith("/memfd:installation"):
            return Arena(os.open(link, os.O_RDWR), SECTIONS)
    raise AssertionError("the supervisor holds no shared memory")


# One sender, as fast as it can; says how many datagrams it sent.
FLOOD = """
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.connect(("127.0.0.1", int(sys.argv[1])))
data, sent, begun = bytes.fromhex(sys.argv[2]), 0, time.monotonic()
while (gone := time.monotonic() - begun) < 1.5:
    if sent >= gone * 50_000:
        time.sleep(0.0005)
        continue
    for _ in range(100):
        try:
            out.send(data)
            sent += 1
        except OSError:
            pass
print(sent)
"""


def test_a_flood_on_the_wire_costs_no_presents_and_the_next_word_counts(tmp_path: Path) -> None:
    message = b"/walk/speed\0,f\0\0" + bytes.fromhex("3fc00000")  # 1.5
    with running(tmp_path, *SMALL) as show:
        calm = show.live()
        command = [sys.executable, "-c", FLOOD, str(show.osc), message.hex()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as flood:
            sent = int(flood.communicate(timeout=60)[0])
        deadline, speed = time.monotonic() + 20, 0.0
        while time.monotonic() < deadline:
            _send(show, "/walk/speed", 3.0)
            speed = show.status()["values"]["/walk/speed"]
            if abs(speed - 3.0) < 0.01:
                break
            time.sleep(0.2)
        report = show.end()
    osc = report["osc"]
    print(f"{sent / 1.5:.0f} messages a second for 1.5 s: {osc}")
    assert sent > 1.5 * 10_000
    assert osc["applied"] + osc["dropped"] > 1000
    assert speed == pytest.approx(3.0, abs=0.01)
    assert report["pids"]["desk"] == calm["pids"]["desk"]
    _well(report)


def _send(show: RunningShow, address: str, value: float) -> None:
    with SimpleUDPClient("127.0.0.1", show.osc) as client:
        client.send_message(address, value)
