"""What a show begins with: where it was, or anew, and one line that says so."""

from argparse import Namespace
from pathlib import Path

import pytest

from installation.commands.run import _saved
from installation.show.saved import Saved
from installation.store import Store

PLACE = tuple(number / 16 for number in range(16))
OLD, NEW = Saved("one", {"one": PLACE}), Saved("two", {"two": PLACE}, {"/master/brightness": 0.5})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "saved")
    store.write(OLD.to_bytes())
    store.write(NEW.to_bytes())
    return store


def begun(store: Store, resume: bool = True, fresh: bool = False) -> Saved | None:
    return _saved(Namespace(resume=resume, fresh=fresh), store)


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


def test_it_goes_on_only_when_asked_to(store: Store, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO")
    assert begun(store, resume=False) is None
    assert begun(store) == NEW
    assert caplog.messages == ["going on in scene two, where the show was"]


def test_cut_at_any_byte_it_goes_on_from_the_copy_before_and_says_so_in_one_line(
    store: Store, caplog: pytest.LogCaptureFixture
):
    whole = store.path.read_bytes()
    for cut in range(len(whole)):
        store.path.write_bytes(whole[:cut])
        caplog.clear()
        assert begun(store) == OLD
        assert len(warned(caplog)) == 1
        assert "the copy before it is used" in caplog.text


def test_with_both_lost_it_begins_anew_and_says_so(store: Store, caplog: pytest.LogCaptureFixture):
    store.path.write_bytes(b"\0" * 100)
    store.copy.write_bytes(b"")
    assert begun(store) is None
    assert len(warned(caplog)) == 1
    assert "the show begins anew" in caplog.text


def test_whole_but_no_saved_state_is_said(store: Store, caplog: pytest.LogCaptureFixture):
    store.write(b'{"scene": 5}')
    assert begun(store) is None
    assert len(warned(caplog)) == 1
    assert str(store.path) in caplog.text


def test_fresh_forgets(store: Store):
    assert begun(store, resume=False, fresh=True) is None
    assert begun(store) is None


def test_nothing_saved_is_nothing_to_say(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert begun(Store(tmp_path / "none")) is None
    assert caplog.messages == []
