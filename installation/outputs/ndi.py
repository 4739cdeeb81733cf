"""NDI out, through cyndilib (MIT), whose wheels bring NDI's own library under NDI's licence."""

from fractions import Fraction
from typing import Any

import numpy as np

from installation.errors import DeviceError
from installation.outputs.sink import Picture

RATE = Fraction(60)  # told to receivers; pictures are sent as they come


class NdiSink:
    """One NDI source of this name. Raises DeviceError without cyndilib."""

    def __init__(self, name: str) -> None:
        try:
            from cyndilib.sender import Sender
        except ImportError as error:
            raise DeviceError("NDI: pip install 'installation[ndi]'") from error
        self._make: Any = lambda: Sender(name)
        self._sender: Any = None
        self._size = (0, 0)

    def send(self, picture: Picture, at: float) -> None:
        """Send a picture; returns when NDI has taken it."""
        size = (picture.shape[1], picture.shape[0])
        if size != self._size:
            self._open(size)
        self._sender.write_video(np.ascontiguousarray(picture).reshape(-1))

    def close(self) -> None:
        """Leave the network."""
        sender, self._sender, self._size = self._sender, None, (0, 0)
        if sender:
            sender.close()

    def _open(self, size: tuple[int, int]) -> None:
        from cyndilib.video_frame import VideoSendFrame
        from cyndilib.wrapper.ndi_structs import FourCC

        self.close()
        frame = VideoSendFrame()
        frame.set_resolution(*size)
        frame.set_frame_rate(RATE)
        frame.set_fourcc(FourCC.RGBX)  # the wall has no holes: alpha would only cost
        self._sender = self._make()
        self._sender.set_video_frame(frame)
        self._sender.open()
        self._size = size
