import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from installation.generators.stylegan2 import binomial_filter, upsample
from tools.paint import PAINTERS
from tools.paint.dataset import Description, grow
from tools.train import main
from tools.training import checkpoints, metrics
from tools.training.attention import attention
from tools.training.data import HELD_OUT, Pairs, to_float, to_uint8
from tools.training.discriminator import Discriminator
from tools.training.distil import architecture
from tools.training.loop import seconds_until
from tools.training.losses import reconstruction
from tools.training.muon import Muon, orthogonal, split
from tools.training.origin import begin_from
from tools.training.schedule import Plan, progressive
from tools.training.snapshots import great_circle
from tools.training.trainer import Trainer

ROOT = Path(__file__).parents[2]
PLAN = progressive(256)


@pytest.fixture(scope="session")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 seas of 32 pixels."""
    folder = tmp_path_factory.mktemp("painted")
    list(grow(folder, 160, Description(size=32, seed=0), threads=2))
    return folder


def fresh(painted: Path, finish: float = 1.0) -> tuple[Trainer, Pairs]:
    torch.set_num_threads(1)
    pairs = Pairs(painted)
    return Trainer(architecture(pairs), progressive(32, finish)), pairs


@settings(deadline=None, max_examples=30)
@given(st.integers(16, 96), st.integers(16, 200), st.integers(0, 999))
def test_muon_makes_matrices_orthogonal(rows: int, columns: int, seed: int) -> None:
    source = torch.Generator().manual_seed(seed)
    matrix = torch.randn(rows, columns, generator=source) * 10
    values = torch.linalg.svdvals(orthogonal(matrix))
    # The quintic is tuned for speed, not for one exactly; square noise has values near zero.
    assert values.max() < 1.4
    assert values.median() > 0.6
    if max(rows, columns) > 2 * min(rows, columns):
        assert values.min() > 0.5


def test_muon_moves_by_its_rate_downhill() -> None:
    weight = torch.nn.Parameter(torch.randn(32, 16, 3, 3))
    before = weight.detach().clone()
    optimiser = Muon([weight], lr=0.02)
    weight.square().sum().backward()
    optimiser.step()
    moved = weight.detach() - before
    assert 0.015 < moved.square().mean().sqrt() < 0.025
    assert (moved * before).sum() < 0


def test_muon_takes_the_matrices_and_leaves_the_rest(painted: Path) -> None:
    trainer, _ = fresh(painted)
    names = {id(p): name for name, p in trainer.generator.named_parameters()}
    matrices, rest = split(trainer.generator)
    assert {names[id(p)].split(".")[-1] for p in matrices} == {"weight"}
    assert "synthesis.b32.torgb.weight" in {names[id(p)] for p in rest}
    assert len(matrices) + len(rest) == len(names)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 10**6))
def test_rate_stays_within_the_plan(spent: float, step: int) -> None:
    rate = PLAN.learning_rate(spent, step)
    top = PLAN.finish_rate if PLAN.adversarial(spent) else PLAN.rate
    assert 0 < rate <= top
    if not PLAN.adversarial(spent):
        assert PLAN.learning_rate(spent, step + 1) >= rate


@given(st.floats(0, 1), st.floats(0, 1))
def test_stages_only_grow(a: float, b: float) -> None:
    early, late = sorted((a, b))
    assert PLAN.stage(early).resolution <= PLAN.stage(late).resolution


def test_a_run_that_begins_later_keeps_the_shares_of_what_is_left() -> None:
    whole, later = progressive(256), progressive(256, first=128, rate=0.01)
    assert [stage.resolution for stage in later.stages] == [128, 256]
    assert later.stages[0].start == 0
    wanted = (whole.stages[3].start - whole.stages[2].start) / (1 - whole.stages[2].start)
    assert later.stages[1].start == pytest.approx(wanted)
    assert later.learning_rate(0.1, 999) == 0.01


def test_each_phase_ends_at_the_floor() -> None:
    plan = Plan(PLAN.stages)
    assert plan.learning_rate(plan.finish - 1e-9, 999) == pytest.approx(plan.rate * plan.floor)
    assert plan.learning_rate(1.0, 999) == pytest.approx(plan.finish_rate * plan.floor)


def test_measures_know_blur_from_truth(painted: Path) -> None:
    _, pictures = Pairs(painted).read(np.arange(160), 32)
    real, other = pictures.split(80)
    blurred = F.interpolate(F.avg_pool2d(real, 2), scale_factor=2.0)
    assert reconstruction(real, real) == 0
    assert reconstruction(blurred, real) > 0.05
    assert metrics.sharpness(real, real) == 1
    assert metrics.sharpness(blurred, real) < 0.8
    floor = metrics.sliced_wasserstein(other, real)[0]
    assert metrics.sliced_wasserstein(blurred, real)[0] > 2 * floor


def test_an_error_on_a_face_counts_more() -> None:
    painter = PAINTERS["faces/ysol"]
    z = torch.zeros(1, len(painter.parameters))
    ((u, v, _),) = painter.faces(z[0].numpy())
    where = attention(painter, z, 64)
    assert where is not None
    assert where.min() == pytest.approx(1.0, abs=1e-3)
    real = torch.zeros(1, 3, 64, 64)
    on_face, on_wall = real.clone(), real.clone()
    row, column = int(32 - 32 * v), int(32 + 32 * u)
    on_face[..., row - 4 : row + 4, column - 4 : column + 4] = 0.5
    on_wall[..., 4:12, 4:12] = 0.5
    assert reconstruction(on_face, real, where) > 3 * reconstruction(on_wall, real, where)
    assert reconstruction(on_face, real) == pytest.approx(reconstruction(on_wall, real).item())
    assert attention(PAINTERS["waves"], torch.zeros(2, 28), 64) is None


def test_pictures_survive_the_way_to_floats_and_back() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    assert np.array_equal(to_uint8(to_float(pictures)), pictures)


def test_held_out_pairs_are_never_trained_on(painted: Path) -> None:
    pairs = Pairs(painted)
    kept = {tuple(z.tolist()) for z in pairs.held_out(32)[0]}
    source = torch.Generator().manual_seed(0)
    seen = {tuple(z.tolist()) for z in pairs.batch(2000, 32, source)[0]}
    assert len(kept) == HELD_OUT
    assert len(seen) == 160 - HELD_OUT
    assert not kept & seen


def test_a_great_circle_begins_and_ends_where_it_should() -> None:
    a, b = torch.randn(2, 28)
    path = great_circle(a, b, 9)
    torch.testing.assert_close(path[0], a)
    torch.testing.assert_close(path[-1], b, atol=1e-5, rtol=0)


def test_discriminator_sees_the_whole_batch() -> None:
    torch.manual_seed(0)
    judge = Discriminator(32)
    pictures = torch.randn(4, 3, 32, 32)
    scores, features = judge(pictures)
    assert scores.shape == (4, 1)
    assert [f.shape[-1] for f in features] == [16, 8, 4]
    same, _ = judge(pictures[:1].expand(4, -1, -1, -1))
    assert not torch.allclose(same[0], scores[0])


@pytest.mark.parametrize("minutes", [1, 600])
def test_until_is_the_next_such_time(minutes: int) -> None:
    from datetime import datetime, timedelta

    then = datetime.now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    assert 60 * (minutes - 1) - 1 <= seconds_until(f"{then:%H:%M}") <= 60 * minutes


@pytest.mark.train
def test_twenty_steps_learn_something(painted: Path) -> None:
    trainer, pairs = fresh(painted)
    first = trainer.step(pairs, 0.1)["rec"]
    rest = [trainer.step(pairs, 0.1)["rec"] for _ in range(20)]
    assert rest[-1] < 0.8 * first


@pytest.mark.train
def test_the_finish_trains_both_sides(painted: Path) -> None:
    trainer, pairs = fresh(painted, finish=0.5)
    before = [p.detach().clone() for p in trainer.discriminator.parameters()]
    told = trainer.step(pairs, 0.6)
    assert 0 < told["judge"] < 10
    assert told["rate"] < trainer.plan.finish_rate
    after = list(trainer.discriminator.parameters())
    assert any(not torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(p.requires_grad for p in after)


@pytest.mark.train
def test_resuming_is_as_if_never_stopped(painted: Path, tmp_path: Path) -> None:
    """Bit for bit, across the border where the adversary joins, with what texture draws by lot."""

    def run(folder: Path, *extra: str) -> None:
        chosen = ["--steps", "6", "--finish", "0.5", "--texture", "1"]
        main(["distil", str(painted), str(folder), *chosen, *extra])

    run(tmp_path / "whole")
    trainer, pairs = fresh(painted, finish=0.5)
    trainer.texture = 1.0
    for _ in range(2):
        trainer.step(pairs, trainer.progress.step / 6)
    checkpoints.save(tmp_path / "parts", trainer)
    run(tmp_path / "parts", "--resume")
    for name in ("generator", "average", "discriminator"):
        a, b = (
            tmp_path / run / "step-0000006" / f"{name}.safetensors" for run in ("whole", "parts")
        )
        assert a.read_bytes() == b.read_bytes()
    with pytest.raises(SystemExit, match="add --resume"):
        run(tmp_path / "whole")


@pytest.mark.train
def test_a_run_may_start_from_another_and_grow(painted: Path, tmp_path: Path) -> None:
    """The finer network begins as the plain enlargement of the one it came from."""
    small, pairs = fresh(painted)
    small.step(pairs, 0.1)
    checkpoints.save(tmp_path, small)
    large = Trainer(replace(small.arch, resolution=64), progressive(64), seed=1)
    begin_from(large, tmp_path)
    z, _ = pairs.held_out(32)
    with torch.no_grad():
        before, after = small.draw(small.average, z[:4], 32), large.draw(large.average, z[:4], 64)
        kept = large.draw(large.generator, z[:4], 32)
    assert torch.equal(before, kept)
    wanted = upsample(before, binomial_filter())
    assert (after - wanted).abs().max() < 0.05  # it enlarges in half precision
    other = Trainer(replace(small.arch, w_dim=32), progressive(32))
    with pytest.raises(ValueError, match="does not fit"):
        begin_from(other, tmp_path)
    with pytest.raises(ValueError, match="neither a checkpoint nor a model"):
        begin_from(large, tmp_path / "nowhere")


@pytest.mark.train
def test_what_is_known_moves_less_than_what_is_new(painted: Path) -> None:
    _, pairs = fresh(painted)
    known = frozenset({"synthesis.b8.conv1.weight", "synthesis.b8.conv1.bias"})
    trainer = Trainer(architecture(pairs), progressive(32), known=known, known_share=0.1)
    before = {name: p.detach().clone() for name, p in trainer.generator.named_parameters()}
    trainer.step(pairs, 0.1)
    moved = {
        name: (p.detach() - before[name]).square().mean().sqrt().item()
        for name, p in trainer.generator.named_parameters()
    }
    for kind in ("weight", "bias"):
        old, new = (moved[f"synthesis.b{side}.conv1.{kind}"] for side in (8, 16))
        assert 0.05 * new < old < 0.2 * new


@pytest.mark.train
def test_a_finer_set_takes_over_where_the_first_is_too_small(painted: Path, tmp_path: Path) -> None:
    list(grow(tmp_path, 140, Description(size=64, seed=1), threads=2))
    pairs = Pairs(painted, tmp_path)
    source = torch.Generator().manual_seed(0)
    assert pairs.about.size == 64
    assert pairs.batch(2, 32, source)[1].shape[-1] == 32
    assert pairs.batch(2, 64, source)[1].shape[-1] == 64
    assert len(pairs) == 300
    trainer = Trainer(architecture(pairs), progressive(64, 1.0, first=64), seed=1)
    seen = []
    for _ in range(4):
        trainer.step(pairs, 0.0)
        seen.append(trainer.progress.images)
    assert seen == [16, 48, 64, 96]  # twice as many at half the size: 140 are fewer than 160
    list(grow(tmp_path / "faces", 130, Description(16, 0, "faces/ysol"), threads=2))
    with pytest.raises(ValueError, match="two painters"):
        Pairs(painted, tmp_path / "faces")


@pytest.mark.train
def test_old_checkpoints_are_thinned_out(painted: Path, tmp_path: Path) -> None:
    trainer, pairs = fresh(painted)
    for _ in range(4):
        trainer.step(pairs, 0.1)
        checkpoints.save(tmp_path, trainer)
    kept = checkpoints.checkpoints(tmp_path)
    assert len(kept) == 4
    assert all((folder / "average.safetensors").exists() for folder in kept)
    assert [(folder / "optimisers.pt").exists() for folder in kept] == [False, False, True, True]


def wait_for(happened: Path, pattern: str) -> None:
    patience = time.monotonic() + 60
    while not list(happened.glob(pattern)):
        assert time.monotonic() < patience, f"no {pattern} in {happened}"
        time.sleep(0.1)


@pytest.mark.train
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_run_goes_on(painted: Path, tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "tools.train", "distil", str(painted), str(tmp_path)]
    command += ["--minutes", "5", "--snapshot-every", "1", "--resume"]
    child = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )
    wait_for(tmp_path, "step-*")
    child.send_signal(how)
    child.communicate(timeout=60)
    assert child.returncode == (0 if how == signal.SIGTERM else -signal.SIGKILL)
    trainer, pairs = fresh(painted)
    assert checkpoints.resume(tmp_path, trainer)
    assert trainer.progress.step > 0
    trainer.step(pairs, 0.1)
    lines = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert {"hold_l1", "sharpness", "step", "images"} <= set(json.loads(lines[-1]))
    assert list(tmp_path.glob("*-sheet.png"))
    assert list(tmp_path.glob("*-walk.png"))
