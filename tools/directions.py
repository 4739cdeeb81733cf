"""Write a house model's known directions: `python -m tools.directions MODEL`.

A house network learned the painter's own numbers, so its latent axes have names; each becomes a
direction of z with a safe range. PCA and SeFa directions of w follow. Beside them lies a strip of
pictures for each of the painter's: the model at the low end of the range, in the middle, at the
high end.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
import yaml
from PIL import Image
from torch import Tensor

from installation.generators.directions import Direction, dump
from installation.generators.stylegan2 import Generator
from installation.progress import progress
from installation.show.directions import FILE, MOST
from tools.conversion.directions import directions, sampled
from tools.export import write_atomically
from tools.figures import load_model, painter_of, small
from tools.paint import Painter
from tools.training.data import to_uint8
from tools.training.evaluate import draw

STRIPS = "directions"
SAFE = 2.0  # standard deviations: 95 in 100 of the pictures a model learned from lie within
STEPS = 7
QUALITY = 80


def of_painter(painter: Painter, z_dim: int) -> list[Direction]:
    """One unit direction of z for each number of the painter."""
    rows = np.eye(len(painter.parameters), z_dim, dtype=np.float32)
    return [
        Direction(parameter.name, "z", row, (-SAFE, SAFE), help=parameter.meaning)
        for parameter, row in zip(painter.parameters, rows, strict=True)
    ]


def strip(generator: Generator, z: np.ndarray, index: int) -> np.ndarray:
    """The model along one number, uint8 (side, STEPS * side, 3); the side is that of the docs."""
    path = np.repeat(z[None], STEPS, 0)
    path[:, index] = np.linspace(-SAFE, SAFE, STEPS)
    return np.concatenate(list(to_uint8(small(draw(generator, torch.from_numpy(path))))), 1)


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
    own = of_painter(painter, generator.arch.z_dim)
    tensors = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    offered = directions(tensors, sampled(tensors, generator.arch))
    data = dump([*own, *offered][:MOST])
    card_file = options.model / "card.yaml"
    card = yaml.safe_load(card_file.read_text())
    card["directions"] = {"sha256": hashlib.sha256(data).hexdigest()}
    write_atomically(options.model / FILE, data)
    text = yaml.safe_dump(card, sort_keys=False, width=100, allow_unicode=True)
    write_atomically(card_file, text.encode())
    if not options.no_strips:
        source = torch.Generator().manual_seed(options.seed)
        base = 0.6 * torch.randn(len(painter.parameters), generator=source)
        strips(options.model / STRIPS, generator, painter, base)


if __name__ == "__main__":
    main()
