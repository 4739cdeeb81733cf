import itertools
import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from installation.control.parameters import Table
from installation.control.state import Values
from installation.session import SHADERS
from installation.show.loader import loads
from installation.stage.gl import driver_words
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from tests.stage.conftest import Make, decoded, flat

HEAD = "#version 330\nuniform sampler2D picture; in vec2 uv; out vec4 colour;\n"
TINT = HEAD + "uniform float red;  // 0.5 [0, 1] how red\nvoid main() { colour = vec4(red); }\n"
SHOW = "models: {card: {test_card: {}}}\nscenes: {one: {model: card, look: [tint]}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHADERS / "core", tmp_path / "core")
    return tmp_path


_saved_at = itertools.count(1)


def save(folder: Path, source: str) -> None:
    """Write the pass; every save is a second later than the one before."""
    file = folder / "tint.frag"
    file.write_text(source)
    at = next(_saved_at)
    os.utime(file, (at, at))


def painted(renderer: Renderer, values: Values) -> int:
    renderer.library.watch.poll()
    renderer.library.refresh()
    renderer.draw(Shot(0.0, values))
    return int(renderer.read()[18, 32, 0])


def opened(make: Make, folder: Path) -> tuple[Renderer, Values, Table]:
    table = loads(SHOW, folder)[1]
    renderer = make(shaders=folder, looks=[["tint"]], table=table)
    renderer.decks[0].show(flat(77))
    return renderer, np.array([row.default for row in table]), table


def test_an_annotated_uniform_follows_its_control(make: Make, folder: Path):
    save(folder, TINT)
    renderer, values, table = opened(make, folder)
    before = painted(renderer, values)
    values[table.index("/look/tint/red")] = 1.0
    assert before < 200 < painted(renderer, values) == 255


def test_a_saved_pass_is_taken_up_and_a_broken_one_is_not(make: Make, folder: Path):
    save(folder, TINT)
    renderer, values, _ = opened(make, folder)
    good = painted(renderer, values)
    save(folder, TINT.replace("colour = vec4(red);", "colour = vec4(rot);"))
    assert painted(renderer, values) == good
    assert renderer.library.error is not None
    assert renderer.library.error.startswith("tint.frag:4: ")
    assert "rot" in renderer.library.error
    save(folder, TINT.replace("vec4(red)", "vec4(red * red)"))
    assert painted(renderer, values) < good
    assert renderer.library.error is None


def test_a_new_uniform_of_a_reloaded_pass_has_its_default(make: Make, folder: Path):
    save(folder, TINT)
    renderer, values, _ = opened(make, folder)
    save(folder, TINT.replace("red", "green"))
    assert 180 < painted(renderer, values) < 195  # sRGB of 0.5
    assert renderer.library.error is None


def test_a_pass_that_never_compiled_leaves_the_picture_as_it_is(make: Make, folder: Path):
    save(folder, TINT)
    renderer, values, _ = opened(make, folder)
    save(folder, "nonsense")
    renderer = make(shaders=folder, looks=[["tint"]])
    renderer.decks[0].show(flat(77))
    assert abs(painted(renderer, values) - 77) <= 1
    assert renderer.library.error


@pytest.mark.parametrize("mischief", ["gone", "binary", "empty", "folder"])
def test_a_file_that_cannot_be_read_changes_nothing(make: Make, folder: Path, mischief: str):
    save(folder, TINT)
    renderer, values, _ = opened(make, folder)
    good = painted(renderer, values)
    file = folder / "tint.frag"
    file.unlink()
    if mischief == "binary":
        file.write_bytes(b"\xff\xfe\x00broken")
    elif mischief == "empty":
        file.write_bytes(b"")
    elif mischief == "folder":
        file.mkdir()
    assert painted(renderer, values) == good
    assert renderer.library.error


@pytest.mark.alone
def test_the_thread_sees_a_change_by_itself(make: Make, folder: Path):
    save(folder, TINT)
    renderer, _, _ = opened(make, folder)
    renderer.library.watch.start()
    save(folder, TINT.replace("0.5", "0.9"))
    deadline = time.monotonic() + 20
    while not (fresh := renderer.library.watch.take()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "0.9" in fresh[folder / "tint.frag"]


MEMORY = (
    HEAD.replace("colour;", "colour; uniform float dt;")
    + """
// draw count 4x4 exact kept
uniform sampler2D count;
void main() { colour = texelFetch(count, ivec2(0), 0) + vec4(1.0, dt, 0.0, 0.0); }
// draw result
uniform sampler2D count;
void main() { colour = vec4(texelFetch(count, ivec2(0), 0).rg * 0.1, 0.0, 1.0); }
"""
)


def test_a_kept_draw_finds_what_it_drew_before(make: Make, folder: Path):
    save(folder, MEMORY)
    renderer, values, _ = opened(make, folder)
    frames = []
    for frame in range(4):
        renderer.draw(Shot(frame * 0.05, values))
        frames.append(renderer.read()[18, 32, :2])
    red, green = ([decoded(byte) for byte in row] for row in zip(*frames, strict=True))
    assert red == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.01)
    assert green == pytest.approx([0.0, 0.005, 0.01, 0.015], abs=0.002)


