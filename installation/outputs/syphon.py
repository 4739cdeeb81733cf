"""Syphon out, on macOS, through syphon-python (MIT). Written after its documentation; it could not
be run where this was written."""

from importlib import import_module
from typing import Any

import numpy as np

from installation.errors import DeviceError
from installation.outputs.sink import Picture


class SyphonSink:
    """One Syphon server of this name. Raises DeviceError without syphon-python."""

    def __init__(self, name: str) -> None:
        try:
            syphon: Any = import_module("syphon")
        except ImportError as error:
            raise DeviceError("Syphon: on macOS, pip install 'installation[syphon]'") from error
        self._numpy: Any = import_module("syphon.utils.numpy")
        self._raw: Any = import_module("syphon.utils.raw")
        self._server: Any = syphon.SyphonMetalServer(name)
        self._texture: Any = None
        self._shape: tuple[int, ...] = ()

    def send(self, picture: Picture, at: float) -> None:
        """Upload and share a picture."""
        if picture.shape != self._shape:
            height, width = picture.shape[:2]
            self._texture = self._raw.create_mtl_texture(self._server.device, width, height)
            self._shape = picture.shape
        self._numpy.copy_image_to_mtl_texture(np.ascontiguousarray(picture), self._texture)
        self._server.publish_frame_texture(self._texture)

    def close(self) -> None:
        """Take the server off Syphon's list."""
        server, self._server = self._server, None
        if server:
            server.stop()
