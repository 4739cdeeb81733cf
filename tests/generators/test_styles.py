"""What the styles become under an edit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.errors import PlaceError
from installation.generators.architecture import Architecture
from installation.generators.directions import Direction
from installation.generators.mapping import Mapping
from installation.generators.styles import Edit, Styles
from tests.small_models import random_tensors

ARCH = Architecture(
    z_dim=12, w_dim=10, resolution=64, channel_base=256, channel_max=8, mapping_layers=2
)  # ten layers: four coarse, four middle, two fine
TENSORS = random_tensors(ARCH)
RNG = np.random.default_rng(1)
IN_W = Direction("w", "w", RNG.standard_normal(10).astype("f4"), (-1, 1), (2, 8))
IN_Z = Direction("z", "z", RNG.standard_normal(12).astype("f4"), (-1, 1))
STYLES = Styles(TENSORS, ARCH, directions=[IN_W, IN_Z])
MAPPING = Mapping(TENSORS, ARCH)
seeds = st.integers(0, 2**32 - 1)
parts = st.floats(0, 1)


def latent(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(12)


def styled(place: np.ndarray, psi: float = 1.0, edit: Edit | None = None) -> np.ndarray:
    ws = np.full((1, 10, 10), 99.0, np.float32)
    STYLES.write(place, psi, ws, edit)
    return ws[0]


@given(seeds, st.floats(0, 1.3))
def test_w_of_a_place_paints_what_its_z_does(seed: int, psi: float):
    z = latent(seed)
    assert styled(z, psi)[3] == pytest.approx(MAPPING(z, psi), abs=1e-4)
    assert styled(STYLES.of(z), psi) == pytest.approx(styled(z, psi), abs=1e-4)


@given(seeds, st.floats(0, 1.3))
def test_an_edit_of_nothing_is_no_edit(seed: int, psi: float):
    nothing = Edit(amounts=np.zeros(2), partner=latent(5))
    assert styled(latent(seed), psi, nothing) == pytest.approx(styled(latent(seed), psi), abs=1e-4)


@given(seeds, st.floats(-1, 1), parts, parts, parts)
def test_a_direction_in_w_reaches_its_layers_as_far_as_the_zones_let_it(
    seed: int, amount: float, coarse: float, middle: float, fine: float
):
    edit = Edit(np.array([amount, 0.0]), (coarse, middle, fine))
    moved = styled(latent(seed), 0.7, edit) - styled(latent(seed), 0.7)
    reach = [0, 0, coarse, coarse, middle, middle, middle, middle, fine, 0]
    assert moved == pytest.approx(amount * np.outer(reach, IN_W.vector), abs=1e-4)


@given(seeds, st.floats(-1, 1))
def test_a_direction_in_z_acts_before_the_norm(seed: int, amount: float):
    z = latent(seed)
    edited = styled(z, 1.0, Edit(np.array([0.0, amount]), (0.0, 0.0, 0.0)))
    assert edited[0] == pytest.approx(MAPPING(z + amount * IN_Z.vector), abs=1e-4)


@given(seeds, seeds, parts)
def test_a_mix_takes_the_partners_styles_where_it_may(first: int, second: int, mix: float):
    ours, theirs = styled(latent(first), 0.7), styled(latent(second), 0.7)
    edit = Edit(mix=mix, mix_zones=(1.0, 0.0, 0.5), partner=latent(second))
    mixed = styled(latent(first), 0.7, edit)
    assert mixed[:4] == pytest.approx(ours[:4] + mix * (theirs - ours)[:4], abs=1e-4)
    assert mixed[4:8] == pytest.approx(ours[4:8])
    assert mixed[8:] == pytest.approx(ours[8:] + 0.5 * mix * (theirs - ours)[8:], abs=1e-4)


@given(seeds, seeds, parts)
def test_truncation_draws_towards_any_centre(seed: int, centre: int, psi: float):
    middle = STYLES.of(latent(centre))
    drawn = styled(latent(seed), psi, Edit(centre=middle))
    free = STYLES.of(latent(seed))
    assert drawn == pytest.approx(middle + psi * (free - middle), abs=1e-4)


def test_w_of_another_network_is_refused():
    with pytest.raises(PlaceError, match=r"\(3, 10\)"):
        styled(np.ones((3, 10)))
