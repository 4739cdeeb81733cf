"""The words over the picture: the operator's figures, what every key does, how long to hold one."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import moderngl

from installation.control.parameters import Table
from installation.outputs.readback import Size
from installation.show.hotkeys import QUIT, described, holds
from installation.show.inputs import Inputs
from installation.stage.gl import Core
from installation.stage.sheet import Sheet

COLUMNS, ROWS = 44, 26
HELP_COLUMNS, KEY_COLUMNS = 70, 11
HINT_COLUMNS = 56
PERIOD = 0.25  # seconds between two writings of the figures
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
    """The panels: the HUD and the help at the upper left, the hint at the middle of the lower edge.

    The desk decides what a held key does; the hint only shows it."""

    def __init__(
        self,
        core: Core,
        canvas: Size,
        title: str,
        scenes: Sequence[str],
        inputs: Inputs,
        table: Table,
    ) -> None:
        self._core, self._held = core, dict[str, float]()
        self._hint_until = 0.0
        self._speak_of(title, scenes, inputs, table)
        self._open(canvas)

    def adopt(self, title: str, scenes: Sequence[str], inputs: Inputs, table: Table) -> None:
        """Speak of another edition of the show from now on."""
        self._speak_of(title, scenes, inputs, table)
        self.resize(self._canvas)

    def resize(self, canvas: Size) -> None:
        """Write as large as a canvas of this size wants it."""
        self.release()
        self._open(canvas)

    def release(self) -> None:
        """Give the graphics memory back."""
        for sheet in (self._hud, self._help, self._hint):
            sheet.release()

    def stroke(self, key: str, pressed: bool, now: float) -> None:
        """Watch for the keys that must be held."""
        if not pressed:
            self._held.pop(key, None)
        elif self._holds.get(key):
            self._held.setdefault(key, now)

    def hud(self, now: float, figures: Callable[[], Figures]) -> None:
        """Write the figures anew, if it is time."""
        if now >= self._due:
            self._due = now + PERIOD
            self._hud.write(hud_lines(self._title, self._scenes, figures(), self._help_key))

    def draw_hud(self, onto: moderngl.Framebuffer) -> None:
        """Lay the figures over the frame."""
        edge = self._canvas[1] // 24
        self._hud.draw(onto, edge, edge)

    def draw_help(self, onto: moderngl.Framebuffer) -> None:
        """Lay over the frame what every key does."""
        edge = self._canvas[1] // 24
        self._help.write(self._help_lines)
        self._help.draw(onto, edge, edge)

    def draw_hint(self, onto: moderngl.Framebuffer, now: float, close_asked: bool) -> None:
        """Lay the hint over the frame while a key is held, or after the close button."""
        self._hint_until = now + HINT_FOR if close_asked else self._hint_until
        key, since = next(iter(self._held.items()), (self._quit_key, now))
        if key is None or (now - since < HINT_AFTER and now >= self._hint_until):
            return
        line = hint_line(key, self._targets[key], (now - since) / self._holds[key])
        self._hint.write([line.center(HINT_COLUMNS)])
        x = (self._canvas[0] - self._hint.size[0]) // 2
        self._hint.draw(onto, x, self._canvas[1] * 15 // 16 - self._hint.size[1])

    def _speak_of(self, title: str, scenes: Sequence[str], inputs: Inputs, table: Table) -> None:
        self._title, self._scenes = title, scenes
        self._targets, self._holds = inputs.keys, holds(inputs)
        self._quit_key = _key_of(QUIT, inputs.keys)
        self._help_key = _key_of("hud/help", inputs.keys)
        self._help_lines = help_lines(described(inputs, table))

    def _open(self, canvas: Size) -> None:
        self._canvas = canvas
        self._hud = Sheet(self._core, canvas, COLUMNS, ROWS)
        self._help = Sheet(self._core, canvas, HELP_COLUMNS, len(self._help_lines))
        self._hint = Sheet(self._core, canvas, HINT_COLUMNS, 1)
        self._due = 0.0


def _key_of(target: str, keys: Mapping[str, str]) -> str | None:
    return next((key for key, action in keys.items() if action == target), None)


def help_lines(keys: Sequence[tuple[str, str]]) -> list[str]:
    """What every key does, as a table; a long sentence goes on below itself."""
    room, indent = HELP_COLUMNS - KEY_COLUMNS, " " * KEY_COLUMNS
    lines = []
    for key, words in keys:
        first, *rest = textwrap.wrap(words, room)
        lines += [f"{key:{KEY_COLUMNS}}{first}", *(indent + part for part in rest)]
    return lines or ["no keys"]


def hud_lines(
    title: str, scenes: Sequence[str], figures: Figures, help_key: str | None
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
        *(["", f"{help_key} tells what the keys do"] if help_key else []),
    ]


def hint_line(key: str, target: str, part: float) -> str:
    """What holding a key leads to, and how much of the holding is done."""
    what = "to leave the show" if target == QUIT else f"for {target}"
    return f"hold {key} {what} {bar(min(part, 1.0), 12)}"


def _folded(error: str) -> list[str]:
    return [part for line in error.splitlines() for part in textwrap.wrap(line, COLUMNS)]


def bar(part: float, width: int) -> str:
    """0 to 1 as `[====----]`."""
    full = round(part * width)
    return "[" + "=" * full + "-" * (width - full) + "]"
