"""Row 21 of the faults: a shader that never ends. A real stage's drawing, in a process to kill."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from installation.memory import Arena
from installation.session import ROOT, SHADERS
from installation.show.loader import loads
from installation.stage.gl import headless_context
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from installation.stage.trial import PROVEN, RECENT, Trial, version
from tests.stage.conftest import flat

pytestmark = pytest.mark.alone

HEAD = "#version 330\nuniform sampler2D picture; in vec2 uv; out vec4 colour;\n"
RED = HEAD + "void main() { colour = vec4(1.0, 0.0, 0.0, 1.0); }\n"
# In software a shader's loops end after 65,535 rounds together; these rounds last for a minute.
ENDLESS = (
    HEAD
    + """
#define ONCE x = abs(sin(x + float(i)));
#define OFTEN ONCE ONCE ONCE ONCE ONCE ONCE ONCE ONCE
void main() {
    float x = uv.x;
    for (int i = 0; x >= 0.0; i++) {
        OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN OFTEN
    }
    colour = vec4(x);
}
"""
)
SHOW = "models: {card: {test_card: {}}}\nscenes: {one: {model: card, look: [tint]}}"
STAGE = """
import sys
from pathlib import Path
from installation.memory import Arena
from tests.stage.test_trial import opened
stand = opened(Path(sys.argv[1]), Arena(int(sys.argv[2]), {"trial": 4096}))
print("drawing", flush=True)
for _ in range(3):
    stand.draw()
print("drawn", flush=True)
"""


def opened(folder: Path, arena: Arena, hung: bool = False) -> "Stand":
    return Stand(folder, Trial(arena.section("trial"), hung))


class Stand:
    """A renderer of passes in a folder, and what it draws."""

    def __init__(self, folder: Path, trial: Trial) -> None:
        table = loads(SHOW, folder)[1]
        self._context = headless_context()
        self.renderer = Renderer(self._context, (64, 36), [["tint"]], table, folder, None, trial)
        self.renderer.decks[0].show(flat(77))
        self._values = np.array([row.default for row in table])

    def draw(self) -> np.ndarray:
        """The colour in the middle of a frame."""
        self.renderer.library.watch.poll()
        self.renderer.library.refresh()
        self.renderer.draw(Shot(0.0, self._values))
        return self.renderer.read()[18, 32, :3]

    def close(self) -> None:
        self.renderer.release()
        self._context.release()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "core").symlink_to(SHADERS / "core")
    (tmp_path / "tint.frag").write_text(ENDLESS)
    return tmp_path


def test_21_a_shader_that_never_ends_is_left_out_by_the_next_stage_until_it_is_mended(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    arena = Arena.create({"trial": 4096})
    command = [sys.executable, "-c", STAGE, str(folder), str(arena.fd)]
    how = {"cwd": ROOT, "pass_fds": [arena.fd], "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **how) as first:
        assert first.stdout
        assert first.stdout.readline() == "drawing\n"
        with pytest.raises(subprocess.TimeoutExpired):
            first.wait(2.5)  # the supervisor's patience
        first.kill()

    second = opened(folder, arena, hung=True)
    assert second.draw() == pytest.approx([77, 77, 77], abs=1)
    assert second.renderer.library.error
    assert "tint.frag: the stage stood still over it" in second.renderer.library.error
    assert "it is left out" in caplog.text
    (folder / "tint.frag").write_text(RED)
    os.utime(folder / "tint.frag", (time.time() + 5, time.time() + 5))
    assert list(second.draw()) == [255, 0, 0]
    assert second.renderer.library.error is None
    second.close()


def test_only_what_was_built_or_new_on_the_wall_is_blamed():
    view = memoryview(bytearray(4096))
    old, fresh, unseen = (version(name, "void main() {}") for name in ("old", "fresh", "unseen"))
    trial = Trial(view)
    for each in (old, fresh, unseen):
        with trial.building(each):
            pass
    for _ in range(PROVEN + 1):
        trial.drawing([old])
    trial.drawing([old, fresh])
    assert not Trial(memoryview(bytearray(view))).bars(fresh), "it was killed, but not for standing"
    heir = Trial(view, hung=True)
    assert [heir.bars(each) for each in (old, fresh, unseen)] == [False, True, False]
    assert Trial(view).bars(fresh), "nor is it tried by the one after"


def test_what_is_finished_or_drawn_no_more_is_not_blamed():
    view = memoryview(bytearray(4096))
    trial = Trial(view)
    for each in ("a 1", "b 2", "c 3"):
        with trial.building(each):
            pass
    trial.drawing(["a 1"])
    trial.through()
    trial.drawing(["b 2"])
    for _ in range(RECENT + 1):
        trial.drawing(["c 3"])
    heir = Trial(view, hung=True)
    assert [heir.bars(each) for each in ("a 1", "b 2", "c 3")] == [False, False, True]


def test_one_that_stands_still_while_it_is_built_is_blamed():
    view = memoryview(bytearray(4096))
    with Trial(view).building("pass 1"):
        left = memoryview(bytearray(view))
    assert Trial(left, hung=True).bars("pass 1")
    assert not Trial(view, hung=True).bars("pass 1")
