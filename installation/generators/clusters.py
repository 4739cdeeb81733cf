"""Which channels of a layer light up together: clusters.json in a model's folder.

After Broad et al. 2021 (arXiv:2005.12420), section 5, who cluster a layer's activation maps so that
a bend can take the channels of one thing in the picture. `python -m tools.clusters` finds them. The
file is JSON: {"model": the weights' sha256, "layers": {"32": [0, 3, 1, …], …}}, for each layer
the cluster of every channel, from 0.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from installation.control.edit_rows import CLUSTERS
from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.taps import Clusters

FILE = "clusters.json"
MOST_BYTES = 1024 * 1024


def load_clusters(folder: Path, sha256: str, arch: Architecture) -> Clusters:
    """The clusters of the model in `folder` with these weights; none where it has no file.

    Raises ModelError for a file that is of another model or no such file at all."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(MOST_BYTES))
        if told["model"] != sha256:
            raise ModelError(f"{path}: is of other weights; python -m tools.clusters makes it anew")
        return {int(side): _layer(int(side), each, arch) for side, each in told["layers"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path}: {' '.join(str(error).split())[:200]}; delete it") from None


def dump(sha256: str, clusters: Clusters) -> str:
    """A file of these clusters."""
    layers = {str(side): [int(n) for n in each] for side, each in clusters.items()}
    return json.dumps({"model": sha256, "layers": layers}, separators=(",", ":")) + "\n"


def _layer(side: int, told: Any, arch: Architecture) -> np.ndarray:
    if side not in arch.resolutions or len(told) != arch.channels(side):
        raise ValueError(f"layer {side} has {len(told)} channels, the network others")
    if not all(isinstance(n, int) and 0 <= n < CLUSTERS for n in told):
        raise ValueError(f"layer {side}: a cluster is a whole number from 0 to {CLUSTERS - 1}")
    return np.array(told, np.int64)
