"""The log's file: bounded, whole, and no fault whatever the disk does."""

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.journal import Journal
from tests.disks import SmallDisk, small_disk

__all__ = ["small_disk"]

LINE = b'{"message": "the cable is out"}\n'


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def _whole(path: Path) -> bool:
    return all(json.loads(line) and line.endswith(b"\n") for line in _lines(path))


@given(
    st.lists(st.integers(1, 120).map(lambda n: b"x" * n + b"\n"), max_size=200),
    st.integers(130, 400),
    st.integers(1, 4),
)
def test_it_stays_small_and_keeps_the_newest_in_order(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], limit: int, copies: int
):
    path = tmp_path_factory.mktemp("log") / "stage.jsonl"
    journal = Journal(path, limit, copies)
    assert all(journal.write(line) for line in lines)
    journal.close()
    files = [path.with_name(f"{path.name}.{number}") for number in range(copies, 0, -1)] + [path]
    assert set(path.parent.iterdir()) <= set(files)
    assert all(len(b"".join(_lines(file))) <= limit for file in files)
    kept = [line for file in files for line in _lines(file)]
    assert kept == lines[len(lines) - len(kept) :]
    assert not lines or kept


def test_a_line_larger_than_the_file_is_no_line(tmp_path: Path):
    journal = Journal(tmp_path / "log", limit=100)
    assert not journal.write(b"x" * 200 + b"\n")
    assert journal.write(b"fits\n")
    assert (tmp_path / "log").read_bytes() == b'{"dropped": 1}\nfits\n'


def test_a_full_disk_drops_lines_and_says_how_many(small_disk: SmallDisk):
    path = small_disk.folder / "stage.jsonl"
    journal = Journal(path, limit=300_000)
    assert journal.write(LINE)
    small_disk.fill()
    while journal.write(LINE):  # what is left of the file's last page
        pass
    for _ in range(99):
        assert not journal.write(LINE)
    assert _whole(path), "a part of a line stayed"
    small_disk.free()
    assert journal.write(LINE)
    assert _lines(path)[-2:] == [b'{"dropped": 100}\n', LINE]


def test_it_never_fills_a_small_disk_by_itself(small_disk: SmallDisk):
    journal = Journal(small_disk.folder / "stage.jsonl", limit=100_000, copies=3)
    for _ in range(40_000):  # 1.3 MB on a disk of 1 MB
        assert journal.write(LINE)
    assert sum(file.stat().st_size for file in small_disk.folder.iterdir()) <= 400_000


def test_a_disk_turned_read_only_and_back(small_disk: SmallDisk):
    path = small_disk.folder / "log" / "stage.jsonl"
    journal = Journal(path, limit=4 * len(LINE))
    assert journal.write(LINE)
    journal.close()
    small_disk.read_only(True)
    for _ in range(10):
        assert not journal.write(LINE)
    small_disk.read_only(False)
    assert journal.write(LINE)
    assert _lines(path) == [LINE, b'{"dropped": 10}\n', LINE]


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT])
def test_whatever_the_disk_says_is_no_fault(tmp_path: Path, monkeypatch, fault: int):
    journal = Journal(tmp_path / "log")

    def fail(*anything: object) -> int:
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        assert not journal.write(LINE)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", fail)
        assert not journal.write(LINE)
    assert journal.write(LINE)
    assert _lines(tmp_path / "log") == [b'{"dropped": 2}\n', LINE]


def test_half_a_line_is_taken_back(tmp_path: Path, monkeypatch):
    journal = Journal(tmp_path / "log")
    journal.write(LINE)
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
        assert not journal.write(LINE)
    assert _lines(tmp_path / "log") == [LINE]


def test_a_fifo_in_the_files_place_does_not_hold_it_up(tmp_path: Path):
    os.mkfifo(tmp_path / "log")
    journal = Journal(tmp_path / "log")
    assert not journal.write(LINE)
    reader = os.open(tmp_path / "log", os.O_RDONLY | os.O_NONBLOCK)
    for _ in range(5000):  # more than a pipe takes
        journal.write(LINE)
    assert journal.dropped > 0
    os.close(reader)
