import logging

import pytest

from installation.logs import Guard


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
