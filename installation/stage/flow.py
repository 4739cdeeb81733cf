"""What painterly passes need to know of a picture, at a quarter of its size: where its strokes
run, a soft copy of it, and the grain of the canvas it is painted on.

At 160x90 all four programs together cost 0.6 ms on two cores; at full size they would cost 10.
"""

import moderngl
import numpy as np
import numpy.typing as npt

from installation.outputs.readback import Size
from installation.stage.gl import Core, Target

QUARTER = 4
GRAIN_SIDE = 512  # pixels; the grain repeats after that many
GRAIN_HEIGHT = 360  # canvas height at which a grain is one pixel wide


class Flow:
    """Soft copy and stroke direction of a picture, redrawn for every frame that needs them."""

    def __init__(self, core: Core, canvas: Size) -> None:
        names = ("soft", "tensor", "smooth")
        self._soft, self._tensor, self._smooth = (core.program(name) for name in names)
        size = (max(canvas[0] // QUARTER, 1), max(canvas[1] // QUARTER, 1))
        self._targets = [Target(core.context, size) for _ in range(3)]
        self.soft = self._targets[0].texture
        self.direction = self._targets[1].texture

    def draw(self, picture: moderngl.Texture) -> None:
        """Find the flow of `picture`, linear light."""
        soft, flow, spare = self._targets
        self._soft.bind(picture=picture)
        self._soft.set("resolution", soft.size)
        self._soft.fill(soft.framebuffer)
        self._tensor.bind(soft=soft.texture)
        self._tensor.fill(flow.framebuffer)
        self._blur(flow, spare, (1, 0))
        self._blur(spare, flow, (0, 1))

    def release(self) -> None:
        """Give the targets back."""
        for target in self._targets:
            target.release()

    def _blur(self, source: Target, onto: Target, axis: tuple[int, int]) -> None:
        self._smooth.bind(picture=source.texture)
        self._smooth.set("axis", axis)
        self._smooth.fill(onto.framebuffer)


def grain_texture(context: moderngl.Context, canvas: Size) -> moderngl.Texture:
    """`grain` as a repeating texture, its hairs as wide as this canvas wants them."""
    pixels = grain(max(canvas[1] / GRAIN_HEIGHT, 1.0))
    texture = context.texture((GRAIN_SIDE, GRAIN_SIDE), 4, pixels.tobytes())
    texture.repeat_x = texture.repeat_y = True
    return texture


def grain(width: float, seed: int = 7) -> npt.NDArray[np.uint8]:
    """Noise to paint with, uint8 (512, 512, 4), the same for the same arguments.

    Red is band-limited noise whose grains are `width` pixels wide, green and blue its slope in x
    and y, alpha white noise; all lie around the middle of the range and wrap at the borders."""
    random = np.random.default_rng(seed)
    height = _band(random.standard_normal((GRAIN_SIDE, GRAIN_SIDE)), width)
    slope_x = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    slope_y = np.roll(height, -1, 0) - np.roll(height, 1, 0)
    white = random.random((GRAIN_SIDE, GRAIN_SIDE))
    planes = [_bytes(height), _bytes(slope_x), _bytes(slope_y), (white * 255).astype(np.uint8)]
    return np.ascontiguousarray(np.stack(planes, axis=-1))


def _band(noise: npt.NDArray[np.float64], width: float) -> npt.NDArray[np.float64]:
    """`noise` without what is finer than `width` or coarser than eight of it."""
    frequency = np.fft.fftfreq(GRAIN_SIDE)
    radius2 = (frequency[:, None] ** 2 + frequency[None, :] ** 2) * width**2
    keep = np.exp(-radius2 * 6.0) - np.exp(-radius2 * 6.0 * 64)
    return np.real(np.fft.ifft2(np.fft.fft2(noise) * keep))


def _bytes(plane: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    scaled = plane / (3.0 * plane.std()) * 127.5 + 127.5  # three deviations fill the range
    return np.clip(np.round(scaled), 0, 255).astype(np.uint8)
