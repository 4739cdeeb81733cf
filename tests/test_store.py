"""A file that survives a power cut: the writer is really killed, at every step."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.store import DamagedError, Found, Store, _body

OLD, OLDER, NEW = b"where it was", b"where it was before", b"where it is now, further on"
STEPS = ["begin", "opened", "written", "written 2", "synced", "kept", "replaced"]

# Writes two bodies, then dies by SIGKILL at the n-th step of the third write.
WRITER = """
import os, signal, sys
from pathlib import Path
from installation.store import Store
left = -1
def step(name):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
store = Store(Path(sys.argv[1]), step)
for body in sys.argv[3:-1]:
    store.write(body.encode())
left = int(sys.argv[2])
store.write(sys.argv[-1].encode())
"""


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1), ids=STEPS)
def test_a_writer_killed_at_any_step_leaves_the_old_or_the_new(tmp_path: Path, number: int):
    store = Store(tmp_path / "state" / "saved")
    bodies = [body.decode() for body in (OLDER, OLD, NEW)]
    command = [sys.executable, "-c", WRITER, str(store.path), str(number), *bodies]
    assert subprocess.run(command).returncode == -signal.SIGKILL
    assert store.read() == Found(NEW if STEPS[number - 1] == "replaced" else OLD)
    if store.path.exists():  # and the power cut took a part of the newest file, too
        whole = store.path.read_bytes()
        for cut in range(len(whole)):
            store.path.write_bytes(whole[:cut])
            assert store.read().body == (OLD if STEPS[number - 1] == "replaced" else OLDER)
    store.write(NEW)
    assert store.read().body == NEW


def test_a_file_cut_at_every_byte_gives_the_copy_before_and_says_so(tmp_path: Path):
    store = Store(tmp_path / "saved")
    for body in (OLDER, OLD, NEW):
        store.write(body)
    whole = store.path.read_bytes()
    for cut in range(len(whole)):
        store.path.write_bytes(whole[:cut])
        found = store.read()
        assert found.body == OLD
        assert "the copy before it is used" in found.note
        assert "\n" not in found.note
    store.path.write_bytes(whole)
    assert store.read() == Found(NEW)


def test_both_copies_lost_is_said_in_one_line(tmp_path: Path):
    store = Store(tmp_path / "saved")
    assert store.read().body is None
    assert store.read().note == ""
    store.write(OLD)
    store.write(NEW)
    for path in (store.path, store.copy):
        path.write_bytes(path.read_bytes()[:-1])
    found = store.read()
    assert found.body is None
    assert found.note.count("cut off or altered") == 2
    assert "\n" not in found.note


def test_a_damaged_file_does_not_take_the_good_copys_place(tmp_path: Path):
    store = Store(tmp_path / "saved")
    store.write(OLD)
    store.write(NEW)
    store.path.write_bytes(b"damaged")
    store.write(OLDER)
    store.path.unlink()
    assert store.read().body == OLD


@given(st.binary(max_size=300), st.integers(0, 10_000), st.integers(1, 255))
def test_no_altered_byte_gives_another_body(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, place: int, change: int
):
    path = tmp_path_factory.mktemp("store") / "saved"
    Store(path).write(body)
    assert Store(path).read().body == body
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= change
    path.write_bytes(data)
    with pytest.raises(DamagedError):
        _body(path)


def test_something_else_in_the_files_place_is_no_trap(tmp_path: Path):
    fifo = tmp_path / "saved"
    os.mkfifo(fifo)
    assert Store(fifo).read().body is None
    folder = Store(tmp_path / "folder")
    folder.path.mkdir()
    assert folder.read().body is None
    (tmp_path / "huge").write_bytes(b"1" * 3_000_000)
    assert "cannot be used" in Store(tmp_path / "huge").read().note


def test_what_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = Store(tmp_path / "saved")
    store.write(OLD)

    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        store.write(NEW)
    assert store.read().body == OLD


def test_forgotten_is_gone(tmp_path: Path):
    store = Store(tmp_path / "saved")
    store.write(OLD)
    store.write(NEW)
    store.forget()
    store.forget()
    assert list(tmp_path.iterdir()) == []
