"""What paints a contact sheet: the exported graph, as a show plays it, in less memory.

The noise maps are inputs here. As constants OpenVINO adds them to the biases, in the features' full
size: 875 MB for a 1024 px network, which a show has and a conversion may not.
"""

import numpy as np

from installation.decks.backends.openvino import compiled, fastest
from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.card import Card
from installation.generators.graph import Form, noisy_layers, suited, synthesis_graph
from installation.generators.protocol import Picture
from installation.generators.styles import Styles
from installation.generators.weights import Tensors
from installation.latent.space import Vector


class Painter:
    """Calling it with z (z_dim,) and a truncation gives a picture, uint8 RGBA (R, R, 4)."""

    def __init__(self, card: Card, tensors: Tensors) -> None:
        arch = card.architecture.built()
        self._name, self._styling = card.name, Styles(tensors, arch, card.latent.label)
        form = suited(Form(noise=True), arch)
        self._run = compiled(synthesis_graph(tensors, arch, form), fastest(arch), once=True)
        self._given = {"ws": np.zeros((1, arch.num_ws, arch.w_dim), np.float32)}
        if isinstance(arch, Architecture):
            for at, _ in noisy_layers(arch):
                noise = tensors[f"synthesis.{at}.noise_const"]
                self._given[f"noise.{at}"] = noise[None, None]

    def __call__(self, z: Vector, psi: float) -> Picture:
        """Raises ModelError for numbers that are no picture."""
        self._styling.write(z, psi, self._given["ws"])
        picture, probe = self._run(self._given).to_tuple()
        if not np.isfinite(probe).all():
            raise ModelError(f"{self._name}: paints numbers that are no picture")
        return picture[0]
