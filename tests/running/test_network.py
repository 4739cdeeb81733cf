"""Row 23 of the faults: the network goes away under a running show and comes back."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.show import TEST_CARD, RunningShow, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

HERE, THERE = "10.77.0.1", "10.77.0.2"
AWAY = 3.0  # seconds
SENDER = """
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    out.sendto(bytes.fromhex(sys.argv[3]), (sys.argv[1], int(sys.argv[2])))
"""


class Cable:
    """A network of two ends: ours, and a phone's in a name space of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ip("netns", "add", name)
        self.ip("link", "add", f"{name}0", "type", "veth", "peer", "name", f"{name}1")
        self.ip("link", "set", f"{name}1", "netns", name)
        self.plug()
        self.ip("-n", name, "addr", "add", f"{THERE}/24", "dev", f"{name}1")
        self.ip("-n", name, "link", "set", f"{name}1", "up")

    def ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def plug(self) -> None:
        """Link up, with its address, as a network manager does."""
        self.ip("addr", "replace", f"{HERE}/24", "dev", f"{self.name}0")
        self.ip("link", "set", f"{self.name}0", "up")

    def pull(self) -> None:
        """Link down, and its address taken away."""
        self.ip("link", "set", f"{self.name}0", "down")
        self.ip("addr", "flush", "dev", f"{self.name}0")

    def send(self, port: int, speed: bytes) -> None:
        """/walk/speed from the phone."""
        message = b"/walk/speed\0,f\0\0" + speed
        python = ["ip", "netns", "exec", self.name, shutil.which("python3") or "python3"]
        command = [*python, "-c", SENDER, HERE, str(port), message.hex()]
        subprocess.run(command, check=False, capture_output=True)

    def close(self) -> None:
        subprocess.run(["ip", "link", "del", f"{self.name}0"], capture_output=True)
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)


@pytest.fixture
def cable() -> Iterator[Cable]:
    name = f"night{time.monotonic_ns() % 10**6}"
    try:
        made = Cable(name)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a network can only be made by root, with ip(8)")
    try:
        yield made
    finally:
        made.close()


def _heard(show: RunningShow, cable: Cable, speed: float, data: bytes) -> float:
    """Seconds until a value that the phone sends again and again is there."""
    begun = time.monotonic()

    def there(status: dict) -> bool:
        cable.send(show.osc, data)
        return abs(status["values"]["/walk/speed"] - speed) < 0.01

    show.until(f"speed {speed}", there)
    return time.monotonic() - begun


def test_23_a_pulled_network_leaves_the_picture_alone_and_works_when_it_is_back(
    tmp_path: Path, cable: Cable
) -> None:
    text = TEST_CARD.replace("port: {osc}", "port: {osc}, listen: " + HERE)
    with running(tmp_path, "--headless", "--size", "320x180", text=text) as show:
        before = show.live()
        _heard(show, cable, 2.0, bytes.fromhex("40000000"))
        cable.pull()
        time.sleep(AWAY)
        away = show.status()
        cable.plug()
        seconds = _heard(show, cable, 3.0, bytes.fromhex("40400000"))
        report = show.end()
    print(f"row 23: heard again {seconds:.2f} s after the cable was back")
    assert away["health"]["stage"]["mode"] == "live"
    assert away["health"]["stage"]["picture_age"] < 0.5
    assert report["pids"] == {**before["pids"]}
    assert sum(report["restarts"].values()) == 0
    assert report["presented"]["black"] == 0
    assert seconds < 3 * 5
