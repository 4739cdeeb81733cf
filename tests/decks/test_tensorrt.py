"""TensorRT as far as it can be tried without a card: what is asked of the library, what is kept of
it, and that no fault of it stops a deck. The library is the fake of tests/fake_tensorrt.py; with
TensorRT for RTX installed, test_tensorrt_builds.py asks NVIDIA's own parser and builder."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.clock import FakeClock
from installation.commands import _machine, doctor
from installation.decks import building, choosing, engine_builder, engines, hardware, upgrade
from installation.decks.backends import on_card, tensorrt_api
from installation.decks.backends.tensorrt import TensorRt
from installation.decks.building import Building
from installation.decks.hardware import Gpu
from installation.decks.loading import load
from installation.decks.upgrade import Upgrade
from installation.errors import ModelError
from installation.generators.card import load_card
from installation.generators.graph import FOR_GPU, synthesis_graph
from installation.show.schema import Show
from tests import fake_tensorrt
from tests.decks.rehearsal import Stage
from tests.small_models import TINY, random_tensors, small_card, write_model

GPU = Gpu("Faked", "8.9")
CARD, WEIGHTS = small_card(TINY), random_tensors(TINY)
GRAPH = synthesis_graph(WEIGHTS, TINY, FOR_GPU)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A machine with a card and TensorRT, both fakes, and an empty cache."""

    def make(gpu: Gpu | None = GPU, **options: Any) -> Any:
        trt = fake_tensorrt.library(**options)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setattr(hardware, "nvidia", lambda: gpu)
        monkeypatch.setattr(tensorrt_api, "library", lambda: trt)
        monkeypatch.setattr(choosing, "_torch_sees_it", lambda: False)
        monkeypatch.setattr(choosing, "_onnxruntime_sees_it", lambda: False)
        here = choosing.installed
        there = lambda name: name == "tensorrt" or here(name)  # noqa: E731
        for module in (choosing, upgrade):
            monkeypatch.setattr(module, "installed", there)
        monkeypatch.setattr(on_card, "Cuda", fake_tensorrt.HostDevice)
        return trt

    return make


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "small", TINY, WEIGHTS)


def test_networks_are_strongly_typed_whether_the_version_must_be_told_or_not():
    for typed in (True, False):
        assert tensorrt_api.build(fake_tensorrt.library(typed=typed), GRAPH)


def test_a_graph_it_cannot_read_and_an_engine_it_cannot_build_are_one_line():
    with pytest.raises(ModelError, match=r"cannot read the graph: In node 0: no operator .* was"):
        tensorrt_api.build(fake_tensorrt.library(), b"no graph")
    with pytest.raises(ModelError, match=r"cannot build the engine: out of memory, at node 3$"):
        tensorrt_api.build(fake_tensorrt.library(fails="out of memory,\n at node 3"), GRAPH)


def test_tensorrt_for_rtx_is_aimed_at_the_card_or_says_that_it_plays_on_none_such():
    kinds = {"SM89": "Ada"}
    trt = fake_tensorrt.library(ComputeCapability=type("Kinds", (), kinds))
    assert tensorrt_api.build(trt, GRAPH, "8.9")
    assert trt.aimed == ["Ada"]
    with pytest.raises(ModelError, match=r"no card of compute capability 9\.0; install tensorrt"):
        tensorrt_api.build(trt, GRAPH, "9.0")


def test_no_tensorrt_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tensorrt_api, "TENSORRT", ("no_such_library",))
    with pytest.raises(ModelError, match="cannot be imported"):
        tensorrt_api.library()


def test_pages_that_may_be_locked_are_locked_once_and_let_go():
    engine = tensorrt_api.build(fake_tensorrt.library(), GRAPH)
    for locks in (True, False):
        device = fake_tensorrt.HostDevice(locks)
        network = TensorRt(CARD, WEIGHTS, (), engine, fake_tensorrt.library(), device)
        memory = np.zeros(3 * 4096, np.uint8)
        start = -memory.ctypes.data % 4096
        slot = memory[start : start + 16 * 16 * 4].reshape(16, 16, 4)
        for seed in range(2):
            z = np.random.default_rng(seed).standard_normal(TINY.z_dim)
            assert network.draw(z, 1.0, slot)
            assert device.locked == ({slot.ctypes.data} if locks else set())
        network.close()
        assert not device.locked


def test_an_engine_is_kept_only_under_all_that_it_depends_on(machine):
    machine()
    key = engines.key(CARD)
    assert engines.state(CARD) == "no engine is built yet"
    engines.keep(key, b"engine", 0.001, 12.0)
    assert (engines.state(CARD), engines.kept(CARD)) == ("", b"engine")
    other = CARD.model_copy(update={"sha256": "1" * 64})
    assert engines.state(other) == "no engine is built yet"
    machine(Gpu("Another", "9.0"))
    assert engines.state(CARD) == "no engine is built yet"


