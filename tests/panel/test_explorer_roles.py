"""Who may do what at the table, over real sockets and in a real browser, with pairing on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from installation.panel.explorer.visitor import LOOK_ONLY
from installation.panel.link import FakeLink
from installation.panel.pairing import COOKIE, Pairing, Role
from installation.panel.server import PanelServer
from tests.panel.devtools import CHROMIUM, chromium
from tests.panel.explorer import CARD, served

USABLE = """[...document.querySelectorAll(
  "#doing *, #keeping *, #pair .changes, #remark, #bring, #journey button, #find button")]
  .filter((each) => /INPUT|BUTTON|AREA/.test(each.tagName) && !each.disabled)
  .map((each) => each.textContent).join()"""
PLACE = {"place": 1, "name": "Dawn", "seed": 7}


@pytest.fixture
def codes() -> Pairing:
    return Pairing(b"k" * 32, "1", local=False)


@pytest.fixture
def server(link: FakeLink, codes: Pairing, tmp_path: Path) -> Iterator[PanelServer]:
    with served(link, tmp_path, CARD, pairing=codes) as server:
        yield server


def cookie(server: PanelServer, codes: Pairing, role: Role) -> str:
    base = server.url.rstrip("/")
    code = {"code": codes.codes[role].decode()}
    return httpx.post(f"{base}/pair", json=code, headers={"origin": base}).cookies[COOKIE]


def sit(server: PanelServer, codes: Pairing, role: Role) -> ClientConnection:
    base = server.url.rstrip("/")
    headers = {"cookie": f"{COOKIE}={cookie(server, codes, role)}", "origin": base}
    return connect(f"{base.replace('http', 'ws')}/explorer/live", additional_headers=headers)


def heard(socket: ClientConnection, key: str) -> Any:
    while not (word := json.loads(socket.recv(timeout=10))).get(key):
        pass
    return word[key]


@pytest.mark.parametrize("role", [Role.EXPLORER, Role.OPERATOR])
def test_explorers_and_operators_keep_edit_and_send(
    server: PanelServer, codes: Pairing, link: FakeLink, role: Role
):
    with sit(server, codes, role) as seat:
        first = json.loads(seat.recv(timeout=10))
        assert (first["looks"], first["wall"]) == (False, True)
        seat.send(json.dumps({"bring": PLACE}))
        dawn = heard(seat, "kept")
        change = {"id": dawn, "base": 1, "words": {"name": "Dusk"}}
        seat.send(json.dumps({"change": change}))
        while heard(seat, "sheet")["name"] != "Dusk":
            pass
        seat.send(json.dumps({"show": {"id": dawn}}))
        assert heard(seat, "sent") == dawn
        assert [journey.name for journey in link.played] == ["Dusk"]


def test_a_viewer_sees_all_and_changes_nothing(server: PanelServer, codes: Pairing, link: FakeLink):
    with sit(server, codes, Role.EXPLORER) as ana, sit(server, codes, Role.VIEWER) as eve:
        first = json.loads(eve.recv(timeout=10))
        assert (first["looks"], first["wall"]) == (True, False)
        ana.send(json.dumps({"bring": PLACE}))
        dawn = heard(ana, "kept")
        assert heard(eve, "sheet")["id"] == dawn
        ana.send(json.dumps({"cursor": {"map": "m", "x": 1, "y": 2}}))
        assert next(iter(heard(eve, "cursors").values()))["y"] == 2
        seen = {"id": dawn, "base": 1}
        point = {"model": "card", "point": {"start": {"seed": 1}}}
        wishes = [
            {"keep": {**point, "name": "x"}},
            {"make": {"name": "x"}},
            {"bring": PLACE},
            {"change": {**seen, "words": {"name": "x"}}},
            {"remove": seen},
            {"restore": seen},
            {"search": {"model": "card"}},
            {"film": {"id": dawn, "model": "card"}},
            {"cancel": True},
            {"show": {"id": dawn}},
        ]
        for wish in (*map(json.dumps, wishes), b"jpeg"):
            eve.send(wish)
            assert heard(eve, "error") == LOOK_ONLY, wish
        eve.send(json.dumps({"me": {"name": "Eve"}}))
        while "Eve" not in [one["name"] for one in heard(ana, "people")]:
            pass
    with sit(server, codes, Role.VIEWER) as eve:
        (sheet,) = heard(eve, "sheets")
        assert (sheet["name"], sheet["version"], link.played) == ("Dawn", 1, [])


@pytest.mark.screen
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_viewers_page_says_so_and_has_nothing_to_change_with(
    server: PanelServer, codes: Pairing, tmp_path: Path
):
    with sit(server, codes, Role.EXPLORER) as ana, chromium(tmp_path / "profile") as page:
        ana.send(json.dumps({"bring": PLACE}))
        heard(ana, "kept")
        page.call("Network.enable")
        value = cookie(server, codes, Role.VIEWER)
        page.call("Network.setCookie", name=COOKIE, value=value, url=server.url)
        page.open(f"{server.url}explorer", 1280, 800)
        page.wait("window.explorer?.info && explorer.chart.waiting == 0 && explorer.frame.shown")
        assert page.run("document.querySelector('#looking').checkVisibility()")
        page.run("document.querySelector('#places button').click()")
        page.wait("explorer.point.start.place && !document.querySelector('#doing').hidden")
        assert page.run(USABLE) == "Play,A,B"
        page.run("explorer.seat.wish({ make: { name: 'x' } })")
        page.wait("document.querySelector('#toast').textContent.includes('may look')")
        page.screenshot(tmp_path / "viewer.png")
