import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from installation.logs import FAULTS, REST, WITHIN, Guard
from installation.session import ROOT


def fail(guard: Guard, what: str, times: int) -> None:
    for _ in range(times):
        with guard(what):
            raise RuntimeError("the cable is out")


def test_a_fault_does_not_leave_the_guard_and_its_log_does_not_flood(
    caplog: pytest.LogCaptureFixture,
):
    guard = Guard(logging.getLogger("guarded"), every=1000.0)
    fail(guard, "reading", 200)
    fail(guard, "writing", 1)
    assert guard.count("reading") == 200
    assert guard.count("writing") == 1
    assert guard.count("nothing") == 0
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


def test_a_fault_that_goes_on_is_said_again_in_one_line(caplog: pytest.LogCaptureFixture):
    guard = Guard(logging.getLogger("guarded"), every=0.0)
    fail(guard, "reading", 3)
    assert "failed 3 times, last: the cable is out" in caplog.records[-1].getMessage()
    assert caplog.records[-1].exc_info is None


def test_being_told_to_stop_passes_the_guard():
    guard = Guard(logging.getLogger("guarded"))
    with pytest.raises(KeyboardInterrupt), guard("work"):
        raise KeyboardInterrupt


CRASH = """
import logging, sys
from installation import logs
log = logs.start("stage", sys.argv[1])
log.warning("the %s is %d years old", "cable", 3)
log.error("broken %d", "words")
raise RuntimeError("out of light")
"""

BLOCKED = """
import sys, time
from installation import logs
log = logs.start("stage", sys.argv[1])
begun, longest = time.monotonic(), 0.0
for number in range(20_000):
    then = time.monotonic()
    log.info("%d %s", number, "x" * 100)
    longest = max(longest, time.monotonic() - then)
print(longest)
"""


def _run(program: str, folder: Path, **how: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, str(folder)]
    return subprocess.run(command, cwd=ROOT, text=True, timeout=60, **how)


def test_lines_go_to_the_terminal_and_as_json_to_a_file_and_so_does_what_ends_the_process(
    tmp_path: Path,
):
    done = _run(CRASH, tmp_path / "state", capture_output=True)
    assert done.returncode == 1
    assert done.stderr.count("the cable is 3 years old") == 1
    assert done.stderr.count("RuntimeError: out of light") == 1
    lines = (tmp_path / "state/stage.jsonl").read_text().splitlines()
    first, last = map(json.loads, lines)
    assert (first["process"], first["level"]) == ("stage", "WARNING")
    assert first["message"] == "the cable is 3 years old"
    assert first["at"].endswith("+00:00")
    assert last["level"] == "CRITICAL"
    assert "RuntimeError: out of light" in last["traceback"]


def test_a_terminal_that_takes_nothing_holds_nobody_up(tmp_path: Path):
    reader, writer = os.pipe()  # nobody reads: it is full after 64 KiB
    done = _run(BLOCKED, tmp_path, stdout=subprocess.PIPE, stderr=writer)
    os.close(reader)
    os.close(writer)
    print(f"the longest a line held up its writer: {float(done.stdout) * 1000:.2f} ms")
    assert done.returncode == 0
    assert float(done.stdout) < 1.0


def test_a_closed_terminal_is_no_fault(tmp_path: Path):
    reader, writer = os.pipe()
    os.close(reader)
    assert _run(BLOCKED, tmp_path, stdout=subprocess.PIPE, stderr=writer).returncode == 0
    os.close(writer)
    kept = (tmp_path / "stage.jsonl").read_text().splitlines()
    assert all(map(json.loads, kept))


def test_34_what_fails_ten_times_in_ten_seconds_is_left_out_and_tried_again_a_minute_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    now = [1000.0]
    monkeypatch.setattr("installation.logs.time.monotonic", lambda: now[0])
    guard = Guard(logging.getLogger("guarded"))
    fail(guard, "the plugin", FAULTS - 1)
    assert not guard.off("the plugin")
    fail(guard, "the plugin", 1)
    assert [guard.off("the plugin") for _ in range(50)] == [True] * 50
    assert caplog.text.count("left out for a while") == 1
    assert not guard.off("another")
    now[0] += REST + 1
    assert not guard.off("the plugin")
    for _ in range(20):  # now and then is no reason
        now[0] += WITHIN
        fail(guard, "the plugin", 1)
    assert not guard.off("the plugin")
