"""A show that is steered and falls, drawn again from what its decks recorded."""

import time
from contextlib import closing
from pathlib import Path

import pytest
from pythonosc.udp_client import SimpleUDPClient

from installation import flight, folders
from installation.cli import main
from installation.decks.replay import Replay
from tests.running.show import kill, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]


def test_a_fallen_decks_pictures_are_drawn_again_to_the_bit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path, "--headless", "--size", "320x180") as show:
        dead = show.live()["pids"]["deck_a"]
        with closing(SimpleUDPClient("127.0.0.1", show.osc)) as client:
            for step in range(40):
                client.send_message("/walk/speed", 1.0 + step / 20)
                client.send_message("/style/psi", 1.0 - step / 80)
                time.sleep(0.04)
        kill(dead)
        show.until("another deck", lambda s: s["pids"]["deck_a"] not in (None, dead))
        show.end()
    (kept,) = (folders.state(tmp_path / "show.yaml") / "flights").glob("*-deck_a.flight")
    replay = Replay(flight.read(kept), tmp_path)
    same = [drawn.same for drawn in replay.pictures()]
    assert len(same) > 30
    assert all(one is not False for one in same)
    assert main(["replay", str(kept), "--seconds", "0.5", "--out", str(tmp_path / "seen")]) == 0
    assert "pictures the same" in capsys.readouterr().out
    assert list((tmp_path / "seen").glob("a-*.png"))
