from pathlib import Path

import pytest

from installation.stage.thermometer import Thermometer


def sensor(folder: Path, degrees: float, name: str = "0", limit: float | None = None) -> None:
    zone = folder / f"thermal_zone{name}"
    zone.mkdir(exist_ok=True)
    (zone / "temp").write_text(f"{round(degrees * 1000)}\n")
    if limit:
        (zone / "trip_point_0_type").write_text("critical\n")
        (zone / "trip_point_0_temp").write_text(f"{round(limit * 1000)}\n")


def readings(folder: Path, *degrees: float) -> list[bool]:
    thermometer, found = Thermometer(folder), []
    for each in degrees:
        sensor(folder, each)
        thermometer.poll()
        found.append(thermometer.hot)
    return found


def test_hot_near_the_limit_and_cool_only_well_below(tmp_path: Path):
    assert readings(tmp_path, 40, 91, 93, 91, 83, 81, 91) == [0, 0, 1, 1, 1, 0, 0]


def test_a_sensor_may_tell_its_own_limit(tmp_path: Path):
    sensor(tmp_path, 40, limit=80)
    assert readings(tmp_path, 70, 73) == [False, True]


def test_the_hottest_sensor_counts(tmp_path: Path):
    sensor(tmp_path, 99, name="7")
    assert readings(tmp_path, 30) == [True]


@pytest.mark.parametrize("words", ["", "warm", "9" * 500, None])
def test_a_sensor_that_tells_nothing_is_not_hot(tmp_path: Path, words: str | None):
    zone = tmp_path / "thermal_zone0"
    zone.mkdir()
    if words is not None:
        (zone / "temp").write_text(words)
    thermometer = Thermometer(tmp_path)
    thermometer.poll()
    assert not thermometer.hot


def test_a_machine_without_sensors_is_never_hot(tmp_path: Path):
    thermometer = Thermometer(tmp_path / "none")
    thermometer.poll()
    assert not thermometer.hot
