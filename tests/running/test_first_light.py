"""The shipped model on real input: an OSC client, a sound server, a keyboard, a film."""

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import ImageGrab

from tests.running.show import ROOT, running
from tests.sound import VirtualMicrophone

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

TIDES = """
title: Tides
models: {{sea: %s}}
scenes:
  waves: {{model: sea, walk: {{kind: waves, period: 60s, seed: 7}}, axes: {{x: storm}},
    steer: {{steer/x: {{from: osc/wall/x, range: [-1, 1]}},
             walk/tide: {{from: audio/level, range: [1, 3], smooth: 0.1}}}}}}
  ember: {{model: sea, walk: {{kind: waves, seed: 3, lean: {{vermilion: 1.5}}}}}}
inputs:
  osc: {{port: {osc}}}
  audio: %s
  keys: {{b: master/blackout, right: scene/next, h: hud/visible, "?": hud/help, escape: quit}}
outputs: [{{window: {{size: 640x360}}}}]
panel: {{port: {panel}}}
"""


def _tides(audio: str = "null") -> str:
    return TIDES % (ROOT / "models/waves", audio)


def _oscsend(port: int, *words: str) -> None:
    subprocess.run(["oscsend", "localhost", str(port), *words], check=True, timeout=10)


def test_the_report_has_its_promised_shape_and_no_black_picture(tmp_path: Path) -> None:
    options = ("--headless", "--size", "320x180", "--seconds", "8")
    with running(tmp_path, *options, text=_tides()) as show:
        show.process.wait(60)
        report = show.end()
    print(json.dumps({k: v for k, v in report.items() if k not in ("health", "values")}, indent=1))
    assert show.process.returncode == 0
    assert report["seconds"] == pytest.approx(8, abs=1)
    assert 0 < report["first_picture_s"] < 3 * 3
    assert report["generated"]["frames"] > 30
    assert report["presented"]["frames"] > 30
    assert set(report["presented"]["interval_ms"]) == {"p50", "p95", "p99", "max"}
    assert report["presented"]["oldest_picture_ms"] > 0
    assert report["presented"]["black"] == 0
    assert set(report["control_ms"]) == {"osc", "audio", "keys", "midi"}
    assert report["restarts"] == {"desk": 0, "deck": 0, "stage": 0}
    assert 0 < report["memory_mb"]["total"] < 1200


def test_a_real_osc_client_steers_the_walk(tmp_path: Path) -> None:
    with running(tmp_path, "--headless", "--size", "320x180", text=_tides()) as show:
        show.live()
        for step in range(20):
            _oscsend(show.osc, "/walk/speed", "f", str(0.5 + step / 10))
            time.sleep(0.05)
        _oscsend(show.osc, "/wall/x", "f", "1.0")
        _oscsend(show.osc, "/no/such/thing", "f", "1.0")
        _oscsend(show.osc, "/walk/spread", "f", "nan")
        status = show.until(
            "the values",
            lambda s: (
                abs(s["values"]["/walk/speed"] - 2.4) < 0.01
                and s["values"]["/steer/x"] > 0.9
                and s["osc"]["unknown"] == 1
            ),
        )
        report = show.end()
    assert status["osc"]["applied"] >= 20
    assert report["osc"]["refused"] == 1
    assert report["control_ms"]["osc"]["count"] > 0
    print("OSC to picture, ms:", report["control_ms"]["osc"])


def test_a_real_sound_steers_the_tide(
    tmp_path: Path, virtual_microphone: VirtualMicrophone
) -> None:
    options = ("--headless", "--size", "320x180")
    with running(tmp_path, *options, text=_tides("{{device: default}}")) as show:
        show.live()
        show.until("the sound input", lambda s: s["audio"]["updates_per_s"] > 50)
        virtual_microphone.play(np.random.default_rng(0).standard_normal(48_000 * 5) * 0.2)
        loud = show.until("a level", lambda s: s["values"]["/audio/level"] > 0.3)
        show.until("the tide", lambda s: s["values"]["/walk/tide"] > 1.3)
        show.until("silence", lambda s: s["values"]["/audio/level"] < 0.05)
        report = show.end()
    print("audio:", report["audio"], report["control_ms"]["audio"])
    assert loud["audio"]["device"]
    assert report["audio"]["updates_per_s"] > 90
    assert report["control_ms"]["audio"]["count"] > 0


