"""The pictures of the panel and the explorer in README and docs: `python -m tools.page_pictures`.

The shipped show plays without a window; Chromium opens its pages as a laptop and as a phone.
"""

import io
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from websockets.sync.client import connect

from installation.session import ROOT
from tests.panel.devtools import Page, beside, chromium
from tools.soak.play import Play

FOLDER = ROOT / "docs" / "pictures"
LAPTOP, PHONE = (1280, 900), (390, 844)
GROUND, GAP, QUALITY = (38, 41, 44), 20, 85
LIVE = "document.querySelector('#age')?.textContent == 'live'"
SEEN = """(canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((byte, at) => at % 4 != 3 && byte > 90);
})(document.querySelector("#picture canvas"))"""
KEPT = {"Jade": 2, "Vermilion": 5, "Moonrise": 13, "Brass": 18, "Rose": 8, "Cold front": 23}
MODEST = ("400x225", 12.0)  # canvas, pictures a second: two browsers draw on the same processor
CALM = 40.0  # seconds after which the show's light has forgotten how the browsers began
PAINTING = 15.0  # seconds that the studio gets for the cards of both pages


def main() -> None:
    """Take them."""
    with (
        tempfile.TemporaryDirectory() as show,
        tempfile.TemporaryDirectory() as profile,
        Play(ROOT / "show.yaml", Path(show), *MODEST) as play,
        chromium(Path(profile)) as laptop,
        beside(laptop) as phone,
    ):
        _until_live(play)
        _panel(play, laptop, phone)
        _explorer(play, laptop, phone)


def _panel(play: Play, laptop: Page, phone: Page) -> None:
    url = f"http://127.0.0.1:{play.panel}/"
    laptop.open(url, *LAPTOP)
    phone.open(url, *PHONE, phone=True)
    for page in (laptop, phone):
        page.wait(f"{LIVE} && {SEEN}")
    laptop.click('[data-address="/cue/go"]')
    laptop.click('[data-address="/walk/tide"] .track', across=0.6)
    time.sleep(CALM)
    laptop.run("scrollTo(0, 0)")
    _save("panel", [laptop, phone])


def _explorer(play: Play, laptop: Page, phone: Page) -> None:
    host = f"127.0.0.1:{play.panel}"
    with connect(f"ws://{host}/explorer/live", origin=f"http://{host}") as seat:  # type: ignore[arg-type]
        for name, seed in KEPT.items():
            place = {"place": 1, "name": name, "author": "Ana", "seed": seed}
            seat.send(json.dumps({"bring": {**place, "model": {"name": "sea"}}}))
            time.sleep(0.2)
    laptop.open(f"http://{host}/explorer", *LAPTOP)
    phone.open(f"http://{host}/explorer", *PHONE, phone=True)
    for page, who in ((laptop, "Ana"), (phone, "Ben")):
        _sit(page, who)
    time.sleep(PAINTING)
    laptop.click("#map", across=0.55)
    phone.drag("#map", 0.5, 0.45)
    time.sleep(3.0)
    phone.run("scrollTo(0, 0)")
    _save("explorer", [laptop, phone])


def _sit(page: Page, who: str) -> None:
    page.wait("document.querySelector('#model').value != ''")
    field = "document.querySelector('#me')"
    page.run(f"{field}.value = {json.dumps(who)}; {field}.dispatchEvent(new Event('change'))")


def _until_live(play: Play) -> None:
    end = time.monotonic() + 90.0
    while not play.status().get("first_picture_s"):
        if time.monotonic() > end:
            raise SystemExit(f"the show does not begin:\n{play.log}")
        time.sleep(0.5)


def _save(name: str, pages: Sequence[Page]) -> None:
    """Side by side, as JPEG."""
    shots = [_shot(page) for page in pages]
    size = sum(shot.width + GAP for shot in shots) + GAP, max(shot.height for shot in shots)
    whole, left = Image.new("RGB", (size[0], size[1] + 2 * GAP), GROUND), GAP
    for shot in shots:
        whole.paste(shot, (left, GAP + (size[1] - shot.height) // 2))
        left += shot.width + GAP
    whole.save(FOLDER / f"{name}.jpg", quality=QUALITY, optimize=True)


def _shot(page: Page) -> Image.Image:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        page.screenshot(Path(file.name))
        return Image.open(io.BytesIO(Path(file.name).read_bytes())).convert("RGB")


if __name__ == "__main__":
    main()