PLACED = (
    HEAD
    + """
// draw spots 8x4
void main() { colour = vec4(gl_FragCoord.x < 1.0 ? 0.25 : 0.75, 0.5, 0.0, 1.0); }
// draw result
void main() { colour = vec4(0.0); }
// draw result points spots
uniform sampler2D spots;
#ifdef VERTEX
void main() {
    vec2 at = texelFetch(spots, ivec2(gl_VertexID, 0), 0).xy;
    gl_Position = vec4(at * 2.0 - 1.0, 0.0, 1.0);
    gl_PointSize = 8.0;
}
#else
void main() { colour = vec4(1.0, 0.0, 0.0, 1.0); }
#endif
// draw result quads 18
uniform vec2 cells;
#ifdef VERTEX
void main() {
    vec2 cell = vec2(gl_InstanceID % int(cells.x), gl_InstanceID / int(cells.x));
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 0.25;
    gl_Position = vec4((cell + corner) / cells * 2.0 - 1.0, 0.0, 1.0);
}
#else
void main() { colour = vec4(0.0, 1.0, 0.0, 1.0); }
#endif
"""
)


def test_points_and_quads_are_placed_by_their_vertex_shader(make: Make, folder: Path):
    save(folder, PLACED)
    renderer, values, _ = opened(make, folder)
    painted(renderer, values)
    assert renderer.library.error is None
    frame = renderer.read()[..., :2].astype(int)
    assert (frame[16, [16, 48]] == [255, 0]).all()  # the points, of 8x4 texels software makes 2x1
    assert frame[16, 32].max() == 0
    assert (frame[[1, 19], 1] == [0, 255]).all()  # a quad in the corner of each 18x18 cell
    assert frame[9, 9].max() == 0


def test_a_fault_in_a_later_draw_keeps_the_last_good_pass(make: Make, folder: Path):
    save(folder, MEMORY)
    renderer, values, _ = opened(make, folder)
    painted(renderer, values)
    for source, words in [
        (MEMORY.replace(".rg *", ".rgq *"), "tint.frag:9: "),
        (MEMORY.replace("4x4", "4x4 quick"), "tint.frag:4: `// draw` does not know 'quick'"),
        (MEMORY.replace("draw result", "draw end"), "tint.frag: the last draw must be"),
        (MEMORY.replace("4x4", "9999x4"), "tint.frag:4: a draw may have up to 4096"),
        (MEMORY.replace("kept", "points dust"), "tint.frag:4: points dust: no draw"),
    ]:
        save(folder, source)
        assert painted(renderer, values) > 0
        assert renderer.library.error is not None
        assert renderer.library.error.startswith(words)


def test_a_reloaded_pass_begins_with_an_empty_memory(make: Make, folder: Path):
    save(folder, MEMORY)
    renderer, values, _ = opened(make, folder)
    first = painted(renderer, values)
    assert painted(renderer, values) > first
    save(folder, MEMORY + "\n")
    assert painted(renderer, values) == first


def test_a_spare_pass_is_left_out_on_a_slow_machine(make: Make, folder: Path):
    save(folder, TINT + "// spare 2\n")
    renderer, values, _ = opened(make, folder)
    tinted = painted(renderer, values)
    renderer.level = 1
    assert painted(renderer, values) == tinted
    renderer.level = 2
    assert abs(painted(renderer, values) - 77) <= 1


LOOKED = """#version 330
uniform sampler2D picture; uniform sampler3D lut; uniform float lut_size;
in vec2 uv; out vec4 colour;
void main() { colour = lut_size > 0.0 ? texture(lut, vec3(0.5)) : texture(picture, uv); }
"""


def test_a_look_up_table_lies_beside_its_pass(make: Make, folder: Path):
    save(folder, LOOKED)
    renderer, values, _ = opened(make, folder)
    assert abs(painted(renderer, values) - 77) <= 1
    table = folder / "tint.cube"
    table.write_text("LUT_3D_SIZE 2\n" + "1 0 0\n" * 8)
    assert painted(renderer, values) == 255
    table.write_text("LUT_3D_SIZE 2\n" + "1 0\n" * 8)
    assert painted(renderer, values) == 255
    assert renderer.library.error == "tint.cube:2: every colour must be three numbers"


def test_the_drivers_words_become_one_line():
    mesa = "GLSL Compiler failed\n\nfragment_shader\n===\n0:12(3): error: `x' undeclared\n"
    nvidia = 'GLSL Compiler failed\n\n0(12) : error C1503: undefined variable "x"\n'
    assert driver_words(mesa, "a.frag") == "a.frag:12: error: `x' undeclared"
    assert driver_words(nvidia, "a.frag").startswith("a.frag:12: error C1503")
    assert driver_words("", "a.frag") == "a.frag: does not compile"


def test_every_shipped_pass_compiles(make: Make):
    names = sorted(file.stem for file in SHADERS.glob("*.frag"))
    renderer = make(looks=[names])
    assert renderer.library.error is None
    assert names
