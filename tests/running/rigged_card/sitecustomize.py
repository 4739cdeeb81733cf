"""Read by every Python that has this folder on its path, before anything else: the machine has an
NVIDIA card, so far as anybody asks, and the folder beside holds a TensorRT for it."""

import sys

from installation.decks import choosing, hardware


def _card() -> hardware.Gpu:
    """Asked for before an engine is played: then the processor takes the card's place."""
    if on_card := sys.modules.get("installation.decks.backends.on_card"):
        from tests.fake_tensorrt import HostDevice

        on_card.Cuda = HostDevice
    return hardware.Gpu("Faked", "8.9")


hardware.nvidia = _card
choosing._torch_sees_it = choosing._onnxruntime_sees_it = lambda: False
