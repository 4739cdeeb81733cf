"""A real panel server on a free port, over a desk made of lists."""

import logging
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import simplejpeg

from installation.control.parameters import Kind, Parameter, Table
from installation.control.rows import house_rows, record_rows
from installation.panel.link import FakeLink
from installation.panel.server import PanelServer
from tests.panel.devtools import Page, chromium

CUES = ["doors", "storm", "dinner", "last_light"]
HANG = 10.0  # seconds after which a wait has failed


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait until `condition` holds; fail, saying `what`, after HANG seconds."""
    deadline = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {HANG} s"
        time.sleep(0.01)


def jpeg(shade: int, width: int = 320, height: int = 180) -> bytes:
    """A picture of noise around `shade`: as heavy as a real one."""
    noise = np.random.default_rng(shade).integers(0, 60, (height, width, 3), np.uint8)
    return simplejpeg.encode_jpeg(noise + np.uint8(shade), 80, "RGB", "420")


@pytest.fixture
def table() -> Table:
    grain = Parameter("/look/finish/grain", Kind.FLOAT, 0.03, 0, 0.2, "film grain", smooth=0.2)
    turns = [
        Parameter(f"/direction/turn_{n}", Kind.FLOAT, 0, -3, 3, f"turn {n}", smooth=0.2)
        for n in range(20)
    ]
    house = house_rows(["waves", "night_tide", "drift"], CUES)
    return Table([*house, *record_rows(), grain, *turns])


def healthy(at: float) -> dict[str, object]:
    """A status in which every promise is kept, all records written at `at`."""
    deck = {"fps": 60.0, "scene": "waves", "backend": "openvino", "loaded": True, "error": None}
    stage = {
        "fps": 60.0,
        "mode": "live",
        "picture_age": 0.02,
        "interval_ms": {"p50": 16.7, "p95": 17.2, "p99": 18.9, "max": 33.4},
        "control_ms": {"osc": {"count": 10, "p50": 21.0, "p95": 32.0}},
        "shader_error": None,
    }
    desk = {"osc": {"error": None}, "audio": {"error": None, "updates_per_s": 93.7}}
    records = {"stage": stage, "deck_a": deck, "deck_b": deck, "desk": desk}
    return {
        "at": at,
        "pids": {"desk": 11, "deck_a": 12, "deck_b": 13, "stage": 14},
        "restarts": {"desk": 0, "deck_a": 1, "deck_b": 0, "stage": 0},
        "memory_mb": {"desk": 92.0, "deck_a": 612.0, "deck_b": 608.0, "stage": 240.0},
        "uptime": 4210.0,
        "cues": {
            "list": CUES,
            "current": "storm",
            "next": "dinner",
            "held": False,
            "progress": 0.4,
            "follows_in": 95.0,
        },
        "health": {name: {"at": at, **record} for name, record in records.items()},
    }


class LivelyLink(FakeLink):
    """A FakeLink whose processes are always well, unless its record says otherwise."""

    def status(self) -> dict[str, object]:
        return {**healthy(time.monotonic()), **self.record}


@pytest.fixture
def link(table: Table) -> FakeLink:
    return LivelyLink(table, "Tides")


@pytest.fixture
def server(link: FakeLink) -> Iterator[PanelServer]:
    panel = PanelServer(link, 0, "127.0.0.1", logging.getLogger("panel"))
    panel.start()
    wait_until(lambda: panel.serving, "the server starts")
    yield panel
    panel.close()


@pytest.fixture
def host(server: PanelServer) -> str:
    """The panel's `name:port`."""
    return server.url.removeprefix("http://").rstrip("/")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page in a Chromium of its own."""
    with chromium(tmp_path_factory.mktemp("chromium")) as page:
        yield page
