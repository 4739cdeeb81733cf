"""The OSC input on real sockets, spoken to by liblo's oscsend as an independent sender."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from installation.clock import MonotonicClock
from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.inputs.osc import OscInput
from installation.inputs.osc_inbox import MAX_PRESSES, Inbox
from installation.inputs.osc_socket import RECEIVE_BYTES
from installation.inputs.osc_sources import RATE, Sources
from installation.inputs.protocol import Update
from tests.inputs.test_osc_wire import bundle, packet

HERE = "127.0.0.1"
TABLE = Table(house_rows(["sea", "sky"]))
HANG = 10.0  # seconds after which a test gives up

needs_oscsend = pytest.mark.skipif(not shutil.which("oscsend"), reason="liblo is not installed")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HERE, 0))
        return probe.getsockname()[1]


class Desk:
    """The input as the desk uses it, and a sender on the same machine."""

    def __init__(self, port: int, extra: set[str], sources: Sources | None = None) -> None:
        self.port = port
        self.wake = threading.Event()
        self.input = OscInput(port, HERE, TABLE, extra, self.wake, MonotonicClock(), sources)
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.sender.sendto(datagram, (HERE, self.port))

    def until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + HANG
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(str(self.input.status()))
            time.sleep(0.005)

    def settled(self, messages: int) -> dict[str, int]:
        """The counters once `messages` have been looked at."""
        counters = ("applied", "refused", "unknown", "foreign", "limited")
        self.until(lambda: sum(self.input.status()[name] for name in counters) >= messages)
        return self.input.status()


@contextmanager
def desk_on(
    port: int, extra: set[str] | None = None, sources: Sources | None = None
) -> Iterator[Desk]:
    desk = Desk(port, extra or set(), sources)
    desk.input.start()
    try:
        yield desk
    finally:
        desk.input.close()
        desk.sender.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_on(free_port(), {"/wall/x"}) as desk:
        wait_until_bound(desk.port)
        yield desk


def wait_until_bound(port: int) -> None:
    end = time.monotonic() + HANG
    while time.monotonic() < end:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((HERE, port))
            except OSError:
                return
        time.sleep(0.005)
    raise TimeoutError(f"nobody listens on {port}")


def oscsend(port: int, *words: str) -> None:
    subprocess.run(["oscsend", HERE, str(port), *words], check=True, timeout=HANG)


@needs_oscsend
def test_liblo_steers_every_kind_of_control(desk: Desk) -> None:
    before = time.monotonic()
    oscsend(desk.port, "/walk/speed", "f", "0.5")
    oscsend(desk.port, "/walk/spread", "d", "1.25")
    oscsend(desk.port, "/master/freeze", "T")
    oscsend(desk.port, "/master/blackout", "i", "1")
    oscsend(desk.port, "/scene", "s", "sky")
    oscsend(desk.port, "/scene/next")
    oscsend(desk.port, "/scene/previous", "I")
    oscsend(desk.port, "/steer", "ff", "0.25", "-0.5")
    oscsend(desk.port, "/wall/x", "h", "123456789")
    assert desk.settled(9)["applied"] == 9
    assert desk.wake.is_set()
    updates = desk.input.drain()
    assert [(update.address, update.value, update.press) for update in updates] == [
        ("/walk/speed", 0.5, False),
        ("/walk/spread", 1.25, False),
        ("/master/freeze", 1.0, False),
        ("/master/blackout", 1.0, False),
        ("/scene", 1.0, False),
        ("/scene/next", 1.0, True),
        ("/scene/previous", 1.0, True),
        ("/steer/x", 0.25, False),
        ("/steer/y", -0.5, False),
        ("/wall/x", 123456789.0, False),
    ]
    assert all(before <= update.at <= time.monotonic() for update in updates)
    assert desk.input.drain() == []


def test_the_newest_value_wins_and_no_press_is_lost(desk: Desk) -> None:
    for number in range(100):
        desk.send(packet("/walk/speed", number / 100), packet("/scene/next"))
    desk.settled(200)
    updates = desk.input.drain()
    assert [update.value for update in updates if not update.press] == [pytest.approx(0.99)]
    assert sum(update.press for update in updates) == 100


def test_touchdesigner_sending_a_hundred_channels_at_sixty_hertz(desk: Desk) -> None:
    names = [row.address for row in TABLE if row.address.startswith(("/walk", "/steer"))]
    other = [f"/chan/{number}" for number in range(100 - len(names) - 1)]
    for frame in range(60):
        held = 1.0 if 20 <= frame < 40 else 0.0
        channels = [packet(name, frame / 60) for name in [*names, *other]]
        desk.send(bundle(*channels, packet("/scene/next", held), stamp=b"\xff" * 8))
        time.sleep(1 / 60)
    status = desk.settled(6000)
    assert status["unknown"] == 60 * len(other)
    assert status["refused"] == 0
    updates = desk.input.drain()
    assert {u.address: u.value for u in updates if not u.press} == pytest.approx(
        dict.fromkeys(names, 59 / 60)
    )
    assert sum(update.press for update in updates) == 1


FLOOD = """
import socket, sys, time
to, data = ("127.0.0.1", int(sys.argv[1])), bytes.fromhex(sys.argv[2])
outs = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(int(sys.argv[4]))]
for number, out in enumerate(outs): out.bind((f"127.0.0.{number + 1}", 0))
for _ in range(20):
    for count in range(int(sys.argv[3])): outs[count % len(outs)].sendto(data, to)
    time.sleep(0.05)
