"""One training step, and everything that must survive between two steps."""

import copy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.training.attention import attention
from tools.training.data import Pairs
from tools.training.discriminator import Discriminator
from tools.training.losses import feature_distance, gradient_penalty, reconstruction
from tools.training.muon import Muon, split
from tools.training.schedule import Plan, Stage
from tools.training.texture import texture_distance

AVERAGE_DECAY = 0.995
PENALTY_EVERY, PENALTY_WEIGHT = 16, 1.0
# Low on purpose: at 1.0, over a weaker L1, scan lines came within five minutes.
ADVERSARIAL_WEIGHT, FEATURE_WEIGHT = 0.15, 0.4


def start_as_upsampling(generator: Generator, resolution: int) -> None:
    """Silence the picture layers above the first stage.

    A new resolution then begins as the plain enlargement of the last one, and the generator gives
    a whole picture at every moment of the run.
    """
    for side in generator.arch.resolutions:
        if side > resolution:
            nn.init.zeros_(generator.get_parameter(f"synthesis.b{side}.torgb.weight"))


@dataclass
class Progress:
    """How far a run is."""

    step: int = 0
    images: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


@dataclass
class Trainer:
    """A generator learning a painter's pictures from the painter's own numbers. Parameters named in
    `known`, which another run has learned, move at `known_share` of the rate. `texture` is the
    weight of the distance between textures; at zero it is not computed."""

    arch: Architecture
    plan: Plan
    seed: int = 0
    device: str = "cpu"
    known: frozenset[str] = frozenset()
    known_share: float = 1.0
    texture: float = 0.0
    progress: Progress = field(default_factory=Progress)

    def __post_init__(self) -> None:
        torch.manual_seed(self.seed)
        self.source = torch.Generator().manual_seed(self.seed)
        self.generator = Generator(self.arch)
        start_as_upsampling(self.generator, self.plan.stages[0].resolution)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.discriminator = Discriminator(self.arch.resolution)
        for network in (self.generator, self.average, self.discriminator):
            network.to(self.device).to(memory_format=torch.channels_last)  # pyright: ignore
        matrices, rest = split(self.generator)
        self.muon = Muon(self._groups(matrices), self.plan.rate)
        self.adam = torch.optim.Adam(self._groups(rest), self.plan.rate, betas=(0.9, 0.99))
        self.judge = torch.optim.Adam(self.discriminator.parameters(), 2e-3, betas=(0.0, 0.99))

    # What a checkpoint keeps beyond weights; see checkpoints.Resumable.

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"muon": self.muon, "adam": self.adam, "judge": self.judge}

    def memory(self) -> dict[str, Any]:
        return {"source": self.source.get_state()}

    def recall(self, memory: dict[str, Any]) -> None:
        self.source.set_state(memory["source"])

    def about(self) -> dict[str, Any]:
        return {"objective": "distil"}

    def _groups(self, parameters: list[nn.Parameter]) -> list[dict]:
        """What is new and what another run has learned, each with its share of the rate."""
        names = {id(p): name for name, p in self.generator.named_parameters()}
        known = [p for p in parameters if names[id(p)] in self.known]
        new = [p for p in parameters if names[id(p)] not in self.known]
        groups = [{"params": new, "share": 1.0}, {"params": known, "share": self.known_share}]
        return [group for group in groups if group["params"]]

    def half(self, enabled: bool = True) -> torch.autocast:
        """bfloat16 for convolutions, where the device computes in it."""
        return torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=enabled)

    def draw(self, network: Generator, z: Tensor, side: int) -> Tensor:
        """Pictures for unscaled latents (B, K), float32. The mapping stays in full precision:
        rounding it would blur which wave crest is meant."""
        ws = network.mapping(z.to(self.device), normalise=False)
        with self.half():
            return network.synthesis(ws, upto=side)

    def step(self, pairs: Pairs, spent: float) -> dict[str, float]:
        """Train on one batch at the given fraction of the budget; the losses by name."""
        stage = self.plan.stage(spent)
        rate = self.plan.learning_rate(spent, self.progress.step)
        for group in (*self.muon.param_groups, *self.adam.param_groups):
            group["lr"] = rate * group["share"]
        side, batch = self._turn(stage, pairs)
        z, real = pairs.batch(batch, side, self.source)
        real = real.to(self.device)
        fake = self.draw(self.generator, z, side)
        where = attention(pairs.painter, z, side)
        where = where if where is None else where.to(self.device)
        loss = reconstruction(fake, real, where)
        losses = {"rate": rate, "rec": loss.item()}
        if self.texture:
            apart = texture_distance(fake, real, self.source, where)
            losses["texture"] = apart.item()
            loss = loss + self.texture * apart
        if self.plan.adversarial(spent):
            losses["judge"] = self._teach_judge(fake.detach(), real)
            loss = loss + self._please_judge(fake, real)
        self._update(loss)
        self.progress.step += 1
        self.progress.images += batch
        return losses

    def _turn(self, stage: Stage, pairs: Pairs) -> tuple[int, int]:
        """Side and batch of this step. Where large pictures are fewer than those half as large,
        every second step goes back to these, or the forms learned from many are unlearned on few:
        without it the family's error at 128 pixels rose from 0.065 to 0.082 while 256 grew."""
        smaller = stage.resolution // 2
        if self.progress.step % 2 and pairs.available(smaller) > pairs.available(stage.resolution):
            return smaller, 2 * stage.batch
        return stage.resolution, stage.batch

    def _update(self, loss: Tensor) -> None:
        self.generator.zero_grad()
        loss.backward()
        self.muon.step()
        self.adam.step()
        decay = min(AVERAGE_DECAY, (1 + self.progress.step) / (10 + self.progress.step))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for ours, theirs in pairs:
                ours.lerp_(theirs, 1.0 - decay)

    def _teach_judge(self, fake: Tensor, real: Tensor) -> float:
        """Non-saturating logistic loss, with the gradient penalty at every 16th step."""
        penalise = self.progress.step % PENALTY_EVERY == 0
        real = real.detach().requires_grad_(penalise)
        with self.half(not penalise):
            scores, others = (
                self.discriminator(real)[0].float(),
                self.discriminator(fake)[0].float(),
            )
        loss = F.softplus(-scores).mean() + F.softplus(others).mean()
        told = loss.item()
        if penalise:
            loss = loss + 0.5 * PENALTY_WEIGHT * PENALTY_EVERY * gradient_penalty(scores, real)
        self.judge.zero_grad()
        loss.backward()
        self.judge.step()
        return told

    def _please_judge(self, fake: Tensor, real: Tensor) -> Tensor:
        self.discriminator.requires_grad_(False)
        with self.half():
            scores, features = self.discriminator(fake)
            wanted = self.discriminator(real)[1]
        self.discriminator.requires_grad_(True)
        fooling = F.softplus(-scores.float()).mean()
        return ADVERSARIAL_WEIGHT * fooling + FEATURE_WEIGHT * feature_distance(features, wanted)
