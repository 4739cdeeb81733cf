"""The protocol of sd_notify(3), read from a real socket as systemd would read it."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.supervise.notify import Notifier


class Systemd:
    """The other end."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._door.bind("\0" + address[1:] if address.startswith("@") else address)
        self._door.setblocking(False)

    def heard(self) -> list[str]:
        words = []
        while True:
            try:
                words.append(self._door.recv(4096).decode())
            except BlockingIOError:
                return words

    def close(self) -> None:
        self._door.close()


@pytest.fixture(params=["a path", "an abstract name"])
def systemd(request: pytest.FixtureRequest) -> Iterator[Systemd]:
    with tempfile.TemporaryDirectory() as folder:  # short: a socket's path has 108 bytes
        path = f"{folder}/notify"
        end = Systemd(path if request.param == "a path" else f"@{path}")
        yield end
        end.close()


def _environment(end: Systemd, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": end.address, "WATCHDOG_USEC": "10000000", "HOME": "/", **more}


def test_it_says_what_systemd_waits_for(systemd: Systemd):
    notifier = Notifier.from_environment(_environment(systemd), os.getpid())
    notifier.ready()
    notifier.ready()
    notifier.status("picture: live")
    notifier.status("picture: live")
    notifier.status("picture: held")
    notifier.stopping()
    said = ["READY=1", "STATUS=picture: live", "STATUS=picture: held", "STOPPING=1"]
    assert systemd.heard() == said


def test_the_watchdog_is_stroked_at_half_its_interval(systemd: Systemd):
    notifier = Notifier.from_environment(_environment(systemd), os.getpid())
    for look in range(1000):  # fifty seconds
        notifier.alive(1000.0 + look * 0.05)
    assert systemd.heard() == ["WATCHDOG=1"] * 10


@pytest.mark.parametrize(
    "more", [{"WATCHDOG_USEC": ""}, {"WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "x"}]
)
def test_no_watchdog_of_ours_is_not_stroked(systemd: Systemd, more: dict[str, str]):
    notifier = Notifier.from_environment(_environment(systemd, **more), os.getpid())
    notifier.alive(1000.0)
    assert systemd.heard() == []


def test_no_child_inherits_the_right_to_speak(systemd: Systemd):
    environment = _environment(systemd, WATCHDOG_PID=str(os.getpid()))
    Notifier.from_environment(environment, os.getpid())
    assert environment == {"HOME": "/"}


def test_a_deaf_systemd_neither_stops_nor_delays_the_show(systemd: Systemd, tmp_path: Path):
    notifier = Notifier(systemd.address, 10.0)
    for number in range(5000):  # more than any socket takes
        notifier.status(f"{number}")
    assert 0 < len(systemd.heard()) < 5000
    systemd.close()
    Notifier(systemd.address, 10.0).ready()
    Notifier(str(tmp_path / "nobody"), 10.0).ready()
    Notifier("x" * 500, 10.0).ready()
    Notifier().ready()
