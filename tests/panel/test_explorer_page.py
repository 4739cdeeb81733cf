"""The explorer in a real browser: travel, keep, steer, a journey, two people, a picture found."""

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from installation.generators.architecture import Architecture
from installation.panel.link import FakeLink
from tests.panel.conftest import wait_until
from tests.panel.devtools import CHROMIUM, Page
from tests.panel.explorer import CARD, served
from tests.small_models import random_tensors, write_model

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
SMALL = Architecture(
    z_dim=16, w_dim=16, resolution=32, channel_base=256, channel_max=8, mapping_layers=2
)
LAID = "window.explorer?.info && explorer.chart.waiting == 0 && explorer.frame.shown"


@pytest.fixture
def url(link: FakeLink, tmp_path: Path) -> Iterator[str]:
    with served(link, tmp_path, CARD) as server:
        yield server.url


@pytest.fixture
def page(browser: Page, url: str) -> Iterator[Page]:
    browser.open(f"{url}explorer", 1280, 800)
    browser.wait(LAID)
    yield browser
    faults = browser.console.copy()
    browser.leave()
    assert faults == []


def put(page: Page, selector: str, value: str, event: str = "change") -> None:
    page.run(
        f"(box => {{ box.value = {json.dumps(value)};"
        f"box.dispatchEvent(new Event('{event}', {{ bubbles: true }})) }})"
        f"(document.querySelector({json.dumps(selector)}))"
    )


def press(page: Page, where: str, text: str) -> None:
    page.run(
        f"[...document.querySelectorAll('{where} button')]"
        f".find(button => button.textContent == {json.dumps(text)}).click()"
    )


def keep(page: Page, name: str) -> None:
    put(page, "#name", name, "input")
    press(page, "#keeping", "Keep")
    page.wait(f"explorer.seat.of('place').some(sheet => sheet.name == {json.dumps(name)})")


def sheets(page: Page, kind: str) -> list[dict[str, Any]]:
    return json.loads(page.run(f"JSON.stringify(explorer.seat.of('{kind}'))"))


def guest(url: str) -> ClientConnection:
    """Somebody else at the table."""
    host = url.removeprefix("http://").rstrip("/")
    return connect(f"ws://{host}/explorer/live", origin=f"http://{host}")  # type: ignore[arg-type]


def heard(socket: ClientConnection, key: str) -> Any:
    """The next word of that kind that says something."""
    while True:
        word = json.loads(socket.recv(timeout=10))
        if word.get(key):
            return word[key]


def test_travelling_brings_new_pictures_and_a_tap_takes_one(page: Page):
    asked = (
        "performance.getEntriesByType('resource').filter(e => e.name.includes('picture')).length"
    )
    before = page.run(asked)
    assert before > 20
    x, y, width, height = page.box("#map")
    middle = x + width / 2, y + height / 2
    page.mouse("mousePressed", *middle)
    for step in range(5):
        page.mouse("mouseMoved", middle[0] - 60 * step, middle[1])
    page.mouse("mouseReleased", middle[0] - 240, middle[1])
    assert page.run("explorer.chart.centre.x") == pytest.approx(240 / 132, abs=0.01)
    page.wait(f"{asked} > {before} && explorer.chart.waiting == 0")
    before, scale = page.run(asked), page.run("explorer.chart.centre.scale")
    page.call("Input.dispatchMouseEvent", type="mouseWheel", x=300, y=300, deltaX=0, deltaY=-300)
    page.wait(f"explorer.chart.centre.scale > {scale * 1.5} && explorer.chart.waiting == 0")
    assert page.run(asked) > before
    shown = page.run("explorer.frame.shown")
    for kind in ("mousePressed", "mouseReleased"):
        page.mouse(kind, 400, 400)
    page.wait(f"explorer.frame.shown != {json.dumps(shown)}")
    assert page.run("explorer.point.start.sheet.seed") == 0


