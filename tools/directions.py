"""Write a house model's known directions: `python -m tools.directions MODEL`.

A house network learned the painter's own numbers, so its latent axes have names; each becomes a
direction of z with a safe range. PCA and SeFa directions of w follow. Beside them lies a strip of
pictures for each of the painter's: the model at the low end of the range, in the middle, at the
high end.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
import yaml
from PIL import Image
from safetensors.numpy import save
from torch import Tensor

from installation.generators.stylegan2 import Generator
from installation.progress import progress
from tools.conversion.directions import directions, sampled
from tools.export import write_atomically
from tools.figures import load_model, painter_of
from tools.paint import Painter
from tools.training.data import to_uint8
from tools.training.evaluate import draw

FILE, STRIPS = "directions.safetensors", "directions"
SAFE = 2.0  # standard deviations: 95 in 100 of the pictures a model learned from lie within
STEPS = 7
QUALITY = 80


def of_painter(painter: Painter, z_dim: int) -> dict[str, tuple[np.ndarray, dict]]:
    """One unit direction of z for each number of the painter: row and description by name."""
    rows = np.eye(len(painter.parameters), z_dim, dtype=np.float32)
    described = {"space": "z", "range": [-SAFE, SAFE], "layers": None, "origin": "painter"}
    return {
        parameter.name: (row, {**described, "help": parameter.meaning})
        for parameter, row in zip(painter.parameters, rows, strict=True)
    }


def of_network(generator: Generator) -> dict[str, tuple[np.ndarray, dict]]:
    """PCA and SeFa directions of w, a step of one being one standard deviation of w."""
    found = {}
    for one in directions(generator, sampled(generator, None)):
        told = {"space": "w", "range": list(one.range), "layers": None, "origin": one.origin}
        found[one.name] = (one.vector, {**told, "help": one.help})
    return found


def encoded(found: dict[str, tuple[np.ndarray, dict]]) -> bytes:
    """The file: a float32 tensor per direction, and what each is as JSON under "directions"."""
    rows = {name: row for name, (row, _) in found.items()}
    described = {name: told for name, (_, told) in found.items()}
    return save(rows, metadata={"directions": json.dumps(described)})


def strip(generator: Generator, z: np.ndarray, index: int) -> np.ndarray:
    """The model along one number, uint8 (side, STEPS * side, 3)."""
    path = np.repeat(z[None], STEPS, 0)
    path[:, index] = np.linspace(-SAFE, SAFE, STEPS)
    return np.concatenate(list(to_uint8(draw(generator, torch.from_numpy(path)))), 1)


def strips(folder: Path, generator: Generator, painter: Painter, base: Tensor) -> None:
    """Write `folder`/<name>.jpg for every number of the painter."""
    folder.mkdir(exist_ok=True)
    names = [parameter.name for parameter in painter.parameters]
    for index, name in enumerate(progress(names, len(names), "strips")):
        picture = Image.fromarray(strip(generator, base.numpy(), index))
        picture.save(folder / f"{name}.jpg", quality=QUALITY)


def main(arguments: list[str] | None = None) -> None:
    """Write directions, strips and the card's entries."""
    top = argparse.ArgumentParser(
        prog="python -m tools.directions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("model", type=Path, help="model folder, such as models/families")
    top.add_argument("--seed", type=int, default=4, help="of the picture that the strips vary")
    top.add_argument("--no-strips", action="store_true", help="write the directions alone")
    options = top.parse_args(arguments)
    torch.set_num_threads(1)
    generator, painter = load_model(options.model), painter_of(options.model)
    found = of_painter(painter, generator.arch.z_dim) | of_network(generator)
    data = encoded(found)
    card_file = options.model / "card.yaml"
    card = yaml.safe_load(card_file.read_text())
    rows = [{"name": name, "range": told["range"]} for name, (_, told) in found.items()]
    card["directions"] = {"sha256": hashlib.sha256(data).hexdigest(), "rows": rows}
    write_atomically(options.model / FILE, data)
    text = yaml.safe_dump(card, sort_keys=False, width=100, allow_unicode=True)
    write_atomically(card_file, text.encode())
    if not options.no_strips:
        source = torch.Generator().manual_seed(options.seed)
        base = 0.6 * torch.randn(len(painter.parameters), generator=source)
        strips(options.model / STRIPS, generator, painter, base)


if __name__ == "__main__":
    main()
