"""Keep moments of a training run beside a model, for walks through training time:

python -m tools.snapshots models/families runs/families/step-0000355 runs/families/step-0001047 ...

Each checkpoint becomes `snapshots/<nn>.safetensors`, in the order given, of the shape of the
largest, in half precision; `00` is the network before its first step. A moment from before the run
grew is enlarged. The card gets their checksums. `snapshots/strip.jpg` shows them: a row a moment, a
column a latent.

python -m tools.snapshots models/families       brings the card up to date with those that are there
"""

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import yaml
from PIL import Image
from safetensors.torch import load_file, save
from torch import Tensor

from installation.generators.architecture import Architecture
from installation.generators.card import CARD
from installation.generators.stylegan2 import Generator
from tools.export import Z_DIM, public_tensors, restore, write_atomically
from tools.figures import painter_of, small
from tools.paint import sample
from tools.training.data import to_uint8
from tools.training.evaluate import draw
from tools.training.origin import take_over
from tools.training.schedule import progressive
from tools.training.trainer import Trainer

COLUMNS = 6
SNAPSHOTS = "snapshots"


def architecture_of(checkpoint: Path) -> Architecture:
    """The shape that a checkpoint says it has."""
    return Architecture(**json.loads((checkpoint / "architecture.json").read_text()))


def moment(checkpoint: Path, arch: Architecture) -> dict[str, Tensor]:
    """A checkpoint's averaged weights as the runtime reads them, in the shape of `arch`."""
    torch.manual_seed(0)  # of what an enlarged moment does not use
    generator = Generator(arch)
    take_over(generator, load_file(checkpoint / "average.safetensors"))
    return public_tensors(generator)


def beginning(arch: Architecture, seed: int = 0) -> dict[str, Tensor]:
    """The weights that a run of this shape starts from."""
    return public_tensors(Trainer(arch, progressive(arch.resolution), seed).average)


def row(tensors: dict[str, Tensor], arch: Architecture, z: Tensor) -> np.ndarray:
    """One moment's pictures of the latents `z` side by side."""
    pictures = draw(restore(tensors, replace(arch, z_dim=Z_DIM)), z)
    return np.concatenate(list(to_uint8(small(pictures))), 1)


def main(arguments: list[str] | None = None) -> None:
    """Write all snapshots of one model."""
    top = argparse.ArgumentParser(
        prog="python -m tools.snapshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("model", type=Path, help="model folder with a card")
    top.add_argument("checkpoints", type=Path, nargs="*", help="checkpoints, earliest first")
    options = top.parse_args(arguments)
    torch.set_num_threads(1)
    if options.checkpoints:
        write(options.model, options.checkpoints)
    enter(options.model)
    folder = options.model / SNAPSHOTS
    count = len(list(folder.glob("*.safetensors")))
    print(f"{folder}: {count} moments; look at {folder / 'strip.jpg'}")


def write(model: Path, places: list[Path]) -> None:
    """The moments and their strip."""
    arch = max(map(architecture_of, places), key=lambda shape: shape.resolution)
    z = torch.from_numpy(sample(painter_of(model), COLUMNS, 2026))
    folder = model / SNAPSHOTS
    folder.mkdir(exist_ok=True)
    rows = []
    moments = [beginning(arch), *(moment(place, arch) for place in places)]
    for number, tensors in enumerate(moments):
        write_atomically(folder / f"{number:02}.safetensors", save(tensors))
        rows.append(row(tensors, arch, z))
    Image.fromarray(np.concatenate(rows)).save(folder / "strip.jpg", quality=85)


def enter(model: Path) -> None:
    """The checksums of a model's moments into its card."""
    files = sorted((model / SNAPSHOTS).glob("*.safetensors"))
    card = yaml.safe_load((model / CARD).read_text())
    card["snapshots"] = {f.stem: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    text = yaml.safe_dump(card, sort_keys=False, width=100, allow_unicode=True)
    write_atomically(model / CARD, text.encode())


if __name__ == "__main__":
    main()
