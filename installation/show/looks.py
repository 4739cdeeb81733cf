"""Shader passes as text: their files, the controls their uniforms declare, and their draws.

A uniform with an annotation becomes a row of the table:

    uniform float grain;  // 0.03 [0, 0.2] film grain

A line `// draw NAME options` begins a draw of its own; shaders/README.md has the options.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from installation.control.parameters import Kind, Parameter
from installation.errors import ShaderError

SUFFIX = ".frag"
CUBE = ".cube"  # a look-up table for the pass of the same name
RESULT = "result"  # the draw whose picture is the pass's
GIVEN = ("picture", "source", "flow", "strokes", "lut")  # samplers the stage binds
SMOOTH = 0.2  # seconds: a fader's steps of 1/127 are not seen as steps
_NUMBER = r"[-+]?[0-9]*\.?[0-9]+"
_UNIFORM = re.compile(
    rf"^\s*uniform\s+float\s+([a-z0-9_]+)\s*;\s*//\s*({_NUMBER})\s*"
    rf"\[\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\]\s*(.*)$",
    re.MULTILINE,
)
_DRAW = re.compile(r"^// draw\b(.*)$", re.MULTILINE)
_SPARE = re.compile(r"^// spare ([1-9])$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LARGEST = 4096  # texels a side that a draw may ask for


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw of a pass: GLSL and where it goes.

    A target is 1/`part` of the canvas each way, or `size` texels. `kept` draws find what they drew
    in the frame before. `points` names the draw whose texels each place one point; `quads` is the
    side, in units, of the squares of canvas that get a quad each.
    """

    name: str
    fragment: str
    vertex: str | None = None
    part: int = 1
    size: tuple[int, int] | None = None
    kept: bool = False
    exact: bool = False
    points: str | None = None
    quads: int | None = None


def pass_file(shaders: Path, name: str) -> Path:
    """Where a pass lives."""
    return shaders / f"{name}{SUFFIX}"


def pass_rows(name: str, source: str) -> list[Parameter]:
    """The rows that a pass's annotated uniforms declare, as `/look/<pass>/<uniform>`."""
    return [
        Parameter(
            f"/look/{name}/{uniform}",
            Kind.FLOAT,
            float(default),
            float(low),
            float(high),
            help.strip(),
            smooth=SMOOTH,
        )
        for uniform, default, low, high, help in _UNIFORM.findall(source)
    ]


def spare_from(source: str) -> int | None:
    """The quality level from which on a slow machine leaves the pass out; None keeps it always."""
    found = _SPARE.search(source)
    return int(found[1]) if found else None


def pass_draws(source: str, file: str) -> list[Draw]:
    """The draws of a pass, in order. Raises ShaderError, as the driver would: `file:line: words`.

    What stands before the first `// draw` line is common to all; a pass without one is one draw.
    """
    marks = list(_DRAW.finditer(source))
    if not marks:
        return [Draw(RESULT, source)]
    head = source[: marks[0].start()]
    ends = [*(mark.start() for mark in marks[1:]), len(source)]
    draws: list[Draw] = []
    for mark, end in zip(marks, ends, strict=True):
        line = source.count("\n", 0, mark.start()) + 1
        try:
            body = f"{head}#line {line + 1}\n{source[mark.end() + 1 : end]}"
            draws.append(_draw(mark[1].split(), body, draws))
        except ValueError as error:
            raise ShaderError(f"{file}:{line}: {error}") from error
    if draws[-1].name != RESULT:
        raise ShaderError(f"{file}: the last draw must be `// draw {RESULT}`")
    return draws


def _draw(words: list[str], source: str, before: list[Draw]) -> Draw:
    if not words or not _NAME.fullmatch(words[0]) or words[0] in GIVEN:
        raise ValueError("`// draw` wants a name of its own in lower case")
    name, options = words[0], _options(words[1:])
    known = {draw.name for draw in before}
    if options.get("points") and options["points"] not in known:
        raise ValueError(f"points {options['points']}: no draw of this name before")
    if name in known and options.get("kept"):
        raise ValueError("a kept draw cannot be drawn over")
    if "points" in options or "quads" in options:
        version, rest = source.split("\n", 1)
        source = f"{version}\n#define PLACED\n#line 2\n{rest}"
        options["vertex"] = f"{version}\n#define PLACED\n#define VERTEX\n#line 2\n{rest}"
    return Draw(name, source, **options)


def _options(words: list[str]) -> dict:
    found: dict = {}
    rest = iter(words)
    for word in rest:
        if word in ("kept", "exact"):
            found[word] = True
        elif match := re.fullmatch(r"1/([1-9]|1[0-6])", word):
            found["part"] = int(match[1])
        elif match := re.fullmatch(r"(\d{1,4})x(\d{1,4})", word):
            found["size"] = _size(int(match[1]), int(match[2]))
        elif word == "points":
            found["points"] = next(rest, "")
        elif word == "quads" and (side := next(rest, "")).isdigit() and int(side):
            found["quads"] = int(side)
        else:
            raise ValueError(f"`// draw` does not know {word!r}")
    return found


def _size(width: int, height: int) -> tuple[int, int]:
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ValueError(f"a draw may have up to {_LARGEST} texels a side")
    return width, height
