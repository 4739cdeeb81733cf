"""Both pages by the rules of axe-core (WCAG 2 A and AA, and its best practices)."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.panel.link import FakeLink
from installation.panel.pairing import Pairing, Role
from tests.panel.conftest import healthy, jpeg
from tests.panel.devtools import CHROMIUM, Page
from tests.panel.explorer import CARD, served

AXE = Path(sys.prefix) / "npm/node_modules/axe-core/axe.min.js"
SIZES = {"phone": (360, 800), "laptop": (1280, 800)}
READY = {
    "": "document.querySelector('#light')?.dataset.level == 'good'",
    "explorer": "window.explorer?.info && explorer.chart.waiting == 0 && explorer.frame.shown",
}
ASK = """axe.run().then(({ passes, violations }) => JSON.stringify([passes.length,
  violations.map(({ help, nodes }) => [help, ...nodes.map(({ html }) => html)])]))"""

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup-tests"),
]


@pytest.fixture
def url(link: FakeLink, tmp_path: Path) -> Iterator[str]:
    """A page with all that it can show: something waits for GO, a film runs, a device is paired."""
    link.jpeg = jpeg(100)
    link.record["cues"] = {**healthy(0)["cues"], "waiting": "Anna"}  # type: ignore[dict-item]
    film = {"sent": 1, "dropped": 0, "error": None, "seconds": 5.0}
    link.record["outputs"] = {"recording": True, "film": film, "error": None}
    codes = Pairing(b"k" * 32, "1")
    codes.admit(codes.pair("a", codes.codes[Role.VIEWER].decode(), 0.0) or "", "10.0.0.7", 0.0)
    with served(link, tmp_path, CARD, pairing=codes) as server:
        yield server.url


def violations(page: Page) -> list[list[str]]:
    page.run(f"{AXE.read_text()}; 0")
    passed, found = json.loads(page.promised(ASK))
    assert passed > 30
    return found


def test_axe_finds_what_is_wrong(browser: Page, url: str):
    browser.open(url, *SIZES["laptop"])
    browser.wait(READY[""])
    browser.run("document.querySelector('#search').removeAttribute('aria-label')")
    browser.run("document.querySelector('#words').style.color = '#333'")
    assert len(violations(browser)) >= 1
    browser.leave()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", READY)
def test_axe_finds_nothing(browser: Page, url: str, path: str, size: str):
    browser.open(url + path, *SIZES[size], phone=size == "phone")
    browser.wait(READY[path])
    browser.run("document.querySelectorAll('details').forEach(box => box.open = true)")
    assert violations(browser) == []
    for tab in ("pair", "journey", "find") if path else ():
        browser.run(f"explorer.open('{tab}')")
        assert violations(browser) == [], tab
    browser.leave()
