"""The gallery, docs/looks.md: every shipped look and scene as it comes from the renderer.

python -m tools.gallery             render the pictures again (some minutes without a graphics card)
python -m tools.gallery paint flow  these only

Pictures are 1280x720; a look with a memory is drawn after two seconds of play.
"""

import argparse
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from installation.cli import main as installation
from installation.errors import InstallationError
from installation.progress import progress
from installation.session import ROOT, SHADERS
from installation.show.framing import Frame
from installation.show.loader import load
from installation.show.looks import pass_rows, spare_from
from installation.show.models import MadeModel
from installation.show.names import nearest
from installation.show.schema import Scene, Show

FOLDER = ROOT / "docs" / "pictures" / "looks"
SIZE, QUALITY, RATE = "1280x720", 80, 30
START = "40"  # seconds into the walk
SCENES = {
    "bloom": "families",
    "vignette": "ysol",
    "flow": "ember",
    "pigment": "ember",
    "shadow": "ember",
    "trails": "nocturne",
}
COMPARED = "upscale_compared"

_HEAD = """# The looks

A scene's `look` in show.yaml names passes from `shaders/`, in order: `look: [paint, grade, grain]`.
Each is one file of GLSL; its controls are below, and steered like any other
([parameters.md](parameters.md)). How to write one: [shaders/README.md](../shaders/README.md).

Two looks cross over with their scenes, each finished by itself. On a machine that cannot keep its
rate, looks are drawn on a smaller canvas, in steps of 100, 85, 70 and 50 % each way, and some are
left out from the step that is given below; both come back after a calm minute. What a look costs:
[measurements.md](measurements.md).

Whatever a look does, the last stage guards people and panels: a flash guard (at most three flashes
a second, also of red), `/master/ceiling` for the brightest light, `/master/orbit` against burn-in.

## Framing

A square picture on a wide wall loses its upper and lower parts. A scene says which, and how much:

```yaml
scenes:
  anna: {model: anna, frame: {anchor: [0.5, 0.4], fit: 0.75}}
```

`anchor` is the point of the picture that stays in sight, as near the middle of the wall as its
borders allow. `fit` is `cover` (the default: the wall is full), `contain` (all of the picture is
there), or a number between, 0 to 1. What a picture leaves free is filled by its own borders going
on, out of focus and dimmer outwards, as a room is beyond the light; the outermost fortieth of the
picture passes over into it, and the look is laid over both. A model's card may have the same key
for all scenes of the model. A frame that changes dissolves.

The pictures are made by `python -m tools.gallery`: 1280x720, as on a machine without a graphics
card.
"""