"""


def flood(port: int, thousands: int, senders: int = 1) -> None:
    """Twenty bursts from another process, a twentieth of a second apart."""
    words = [str(port), packet("/walk/speed", 0.5).hex(), str(thousands * 50), str(senders)]
    subprocess.run([sys.executable, "-c", FLOOD, *words], check=True, timeout=2 * HANG)


def receive_memory() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        return probe.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


can_flood = pytest.mark.skipif(
    sys.platform != "linux" or receive_memory() < RECEIVE_BYTES,
    reason="needs all of 127.0.0.0/8, and net.core.rmem_max of 4 MiB",
)


@can_flood
def test_twenty_thousand_messages_a_second_are_all_read(desk: Desk) -> None:
    """In bursts of a thousand back to back, while the desk does not drain."""
    flood(desk.port, thousands=20, senders=20)
    assert desk.settled(20000)["applied"] == 20000
    assert len(desk.input.drain()) == 1


@can_flood
def test_one_sender_of_twenty_thousand_is_held_back_and_none_goes_uncounted(desk: Desk) -> None:
    flood(desk.port, thousands=20)
    status = desk.settled(20000)
    assert status["applied"] + status["limited"] == 20000
    assert status["applied"] >= RATE
    assert status["limited"] > status["applied"]


def test_a_flood_beyond_all_measure_leaves_the_newest_value(desk: Desk) -> None:
    flood(desk.port, thousands=100)

    def arrives() -> bool:
        desk.send(packet("/walk/speed", 3.0))  # again and again: the first may find no room
        return [update.value for update in desk.input.drain()] == [3.0]

    desk.until(arrives)
    assert desk.input.status()["error"] is None


def test_what_is_wrong_is_counted_and_told_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.send(*[packet("/walk/*", 1.0)] * 20, *[packet("/nobody", 1.0)] * 20)
    desk.send(packet("/audio/level", 1.0), b"\xff" * 100, b"x" * 9000, packet("/walk/speed", 2))
    status = desk.settled(44)
    assert (status["applied"], status["refused"], status["unknown"]) == (1, 23, 20)
    assert status["error"] is None
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1


def sender_at(host: str) -> socket.socket:
    """A socket of this machine under another of its addresses."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.bind((host, 0))
    except OSError:
        pytest.skip("only 127.0.0.1 is this machine")
    return opened


