"""A screen without a monitor: Xvfb, for tests that open a real window."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

SCREEN = "1280x720x24"
HANG = 20.0  # seconds


@pytest.fixture
def virtual_screen() -> Iterator[str]:
    """A display of its own, as the value that DISPLAY wants; gone after the test."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    reader, writer = os.pipe()
    options = ["-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(
        ["Xvfb", *options], pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:  # Xvfb writes the number when it is ready
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(HANG)