def main() -> None:
    """Render what was asked for, or everything."""
    show, _ = load(ROOT / "show.yaml", SHADERS)
    scenes = {f"scene_{name}": (name, scene.look) for name, scene in show.scenes.items()}
    looks = {name: (SCENES.get(name, "waves"), [name]) for name in names()}
    every = [*looks, *scenes, COMPARED]
    parser = argparse.ArgumentParser(description="Render the pictures of docs/looks.md again.")
    parser.add_argument("name", nargs="*", help=f"of {', '.join(every)}; all of them, if none")
    wanted = parser.parse_args().name or every
    if unknown := [name for name in wanted if name not in every]:
        parser.error(f"there is no {unknown[0]}{nearest(unknown[0], every)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in progress(wanted, len(wanted), "gallery"):
        picture = compared() if name == COMPARED else rendered(*{**looks, **scenes}[name])
        picture.save(FOLDER / f"{name}.jpg", quality=QUALITY)


def names() -> list[str]:
    """The shipped passes."""
    return sorted(file.stem for file in SHADERS.glob("*.frag"))


def page() -> str:
    """docs/looks.md."""
    show, _ = load(ROOT / "show.yaml", SHADERS)
    parts = [_HEAD, "## The scenes of the shipped show\n"]
    for name, scene in show.scenes.items():
        parts.append(
            f"**{name}**, `look: [{', '.join(scene.look)}]`\n\n{_picture(f'scene_{name}')}\n"
        )
    return "\n".join([*parts, *map(_chapter, names())])


def _chapter(name: str) -> str:
    source = (SHADERS / f"{name}.frag").read_text(encoding="utf-8")
    spare = spare_from(source)
    lines = [f"## {name}", "", _picture(name), "", _comment(source), ""]
    lines += [f"Left out from step {spare} of the quality ladder on.", ""] if spare else []
    if name == "upscale":
        lines += ["From 256 pixels a side to 1920, the same part: bicubic, and this.", ""]
        lines += [_picture(COMPARED), ""]
    rows = pass_rows(name, source)
    lines += ["| control | default | range | |", "|---|---|---|---|"]
    for row in rows:
        lines.append(
            f"| `{row.address}` | {row.default:g} | {row.low:g} … {row.high:g} | {row.help} |"
        )
    return "\n".join(lines) + "\n"


def _picture(name: str) -> str:
    return f"![{name}](pictures/looks/{name}.jpg)"


def _comment(source: str) -> str:
    """The first comment of a shader, as a paragraph."""
    block = re.search(r"^((?://.*\n)+)", source, re.MULTILINE)
    lines = block[1].splitlines() if block else []
    return " ".join(line[2:].strip() for line in lines if not line.startswith("// spare"))


def rendered(scene: str, look: list[str]) -> Image.Image:
    """The last picture of some seconds of a scene in a look."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "show.yaml"
        file.write_text(json.dumps(_show(scene, look)), encoding="utf-8")
        timing = ["--start", START, "--seconds", _seconds(look), "--fps", str(RATE)]
        out = Path(folder) / "pictures"
        if installation(["render", str(file), *timing, "--size", SIZE, "--out", str(out)]):
            raise InstallationError(f"{look} on {scene} could not be rendered")
        return Image.open(max(out.glob("*.png"))).convert("RGB")


def _seconds(look: list[str]) -> str:
    """Looks with a memory want time to fill it."""
    sources = [(SHADERS / f"{name}.frag").read_text(encoding="utf-8") for name in look]
    return (
        "2" if any(re.search(r"^// draw .*kept", each, re.MULTILINE) for each in sources) else "0.2"
    )


def _show(scene: str, look: list[str]) -> dict[str, Any]:
    """A show of one scene, as JSON, which is YAML."""
    show, _ = load(ROOT / "show.yaml", SHADERS)
    wanted = show.scenes[scene]
    walk, frame = (
        part.model_dump(mode="json", by_alias=True, exclude_unset=True)
        for part in (wanted.walk, wanted.frame or Frame())
    )
    return {
        "models": {"model": _rooted(show, wanted)},
        "scenes": {scene: {"model": "model", "walk": walk, "look": look, "frame": frame}},
    }


def _rooted(show: Show, scene: Scene) -> str | dict[str, Any]:
    """A scene's model, from anywhere."""
    model = show.source(scene.representatives[0])
    if isinstance(model, MadeModel):
        return {"of": [str(ROOT / path) for path in model.of]}
    return str(ROOT / str(model))


def compared() -> Image.Image:
    """A part of a family of 256 pixels a side: bicubic at the left, `upscale` at the right."""
    from installation.control.parameters import Table
    from installation.control.rows import house_rows
    from installation.stage.gl import headless_context
    from installation.stage.renderer import Renderer
    from installation.stage.shot import Shot
    from tools.paint import PAINTERS, sample

    family = PAINTERS["families"]
    small = family.paint(sample(family, 1, 11)[0], 256)
    rows = pass_rows("upscale", (SHADERS / "upscale.frag").read_text(encoding="utf-8"))
    table = Table([*house_rows(["a"]), *rows])
    renderer = Renderer(headless_context(), (1920, 1080), [["upscale"]], table, SHADERS)
    picture = np.full((256, 256, 4), 255, np.uint8)
    picture[..., :3] = small
    renderer.decks[0].show(picture)
    renderer.draw(Shot(0.0, np.array([row.default for row in table])))
    sharp = Image.fromarray(renderer.read()[..., :3])
    inner = Image.fromarray(small[1:-1, 1:-1])  # the rim is never shown
    bicubic = inner.resize((1920, 1920), Image.Resampling.BICUBIC).crop((0, 420, 1920, 1500))
    both = Image.new("RGB", (1280, 640))
    for place, image in enumerate((bicubic, sharp)):
        both.paste(image.crop((640, 420, 1270, 1060)), (place * 650, 0))
    return both


if __name__ == "__main__":
    main()
