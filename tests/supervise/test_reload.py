"""show.yaml saved while the show runs, in whatever way an editor or an accident does it."""

import logging
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.memory import Arena
from installation.session import SECTIONS
from installation.show.loader import load
from installation.show.shared import publish, receive
from installation.supervise.reload import CONVINCED, PATIENCE, POLL, SETTLED, Reload, Settling

SHOW = """
title: {title}
models: {{card: {{test_card: {{}}}}}}
scenes:
  one: {{model: card, look: []}}
"""
LATE = max(SETTLED, POLL) + 2 * POLL  # seconds until a save is surely taken up


class Editor:
    """A show.yaml, the supervisor's eye on it, and a clock that ticks as its thread does."""

    def __init__(self, folder: Path, text: str = SHOW) -> None:
        self._text = text
        self.path = folder / "show.yaml"
        self.save("first")
        self.arena = Arena.create(SECTIONS)
        show, table = load(self.path, folder)
        publish(self.arena, show, table)
        self.reload = Reload(self.path, folder, show, table, self.arena)
        self.now = 50.0
        self.wait(1.0)

    def save(self, title: str) -> None:
        self.path.write_text(self._text.format(title=title))

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / POLL)):
            self.now += POLL
            self.reload.step(self.now)

    @property
    def title(self) -> str:
        """What a child would play now."""
        return receive(self.arena).show.title

    @property
    def error(self) -> str:
        return self.reload.running.error or ""


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    return Editor(tmp_path)


def test_a_save_is_taken_up_within_a_second(editor: Editor, caplog):
    caplog.set_level(logging.INFO)
    editor.save("second")
    editor.wait(LATE)
    assert LATE < 1.0
    assert editor.title == "second"
    assert editor.reload.running.edition == receive(editor.arena).number == 2
    assert "taken up: title" in caplog.text


def test_a_save_that_changes_nothing_is_no_edition(editor: Editor):
    os.utime(editor.path)
    editor.wait(LATE)
    assert receive(editor.arena).number == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"scenes: {one: {model: cart, look: []}}\nmodels: {card: {test_card: {}}}\n", ":1: "),
        (b"title: [\n", "not YAML"),
        (b"title: 1\nwalk: fast\n", "unknown key"),
        (random.Random(1).randbytes(5000), "not UTF-8"),
        (b"\0" * 100, "show.yaml"),
        (b"# \n" * 4_000_000, "larger than 256 kB"),
        (b"a: " + b"[" * 100, "nested"),
        (b"", "missing"),
    ],
    ids=["name", "cut", "key", "binary", "zeros", "large", "deep", "empty"],
)
def test_a_broken_file_is_told_once_and_the_old_show_goes_on(editor, content, says, caplog):
    editor.path.write_bytes(content)
    editor.wait(CONVINCED + LATE)
    assert says in editor.error
    assert str(editor.path) in editor.error
    lines = len(caplog.records)
    assert lines >= 1
    editor.wait(3.0)
    assert len(caplog.records) == lines
    assert editor.title == "first"
    editor.save("mended")
    editor.wait(LATE)
    assert (editor.title, editor.error) == ("mended", "")


def test_deleted_and_put_back(editor: Editor, caplog):
    caplog.set_level(logging.INFO)
    text = editor.path.read_bytes()
    editor.path.unlink()
    editor.wait(CONVINCED + LATE)
    assert "No such file" in editor.error
    assert editor.title == "first"
    editor.path.write_bytes(text)
    editor.wait(LATE)
    assert editor.error == ""
    assert "as it was" in caplog.text
    assert receive(editor.arena).number == 1


def test_replaced_by_a_link_and_the_link_turned(editor: Editor):
    for name in ("second", "third"):
        goal = editor.path.with_name(f"{name}.yaml")
        goal.write_text(SHOW.format(title=name))
        link = editor.path.with_name("link")
        link.symlink_to(goal)
        link.replace(editor.path)
        editor.wait(LATE)
        assert editor.title == name
    editor.path.unlink()
    editor.path.symlink_to(editor.path)  # a link to itself
    editor.wait(CONVINCED + LATE)
    assert editor.error
    assert editor.title == "third"


def test_a_folder_or_a_pipe_in_its_place_holds_nobody_up(editor: Editor):
    editor.path.unlink()
    editor.path.mkdir()
    editor.wait(CONVINCED + LATE)
    assert editor.error
    editor.path.rmdir()
    os.mkfifo(editor.path)
    editor.wait(CONVINCED + LATE)
    assert "no file" in editor.error
    assert editor.title == "first"


def test_written_in_pieces_it_is_read_whole_and_nothing_is_complained_of(editor: Editor, caplog):
    whole = SHOW.format(title="second") + "  two: {model: card, look: []}\n"
    with editor.path.open("w") as file:
        for piece in whole.splitlines(keepends=True):
            file.write(piece)
            file.flush()
            editor.wait(POLL)
    editor.wait(LATE)
    assert editor.title == "second"
    assert not caplog.records


def test_a_hundred_saves_a_second_are_followed_twice_a_second(editor: Editor):
    seen = set()
    for number in range(500):
        editor.save(f"number {number}")
        if number % 10 == 0:
            editor.wait(POLL)
            seen.add(editor.title)
    assert 5 <= len(seen) <= 15
    editor.wait(LATE)
    assert editor.title == "number 499"


def test_a_show_too_large_to_hand_on_is_refused(editor: Editor):
    scenes = "".join(f"  s{n}: {{model: card, look: []}}\n" for n in range(6000))
    editor.path.write_text(SHOW.format(title="vast") + scenes)
    editor.wait(CONVINCED + LATE)
    assert editor.title in ("vast", "first")
    assert (editor.title == "first") is ("mailbox" in editor.error)


def test_what_must_start_again_is_asked_for(editor: Editor):
    editor.path.write_text(SHOW.format(title="first") + "inputs: {osc: {port: 9123}}\n")
    editor.wait(LATE)
    assert editor.reload.restarts == {"desk": 2}


def test_what_needs_another_start_says_so(editor: Editor, caplog):
    editor.path.write_text(SHOW.format(title="first") + "outputs: [{ndi: {name: wall}}]\n")
    editor.wait(LATE)
    assert "begins with the show's next start" in caplog.text


def test_a_control_added_to_a_shader_joins_the_table(tmp_path: Path):
    shader = tmp_path / "glow.frag"
    shader.write_text("uniform float heat;  // 0.5 [0, 1] warmth\n")
    editor = Editor(tmp_path, SHOW.replace("look: []", "look: [glow]"))
    assert "/look/glow/heat" in receive(editor.arena).table
    shader.write_text(
        "uniform float heat;  // 0.5 [0, 1] warmth\nuniform float x;  // 0 [0, 1] y\n"
    )
    editor.wait(LATE)
    assert "/look/glow/x" in receive(editor.arena).table


saves = st.lists(st.tuples(st.floats(0.01, 3.0), st.integers(0, 3)), max_size=40)


@given(saves)
def test_the_last_save_is_always_read_and_none_waits_long(saves):
    settling, now, print, read = Settling(0), 0.0, 0, 0
    for pause, after in [*saves, (2.0, -1)]:
        until = now + pause
        while now < until:
            now += POLL
            if settling.due(print, now):
                read = print
        print = after if after >= 0 else print
        if pause >= PATIENCE + 3 * POLL and after < 0:
            assert read == print
