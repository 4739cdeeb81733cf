"""Building a model's TensorRT engine: `python -m installation.decks.engine_builder FOLDER PARENT`,
where FOLDER is the model's and PARENT the process it ends with.

It comes after everything else on the machine (nice 19, the first to go when memory runs out). An
engine is kept only if it paints what the exact network paints. Whatever ends it, a show plays on.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from installation.child import die_with_parent, first_to_go
from installation.decks import engines, hardware
from installation.decks.choosing import installed
from installation.errors import EXIT_FAILED, ModelError
from installation.generators.card import Card, load_card
from installation.generators.graph import FOR_GPU, suited, synthesis_graph
from installation.generators.protocol import Network
from installation.generators.weights import Tensors, load_weights

WORST = 0.01  # standard deviations: what a picture may be off, fp16's own error included
LOOKS = 3  # seeded places that are compared


def build(folder: Path) -> str:
    """Build, compare and keep; a line that says what was made. Raises ModelError, noted as well."""
    card = load_card(folder)
    wanted = engines.key(card)
    with engines.alone():
        if not engines.state(card):
            return "is there already"
        try:
            return _built(card, load_weights(folder, card), wanted)
        except (ModelError, RuntimeError) as error:
            why = str(error).partition("\n")[0]
            engines.refuse(wanted, why)
            raise ModelError(why) from None


def _built(card: Card, tensors: Tensors, wanted: engines.Key) -> str:
    from installation.decks.backends import tensorrt_api
    from installation.decks.backends.tensorrt import TensorRt

    begun, gpu = time.monotonic(), hardware.nvidia()
    arch = card.architecture.built()
    graph = synthesis_graph(tensors, arch, suited(FOR_GPU, arch))
    engine = tensorrt_api.build(tensorrt_api.library(), graph, gpu.capability if gpu else "")
    seconds = time.monotonic() - begun
    error = difference(TensorRt(card, tensors, engine=engine), _exact(card, tensors))
    if not error <= WORST:
        raise ModelError(f"the engine's pictures are {100 * error:.1f} % off; it is not used")
    engines.keep(wanted, engine, error, seconds)
    return f"built in {seconds:.0f} s, at most {100 * error:.2f} % off"


def _exact(card: Card, tensors: Tensors) -> Network:
    """What the engine is held against: f32 on the processor, or torch where that is not there."""
    from installation.decks.loading import play

    return play("openvino" if installed("openvino") else "torch", card, tensors, exact=True)


def difference(network: Network, reference: Network) -> float:
    """The largest difference of their pictures, in standard deviations of the reference's; not a
    number when one of them paints none."""
    out = np.zeros((network.height, network.width, 4), np.uint8)
    pairs = []
    for seed in range(LOOKS):
        place = np.random.default_rng(seed).standard_normal(network.space.z_dim)
        painted = [each.draw(place, 1.0, out) for each in (network, reference)]
        pairs.append((network.probe.copy(), reference.probe.copy()) if all(painted) else None)
    network.close()
    reference.close()
    if None in pairs:
        return float("nan")
    found, wanted = np.array(pairs).swapaxes(0, 1)
    return float(np.abs(found - wanted).max() / wanted.std())


def main(arguments: Sequence[str]) -> int:
    """The child's life: one line on standard output, and whether it worked."""
    folder, parent = Path(arguments[0]), int(arguments[1])
    die_with_parent(parent)
    first_to_go()
    os.nice(19)
    try:
        print(build(folder))
    except Exception as error:
        print(f"{type(error).__name__}: {error}" if not isinstance(error, ModelError) else error)
        return EXIT_FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
