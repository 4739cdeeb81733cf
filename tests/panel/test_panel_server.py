"""The panel as a page and a script meet it: real uvicorn, real sockets, a desk made of lists."""

import json
import logging
import os
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

import installation.panel
from installation.control.parameters import Table
from installation.panel.link import FakeLink
from installation.panel.listener import listening
from installation.panel.server import PanelServer
from tests.panel.conftest import jpeg, wait_until

STATIC = Path(installation.panel.__file__).parent / "static"


def news(socket: ClientConnection) -> dict[str, Any]:
    """The next text message."""
    while isinstance(message := socket.recv(timeout=10), bytes):
        pass
    return json.loads(message)


def test_the_page_and_all_that_it_needs_weigh_little(host: str):
    paths = ["/", *(f"/static/{file.relative_to(STATIC)}" for file in STATIC.rglob("*.*"))]
    answers = [httpx.get(f"http://{host}{path}") for path in paths]
    assert all(answer.status_code == 200 for answer in answers)
    assert sum(len(answer.content) for answer in answers) < 300_000
    assert not any(b"https://" in answer.content for answer in answers)


def test_every_answer_is_hardened(host: str):
    for path in ("/", "/status", "/params.json", "/static/panel.js", "/nothing"):
        headers = httpx.get(f"http://{host}{path}").headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_the_table_and_the_status_are_read_by_get(host: str, table: Table):
    params = httpx.get(f"http://{host}/params.json").json()
    assert [row["address"] for row in params["rows"]] == [row.address for row in table]
    assert (params["title"], params["table"]) == ("Tides", table.fingerprint)
    status = httpx.get(f"http://{host}/status").json()
    assert status["pids"]["stage"] == 14
    assert status["complaints"] == []


def test_a_status_with_nan_is_still_json(host: str, link: FakeLink):
    link.record = {"luma": float("nan"), "deep": [{"inf": float("inf")}]}
    status = httpx.get(f"http://{host}/status").json()
    assert status["luma"] is None
    assert status["deep"] == [{"inf": None}]


def test_a_page_steers_and_sees_what_changed(host: str, link: FakeLink):
    with connect(f"ws://{host}/live", origin=f"http://{host}") as page:  # type: ignore[arg-type]
        first = news(page)
        assert len(first["values"]) == len(link.table)
        assert first["complaints"] == []
        page.send('{"set": {"/walk/speed": 0.4, "/steer/x": -1}}')
        page.send('{"press": "/scene/next"}')
        wait_until(lambda: link.pressed == ["/scene/next"], "the press arrives")
        assert link.asked == [("/walk/speed", 0.4), ("/steer/x", -1.0)]
        changes = {}
        while len(changes) < 3:
            changes.update(news(page)["values"])
        assert changes == {"/walk/speed": 0.4, "/steer/x": -1.0, "/scene/next": 1.0}


def test_a_wrong_wish_is_answered_and_the_next_one_done(host: str, link: FakeLink):
    with connect(f"ws://{host}/live") as page:
        news(page)
        for wrong in ('{"set": {"/walk/sped": 1}}', '{"set": {"/walk/speed": NaN}}', "?", b"\0"):
            page.send(wrong)
        errors = []
        while len(errors) < 4:
            errors += [message["error"] for message in [news(page)] if "error" in message]
        assert "did you mean /walk/speed?" in errors[0]
        page.send('{"set": {"/walk/speed": 2}}')
        wait_until(lambda: link.asked == [("/walk/speed", 2.0)], "the good wish arrives")


def test_a_desk_that_fails_costs_the_page_and_one_log_entry(
    host: str, link: FakeLink, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(link, "values", lambda: [1 / 0])
    for _ in range(3):
        with connect(f"ws://{host}/live") as page, pytest.raises(ConnectionClosed):
            page.recv(timeout=10)
    assert [record.message for record in caplog.records] == ["serving a page failed"]
    monkeypatch.undo()
    with connect(f"ws://{host}/live") as page:
        assert news(page)["values"]


def test_pictures_go_only_to_those_who_watch(server: PanelServer, host: str, link: FakeLink):
    link.jpeg = jpeg(100)
    with connect(f"ws://{host}/live") as watcher, connect(f"ws://{host}/live") as other:
        watcher.send('{"watch": true}')
        wait_until(lambda: server.watchers == 1, "the watcher is counted")
        while not isinstance(picture := watcher.recv(timeout=10), bytes):
            pass
        assert picture == link.jpeg
        assert all(isinstance(other.recv(timeout=10), str) for _ in range(5))
        watcher.send('{"watch": false}')
        wait_until(lambda: server.watchers == 0, "the watcher is forgotten")


def test_one_picture_by_get(server: PanelServer, host: str, link: FakeLink):
    assert httpx.get(f"http://{host}/preview.jpg", timeout=10).status_code == 503
    link.jpeg = jpeg(100)
    answer = httpx.get(f"http://{host}/preview.jpg", timeout=10)
    assert (answer.headers["content-type"], answer.content) == ("image/jpeg", link.jpeg)
    assert server.watchers == 0


def test_pages_that_vanish_leave_nothing_behind(server: PanelServer, host: str):
    for _ in range(3):
        with ExitStack() as stack:
            pages = [stack.enter_context(connect(f"ws://{host}/live")) for _ in range(4)]
            wait_until(lambda: server.clients == 4, "four pages are open")
            for page in pages[:2]:
                page.close()
            for page in pages[2:]:
                page.socket.shutdown(socket.SHUT_RDWR)
            wait_until(lambda: server.clients == 0, "they are gone")


def test_a_taken_port_is_named_with_its_owner_and_tried_again(link: FakeLink):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        panel = PanelServer(link, port, "127.0.0.1", logging.getLogger("panel"))
        panel.start()
        wait_until(lambda: panel.error, "the error is said")
        assert f"panel port {port} is taken by pid {os.getpid()}" in (panel.error or "")
        assert "panel.port" in (panel.error or "")
    wait_until(lambda: panel.serving, "the port is taken over")
    assert panel.error is None
    assert httpx.get(panel.url).status_code == 200
    panel.close()


def test_an_address_this_machine_does_not_have_is_an_error_not_a_crash(link: FakeLink):
    panel = PanelServer(link, 0, "192.0.2.7", logging.getLogger("panel"))
    panel.start()
    wait_until(lambda: panel.error, "the error is said")
    assert "check panel.listen" in (panel.error or "")
    panel.close()


def test_no_word_waits_for_an_acknowledgement():
    with listening("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        taken, _ = door.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_closed_server_frees_its_port(link: FakeLink):
    panel = PanelServer(link, 0, "127.0.0.1", logging.getLogger("panel"))
    panel.start()
    wait_until(lambda: panel.serving, "the server starts")
    with connect(panel.url.replace("http", "ws") + "live"):
        panel.close()
        with pytest.raises(httpx.ConnectError):
            httpx.get(panel.url)
