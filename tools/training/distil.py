"""`python -m tools.train distil`: what it may be told, and from where it begins."""

import argparse
import signal
import sys
from pathlib import Path

import torch

from installation.generators.architecture import Architecture
from tools.training import checkpoints
from tools.training.data import Pairs
from tools.training.lesson import lesson
from tools.training.loop import Loop
from tools.training.origin import begin_from, weights_of
from tools.training.schedule import RATE, progressive
from tools.training.trainer import Trainer


def add_to(commands: argparse._SubParsersAction) -> None:
    """The command and its options."""
    distil = commands.add_parser(
        "distil", help="learn a painter's pictures from the painter's numbers"
    )
    distil.set_defaults(run_command=run)
    distil.add_argument("data", type=Path, help="folder written by `python -m tools.paint data`")
    distil.add_argument("run", type=Path, help="folder for checkpoints and snapshots")
    distil.add_argument("--fine", type=Path, help="a smaller set of larger pictures, for the end")
    distil.add_argument(
        "--from",
        dest="origin",
        type=Path,
        metavar="RUN",
        help="start from the weights of a run, a checkpoint or a model",
    )
    distil.add_argument(
        "--first",
        type=int,
        default=32,
        help="side in pixels to begin at; with --from, a model that knows the forms may begin at "
        "its own side and grow from there: what is new starts as a plain enlargement",
    )
    distil.add_argument(
        "--rate", type=float, default=RATE, help="learning rate; half of it for a model that grows"
    )
    distil.add_argument(
        "--known-rate",
        type=float,
        default=1.0,
        metavar="SHARE",
        help="with --from: what was learned before moves at this share of the rate; 0.1 for a "
        "short run that only grows, or the forms are worse at its end than at its beginning",
    )
    budget = distil.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float, help="length of the whole run, pauses left out")
    budget.add_argument("--until", metavar="HH:MM", help="finish by this local time")
    budget.add_argument("--steps", type=int, help="count steps instead: repeatable exactly")
    distil.add_argument("--resume", action="store_true", help="continue from the last checkpoint")
    distil.add_argument("--snapshot-every", type=float, default=120, metavar="SECONDS")
    distil.add_argument(
        "--finish", type=float, default=0.94, help="where the adversary joins (1: never)"
    )
    distil.add_argument(
        "--texture",
        type=float,
        default=0.0,
        metavar="WEIGHT",
        help="weight of a distance between textures, patch by patch near the same place (0: none); "
        "for a model that knows the forms and is soft",
    )
    distil.add_argument(
        "--channels",
        type=int,
        default=128,
        help="most channels in a layer; with 64 a step at 32 pixels costs two fifths",
    )
    distil.add_argument("--device", default="cpu", help="cpu or cuda")
    distil.add_argument("--threads", type=int, default=1)
    distil.add_argument("--seed", type=int, default=0)


def architecture(pairs: Pairs, channels: int = 128) -> Architecture:
    """The house architecture for a painter's data: 1.8 million weights at 128 pixels, or half a
    million with 64 channels."""
    return Architecture(
        z_dim=pairs.about.latents,
        w_dim=2 * channels,
        resolution=pairs.about.size,
        channel_base=4096,
        channel_max=channels,
        mapping_layers=4,
        mapping_lr_multiplier=0.3,
    )


def run(options: argparse.Namespace) -> int:
    """Distil a painter."""
    torch.set_num_threads(options.threads)
    pairs = Pairs(options.data, options.fine)
    plan = progressive(pairs.about.size, options.finish, options.first, options.rate)
    known = frozenset(weights_of(options.origin)) if options.origin else frozenset()
    trainer = Trainer(
        architecture(pairs, options.channels),
        plan,
        options.seed,
        options.device,
        known,
        options.known_rate,
        options.texture,
    )
    if not options.resume and checkpoints.checkpoints(options.run):
        sys.exit(f"{options.run} holds a run: add --resume or choose another folder")
    if not (options.resume and checkpoints.resume(options.run, trainer)):
        print(f"{options.run} holds no checkpoint: starting anew", flush=True)
        if options.origin:
            begin_from(trainer, options.origin)
        if lesson(trainer.generator, pairs.painter):
            print("the mapping network has been told what the picture is about", flush=True)
            trainer.average.load_state_dict(trainer.generator.state_dict())
    loop = Loop(options, trainer, pairs)
    signal.signal(signal.SIGTERM, loop.stop)
    loop.run()
    return 0
