import string

import numpy as np

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.control.state import Values
from installation.show.hotkeys import described
from installation.show.inputs import Inputs
from installation.stage.font import Font
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from installation.stage.words import HELP_COLUMNS, HINT_AFTER, Figures, Words, help_lines, hud_lines
from tests.stage.conftest import Make, flat

INPUTS = Inputs()
TABLE = Table(house_rows(["waves"]))
FIGURES = Figures(0, "live", 61.0, 58.5, 0.012, 0.25, "640x360", "llvmpipe", None)


def glyph(character: str, unit: float = 2.0) -> bytes:
    sheet = np.zeros((20, 14), np.uint8)
    Font(unit).write(sheet, character, 0, 0)
    return sheet.tobytes()


def test_every_letter_has_a_shape_of_its_own():
    shapes = {character: glyph(character) for character in string.ascii_uppercase + string.digits}
    assert len(set(shapes.values())) == len(shapes)
    assert not any(shape == glyph(" ") for shape in shapes.values())


def test_everything_a_driver_may_say_can_be_written():
    blank = [c for c in string.punctuation if c not in "$&@^~" and glyph(c) == glyph(" ")]
    assert blank == []


def test_text_is_cut_at_the_edge_and_strange_characters_are_gaps():
    sheet = np.zeros((9, 30), np.uint8)
    Font(1.25).write(sheet, "a very long line", 0, 0)
    Font(1.25).write(sheet, "below", 0, 200)
    Font(1.25).write(sheet, "beside", 200, 0)
    assert glyph("é") == glyph(" ")


def test_the_hud_tells_what_matters():
    text = "\n".join(hud_lines("Tides", ["waves"], FIGURES, "?"))
    for word in ("Tides", "waves", "live", "61.0", "58.5", "12 ms", "640x360", "? tells"):
        assert word in text
    assert "frag" not in text
    broken = Figures(-1, "house", 0, 60, float("inf"), 0, "1x1", "x", "a.frag:3: error: no")
    assert "a.frag:3: error: no" in "\n".join(hud_lines("Tides", ["waves"], broken, None))


def test_the_help_has_a_line_for_every_key_and_none_is_too_long():
    lines = help_lines(described(INPUTS, TABLE))
    assert [line.split()[0] for line in lines if line[0] != " "] == list(INPUTS.keys)
    assert max(map(len, lines)) <= HELP_COLUMNS
    assert help_lines([]) == ["no keys"]


def words_on(renderer: Renderer) -> Words:
    return Words(renderer.core, renderer.size, "Tides", ["waves"], INPUTS, TABLE)


def changed(renderer: Renderer, before: np.ndarray) -> np.ndarray:
    return np.argwhere((renderer.read() != before).any(axis=-1))


def test_the_hud_covers_its_corner_and_stays_legible(make: Make, values: Values):
    renderer = make((640, 360))
    renderer.decks[0].show(flat(235))
    renderer.draw(Shot(0.0, values))
    before, words = renderer.read().copy(), words_on(renderer)
    words.hud(0.0, lambda: FIGURES)
    words.draw_hud(renderer.final.framebuffer)
    rows, columns = changed(renderer, before).T
    assert rows.min() == columns.min() == 360 // 24
    assert columns.max() < 640 - 100
    panel = renderer.read()[rows.min() : rows.max(), columns.min() : columns.max(), 1]
    assert np.percentile(panel, 50) < 100  # dark, over a bright picture
    assert panel.max() > 220  # bright ink
    assert (renderer.read()[..., 3] == 255).all()
    words.release()


def test_the_help_fits_the_smallest_canvas(make: Make, values: Values):
    renderer = make((640, 360))
    renderer.decks[0].show(flat(235))
    renderer.draw(Shot(0.0, values))
    before, words = renderer.read().copy(), words_on(renderer)
    words.draw_help(renderer.final.framebuffer)
    rows, columns = changed(renderer, before).T
    assert rows.max() < 359
    assert columns.max() < 639
    words.release()


def test_the_hint_is_seen_only_while_the_key_is_held(make: Make, values: Values):
    renderer = make((640, 360))
    renderer.decks[0].show(flat(128))

    def hint(now: float, close: bool = False) -> int:
        renderer.draw(Shot(0.0, values))
        before = renderer.read().copy()
        words.draw_hint(renderer.final.framebuffer, now, close)
        return len(changed(renderer, before))

    words = words_on(renderer)
    assert hint(0.0) == 0
    words.stroke("right", True, 0.0)
    assert hint(1.0) == 0
    words.stroke("escape", True, 1.0)
    assert hint(1.0 + HINT_AFTER / 2) == 0
    assert hint(2.0) > 1000
    words.stroke("escape", False, 2.1)
    assert hint(2.2) == 0
    words.stroke("b", True, 2.2)
    assert hint(2.6) > 1000
    words.stroke("b", False, 2.7)
    assert hint(2.8) == 0
    assert hint(3.0, close=True) > 1000
    assert hint(4.0) > 1000
    assert hint(9.0) == 0
    words.release()


def test_other_words_are_written_after_a_resize(make: Make, values: Values):
    renderer = make((640, 360))
    words = words_on(renderer)
    words.resize((1280, 720))
    words.hud(0.0, lambda: FIGURES)
    renderer.resize((1280, 720))
    renderer.decks[0].show(flat(235))
    renderer.draw(Shot(0.0, values))
    before = renderer.read().copy()
    words.draw_hud(renderer.final.framebuffer)
    assert len(changed(renderer, before)) > 100_000
    words.release()
