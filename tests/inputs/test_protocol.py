"""What every input must do, done with each of them."""

import logging
import threading
from collections.abc import Callable

import pytest

from installation.clock import MonotonicClock
from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.inputs.osc import OscInput
from installation.inputs.protocol import FakeInput, Input, Update


def osc() -> Input:
    """OSC on an address of a documentation network, which no machine has."""
    table = Table(house_rows(["sea"]))
    return OscInput(9000, "203.0.113.7", table, (), threading.Event(), MonotonicClock())


@pytest.mark.parametrize("make", [FakeInput, osc])
def test_an_input_opens_reports_and_closes_without_its_device(
    make: Callable[[], Input], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    device = make()
    assert device.drain() == []
    device.start()
    assert device.drain() == []
    assert "error" in device.status()
    device.close()
    device.close()


def test_a_fake_hands_on_what_it_was_given() -> None:
    fake = FakeInput()
    fake.waiting.append(Update("/walk/speed", 1.0, 0.0))
    assert fake.drain() == [Update("/walk/speed", 1.0, 0.0)]
    assert fake.drain() == []
