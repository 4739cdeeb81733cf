"""What a controller and a TouchDesigner are told, on real sockets, read by liblo and by our own."""

import errno
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest

from installation.control.parameters import Kind, Scope, Table
from installation.control.rows import house_rows
from installation.inputs.osc_wire import Message, decode
from installation.outputs import osc_sender
from installation.outputs.osc_feedback import AGAIN, MAX_SENTENCE, PERIOD, SENTENCE, Feedback
from installation.outputs.osc_sender import FIRST_PAUSE, LONGEST_PAUSE, Sender

HERE = "127.0.0.1"
TABLE = Table(house_rows(["sea", "sky"]))
GOALS = np.array([row.default for row in TABLE], dtype=np.float64)
STATE = {row.address for row in TABLE if row.scope is Scope.STATE}
TRIGGERS = {row.address for row in TABLE if row.kind is Kind.TRIGGER}
FADERS = {row.address for row in TABLE} - STATE - TRIGGERS


class Ear:
    """A controller's socket, and its host and port."""

    def __init__(self, host: str = HERE) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.place: tuple[str, int] = self.socket.getsockname()

    def messages(self) -> list[Message]:
        """Everything that has arrived; loopback delivers before `sendto` returns."""
        heard: list[Message] = []
        while True:
            try:
                heard += decode(self.socket.recv(9000))
            except BlockingIOError:
                return heard

    def told(self) -> dict[str, float]:
        return {m.address: m.args[0] for m in self.messages() if m.address in FADERS}


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    with ear.socket:
        yield ear


@contextmanager
def telling(*ears: Ear) -> Iterator[Feedback]:
    with closing(Feedback([ear.place for ear in ears], TABLE)) as feedback:
        yield feedback


def with_value(address: str, value: float) -> np.ndarray:
    goals = GOALS.copy()
    goals[TABLE.index(address)] = value
    return goals


def test_the_first_round_tells_all_and_the_next_only_what_is_new(ear: Ear):
    with telling(ear) as feedback:
        feedback.tell(GOALS, GOALS, "all is well", 0.0)
        first = ear.messages()
        assert {m.address for m in first} == FADERS | STATE | {SENTENCE}
        assert Message(SENTENCE, ("all is well",)) in first
        feedback.tell(with_value("/walk/speed", 0.25), GOALS, "all is well", PERIOD)
        second = {m.address: m.args for m in ear.messages()}
    assert second["/walk/speed"] == (0.25,)
    again = {address for address in FADERS if TABLE.index(address) % AGAIN == 2}
    assert set(second) == {"/walk/speed"} | STATE | again


def test_every_number_is_a_float_that_a_chop_can_take(ear: Ear):
    goals = with_value("/master/blackout", 1.0)
    goals[TABLE.index("/scene")] = 1.0
    values = with_value("/state/picture_age", np.nan)
    values[TABLE.index("/state/live_fps")] = np.inf
    with telling(ear) as feedback:
        feedback.tell(goals, values, "all is well", 0.0)
    heard = {m.address: m.args for m in ear.messages() if m.address != SENTENCE}
    assert all(len(args) == 1 and type(args[0]) is float for args in heard.values())
    assert heard["/master/blackout"] == heard["/scene"] == (1.0,)
    assert heard["/state/picture_age"] == heard["/state/live_fps"] == (0.0,)


def test_a_trigger_s_count_is_told_nobody(ear: Ear):
    with telling(ear) as feedback:
        feedback.tell(with_value("/scene/next", 3.0), GOALS, "all is well", 0.0)
    assert not TRIGGERS & {m.address for m in ear.messages()}


def test_the_hand_that_moved_a_fader_is_not_told_and_all_others_are():
    try:
        mover, other = Ear("127.0.0.2"), Ear()
    except OSError:
        pytest.skip("only 127.0.0.1 is this machine")
    with mover.socket, other.socket, telling(mover, other) as feedback:
        feedback.tell(GOALS, GOALS, "", 0.0)
        mover.messages(), other.messages()
        feedback.heard("127.0.0.2", "/walk/speed", 9.0, 1.0)  # the table's end is 4
        feedback.tell(with_value("/walk/speed", 4.0), GOALS, "", 1.0)
        assert "/walk/speed" not in mover.told()
        assert other.told()["/walk/speed"] == 4.0
        feedback.tell(with_value("/walk/speed", 1.5), GOALS, "", 3.0)
        assert mover.told()["/walk/speed"] == other.told()["/walk/speed"] == 1.5


