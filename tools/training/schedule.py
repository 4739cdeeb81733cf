"""When to train what: pure functions of the fraction of the budget that is spent."""

from dataclasses import dataclass, replace

WARM_UP_STEPS = 20
RATE = 2e-2


@dataclass(frozen=True, slots=True)
class Stage:
    """From this fraction of the budget on, train at this resolution with this batch."""

    start: float
    resolution: int
    batch: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole run. After `finish` a weak discriminator joins the reconstruction.

    Long at low resolution: a picture costs four times less there and the error still falls. The
    finish is short: a discriminator that wins over the L1 draws scan lines.
    """

    stages: tuple[Stage, ...]
    finish: float = 0.94
    rate: float = RATE
    finish_rate: float = 5e-3
    decay: float = 0.4  # last share of each phase over which the rate falls ...
    floor: float = 0.05  # ... to this share of itself

    def stage(self, progress: float) -> Stage:
        """The stage at a fraction of the budget."""
        return [stage for stage in self.stages if stage.start <= progress][-1]

    def adversarial(self, progress: float) -> bool:
        """Whether the finish has begun."""
        return progress >= self.finish

    def learning_rate(self, progress: float, step: int) -> float:
        """Constant, then linear to the floor, once for each phase."""
        if self.adversarial(progress):
            left = (1.0 - progress) / max(1.0 - self.finish, 1e-9)
            return self.finish_rate * max(self.floor, left)
        left = (1.0 - progress / self.finish) / self.decay
        return self.rate * min(1.0, (step + 1) / WARM_UP_STEPS) * min(1.0, max(self.floor, left))


SMALL = (Stage(0.0, 32, 16), Stage(0.30, 64, 16), Stage(0.65, 128, 8))
LARGE = (Stage(0.0, 32, 16), Stage(0.25, 64, 16), Stage(0.50, 128, 8), Stage(0.78, 256, 4))


def progressive(resolution: int, finish: float = 0.94, first: int = 32, rate: float = RATE) -> Plan:
    """32 -> 64 -> 128 (-> 256) pixels, from `first` as far as `resolution` goes.

    A run that starts from trained weights knows the forms and may begin at a higher `first`; the
    stages that are left share its time as they would have shared the whole.
    """
    table = LARGE if resolution > SMALL[-1].resolution else SMALL
    stages = [s for s in table if min(first, resolution) <= s.resolution <= resolution]
    skipped = stages[0].start
    moved = [replace(s, start=(s.start - skipped) / (1.0 - skipped)) for s in stages]
    return Plan(tuple(moved), finish, rate)
