"""Flight files: kept beside a show, drawn again, and spoilt."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installation import flight
from installation.cli import main
from installation.decks.orders import Order, walk_for
from installation.decks.player import Player, steering
from installation.decks.recorder import Doing, Recorder
from installation.decks.replay import Controls
from installation.errors import FlightError
from installation.generators.test_card import TestCard
from installation.memory import Arena
from installation.session import SHADERS
from installation.show.loader import loads
from installation.show.shared import publish
from installation.supervise.flights import EVERY, FOLDER, KEPT, Flights
from tests.disks import SmallDisk, small_disk

__all__ = ["small_disk"]

SHOW = """
models: {card: {test_card: {size: 32x32, fault: crash, after: 3}}, net: net}
scenes:
  one: {model: card, walk: {kind: drift, period: 5s}}
  two: {model: net}
schedule: {screen: [{pjlink: {host: 10.0.0.1, password: sesame}}]}
"""
NIGHT = datetime(2026, 3, 14, 20, 15, tzinfo=UTC)
PICTURES = 20


@pytest.fixture
def arena() -> Arena:
    """A show that has drawn PICTURES pictures of its first scene, and fell over one more."""
    show, table = loads(SHOW, SHADERS)
    arena = Arena.create({"show": 1 << 20, **dict.fromkeys(flight.SECTIONS, 32 * 1024)})
    number = publish(arena, show, table)
    recorder = Recorder(arena.section("flight_a"), table, number)
    scene, card = show.scenes["one"], TestCard(32, 32)
    player, controls = Player(card, walk_for(Order(), scene, card, Path())), Controls(table)
    out = np.zeros((32, 32, 4), np.uint8)
    for n in range(PICTURES + 1):
        controls.values[table.index("/style/psi")] = 1.0 - n / 50
        dt = 0.01 + n / 1000
        recorder.begin(n / 10, (0, 0), Doing.NONE, dt, player.place, controls.values)
        if n < PICTURES:
            good = player.draw(steering(controls), controls["/style/psi"], dt, out)
            recorder.end(out, good)
    return arena


def kept(arena: Arena, folder: Path, fallen: int = 1) -> list[Path]:
    """The files after so many falls, a minute apart."""
    flights = Flights(arena, folder, folder)
    for n in range(fallen):
        flights.keep("deck_a", (n + 1) * EVERY, NIGHT + timedelta(minutes=n), {})
        flights.close(10)
    return sorted((folder / FOLDER).iterdir())


def test_a_kept_flight_is_drawn_again(arena: Arena, tmp_path: Path, capsys):
    (path,) = kept(arena, tmp_path)
    assert path.name == "20260314T201500Z-deck_a.flight"
    assert path.stat().st_mode & 0o77 == 0
    assert main(["replay", str(path), "--out", str(tmp_path / "seen")]) == 0
    said = capsys.readouterr().out
    assert f"{PICTURES} of {PICTURES} pictures the same" in said
    assert f"picture {PICTURES + 1} of deck a, scene one was not finished then" in said
    assert len(list((tmp_path / "seen").glob("a-*.png"))) == PICTURES + 1
    assert main(["replay", str(path), "--seconds", "0.55"]) == 0
    assert "5 of 5 pictures the same" in capsys.readouterr().out


def test_a_picture_that_differs_is_named(arena: Arena, tmp_path: Path, capsys):
    _, table = loads(SHOW, SHADERS)
    recorder = Recorder(arena.section("flight_b"), table, 1)
    recorder.begin(1.0, (0, 0), Doing.NONE, 0.01, (0.5,) * 16, Controls(table).values)
    recorder.end(np.full((32, 32, 4), 9, np.uint8), True)
    (path,) = kept(arena, tmp_path)
    assert main(["replay", str(path)]) == 1
    said = capsys.readouterr().out
    assert f"{PICTURES} of {PICTURES + 1} pictures the same" in said
    assert "the first that differs: picture 1 of deck b, scene one" in said


def test_what_cannot_be_drawn_from_its_record_is_counted(arena: Arena, tmp_path: Path, capsys):
    _, table = loads(SHOW, SHADERS)
    recorder = Recorder(arena.section("flight_b"), table, 1)
    for doing in (Doing.TRAVEL, Doing.ORDERED, Doing.ANOTHER, Doing.CROWDED, Doing.FENCED):
        recorder.begin(1.0, (0, 0), doing, 0.01, (0.5,) * 16, Controls(table).values)
        recorder.end(np.zeros((32, 32, 4), np.uint8), True)
    (path,) = kept(arena, tmp_path)
    assert main(["replay", str(path)]) == 0
    assert "5 more cannot be drawn again" in capsys.readouterr().out


def test_no_password_leaves_the_show(arena: Arena, tmp_path: Path):
    (path,) = kept(arena, tmp_path)
    read = flight.read(path)
    assert "sesame" not in json.dumps([read.show, read.table, read.facts])
    assert sorted(read.show) == sorted(flight.DRAWN_FROM)


def test_the_last_ten_are_kept_and_not_two_a_minute(arena: Arena, tmp_path: Path):
    names = [path.name for path in kept(arena, tmp_path, KEPT + 2)]
    assert len(names) == KEPT
    assert names[0].startswith("20260314T2017")
    flights = Flights(arena, tmp_path / "again", tmp_path)
    for n in range(20):
        flights.keep("deck_a", EVERY + n, NIGHT + timedelta(seconds=n), {})
        flights.close(10)
    assert len(list((tmp_path / "again" / FOLDER).iterdir())) == 1


def test_a_full_disk_costs_one_line(arena: Arena, small_disk: SmallDisk, caplog):
    small_disk.fill()
    flights = Flights(arena, small_disk.folder, small_disk.folder)
    flights.keep("deck_a", EVERY, NIGHT, {})
    flights.close(10)
    (line,) = caplog.messages
    assert "is not kept" in line
    assert not list(small_disk.folder.glob("*/*"))


def test_another_model_than_played_is_told(arena: Arena, tmp_path: Path, capsys):
    _, table = loads(SHOW, SHADERS)
    recorder = Recorder(arena.section("flight_b"), table, 1)
    recorder.begin(1.0, (1, 0), Doing.NONE, 0.01, (0.5,) * 16, Controls(table).values)
    (tmp_path / "net").mkdir()
    weights = tmp_path / "net" / "model.safetensors"
    weights.write_bytes(b"then")
    (path,) = kept(arena, tmp_path)
    weights.write_bytes(b"now")
    assert main(["replay", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(weights) in line
    assert "is not what played then" in line
    weights.unlink()
    assert main(["replay", str(path)]) == 2
    assert "is not here" in capsys.readouterr().err


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_file_is_read_as_it_was_or_refused_in_one_line(
    arena: Arena, tmp_path: Path, data: st.DataObject
):
    good = _one(arena, tmp_path)
    whole = flight.read(good)
    body = bytearray(good.read_bytes())
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body) - 1)) :]
    else:
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    spoilt = tmp_path / "spoilt.flight"
    spoilt.write_bytes(body)
    read, said = _read(spoilt)
    assert read in (whole, None)
    assert read or (str(spoilt) in said and "\n" not in said)


def _read(path: Path) -> tuple[flight.Flight | None, str]:
    try:
        return flight.read(path), ""
    except FlightError as error:
        return None, str(error)


def _one(arena: Arena, folder: Path) -> Path:
    found = sorted((folder / FOLDER).glob("*")) or kept(arena, folder)
    return found[0]


@pytest.mark.parametrize("body", [b"", b"GIF89a", b"PK\x05\x06" + bytes(18)])
def test_a_foreign_file_costs_one_line(tmp_path: Path, body: bytes, capsys):
    path = tmp_path / "foreign.flight"
    path.write_bytes(body)
    assert main(["replay", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_another_version_is_named(arena: Arena, tmp_path: Path, monkeypatch):
    (path,) = kept(arena, tmp_path)
    monkeypatch.setattr(flight, "VERSION", 2)
    with pytest.raises(FlightError, match="of version 1, 2 is read here"):
        flight.read(path)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(FlightError, match="No such file"):
        flight.read(tmp_path / "none.flight")
