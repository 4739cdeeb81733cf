"""What an adversarial run asks for beyond the losses that both objectives share."""

import math

import torch
from torch import Tensor


def path_lengths(pictures: Tensor, ws: Tensor, source: torch.Generator) -> Tensor:
    """How far a random picture-space direction moves per unit of w, one number a picture (B,):
    the length of the Jacobian's product with normal noise (Karras et al. 2020, arXiv:1912.04958,
    section 3.2). `ws` (B, layers, W) is what `pictures` (B, 3, H, W) were painted from."""
    side = math.sqrt(pictures.shape[2] * pictures.shape[3])
    noise = torch.randn(pictures.shape, generator=source, device=source.device) / side
    (slope,) = torch.autograd.grad((pictures * noise).sum(), ws, create_graph=True)
    return slope.square().sum(2).mean(1).sqrt()
