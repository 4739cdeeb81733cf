"""A TensorRT engine comes into a running show: built beside it, looked at, crossed over to; and
whatever becomes of its builder, the show plays on. The card and the library are rigged_card's."""

import json
import os
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from pythonosc.udp_client import SimpleUDPClient

from tests.running.show import RunningShow, kill, running
from tests.small_models import TINY, random_tensors, write_model

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

RIG = Path(__file__).parent / "rigged_card"
MODELS = ("crashing", "wrong", "hanging", "good")
SHOW = """
title: Engines
models: {{crashing: crashing, wrong: wrong, hanging: hanging, good: good}}
scenes:
  crashing: {{model: crashing, look: []}}
  wrong: {{model: wrong, look: []}}
  hanging: {{model: hanging, look: []}}
  good: {{model: good, look: []}}
inputs: {{osc: {{port: {osc}}}, audio: null}}
panel: {{port: {panel}}}
"""


class Rigged:
    """A show on a machine whose card, TensorRT and builders do as a test tells them."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self.engines = folder, folder / "cache" / "installation" / "engines"
        for seed, name in enumerate(MODELS):
            write_model(folder / name, TINY, random_tensors(TINY, seed))
        self.tell(builds="crash", version="11.4")
        paths = [str(RIG), *filter(None, [os.environ.get("PYTHONPATH")])]
        patch.setenv("PYTHONPATH", os.pathsep.join(paths))
        patch.setenv("RIGGED_CARD", str(folder))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))

    def tell(self, **files: str) -> None:
        """What the next builders come to, and the TensorRT of processes that are yet to start."""
        for name, words in files.items():
            (self._folder / f"{name}.new").write_text(words)
            (self._folder / f"{name}.new").replace(self._folder / name)

    def notes(self) -> list[dict[str, Any]]:
        """What is kept beside the engines that are there."""
        return [json.loads(engine.with_suffix(".json").read_text()) for engine in self._kept()]

    def _kept(self) -> list[Path]:
        return list(self.engines.glob("*.engine"))


def _seen(status: dict[str, Any], scene: str) -> str:
    """The deck that plays a scene alone; empty while there is none."""
    place = float(MODELS.index(scene))
    a, b = (status["values"][f"/state/deck_{deck}"] for deck in "ab")
    return {(place, -1.0): "deck_a", (-1.0, place): "deck_b"}.get((a, b), "")


def _alone(show: RunningShow, scene: str, backend: str) -> str:
    """Wait until a scene is on the wall, nothing else, painted by `backend`; the deck."""

    def stands(status: dict[str, Any]) -> bool:
        deck = _seen(status, scene)
        return bool(deck) and str(status["health"][deck].get("backend")).startswith(backend)

    return _seen(show.until(f"{scene} alone on {backend}", stands), scene)


def _builders(show: RunningShow) -> list[psutil.Process]:
    """The builders beneath the decks."""
    below = psutil.Process(show.process.pid).children(recursive=True)
    return [one for one in below if _builds(one)]


def _builds(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # it ended just now
        return "installation.decks.engine_builder" in process.cmdline()
    return False


def test_an_engine_comes_into_a_running_show_and_no_builder_can_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rigged = Rigged(tmp_path, monkeypatch)
    with running(tmp_path, "--headless", "--size", "320x180", text=SHOW) as show:
        show.patience = 150.0  # torch and ONNX Runtime are loaded nine times, some at nice 19
        with closing(SimpleUDPClient("127.0.0.1", show.osc)) as client:
            client.send_message("/scene/fade", 0.5)

            def scene(name: str, builds: str) -> str:
                rigged.tell(builds=builds)
                client.send_message("/scene", name)
                return _alone(show, name, "openvino")

            show.live()
            show.says("small: no TensorRT engine: the builder ended with -11")
            scene("wrong", "spoil")
            show.says("% off; it is not used")
            assert not rigged.notes()

            scene("hanging", "hang")
            show.until("a builder", lambda s: _builders(show))
            hung = _builders(show)[0]
            before = show.status()["health"]
            show.until("pictures beside it", lambda s: _frames(s) > _frames({"health": before}) + 5)
            former = scene("good", "hang")
            process = show.status()["pids"][former]
            show.until("the hung builder ended", lambda s: not hung.is_running())
            rigged.tell(builds="well")
            deck = _alone(show, "good", "tensorrt 11.4")
            show.until("the former released", lambda s: s["pids"][former] not in (None, process))
            assert deck != former
            (note,) = rigged.notes()
            assert note["error"] < 0.01
            assert "small: its TensorRT engine is built in" in show.log

            # After an update of TensorRT the engine is stale: a deck that is started anew plays on
            # another backend until that version's is built, and is crossed over from again.
            rigged.tell(version="11.5", builds="hang")
            killed = show.status()["pids"][deck]
            kill(killed)
            show.until("its successor", lambda s: s["health"][deck]["pid"] not in (None, killed))
            _alone(show, "good", "openvino")
            rigged.tell(builds="well")
            _alone(show, "good", "tensorrt 11.5")
            (note,) = rigged.notes()
            assert note["key"]["library"] == "tensorrt 11.5"
        report = show.end()
    assert report["presented"]["black"] == 0
    assert report["restarts"] == {"desk": 0, "deck": 1, "stage": 0}
    assert show.log.count("no TensorRT engine") == 2
    assert "Traceback" not in show.log


def _frames(status: dict[str, Any]) -> int:
    return sum(status["health"][deck].get("frames") or 0 for deck in ("deck_a", "deck_b"))
