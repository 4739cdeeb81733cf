"""The page in a real browser: what a thumb does reaches the desk, what happens there is seen."""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.control.parameters import Kind, Scope
from installation.panel.link import FakeLink
from installation.panel.server import PanelServer
from tests.panel.conftest import healthy, jpeg, wait_until
from tests.panel.devtools import CHROMIUM, Page

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
SIZES = {"phone": (360, 800), "desk": (1280, 800)}
SPEED = '[data-address="/walk/speed"] .track'
SHIFT = 8


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Page, server: PanelServer) -> Iterator[Page]:
    browser.open(server.url, *SIZES[request.param], phone=request.param == "phone")
    browser.wait(level("good"))
    yield browser
    faults = browser.console.copy()
    browser.leave()
    assert faults == []


def level(wanted: str) -> str:
    return f"document.querySelector('#light').dataset.level == '{wanted}'"


def text(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)}).textContent"


def latest(link: FakeLink, address: str) -> float | None:
    return dict(link.asked).get(address)


def test_it_fits_and_says_that_all_is_well(page: Page, tmp_path: Path):
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert page.run(text("#words")) == "All is well"
    assert page.run(text("#title")) == "Tides"
    page.screenshot(tmp_path / "panel.png", whole=True)


def test_every_row_that_a_hand_may_move_has_its_widget(page: Page, link: FakeLink):
    shown = page.run("[...document.querySelectorAll('[data-address]')].map(e => e.dataset.address)")
    steerable = {row.address for row in link.table if row.scope is not Scope.STATE}
    assert {*shown, "/scene"} == steerable


def test_every_target_is_as_big_as_a_fingertip(page: Page):
    if page.run("matchMedia('(pointer: fine)').matches"):
        pytest.skip("a mouse needs no fingertips")
    small = page.run(
        "[...document.querySelectorAll('button, input, summary, .track')]"
        ".filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.className || e.id)"
    )
    assert small == []


def test_a_slider_steers_the_desk(page: Page, link: FakeLink):
    row = link.table["/walk/speed"]
    assert row.kind is Kind.FLOAT
    if page.run("matchMedia('(pointer: fine)').matches"):
        page.click(SPEED, across=0.75)
    else:
        page.drag(SPEED, 0.2, 0.7)  # half of the way to the right, from 1 of 4
    wait_until(lambda: latest(link, "/walk/speed"), "the desk hears the slider")
    wait_until(lambda: abs((latest(link, "/walk/speed") or 0) - 3) < 0.15, "to its end")
    page.wait(text('[data-address="/walk/speed"] .hand') + " == 'you'")


def test_a_slider_obeys_keys_and_numbers(page: Page, link: FakeLink):
    page.run(f"document.querySelector('{SPEED}').focus()")
    page.key("Home")
    page.key("ArrowRight")
    page.key("ArrowRight", SHIFT)
    wait_until(lambda: latest(link, "/walk/speed") == pytest.approx(0.044), "the arrows arrive")
    page.key("Delete")
    wait_until(lambda: latest(link, "/walk/speed") == 1.0, "Delete gives the default")
    page.run("document.querySelector('[data-address=\"/walk/speed\"] .entry').focus()")
    page.call("Input.insertText", text="2,5")
    page.key("Enter")
    wait_until(lambda: latest(link, "/walk/speed") == 2.5, "the number arrives")


def test_a_pad_steers_two_controls_at_once(page: Page, link: FakeLink):
    page.click(".pad", across=0.25)
    wait_until(lambda: latest(link, "/steer/x") == pytest.approx(-1, abs=0.05), "x arrives")
    wait_until(lambda: latest(link, "/steer/y") == pytest.approx(0, abs=0.05), "y arrives")


def test_whatever_can_be_used_has_a_name_for_those_who_listen(page: Page):
    page.call("Accessibility.enable")
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "slider", "switch", "textbox", "searchbox", "combobox", "meter"}
    used = [node for node in nodes if node.get("role", {}).get("value") in roles]
    assert len(used) > 40
    assert [node for node in used if not node.get("name", {}).get("value")] == []


