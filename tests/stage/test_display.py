"""A display that comes later, with a socket where X has its own."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.stage import display
from installation.stage.display import PERIOD, Awaited, reachable


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(display, "_SOCKETS", Path(folder))
        yield Path(folder)


def serve(folder: Path, number: int) -> socket.socket:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(folder / f"X{number}"))
    door.listen()
    return door


def test_a_display_is_there_when_somebody_listens(sockets: Path):
    assert not reachable(":7")
    with serve(sockets, 7):
        assert reachable(":7")
        assert reachable(":7.0")
        assert reachable("unix:7")
        assert not reachable(":8")
    assert (sockets / "X7").exists()
    assert not reachable(":7"), "the socket of a dead server is no display"


@pytest.mark.parametrize("name", ["", ":", "elsewhere:0", "nonsense", ":x", ":-1", ":²"])
def test_what_is_no_local_display_is_never_there(sockets: Path, name: str):
    assert not reachable(name)


def test_a_display_that_comes_is_seen_within_a_second(sockets: Path):
    awaited = Awaited(wanted=True, display=":7")
    assert not awaited.came(100.0)
    with serve(sockets, 7):
        assert not awaited.came(100.0 + PERIOD / 2), "it looks once a second"
        assert awaited.came(100.0 + PERIOD)


def test_who_has_a_window_or_wants_none_waits_for_nothing(sockets: Path):
    unwanted = Awaited(wanted=False, display=":7")
    with serve(sockets, 7):
        there = Awaited(wanted=True, display=":7")
        assert not there.came(100.0), "it was there, and no window could be had all the same"
        assert not unwanted.came(100.0)
