"""Those who should not get in do not, and those who are in do not notice."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from installation.panel import client, listener
from installation.panel.app import CLIENTS
from installation.panel.link import FakeLink
from installation.panel.security import Gate
from installation.panel.server import MESSAGE_BYTES, PanelServer
from tests.panel.conftest import jpeg, wait_until


def refused(url: str, **options: Any) -> int:
    """The HTTP status with which a WebSocket is turned away."""
    with pytest.raises(InvalidStatus) as refusal, connect(url, **options):
        pass
    return refusal.value.response.status_code


async def _nobody(*_: Any) -> Any:
    raise AssertionError("the gate let a request through")


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8080", "", "localhost@evil", "1.2"])
def test_a_foreign_host_is_refused(host: str, name: str):
    for path in ("/", "/status", "/params.json", "/preview.jpg", "/static/panel.js"):
        answer = httpx.get(f"http://{host}{path}", headers={"host": name})
        assert answer.status_code == 400


def test_a_rebound_name_gets_no_socket(host: str, link: FakeLink):
    """A name that resolves to us: its page's Origin and Host agree, but are not ours."""
    port = host.rsplit(":", 1)[1]
    with socket.create_connection(("127.0.0.1", int(port))) as line:
        names = {"origin": f"http://evil.example:{port}", "sock": line}
        assert refused(f"ws://evil.example:{port}/live", **names) == 400


def test_a_foreign_origin_gets_no_socket(server: PanelServer, host: str):
    for origin in ("http://evil.example", "null", "file://", f"http://{host}.evil.example"):
        assert refused(f"ws://{host}/live", origin=origin) == 403
    assert server.clients == 0


def test_nothing_but_get_is_answered_and_get_changes_nothing(host: str, link: FakeLink):
    form = {"set": '{"/walk/speed": 2}'}
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        for path in ("/", "/live", "/status", "/params.json"):
            answer = httpx.request(method, f"http://{host}{path}", params=form)
            assert answer.status_code == 405
    for path in ("/", "/live", "/set", "/scene/next", "/status", "/params.json"):
        httpx.get(f"http://{host}{path}", params=form)
    assert (link.asked, link.pressed) == ([], [])


@pytest.mark.parametrize(
    ("listen", "good", "bad"),
    [
        ("127.0.0.1", ["localhost:1", "127.0.0.1", "[::1]:80", "kiosk.local"], ["10.0.0.5", "a"]),
        ("10.0.0.5", ["10.0.0.5:8080", "localhost", "KIOSK.local"], ["10.0.0.6", "kiosk.local.x"]),
        ("0.0.0.0", ["10.0.0.5", "[fe80::1]:8080", "localhost"], ["evil.example", "10.0.0.5.x"]),
    ],
)
def test_which_hosts_are_ours(listen: str, good: list[str], bad: list[str]):
    gate = Gate(_nobody, listen, ["kiosk.local"])
    assert all(map(gate.hosts, good))
    assert not any(map(gate.hosts, bad))


@given(st.text(max_size=60))
def test_no_text_makes_the_gate_stumble(text: str):
    Gate(_nobody, "127.0.0.1").hosts(text)


@pytest.mark.parametrize(
    ("peer", "passes"), [("127.0.0.1", True), ("10.0.0.9", False), ("192.168.1.9", True)]
)
def test_a_program_without_origin_must_be_on_this_machine_or_trusted(peer: str, passes: bool):
    """Whatever it calls itself: the peer's address tells, not the Host it sends."""
    scope = {
        "type": "websocket",
        "path": "/live",
        "headers": [(b"host", b"localhost")],
        "client": (peer, 5),
        "extensions": {"websocket.http.response": {}},
    }
    reached, answers = [], []

    async def app(*_: Any) -> None:
        reached.append(peer)

    async def send(message: Any) -> None:
        answers.append(message)

    asyncio.run(Gate(app, "0.0.0.0", trusted=["192.168.1.0/24"])(scope, _nobody, send))
    assert bool(reached) is passes
    assert passes or answers[0]["status"] == 403


def test_fifty_sockets_leave_room_for_nobody_else_and_harm_no_one(server: PanelServer, host: str):
    with ExitStack() as stack:
        pages = [stack.enter_context(connect(f"ws://{host}/live")) for _ in range(CLIENTS)]
        for _ in range(50 - CLIENTS):
            assert refused(f"ws://{host}/live") == 503
        assert server.clients == CLIENTS
        assert all(page.recv(timeout=10) for page in pages)
    wait_until(lambda: server.clients == 0, "all are gone")
    with connect(f"ws://{host}/live") as page:
        assert page.recv(timeout=10)


def test_an_oversize_message_ends_its_own_page_only(host: str, link: FakeLink):
    with connect(f"ws://{host}/live") as other, connect(f"ws://{host}/live") as page:
        page.send(json.dumps({"set": {"/walk/speed": 1}, "pad": "x" * MESSAGE_BYTES}))
        with pytest.raises(ConnectionClosed):
            _read_on(page)
        assert other.recv(timeout=10)
    assert link.asked == []


def test_a_page_that_talks_too_fast_is_slowed_and_loses_nothing(host: str, link: FakeLink):
    with connect(f"ws://{host}/live") as other, connect(f"ws://{host}/live") as page:
        started = time.monotonic()
        for count in range(300):
            page.send(f'{{"set": {{"/walk/speed": {count / 100}}}}}')
        other.send('{"press": "/scene/next"}')
        wait_until(lambda: link.pressed, "the quiet page is heard")
        wait_until(lambda: len(link.asked) == 300, "all is heard in the end")
        assert time.monotonic() - started > (300 - 200) / 200 * 0.9
    assert link.asked[-1] == ("/walk/speed", 2.99)


def test_a_deaf_reader_delays_nobody_and_is_given_up(
    server: PanelServer, host: str, link: FakeLink, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(client, "PATIENCE", 2.0)
    with connect(f"ws://{host}/live") as quick, _deaf(host):
        quick.send('{"watch": true}')
        for shade in range(60):  # 60 pictures of 70 kB: ten times what the deaf one's buffers hold
            link.jpeg = jpeg(shade, 480, 270)
            while quick.recv(timeout=10) != link.jpeg:
                pass
        wait_until(lambda: server.clients == 1, "the deaf one is given up")
        assert quick.recv(timeout=10)


@contextmanager
def _deaf(host: str) -> Iterator[None]:
    """A page that watches and never reads."""
    name, port = host.split(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((name, int(port)))
    with connect(f"ws://{host}/live", sock=line, max_queue=1, close_timeout=0.1) as page:
        page.send('{"watch": true}')
        yield


def _read_on(page: ClientConnection) -> None:
    while page.recv(timeout=10):
        pass


def test_silent_callers_are_turned_away(
    server: PanelServer, host: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listener, "PATIENCE", 0.3)
    name, port = host.split(":")
    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection((name, int(port)), timeout=10))
            for _ in range(50)
        ]
        for line in lines[:25]:
            line.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert httpx.get(f"http://{host}/status").status_code == 200
        assert [line.recv(1) for line in lines] == [b""] * 50


def test_a_hundred_visits_leave_no_socket_open(server: PanelServer, host: str):
    for _ in range(25):
        with connect(f"ws://{host}/live") as page:
            page.send('{"watch": true}')
            page.recv(timeout=10)
    wait_until(lambda: server.clients == 0 and server.watchers == 0, "all are forgotten")
