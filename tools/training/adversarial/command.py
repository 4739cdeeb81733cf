"""`python -m tools.train adversarial FOLDER RUN`."""

import argparse
import signal
import sys
from pathlib import Path

import torch
from torch import Tensor

from installation.errors import EXIT_BAD_INPUT, InstallationError
from tools.training import checkpoints
from tools.training.adversarial import snapshots
from tools.training.adversarial.choices import architecture, resumed, settings
from tools.training.adversarial.loop import Loop
from tools.training.adversarial.pictures import Pictures, prepare, to_stderr
from tools.training.adversarial.team import Team
from tools.training.adversarial.trainer import AdversarialTrainer
from tools.training.origin import weights_of

HELP = "learn from a folder of pictures, with a judge that tells them from the network's own"
DESCRIPTION = """\
Teach a network to paint what is in a folder of pictures: StyleGAN2 with adaptive augmentation.

It wants a graphics card and hours: the networks of the papers saw up to 25 million images, each of
the folder's many times. On a processor alone only small pictures come to anything. --from needs far
fewer: it begins with what another network knows, for example a public one that `python -m
tools.convert` turned into a model folder.

Look at RUN/pictures.png first, then at RUN/*-sheet.png as they come. The run may be stopped and
killed at any time; --resume goes on. Several cards:
  torchrun --nproc_per_node 4 -m tools.train adversarial FOLDER RUN

When it is good: python -m tools.export RUN models/mine
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line."""
    mine = commands.add_parser(
        "adversarial",
        help=HELP,
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    mine.set_defaults(run_command=main)
    add = mine.add_argument
    add("folder", type=Path, help="your pictures: JPEG, PNG, WebP, TIFF, BMP; folders inside count")
    add("run", type=Path, help="folder for checkpoints and snapshots")
    budget = mine.add_mutually_exclusive_group()
    budget.add_argument("--kimg", type=float, default=1000, help="thousand images (default: 1000)")
    budget.add_argument("--minutes", type=float, help="length of the whole run, pauses left out")
    budget.add_argument("--steps", type=int, help="count steps instead")
    add(
        "--resume",
        nargs="?",
        const="",
        metavar="CHECKPOINT",
        help="go on from the run's last checkpoint, or, in a new run, from any whole one",
    )
    add("--from", dest="origin", type=Path, metavar="MODEL", help="begin with a network's weights")
    add("--resolution", type=int, default=256, help="side in pixels, a power of two (256)")
    add("--mirror", action="store_true", help="left and right may be exchanged: twice the pictures")
    add("--batch", type=int, help="pictures a step, of all processes (16)")
    add("--rate", type=float, help="learning rate (0.002)")
    add("--gamma", type=float, help="weight of R1; more where it breaks, less where it is dull")
    add("--path-length", type=float, help="weight of even paths (0; the paper: 2)")
    add("--augment", help="ada, none, or a fixed probability from 0 to 1 (ada)")
    add("--target", type=float, help="what ada keeps the judge's certainty at (0.6)")
    add("--ada-kimg", type=float, help="thousand images from none to all of it (500)")
    add("--channels", type=int, default=512, help="most channels in a layer (512)")
    add("--base", type=int, default=16384, help="channels times side in the larger layers (16384)")
    add("--layers", type=int, default=2, help="of the mapping network (2)")
    add("--snapshot-every", type=float, default=600, metavar="SECONDS", help="(600)")
    add(
        "--keep",
        type=int,
        default=2,
        help="newest checkpoints that can be resumed from, 0 for all (2)",
    )
    add("--device", default="auto", help="cpu, cuda, or auto")
    add("--threads", type=int, default=1, help="of the processor, for each process (1)")
    add("--seed", type=int, help="(0)")


def check(options: argparse.Namespace) -> None:
    """What a folder cannot be used for, in one line. Raises InstallationError."""
    holds = checkpoints.checkpoints(options.run)
    if holds and options.resume is None:
        raise InstallationError(f"{options.run} holds a run: add --resume or choose another folder")
    if holds and options.resume:
        raise InstallationError(f"{options.run} holds a run: {options.resume} needs a new folder")


def made(options: argparse.Namespace, team: Team) -> AdversarialTrainer:
    """A trainer where the run begins or goes on. Raises InstallationError."""
    arch = architecture(options)
    chosen = settings(options, arch)
    if chosen.batch < 2 * team.size or chosen.batch % team.size:
        raise InstallationError(
            f"--batch {chosen.batch}: {team.size} processes share it evenly, two pictures or more "
            "each"
        )
    trainer = AdversarialTrainer(arch, chosen, team)
    if place := resumed(options):
        checkpoints.resume(place, trainer)
    elif options.origin:
        begin_with(trainer, weights_of(options.origin))
    return trainer


def begin_with(trainer: AdversarialTrainer, weights: dict[str, Tensor]) -> None:
    """Give a fresh generator the weights of one of its own shape."""
    for network in (trainer.generator, trainer.average):
        network.load_state_dict(weights)


def main(options: argparse.Namespace) -> int:
    """Train; 0 when done, stopped or spent, 2 for what cannot be."""
    torch.set_num_threads(options.threads)
    team = Team(options.device)
    try:
        check(options)
        trainer = made(options, team)
        if team.leads:
            about = prepare(options.folder, trainer.arch.resolution, options.run, to_stderr)
            print(about, flush=True)
        team.wait()
        pictures = Pictures(options.run, trainer.settings.mirror)
        trainer.pictures = len(pictures)
        if team.leads:
            snapshots.reals(options.run, pictures)
        loop = Loop(options, trainer, pictures)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, loop.stop)
        loop.run()
    except (InstallationError, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    finally:
        team.leave()
    return 0
