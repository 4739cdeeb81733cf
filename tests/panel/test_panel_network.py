"""The panel over a second, real interface of this machine: it is not the loopback for anybody."""

import logging
import socket
from collections.abc import Iterator

import httpx
import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from installation.panel.link import FakeLink
from installation.panel.pairing import COOKIE, Pairing, Role
from installation.panel.server import PanelServer
from tests.panel.conftest import wait_until

LOG = logging.getLogger("panel")


def outside() -> str:
    """An address of this machine that others can reach."""
    addresses = [one for each in psutil.net_if_addrs().values() for one in each]
    found = [one.address for one in addresses if one.family == socket.AF_INET]
    there = [address for address in found if not address.startswith("127.")]
    if not there:
        pytest.skip("this machine has no other interface than the loopback")
    return there[0]


@pytest.fixture
def codes() -> Pairing:
    return Pairing(b"k" * 32, "1")


def served(link: FakeLink, listen: str, codes: Pairing | None) -> Iterator[PanelServer]:
    panel = PanelServer(link, 0, listen, LOG, pairing=codes)
    panel.start()
    wait_until(lambda: panel.serving, "the server starts")
    yield panel
    panel.close()


@pytest.fixture
def everywhere(link: FakeLink, codes: Pairing) -> Iterator[PanelServer]:
    yield from served(link, "0.0.0.0", codes)


@pytest.fixture
def loopback(link: FakeLink) -> Iterator[PanelServer]:
    yield from served(link, "127.0.0.1", None)


def port(panel: PanelServer) -> str:
    return panel.url.rstrip("/").rsplit(":", 1)[1]


def test_the_loopback_alone_is_not_to_be_reached_from_outside(loopback: PanelServer):
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{outside()}:{port(loopback)}/", timeout=2)
    with pytest.raises(httpx.ConnectError):  # the loopback has a whole network of addresses
        httpx.get(f"http://127.0.0.2:{port(loopback)}/", timeout=2)


def test_from_outside_a_code_is_asked_for_and_from_here_none(
    everywhere: PanelServer, codes: Pairing
):
    here, there = f"127.0.0.1:{port(everywhere)}", f"{outside()}:{port(everywhere)}"
    assert httpx.get(f"http://{here}/status").status_code == 200
    for path in ("/status", "/preview.jpg", "/explorer", "/devices.json"):
        assert httpx.get(f"http://{there}{path}").status_code == 401
    for origin in (f"http://{there}", f"http://{here}", None):
        with pytest.raises(InvalidStatus), connect(f"ws://{there}/live", origin=origin):  # type: ignore[arg-type]
            pass
    # A header cannot make a caller from outside one from here.
    forged = {"x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1"}
    assert httpx.get(f"http://{there}/status", headers=forged).status_code == 401
    answer = httpx.post(
        f"http://{there}/pair",
        json={"code": codes.codes[Role.VIEWER].decode()},
        headers={"origin": f"http://{there}"},
    )
    cookie = {"cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}
    assert httpx.get(f"http://{there}/status", headers=cookie).status_code == 200
    assert httpx.get(f"http://{there}/log.json", headers=cookie).status_code == 401
    assert [one.peer for one in codes.devices.values()] == [outside()]
