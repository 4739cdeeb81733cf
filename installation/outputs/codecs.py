"""How films are coded: live, where the show needs the processor, and at leisure for `render`.

Colours are BT.709's and marked so in the file. Without that a player takes an HD film for BT.709
and a small one for BT.601, and greens and reds come out otherwise than on the wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoder, its pixels, and the options it takes live and at leisure."""

    encoder: str
    pixels: str
    suffix: str
    live: Mapping[str, str]
    slow: Mapping[str, str]


CODECS = {
    "h264": Codec(
        "libx264",
        "yuv420p",
        ".mp4",
        {"preset": "superfast", "tune": "zerolatency", "crf": "18"},
        {"preset": "medium", "crf": "16"},  # no difference to the eye on slow gradients
    ),
    "hevc": Codec(
        "libx265",
        "yuv420p",
        ".mp4",
        {"preset": "ultrafast", "tune": "zerolatency", "crf": "20", "x265-params": "log-level=0"},
        {"preset": "medium", "crf": "18", "x265-params": "log-level=0"},
    ),
    "prores": Codec("prores", "yuv422p10le", ".mov", {"profile": "2"}, {"profile": "3"}),
}
SUFFIXES = tuple(dict.fromkeys(codec.suffix for codec in CODECS.values()))


def add_stream(
    container: Any, codec: Codec, size: tuple[int, int], options: Mapping[str, str], **more: Any
) -> VideoStream:
    """A video stream of `size`, width and height, in an open file."""
    stream = container.add_stream(codec.encoder, options=dict(options), **more)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = codec.pixels
    context = stream.codec_context
    context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return stream


def frame_of(picture: npt.NDArray[np.uint8], codec: Codec) -> av.VideoFrame:
    """A picture, uint8 (height, width, 3 or 4), sRGB, as its encoder takes it."""
    layout = "rgba" if picture.shape[2] == 4 else "rgb24"
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), layout)
    return frame.reformat(format=codec.pixels, dst_colorspace=Colorspace.ITU709)
