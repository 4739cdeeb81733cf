"""Turn a training checkpoint into a model folder: `python -m tools.export RUN models/waves`.

Writes model.safetensors (half precision, public tensor names, 512-number latents) and brings the
figures in the folder's card.yaml up to date.
"""

import argparse
import hashlib
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import torch
import yaml
from safetensors.torch import load, load_file, save
from torch import Tensor

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.paint import PAINTERS
from tools.training.checkpoints import checkpoints
from tools.training.data import Pairs
from tools.training.evaluate import average_style, measure, widen

Z_DIM = 512  # what walks and public models use
FIRST = "mapping.fc0.weight"


def public_tensors(trained: Generator, z_dim: int = Z_DIM) -> dict[str, Tensor]:
    """All tensors in half precision under their public names, for normalised latents."""
    tensors = trained.state_dict()
    tensors["mapping.w_avg"] = average_style(trained)
    tensors[FIRST] = widen(tensors[FIRST], z_dim)
    return {name: t.detach().half().contiguous() for name, t in tensors.items()}


def restore(tensors: dict[str, Tensor], arch: Architecture) -> Generator:
    """The generator as the runtime will see it: half-precision values, computed in float32."""
    generator = Generator(arch).eval()
    generator.load_state_dict({name: t.float() for name, t in tensors.items()})
    return generator


def write_atomically(file: Path, data: bytes) -> None:
    """Replace a file in one step: a reader sees the old one or the new one."""
    part = file.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, file)


def card_with(card: dict, arch: Architecture, sha256: str, training: dict) -> dict:
    """The card with the measured parts replaced; what a person wrote stays."""
    shape = asdict(arch)
    for name in ("conv_clamp", "img_channels"):
        shape.pop(name)
    card["architecture"] = {"kind": "stylegan2", **shape}
    card["sha256"] = sha256
    card["training"] = {**card.pop("training", {}), **training}
    card["latent"] = card.pop("latent", None) or latent(training["painter"])
    return card


def latent(painter: str) -> dict:
    """What a card says of the latent space if nobody wrote more: one axis for each number."""
    parameters = PAINTERS[painter].parameters
    return {"used": len(parameters), "axes": {p.name: i for i, p in enumerate(parameters)}}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m tools.export", description=__doc__)
    top.add_argument("checkpoint", type=Path, help="a run's folder (its newest) or one checkpoint")
    top.add_argument("model", type=Path, help="model folder with a card.yaml")
    top.add_argument("--data", type=Path, required=True, help="data set that the run learned from")
    top.add_argument("--fine", type=Path, help="the run's finer set, if it had one")
    top.add_argument("--threads", type=int, default=1)
    return top


def main(arguments: list[str] | None = None) -> None:
    """Export one checkpoint."""
    options = parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    found = checkpoints(options.checkpoint)
    source = found[-1] if found else options.checkpoint
    pairs = Pairs(options.data, options.fine)
    trained = Generator(Architecture(**json.loads((source / "architecture.json").read_text())))
    trained.load_state_dict(load_file(source / "average.safetensors"))
    data = save(public_tensors(trained))
    arch = replace(trained.arch, z_dim=Z_DIM)
    figures = measure(restore(load(data), arch), pairs)
    progress = json.loads((source / "progress.json").read_text())
    training = {
        "cpu_hours": round(progress["cpu_seconds"] / 3600, 2),
        "images": progress["images"],
        "pairs": len(pairs),
        "painter": pairs.about.painter,
        "metrics": figures,
    }
    card_file = options.model / "card.yaml"
    card = yaml.safe_load(card_file.read_text())
    card = card_with(card, arch, hashlib.sha256(data).hexdigest(), training)
    write_atomically(options.model / "model.safetensors", data)
    text = yaml.safe_dump(card, sort_keys=False, width=100, allow_unicode=True)
    write_atomically(card_file, text.encode())
    print(f"{source} -> {options.model}: {len(data) / 1e6:.1f} MB, {figures}")


if __name__ == "__main__":
    main()
