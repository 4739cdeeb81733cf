"""A run on a folder of pictures, tiny but real: learns, resumes, shares, survives, is played."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from PIL import Image
from safetensors.torch import load_file

from installation.decks.loading import load
from installation.generators.architecture import Architecture
from tests.tools.test_training import wait_for
from tools.export import main as export
from tools.train import main
from tools.training import checkpoints
from tools.training.adversarial.pictures import Pictures, prepare
from tools.training.adversarial.trainer import AdversarialTrainer, Settings

pytestmark = pytest.mark.train

ROOT = Path(__file__).parents[2]
TINY = ["--resolution", "16", "--channels", "16", "--base", "128", "--batch", "8"]
ARCH = Architecture(512, 16, 16, 128, 16, 2)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve discs of many colours."""
    place, source = tmp_path_factory.mktemp("discs"), np.random.default_rng(0)
    down, across = np.mgrid[:32, :32]
    for number in range(12):
        inside = (down - 16) ** 2 + (across - source.integers(10, 22)) ** 2 < 60
        colours = source.integers(0, 256, (2, 3), dtype=np.uint8)
        Image.fromarray(colours[inside.astype(int)]).save(place / f"{number}.png")
    return place


def run(folder: Path, place: Path, *options: str) -> int:
    return main(["adversarial", str(folder), str(place), *TINY, *options])


def trainer(path_length: float = 0.0) -> AdversarialTrainer:
    torch.set_num_threads(1)
    settings = Settings(8, 5e-3, 0.01, path_length, average_images=50, augment_images=20_000)
    return AdversarialTrainer(ARCH, settings)


def test_a_folder_is_learned_exported_and_played(folder: Path, tmp_path: Path) -> None:
    assert run(folder, tmp_path / "run", "--steps", "2", "--mirror") == 0
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert {"step", "images", "fool", "tell", "r1", "augment"} <= set(json.loads(lines[-1]))
    for name in ("0000002-sheet.png", "0000002-walk.png", "pictures.png"):
        with Image.open(tmp_path / "run" / name) as sheet:
            assert sheet.width == 8 * 16
    assert export([str(tmp_path / "run"), str(tmp_path / "mine")]) == 0
    card = yaml.safe_load((tmp_path / "mine" / "card.yaml").read_text())
    assert card["training"]["pictures"] == 12
    assert card["consent"] == "unknown"
    generator = load("mine", tmp_path, "torch")
    out = np.zeros((16, 16, 4), np.uint8)
    assert generator.draw(np.random.default_rng(0).standard_normal(512), 1.0, out)
    assert out[..., :3].std() > 5
    again = export([str(tmp_path / "nothing"), str(tmp_path / "mine")])
    assert again == 2


def test_both_sides_learn_and_the_judge_soon_tells_noise(folder: Path, tmp_path: Path) -> None:
    prepare(folder, 16, tmp_path, print)
    pictures, learner = Pictures(tmp_path), trainer(path_length=2.0)
    told, strengths = [], []
    for _ in range(30):
        told.append(learner.step(pictures))
        strengths.append(learner.adaptive.p)
    tell = torch.stack([losses["tell"] for losses in told])
    assert tell[-10:].mean() < tell[:10].mean()
    assert {"r1", "lengths"} <= told[0].keys()
    assert learner.path_mean > 0
    assert max(strengths) > 0  # twelve pictures are soon known
    ours, theirs = learner.average.state_dict(), learner.generator.state_dict()
    assert any(not torch.equal(ours[name], theirs[name]) for name in ours)
    assert learner.average.mapping.w_avg.abs().max() > 0


def test_resuming_is_as_if_never_stopped(folder: Path, tmp_path: Path) -> None:
    whole, parts, branch = (tmp_path / name for name in ("whole", "parts", "branch"))
    # Past the second penalty. What was chosen for a run goes on with it.
    assert run(folder, whole, "--steps", "18", "--mirror", "--augment", "0.2") == 0
    assert run(folder, parts, "--steps", "7", "--mirror", "--augment", "0.2") == 0
    assert run(folder, parts, "--steps", "18") == 2  # without --resume
    assert run(folder, parts, "--steps", "18", "--resume") == 0
    assert run(folder, branch, "--steps", "18", "--resume", str(parts / "step-0000007")) == 0
    for name in ("generator", "average", "discriminator"):
        files = [place / "step-0000018" / f"{name}.safetensors" for place in (whole, parts, branch)]
        assert len({file.read_bytes() for file in files}) == 1


def test_a_run_begins_with_another_networks_weights(folder: Path, tmp_path: Path) -> None:
    assert run(folder, tmp_path / "first", "--steps", "2") == 0
    export([str(tmp_path / "first"), str(tmp_path / "mine")])
    assert run(folder, tmp_path / "second", "--steps", "1", "--from", str(tmp_path / "mine")) == 0
    began = load_file(tmp_path / "mine" / "model.safetensors")
    after = load_file(tmp_path / "second" / "step-0000001" / "generator.safetensors")
    moved = max((after[name] - began[name].float()).abs().max() for name in began)
    assert moved < 0.5 < began["mapping.fc0.weight"].float().std()
    assert run(folder, tmp_path / "third", "--from", str(tmp_path)) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--batch", "1"], "two pictures or more"),
        (["--augment", "much"], "ada, none, or 0 to 1"),
        (["--resolution", "20"], "power of two"),
        (["--resume"], "holds no"),
    ],
)
def test_what_cannot_be_is_one_line(
    folder: Path, tmp_path: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, tmp_path / "run", *options) == 2
    told = capsys.readouterr().err.strip()
    assert words in told
    assert "\n" not in told


def start(command: list[str], folder: Path, place: Path, *options: str) -> subprocess.Popen[bytes]:
    words = [
        sys.executable,
        "-m",
        *command,
        "adversarial",
        str(folder),
        str(place),
        *TINY,
        *options,
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "TOLD": str(place)}
    return subprocess.Popen(words, cwd=ROOT, env=environment)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_run_loses_one_interval_at_most(
    folder: Path, tmp_path: Path, how: signal.Signals
) -> None:
    options = ("--minutes", "5", "--snapshot-every", "0.5")
    child = start(["tools.train"], folder, tmp_path, *options)
    wait_for(tmp_path, "step-*")
    child.send_signal(how)
    assert child.wait(60) == (0 if how == signal.SIGTERM else -signal.SIGKILL)
    heir = trainer()
    assert checkpoints.resume(tmp_path, heir)
    assert heir.progress.step > 0


def test_two_processes_train_one_network(folder: Path, tmp_path: Path) -> None:
    together = ["torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    options = ("--steps", "5", "--device", "cpu", "--path-length", "2", "--ada-kimg", "0.1")
    command = [*together, "-m", "tests.tools.one_of_a_team"]
    assert start(command, folder, tmp_path, *options).wait(100) == 0
    assert [c.name for c in checkpoints.checkpoints(tmp_path)] == ["step-0000005"]
    first, second = ((tmp_path / f"rank-{n}").read_text() for n in range(2))
    assert first == second  # each saw other pictures, and both learned from all
    alone = trainer()
    assert checkpoints.resume(tmp_path, alone)
    assert alone.progress.images == 5 * 8
    assert alone.adaptive.p == float(first.split()[1])
