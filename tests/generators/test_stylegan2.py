import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from reference_stylegan2 import mapping, synthesis

from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator, noise_maps, upsample

TINY = Architecture(
    z_dim=12,
    w_dim=10,
    resolution=16,
    channel_base=96,
    channel_max=8,
    mapping_layers=3,
    mapping_lr_multiplier=0.3,
)


def lively(arch: Architecture, seed: int = 0) -> Generator:
    """A generator in which no parameter is at its neutral initial value."""
    torch.manual_seed(seed)
    generator = Generator(arch).eval()
    with torch.no_grad():
        for name, p in generator.named_parameters():
            if name.endswith(("bias", "noise_strength")):
                p.add_(0.3 * torch.randn_like(p))
        generator.mapping.w_avg.normal_()
    return generator


def tensors(generator: Generator) -> dict[str, np.ndarray]:
    return {name: t.double().numpy() for name, t in generator.state_dict().items()}


def assert_close(ours: torch.Tensor, wanted: np.ndarray) -> None:
    """Within 1e-4 of the deviation of the wanted values."""
    assert np.abs(ours.detach().numpy() - wanted).max() < 1e-4 * wanted.std()


@pytest.mark.parametrize("psi", [1.0, 0.6])
def test_mapping_is_the_papers(psi: float) -> None:
    generator = lively(TINY)
    z = torch.randn(3, TINY.z_dim) * 5
    ws = generator.mapping(z, psi)
    assert ws.shape == (3, TINY.num_ws, TINY.w_dim)
    t = tensors(generator)
    for ours, one in zip(ws, z.double().numpy(), strict=True):
        assert_close(ours, np.tile(mapping(t, one, 3, 0.3, psi), (TINY.num_ws, 1)))


@pytest.mark.parametrize("clamp", [None, 0.7])
def test_synthesis_is_the_papers(clamp: float | None) -> None:
    arch = Architecture(**{**{f: getattr(TINY, f) for f in TINY.__slots__}, "conv_clamp": clamp})
    generator = lively(arch)
    ws = torch.randn(2, arch.num_ws, arch.w_dim)  # a different style for every layer
    pictures = generator.synthesis(ws)
    for ours, w in zip(pictures, ws.double().numpy(), strict=True):
        assert_close(ours, synthesis(tensors(generator), w, arch.resolutions, clamp or np.inf))


def test_tensors_have_their_public_names() -> None:
    arch = Architecture(z_dim=4, w_dim=4, resolution=8, channel_base=32, mapping_layers=1)
    style = ["weight", "bias", "affine.weight", "affine.bias"]
    filtered = [*style, "noise_const", "noise_strength", "resample_filter"]
    names = {"mapping.fc0.weight", "mapping.fc0.bias", "mapping.w_avg", "synthesis.b4.const"}
    names |= {f"synthesis.b{r}.resample_filter" for r in (4, 8)}
    for layer in ("b4.conv1", "b8.conv0", "b8.conv1"):
        names |= {f"synthesis.{layer}.{part}" for part in filtered}
    for layer in ("b4.torgb", "b8.torgb"):
        names |= {f"synthesis.{layer}.{part}" for part in style}
    assert set(Generator(arch).state_dict()) == names


@pytest.mark.parametrize(("name", "shape"), [
    ("mapping.fc0.weight", (512, 512)),
    ("synthesis.b4.const", (512, 4, 4)),
    ("synthesis.b64.conv0.weight", (512, 512, 3, 3)),
    ("synthesis.b128.conv0.affine.weight", (512, 512)),
    ("synthesis.b128.conv1.noise_const", (128, 128)),
    ("synthesis.b128.torgb.weight", (3, 256, 1, 1)),
])  # fmt: skip
def test_default_sizes_are_those_of_public_models(name: str, shape: tuple[int, ...]) -> None:
    with torch.device("meta"):
        generator = Generator(Architecture(resolution=128))
    assert generator.state_dict()[name].shape == shape


def test_a_batch_is_its_pictures_one_by_one() -> None:
    generator = lively(TINY)
    z = torch.randn(5, TINY.z_dim)
    together = generator(z, psi=0.7)
    apart = torch.cat([generator(one[None], psi=0.7) for one in z])
    torch.testing.assert_close(together, apart, atol=1e-5, rtol=1e-5)


def test_stopping_early_gives_the_smaller_generators_picture() -> None:
    generator = lively(TINY)
    ws = torch.randn(2, TINY.num_ws, TINY.w_dim)
    small = generator.synthesis(ws, upto=8)
    assert small.shape == (2, 3, 8, 8)
    whole = generator.synthesis(ws)
    assert whole.shape == (2, 3, 16, 16)
    torch.nn.init.zeros_(generator.synthesis.get_parameter("b16.torgb.weight"))
    torch.nn.init.zeros_(generator.synthesis.get_parameter("b16.torgb.bias"))
    filter_ = generator.synthesis.get_buffer("b16.resample_filter")
    torch.testing.assert_close(generator.synthesis(ws), upsample(small, filter_))


def test_noise_is_what_was_asked_for() -> None:
    generator = lively(TINY)
    ws = torch.randn(1, TINY.num_ws, TINY.w_dim)
    const = generator.synthesis(ws, noise="const")
    assert torch.equal(generator.synthesis(ws), const)
    none = generator.synthesis(ws, noise="none")
    seeded = generator.synthesis(ws, noise=noise_maps(TINY, 3))
    assert torch.equal(seeded, generator.synthesis(ws, noise=noise_maps(TINY, 3)))
    assert min((const - none).abs().max(), (const - seeded).abs().max()) > 1e-3
    silent = [torch.zeros_like(m) for m in noise_maps(TINY, 3)]
    torch.testing.assert_close(generator.synthesis(ws, noise=silent), none)
    with pytest.raises(ValueError, match="noise maps for 5 layers"):
        generator.synthesis(ws, noise=silent[1:])


def test_enlarging_a_picture_keeps_its_middle_flat() -> None:
    flat = torch.full((1, 3, 8, 8), 0.5)
    large = upsample(flat, Generator(TINY).synthesis.get_buffer("b16.resample_filter"))
    torch.testing.assert_close(large[..., 2:-2, 2:-2], torch.full((1, 3, 12, 12), 0.5))


@given(st.integers(2, 10), st.integers(16, 65536), st.integers(1, 512))
def test_architecture_counts(power: int, base: int, most: int) -> None:
    side = 2**power
    if base < side:
        with pytest.raises(ModelError, match="empty layer"):
            Architecture(resolution=side, channel_base=base, channel_max=most)
        return
    arch = Architecture(resolution=side, channel_base=base, channel_max=most)
    assert arch.resolutions[0] == 4
    assert arch.resolutions[-1] == side
    assert arch.num_ws == 2 * power - 2
    channels = [arch.channels(r) for r in arch.resolutions]
    assert channels == sorted(channels, reverse=True)
    assert channels[0] <= most


@pytest.mark.parametrize("side", [0, 2, 3, 100, -4])
def test_architecture_refuses_other_sides(side: int) -> None:
    with pytest.raises(ModelError, match=f"resolution {side}"):
        Architecture(resolution=side)


def test_architecture_needs_no_torch() -> None:
    code = (
        "import sys, installation.generators.architecture;"
        "sys.exit(bool({'torch', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
