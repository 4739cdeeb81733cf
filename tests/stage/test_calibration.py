"""The calibration's keys, and what is left of it after a restart."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.show.outputs import SQUARE, Window, convex
from installation.stage.calibrated import Calibrated
from installation.stage.calibration import ARROWS, KEYS, Calibrator
from installation.stage.mapping import Warp, straight

SIZES = [(1000, 500), (800, 800)]
WINDOWS = [Window(mesh=(3, 3)), Window(screen=1)]


@pytest.fixture
def calibrator() -> Calibrator:
    return Calibrator(WINDOWS, [Warp(), Warp()])


def tap(calibrator: Calibrator, *keys: str) -> None:
    for key in keys:
        assert calibrator.stroke(key, True, 0.0)
        assert calibrator.stroke(key, False, 0.1)
        calibrator.step(0.1, SIZES)


def test_an_arrow_moves_the_chosen_corner_by_a_pixel_and_shift_by_ten(calibrator: Calibrator):
    tap(calibrator, "right", "down")
    assert calibrator.warps[0].corners[0] == pytest.approx((0.001, 0.002))
    calibrator.stroke("lshift", True, 0.0)
    tap(calibrator, "right")
    calibrator.stroke("lshift", False, 0.0)
    assert calibrator.warps[0].corners[0] == pytest.approx((0.011, 0.002))
    tap(calibrator, "tab", "space", "left")
    assert calibrator.warps[1].corners[1] == pytest.approx((1 - 1 / 800, 0))
    assert calibrator.words == "window 2 of 2, top right - not saved"


def test_a_held_arrow_goes_on_until_it_is_let_go(calibrator: Calibrator):
    calibrator.stroke("down", True, 10.0)
    for frame in range(121):
        calibrator.step(10.0 + frame / 60, SIZES)
    moved = calibrator.warps[0].corners[0][1] * 500
    assert 30 < moved < 42  # a pixel, 0.4 s of patience, then 25 a second
    calibrator.stroke("down", False, 12.0)
    calibrator.step(20.0, SIZES)
    assert calibrator.warps[0].corners[0][1] * 500 == pytest.approx(moved)


def test_a_point_of_the_mesh_moves_alone(calibrator: Calibrator):
    tap(calibrator, "m", *["space"] * 4, "up")
    points = calibrator.warps[0].points
    assert points is not None
    assert points[1][1] == pytest.approx((0.5, 0.498))
    assert points[0] == straight(3, 3)[0]
    assert calibrator.place == pytest.approx((0.5, 0.498))
    tap(calibrator, "backspace")
    assert calibrator.warps[0] == Warp()


def test_other_keys_are_not_taken(calibrator: Calibrator):
    assert not calibrator.stroke("g", True, 0.0)
    assert not calibrator.stroke("escape", True, 0.0)


@given(st.lists(st.sampled_from([*ARROWS, *KEYS]), max_size=60), st.sampled_from([1, 400]))
def test_no_keys_make_a_quad_that_cannot_be_thrown(keys: list[str], far: int):
    calibrator = Calibrator(WINDOWS, [Warp(), Warp()])
    for key in keys:
        calibrator.stroke(key, True, 0.0)
        calibrator.step(0.0, [(1000 // far, 500 // far)] * 2)
        calibrator.stroke(key, False, 0.0)
    assert all(convex(warp.corners) for warp in calibrator.warps)
    assert calibrator.words


def kept(calibrated: Calibrated, warps: list[Warp]) -> None:
    calibrated.keep(WINDOWS, warps)
    for thread in threading.enumerate():
        if thread.name == "calibration":
            thread.join()


def test_a_calibration_survives_a_restart(tmp_path: Path):
    bent = Warp(((0.1, 0.0), (1, 0), (1, 1), (0, 0.9)), straight(3, 3))
    kept(Calibrated(str(tmp_path)), [bent, Warp()])
    assert Calibrated(str(tmp_path)).read(WINDOWS) == [bent, Warp()]
    assert Calibrated(str(tmp_path)).read(WINDOWS[::-1]) == [Warp(), bent]
    other = Window(mesh=(4, 3))
    assert Calibrated(str(tmp_path)).read([other])[0] == Warp(bent.corners)


def test_without_or_with_a_spoilt_file_show_yaml_holds(tmp_path: Path):
    asked = Window(corners=((0, 0.1), (1, 0), (1, 1), (0, 1)))
    assert Calibrated("").read([asked]) == [Warp(asked.corners)]
    kept(Calibrated(str(tmp_path)), [Warp(), Warp()])
    (tmp_path / "calibration").write_bytes(b"99 00000000\n[")
    assert Calibrated(str(tmp_path)).read([asked]) == [Warp(asked.corners)]


@pytest.mark.parametrize(
    "spoilt",
    [
        '{"k": 1}',
        '{"corners": [[0,0],[1,0],[1,1],[0,"x"]], "points": null}',
        '{"corners": [[0,0],[1,0],[0,1],[1,1]], "points": null}',
        '{"corners": [[0,0],[1,0],[1,1],[0,NaN]], "points": null}',
        '{"corners": [[0,0],[1e9,0],[1,1],[0,1]], "points": [[[0,0]]]}',
    ],
)
def test_what_cannot_be_thrown_is_left_aside(tmp_path: Path, spoilt: str):
    calibrated = Calibrated(str(tmp_path))
    kept(calibrated, [Warp(), Warp()])
    calibrated._store.write(  # pyright: ignore[reportOptionalMemberAccess]
        f'{{"0 (0.0, 0.0, 1.0, 1.0) 0 none": {spoilt}}}'.encode()
    )
    assert calibrated.read([Window()]) == [Warp(SQUARE)]