def test_a_newer_engine_takes_the_stale_ones_of_its_model_and_card_away(machine):
    trt = machine()
    engines.keep(engines.key(CARD), b"old", 0.0, 1.0)
    other = engines.key(CARD.model_copy(update={"sha256": "1" * 64}))
    engines.keep(other, b"of another model", 0.0, 1.0)
    trt.__version__ = "11.5"
    engines.keep(engines.key(CARD), b"new", 0.0, 1.0)
    kept = {file.read_bytes() for file in engines.home().glob("*.engine")}
    assert kept == {b"new", b"of another model"}


def test_a_damaged_engine_and_a_damaged_note_are_as_if_there_was_none(machine):
    machine()
    key = engines.key(CARD)
    engines.keep(key, b"engine", 0.0, 1.0)
    (engines.home() / f"{key.digest}.engine").write_bytes(b"enginf")
    with pytest.raises(ModelError, match="its engine was damaged; run installation prepare"):
        engines.kept(CARD)
    assert engines.state(CARD) == "no engine is built yet"
    engines.keep(key, b"engine", 0.0, 1.0)
    for text in ("[", "[]", json.dumps({"key": {}})):
        (engines.home() / f"{key.digest}.json").write_text(text)
        assert engines.state(CARD) == "no engine is built yet"


def test_the_oldest_engines_go_when_all_together_are_too_much(machine, monkeypatch):
    machine()
    monkeypatch.setattr(engines, "MOST", 100)
    for number in range(4):
        card = CARD.model_copy(update={"sha256": str(number) * 64})
        engines.keep(engines.key(card), bytes(40), 0.0, 1.0)
    assert len(list(engines.home().glob("*.engine"))) == 2
    assert engines.state(card) == ""


def test_an_engine_is_built_compared_and_played(machine, model: Path):
    machine()
    assert "no engine is built yet" in load("small", model.parent, "auto").why
    words = engine_builder.build(model)
    assert words.startswith("built in ")
    assert engine_builder.build(model) == "is there already"
    network = load("small", model.parent, "auto")
    assert (network.backend, network.why) == ("tensorrt 11.4 fp16", "Faked, its engine is built")
    exact = load("small", model.parent, "auto", exact=True)
    assert exact.backend.endswith("f32")


def test_an_engine_that_paints_something_else_is_not_used(machine, model: Path, monkeypatch):
    trt = machine()
    wrong = synthesis_graph(random_tensors(TINY, seed=9), TINY, FOR_GPU)
    built = tensorrt_api.build(trt, wrong)
    monkeypatch.setattr(tensorrt_api, "build", lambda *_: built)
    with pytest.raises(ModelError, match="% off; it is not used"):
        engine_builder.build(model)
    assert "it is not used" in engines.state(load_card(model))
    assert load("small", model.parent, "tensorrt").backend.startswith("openvino")


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_an_engine_that_paints_no_numbers_is_not_used(number: float):
    tensors = {**WEIGHTS, "synthesis.b16.torgb.bias": np.full(3, number, np.float32)}
    trt, device = fake_tensorrt.library(), fake_tensorrt.HostDevice()
    engine = tensorrt_api.build(trt, synthesis_graph(tensors, TINY, FOR_GPU))
    network = TensorRt(CARD, WEIGHTS, (), engine, trt, device)
    error = engine_builder.difference(network, engine_builder._exact(CARD, WEIGHTS))
    assert not error <= engine_builder.WORST


def test_an_engine_that_the_card_does_not_take_leaves_another_backend(machine, model: Path):
    machine()
    engines.keep(engines.key(load_card(model)), b"of another version", 0.0, 1.0)
    network = load("small", model.parent, "tensorrt")
    assert network.backend.startswith("openvino")
    assert "does not take the engine: Serialization assertion failed. Version" in network.why


class Child:
    """A builder that ends as it is told."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __call__(self, folder: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", self.code], stdout=subprocess.PIPE)


def ended(code: str, folder: Path) -> Upgrade:
    """A deck's upgrade whose builder has ended."""
    found = Upgrade(Child(code))
    found.begin("small", folder, "auto")
    assert found._building
    found._building._process.wait()  # pyright: ignore
    return found


def test_a_deck_hears_when_the_engine_is_ready(machine, model: Path, caplog):
    machine()
    found = ended("import sys; sys.stdin; print('built in 3 s')", model)
    assert found.look() == found.look() == "small: its TensorRT engine is built in 3 s"
    found.end()
    assert found.look() == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("print('a word'); print('no memory on the card'); raise SystemExit(1)", "no memory on"),
        ("import os; os.kill(os.getpid(), 11)", "the builder ended with -11"),
    ],
)
def test_a_build_that_fails_costs_a_line(machine, model: Path, caplog, code: str, words: str):
    machine()
    found = ended(code, model)
    assert found.look() == found.look() == ""
    assert sum(words in line for line in caplog.messages) == 1


