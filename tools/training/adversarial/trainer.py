"""One adversarial step (Karras et al. 2020, arXiv:1912.04958 and 2006.06676), and everything that
must survive between two steps."""

import copy
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.training.adversarial.adaptive import EVERY as ADAPT_EVERY
from tools.training.adversarial.adaptive import Adaptive
from tools.training.adversarial.augment import augment
from tools.training.adversarial.losses import path_lengths
from tools.training.adversarial.pictures import Pictures
from tools.training.adversarial.team import Team
from tools.training.discriminator import Discriminator
from tools.training.losses import gradient_penalty
from tools.training.trainer import Progress

PENALTY_EVERY, LENGTHS_EVERY = 16, 4  # steps: what is lazy costs a sixteenth, or a quarter
BETA2 = 0.99
RAMP = 0.05  # of the pictures seen so far, at most, are what the average remembers half of
STYLE_DECAY, LENGTH_DECAY = 0.995, 0.99
Noise = list[Tensor]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen for a run, and kept with it. `batch` is of all processes together."""

    batch: int = 16
    rate: float = 2e-3
    gamma: float = 1.0  # weight of R1
    path_length: float = 0.0  # weight; 0 leaves it out
    mixing: float = 0.9  # how often a batch mixes two styles
    average_images: float = 10_000  # after so many the average has forgotten half
    augment: float | None = None  # a fixed probability; None adapts it
    target: float = 0.6  # what the judge's certainty is kept at
    augment_images: int = 500_000  # from none to all of it, at the quickest
    mirror: bool = False  # left and right may be exchanged
    seed: int = 0


def usual_gamma(resolution: int, batch: int) -> float:
    """R1's weight by the rule of thumb of the paper's authors: 0.0002 · pixels / batch."""
    return 2e-4 * resolution**2 / batch


@dataclass
class AdversarialTrainer:
    """A generator that paints what a judge takes for pictures of the folder."""

    arch: Architecture
    settings: Settings
    team: Team = field(default_factory=lambda: Team("cpu"))
    pictures: int = 0  # how many it learns from
    progress: Progress = field(default_factory=Progress)

    def __post_init__(self) -> None:
        torch.manual_seed(self.settings.seed)
        self.device, chosen = self.team.device, self.settings
        self.adaptive = Adaptive(chosen.target, chosen.augment_images)
        if chosen.augment is not None:
            self.adaptive = Adaptive(p=chosen.augment, fixed=True)
        self.generator = Generator(self.arch)
        widths = {side: self.arch.channels(side) for side in self.arch.resolutions}
        self.discriminator = Discriminator(self.arch.resolution, widths)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        for network in self._networks:
            network.to(self.device).to(memory_format=torch.channels_last)  # pyright: ignore
        self.team.alike(*self._networks)
        lazy = LENGTHS_EVERY if self.settings.path_length else 0
        self.adam = self._optimiser(self.generator, lazy)
        self.judge = self._optimiser(self.discriminator, PENALTY_EVERY)
        self.path_mean = torch.zeros((), device=self.device)
        self._signs = torch.zeros((), device=self.device)  # since the last adjustment
        self.agreement = 0.0

    @property
    def _networks(self) -> tuple[nn.Module, ...]:
        return self.generator, self.average, self.discriminator

    def _optimiser(self, network: nn.Module, lazy: int) -> torch.optim.Adam:
        """Adam, its constants corrected for a term that comes every `lazy` steps (appendix B of
        arXiv:1912.04958)."""
        share = lazy / (lazy + 1) if lazy else 1.0
        rate, betas = self.settings.rate * share, (0.0, BETA2**share)
        return torch.optim.Adam(network.parameters(), rate, betas)

    # What a checkpoint keeps beyond weights; see checkpoints.Resumable.

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        return {"adam": self.adam, "judge": self.judge}

    def memory(self) -> dict[str, Any]:
        return {"p": self.adaptive.p, "path_mean": self.path_mean, "signs": self._signs}

    def recall(self, memory: dict[str, Any]) -> None:
        if not self.adaptive.fixed:
            self.adaptive.p = memory["p"]
        self.path_mean = memory["path_mean"].to(self.device)
        self._signs = memory["signs"].to(self.device)

    def about(self) -> dict[str, Any]:
        told = {"objective": "adversarial", "pictures": self.pictures}
        return {**told, "settings": asdict(self.settings)}

    def half(self) -> torch.autocast:
        """bfloat16 for convolutions on a graphics card."""
        cuda = self.device.startswith("cuda")
        return torch.autocast("cuda" if cuda else "cpu", torch.bfloat16, enabled=cuda)

    @torch.no_grad()
    def draw(self, z: Tensor) -> Tensor:
        """Pictures of the average, (B, 3, R, R) float32, as they will be shown."""
        return self.average(z.to(self.device)).cpu()

    def step(self, pictures: Pictures) -> dict[str, Tensor]:
        """Train both sides on one batch; the losses by name. What is random depends on the seed,
        the step and the process alone, so a resumed run goes on as if never stopped."""
        here, there = self._sources()
        count = self.settings.batch // self.team.size
        real = pictures.batch(count, here).to(self.device, memory_format=torch.channels_last)
        losses = {"fool": self._fool(count, there), "tell": self._tell(real, there)}
        if self.settings.path_length and self.progress.step % LENGTHS_EVERY == 0:
            losses["lengths"] = self._even_lengths(count, there)
        if self.progress.step % PENALTY_EVERY == 0:
            losses["r1"] = self._penalise(real, there)
        self.progress.step += 1
        self.progress.images += self.settings.batch
        self._follow()
        if self.progress.step % ADAPT_EVERY == 0:
            self._adapt()
        return losses

    def _sources(self) -> tuple[torch.Generator, torch.Generator]:
        """Of chance: on the CPU, and on the device."""
        words = f"{self.settings.seed} {self.progress.step} {self.team.rank}"
        seed = int.from_bytes(hashlib.sha256(words.encode()).digest()[:7])
        here, there = torch.Generator(), torch.Generator(self.device)
        return here.manual_seed(seed), there.manual_seed(seed + 1)

    def _styles(self, count: int, source: torch.Generator) -> Tensor:
        """Styles (count, num_ws, W) of random latents; some change over to others at a layer."""
        z = self._normal(source, 2, count, self.arch.z_dim)
        ws = self.generator.mapping(z[0])
        average = self.generator.mapping.w_avg
        average.copy_(self.team.mean(ws[:, 0].detach().mean(0)).lerp(average, STYLE_DECAY))
        dice = torch.rand(2, generator=source, device=self.device).tolist()
        if dice[0] < self.settings.mixing:
            cut = 1 + int(dice[1] * (self.arch.num_ws - 1))
            ws = torch.cat([ws[:, :cut], self.generator.mapping(z[1])[:, cut:]], 1)
        return ws

    def _paint(self, ws: Tensor, source: torch.Generator) -> Tensor:
        """Pictures with fresh noise."""
        sides = self.arch.resolutions
        noise: Noise = [
            self._normal(source, len(ws), 1, side, side)
            for side in (sides[0], *(side for side in sides[1:] for _ in range(2)))
        ]
        with self.half():
            return self.generator.synthesis(ws, noise)

    def _normal(self, source: torch.Generator, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=source, device=self.device)

    def _judged(self, pictures: Tensor, source: torch.Generator) -> Tensor:
        shown = augment(pictures, self.adaptive.p, source)  # colours in full precision
        with self.half():
            return self.discriminator(shown)[0].float()

    def _fool(self, count: int, source: torch.Generator) -> Tensor:
        """The generator's turn: non-saturating logistic loss."""
        self.discriminator.requires_grad_(False)
        fake = self._paint(self._styles(count, source), source)
        loss = F.softplus(-self._judged(fake, source)).mean()
        self.discriminator.requires_grad_(True)
        self._update(loss, self.adam, self.generator.parameters())
        return loss.detach()

    def _tell(self, real: Tensor, source: torch.Generator) -> Tensor:
        """The judge's turn."""
        with torch.no_grad():
            fake = self._paint(self._styles(len(real), source), source)
        scores = self._judged(real, source)
        self._signs += scores.detach().sign().mean()
        loss = F.softplus(self._judged(fake, source)).mean() + F.softplus(-scores).mean()
        self._update(loss, self.judge, self.discriminator.parameters())
        return loss.detach()

    def _penalise(self, real: Tensor, source: torch.Generator) -> Tensor:
        """R1 in full precision, at the pictures as the judge sees them, that is, augmented."""
        shown = augment(real, self.adaptive.p, source).detach().requires_grad_(True)
        penalty = gradient_penalty(self.discriminator(shown)[0], shown)
        loss = penalty * (0.5 * self.settings.gamma * PENALTY_EVERY)
        self._update(loss, self.judge, self.discriminator.parameters())
        return penalty.detach()

    def _even_lengths(self, count: int, source: torch.Generator) -> Tensor:
        """Path length regularisation: as far in the picture for as far in w, everywhere."""
        ws = self._styles(max(count // 2, 1), source)
        lengths = path_lengths(self._paint(ws, source).float(), ws, source)
        mean = self.team.mean(lengths.detach().mean())
        self.path_mean = mean.lerp(self.path_mean, LENGTH_DECAY)
        penalty = (lengths - self.path_mean).square().mean()
        loss = penalty * (self.settings.path_length * LENGTHS_EVERY)
        self._update(loss, self.adam, self.generator.parameters())
        return penalty.detach()

    def _update(
        self, loss: Tensor, optimiser: torch.optim.Optimizer, parameters: Iterable[nn.Parameter]
    ) -> None:
        optimiser.zero_grad()
        loss.backward()
        self.team.average_gradients(parameters)
        optimiser.step()

    @torch.no_grad()
    def _follow(self) -> None:
        """The average of the generator over its last pictures."""
        remembered = min(self.settings.average_images, self.progress.images * RAMP)
        keep = 0.5 ** (self.settings.batch / max(remembered, 1e-8))
        pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
        for ours, theirs in pairs:
            ours.copy_(theirs.lerp(ours, keep))
        self.average.mapping.w_avg.copy_(self.generator.mapping.w_avg)

    def _adapt(self) -> None:
        """Once in a while: how much the judge knows by heart, and what is done about it."""
        self.agreement = self.team.mean(self._signs).item() / ADAPT_EVERY
        self.adaptive.hear(self.agreement, ADAPT_EVERY * self.settings.batch)
        self._signs = torch.zeros((), device=self.device)
