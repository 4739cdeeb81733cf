"""Disks of the test's own: one megabyte that fills up, and that can be made read-only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


class SmallDisk:
    """A file system of one megabyte in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_only(self, so: bool) -> None:
        """Remount it read-only, as a kernel does with a failing disk, or writable again."""
        how = f"remount,{'ro' if so else 'rw'}"
        subprocess.run(["mount", "-o", how, str(self.folder)], check=True)

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.folder / "ballast").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                pass

    def free(self) -> None:
        """Make room again."""
        (self.folder / "ballast").unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Mounted for one test; only root can, elsewhere the test is skipped."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or os.name != "posix":
        pytest.skip("no mount here")
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a disk can only be mounted by root")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
