"""Every switch, by one list of behaviours; a projector of the test's own on a real socket."""

import hashlib
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.errors import DeviceError
from installation.outputs import pjlink
from installation.outputs.pjlink import Projector, digest
from installation.outputs.power import CommandSwitch, FakeSwitch, Switch, dpms, switches
from installation.show.loader import loads
from tests.screens import virtual_screen as virtual_screen

NUMBER = "498e4a67"


class FakeProjector:
    """A PJLink projector, class 1; `power` as the standard counts it. Misbehaves by `answers`."""

    def __init__(self, password: str = "") -> None:
        self._password = password
        self.power, self.heard = "0", []
        self.answers: dict[str, bytes] = {}
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            with caller:
                greeting = f"PJLINK 1 {NUMBER}\r" if self._password else "PJLINK 0\r"
                caller.sendall(self.answers.get("greeting", greeting.encode()))
                self._serve(caller)

    def _serve(self, caller: socket.socket) -> None:
        line = b""
        while not line.endswith(b"\r"):
            byte = caller.recv(1)
            if not byte:
                return
            line += byte
        text = line[:-1].decode()
        secret = hashlib.md5((NUMBER + self._password).encode()).hexdigest()
        if self._password and not text.startswith(secret):
            caller.sendall(b"PJLINK ERRA\r")
            return
        command = text.removeprefix(secret) if self._password else text
        self.heard.append(command)
        caller.sendall(self.answers.get(command, self._answer(command)))

    def _answer(self, command: str) -> bytes:
        if command == "%1POWR ?":
            return f"%1POWR={self.power}\r".encode()
        self.power = command[-1]
        return b"%1POWR=OK\r"


@pytest.fixture
def projector() -> Iterator[FakeProjector]:
    made = FakeProjector("JBMIAProjectorLink")
    yield made
    made.close()


def _command(folder: Path) -> tuple[Switch, Callable[[], bool | None]]:
    mark = folder / "lit"
    switch = CommandSwitch("lamp", [f"touch '{mark}'"], [f"rm -f '{mark}'"])
    return switch, mark.exists


def _fake(folder: Path) -> tuple[Switch, Callable[[], bool | None]]:
    switch = FakeSwitch()
    return switch, lambda: switch.on


@pytest.fixture(params=["fake", "command", "pjlink"])
def switch(request: pytest.FixtureRequest, tmp_path: Path, projector: FakeProjector) -> Any:
    """A switch, and whether what it switches is on."""
    if request.param == "pjlink":
        made = Projector("127.0.0.1", projector.port, "JBMIAProjectorLink")
        return made, lambda: projector.power == "1"
    return {"fake": _fake, "command": _command}[request.param](tmp_path)


def test_a_switch_switches_as_often_as_it_is_told(switch: Any):
    device, is_on = switch
    for on in (True, True, False, False, True):
        device.turn(on)
        assert is_on() is on
    assert device.name


@pytest.mark.parametrize(
    "broken",
    [
        FakeSwitch(failures=1),
        CommandSwitch("lamp", ["no-such-program --on"], ["false"]),
        CommandSwitch("lamp", ["false"], ["false"]),
        CommandSwitch("lamp", ["sh -c 'echo burnt >&2; exit 3'"], ["false"]),
        Projector("127.0.0.1", 9),
    ],
)
def test_one_that_does_not_answer_says_so_in_a_line(broken: Switch):
    with pytest.raises(DeviceError) as told:
        broken.turn(True)
    assert str(told.value).startswith(broken.name)
    assert "\n" not in str(told.value)


def test_the_standards_own_example_of_a_password():
    assert digest(NUMBER, "JBMIAProjectorLink") == "5d8409bc1c3fa39749434aa3a5c38682"


def test_a_projector_on_its_way_is_left_alone(projector: FakeProjector):
    device = Projector("127.0.0.1", projector.port, "JBMIAProjectorLink")
    for power, on, heard in (("3", True, 1), ("1", True, 1), ("2", False, 1), ("2", True, 2)):
        projector.power, projector.heard = power, []
        device.turn(on)
        assert len(projector.heard) == heard


@pytest.mark.parametrize(
    ("key", "answer", "says"),
    [
        ("%1POWR 1", b"%1POWR=ERR3\r", "warms up or cools down"),
        ("%1POWR 1", b"%1POWR=ERR4\r", "fault of its own"),
        ("%1POWR ?", b"%1INPT=1\r", "answers"),
        ("%1POWR ?", b"\xff" * 500, "hangs up"),
        ("%1POWR ?", b"%1PO", "hangs up"),
        ("greeting", b"HTTP/1.1 400 Bad Request\r", "no PJLink"),
        ("greeting", b"", "answer"),
    ],
)
def test_whatever_a_projector_says_it_is_one_line(projector, key, answer, says, monkeypatch):
    monkeypatch.setattr(pjlink, "PATIENCE", 0.3)
    projector.answers[key] = answer
    with pytest.raises(DeviceError, match=says):
        Projector("127.0.0.1", projector.port, "JBMIAProjectorLink").turn(True)


@pytest.mark.parametrize(("password", "says"), [("wrong", "refuses"), ("", "wants a password")])
def test_a_wrong_password_is_named(projector: FakeProjector, password: str, says: str):
    with pytest.raises(DeviceError, match=says):
        Projector("127.0.0.1", projector.port, password).turn(True)


def test_dpms_is_asked_of_the_display_that_is_there(tmp_path: Path, monkeypatch):
    log = tmp_path / "log"
    program = tmp_path / "xset"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":5")
    screens = dpms()
    screens.turn(False)
    screens.turn(True)
    assert screens.name == "screens of :5"
    assert "dpms force off" in log.read_text()
    assert log.read_text().splitlines()[-3:] == ["dpms force on", "-dpms", "s off"]


@pytest.mark.screen
@pytest.mark.usefixtures("virtual_screen")
def test_a_display_without_power_saving_says_so():
    """Xvfb has no DPMS, and xset complains of that without an exit code."""
    if not shutil.which("xset"):
        pytest.skip("no xset here")
    with pytest.raises(DeviceError, match="does not have"):
        dpms().turn(False)


def test_a_schedule_names_its_switches(tmp_path: Path):
    text = """
models: {m: {test_card: {}}}
scenes: {one: {model: m, look: []}}
schedule:
  screen: [{dpms: true}, {pjlink: {host: 10.0.0.5}}, {on: cec-ctl --on, off: cec-ctl --off}]
  volume: {on: wpctl 1, off: wpctl 0}
"""
    show, _ = loads(text, tmp_path)
    names = [switch.name.split()[0] for switch in switches(show.schedule)]
    assert names == ["screens", "projector", "screen", "volume"]
    assert switches(None) == []
