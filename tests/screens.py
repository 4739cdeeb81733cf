"""A screen without a monitor: Xvfb, for tests that open a real window."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SCREEN = "1280x720x24"
HANG = 20.0  # seconds


@contextmanager
def xvfb() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A display of its own, as the value that DISPLAY wants, and its server."""
    reader, writer = os.pipe()
    options = ["-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(
        ["Xvfb", *options], pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:  # Xvfb writes the number when it is ready
            yield f":{answer.readline().strip()}", server
    finally:
        server.terminate()
        server.wait(HANG)


@pytest.fixture
def virtual_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A display, which DISPLAY names while the test runs; gone after it."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    with xvfb() as (display, _):
        monkeypatch.setenv("DISPLAY", display)
        yield display
