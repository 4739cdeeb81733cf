"""Films of journeys: made by the studio into the cache folder, fetched from there, few of them."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from installation.latent.files import exported
from installation.latent.journeys import Journey
from installation.studio.client import Studio

KEPT = 4


class Films:
    """`folder` holds the newest films; older ones are removed, those of former runs too."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        self._studio, self._folder = studio, folder

    async def make(
        self, journey: Journey, model: str, fps: float, pictures: bool
    ) -> AsyncIterator[tuple[float, str]]:
        """How far it is, 0 to 1, and at the end its name. Raises InstallationError, OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        words = "".join(c if c.isalnum() else "-" for c in journey.name).strip("-") or "journey"
        ending = "zip" if pictures else "mp4"
        out = self._folder / f"{words[:40]}-{secrets.token_hex(3)}.{ending}"
        wish = {"do": "film", "model": model, "out": str(out), "fps": fps}
        async for told, _ in self._studio.work(wish, exported(journey)):
            yield told["done"], "" if told.get("more") else out.name
        self._tidy()

    def find(self, name: str) -> Path | None:
        """A finished film by name, None when there is none."""
        films = {file.name: file for file in self._finished()}
        return films.get(name)

    def _finished(self) -> list[Path]:
        files = [*self._folder.glob("*.mp4"), *self._folder.glob("*.zip")]
        whole = [file for file in files if not file.stem.endswith(".part")]
        return sorted(whole, key=lambda file: file.stat().st_mtime, reverse=True)

    def _tidy(self) -> None:
        for file in self._finished()[KEPT:]:
            file.unlink(missing_ok=True)
