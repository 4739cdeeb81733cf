"""A file that anybody may have put there: read whole and in bounds, or refused with a reason."""

import os
from pathlib import Path

import pytest

from installation import bounded


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_what_fits_is_read_whole(tmp_path: Path, size: int):
    (tmp_path / "file").write_bytes(bytes(range(size)))
    assert bounded.read(tmp_path / "file", 100) == bytes(range(size))


def test_what_is_no_file_or_too_large_is_refused_at_once(tmp_path: Path):
    (tmp_path / "large").write_bytes(bytes(101))
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for somebody to write
    for name, why in {
        "large": "it is larger than 100 bytes",
        "folder": "Is a directory",
        "pipe": "it is no file",
        "none": "No such file or directory",
    }.items():
        with pytest.raises(OSError, match=why) as told:
            bounded.read(tmp_path / name, 100)
        assert told.value.strerror == why