def test_values_from_elsewhere_move_the_slider_but_not_under_a_finger(page: Page, link: FakeLink):
    place = link.table.index("/walk/speed")
    link.current[place] = 4.0
    now = f"document.querySelector('{SPEED}').getAttribute('aria-valuenow')"
    page.wait(f"{now} == '4.00'")
    x, y, width, height = page.box(SPEED)
    page.mouse("mousePressed", x + width / 2, y + height / 2)
    page.wait(f"{now} == '2.00'")
    wait_until(lambda: link.current[place] == 2.0, "the desk hears the slider")
    link.current[place] = 0.5
    time.sleep(1.0)  # five words from the desk
    assert page.run(now) == "2.00"
    page.mouse("mouseReleased", x + width / 2, y + height / 2)
    page.wait(f"{now} == '0.50'")


def test_scenes_steps_and_switches(page: Page, link: FakeLink):
    page.click('[data-scene="drift"]')
    wait_until(lambda: latest(link, "/scene") == 2, "the scene is asked for")
    page.wait(text('[data-scene="drift"] small') + " == 'coming'")
    link.current[link.table.index("/state/deck_a")] = 2
    page.wait(text('[data-scene="drift"] small') + " == 'on the wall'")
    page.click('[data-address="/scene/next"]')
    page.click('[data-address="/scene/safe"]')
    wait_until(lambda: link.pressed == ["/scene/next", "/scene/safe"], "the presses arrive")
    page.click('[data-address="/master/blackout"]')
    wait_until(lambda: latest(link, "/master/blackout") == 1, "blackout is asked for")
    page.wait(text("#words") + " == 'All is well, blackout is on'")
    page.click('[data-address="/master/blackout"]')
    wait_until(lambda: latest(link, "/master/blackout") == 0, "and taken back")


def test_the_picture_is_seen_and_asked_for_only_while_seen(
    page: Page, link: FakeLink, server: PanelServer
):
    link.jpeg = jpeg(150)
    canvas = "document.querySelector('canvas')"
    page.wait(f"{canvas}.width == 320")
    pixel = page.run(f"[...{canvas}.getContext('2d').getImageData(160, 90, 1, 1).data]")
    assert 140 < pixel[0] < 220
    page.run("document.querySelector('#picture').style.display = 'none'")
    wait_until(lambda: server.watchers == 0, "nobody watches")


def test_the_light_says_what_is_broken(page: Page, link: FakeLink):
    status: Any = healthy(time.monotonic() + 60)
    status["health"]["deck_b"]["at"] -= 67
    link.record = {"health": status["health"]}
    page.wait(level("bad"))
    assert "Deck B has not answered for" in page.run(text("#words"))
    link.record = {}
    page.wait(level("good"))


def test_finding_a_control(page: Page):
    search = "document.querySelector('#search')"
    page.run(f"{search}.value = 'grain'; {search}.dispatchEvent(new Event('input'))")
    seen = page.run(
        "[...document.querySelectorAll('.control')].filter(e => e.offsetHeight)"
        ".map(e => e.dataset.address)"
    )
    assert seen == ["/look/finish/grain"]


def test_long_groups_are_folded_and_say_what_was_moved(page: Page, link: FakeLink):
    group = "document.querySelector('[data-group=\"Direction\"]')"
    assert not page.run(f"{group}.open")
    assert page.run("document.querySelector('[data-group=\"Walk\"]').open")
    link.current[link.table.index("/direction/turn_3")] = 1.5
    page.wait(f"{group}.querySelector('summary small').textContent == '20, 1 moved'")
    page.click('[data-group="Direction"] summary')
    page.wait(f"{group}.open")
    page.run("location.reload()")
    page.wait(f"{group}?.open == true")
    page.wait(level("good"))
    search = "document.querySelector('#search')"
    page.click('[data-group="Direction"] summary')
    page.wait(f"!{group}.open")
    page.run(f"{search}.value = 'turn_7'; {search}.dispatchEvent(new Event('input'))")
    assert page.run(f"{group}.open")
    page.run(f"{search}.value = ''; {search}.dispatchEvent(new Event('input'))")
    assert not page.run(f"{group}.open")
    page.run("localStorage.clear()")


def test_the_recorder_has_a_lamp_and_buttons(page: Page, link: FakeLink):
    lamp = "document.querySelector('.recording')"
    page.wait(f"{lamp}.textContent == 'Not recording'")
    page.click('[data-address="/record/start"]')
    wait_until(lambda: link.pressed == ["/record/start"], "it is pressed")
    film = {"sent": 3000, "dropped": 2, "error": None, "seconds": 83.4}
    link.record["outputs"] = {"recording": True, "film": film, "error": None}
    page.wait(f"{lamp}.textContent == 'Recording 1:23, 2 pictures lost'")
    page.click('[data-address="/record/stop"]')
    wait_until(lambda: "/record/stop" in link.pressed, "and stopped")


