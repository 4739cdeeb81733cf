"""The studio as the desk meets it: a real child process with real models."""

import asyncio
import json
import logging
import os
import signal
import zipfile
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
import simplejpeg
from PIL import Image

from installation.latent.files import exported
from installation.latent.journeys import Journey
from installation.latent.places import Place
from installation.studio.client import BusyError, Studio, StudioError
from installation.studio.recipe import Point
from tests.small_models import write_model

LOG = logging.getLogger("panel")
MODELS = {"small": "small", "card": {"test_card": {"size": [64, 48]}}}


def live(folder: Path, use: Callable[[Studio], Awaitable[None]], idle: float = 60.0) -> None:
    """Use a studio whose models lie in `folder`."""
    write_model(folder / "small", latent={"used": 8, "axes": {"foam": 0}})

    async def run() -> None:
        studio = Studio(folder, MODELS, LOG, idle)
        try:
            await use(studio)
        finally:
            await studio.close()

    asyncio.run(run())


def paint(model: str = "small", side: int = 64) -> dict[str, object]:
    return {"do": "paint", "model": model, "side": side}


def recipe(**point: object) -> bytes:
    return Point.model_validate(point).key().encode()


SEED = recipe(start={"seed": 5})


def test_it_paints_describes_and_finds(tmp_path: Path):
    async def use(studio: Studio) -> None:
        assert studio.pid is None
        _, jpeg = await studio.ask(paint(), SEED)
        assert simplejpeg.decode_jpeg(jpeg).shape == (16, 16, 3)
        _, card = await studio.ask(paint("card"), SEED)
        assert simplejpeg.decode_jpeg(card).shape == (48, 64, 3)
        told, _ = await studio.ask({"do": "describe", "model": "small"})
        assert [told["ways"][place]["name"] for place in (0, -1)] == ["foam", "pca 10"]
        found, data = await studio.ask({"do": "find", "model": "small"}, SEED)
        z = np.random.RandomState(5).randn(12)
        np.testing.assert_allclose(np.frombuffer(data, "<f4"), z, rtol=1e-6)
        assert found["shape"] == [12]
        process = psutil.Process(studio.pid)
        assert process.nice() == 19
        assert Path(f"/proc/{studio.pid}/oom_score_adj").read_text().strip() == "500"

    live(tmp_path, use)


def test_what_it_cannot_do_it_says_in_one_line_and_goes_on(tmp_path: Path):
    async def use(studio: Studio) -> None:
        for message, body, words in (
            (paint("none"), SEED, "no model none"),
            (paint(), b'{"start":{}}', "a start is one of"),
            (paint(), recipe(start={"seed": 1}, push={"wind": 1}), "no way wind"),
            (paint(), recipe(start={"z": [1.0]}), "another model"),
        ):
            with pytest.raises(StudioError, match=words):
                await studio.ask(message, body)
        assert (await studio.ask(paint(), SEED))[1]

    live(tmp_path, use)


def test_one_that_is_killed_is_started_again_but_not_for_ever(tmp_path: Path):
    async def use(studio: Studio) -> None:
        for _ in range(3):
            await studio.ask(paint(), SEED)
            assert studio.pid
            os.kill(studio.pid, signal.SIGSTOP)
            asking = asyncio.create_task(studio.ask(paint(), SEED))
            await asyncio.sleep(0.05)
            os.kill(studio.pid, signal.SIGKILL)
            with pytest.raises(StudioError, match="started again"):
                await asking
        with pytest.raises(BusyError, match="again and again"):
            await studio.ask(paint(), SEED)

    live(tmp_path, use)


def test_it_ends_when_idle_and_with_its_desk(tmp_path: Path):
    async def use(studio: Studio) -> None:
        await studio.ask(paint(), SEED)
        assert studio.pid
        process = psutil.Process(studio.pid)
        await asyncio.to_thread(process.wait, 10)
        assert studio.pid is None
        assert (await studio.ask(paint(), SEED))[1]

    live(tmp_path, use, idle=0.2)


def test_the_urgent_come_first_and_what_nobody_waits_for_is_not_painted(tmp_path: Path):
    async def use(studio: Studio) -> None:
        await studio.ask(paint(), SEED)
        done: list[str] = []

        async def asked(name: str, urgent: bool, gone: bool = False) -> None:
            async def left() -> bool:
                return gone

            try:
                await studio.ask(paint(), SEED, urgent, left)
                done.append(name)
            except BusyError:
                done.append(f"not {name}")

        names = [("first", False), ("tile", False), ("hand", True)]
        tasks = [asyncio.create_task(asked(*each)) for each in names]
        tasks.append(asyncio.create_task(asked("leaver", False, gone=True)))
        await asyncio.gather(*tasks)
        assert done == ["first", "hand", "tile", "not leaver"]

    live(tmp_path, use)


def journey(closed: bool, seconds: float) -> Journey:
    stops = [{"place": Place(name=f"{seed}", seed=seed), "seconds": seconds} for seed in (1, 2)]
    return Journey.model_validate({"name": "there", "closed": closed, "stops": stops})


def test_a_film_has_every_picture_and_other_pictures_are_painted_meanwhile(tmp_path: Path):
    async def use(studio: Studio) -> None:
        out = tmp_path / "film.mp4"
        wish = {"do": "film", "model": "small", "out": str(out), "fps": 10}
        told, painted = {}, 0
        async for told, _ in studio.work(wish, exported(journey(False, 2.0))):
            if told.get("more"):
                painted += len((await studio.ask(paint(), SEED, True))[1]) > 0
        assert (told["pictures"], painted) == (21, 21)
        with av.open(out) as film:
            assert sum(1 for _ in film.decode(video=0)) == 21
        pictures = {**wish, "out": str(tmp_path / "film.zip")}
        words = [told async for told, _ in studio.work(pictures, exported(journey(True, 1.0)))]
        with zipfile.ZipFile(tmp_path / "film.zip") as archive:
            names = archive.namelist()
            assert len(names) == words[-1]["pictures"] == 20  # closed: no picture twice
            assert Image.open(BytesIO(archive.read(names[0]))).size == (16, 16)
        assert {file.name for file in tmp_path.iterdir()} == {"small", "film.mp4", "film.zip"}

    live(tmp_path, use)


def test_a_film_left_unfinished_leaves_nothing(tmp_path: Path):
    async def use(studio: Studio) -> None:
        wish = {"do": "film", "model": "small", "out": str(tmp_path / "film.mp4"), "fps": 30}
        work = studio.work(wish, exported(journey(False, 60.0)))
        await anext(work)
        await work.aclose()  # type: ignore[attr-defined]
        await studio.ask(paint(), SEED)
        assert {file.name for file in tmp_path.iterdir()} == {"small"}

    live(tmp_path, use)


def test_a_point_of_a_journey_is_where_its_curve_is(tmp_path: Path):
    async def use(studio: Studio) -> None:
        text = exported(journey(False, 2.0)).decode()
        start = {"way": {"journey": "abc", "seconds": 0.0}}
        way = json.dumps({"start": start}).encode()
        _, there = await studio.ask({**paint(), "journey": text}, way)
        _, stop = await studio.ask(paint(), recipe(start={"seed": 1}))
        assert there == stop

    live(tmp_path, use)
