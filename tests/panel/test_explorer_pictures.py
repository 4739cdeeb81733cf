"""The pictures on their way from the studio to a page."""

import asyncio
from typing import Any

from installation.panel.explorer.pictures import Pictures
from installation.studio.client import StudioError


async def never() -> bytes:
    """A picture that the studio does not finish: when it is ended, the asking fails."""
    try:
        await asyncio.sleep(60)
    finally:
        raise StudioError("the studio ended; it is started again")


def test_pictures_on_their_way_when_the_panel_ends_are_no_errors():
    complaints: list[dict[str, Any]] = []

    async def panel() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
        pictures = Pictures()
        asked = [asyncio.create_task(pictures.get("one", never)) for _ in range(2)]
        await asyncio.sleep(0)
        pictures.forget()  # show.yaml was saved meanwhile
        asked.append(asyncio.create_task(pictures.get("one", never)))
        await asyncio.sleep(0)
        await pictures.close()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(panel())
    assert complaints == []


def test_one_picture_is_painted_once_and_remembered():
    painted = []

    async def paint() -> bytes:
        painted.append(1)
        await asyncio.sleep(0)
        return b"jpeg"

    async def page() -> list[bytes]:
        pictures = Pictures()
        both = await asyncio.gather(pictures.get("a", paint), pictures.get("a", paint))
        return [*both, await pictures.get("a", paint)]

    assert asyncio.run(page()) == [b"jpeg"] * 3
    assert painted == [1]
