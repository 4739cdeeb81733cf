"""What every sink must do, wherever it sends the picture, and what its worker makes of it."""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from installation.errors import DeviceError
from installation.outputs.codecs import CODECS
from installation.outputs.recorder import Recorder
from installation.outputs.share import ShareSink
from installation.outputs.sink import Kept, Picture, Sink
from installation.outputs.spout import SpoutSink
from installation.outputs.syphon import SyphonSink
from installation.outputs.worker import Worker

Make = Callable[[Path], Sink]
pytestmark = pytest.mark.alone

HANG = 20.0  # seconds


def ndi(folder: Path) -> Sink:
    pytest.importorskip("cyndilib")
    from installation.outputs.ndi import NdiSink

    return NdiSink("contract")


SINKS: dict[str, Make] = {
    "kept": lambda folder: Kept(),
    "share": lambda folder: ShareSink(folder / "shared"),
    "ndi": ndi,
    **{name: lambda folder, name=name: Recorder(folder, name, 10**9) for name in CODECS},
}
every = pytest.mark.parametrize("make", SINKS.values(), ids=SINKS.keys())


def picture(width: int = 64, height: int = 48, shade: int = 90) -> Picture:
    return np.full((height, width, 4), shade, np.uint8)


@every
def test_it_takes_pictures_of_any_size_and_leaves_them_as_they_are(make: Make, tmp_path: Path):
    sink = make(tmp_path)
    for count, size in enumerate([(64, 48), (64, 48), (96, 64), (65, 49)]):
        given = picture(*size)
        sink.send(given, 10.0 + count / 30)
        assert (given == 90).all()
    sink.close()


@every
def test_it_closes_twice_and_unused(make: Make, tmp_path: Path):
    sink = make(tmp_path)
    sink.close()
    sink.close()


@pytest.mark.parametrize(("sink", "extra"), [(SpoutSink, "spout"), (SyphonSink, "syphon")])
def test_what_is_not_installed_is_said_with_the_remedy(sink: Callable[[str], Sink], extra: str):
    with pytest.raises(DeviceError, match=rf"pip install 'installation\[{extra}\]'"):
        sink("missing")


def soon(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Stuck(Kept):
    """Takes a picture only when let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Semaphore(0)

    def send(self, picture: Picture, at: float) -> None:
        self.let.acquire()
        super().send(picture, at)


def test_a_worker_passes_everything_on_and_closes():
    sink = Kept()
    worker = Worker("kept", lambda: sink, room=10**6)
    for count in range(20):
        worker.offer(picture(shade=count), float(count))
    worker.finish()
    assert worker.join()
    assert [at for _, at in sink.pictures] == list(range(20))
    assert sink.closed
    assert worker.status() == {"sent": 20, "dropped": 0, "error": None}


def test_a_stuck_sink_keeps_nobody_waiting_and_gets_the_newest():
    sink = Stuck()
    worker = Worker("stuck", lambda: sink)
    worker.offer(picture(), 0.0)
    soon(lambda: not worker._waiting)
    for count in range(1, 200):
        worker.offer(picture(), float(count))
    assert len(worker._waiting) == 1
    assert worker.dropped == 198
    sink.let.release(2)
    soon(lambda: len(sink.pictures) == 2)
    assert [at for _, at in sink.pictures] == [0.0, 199.0]
    worker.finish()
    assert worker.join()


def test_a_recorder_that_cannot_follow_takes_no_more_memory_than_it_may():
    sink, one = Stuck(), picture().nbytes
    worker = Worker("slow disk", lambda: sink, room=10 * one)
    for count in range(500):
        worker.offer(picture(), float(count))
        assert worker._bytes <= 10 * one
    assert worker.dropped >= 489
    sink.let.release(500)
    worker.finish()
    assert worker.join()
    times = [at for _, at in sink.pictures]
    assert times == sorted(times)
    assert times[:10] == list(range(10))  # one gap, at the end


def test_a_sink_that_raises_is_made_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("installation.outputs.worker.PAUSES", (0.01,))
    sinks: list[Kept] = []

    def make() -> Sink:
        sinks.append(Kept())
        if len(sinks) < 3:
            raise RuntimeError("no such device")
        return sinks[-1]

    worker = Worker("poor", make)
    soon(lambda: worker.error is not None)
    assert "no such device" in str(worker.error)
    soon(lambda: len(sinks) == 3)
    worker.offer(picture(), 1.0)
    soon(lambda: worker.sent == 1)
    assert worker.error is None
    worker.finish()
    assert worker.join()


def test_a_sink_that_nothing_can_be_made_of_ends_with_its_worker():
    worker = Worker("none", lambda: shutil.copy("/nowhere", "/nothing"))  # type: ignore[arg-type]
    soon(lambda: worker.error is not None)
    worker.finish()
    assert worker.join()
