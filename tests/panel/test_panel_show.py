"""Two pages in real browsers on one running show: what a hand does there is seen on the wall."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.panel.devtools import CHROMIUM, Page, beside, chromium
from tests.running.show import PATIENCE, TEST_CARD, RunningShow, kill, running

pytestmark = [
    pytest.mark.screen,
    pytest.mark.faults,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
SMALL = ("--headless", "--size", "320x180")
NOTE = "document.querySelector('#note').textContent"
WORDS = "document.querySelector('#words').textContent"
LIVE = "document.querySelector('#age').textContent == 'live'"
LOST = "document.querySelector('#light').dataset.level == 'lost'"
SPEED = '[data-address="/walk/speed"]'
TIDE = '[data-address="/walk/tide"]'
LEARN = '[data-address="/midi/learn"] .switch'
BLACKOUT = '[data-address="/master/blackout"]'
WAITS = "document.querySelector('[data-address=\"/cue/go\"] small')?.textContent"
MEAN = """(canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, byte, at) => at % 4 == 3 ? sum : sum + byte, 0) / (data.length * 0.75);
})(document.querySelector("#picture canvas"))"""


@pytest.fixture(scope="module")
def knobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cable of a MIDI controller: see tests.midi_backend."""
    folder = tmp_path_factory.mktemp("midi")
    (folder / "nano.device").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIDO_BACKEND", "tests.midi_backend")
        patch.setenv("MIDI_TEST_FOLDER", str(folder))
        yield folder / "nano.in"


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory, knobs: Path) -> Iterator[RunningShow]:
    text = TEST_CARD.replace("audio: null", "audio: null, midi: {{}}")
    with running(tmp_path_factory.mktemp("show"), *SMALL, text=text) as show:
        show.live()
        yield show


@pytest.fixture(scope="module")
def laptop(show: RunningShow, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("chromium")) as page:
        page.open(f"http://127.0.0.1:{show.panel}/", 1280, 800)
        page.wait(f"{LIVE} && {MEAN} > 20")
        yield page


def speed(page: Page) -> float:
    return float(page.run(f"document.querySelector('{SPEED} .track').ariaValueNow"))


def hand(page: Page, words: str) -> None:
    selector = json.dumps(f"{SPEED} .hand")
    page.wait(f"document.querySelector({selector}).textContent == {json.dumps(words)}")


def test_blackout_is_seen_in_the_picture_and_taken_back(laptop: Page):
    laptop.click(BLACKOUT)
    laptop.wait(f"{MEAN} < 2")
    assert laptop.run(NOTE) == "blackout"
    laptop.click(BLACKOUT)
    laptop.wait(f"{MEAN} > 20")


def test_two_on_one_slider_see_one_value_and_whose_hand_it_is(laptop: Page, show: RunningShow):
    with beside(laptop) as phone:
        phone.open(f"http://127.0.0.1:{show.panel}/", 360, 800, phone=True)
        phone.wait(LIVE)
        laptop.click(f"{SPEED} .track", across=0.75)
        hand(laptop, "you")
        hand(phone, "another panel")
        phone.drag(f"{SPEED} .track", 0.75, 0.25)
        hand(phone, "you")
        hand(laptop, "another panel")
        asked = speed(phone)
        assert asked < 2
        show.until("the later hand", lambda s: abs(s["values"]["/walk/speed"] - asked) < 0.01)
        now = f"document.querySelector('{SPEED} .track').ariaValueNow"
        for page in (laptop, phone):
            page.wait(f"{now} == {asked}")


def test_a_knob_is_taught_what_it_steers(laptop: Page, knobs: Path, tmp_path: Path):
    pytest.importorskip("mido")
    laptop.wait(LIVE)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as cable:

        def turn(*values: int) -> None:
            for value in values:
                cable.sendto(bytes((0xB0, 20, value)), str(knobs))

        laptop.click(LEARN)
        laptop.wait(f"{WORDS}.includes('MIDI: touch a control')")
        laptop.click(f"{TIDE} .track", across=0.4)
        laptop.wait(f"{WORDS}.includes('MIDI: move a knob for walk/tide')")
        laptop.screenshot(tmp_path / "learning.png")
        turn(30, 31)  # it is known by its second message
        laptop.wait(f"{WORDS}.includes('cc/1/20 steers walk/tide')")
        laptop.click(LEARN)
        laptop.wait(f"!{WORDS}.includes('MIDI')")
        deadline = time.monotonic() + PATIENCE
        while not laptop.run(f"document.querySelector('{TIDE} .track').ariaValueNow == 4"):
            assert time.monotonic() < deadline
            turn(0, 127)  # past where the control stands, and once the panel's hand has let go
            time.sleep(0.1)


def test_a_killed_desk_is_missed_with_the_age_of_what_is_shown_and_found_again(
    laptop: Page, show: RunningShow
):
    send_to_go(show, "Anna by the window")
    laptop.wait(f"{WAITS} == 'Anna by the window'")
    kill(show.status()["pids"]["desk"])
    laptop.wait(f"{LOST} && document.querySelector('#age').textContent.startsWith('as of')")
    laptop.wait(LIVE)
    show.until("the heir has spoken", lambda s: s["restarts"]["desk"] == 1)
    laptop.click(BLACKOUT)
    laptop.wait(f"{MEAN} < 2")
    laptop.wait(f"{WAITS} == 'Anna by the window'")
    laptop.click('[data-address="/cue/go"]')
    show.until("it is sent", lambda s: s["cues"]["waiting"] is None)
    laptop.wait("!document.querySelector('#waiting').checkVisibility()")
    assert "go by panel: Anna by the window" in show.log


def send_to_go(show: RunningShow, name: str) -> None:
    """Keep a place at the explorer's table and let it wait for GO."""
    host = f"127.0.0.1:{show.panel}"
    with connect(f"ws://{host}/explorer/live", origin=f"http://{host}") as seat:  # type: ignore[arg-type]
        seat.send(json.dumps({"bring": {"place": 1, "name": name, "seed": 7}}))
        while "kept" not in (word := json.loads(seat.recv(timeout=20))):
            pass
        seat.send(json.dumps({"show": {"id": word["kept"], "go": True}}))
        while "waits" not in json.loads(seat.recv(timeout=20)):
            pass
