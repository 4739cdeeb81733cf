"""The words over the picture: the operator's figures and keys, and how to leave the show."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import moderngl

from installation.outputs.readback import Size
from installation.stage.gl import Core
from installation.stage.sheet import Sheet

COLUMNS, ROWS = 44, 26
PERIOD = 0.25  # seconds between two writings of the figures
QUIT = "quit"  # the action of the key that leaves the show
QUIT_AFTER = 2.0  # seconds that key must be held; the desk decides, this only shows it
HINT_AFTER = 0.25  # seconds of holding before the hint comes: a touch shows nothing
HINT_FOR = 3.0  # seconds the hint stays when the window's close button was pressed


@dataclass(frozen=True, slots=True)
class Figures:
    """What the HUD tells. Times in seconds, rates per second; scene -1 before the first picture."""

    scene: int
    mode: str
    live_rate: float
    stage_rate: float
    age: float
    crossfade: float
    canvas: str
    drawn_by: str
    shader_error: str | None = None
    show_error: str | None = None
    codes: str | None = None  # for the panel on other devices


class Words:
    """Both panels: the HUD at the upper left, the hint at the middle of the lower edge."""

    def __init__(
        self, core: Core, canvas: Size, title: str, scenes: Sequence[str], keys: Mapping[str, str]
    ) -> None:
        self._core, self._title, self._scenes, self._keys = core, title, scenes, keys
        self._quit_key = next((key for key, action in keys.items() if action == QUIT), None)
        self._held_since: float | None = None
        self._hint_until = 0.0
        self._due = 0.0
        self._open(canvas)

    def adopt(self, title: str, scenes: Sequence[str], keys: Mapping[str, str]) -> None:
        """Speak of another edition of the show from now on."""
        self._title, self._scenes, self._keys = title, scenes, keys
        self._quit_key = next((key for key, action in keys.items() if action == QUIT), None)
        self.resize(self._canvas)

    def resize(self, canvas: Size) -> None:
        """Write as large as a canvas of this size wants it."""
        self.release()
        self._open(canvas)

    def release(self) -> None:
        """Give the graphics memory back."""
        self._hud.release()
        self._hint.release()

    def stroke(self, key: str, pressed: bool, now: float) -> None:
        """Watch for the key that leaves the show."""
        if key == self._quit_key:
            self._held_since = now if pressed else None

    def hud(self, now: float, figures: Callable[[], Figures]) -> None:
        """Write the figures anew, if it is time."""
        if now >= self._due:
            self._due = now + PERIOD
            self._hud.write(hud_lines(self._title, self._scenes, self._keys, figures()))

    def draw_hud(self, onto: moderngl.Framebuffer) -> None:
        """Lay the figures over the frame."""
        edge = self._canvas[1] // 24
        self._hud.draw(onto, edge, edge)

    def draw_hint(self, onto: moderngl.Framebuffer, now: float, close_asked: bool) -> None:
        """Lay the hint over the frame while the key is held, or after the close button."""
        if self._quit_key is None:
            return
        if close_asked:
            self._hint_until = now + HINT_FOR
        held = now - self._held_since if self._held_since is not None else 0.0
        if held < HINT_AFTER and now >= self._hint_until:
            return
        self._hint.write([hint_line(self._quit_key, held)])
        x = (self._canvas[0] - self._hint.size[0]) // 2
        self._hint.draw(onto, x, self._canvas[1] * 15 // 16 - self._hint.size[1])

    def _open(self, canvas: Size) -> None:
        self._canvas = canvas
        self._hud = Sheet(self._core, canvas, COLUMNS, ROWS)
        self._hint = Sheet(self._core, canvas, len(hint_line(self._quit_key or "", 1.0)), 1)
        self._due = 0.0


def hud_lines(
    title: str, scenes: Sequence[str], keys: Mapping[str, str], figures: Figures
) -> list[str]:
    """The HUD's text."""
    scene = scenes[figures.scene] if 0 <= figures.scene < len(scenes) else "-"
    age = f"{figures.age * 1e3:.0f} ms" if figures.age < 10 else f"{figures.age:.0f} s"
    faults = [error for error in (figures.show_error, figures.shader_error) if error]
    fault = ["", *(part for error in faults for part in _folded(error))] if faults else []
    codes = ["", "panel codes", *figures.codes.splitlines()] if figures.codes else []
    return [
        title,
        "",
        f"scene   {scene}, {figures.mode}",
        f"live    {figures.live_rate:.1f} fps, age {age}",
        f"stage   {figures.stage_rate:.1f} fps, {figures.canvas}",
        f"decks   A {bar(figures.crossfade, 16)} B",
        f"by      {figures.drawn_by}"[:COLUMNS],
        *fault,
        *codes,
        "",
        *(f"{key:10}{action}" for key, action in keys.items()),
    ]


def hint_line(key: str, held: float) -> str:
    """How to leave, and how much of the holding is done; always of one length."""
    return f"hold {key} to leave the show {bar(min(held / QUIT_AFTER, 1.0), 12)}"


def _folded(error: str) -> list[str]:
    return [part for line in error.splitlines() for part in textwrap.wrap(line, COLUMNS)]


def bar(part: float, width: int) -> str:
    """0 to 1 as `[====----]`."""
    full = round(part * width)
    return "[" + "=" * full + "-" * (width - full) + "]"
