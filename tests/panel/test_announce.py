"""The announcement, found by another program's zeroconf on this machine."""

import logging
import queue
import sys
import time
from contextlib import closing

import pytest

from installation.panel.announce import LONGEST, OSC, OSCQUERY, Announcement, service_name

zeroconf = pytest.importorskip("zeroconf")
MANY = 20.0  # seconds after which a test gives up


def test_a_browser_on_this_machine_finds_both_ports_and_the_end_of_the_show():
    seen: queue.Queue[tuple[str, str, int]] = queue.Queue()

    def changed(zeroconf, service_type, name, state_change) -> None:
        added = state_change.name == "Added"
        info = zeroconf.get_service_info(service_type, name) if added else None
        seen.put((service_type, state_change.name, info.port if info else 0))

    browser = zeroconf.Zeroconf(interfaces=["127.0.0.1"])
    try:
        zeroconf.ServiceBrowser(browser, [OSCQUERY, OSC], handlers=[changed])
        with closing(Announcement("Tides 3.1", "127.0.0.1", 8090, 9010)) as told:
            told.start()
            first = {seen.get(timeout=MANY) for _ in range(2)}
            assert first == {(OSCQUERY, "Added", 8090), (OSC, "Added", 9010)}
            assert told.error is None
        gone = {seen.get(timeout=MANY)[1] for _ in range(2)}
        assert gone == {"Removed"}
    finally:
        browser.close()


def test_without_the_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    with closing(Announcement("Tides", "127.0.0.1", 8090, None)) as told:
        told.start()
        end = time.monotonic() + MANY
        while not told.error:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert "installation[discovery]" in told.error


@pytest.mark.parametrize("title", ["Tides", "a.b._tcp", "", "ü" * 200, "\n", "x/y: z"])
def test_any_title_is_a_service_s_name(title: str):
    name = service_name(title)
    assert 0 < len(name.encode()) <= LONGEST
    assert "." not in name
    assert "\n" not in name
