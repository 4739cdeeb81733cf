"""A panel that asks for a code: the codes and cookies, and what each role gets from outside."""

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from installation.desk.pairing import Forgotten
from installation.panel.link import FakeLink
from installation.panel.pairing import (
    COOKIE,
    FREE,
    HOURLY,
    LONGEST,
    Pairing,
    Role,
    device_of,
    machine_key,
)
from installation.panel.server import PanelServer
from tests.panel.conftest import wait_until
from tests.panel.devtools import CHROMIUM, chromium

KEY = b"k" * 32
WRONG = "not it"
PAIRED = [role for role in Role if role is not Role.NOBODY]


def pairing(run: str = "1", key: bytes = KEY) -> Pairing:
    return Pairing(key, run, local=False)


def test_every_role_has_a_code_and_the_code_makes_its_cookie():
    codes = pairing()
    assert len({*codes.codes.values()}) == 3
    for role, code in codes.codes.items():
        cookie = codes.pair("a", f" {code[:3].decode()} {code[3:].decode()}", 0.0)
        assert codes.role(cookie or "") is role


def test_codes_change_with_the_run_and_cookies_hold():
    first, second = pairing("1"), pairing("2")
    cookie = first.pair("a", first.codes[Role.OPERATOR].decode(), 0.0) or ""
    assert first.codes != second.codes
    assert second.role(cookie) is Role.OPERATOR
    assert pairing(key=b"x" * 32).role(cookie) is Role.NOBODY


@given(st.text(max_size=80) | st.sampled_from(["operator", "operator..", "nobody.a.b"]))
def test_nothing_that_was_not_signed_here_is_anybody(text: str):
    assert pairing().role(text) is Role.NOBODY


def test_a_cookie_cannot_be_raised():
    codes = pairing()
    viewer = codes.pair("a", codes.codes[Role.VIEWER].decode(), 0.0) or ""
    assert codes.role(viewer.replace("viewer", "operator")) is Role.NOBODY


def test_guessing_takes_longer_and_longer_for_who_guesses_only():
    codes, now = pairing(), 0.0
    for _ in range(FREE):
        assert codes.wait("a", now) == 0.0
        codes.pair("a", WRONG, now)
    waits = []
    for _ in range(8):
        waits.append(codes.wait("a", now))
        right = codes.codes[Role.VIEWER].decode()
        assert codes.pair("a", right, now) is None
        now += waits[-1]
        codes.pair("a", WRONG, now)
    assert waits == sorted(waits)
    assert waits[0] == 30.0
    assert waits[-1] == LONGEST
    assert codes.wait("b", now) == 0.0


def test_a_crowd_of_guessers_gets_fifty_an_hour():
    codes = pairing()
    for peer in range(1000):
        codes.pair(str(peer), WRONG, float(peer))
    assert sum(codes.wait("new", 1000.0) > 0 for _ in "x") == 1
    assert len(codes._wrong) == HOURLY
    assert codes.wait("new", 1000.0 + LONGEST) == 0.0


def test_the_machines_key_is_kept_for_its_user_alone(tmp_path: Path):
    first = machine_key(str(tmp_path / "state"))
    assert machine_key(str(tmp_path / "state")) == first
    assert stat.S_IMODE((tmp_path / "state" / "panel.key").stat().st_mode) == 0o600
    (tmp_path / "state" / "panel.key").write_bytes(b"short")
    assert len(machine_key(str(tmp_path / "state"))) == len(machine_key("")) == 32


@pytest.fixture
def codes() -> Pairing:
    return pairing()


@pytest.fixture
def paired(link: FakeLink, codes: Pairing) -> Iterator[PanelServer]:
    panel = PanelServer(link, 0, "127.0.0.1", logging.getLogger("panel"), pairing=codes)
    panel.start()
    wait_until(lambda: panel.serving, "the server starts")
    yield panel
    panel.close()


def send(panel: PanelServer, code: Any, **headers: str) -> httpx.Response:
    base = panel.url.rstrip("/")
    return httpx.post(f"{base}/pair", json={"code": code}, headers={"origin": base, **headers})


