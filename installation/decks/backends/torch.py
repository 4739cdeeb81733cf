"""torch: the reference every other backend is held against, and the fallback that runs anywhere."""

import numpy as np
import torch

from installation.generators.card import Card
from installation.generators.protocol import Picture
from installation.generators.stylegan2 import Generator
from installation.generators.weights import Tensors
from installation.latent.space import Vector


class Torch:
    """A StyleGAN2 model in torch, on CUDA when there is one. See generators.protocol.Generator."""

    def __init__(self, card: Card, tensors: Tensors, exact: bool = False) -> None:
        arch = card.architecture.built()
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.name, self.space = card.name, card.space()
        self.width = self.height = arch.resolution
        self.backend = f"torch {self._device.type} f32"
        network = Generator(arch)
        network.load_state_dict({k: torch.from_numpy(v) for k, v in tensors.items()}, strict=False)
        self._network = network.eval().requires_grad_(False).to(self._device)

    @torch.inference_mode()
    def draw(self, z: Vector, psi: float, out: Picture) -> bool:
        """See Generator.draw."""
        latent = torch.from_numpy(np.asarray(z, np.float32)[None]).to(self._device)
        rgb = self._network.synthesis(self._network.mapping(latent, psi=psi))
        # Every 16th pixel: the whole picture's check costs more than the picture's copy.
        if not bool(torch.isfinite(rgb[..., ::16, ::16]).all()):
            return False
        levels = (rgb[0] * 127.5 + 128).clamp(0, 255).to(torch.uint8)
        out[..., :3] = levels.permute(1, 2, 0).cpu().numpy()
        out[..., 3] = 255
        return True

    def close(self) -> None:
        """See Generator.close."""
        vars(self).pop("_network", None)
