"""What is asked for on the command line, as a network's shape and a run's settings."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import yaml

from installation.errors import InstallationError
from installation.generators.architecture import Architecture
from tools.training import checkpoints
from tools.training.adversarial.trainer import Settings, usual_gamma


def architecture(options: argparse.Namespace) -> Architecture:
    """The shape of the network: that of the checkpoint or model it begins with, or as asked."""
    place = resumed(options)
    if place and not checkpoints.whole(place):
        raise InstallationError(f"{place}: holds no whole checkpoint; leave --resume out")
    if given := place or options.origin:
        return architecture_at(given)
    return Architecture(
        resolution=options.resolution,
        w_dim=min(512, options.channels),
        channel_base=options.base,
        channel_max=options.channels,
        mapping_layers=options.layers,
    )


def architecture_at(place: Path) -> Architecture:
    """The shape that a run, a checkpoint or a model folder says it has. Raises InstallationError.

    A model folder may be of many classes; a folder of pictures is of one kind."""
    found = checkpoints.checkpoints(place)
    place = found[-1] if found else place
    try:
        if (place / "architecture.json").exists():
            return Architecture(**json.loads((place / "architecture.json").read_text()))
        told = yaml.safe_load((place / "card.yaml").read_text())["architecture"]
        if told.pop("kind") == "stylegan2" and not told.get("c_dim"):
            return Architecture(**told)
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError):
        pass
    raise InstallationError(f"{place}: is no run, checkpoint or StyleGAN2 model without classes")


def resumed(options: argparse.Namespace) -> Path | None:
    """The run or checkpoint that is gone on with, if any."""
    if options.resume is None:
        return None
    return Path(options.resume) if options.resume else options.run


def settings(options: argparse.Namespace, arch: Architecture) -> Settings:
    """What is asked for; of what is not, what the run that goes on had, or what is usual.

    Raises InstallationError."""
    asked = ("batch", "rate", "gamma", "path_length", "target", "seed")
    given = {name: value for name in asked if (value := getattr(options, name)) is not None}
    if options.augment is not None:
        given["augment"] = None if options.augment == "ada" else probability(options.augment)
    if options.ada_kimg is not None:
        given["augment_images"] = round(1000 * options.ada_kimg)
    if options.mirror:
        given["mirror"] = True
    place = resumed(options)
    checkpoint = checkpoints.whole(place) if place else None
    before = checkpoints.about(checkpoint).get("settings", {}) if checkpoint else {}
    chosen = Settings(**{**before, **given})
    if "gamma" in given or before:
        return chosen
    return replace(chosen, gamma=usual_gamma(arch.resolution, chosen.batch))


def probability(text: str) -> float:
    """--augment's number. Raises InstallationError."""
    try:
        p = 0.0 if text == "none" else float(text)
    except ValueError:
        p = -1.0
    if not 0 <= p <= 1:
        raise InstallationError(f"--augment {text}: say ada, none, or 0 to 1")
    return p
