"""Spout out, on Windows, through SpoutGL (BSD). Written after its examples and Spout's SDK; it
could not be run where this was written."""

from importlib import import_module
from typing import Any

import numpy as np

from installation.errors import DeviceError
from installation.outputs.sink import Picture

_GL_RGBA = 0x1908


class SpoutSink:
    """One Spout sender of this name. Raises DeviceError without SpoutGL or OpenGL."""

    def __init__(self, name: str) -> None:
        try:
            spout: Any = import_module("SpoutGL")
        except ImportError as error:
            raise DeviceError("Spout: on Windows, pip install 'installation[spout]'") from error
        self._context = _context()
        self._sender: Any = spout.SpoutSender()
        self._sender.setSenderName(name)

    def send(self, picture: Picture, at: float) -> None:
        """Upload and share a picture. Raises DeviceError when Spout does not take it."""
        height, width = picture.shape[:2]
        pixels = np.ascontiguousarray(picture)
        if not self._sender.sendImage(pixels, width, height, _GL_RGBA, False, 0):
            raise DeviceError("Spout: the picture was not taken")

    def close(self) -> None:
        """Take the sender off Spout's list."""
        sender, self._sender = self._sender, None
        if sender:
            sender.releaseSender()
            self._context.release()


def _context() -> Any:
    """Spout shares through OpenGL, which wants a context current on this thread."""
    import moderngl

    try:
        return moderngl.create_context(standalone=True)
    except Exception as error:  # glcontext raises bare Exception
        raise DeviceError(f"Spout: no OpenGL ({error})") from error
