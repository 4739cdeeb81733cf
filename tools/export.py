"""Turn a training checkpoint into a model folder:

python -m tools.export runs/mine models/mine                              of a folder of pictures
python -m tools.export runs/waves/run models/waves --data runs/waves/data   of a painter

Writes model.safetensors (half precision, public tensor names, 512-number latents) and brings the
figures in the folder's card.yaml up to date; where there is no card, one is begun.
"""

import argparse
import hashlib
import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path

import torch
import yaml
from safetensors.torch import load, load_file, save
from torch import Tensor

from installation.errors import EXIT_BAD_INPUT, InstallationError
from installation.generators.architecture import Architecture
from installation.generators.card import CARD, WEIGHTS
from installation.generators.stylegan2 import Generator
from tools.paint import PAINTERS
from tools.training.checkpoints import about, checkpoints
from tools.training.data import Pairs
from tools.training.evaluate import average_style, measure, widen

Z_DIM = 512  # what walks and public models use
FIRST = "mapping.fc0.weight"
Exported = tuple[bytes, Architecture]  # model.safetensors, and the shape of what is in it


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


def begun(name: str) -> dict:
    """The card of a model that has none yet: what nobody has said is unknown."""
    unknown = dict.fromkeys(("depicts", "provenance", "consent", "licence"), "unknown")
    return {"name": name, **unknown}


def card_with(card: dict, arch: Architecture, sha256: str, training: dict) -> dict:
    """The card with the measured parts replaced; what a person wrote stays."""
    shape = asdict(arch)
    for name in ("conv_clamp", "img_channels"):
        shape.pop(name)
    card["architecture"] = {"kind": "stylegan2", **shape}
    card["sha256"] = sha256
    card["training"] = {**card.pop("training", {}), **training}
    if "painter" in training:
        card["latent"] = card.pop("latent", None) or latent(training["painter"])
    return card


def latent(painter: str) -> dict:
    """What a card says of the latent space if nobody wrote more: one axis for each number."""
    parameters = PAINTERS[painter].parameters
    return {"used": len(parameters), "axes": {p.name: i for i, p in enumerate(parameters)}}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m tools.export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("checkpoint", type=Path, help="a run's folder (its newest) or one checkpoint")
    top.add_argument("model", type=Path, help="model folder to make, or to bring up to date")
    top.add_argument("--data", type=Path, help="painted data set that the run learned from")
    top.add_argument("--fine", type=Path, help="the run's finer set, if it had one")
    top.add_argument("--threads", type=int, default=1)
    return top


def of_painter(source: Path, data: Path | None, fine: Path | None) -> tuple[Exported, dict]:
    """A distilled checkpoint, measured against its painter, and what the card says of it."""
    if data is None:
        raise InstallationError(f"{source}: was painted for; name its data set with --data")
    pairs = Pairs(data, fine)
    trained = averaged(source)
    weights = save(public_tensors(trained))
    arch = replace(trained.arch, z_dim=Z_DIM)
    figures = measure(restore(load(weights), arch), pairs)
    told = {"pairs": len(pairs), "painter": pairs.about.painter, "metrics": figures}
    return (weights, arch), told


def of_folder(source: Path) -> tuple[Exported, dict]:
    """An adversarial checkpoint and what the card says of it."""
    trained = averaged(source)
    weights = save({name: t.half().contiguous() for name, t in trained.state_dict().items()})
    told = {key: value for key, value in about(source).items() if key != "settings"}
    return (weights, trained.arch), told


def averaged(source: Path) -> Generator:
    """The averaged generator of a checkpoint."""
    trained = Generator(Architecture(**json.loads((source / "architecture.json").read_text())))
    trained.load_state_dict(load_file(source / "average.safetensors"))
    return trained


def export(options: argparse.Namespace) -> None:
    """Write the model folder. Raises InstallationError."""
    found = checkpoints(options.checkpoint)
    source = found[-1] if found else options.checkpoint
    if not (source / "average.safetensors").exists():
        raise InstallationError(f"{source}: is no checkpoint, nor a run's folder with one")
    if about(source).get("objective") == "adversarial":
        (data, arch), told = of_folder(source)
    else:
        (data, arch), told = of_painter(source, options.data, options.fine)
    progress = json.loads((source / "progress.json").read_text())
    cost = {"cpu_hours": round(progress["cpu_seconds"] / 3600, 2), "images": progress["images"]}
    file = options.model / CARD
    card = yaml.safe_load(file.read_text()) if file.exists() else begun(options.model.name)
    card = card_with(card, arch, hashlib.sha256(data).hexdigest(), {**cost, **told})
    options.model.mkdir(parents=True, exist_ok=True)
    write_atomically(options.model / WEIGHTS, data)
    text = yaml.safe_dump(card, sort_keys=False, width=100, allow_unicode=True)
    write_atomically(file, text.encode())
    print(f"{source} -> {options.model}: {len(data) / 1e6:.1f} MB, {told.get('metrics', '')}")


def main(arguments: list[str] | None = None) -> int:
    """Export one checkpoint; 0, or 2 when it cannot be."""
    options = parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        export(options)
    except InstallationError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
