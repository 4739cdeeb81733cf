"""The hours of a distillation: steps, reports and snapshots until the time is up."""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tools.training import checkpoints, snapshots
from tools.training.data import Pairs
from tools.training.trainer import Trainer

REPORT_EVERY = 10.0  # seconds

Spent = Callable[[], float]


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
