"""A whole show that is filmed and shared, steered by OSC; and a stage that does not notice."""

import subprocess
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.outputs.test_share import read
from tests.running.show import RunningShow, kill, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
SHOW = """
title: Filmed
models:
  card: {{test_card: {{size: 64x64}}}}
  other: {{test_card: {{size: 96x96}}}}
scenes:
  one: {{model: card, walk: {{kind: loop, period: 20s}}, look: []}}
  two: {{model: other, walk: {{kind: loop, period: 20s, seed: 5}}, look: []}}
inputs: {{osc: {{port: {osc}}}, audio: null}}
outputs:
  - window: {{size: 320x180}}
  - record: {{folder: films}}
  - share: {{file: SHARED}}
panel: {{port: {panel}}}
"""


def press(show: RunningShow, address: str, *words: str) -> None:
    subprocess.run(["oscsend", "127.0.0.1", str(show.osc), address, *words], check=True)


def sent(status: dict[str, Any], sink: str) -> int:
    """Pictures that a sink has had; none before it is there."""
    return status["outputs"].get("sinks", {}).get(sink, {}).get("sent", 0)


def test_a_show_is_filmed_shared_and_kept_without_the_stage_noticing(tmp_path: Path):
    shared = tmp_path / "shared"
    text = SHOW.replace("SHARED", str(shared))
    with running(tmp_path, "--headless", "--size", "320x180", text=text) as show:
        show.live()
        show.until("the shared picture", lambda s: sent(s, f"share {shared}"))
        assert "320x180" in read(shared, tmp_path / "out.ppm")
        press(show, "/capture/still")
        press(show, "/scene/fade", "f", "2")
        press(show, "/record/start")
        show.until("a film", lambda s: (s["outputs"]["film"] or {}).get("sent", 0) > 5)
        press(show, "/scene", "i", "1")
        time.sleep(3.5)
        press(show, "/record/stop")
        status = show.until("its end", lambda s: not s["outputs"]["recording"])
        kill(status["outputs"]["pid"])
        show.until(
            "another outputs process", lambda s: s["outputs"]["pid"] != status["outputs"]["pid"]
        )
        report = show.end()
    assert report["restarts"]["stage"] == 0
    assert report["presented"]["black"] == 0
    assert len(list((tmp_path / "films").glob("*.png"))) == 1
    (film,) = (tmp_path / "films").glob("*.mp4")
    filmed(film)


def filmed(path: Path) -> None:
    """A crossfade without a jump: no step between two pictures is far beyond the usual one."""
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    times = [float(frame.time or 0.0) for frame in frames]
    small = [frame.to_ndarray(format="gray")[::4, ::4].astype(float) for frame in frames]
    steps = np.array([abs(b - a).mean() for a, b in pairwise(small)])
    gaps = np.diff(times)
    across = abs(small[-1] - small[0]).mean()
    print(
        f"{len(frames)} pictures in {times[-1]:.2f} s, longest gap {1e3 * gaps.max():.0f} ms; "
        f"largest step {steps.max():.1f} of 255, median {np.median(steps):.2f}, "
        f"{across:.1f} from one scene to the other"
    )
    assert times == sorted(times)
    assert len(frames) > 30
    assert across > 8  # it did cross over
    assert steps.max() < across / 2  # a cut would be one step, all of the way
