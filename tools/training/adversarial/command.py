"""`python -m tools.train adversarial FOLDER RUN`."""

import argparse
import json
import math
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch
import yaml
from torch import Tensor

from installation.errors import InstallationError
from installation.generators.architecture import Architecture
from tools.training import checkpoints
from tools.training.adversarial import snapshots
from tools.training.adversarial.adaptive import Adaptive
from tools.training.adversarial.pictures import Pictures, prepare, to_stderr
from tools.training.adversarial.team import Team
from tools.training.adversarial.trainer import AdversarialTrainer, Settings, usual_gamma
from tools.training.origin import weights_of

REPORT_EVERY = 10.0  # seconds
HELP = "learn from a folder of pictures, with a judge that tells them from the network's own"
DESCRIPTION = """\
Teach a network to paint what is in a folder of pictures: StyleGAN2 with adaptive augmentation.

It wants a graphics card and hours: a thousand images take a card about a minute at 256 pixels, a
good network some hundred thousand to several million. On a processor alone only small pictures
come to anything; --from saves most of the time everywhere: it begins with what another network
knows, for example a public one that `python -m tools.convert` turned into a model folder.

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
    add("--batch", type=int, default=16, help="pictures a step, of all processes (16)")
    add("--rate", type=float, default=2e-3, help="learning rate (0.002)")
    add("--gamma", type=float, help="weight of R1; more where it breaks, less where it is dull")
    add("--path-length", type=float, default=0.0, help="weight of even paths (0; the paper: 2)")
    add("--augment", default="ada", help="ada, none, or a fixed probability from 0 to 1 (ada)")
    add("--target", type=float, default=0.6, help="what ada keeps the judge's certainty at (0.6)")
    add("--ada-kimg", type=float, default=500, help="thousand images from none to all of it (500)")
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
    add("--seed", type=int, default=0)


def architecture(options: argparse.Namespace) -> Architecture:
    """The shape of the network: that of the checkpoint or model it begins with, or as asked."""
    resumed = _resumed(options)
    if resumed and not checkpoints.whole(resumed):
        raise InstallationError(f"{resumed}: holds no whole checkpoint; leave --resume out")
    if given := resumed or options.origin:
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


def _resumed(options: argparse.Namespace) -> Path | None:
    if options.resume is None:
        return None
    return Path(options.resume) if options.resume else options.run


def adaptive(options: argparse.Namespace) -> Adaptive:
    """How strongly to augment. Raises InstallationError."""
    if options.augment == "ada":
        return Adaptive(options.target, round(1000 * options.ada_kimg))
    try:
        p = 0.0 if options.augment == "none" else float(options.augment)
    except ValueError:
        p = -1.0
    if not 0 <= p <= 1:
        raise InstallationError(f"--augment {options.augment}: say ada, none, or 0 to 1")
    return Adaptive(p=p, fixed=True)


def check(options: argparse.Namespace, team: Team) -> None:
    """What cannot be, in one line. Raises InstallationError."""
    if options.batch < 2 * team.size or options.batch % team.size:
        raise InstallationError(
            f"--batch {options.batch}: {team.size} processes share it evenly, two pictures or more "
            "each"
        )
    holds = checkpoints.checkpoints(options.run)
    if holds and options.resume is None:
        raise InstallationError(f"{options.run} holds a run: add --resume or choose another folder")
    if holds and options.resume:
        raise InstallationError(f"{options.run} holds a run: {options.resume} needs a new folder")


def made(options: argparse.Namespace, team: Team) -> AdversarialTrainer:
    """A trainer where the run begins or goes on. Raises InstallationError."""
    arch = architecture(options)
    settings = Settings(
        options.batch,
        options.rate,
        usual_gamma(arch.resolution, options.batch) if options.gamma is None else options.gamma,
        options.path_length,
        seed=options.seed,
    )
    arch = replace(arch, img_channels=3)
    trainer = AdversarialTrainer(arch, settings, adaptive(options), team)
    if resumed := _resumed(options):
        checkpoints.resume(resumed, trainer)
    elif options.origin:
        begin_with(trainer, weights_of(options.origin))
    return trainer


def begin_with(trainer: AdversarialTrainer, weights: dict[str, Tensor]) -> None:
    """Give a fresh generator the weights of one of its own shape."""
    for network in (trainer.generator, trainer.average):
        network.load_state_dict(weights)


class Loop:
    """Steps, snapshots and reports until the budget is spent or someone asks to stop."""

    def __init__(
        self, options: argparse.Namespace, trainer: AdversarialTrainer, pictures: Pictures
    ) -> None:
        self.options, self.trainer, self.pictures = options, trainer, pictures
        self.stopped = False
        self.report_at = trainer.progress.seconds
        self.snapshot_at = trainer.progress.seconds + options.snapshot_every
        self.smooth: dict[str, Tensor] = {}

    def stop(self, *_: object) -> None:
        """Signal handler: finish the step, save, leave."""
        self.stopped = True

    def spent(self) -> float:
        """Which fraction of the budget is spent."""
        progress, options = self.trainer.progress, self.options
        if options.steps:
            return progress.step / options.steps
        if options.minutes:
            return progress.seconds / (60 * options.minutes)
        return progress.images / (1000 * options.kimg)

    def run(self) -> None:
        """Train. One process decides for all when to stop and when to save."""
        team, progress = self.trainer.team, self.trainer.progress
        while True:
            over = team.leads and self.spent() >= 1
            due = team.leads and progress.seconds >= self.snapshot_at
            over, due = team.any(over or self.stopped, due)
            if over:
                break
            if due:
                self.snapshot()
            self.step()
        self.snapshot()

    def step(self) -> None:
        """One step, timed."""
        progress = self.trainer.progress
        wall, cpu = time.monotonic(), time.process_time()
        for name, value in self.trainer.step(self.pictures).items():
            self.smooth[name] = value.lerp(self.smooth.get(name, value), 0.98)
        progress.seconds += time.monotonic() - wall
        progress.cpu_seconds += time.process_time() - cpu
        if progress.seconds >= self.report_at:
            self.report_at = progress.seconds + REPORT_EVERY
            if self.trainer.team.leads:
                self.report()

    def losses(self) -> dict[str, float]:
        """Smoothed, by name. Raises InstallationError when the run has broken down."""
        losses = {name: value.item() for name, value in self.smooth.items()}
        if not all(map(math.isfinite, losses.values())):
            raise InstallationError(
                f"step {self.trainer.progress.step}: the numbers are no longer finite; go on from "
                "the last checkpoint with --resume, a larger --gamma or a smaller --rate"
            )
        return losses

    def snapshot(self) -> None:
        """The leader saves everything and says how good it is; that counts as training time."""
        losses, progress = self.losses(), self.trainer.progress
        if self.trainer.team.leads:
            began = time.monotonic()
            told = snapshots.write(self.options.run, self.trainer, self.pictures, losses)
            progress.seconds += time.monotonic() - began
            where = checkpoints.save(self.options.run, self.trainer, self.options.keep)
            print(f"{where.name}: {progress.images} images, {told}", flush=True)
        self.snapshot_at = progress.seconds + self.options.snapshot_every
        self.trainer.team.wait()

    def report(self) -> None:
        """One progress line."""
        progress, spent = self.trainer.progress, self.spent()
        left = progress.seconds * (1 - spent) / max(spent, 1e-9)
        losses = "  ".join(f"{name} {value:.3f}" for name, value in self.losses().items())
        line = (
            f"{spent:6.1%}  {progress.images} images  {losses}  augment "
            f"{self.trainer.adaptive.p:.3f}  agreement {self.trainer.agreement:.2f}  "
            f"{left / 60:.0f} min left"
        )
        print(line, end="\r" if sys.stdout.isatty() else "\n", flush=True)


def main(options: argparse.Namespace) -> int:
    """Train; 0 when done, stopped or spent, 2 for what cannot be."""
    torch.set_num_threads(options.threads)
    team = Team(options.device)
    try:
        check(options, team)
        trainer = made(options, team)
        if team.leads:
            about = prepare(options.folder, trainer.arch.resolution, options.run, to_stderr)
            print(about, flush=True)
        team.wait()
        pictures = Pictures(options.run, options.mirror)
        trainer.pictures = len(pictures)
        if team.leads:
            snapshots.reals(options.run, pictures)
        loop = Loop(options, trainer, pictures)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, loop.stop)
        loop.run()
    except (InstallationError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        team.leave()
    return 0