def test_the_map_obeys_keys(page: Page):
    page.run("document.querySelector('#map').focus()")
    page.key("ArrowRight")
    assert page.run("explorer.chart.centre.x") == 1
    page.key("Enter")
    assert page.run("JSON.stringify(explorer.point.start.sheet)") == '{"seed":0,"x":1,"y":0}'


def test_steering_changes_the_picture_and_a_plane_is_drawn_around_it(page: Page):
    shown = page.run("explorer.frame.shown")
    page.run("document.querySelector('[data-way=\"pca 1\"] .track').focus()")
    page.key("End")
    page.wait(f"explorer.frame.shown != {json.dumps(shown)}")
    assert page.run("explorer.point.push['pca 1']") == 3
    put(page, "#kind", "plane")
    page.wait("explorer.chart.waiting == 0")
    assert page.run("JSON.stringify(explorer.view.recipe(1, 2).push)") == '{"pca 1":4,"pca 2":2}'


def test_a_journey_is_made_played_saved_and_found_again(
    page: Page, url: str, link: FakeLink, tmp_path: Path
):
    put(page, "#me", "Ana")
    for name in ("Dawn", "Noon"):
        press(page, "#steer", "Shuffle")
        keep(page, name)
    for place in range(2):
        page.run(f"document.querySelectorAll('#places button')[{place}].click()")
        page.wait("!document.querySelector('#doing').hidden")
        press(page, "#doing", "Add to journey")
        page.wait(f"document.querySelectorAll('.stops li').length == {place + 1}")
        page.wait(f"explorer.seat.of('journey')[0]?.stops.length == {place + 1}")
    put(page, ".stops input[aria-label^=Way]", "0.5", "input")
    page.wait("explorer.seat.of('journey')[0].stops[0].seconds == 0.5")
    press(page, "#journey", "Play")
    page.wait("explorer.point.start.way?.seconds == 0.5")
    press(page, "#journey", "Film")
    page.wait("!!document.querySelector('#journey a[href*=film]')")
    film = page.run("document.querySelector('#journey a[href*=film]').href")
    assert httpx.get(film).content[4:8] == b"ftyp"
    press(page, "#journey", "To the wall")
    wait_until(lambda: link.played, "the wall hears of it")
    assert [stop.place.name for stop in link.played[0].stops] == ["Dawn", "Noon"]
    page.run("window.old = true; location.reload()")
    page.wait(f"!window.old && {LAID}")
    (journey,) = sheets(page, "journey")
    assert (journey["author"], len(journey["stops"])) == ("Ana", 2)
    assert {sheet["name"] for sheet in sheets(page, "place")} == {"Dawn", "Noon"}
    file = httpx.get(f"{url}explorer/sheet/{journey['id']}.json").json()
    assert [stop["place"]["name"] for stop in file["stops"]] == ["Dawn", "Noon"]


def test_two_see_each_other_and_neither_overwrites_the_other(page: Page, url: str):
    keep(page, "Dawn")
    with guest(url) as ben:
        ben.send('{"me": {"name": "Ben"}}')
        page.wait("document.querySelector('#people')?.textContent == 'Ben'")
        where = page.run("JSON.stringify([explorer.model, explorer.view.name])")
        ben.send(json.dumps({"cursor": {"map": where, "x": 1, "y": 1}}))
        page.wait("document.querySelector('.hand-of')?.textContent == 'Ben'")
        box = page.run(
            "(r => [r.x, r.y])(document.querySelector('.hand-of').getBoundingClientRect())"
        )
        x, y, width, height = page.box("#map")
        assert box == pytest.approx([x + width / 2 + 132, y + height / 2 - 132], abs=2)
        (dawn,) = sheets(page, "place")
        words = {"id": dawn["id"], "base": 1, "words": {"name": "Ben's dawn"}}
        ben.send(json.dumps({"change": words}))
        page.wait("explorer.seat.of('place')[0].name == \"Ben's dawn\"")
        late = {"id": dawn["id"], "base": 1, "words": {"name": "My dawn"}}
        page.run(f"explorer.seat.wish({{ change: {json.dumps(late)} }})")
        page.wait("document.querySelector('#toast').textContent.includes('kept beside it')")
        names = {sheet["name"] for sheet in sheets(page, "place")}
        assert names == {"Ben's dawn", "My dawn (yours)"}
        x, y, width, height = page.box("#map")
        page.mouse("mouseMoved", x + width / 2, y + height / 2)
        cursors = heard(ben, "cursors")
        assert next(iter(cursors.values()))["x"] == pytest.approx(0, abs=0.02)
    page.wait("!document.querySelector('.hand-of') && !document.querySelector('#people li')")