@pytest.mark.screen
def test_real_keys_in_a_real_window(tmp_path: Path, virtual_screen: str) -> None:
    def light() -> float:
        return float(np.asarray(ImageGrab.grab(xdisplay=virtual_screen)).mean())

    with running(tmp_path, text=_tides()) as show:
        show.live()
        lit = _settled(light, lambda value: value > 5)
        sky = _behind_the_help(virtual_screen)
        _key("key", "b")  # a touch is not enough
        _key("key", "question")
        show.until("the help", lambda s: s["values"]["/hud/help"] == 1)
        assert show.status()["values"]["/master/blackout"] == 0
        _settled(lambda: _behind_the_help(virtual_screen), lambda value: value < sky / 2)
        ImageGrab.grab(xdisplay=virtual_screen).save(tmp_path / "help.png")
        _key("key", "question")
        _key("keydown", "b")
        _settled(light, lambda value: value < 2)
        _key("keyup", "b")
        assert show.status()["values"]["/master/blackout"] == 1
        _key("keydown", "b")
        _settled(light, lambda value: value > lit / 2)
        _key("keyup", "b")
        _key("key", "Right")
        show.until("the next scene", lambda s: s["values"]["/scene"] == 1)
        _key("keydown", "Escape")
        show.process.wait(30)
        report = show.end()
    assert report["control_ms"]["keys"]["count"] >= 1
    assert report["presented"]["black"] == 0
    assert "the operator ended the show" in show.log


def _behind_the_help(display: str) -> float:
    """How light the screen is at the help's right border, where no letters stand."""
    pixels = ImageGrab.grab(xdisplay=display).crop((540, 20, 600, 100))
    return float(np.asarray(pixels).mean())


def _settled(measure: Callable[[], float], wanted: Callable[[float], bool]) -> float:
    value = -1.0
    for _ in range(150):
        value = measure()
        if wanted(value):
            return value
        time.sleep(0.1)
    raise AssertionError(f"the screen stays at {value:.1f}")


def _key(*action: str) -> None:
    """One xdotool action on the show's window, focused first: there is no window manager."""
    search = ["xdotool", "search", "--name", "Tides"]
    windows = subprocess.run(search, capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["xdotool", "windowfocus", windows[-1]], check=True)
    subprocess.run(["xdotool", *action], check=True)


def _render(*words: str) -> str:
    command = [sys.executable, "-m", "installation.cli", "render", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_rendered_film_opens_and_moves(tmp_path: Path) -> None:
    film = tmp_path / "waves.mp4"
    _render("--seconds", "2", "--fps", "12", "--size", "320x180", "--out", str(film))
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert stream.average_rate == 12
    assert len(pictures) == 24
    assert pictures[0].shape == (180, 320, 3)
    steps = [np.abs(b.astype(int) - a).mean() for a, b in itertools.pairwise(pictures)]
    assert min(steps) > 0, "the sea stands still"
    assert max(steps) < 4 * np.median(steps), "the sea jumps"


def test_rendered_pictures_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        _render("--seconds", "1", "--fps", "3", "--size", "320x180", "--out", str(folder))
    first, second = ({f.name: f.read_bytes() for f in folder.iterdir()} for folder in folders)
    assert len(first) == 3
    assert first == second


def test_other_scenes_look_otherwise(tmp_path: Path) -> None:
    shown: dict[str, Any] = {}
    for scene in ("waves", "ember"):
        out = tmp_path / scene
        words = ("--scene", scene, "--seconds", "0.1", "--fps", "10", "--size", "320x180")
        _render(*words, "--out", str(out))
        shown[scene] = (out / "000001.png").read_bytes()
    assert shown["waves"] != shown["ember"]
