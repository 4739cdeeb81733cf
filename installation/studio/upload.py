"""A picture from outside, opened with suspicion: JPEG only, and its size is looked at first.

The page opens whatever file a person drops, inside the browser's own walls, and sends a small JPEG.
"""

import simplejpeg

from installation.generators.protocol import Picture

LARGEST = 1024  # pixels on a side


def picture_in(jpeg: bytes) -> Picture:
    """The square picture, uint8 (side, side, 3). Raises ValueError in one line."""
    if not simplejpeg.is_jpeg(jpeg):
        raise ValueError("the picture is no JPEG")
    height, width = map(int, simplejpeg.decode_jpeg_header(jpeg)[:2])  # type: ignore[arg-type]
    if height != width or not 16 <= width <= LARGEST or width & (width - 1):
        raise ValueError(f"the picture is {width} x {height}; a square of 2^n up to {LARGEST}")
    return simplejpeg.decode_jpeg(jpeg, "RGB")