def cookie_of(panel: PanelServer, codes: Pairing, role: Role) -> dict[str, str]:
    answer = send(panel, codes.codes[role].decode())
    assert answer.status_code == 204
    return {"cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}


PATHS = {
    "/status": Role.VIEWER,
    "/params.json": Role.VIEWER,
    "/walk/speed": Role.VIEWER,
    "/history.json": Role.VIEWER,
    "/preview.jpg": Role.VIEWER,
    "/log.json": Role.OPERATOR,
    "/report.zip": Role.OPERATOR,
    "/devices.json": Role.OPERATOR,
}


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_what_is_its(paired: PanelServer, codes: Pairing, role: Role):
    headers = cookie_of(paired, codes, role) if role else {}
    for path, needed in PATHS.items():
        answer = httpx.get(paired.url.rstrip("/") + path, headers=headers)
        assert (answer.status_code != 401) == (role >= needed), path


def test_who_is_not_paired_gets_the_page_that_asks_and_nothing_of_the_show(paired: PanelServer):
    answer = httpx.get(paired.url, headers={"accept": "text/html"})
    assert "Pair this device" in answer.text
    assert "Tides" not in answer.text
    assert httpx.get(paired.url).status_code == 401
    for path in ("live", "explorer/live", ""):
        with pytest.raises(InvalidStatus) as refusal:
            connect(paired.url.replace("http", "ws") + path)
        assert refusal.value.response.status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(paired: PanelServer, codes: Pairing):
    answer = send(paired, codes.codes[Role.OPERATOR].decode())
    words = answer.headers["set-cookie"].lower()
    assert "httponly" in words
    assert "samesite=strict" in words


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_code_is_taken_from_our_own_page_only(paired: PanelServer, codes: Pairing, origin: str):
    answer = send(paired, codes.codes[Role.OPERATOR].decode(), origin=origin)
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


def test_nonsense_is_a_wrong_code_and_too_many_are_told_to_wait(
    paired: PanelServer, codes: Pairing
):
    base = paired.url.rstrip("/")
    for body in (b"", b"[]", b"x" * 5000, b'{"code": 7}', json.dumps({"code": "0" * 900}).encode()):
        answer = httpx.post(f"{base}/pair", content=body, headers={"origin": base})
        assert answer.status_code == 403
    refused = send(paired, codes.codes[Role.OPERATOR].decode())
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 30


def test_a_viewer_looks_and_an_operator_steers(paired: PanelServer, codes: Pairing, link: FakeLink):
    url = paired.url.replace("http", "ws") + "live"
    for role in (Role.VIEWER, Role.EXPLORER, Role.OPERATOR):
        headers = {**cookie_of(paired, codes, role), "origin": paired.url.rstrip("/")}
        with connect(url, additional_headers=headers) as page:
            assert json.loads(page.recv(timeout=10))["role"] == role.name.lower()
            page.send('{"set": {"/walk/speed": 2}, "press": "/cue/go"}')
            if role is Role.OPERATOR:
                wait_until(lambda: link.pressed == ["/cue/go"], "the operator is heard")
                continue
            while "error" not in (news := json.loads(page.recv(timeout=10))):
                pass
            assert "may look" in news["error"]
            assert (link.asked, link.pressed) == ([], [])


def test_a_forgotten_device_is_out_at_once_and_in_the_next_run():
    kept: list[str] = []
    codes = Pairing(KEY, "1", local=False, keep=lambda devices: kept.extend(devices))
    cookies = [codes.pair("a", codes.codes[Role.OPERATOR].decode(), 0.0) or "" for _ in range(2)]
    for cookie in cookies:
        assert codes.admit(cookie, "10.0.0.7", 1.0) is Role.OPERATOR
    lost = device_of(cookies[0])
    assert codes.devices[lost].peer == "10.0.0.7"
    assert codes.forget(lost)
    assert not codes.forget(lost)
    again = Pairing(KEY, "2", local=False, forgotten=kept)
    for one in (codes, again):
        assert [one.role(cookie) for cookie in cookies] == [Role.NOBODY, Role.OPERATOR]


def test_what_was_forgotten_is_kept_beside_the_key(tmp_path: Path):
    first = Forgotten(str(tmp_path))
    assert first.read() == []
    first.keep(["abc", "def"])
    assert Forgotten(str(tmp_path)).read() == ["abc", "def"]
    Forgotten("").keep(["abc"])


def test_an_operator_sees_codes_and_devices_and_forgets_one(paired: PanelServer, codes: Pairing):
    base = paired.url.rstrip("/")
    live = base.replace("http", "ws") + "/live"
    mine, theirs, viewer = (
        cookie_of(paired, codes, role) for role in (Role.OPERATOR, Role.OPERATOR, Role.VIEWER)
    )
    assert httpx.get(f"{base}/devices.json", headers=viewer).status_code == 401
    with connect(live, additional_headers={**theirs, "origin": base}) as lost:
        lost.recv(timeout=10)
        told = httpx.get(f"{base}/devices.json", headers=mine).json()
        assert told["codes"]["viewer"].replace(" ", "") == codes.codes[Role.VIEWER].decode()
        assert [one["you"] for one in told["devices"]] == [True, False, False]
        other = next(one["id"] for one in told["devices"] if one["id"] in theirs["cookie"])
        with connect(live, additional_headers={**viewer, "origin": base}) as eve:
            eve.send(json.dumps({"forget": other}))
            while "error" not in json.loads(eve.recv(timeout=10)):
                pass
        assert other in codes.devices
        with connect(live, additional_headers={**mine, "origin": base}) as page:
            page.send(json.dumps({"forget": other}))
            with pytest.raises(ConnectionClosed):
                list(lost)
            page.send(json.dumps({"forget": other}))
            while "error" not in (news := json.loads(page.recv(timeout=10))):
                pass
            assert "no such device" in news["error"]
    assert httpx.get(f"{base}/status", headers=theirs).status_code == 401
    assert httpx.get(f"{base}/status", headers=mine).status_code == 200


@pytest.mark.screen
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_phone_is_paired_by_typing_the_code(
    paired: PanelServer, codes: Pairing, link: FakeLink, tmp_path: Path
):
    with chromium(tmp_path / "profile") as page:
        page.open(paired.url, 390, 844, phone=True)
        page.run("document.querySelector('#code').focus()")
        page.call("Input.insertText", text="000000")
        page.key("Enter")
        page.wait("document.querySelector('#said').textContent == 'That is not the code.'")
        page.screenshot(tmp_path / "pair.png")
        page.call("Input.insertText", text=codes.codes[Role.OPERATOR].decode())
        page.key("Enter")
        page.wait("document.querySelector('#light')?.dataset.level == 'good'")
        assert page.run("document.cookie") == ""
        page.click('[data-address="/cue/go"]')
        wait_until(lambda: link.pressed == ["/cue/go"], "GO arrives")
