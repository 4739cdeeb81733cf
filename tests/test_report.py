import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from installation.health import PROCESSES
from installation.report import COUNTERS, build, counted
from installation.session import Session
from installation.supervise.child import Child

PROMISED = {
    "seconds": None,
    "first_picture_s": None,
    "generated": {"frames", "fps"},
    "presented": {"frames", "fps", "interval_ms", "oldest_picture_ms", "black"},
    "control_ms": {"osc", "audio", "keys"},
    "osc": {"applied", "refused", "unknown", "dropped", "foreign", "limited"},
    "audio": {"device", "updates_per_s"},
    "restarts": {"desk", "deck", "stage"},
    "memory_mb": {"total"},
}
NO_OSC = dict.fromkeys(("applied", "refused", "unknown", "dropped", "foreign", "limited"), 0)
NOTHING: dict[str, Mapping[str, Any]] = {name: {} for name in PROCESSES}
FULL: dict[str, Mapping[str, Any]] = {
    "supervisor": {
        "pid": 1,
        "at": 100.0,
        "seconds": 22.0,
        "first_picture_s": 2.0,
        "restarts": {"desk": 1, "deck": 2, "stage": 0},
        "memory_mb": {"total": 400.5, "peak": 420.0},
        "lost": {"deck_a": {"total": 100.0, "discarded": 1.0}},
        "buried": {"deck_a": 9},
    },
    "stage": {
        "pid": 2,
        "presented": 1200,
        "black": 0,
        "torn": 1,
        "interval_ms": {"p50": 16.6, "p95": 17.0, "p99": 18.0, "max": 20.0},
        "oldest_picture_ms": 30.0,
        "control_ms": {"osc": {"count": 3, "p50": 9.0, "p95": 12.0}, "audio": {}, "keys": {}},
    },
    "deck_a": {"pid": 3, "total": 900, "discarded": 0, "frames": 4},
    "deck_b": {"pid": 4, "total": 10},
    "desk": {
        "pid": 5,
        "osc": {"applied": 7, "refused": 1, "unknown": 2, "dropped": 0, "error": None},
        "audio": {"device": "Null", "updates_per_s": 93.8, "error": None},
        "dropped_strokes": 0,
    },
}


@pytest.mark.parametrize("records", [NOTHING, FULL], ids=["before anything wrote", "running"])
def test_it_has_the_promised_shape_at_any_moment(records: dict[str, Mapping[str, Any]]):
    report = build(records)
    for key, inner in PROMISED.items():
        assert key in report
        assert inner is None or inner <= report[key].keys()
    assert report["presented"]["interval_ms"].keys() == {"p50", "p95", "p99", "max"}


def test_figures_come_from_the_process_that_knows_them():
    report = build(FULL)
    assert (report["seconds"], report["first_picture_s"]) == (22.0, 2.0)
    assert report["generated"] == {"frames": 1010, "fps": 50.5}
    assert report["presented"]["frames"] == 1200
    assert report["presented"]["fps"] == 60.0
    assert report["presented"]["interval_ms"]["p99"] == 18.0
    assert report["presented"]["black"] == 0
    assert report["control_ms"]["osc"]["p95"] == 12.0
    assert report["osc"] == {**NO_OSC, "applied": 7, "refused": 1, "unknown": 2}
    assert report["audio"]["device"] == "Null"
    assert report["restarts"] == {"desk": 1, "deck": 2, "stage": 0}
    assert report["memory_mb"]["total"] == 400.5
    assert report["torn"] == 1
    assert report["discarded"] == 1


def test_before_the_first_picture_there_is_no_rate():
    report = build({**FULL, "supervisor": {"seconds": 1.0}})
    assert report["first_picture_s"] is None
    assert report["generated"]["fps"] == 0.0


@pytest.mark.parametrize(
    "desk", [{"osc": {"error": None}, "audio": {"error": None}}, {"osc": None}]
)
def test_an_input_that_is_off_counts_nothing(desk: dict[str, Any]):
    report = build({**FULL, "desk": desk})
    assert report["osc"] == NO_OSC
    assert report["audio"]["device"] is None


def test_the_report_is_json():
    assert json.loads(json.dumps(build(FULL)))["osc"]["applied"] == 7


class Dying(Child):
    """A child whose process is a short sleep instead of the show's."""

    def __init__(self) -> None:
        session = Session(arena_fd=0, parent=0, started=0.0, show_folder=str(Path.cwd()))
        super().__init__("deck_a", ("this",), session)
        self._command = ["sleep", "60"]

    def die(self) -> None:
        process = self._process
        assert process
        process.kill()
        process.wait()


def total(child: Child, record: Mapping[str, Any]) -> int:
    supervisor = {"lost": {"deck_a": child.lost}, "buried": {"deck_a": child.buried}}
    return build({**NOTHING, "supervisor": supervisor, "deck_a": record})["generated"]["frames"]


def test_counters_go_on_over_restarts_and_never_step_back():
    child, record = Dying(), {}
    seen = [total(child, record)]
    try:
        for life in range(1, 4):
            now = 1000.0 * life
            child.look(record, now)  # started; its forebear's record still stands
            seen.append(total(child, record))
            record = {"pid": child.pid, "beat": 1, "total": 50, "discarded": 2}
            child.look(record, now + 1)
            seen.append(total(child, record))
            child.die()
            seen.append(total(child, record))
            child.look(record, now + 2)  # buried
            seen.append(total(child, record))
    finally:
        child.kill()
    assert seen == [0, 0, 50, 50, 50, 50, 100, 100, 100, 100, 150, 150, 150]
    assert child.restarts == 3


def test_a_child_that_died_before_its_first_record_loses_nothing_twice():
    child = Dying()
    record = {"pid": -1, "beat": 1, "total": 50}
    try:
        child.look(record, 0.0)
        child.die()
        child.look(record, 1.0)
    finally:
        child.kill()
    assert child.lost.get("total", 0.0) == 0.0


@pytest.mark.parametrize("process", COUNTERS)
def test_a_record_without_counters_counts_nothing(process: str):
    assert set(counted(process, {}).values()) == {0.0}
