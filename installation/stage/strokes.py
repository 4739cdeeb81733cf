"""Brush strokes as noise: one repeating sheet for each of twelve directions.

A line integral convolution (Cabral and Leedom 1993) draws strokes along any flow, but wants some
ten fetches a pixel. Noise stretched beforehand along a few directions, and mixed between the two
nearest, wants two and lets strokes be as long as one likes: the finish takes 8 ms instead of 13 at
640x360 in software.
"""

import moderngl
import numpy as np
import numpy.typing as npt

from installation.outputs.readback import Size

SIDE = 256  # texels; a sheet repeats after that many
DIRECTIONS = 12  # over half a turn; 8 show as facets in round clouds
BASE_HEIGHT = 360  # canvas height at which a texel is a pixel
LAMP = (-0.5, -0.87)  # where the raking light comes from: upper left

Plane = npt.NDArray[np.float64]


def unit(canvas: Size) -> float:
    """Canvas pixels a texel: strokes grow with the square root of the canvas, so that a larger
    wall shows both broader and finer work."""
    return max((canvas[1] / BASE_HEIGHT) ** 0.5, 1.0)


def stroke_texture(context: moderngl.Context) -> moderngl.TextureArray:
    """`sheets` as a repeating texture array."""
    texture = context.texture_array((SIDE, SIDE, DIRECTIONS), 4, sheets().tobytes())
    texture.repeat_x = texture.repeat_y = True
    return texture


def filter_strokes(texture: moderngl.TextureArray, canvas: Size) -> None:
    """Make ready for a canvas. One texel a pixel needs no filter; software pays double for one."""
    near = moderngl.NEAREST if unit(canvas) == 1.0 else moderngl.LINEAR
    texture.filter = (near, near)


def sheets(seed: int = 7) -> npt.NDArray[np.uint8]:
    """uint8 (direction, y, x, 4), always the same for a seed; the middle of the range is nothing.

    Red is the height of the hairs, green its slope towards LAMP, blue broad dabs, alpha white
    noise. Directions are even in the diamond angle of twice their angle (see `directions`). All
    sheets stretch the same noise, so that neighbours agree where they are mixed."""
    random = np.random.default_rng(seed)
    hairs, dabs = (np.fft.fft2(random.standard_normal((SIDE, SIDE))) for _ in range(2))
    white = random.random((SIDE, SIDE)) * 255
    return np.stack([_sheet(hairs, dabs, white, angle) for angle in directions()])


def directions() -> Plane:
    """The angles of the sheets, radians over half a turn, y downwards.

    The diamond angle of a vector (x, y) is 1 - x / (|x| + |y|), or 3 + x / (|x| + |y|) where y is
    negative: it goes once round from 0 to 4 without any trigonometry, which a shader is glad of."""
    turn = np.arange(DIRECTIONS) * 4.0 / DIRECTIONS
    x = np.where(turn <= 2.0, 1.0 - turn, turn - 3.0)
    y = np.where(turn <= 2.0, 1.0, -1.0) * (1.0 - np.abs(x))
    return np.arctan2(y, x) % (2.0 * np.pi) / 2.0


def _sheet(hairs: npt.NDArray, dabs: npt.NDArray, white: Plane, angle: float) -> npt.NDArray:
    fy, fx = np.meshgrid(*[np.fft.fftfreq(SIDE)] * 2, indexing="ij")
    along = fx * np.cos(angle) + fy * np.sin(angle)
    across = fy * np.cos(angle) - fx * np.sin(angle)
    height = hairs * _band(along, 34.0) * _band(across, 1.7) / np.sqrt(np.abs(across) + 0.02)
    slope = height * 2j * np.pi * (fx * LAMP[0] + fy * LAMP[1])
    broad = dabs * _band(along, 60.0) * _band(across, 10.0)
    planes = [_bytes(_back(plane)) for plane in (height, slope, broad)]
    return np.stack([*planes, white.astype(np.uint8)], axis=-1)


def _band(frequency: Plane, width: float) -> Plane:
    """What is left of noise smoothed over `width` pixels."""
    return np.exp(-0.5 * (2.0 * np.pi * frequency * width / 2.355) ** 2)


def _back(spectrum: npt.NDArray) -> Plane:
    return np.real(np.fft.ifft2(spectrum))


def _bytes(plane: Plane) -> npt.NDArray[np.uint8]:
    """Three deviations fill the range."""
    return np.clip(np.round(plane / plane.std() / 3.0 * 127.0 + 127.5), 0, 255).astype(np.uint8)
