"""Steps, snapshots and reports until the budget is spent or someone asks to stop."""

import argparse
import math
import sys
import time

from torch import Tensor

from installation.errors import InstallationError
from tools.training import checkpoints
from tools.training.adversarial import snapshots
from tools.training.adversarial.pictures import Pictures
from tools.training.adversarial.trainer import AdversarialTrainer

REPORT_EVERY = 10.0  # seconds


class Loop:
    """One run. `options` are the command line's."""

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
