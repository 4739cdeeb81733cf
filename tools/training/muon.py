"""Muon: momentum whose update is made orthogonal (Jordan et al. 2024, "Muon: An optimizer for
hidden layers in neural networks").

For distilling a painter it needed far less work than Adam to reach the same held-out error.
"""

import torch
from torch import Tensor, nn

ITERATIONS = 5
QUINTIC = (3.4445, -4.7750, 2.0315)  # drives singular values to about one within five iterations
NARROWEST = 16  # thinner matrices (picture layers) have too little to make orthogonal


def orthogonal(matrix: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrix, roughly: singular values end within about [0.6, 1.3].

    Newton-Schulz iteration in bfloat16; (rows, columns) in, the same shape out, float32.
    """
    a, b, c = QUINTIC
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = (x / (x.norm() + 1e-12)).bfloat16()
    for _ in range(ITERATIONS):
        gram = x @ x.t()
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return (x.t() if tall else x).float()


class Muon(torch.optim.Optimizer):
    """For weights of two or more dimensions, read as (outputs, everything else).

    The update has root mean square `lr`: right for equalised-learning-rate weights, all N(0, 1).
    """

    def __init__(
        self, parameters: list[nn.Parameter] | list[dict], lr: float, momentum: float = 0.95
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """One Nesterov step on every parameter that has a gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self._update(p, group["lr"], group["momentum"])

    def _update(self, p: Tensor, lr: float, momentum: float) -> None:
        assert p.grad is not None
        state = self.state[p]
        if not state:
            state["momentum"] = torch.zeros_like(p)
        average = state["momentum"]
        average.lerp_(p.grad, 1.0 - momentum)
        matrix = p.grad.lerp(average, momentum).flatten(1)
        size = (p.numel() / min(matrix.shape)) ** 0.5  # an orthogonal matrix has RMS 1 / size
        p.add_(orthogonal(matrix).view(p.shape), alpha=-lr * size)


def split(network: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Parameters for Muon (weight matrices) and for Adam (biases, constants, thin layers)."""
    matrices, rest = [], []
    for name, p in network.named_parameters():
        wide = name.endswith(".weight") and min(p.shape[0], p[0].numel()) >= NARROWEST
        (matrices if wide else rest).append(p)
    return matrices, rest
