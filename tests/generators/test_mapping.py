import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from installation.generators.architecture import Architecture
from installation.generators.mapping import Mapping
from installation.generators.stylegan2 import MappingNetwork
from tests.small_models import TINY, random_tensors

PUBLIC = Architecture(z_dim=16, w_dim=24, resolution=8, mapping_layers=8)


def latent(seed: int, arch: Architecture) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(arch.z_dim)


def network(arch: Architecture) -> MappingNetwork:
    mapping = MappingNetwork(arch)
    tensors = random_tensors(arch).items()
    own = {name[8:]: torch.from_numpy(a) for name, a in tensors if name.startswith("mapping.")}
    mapping.load_state_dict(own)
    return mapping


@pytest.mark.parametrize("arch", [TINY, PUBLIC])
def test_it_is_the_torch_networks_mapping(arch: Architecture):
    ours, theirs = Mapping(random_tensors(arch), arch), network(arch)
    for seed in range(20):
        for psi in (1.0, 0.5, 0.0, 1.3):
            z = latent(seed, arch)
            expected = theirs(torch.from_numpy(z[None]).float(), psi)[0, 0].detach().numpy()
            assert ours(z, psi) == pytest.approx(expected, rel=1e-4, abs=1e-5)


@given(st.integers(0, 2**32 - 1))
def test_without_truncation_left_every_z_is_the_average(seed: int):
    mapping = Mapping(random_tensors(TINY), TINY)
    assert mapping(latent(seed, TINY), psi=0.0) == pytest.approx(mapping.average, abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.floats(1e-1, 1e3))
def test_only_the_direction_of_z_matters(seed: int, scale: float):
    mapping, z = Mapping(random_tensors(TINY), TINY), latent(seed, TINY)
    assert mapping(z * scale) == pytest.approx(mapping(z), rel=1e-3, abs=1e-4)


def test_it_gives_float32_of_the_right_length():
    w = Mapping(random_tensors(TINY), TINY)(latent(0, TINY))
    assert (w.dtype, w.shape) == (np.float32, (TINY.w_dim,))
