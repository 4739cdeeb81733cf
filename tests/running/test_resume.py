"""A show that goes on where it was: after a power cut, and only when it is asked to."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pythonosc.udp_client import SimpleUDPClient

from installation import folders
from installation.errors import EXIT_RUNNING
from installation.show.saved import FILE, Saved
from installation.store import Store
from tests.running.show import ROOT, RunningShow, alive, kill, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")


def _store(folder: Path) -> Store:
    return Store(folders.state(folder / "show.yaml") / FILE)


def _saved(folder: Path) -> Saved:
    return Saved.from_bytes(_store(folder).read().body or b"")


def _oom_score(pid: int) -> int:
    """How much sooner than others the kernel takes a process when memory runs out."""
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text())


def _send(show: RunningShow, address: str, value: Any) -> None:
    with SimpleUDPClient("127.0.0.1", show.osc) as client:
        client.send_message(address, value)


def test_a_show_goes_on_where_it_was_but_never_dark_or_frozen(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL) as show:
        pids = show.live()["pids"]
        first_to_go = [name for name, pid in pids.items() if _oom_score(pid) > 0]
        assert first_to_go == ["deck_a", "deck_b"]
        _send(show, "/scene/fade", 0.5)
        _send(show, "/master/brightness", 0.5)
        _send(show, "/scene", "two")
        show.until("scene two alone", lambda s: s["values"]["/state/deck_a"] == -1)
        show.until("its walk", lambda s: s["health"]["deck_b"]["frames"] > 20)
        _send(show, "/master/blackout", 1)
        _send(show, "/master/freeze", 1)
        show.until("blackout", lambda s: s["values"]["/master/blackout"] == 1)
        show.end()  # the last word is kept when the show ends in order, too
    left = _saved(tmp_path)
    assert left.scene == "two"
    assert left.places["two"][0] > 0
    assert left.values == {
        "/master/brightness": pytest.approx(0.5, abs=0.01),
        "/scene/fade": pytest.approx(0.5, abs=0.1),
    }
    with running(tmp_path, *SMALL, "--resume") as show:
        first = show.live()
        assert first["health"]["deck_a"]["scene"] == 1
        assert first["health"]["deck_b"]["scene"] == -1
        values = show.until("the desk", lambda s: s["values"]["/state/watchers"] == 0)["values"]
        assert values["/master/brightness"] == pytest.approx(0.5, abs=0.01)
        assert (values["/master/blackout"], values["/master/freeze"]) == (0, 0)
        report = show.end()
    assert "going on in scene two" in show.log
    assert report["presented"]["black"] == 0
    walked = (_saved(tmp_path).places["two"][0] - left.places["two"][0]) % 1.0
    print(f"the walk went on by {walked:.3f} rounds of 20 s in a run of {report['seconds']} s")
    assert 0 < walked <= report["seconds"] / 20 + 0.01, "it did not go on from its place"


def test_a_second_run_is_refused_and_a_power_cut_is_over_in_seconds(tmp_path: Path) -> None:
    before = set(Path("/dev/shm").iterdir())
    with running(tmp_path, *SMALL) as show:
        pids = [pid for pid in show.live()["pids"].values() if pid]
        command = [sys.executable, "-m", "installation.cli", "run", str(tmp_path / "show.yaml")]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert second.returncode == EXIT_RUNNING
        assert str(show.process.pid) in second.stderr
        assert second.stderr.count("\n") == 1
        show.until("a saved state", lambda s: _store(tmp_path).path.exists())
        for pid in (show.process.pid, *pids):
            if alive(pid):
                kill(pid, signal.SIGKILL)
    assert _saved(tmp_path).scene == "one"
    with running(tmp_path, *SMALL, "--resume") as show:  # as systemd would, a second later
        seconds = show.live()["first_picture_s"]
        assert show.end()["presented"]["black"] == 0
    print(f"a picture {seconds:.2f} s after the start")
    assert seconds < 3 * 5
    assert "going on in scene one" in show.log
    assert set(Path("/dev/shm").iterdir()) <= before
