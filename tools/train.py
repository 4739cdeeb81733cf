"""Train a network: `python -m tools.train distil DATA RUN --minutes 90`.

`distil` teaches a generator to paint what a procedural painter paints, from the painter's own
numbers. It needs no GPU: a 128-pixel sea took one thread 1.3 hours of processor time.
`adversarial` teaches one to paint what is in a folder of pictures: see its --help.
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import torch

from installation.generators.architecture import Architecture
from tools.training import checkpoints, snapshots
from tools.training.adversarial import command as adversarial
from tools.training.data import Pairs
from tools.training.lesson import lesson
from tools.training.origin import begin_from, weights_of
from tools.training.schedule import RATE, progressive
from tools.training.trainer import Trainer

REPORT_EVERY = 10.0  # seconds

Spent = Callable[[], float]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m tools.train", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    adversarial.add_to(commands)
    distil = commands.add_parser(
        "distil", help="learn a painter's pictures from the painter's numbers"
    )
    distil.set_defaults(run_command=run_distil)
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
    return top


def seconds_until(clock: str) -> float:
    """Seconds from now to the next HH:MM."""
    now = datetime.now()
    hour, minute = map(int, clock.split(":"))
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (then - now if then > now else then + timedelta(days=1) - now).total_seconds()


def budget(options: argparse.Namespace, trainer: Trainer) -> Spent:
    """A function that tells which fraction of the budget is spent."""
    if options.steps:
        return lambda: trainer.progress.step / options.steps
    if options.minutes:
        total = 60.0 * options.minutes
    else:
        total = trainer.progress.seconds + seconds_until(options.until)
    return lambda: trainer.progress.seconds / total


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


class Loop:
    """Steps, snapshots and reports until the budget is spent or someone asks to stop."""

    def __init__(self, options: argparse.Namespace, trainer: Trainer, pairs: Pairs) -> None:
        self.options, self.trainer, self.pairs = options, trainer, pairs
        self.spent = budget(options, trainer)
        self.stopped = False
        self.snapshot_at = self.report_at = trainer.progress.seconds
        self.smooth: dict[str, float] = {}

    def stop(self, *_: object) -> None:
        """Signal handler: finish the step, save, leave."""
        self.stopped = True

    def run(self) -> None:
        """Train."""
        progress, stage = self.trainer.progress, None
        self.snapshot_at += self.options.snapshot_every
        while not self.stopped and (spent := self.spent()) < 1.0:
            if stage is not None and stage != self.trainer.plan.stage(spent):
                self.snapshot(stage.resolution)
            stage = self.trainer.plan.stage(spent)
            self.step(spent)
            if progress.seconds >= self.snapshot_at:
                self.snapshot(stage.resolution)
        self.snapshot(self.trainer.plan.stage(min(1.0, self.spent())).resolution)

    def step(self, spent: float) -> None:
        """One step, timed."""
        progress = self.trainer.progress
        wall, cpu = time.monotonic(), time.process_time()
        for name, value in self.trainer.step(self.pairs, spent).items():
            self.smooth[name] = 0.98 * self.smooth.get(name, value) + 0.02 * value
        progress.seconds += time.monotonic() - wall
        progress.cpu_seconds += time.process_time() - cpu
        if progress.seconds >= self.report_at:
            self.report_at = progress.seconds + REPORT_EVERY
            self.report(spent)

    def snapshot(self, resolution: int) -> None:
        """Save everything and say how good it is. Its time counts as training time."""
        began = time.monotonic()
        told = snapshots.write(self.options.run, self.trainer, self.pairs, resolution)
        self.trainer.progress.seconds += time.monotonic() - began
        self.snapshot_at = self.trainer.progress.seconds + self.options.snapshot_every
        where = checkpoints.save(self.options.run, self.trainer)
        print(f"{where.name}: {resolution} px, {told}", flush=True)

    def report(self, spent: float) -> None:
        """One progress line."""
        progress = self.trainer.progress
        left = progress.seconds * (1.0 - spent) / max(spent, 1e-9)
        losses = "  ".join(f"{name} {value:.4f}" for name, value in self.smooth.items())
        side = self.trainer.plan.stage(spent).resolution
        line = (
            f"{spent:6.1%}  {side} px  {progress.images} images  {losses}  {left / 60:.0f} min left"
        )
        end = "\r" if sys.stdout.isatty() else "\n"
        print(line, end=end, flush=True)


def run_distil(options: argparse.Namespace) -> int:
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


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = parser().parse_args(arguments)
    return options.run_command(options)


if __name__ == "__main__":
    sys.exit(main())
