"""The shelf that several share: nothing is overwritten, nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.errors import PlaceError
from installation.latent.places import Place
from installation.panel.explorer import wishes
from installation.panel.explorer.shelf import Draft, DraftStop, Shelf


def place(name: str = "Dawn", seed: int = 1) -> Place:
    return Place(name=name, seed=seed)


def laid(folder: Path | None = None) -> tuple[Shelf, str, str]:
    """A shelf with a place and a journey through it."""
    shelf = Shelf(folder)
    dawn = shelf.add(place(), b"jpeg")
    draft = Draft(name="Day", stops=[DraftStop(place=dawn.id), DraftStop(place=dawn.id)])
    return shelf, dawn.id, shelf.add(draft).id


def test_a_change_of_what_was_seen_is_made():
    shelf, dawn, _ = laid()
    sheet, note = shelf.change(dawn, 1, {"name": "Dusk", "seed": 5}, "Ana")
    assert (sheet.body.name, sheet.version, note) == ("Dusk", 2, "")
    assert shelf.place(dawn).seed == 1  # a place keeps its point


def test_of_two_changes_at_once_both_are_kept():
    shelf, _, day = laid()
    shelf.change(day, 1, {"closed": True}, "Ana")
    beside, note = shelf.change(day, 1, {"way": "circle", "closed": False}, "Ben")
    assert beside.id != day
    assert beside.body.name == "Day (Ben)"
    assert "yours is kept beside it" in note
    first, second = shelf[day].body, beside.body
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.closed, first.way) == (True, "spline")
    assert (second.closed, second.way) == (False, "circle")


def test_the_same_change_twice_is_one():
    shelf, dawn, _ = laid()
    shelf.change(dawn, 1, {"name": "Dusk"}, "Ana")
    sheet, note = shelf.change(dawn, 1, {"name": "Dusk"}, "Ben")
    assert (sheet.id, note, len(list(shelf))) == (dawn, "", 2)


def test_what_is_in_use_or_changed_is_not_removed_and_what_is_can_come_back():
    shelf, dawn, day = laid()
    with pytest.raises(PlaceError, match="a stop of Day"):
        shelf.remove(dawn, 1)
    with pytest.raises(PlaceError, match="changed meanwhile"):
        shelf.remove(day, 7)
    shelf.remove(day, 1)
    shelf.remove(dawn, 1)
    assert not list(shelf)
    assert shelf.restore(dawn).body == place()
    with pytest.raises(PlaceError, match="put back"):
        shelf.restore(dawn)


def test_it_is_read_again_after_a_power_cut_and_damage_is_told(tmp_path: Path):
    shelf, dawn, day = laid(tmp_path)
    shelf.write(dawn)
    shelf.write(day)
    (tmp_path / "junk.sheet").write_bytes(b"no sheet")
    again = Shelf(tmp_path)
    assert len(again.load()) == 1
    assert again[dawn] == shelf[dawn]
    assert again.journey(day) == shelf.journey(day)
    assert again.journey(day).stops[0].place.seed == 1
    shelf.remove(day, 1)
    shelf.write(day)
    assert {file.stem for file in tmp_path.glob("*.sheet")} == {dawn, "junk"}


def test_a_full_shelf_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("installation.panel.explorer.shelf.SHEETS", 2)
    shelf, _, _ = laid()
    with pytest.raises(PlaceError, match="full"):
        shelf.add(place())


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"stops": [{"place": "none"}]}, "no longer on the shelf"),
        ({"stops": [{"place": "a", "seconds": -1}]}, "seconds"),
        ({"stops": [{"place": "a"}] * 65}, "stops"),
        ({"name": ""}, "name"),
        ({"way": "by bus"}, "way"),
    ],
)
def test_a_bad_change_is_refused_in_one_line_and_changes_nothing(words: dict[str, Any], what: str):
    shelf, _, day = laid()
    before = shelf[day]
    with pytest.raises(PlaceError, match=what) as refusal:
        shelf.change(day, 1, words, "Ana")
    assert "\n" not in str(refusal.value)
    assert shelf[day] == before


@given(st.one_of(st.text(), st.recursive(st.none() | st.floats() | st.text(), st.lists).map(repr)))
def test_no_message_makes_the_reader_stumble(text: str):
    with pytest.raises(ValueError, match=r"^[^\n]*$"):
        wishes.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"cancel": true, "restore": {"id": "a"}}',
        '{"cursor": {"map": "m", "x": 1e9, "y": 0}}',
        '{"film": {"id": "../../etc", "model": "sea"}}',
        '{"keep": {"model": "sea", "name": "x", "point": {"start": {"seed": 1, "place": "a"}}}}',
        '{"set": {"/walk/speed": 1}}',
    ],
)
def test_a_wrong_wish_is_refused(text: str):
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        wishes.read(text)
