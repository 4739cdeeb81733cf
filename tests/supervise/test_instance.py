"""The lock of a show: held by one, named to the other, never left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from installation.errors import EXIT_RUNNING, RunningError
from installation.supervise.instance import forget, player, playing

HOLD = """
import sys, time
from pathlib import Path
from installation.supervise.instance import playing
with playing(Path(sys.argv[1]), Path(sys.argv[2])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_and_told_who_plays_and_a_killed_one_holds_nothing(tmp_path: Path):
    show, folder = tmp_path / "show.yaml", tmp_path / "run"
    command = [sys.executable, "-c", HOLD, str(show), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        assert first.stdout
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(RunningError, match=str(first.pid)) as refused, playing(show, folder):
            pass
        assert refused.value.exit_code == EXIT_RUNNING == 3
        assert player(show, folder) == str(first.pid)
        with playing(tmp_path / "another.yaml", folder):
            pass
        first.send_signal(signal.SIGKILL)
    assert player(show, folder) is None
    with playing(show, folder):
        assert player(show, folder) == str(os.getpid())


def test_the_same_show_by_another_path_is_the_same_show(tmp_path: Path):
    show, link, folder = tmp_path / "show.yaml", tmp_path / "link.yaml", tmp_path / "run"
    show.touch()
    link.symlink_to(show)
    with (
        playing(show, folder),
        pytest.raises(RunningError, match=f"process {os.getpid()}"),
        playing(link, folder),
    ):
        pass


def test_a_child_does_not_hold_the_lock_on(tmp_path: Path):
    show, folder = tmp_path / "show.yaml", tmp_path / "run"
    with playing(show, folder):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with playing(show, folder):
        child.communicate(b"\n")


def test_no_folder_for_the_lock_does_not_keep_the_show_from_opening(tmp_path: Path):
    (tmp_path / "file").touch()
    with playing(tmp_path / "show.yaml", tmp_path / "file" / "run"):
        assert player(tmp_path / "show.yaml", tmp_path / "file" / "run") is None


def test_forgetting_takes_only_locks_that_nobody_holds(tmp_path: Path):
    folder = tmp_path / "run"
    with playing(tmp_path / "show.yaml", folder):
        with playing(tmp_path / "other.yaml", folder):
            pass
        forget(folder)
        assert len(list(folder.iterdir())) == 1
    forget(folder)
    assert not folder.exists()
    forget(folder)