def test_pairs_are_mixed_and_bred(page: Page):
    page.click("#tab-pair")
    put(page, '[data-zone="fine"]', "1", "input")
    assert page.run("JSON.stringify(explorer.point.mix)") == (
        '{"other":{"start":{"seed":2}},"coarse":0,"middle":0,"fine":1}'
    )
    press(page, "#pair", "Breed six children")
    page.run("document.querySelector('.brood button').click()")
    page.wait("!!explorer.point.stray && explorer.frame.shown.includes('stray')")


@pytest.mark.parametrize("size", [(360, 800), (1280, 800)])
def test_it_fits_and_everything_has_a_name(browser: Page, url: str, size: tuple[int, int]):
    browser.open(f"{url}explorer", *size, phone=size[0] < 500)
    browser.wait(LAID)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    for tab in ("pair", "journey", "find", "steer"):
        browser.click(f"#tab-{tab}")
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), tab
    browser.call("Accessibility.enable")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "slider", "textbox", "combobox", "tab", "image", "link"}
    used = [node for node in nodes if node.get("role", {}).get("value") in roles]
    assert len(used) > 20
    assert [node for node in used if not node.get("name", {}).get("value")] == []
    assert browser.console == []
    browser.leave()


def test_a_picture_that_the_model_made_is_found_in_it(
    browser: Page, link: FakeLink, tmp_path: Path
):
    tensors = random_tensors(SMALL)
    for name in tensors:
        if name.endswith("torgb.weight"):
            tensors[name] *= 0.3  # else most of the picture is beyond black and white
    write_model(tmp_path / "small", SMALL, tensors)
    with served(link, tmp_path, {"small": str(tmp_path / "small")}) as server:
        browser.open(f"{server.url}explorer", 1280, 800)
        browser.wait("window.explorer?.info && explorer.frame.shown")
        asked = {"model": "small", "side": "64", "point": '{"start":{"seed":4711}}'}
        jpeg = httpx.get(f"{server.url}explorer/picture.jpg", params=asked, timeout=30).content
        data = base64.b64encode(jpeg).decode()
        browser.run(
            f"explorer.finder.search(new File([Uint8Array.from(atob('{data}'), "
            "c => c.charCodeAt(0))], 'mine.jpg', { type: 'image/jpeg' }))"
        )
        browser.wait("explorer.point.start.place")
        assert browser.run("document.querySelector('#find progress').value") == 1
        found = json.dumps({"start": {"place": browser.run("explorer.point.start.place")}})
        answer = httpx.get(f"{server.url}explorer/picture.jpg", params={**asked, "point": found})
        other = httpx.get(
            f"{server.url}explorer/picture.jpg", params={**asked, "point": '{"start":{"seed":1}}'}
        )
        mine, theirs, third = (
            np.asarray(Image.open(BytesIO(each)), float)
            for each in (jpeg, answer.content, other.content)
        )
        # Random weights paint noise, of which JPEG keeps little; a trained network is nearer.
        assert np.abs(mine - theirs).mean() < 0.4 * np.abs(mine - third).mean()
        browser.leave()