def test_a_controller_that_comes_late_knows_all_within_five_seconds(ear: Ear):
    with telling(ear) as feedback:
        feedback.tell(GOALS, GOALS, "all is well", 0.0)
        ear.messages()
        told: set[str] = set()
        for step in range(AGAIN):
            feedback.tell(GOALS, GOALS, "all is well", step * PERIOD)
            told |= {m.address for m in ear.messages()}
    assert told == FADERS | STATE | {SENTENCE}


def test_the_sentence_comes_when_it_changes_and_once_a_second(ear: Ear):
    with telling(ear) as feedback:
        for step in range(30):
            words = "all is well" if step < 15 else "x" * 500
            feedback.tell(GOALS, GOALS, words, step * PERIOD)
    words = [m.args[0] for m in ear.messages() if m.address == SENTENCE]
    assert words == ["all is well"] * 2 + ["x" * MAX_SENTENCE] * 3


def test_a_program_that_is_not_there_yet_is_told_as_soon_as_it_is():
    ear = Ear()
    ear.socket.close()
    with telling(ear) as feedback:
        for step in range(50):
            feedback.tell(GOALS, GOALS, "all is well", step * PERIOD)
        assert feedback.status()["error"] is None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
            late.bind(ear.place)
            late.settimeout(5)
            feedback.tell(GOALS, GOALS, "all is well", 9.0)
            assert late.recv(9000).startswith(b"/")


def test_a_lost_network_is_tried_less_and_less_often_and_told_when_it_is_back(
    ear: Ear, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    tries: list[float] = []

    class Broken:
        def __init__(self, *_: object) -> None:
            tries.append(now)

        def __getattr__(self, name: str):
            return lambda *_: None

        def sendto(self, *_: object) -> None:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    sender = Sender(*ear.place)
    with monkeypatch.context() as patch:
        patch.setattr(osc_sender.socket, "socket", Broken)
        for step in range(2000):
            now = step * PERIOD
            assert sender.send([b"a", b"b"], now) == 0
    pauses = np.diff(tries)
    assert pauses[0] == pytest.approx(FIRST_PAUSE, abs=2 * PERIOD)
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE, abs=2 * PERIOD)
    assert (sender.sent, sender.dropped) == (0, 4000)
    assert sender.error is not None
    assert "unreachable" in sender.error
    assert len([r for r in caplog.records if "cannot tell" in r.message]) == 1
    assert sender.send([b"a", b"b"], now + LONGEST_PAUSE) == 2
    assert sender.error is None
    sender.close()


def test_a_full_buffer_drops_and_what_was_dropped_is_told_next_time(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
):
    room = 3

    def narrow(real: socket.socket, data: bytes, to: tuple[str, int]) -> int:
        nonlocal room
        if not room:
            raise BlockingIOError
        room -= 1
        return plain(real, data, to)

    plain = socket.socket.sendto
    with telling(ear) as feedback, monkeypatch.context() as patch:
        patch.setattr(socket.socket, "sendto", narrow)
        feedback.tell(GOALS, GOALS, "", 0.0)
        assert len(ear.told()) == 3
        assert feedback.status()["error"] is None
        room = 1000
        feedback.tell(GOALS, GOALS, "", PERIOD)
        assert len(ear.told()) >= len(FADERS) - 3


def test_an_answer_is_never_read_and_changes_nothing(ear: Ear):
    with telling(ear) as feedback:
        feedback.tell(GOALS, GOALS, "", 0.0)
        _, sender = ear.socket.recvfrom(9000)
        for _ in range(200):
            ear.socket.sendto(b"/walk/speed\0,f\0\0\0\0\0\0" * 50, sender)
        ear.messages()
        feedback.tell(with_value("/walk/speed", 2.0), GOALS, "", PERIOD)
        assert ear.told()["/walk/speed"] == 2.0


@pytest.mark.skipif(not shutil.which("oscdump"), reason="liblo is not installed")
def test_liblo_reads_it():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    dump = subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True)
    lines: list[str] = []
    with closing(Feedback([(HERE, port)], TABLE)) as feedback:
        try:
            assert dump.stdout is not None
            for step in range(100):  # until it listens
                feedback.tell(with_value("/steer/x", -0.5), GOALS, "all is well", step * PERIOD)
                time.sleep(0.02)
        finally:
            dump.terminate()
            lines = dump.communicate(timeout=10)[0].splitlines()
    said = {line.split(" ", 1)[1] for line in lines}
    assert '/state/status s "all is well"' in said
    assert "/steer/x f -0.500000" in said
    assert "/state/crossfade f 0.000000" in said
