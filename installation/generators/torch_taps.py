"""Bends, bands and the x-ray in torch: what the exported graph is checked against."""

import torch
from torch import Tensor
from torch.nn import functional as F

from installation.generators.architecture3 import AnyArchitecture
from installation.generators.bends import STEP, base_grid, noise_map
from installation.generators.taps import Inputs, Taps
from installation.generators.xray import COLD, GROUND, WARM, Sheet


class TorchTaps:
    """The taps of one picture, with their numbers. See stylegan2.Tapped."""

    def __init__(
        self,
        taps: Taps,
        inputs: Inputs,
        arch: AnyArchitecture,
        wide: int = 1,
        device: torch.device | str = "cpu",
    ) -> None:
        """`inputs` are those that `taps` names."""
        self.wide, self._taps, self._arch = wide, taps, arch
        self._inputs = {k: torch.from_numpy(v).to(device) for k, v in inputs.items()}
        self._seen: Tensor | None = None

    def band(self, side: int) -> Tensor | None:
        """See Tapped."""
        if self._taps.regions == 1:
            return None
        lengths = [self._taps.length(s, self.wide) for s in self._arch.resolutions]
        parts = self._inputs["bands"].split(lengths, 1)
        part = parts[self._arch.resolutions.index(side)]
        return part[:, :, None] if self._taps.rows else part[:, None, :]

    def after(self, x: Tensor, side: int) -> Tensor:
        """See Tapped."""
        for place, (operation, at) in enumerate(self._taps.bends):
            if at == side:
                x = getattr(self, f"_{operation}")(x, f"bend{place}")
        if self._taps.xray == side:
            margin = (x.shape[2] - side) // 2
            self._seen = x[..., margin : margin + side, margin : margin + side * self.wide]
        return x

    def over(self, picture: Tensor) -> Tensor:
        """See Tapped."""
        if self._seen is None:
            return picture
        return picture + self._inputs["xray"] * (self._sheet(self._seen) - picture)

    def _affine(self, x: Tensor, name: str) -> Tensor:
        gain, offset = self._inputs[name][:, None, :, None, None]
        return x * gain + offset

    def _threshold(self, x: Tensor, name: str) -> Tensor:
        return x + self._row(name) * ((x * STEP).clamp(0, 1) - x)

    def _noise(self, x: Tensor, name: str) -> Tensor:
        return x + self._row(name) * torch.from_numpy(noise_map(*x.shape[2:])).to(x.device)

    def _warp(self, x: Tensor, name: str) -> Tensor:
        height, width = x.shape[2:]
        base = torch.from_numpy(base_grid(height, width)).to(x.device)
        grid = (base @ self._inputs[f"{name}_warp"])[None]
        return F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)

    def _warp_some(self, x: Tensor, name: str) -> Tensor:
        return x + self._row(name) * (self._warp(x, name) - x)

    def _row(self, name: str) -> Tensor:
        return self._inputs[name][0][None, :, None, None]

    def _sheet(self, x: Tensor) -> Tensor:
        """See generators.xray."""
        resolution = self._arch.resolution
        sheet = Sheet(x.shape[1], self._taps.xray, resolution, self.wide)
        x = F.avg_pool2d(x, sheet.pooled)
        power = x.square().mean((2, 3), keepdim=True)
        x = (x / (power.sqrt() + power.mean(1, keepdim=True).sqrt() + 1e-8)).tanh()
        x = x.permute(0, 2, 3, 1).flatten()[torch.from_numpy(sheet.taken).to(x.device)]
        frames = torch.from_numpy(sheet.frames).to(x.device)
        x = x.reshape(frames.shape) * frames
        ground, warm, cold = (_channels(c).to(x.device) for c in (GROUND, WARM, COLD))
        return ground + x.relu() * (warm - ground) + (-x).relu() * (cold - ground)


def _channels(colour: object) -> Tensor:
    return torch.as_tensor(colour).view(1, 3, 1, 1)
