"""torch: the reference every other backend is held against, and the fallback that runs anywhere."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from installation.generators import stylegan2, stylegan3
from installation.generators.anatomy import Anatomy
from installation.generators.architecture3 import Architecture3
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph_ends import PROBE_STEP
from installation.generators.protocol import Picture
from installation.generators.styles import Edit, Styles
from installation.generators.taps import WHOLE, Taps, Variant
from installation.generators.torch_taps import TorchTaps
from installation.generators.weights import Tensors
from installation.latent.space import Vector


class Torch:
    """A StyleGAN2 or 3 in torch, on CUDA when there is one. See generators.protocol.Network."""

    why = ""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        exact: bool = False,
        directions: Sequence[Direction] = (),
        variant: Variant = WHOLE,
    ) -> None:
        arch = card.architecture.built()
        self._taps: TorchTaps | None = None
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.name, self.space = card.name, card.space()
        self.width, self.height = arch.resolution * variant.wide, arch.resolution
        self.backend, self.precision = f"torch {self._device.type} f32", "f32"
        three = isinstance(arch, Architecture3)
        network = stylegan3.Generator(arch) if three else stylegan2.Generator(arch)
        network.load_state_dict({k: torch.from_numpy(v) for k, v in tensors.items()}, strict=False)
        self._network = network.eval().requires_grad_(False).to(self._device)
        self.styling = Styles(tensors, arch, card.latent.label, directions)
        self.directions = self.styling.directions
        self._shape = arch.num_ws, arch.w_dim
        self.taps: Taps | None = None
        self._anatomy = Anatomy(arch, variant)

    def styles(self, z: Vector) -> Vector:
        """See Generator.styles."""
        return self.styling.of(z)

    @torch.inference_mode()
    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        """See Generator.draw."""
        places = edit.bands.count if edit and edit.bands else 1
        given = np.zeros((places, *self._shape), np.float32)
        self.styling.write(place, psi, given, edit)
        self._ws = torch.from_numpy(given).to(self._device)
        self._taps = self._tapped(edit)
        self.run()
        # Every 16th pixel: the whole picture's check costs more than the picture's copy.
        if not np.isfinite(self.probe).all():
            return False
        levels = (self._rgb[0] * 127.5 + 128).clamp(0, 255).to(torch.uint8)
        out[..., :3] = levels.permute(1, 2, 0).cpu().numpy()
        out[..., 3] = 255
        return True

    @torch.inference_mode()
    def run(self) -> None:
        """See Network.run."""
        taps = {"taps": self._taps} if self._taps else {}
        self._rgb = self._network.synthesis(self._ws, **taps)

    def _tapped(self, edit: Edit | None) -> TorchTaps | None:
        anatomy = self._anatomy
        if edit is None and anatomy.wide == 1:
            return None
        taps = anatomy.taps(edit)
        inputs = {
            k: np.zeros(s, np.float32) for k, s in taps.inputs(anatomy.arch, anatomy.wide).items()
        }
        if edit:
            anatomy.fill(edit, inputs)
        return TorchTaps(taps, inputs, anatomy.arch, anatomy.wide, self._device)

    @property
    def probe(self) -> npt.NDArray[np.float32]:
        """See Network.probe."""
        return self._rgb[..., ::PROBE_STEP, ::PROBE_STEP].cpu().numpy()

    def close(self) -> None:
        """See Generator.close."""
        vars(self).pop("_network", None)