@pytest.mark.parametrize(
    "sources", [Sources(lock="127.0.0.2"), Sources(allow=["10.0.0.0/8", "127.0.0.2/31"])]
)
def test_only_those_are_heard_who_may_send(sources: Sources, caplog: pytest.LogCaptureFixture):
    with desk_on(free_port(), sources=sources) as desk, sender_at("127.0.0.2") as welcome:
        wait_until_bound(desk.port)
        desk.send(*[packet("/walk/speed", 1.0)] * 20)
        welcome.sendto(packet("/walk/speed", 2.0), (HERE, desk.port))
        status = desk.settled(21)
        assert (status["applied"], status["foreign"]) == (1, 20)
        assert [(u.value, u.source) for u in desk.input.drain()] == [(2.0, "127.0.0.2")]
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert "127.0.0.1, who may not send" in warnings[0].message


def test_a_socket_for_both_versions_of_ip_names_senders_as_they_are() -> None:
    desk = Desk(free_port(), set(), Sources(lock=HERE))
    desk.input = OscInput(
        desk.port, "::", TABLE, (), desk.wake, MonotonicClock(), Sources(lock=HERE)
    )
    desk.input.start()
    try:
        wait_until_bound(desk.port)
        if desk.input.status()["error"]:
            pytest.skip("no IPv6 here")
        desk.send(packet("/walk/speed", 1.0))
        desk.settled(1)
        assert [update.source for update in desk.input.drain()] == [HERE]
    finally:
        desk.input.close()
        desk.sender.close()


def test_a_packet_brought_another_way_is_treated_the_same(desk: Desk) -> None:
    taken = desk.input.take(packet("/walk/speed", 9.0), "10.0.0.7", 1.0)
    assert [(update.address, update.value) for update in taken] == [("/walk/speed", 9.0)]
    assert [update.source for update in desk.input.drain()] == ["10.0.0.7"]
    assert desk.wake.is_set()
    assert desk.input.take(b"rubbish", "10.0.0.7", 1.0) == []
    assert desk.input.status()["refused"] == 1


def test_nothing_is_ever_answered(desk: Desk) -> None:
    desk.sender.settimeout(0.3)
    desk.send(packet("/walk/speed", 1.0), packet("/nobody"), b"rubbish", packet("/walk/*", 1.0))
    desk.settled(4)
    with pytest.raises(TimeoutError):
        desk.sender.recv(100)


def test_a_taken_port_names_its_owner_and_comes_back_when_it_is_free() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
        squatter.bind((HERE, 0))
        port = squatter.getsockname()[1]
        with desk_on(port) as desk:
            desk.until(lambda: desk.input.status()["error"] is not None)
            error = desk.input.status()["error"]
            assert f"OSC port {port} is taken by pid {os.getpid()}" in error
            assert "inputs.osc.port" in error
            squatter.close()
            desk.until(lambda: desk.input.status()["error"] is None)
            desk.send(packet("/walk/speed", 1.5))
            desk.settled(1)
            assert [update.value for update in desk.input.drain()] == [1.5]


def test_an_address_that_is_not_this_machines_is_told() -> None:
    osc = OscInput(9000, "203.0.113.7", TABLE, (), threading.Event(), MonotonicClock())
    osc.start()
    end = time.monotonic() + HANG
    while osc.status()["error"] is None and time.monotonic() < end:
        time.sleep(0.005)
    osc.close()
    assert "203.0.113.7" in osc.status()["error"]
    assert "inputs.osc.listen" in osc.status()["error"]


def test_closing_frees_the_port() -> None:
    port = free_port()
    for _ in range(3):
        with desk_on(port) as desk:
            wait_until_bound(port)
        assert desk.input.status()["error"] is None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HERE, port))


def test_an_inbox_bounds_presses_and_counts_those_it_drops() -> None:
    inbox = Inbox()
    inbox.put(Update("/scene/next", 1.0, float(n), press=True) for n in range(MAX_PRESSES + 5))
    assert inbox.dropped == 5
    assert len(inbox.drain()) == MAX_PRESSES
    inbox.put([Update("/scene/next", 1.0, 9.0, press=True)])
    assert len(inbox.drain()) == 1
