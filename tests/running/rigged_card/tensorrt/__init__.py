"""A TensorRT that any process can import, as quickly as a show starts: `whole` has all but its
version, which a file says."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = (Path(os.environ["RIGGED_CARD"]) / "version").read_text()


def __getattr__(name: str) -> Any:
    return getattr(import_module("tensorrt.whole").LIBRARY, name)
