"""Ways to go in w that a model offers by itself, without anyone having labelled a picture.

PCA of w (Härkönen et al. 2020, "GANSpace", arXiv:2004.02546) finds where w varies most; SeFa (Shen
and Zhou 2021, arXiv:2007.06600) finds what the style layers react to most. Rows are scaled so that
a step of one is one standard deviation of w along them."""

import torch
from torch import Tensor

from installation.generators import stylegan2, stylegan3
from installation.generators.directions import Direction
from installation.show.directions import HELP

SAMPLES = 4096
EACH = 8  # directions of either kind
RANGE = (-3.0, 3.0)  # standard deviations; beyond, w is where training never was
_WORDS = {"pca": "a way in which the styles vary most (PCA)", "sefa": HELP}

AnyGenerator = stylegan2.Generator | stylegan3.Generator


@torch.inference_mode()
def sampled(generator: AnyGenerator, label: Tensor | None, seed: int = 0) -> Tensor:
    """w of SAMPLES seeded z: (SAMPLES, W)."""
    source = torch.Generator().manual_seed(seed)
    z = torch.randn(SAMPLES, generator.arch.z_dim, generator=source)
    return generator.mapping(z, label=label)[:, 0]


def directions(generator: AnyGenerator, ws: Tensor) -> list[Direction]:
    """What a model offers. `ws` (N, W) is a fair sample."""
    count = min(EACH, generator.arch.w_dim)
    centred = ws - ws.mean(0)
    principal = torch.linalg.svd(centred, full_matrices=False).Vh[:count]
    rows = torch.cat([principal, factors(generator)[:count]])
    rows = rows * rows.gather(1, rows.abs().argmax(1, keepdim=True)).sign()  # a fixed sense
    rows = rows * (centred @ rows.t()).std(0)[:, None]
    kinds = [(kind, i + 1) for kind in _WORDS for i in range(count)]
    return [
        Direction(f"{kind}{i}", "w", row.numpy(), RANGE, origin=kind, help=_WORDS[kind])
        for (kind, i), row in zip(kinds, rows, strict=True)
    ]


def factors(generator: AnyGenerator) -> Tensor:
    """Unit directions that change the styles most, the strongest first: (W, W)."""
    state = generator.synthesis.state_dict()
    layers = [weight for name, weight in state.items() if name.endswith(".affine.weight")]
    rows = torch.cat(
        [weight / weight.norm(dim=0, keepdim=True).clamp(min=1e-12) for weight in layers]
    )
    return torch.linalg.eigh(rows.t() @ rows).eigenvectors.flip(1).t()
