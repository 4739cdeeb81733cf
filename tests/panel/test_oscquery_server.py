"""OSCQuery on the panel's port, as its clients meet it: real HTTP, real WebSockets."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from installation.clock import MonotonicClock
from installation.inputs.osc import OscInput
from installation.inputs.osc_wire import Message, decode
from installation.outputs.osc_packet import packet
from installation.panel.app import CLIENTS
from installation.panel.link import FakeLink
from installation.panel.oscquery import ATTRIBUTES
from installation.panel.server import PanelServer
from tests.panel.conftest import wait_until

HTML = {"accept": "text/html,application/xhtml+xml"}
QUIET = 0.3  # seconds in which a message that should not come would have come


def get(host: str, path: str, /, **headers: str) -> httpx.Response:
    return httpx.get(f"http://{host}{path}", headers=headers)


def command(socket: ClientConnection, word: str, path: object) -> None:
    socket.send(json.dumps({"COMMAND": word, "DATA": path}))


def heard(socket: ClientConnection, seconds: float = 10.0) -> Message:
    """The next message. Raises TimeoutError."""
    data = socket.recv(timeout=seconds)
    assert isinstance(data, bytes)
    (message,) = decode(data)
    return message


def silent(socket: ClientConnection) -> bool:
    try:
        return bool(heard(socket, QUIET)) and False
    except TimeoutError:
        return True


def listen(socket: ClientConnection, path: str) -> Message:
    """Listen to a path; the value there is now comes at once."""
    command(socket, "LISTEN", path)
    return heard(socket)


def test_browsers_get_the_page_and_programs_the_tree(host: str, link: FakeLink):
    page = get(host, "/", **HTML)
    assert page.headers["content-type"].startswith("text/html")
    for headers in ({}, {"accept": "application/json"}, {"accept": "*/*"}):
        tree = get(host, "/", **headers)
        assert tree.headers["content-type"] == "application/json"
        assert tree.json()["CONTENTS"]["walk"]["CONTENTS"]["speed"]["VALUE"] == [1.0]
    assert page.headers["vary"] == tree.headers["vary"] == "accept"


@pytest.mark.parametrize("path", ["/?HOST_INFO", "/?HOST_INFO=", "/walk?HOST_INFO", "/x?HOST_INFO"])
def test_the_host_is_described_to_everyone(host: str, path: str):
    for headers in ({}, HTML):
        info = get(host, path, **headers).json()
        assert (info["NAME"], info["OSC_PORT"]) == ("Tides", 9000)
        assert info["WS_PORT"] == int(host.rsplit(":", 1)[1])
        assert info["EXTENSIONS"]["LISTEN"] is True


def test_attributes_and_refusals(host: str, link: FakeLink):
    link.ask("/walk/speed", 2.5)
    assert get(host, "/walk/speed?VALUE").json() == {"VALUE": [2.5]}
    assert get(host, "/walk/speed/?VALUE=").json() == {"VALUE": [2.5]}
    assert get(host, "/scene/next?VALUE").status_code == 204
    assert get(host, "/walk/speed?NONSENSE").status_code == 400
    assert get(host, "/nobody?VALUE").status_code == 404
    assert "no control /nobody" in get(host, "/nobody").json()["ERROR"]


def test_a_head_request_has_no_body(host: str):
    answer = httpx.head(f"http://{host}/walk/speed")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_folder_s_control_and_the_state_in_words_can_be_listened_to(host: str, link: FakeLink):
    with connect(f"ws://{host}/") as socket:
        assert listen(socket, "/scene/value").address == "/scene/value"
        status = listen(socket, "/state/status")
        assert status.address == "/state/status"
        assert isinstance(status.args[0], str)
    assert get(host, "/state/status?VALUE").json()["VALUE"] == list(status.args)


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8080", ""])
def test_a_foreign_host_learns_nothing_and_gets_no_socket(host: str, name: str):
    for path in ("/", "/?HOST_INFO", "/walk/speed?VALUE"):
        assert get(host, path, host=name).status_code == 400
    port = int(host.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        upgrade = (
            f"GET /walk HTTP/1.1\r\nHost: {name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        line.sendall(upgrade.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_a_foreign_page_gets_no_socket(host: str):
    for path in ("/", "/walk/speed", "/live"):
        with (
            pytest.raises(InvalidStatus) as refusal,
            connect(
                f"ws://{host}{path}",
                origin="http://evil.example",  # type: ignore[arg-type]
            ),
        ):
            pass
        assert refusal.value.response.status_code == 403


def test_nothing_changes_by_get_or_post(host: str, link: FakeLink):
    for path in ("/scene/next", "/walk/speed?VALUE=3", "/master/blackout?VALUE=1"):
        get(host, path)
        assert httpx.post(f"http://{host}{path}", content=b"1").status_code == 405
    assert (link.asked, link.pressed) == ([], [])


STRANGE = ["/%00", "/%ff%fe", "/..%2f..%2fetc", "/walk%2Fspeed%20", "/" + "a" * 3000, "/?%ff=%00&&"]
STRANGE += ["/static/../../show.yaml", "/walk/speed?VALUE&" + "a=b&" * 500, "//evil.example/"]


@pytest.mark.parametrize("path", STRANGE)
def test_strange_addresses_get_an_answer(host: str, path: str):
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=10) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert line.recv(100).split(b" ")[1] in (b"200", b"400", b"404")
    assert get(host, "/?HOST_INFO").status_code == 200


def test_listening_gives_the_value_now_and_every_other_hand_s_change(host: str, link: FakeLink):
    with connect(f"ws://{host}/") as client:
        assert listen(client, "/walk/speed") == Message("/walk/speed", (1.0,))
        link.ask("/walk/speed", 0.25)
        link.ask("/walk/tide", 0.5)
        assert heard(client) == Message("/walk/speed", (0.25,))
        assert silent(client)
        command(client, "IGNORE", "/walk/speed")
        assert listen(client, "/walk/tide") == Message("/walk/tide", (0.5,))
        link.ask("/walk/speed", 0.75)
        assert silent(client)


def test_each_kind_is_told_as_its_type_says(host: str, link: FakeLink):
    with connect(f"ws://{host}/scene") as client:
        assert listen(client, "/scene") == Message("/scene", ("waves",))
        assert listen(client, "/master/freeze") == Message("/master/freeze", (False,))
        assert listen(client, "/scene/next") == Message("/scene/next")
        link.ask("/scene", 1.0)
        assert heard(client) == Message("/scene", ("night_tide",))
        link.press("/scene/next")
        assert heard(client) == Message("/scene/next")


def test_a_client_steers_and_only_the_others_are_told(host: str, link: FakeLink):
    with connect(f"ws://{host}/") as mover, connect(f"ws://{host}/walk") as other:
        for client in (mover, other):
            listen(client, "/walk/speed")
        mover.send(packet("/walk/speed", 9.0))  # the table's end is 4
        assert heard(other) == Message("/walk/speed", (4.0,))
        mover.send(packet("/master/freeze", 1))
        mover.send(packet("/scene/next"))
        wait_until(lambda: link.pressed == ["/scene/next"], "the press arrives")
        assert link.asked == [("/walk/speed", 9.0), ("/master/freeze", 1.0)]
        assert silent(mover)


def test_many_changes_between_two_looks_are_one_message(host: str, link: FakeLink):
    with connect(f"ws://{host}/") as client:
        listen(client, "/walk/speed")
        for step in range(2000):
            link.ask("/walk/speed", step / 1000)
        received = [heard(client)]
        while received[-1].args[0] != pytest.approx(1.999):
            received.append(heard(client))
        assert len(received) < 200


WRONG: list[Any] = [
    "",
    "?",
    "[]",
    "null",
    "[" * 60000,
    '{"COMMAND": 3, "DATA": {}}',
    "\0",
    "é" * 999,
]
WRONG += ['{"COMMAND": "LISTEN"}', '{"COMMAND": "LISTEN", "DATA": ["/walk/speed"]}']
WRONG += ['{"COMMAND": "LISTEN", "DATA": "/nobody"}', '{"COMMAND": "QUIT", "DATA": "/walk/speed"}']


def test_wrong_words_are_passed_over(host: str, link: FakeLink):
    with connect(f"ws://{host}/") as client:
        for words in WRONG:
            client.send(words)
        assert listen(client, "/walk/speed") == Message("/walk/speed", (1.0,))
        assert silent(client)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(max_size=200), max_size=20))
def test_no_words_end_a_client(host: str, words: list[str]):
    with connect(f"ws://{host}/") as client:
        for text in words:
            client.send(text)
        assert listen(client, "/walk/speed").address == "/walk/speed"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(packets=st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_end_a_client(host: str, link: FakeLink, packets: list[bytes]):
    """With the OSC input that the desk has: it refuses and counts."""
    osc = OscInput(9, "127.0.0.1", link.table, (), threading.Event(), MonotonicClock())
    with pytest.MonkeyPatch.context() as patch, connect(f"ws://{host}/") as client:
        patch.setattr(link, "osc", lambda data, host: osc.take(data, host, time.monotonic()))
        for data in packets:
            client.send(data)
        assert listen(client, "/walk/speed").address == "/walk/speed"
        status = osc.status()
        assert status["refused"] + status["unknown"] + status["applied"] >= len(packets)
        client.send(packet("/walk/speed", 2.0))
        wait_until(lambda: osc.status()["applied"] > status["applied"], "a good packet is taken")
        assert osc.drain()[-1].source == "127.0.0.1"


def test_too_many_clients_are_refused_and_pages_keep_their_places(server: PanelServer, host: str):
    with ExitStack() as stack:
        for _ in range(CLIENTS):
            stack.enter_context(connect(f"ws://{host}/"))
        with pytest.raises(InvalidStatus) as refusal, connect(f"ws://{host}/walk"):
            pass
        assert refusal.value.response.status_code == 503
        with connect(f"ws://{host}/live") as page:
            assert page.recv(timeout=10)
        assert server.clients <= 1
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with connect(f"ws://{host}/") as client:
                assert listen(client, "/walk/speed")
                break
        except InvalidStatus:
            time.sleep(0.05)
    else:
        raise AssertionError("no place was given back")


def test_a_client_that_never_reads_delays_nobody(host: str, link: FakeLink):
    deafness = {"max_queue": 1, "close_timeout": 1}  # who never reads does not hear the goodbye
    with connect(f"ws://{host}/", **deafness) as deaf, connect(f"ws://{host}/") as quick:  # type: ignore[arg-type]
        for row in link.table:
            command(deaf, "LISTEN", row.address)
        listen(quick, "/walk/speed")
        for step in range(50):
            link.ask("/walk/speed", step / 50)
            assert heard(quick) == Message("/walk/speed", (pytest.approx(step / 50),))


@pytest.fixture
def trusting(link: FakeLink) -> Iterator[PanelServer]:
    """A panel of a network whose programs may send OSC."""
    log = logging.getLogger("panel")
    panel = PanelServer(link, 0, "127.0.0.1", log, trusted=["192.168.1.0/24"])
    panel.start()
    wait_until(lambda: panel.serving, "the server starts")
    yield panel
    panel.close()


def test_every_attribute_that_is_claimed_is_answered(trusting: PanelServer):
    host = trusting.url.removeprefix("http://").rstrip("/")
    claimed = get(host, "/?HOST_INFO").json()["EXTENSIONS"]
    for name in (name for name in ATTRIBUTES if claimed.get(name)):
        assert name in get(host, f"/walk/speed?{name}").json()
