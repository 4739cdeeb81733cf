"""What a checkpoint's reader hands on: tensors by their public names, and the facts about them."""

from dataclasses import dataclass, field
from typing import Any

from tools.conversion.trees import Array


@dataclass(slots=True)
class Found:
    """A generator taken from a file. `architecture` has the keys of a card's architecture."""

    format: str
    tensors: dict[str, Array]
    architecture: dict[str, Any]
    note: str = ""
    average: bool = field(default=True)  # False: w_avg is not in the file and has to be measured
