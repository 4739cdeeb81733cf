"""Measure a model against pictures like those it learned from: `python -m tools.measure MODEL`.

A house model is measured against its own painter, which can always paint pictures that the network
never saw. Every value stands beside its floor: the same measure between two painted sets. A model
at its floor cannot be told from the painter by that measure.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from installation.progress import progress
from tools.figures import load_model, painter_of
from tools.measuring import scores
from tools.measuring.axes import axes
from tools.measuring.features import Features, RandomFeatures, extract, inception
from tools.paint import Painter, sample
from tools.training import metrics
from tools.training.data import PaintedSet, shrink, to_float
from tools.training.evaluate import draw

SEED = 90  # of the pictures to compare with; training sets are painted with small seeds
SHOWN = 1024  # pictures of the training set to look for copies of


@dataclass(frozen=True)
class Figure:
    """One measure: its value for the model, its floor, and which way is better."""

    name: str
    value: float
    floor: float
    better: str = "lower"


def painted(painter: Painter, count: int, side: int, seed: int) -> Tensor:
    """`count` fresh pictures of the painter, (count, 3, side, side) in [-1, 1]."""
    wanted = progress(sample(painter, count, seed), count, "painting")
    return to_float(np.stack([painter.paint(z, side) for z in wanted])).contiguous()


def of_patches(fake: Tensor, real: Tensor, other: Tensor) -> Iterable[Figure]:
    """Sliced Wasserstein distance, times 1000, of each octave."""
    side = real.shape[-1]
    values, floors = (metrics.sliced_wasserstein(x, real) for x in (fake, other))
    for level, (value, floor) in enumerate(zip(values, floors, strict=True)):
        yield Figure(f"swd_{side >> level}", value, floor)


def of_features(fake: Tensor, real: Tensor, other: Tensor) -> Iterable[Figure]:
    """Everything that is measured between clouds of random features."""
    other, _ = scores.standardised(other, real)
    fake, real = scores.standardised(fake, real)
    kernel, kernel_floor = (1e3 * scores.kernel_distance(x, real) for x in (fake, other))
    ours, floor = (scores.precision_recall(x, real) for x in (fake, other))
    yield Figure("rkid", kernel, kernel_floor)
    yield Figure("precision", ours[0], floor[0], better="higher")
    yield Figure("recall", ours[1], floor[1], better="higher")


def of_copies(fake: Tensor, real: Tensor, known: Tensor) -> Figure:
    """The nearest-neighbour check; its floor, unseen painted pictures, is 1 by definition."""
    return Figure("nearest", scores.nearest(fake, real, known), 1.0, better="higher")


def measure(
    fake: Tensor, real: Tensor, other: Tensor, known: Tensor | None, features: Features | None
) -> list[Figure]:
    """All figures. `real` and `other` are two sets of painted pictures the network never saw,
    `known` some that it was shown; `features` are the user's Inception, if any."""
    figures = list(of_patches(fake, real, other))
    ours = RandomFeatures()
    clouds = [extract(ours, x) for x in (fake, real, other)]
    figures += of_features(*clouds)
    if known is not None:
        figures.append(of_copies(clouds[0], clouds[1], extract(ours, known)))
    if features:
        a, b, c = (extract(features, x, "Inception") for x in (fake, real, other))
        figures.append(Figure("fid", scores.frechet(a, b), scores.frechet(c, b)))
    return figures


def table(figures: list[Figure]) -> str:
    """For people."""
    head = f"{'measure':<12}{'model':>10}{'floor':>10}   better"
    rows = [f"{f.name:<12}{f.value:>10.4g}{f.floor:>10.4g}   {f.better}" for f in figures]
    return "\n".join([head, *rows])


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m tools.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("model", type=Path, help="model folder, such as models/families")
    top.add_argument("--data", type=Path, help="the set it learned from: looks for copies of it")
    top.add_argument(
        "--side",
        type=int,
        help="compare at this many pixels: larger pictures are shrunk to it, painting is quicker",
    )
    top.add_argument("--count", type=int, default=512, help="pictures of each kind")
    top.add_argument("--seed", type=int, default=1, help="of the model's latents")
    top.add_argument(
        "--axes",
        type=int,
        default=0,
        metavar="N",
        help="also try every steering axis on N pictures: does the network do what it says?",
    )
    top.add_argument("--threads", type=int, default=1)
    top.add_argument("--json", type=Path, help="write the figures to this file too")
    top.add_argument(
        "--inception",
        type=Path,
        help="InceptionV3 as TorchScript, for the true FID; it is a program and will be run",
    )
    return top


def known_pictures(folder: Path | None, side: int) -> Tensor | None:
    """Some of the pictures that the network was shown."""
    if folder is None:
        return None
    shown = PaintedSet(folder)
    return shown.read(np.arange(len(shown))[-SHOWN:], side)[1].contiguous()


def main(arguments: list[str] | None = None) -> None:
    """Measure one model."""
    options = parser().parse_args(arguments)
    if options.count < 16:
        sys.exit("--count: fewer than 16 pictures say nothing")
    torch.set_num_threads(options.threads)
    generator, painter = load_model(options.model), painter_of(options.model)
    side = min(options.side or generator.arch.resolution, generator.arch.resolution)
    real, other = painted(painter, 2 * options.count, side, SEED).split(options.count)
    source = torch.Generator().manual_seed(options.seed)
    z = torch.randn(options.count, len(painter.parameters), generator=source)
    features = inception(options.inception) if options.inception else None
    known = known_pictures(options.data, side)
    figures = measure(shrink(draw(generator, z), side), real, other, known, features)
    print(table(figures))
    steering = axes(generator, painter, options.axes) if options.axes else {}
    for name, share in sorted(steering.items(), key=lambda item: -item[1]):
        print(f"axis {name:<20}{share:>6.2f}")
    if options.json:
        told = {"model": str(options.model), "count": options.count, "seed": options.seed}
        told["side"] = side
        told |= {"figures": [asdict(figure) for figure in figures], "axes": steering}
        options.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