def test_what_the_explorer_sent_is_next_and_can_be_taken_away(page: Page, link: FakeLink):
    assert not page.run("document.querySelector('#waiting').checkVisibility()")
    link.record["cues"] = {**healthy(0)["cues"], "waiting": "Anna <3"}  # type: ignore[dict-item]
    page.wait(text('[data-address="/cue/go"] small') + " == 'Anna <3'")
    assert "Anna <3 is next" in page.run(text("#cue-words"))
    page.click('[data-address="/cue/clear"]')
    wait_until(lambda: link.pressed == ["/cue/clear"], "it is taken away")


def test_the_page_finds_its_desk_again(browser: Page, link: FakeLink):
    log = logging.getLogger("panel")
    first = PanelServer(link, 0, "127.0.0.1", log)
    first.start()
    wait_until(lambda: first.serving, "the server starts")
    browser.open(first.url, *SIZES["phone"], phone=True)
    browser.wait(level("good"))
    first.close()
    browser.wait(level("lost"))
    browser.wait(text("#age") + ".startsWith('as of')")
    browser.click('[data-scene="drift"]')
    browser.wait("!document.querySelector('#toast').hidden")
    second = PanelServer(link, int(first.url.rsplit(":", 1)[1].strip("/")), "127.0.0.1", log)
    second.start()
    browser.wait(level("good"))
    assert latest(link, "/scene") is None  # a wish made while the desk was away is not kept
    second.close()
    browser.leave()


def test_go_back_and_hold_are_one_touch_and_a_jump_is_two(page: Page, link: FakeLink):
    page.wait(text("#cue-words") + " == 'Storm is on its way, dinner is next.'")
    for word in ("go", "hold", "back"):
        page.click(f'[data-address="/cue/{word}"]')
    wait_until(lambda: len(link.pressed) == 3, "the presses arrive")
    assert link.pressed == ["/cue/go", "/cue/hold", "/cue/back"]
    page.click('[data-cue="last_light"]')
    page.wait(text('[data-cue="last_light"] small') + " == 'touch again to jump'")
    assert latest(link, "/cue/jump") is None
    page.click('[data-cue="last_light"]')
    wait_until(lambda: latest(link, "/cue/jump") == 3, "the jump arrives")
    link.record["cues"] = {**healthy(0)["cues"], "held": True}  # type: ignore[dict-item]
    page.wait("document.querySelector('[data-address=\"/cue/hold\"]').ariaPressed == 'true'")
    page.wait(text('[data-cue="storm"] small') + " == 'held'")


def test_a_deck_starts_again_at_the_second_touch(page: Page, link: FakeLink):
    page.run("document.querySelector('#plots').scrollIntoView()")
    page.wait("document.querySelectorAll('#plots figure').length >= 4")  # they move what is below
    page.run("document.querySelector('#machine').open = true")
    page.click('[data-address="/restart/deck_b"]')
    page.wait(text('[data-address="/restart/deck_b"] small') + " == 'touch again'")
    assert link.pressed == []
    for _ in range(6):  # a touch that is lost arms nothing: the next one counts
        page.click('[data-address="/restart/deck_b"]')
        time.sleep(0.5)
        if link.pressed:
            break
    assert link.pressed == ["/restart/deck_b"]


def test_the_last_hour_and_the_log_are_shown(page: Page, link: FakeLink):
    line = {"at": "2026-06-01T20:30:00.000+00:00", "process": "deck_a", "level": "ERROR"}
    link.log = [{**line, "message": "<b>out of memory</b>"}]
    page.run("document.querySelector('#log').open = true")
    page.run("document.querySelector('#plots').scrollIntoView()")
    page.wait("document.querySelectorAll('#plots figure').length >= 4")
    page.run("document.querySelector('#lines').scrollIntoView()")
    page.wait(text("#lines") + ".includes('<b>out of memory</b>')")


def test_whose_hand_it_is(page: Page, link: FakeLink):
    place, hand = link.table.index("/walk/spread"), text('[data-address="/walk/spread"] .hand')
    for holder, words in (("panel", "another panel"), ("osc", "OSC"), ("cue", "cue")):
        link.hands[place] = holder
        page.wait(f"{hand} == '{words}'")
