"""The explorer from outside: who may not come in does not, and nothing grows without end."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from installation.panel.explorer.routes import PEOPLE
from installation.panel.link import FakeLink
from installation.panel.server import MESSAGE_BYTES
from tests.panel.explorer import CARD, FakeWall, served

PICTURE = "explorer/picture.jpg?model=card&side=64&point="


@pytest.fixture
def url(link: FakeLink, tmp_path: Path) -> Iterator[str]:
    with served(link, tmp_path, CARD) as server:
        yield server.url


def sit(url: str, **options: object) -> ClientConnection:
    return connect(f"{url.replace('http', 'ws')}explorer/live", close_timeout=0.2, **options)  # type: ignore[arg-type]


def errors(socket: ClientConnection) -> Iterator[str]:
    while True:
        word = json.loads(socket.recv(timeout=10))
        if "error" in word:
            yield word["error"]


def test_foreign_names_and_origins_are_refused_and_only_get_is_answered(url: str):
    for path in ("explorer", "explorer/models.json", PICTURE, "explorer/film/a"):
        assert httpx.get(url + path, headers={"host": "evil.example"}).status_code == 400
        assert httpx.post(url + path).status_code == 405
    for origin in ("http://evil.example", "null"):
        with pytest.raises(InvalidStatus) as refusal, sit(url, origin=origin):
            pass
        assert refusal.value.response.status_code == 403


def test_wrong_questions_get_one_line_and_never_a_file_from_elsewhere(url: str):
    for path, status in (
        (PICTURE + "no-json", 400),
        (PICTURE + '{"start":{"seed":-1}}', 400),
        (PICTURE.replace("64", "65") + '{"start":{"seed":1}}', 400),
        (PICTURE + '{"start":{"place":"abc"}}', 404),
        (PICTURE + '{"start":{"seed":1},"push":{"wind":1}}', 422),
        ("explorer/model.json?model=none", 422),
        ("explorer/sheet/none.json", 404),
        ("explorer/film/..%2f..%2fetc%2fpasswd", 404),
    ):
        answer = httpx.get(url + path, timeout=20)
        assert (path, answer.status_code) == (path, status)
        assert answer.text.count("\n") <= 1
    assert httpx.get(url + PICTURE + '{"start":{"seed":1}}').status_code == 200


def test_the_table_has_so_many_seats(url: str):
    with ExitStack() as stack:
        seats = [stack.enter_context(sit(url)) for _ in range(PEOPLE)]
        with pytest.raises(InvalidStatus) as refusal, sit(url):
            pass
        assert refusal.value.response.status_code == 503
        assert all(json.loads(seat.recv(timeout=10))["you"] for seat in seats)


def test_bad_words_are_answered_and_oversize_ends_only_its_own_seat(url: str):
    with sit(url) as good, sit(url) as bad:
        told = errors(bad)
        for wrong in ("?", "{}", '{"set": {}}', '{"remove": {"id": "none"}}', b"\xff\xd8junk"):
            bad.send(wrong)
            assert "\n" not in next(told)
        bad.send('{"search": {"model": "card"}}')
        bad.send(b"no jpeg")
        assert "JPEG" in next(told)
        bad.send(json.dumps({"me": {"name": "x" * MESSAGE_BYTES}}))
        with pytest.raises(ConnectionClosed):
            next(told)
        good.send('{"me": {"name": "Ana"}}')
        while '"Ana"' not in str(good.recv(timeout=10)):
            pass


def test_files_come_and_go_and_a_journey_brings_its_places_once(url: str):
    place = {"place": 1, "name": "Dawn", "seed": 7}
    journey = {"journey": 1, "name": "Day", "stops": [{"place": place}, {"place": place}]}
    with sit(url) as seat:
        for file in (journey, {"place": 1, "name": "bad"}, place | {"z": "AAAA"}):
            seat.send(json.dumps({"bring": file}))
        told = errors(seat)
        assert all("holds no place" in next(told) for _ in range(2))
    deadline = time.monotonic() + 10.0
    while len(sheets := shelf(url)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)  # the disk is written beside the table's talk
    assert sorted(sheet["name"] for sheet in sheets) == ["Dawn", "Day"]
    day = next(sheet for sheet in sheets if sheet["name"] == "Day")
    taken = httpx.get(f"{url}explorer/sheet/{day['id']}.json").json()
    assert [stop["place"]["seed"] for stop in taken["stops"]] == [7, 7]


def heard(seat: ClientConnection, key: str) -> Any:
    while key not in (word := json.loads(seat.recv(timeout=10))):
        pass
    return word[key]


def test_a_place_waits_for_go_and_its_sender_is_told_what_to_expect(link: FakeLink, tmp_path: Path):
    wall = FakeWall(link, CARD)
    with served(link, tmp_path, CARD, wall=wall) as server, sit(server.url) as seat:
        model = {"name": "lost", "sha256": "a" * 64}
        seat.send(json.dumps({"bring": {"place": 1, "name": "Dawn", "seed": 7, "model": model}}))
        dawn = heard(seat, "kept")
        seat.send(json.dumps({"show": {"id": dawn, "go": True}}))
        assert "lost, which this show does not have" in heard(seat, "warning")
        assert (wall.waits, link.played) == ([("Dawn", "card")], [])


def test_the_table_follows_the_shows_models(link: FakeLink, tmp_path: Path):
    wall = FakeWall(link, CARD)
    with served(link, tmp_path, CARD, wall=wall) as server, sit(server.url) as seat:
        assert httpx.get(server.url + PICTURE + '{"start":{"seed":1}}', timeout=20).is_success
        wall.named = {"other": {"test_card": {"size": [32, 32]}}}
        assert heard(seat, "models") == ["other"]
        assert httpx.get(server.url + PICTURE + '{"start":{"seed":1}}').status_code == 422
        other = (server.url + PICTURE).replace("card", "other")
        assert httpx.get(other + '{"start":{"seed":1}}', timeout=20).is_success


def shelf(url: str) -> list[dict[str, Any]]:
    """What somebody who sits down finds on the shelf."""
    with sit(url) as seat:
        return json.loads(seat.recv(timeout=10))["sheets"]