def test_what_fell_is_not_tried_again_until_prepare_does(machine, model: Path):
    machine()
    ended("import os; os.kill(os.getpid(), 11)", model).look()
    assert engines.state(load_card(model)) == "the builder ended with -11"
    assert not upgrade.wanted(model, "auto")
    engines.forget(engines.key(load_card(model)))
    assert upgrade.wanted(model, "auto")


def test_a_builder_that_stands_still_is_ended_and_costs_a_line(machine, model: Path):
    machine()
    clock = FakeClock()
    stands = Building(model, Child("import time; time.sleep(600)"), clock)
    process = stands._process
    clock.advance(building.LONGEST - 1)
    assert not stands.look()
    clock.advance(1)
    assert stands.look()
    assert process
    assert process.poll() is not None
    assert (stands.ready, stands.words) == (False, "the builder was ended after 60 minutes")
    assert engines.state(load_card(model)) == stands.words


def test_nothing_is_built_where_nothing_could_play_it(machine, model: Path):
    machine()
    assert not upgrade.wanted(model, "openvino")
    machine(None)
    assert not upgrade.wanted(model, "auto")
    quiet = Upgrade(Child("raise SystemExit(1)"))
    quiet.begin("small", model, "auto")
    assert quiet._building is None


def test_another_model_ends_the_build(machine, model: Path):
    machine()
    found = Upgrade(Child("import time; time.sleep(60)"))
    found.begin("small", model, "auto")
    process = found._building._process  # pyright: ignore
    found.end()
    assert process
    assert process.poll() is not None


def test_the_real_child_says_in_one_line_why_it_cannot(model: Path):
    """Without a card: the way of the real command, to its end."""
    done = building.start(model)
    told = done.communicate(timeout=100)[0].decode()
    assert done.returncode == 1
    assert told == "tensorrt needs an NVIDIA card, and there is none\n"


def test_prepare_builds_the_engine_also_where_it_failed_before(machine, model: Path, monkeypatch):
    from installation.commands import prepare

    machine()
    engines.refuse(engines.key(load_card(model)), "it failed")
    monkeypatch.setattr(
        prepare, "Building", lambda folder: Building(folder, Child("print('built in 3 s')"))
    )
    assert prepare._engine(model) == "; its engine was built in 3 s"
    engines.keep(engines.key(load_card(model)), b"engine", 0.0, 1.0)
    assert prepare._engine(model) == "; its engine is there"


def test_another_writer_of_graphs_makes_engines_stale(machine, monkeypatch):
    machine()
    engines.keep(engines.key(CARD), b"engine", 0.0, 1.0)
    monkeypatch.setattr(engines, "writer", lambda: "another")
    assert engines.state(CARD) == "no engine is built yet"


def test_a_deck_plays_on_meanwhile_says_when_and_its_successor_takes_the_engine(
    machine, tmp_path: Path
):
    machine()
    stage = Stage(tmp_path)
    flag = tmp_path / "built"
    wait = f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.01)"
    stage.deck._holding.upgrade = found = Upgrade(Child(f"{wait}\nprint('built in 3 s')"))
    stage.tell({"/state/deck_a": 0})
    assert stage.run(30)
    assert stage.record["backend"].startswith("openvino")
    assert stage.record["better"] == ""
    engine_builder.build(tmp_path / "small")
    flag.touch()
    assert found._building
    found._building._process.wait()  # pyright: ignore
    assert stage.run(30)
    assert stage.record["better"] == "small: its TensorRT engine is built in 3 s"
    stage.start()
    stage.tell({"/state/deck_a": 0})
    assert stage.run(30)
    assert (stage.record["backend"], stage.record["better"]) == ("tensorrt 11.4 fp16", "")


def test_the_doctor_says_what_is_missing(machine, model: Path, monkeypatch):
    machine()
    monkeypatch.setattr(_machine, "installed", lambda name: False)
    told = {"models": {"sea": "small"}, "scenes": {"a": {"model": "sea"}}}
    show = Show.model_validate(told)
    assert "no engine of sea is built yet" in doctor._backend(show, model.parent).words
    engine_builder.build(model)
    assert doctor._backend(show, model.parent).words == "tensorrt (Faked, its engine is built)"
    assert not list(_machine._tensorrt())
    monkeypatch.setattr(_machine, "nvidia", lambda: GPU)
    (finding,) = _machine._tensorrt()
    assert (finding.words, "pip install tensorrt" in finding.remedy) == ("not installed", True)
