import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tools.figures import load_model
from tools.measure import main, measure, table
from tools.measuring.axes import axes, followed
from tools.measuring.features import RandomFeatures, extract, inception
from tools.measuring.scores import frechet, kernel_distance, nearest, precision_recall
from tools.paint import PAINTERS

ROOT = Path(__file__).parents[2]


def clouds(count: int = 300, seed: int = 0) -> tuple[Tensor, Tensor]:
    source = torch.Generator().manual_seed(seed)
    a, b = torch.randn(2, count, 8, generator=source, dtype=torch.float64)
    return a, b


def test_equal_clouds_are_at_no_distance_and_moved_ones_are() -> None:
    a, b = clouds()
    for distance in (frechet, kernel_distance):
        assert abs(distance(a, b)) < 0.2 * distance(a + 1.0, b)
    # Two Gaussians with the same spread, one unit apart in eight dimensions.
    assert frechet(a + 1.0, b) == pytest.approx(8.0, rel=0.2)


def test_a_collapsed_model_is_precise_and_recalls_nothing() -> None:
    a, b = clouds()
    precision, recall = precision_recall(a, b)
    assert precision > 0.8
    assert recall > 0.8
    precision, recall = precision_recall(b.mean(0) + 0.05 * a, b)
    assert precision > 0.9
    assert recall < 0.1
    precision, _ = precision_recall(4.0 * a, b)
    assert precision < 0.5


def test_a_copyist_is_found_out() -> None:
    known, real = clouds()
    assert nearest(known[:100] + 1e-3, real, known) < 0.05
    fresh, _ = clouds(seed=1)
    assert nearest(fresh, real, known) == pytest.approx(1.0, abs=0.15)


def test_random_features_are_the_same_every_time_and_see_blur() -> None:
    pictures = torch.rand(8, 3, 64, 64) * 2 - 1
    first, again = extract(RandomFeatures(), pictures), extract(RandomFeatures(), pictures)
    assert first.shape == (8, 256)
    assert torch.equal(first, again)
    blurred = nn.functional.avg_pool2d(pictures, 3, 1, 1)
    assert (extract(RandomFeatures(), blurred) - first).abs().mean() > 0.1


class Mean(nn.Module):
    def forward(self, x: Tensor, return_features: bool) -> Tensor:
        return x.float().mean([2, 3])


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_true_fid_comes_with_the_users_weights(tmp_path: Path) -> None:
    torch.jit.script(Mean()).save(tmp_path / "inception.pt")
    features = inception(tmp_path / "inception.pt")
    pictures = torch.rand(60, 3, 32, 32) * 2 - 1
    fake, real, other = pictures.split(20)
    figures = {f.name: f for f in measure(fake, real, other, real, features)}
    assert set(figures) == {"swd_32", "rkid", "precision", "recall", "nearest", "fid"}
    assert figures["fid"].floor >= 0
    assert figures["nearest"].floor == 1.0
    assert "recall" in table(list(figures.values()))


def test_an_axis_is_followed_as_far_as_the_change_goes_its_way() -> None:
    wanted = torch.randn(2, 3, 8, 8)
    assert followed(wanted, wanted) == pytest.approx(1.0)
    assert followed(wanted, 0.5 * wanted) == pytest.approx(0.5)
    assert abs(followed(wanted, torch.randn(2, 3, 8, 8))) < 0.3


def test_the_sea_steers_by_what_it_says() -> None:
    torch.set_num_threads(1)
    sea = load_model(ROOT / "models" / "waves")
    shares = axes(sea, PAINTERS["waves"], 2, ("moon", "hour", "swell_long_cos"))
    assert list(shares) == ["moon", "hour", "swell_long_cos"]
    assert min(shares.values()) > 0.5


def test_the_command_measures_a_house_model(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    main([str(ROOT / "models" / "waves"), "--side", "64", "--count", "16", "--json", str(file)])
    told = json.loads(file.read_text())
    assert told["count"] == 16
    assert {"swd_64", "rkid", "recall"} <= {figure["name"] for figure in told["figures"]}
    assert "swd_128" not in str(told)
    with pytest.raises(SystemExit, match="16 pictures"):
        main([str(ROOT / "models" / "waves"), "--count", "3"])
