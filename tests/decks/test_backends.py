"""What the backends choose and say. What all of them must do stands in tests/contract."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch

from installation.decks.backends import cuda, onnxruntime
from installation.decks.loading import load, play
from installation.errors import ModelError
from installation.frames.header import Header
from installation.frames.ring import SLOTS, RingReader, RingWriter
from installation.generators.graph import FOR_GPU
from installation.memory import Arena
from installation.show.schema import PROVIDERS
from tests.small_models import TINY, random_tensors, small_card, write_model

BACKENDS = ("openvino", "onnxruntime", "torch")
CARD, WEIGHTS = small_card(TINY), random_tensors(TINY)
Z = np.random.default_rng(0).standard_normal(TINY.z_dim)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_network_says_in_which_precision_it_is(backend: str):
    network = play(backend, CARD, WEIGHTS)
    assert network.precision in ("f32", "bf16", "fp16")
    assert network.backend.startswith(backend)
    assert network.backend.endswith(network.precision)
    assert play(backend, CARD, WEIGHTS, exact=True).precision == "f32"


@pytest.mark.parametrize("backend", BACKENDS)
def test_running_again_paints_the_same_place(backend: str):
    network, out = play(backend, CARD, WEIGHTS, exact=True), np.zeros((16, 16, 4), np.uint8)
    assert network.draw(Z, 0.7, out)
    picture, probe = out.copy(), network.probe.copy()
    network.run()
    assert (network.probe == probe).all()
    assert (out == picture).all()
    assert probe.shape == (1, 3, 1, 1)


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_paints_every_slot_of_a_ring_in_turn(backend: str):
    """Slots are at other places in memory; a network that writes there itself must follow."""
    network = play(backend, CARD, WEIGHTS, exact=True)
    view = Arena.create({"ring": SLOTS * 64 * 1024}).section("ring")
    writer, reader = RingWriter(view), RingReader(view)
    expected = np.zeros((16, 16, 4), np.uint8)
    for lap in range(2 * SLOTS + 1):
        z = np.random.default_rng(lap).standard_normal(TINY.z_dim)
        assert network.draw(z, 1.0, writer.frame(16, 16))
        writer.publish(Header(16, 16, index=lap))
        found = reader.newest()
        assert found
        shown = found[1].copy()
        network.draw(z, 1.0, expected)
        assert (shown == expected).all()


def test_onnx_runtime_says_which_provider_it_took():
    assert play("onnxruntime", CARD, WEIGHTS).backend == "onnxruntime cpu f32"


def test_a_provider_that_is_not_here_is_passed_over():
    network = play("onnxruntime", CARD, WEIGHTS, providers=["directml", "coreml", "cpu"])
    assert network.backend == "onnxruntime cpu f32"


def test_no_provider_at_all_is_told():
    with pytest.raises(ModelError, match="none of directml starts here"):
        play("onnxruntime", CARD, WEIGHTS, providers=["directml"])


def test_a_provider_that_is_listed_but_does_not_start_is_passed_over(monkeypatch):
    """onnxruntime-gpu lists CUDA where no driver is, and plays on the CPU without a word: the
    graph must then be the CPU's too."""
    real = ort.InferenceSession
    asked = []

    def session(graph, options, providers):
        asked.append(providers[0][0])
        return real(graph, options, ["CPUExecutionProvider"])

    listed = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(ort, "get_available_providers", lambda: listed)
    monkeypatch.setattr(ort, "InferenceSession", session)
    network = play("onnxruntime", CARD, WEIGHTS, providers=["cuda", "cpu"])
    assert asked == listed
    assert network.backend == "onnxruntime cpu f32"


def test_every_provider_show_yaml_may_name_is_known():
    assert set(PROVIDERS) <= onnxruntime._KNOWN.keys()
    names = {name for name, _ in onnxruntime._KNOWN.values()}
    assert names <= set(ort.get_all_providers())


def test_cards_are_given_half_precision_and_the_cpu_is_not():
    forms = {name: form for name, (_, form) in onnxruntime._KNOWN.items()}
    assert forms["cuda"] == forms["tensorrt"] == FOR_GPU
    assert not forms["cpu"].half


def test_where_no_card_is_torch_plays_step_by_step(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert cuda.captured(CARD, WEIGHTS) is None
    assert play("torch", CARD, WEIGHTS).backend == "torch cpu f32"


def test_a_capture_that_fails_is_said_and_played_step_by_step(monkeypatch, caplog):
    def refuse(*_):
        raise RuntimeError("CUDA error: out of memory\nand much more")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(cuda, "TorchCuda", refuse)
    assert cuda.captured(CARD, WEIGHTS) is None
    assert caplog.messages == ["no CUDA graph, torch plays step by step: CUDA error: out of memory"]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA card")
def test_the_captured_graph_paints_the_networks_picture():
    exact, fast = play("torch", CARD, WEIGHTS, exact=True), play("torch", CARD, WEIGHTS)
    assert fast.backend == "torch cuda graph fp16"
    for seed in range(4):
        z = np.random.default_rng(seed).standard_normal(TINY.z_dim)
        wanted, out = np.zeros((2, 16, 16, 4), np.uint8)
        assert exact.draw(z, 1.0, wanted)
        assert fast.draw(z, 1.0, out)
        assert np.abs(out.astype(int) - wanted).max() <= 4
        assert (out[..., 3] == 255).all()
    fast.close()
    fast.close()


def test_the_show_says_what_onnx_runtime_may_use(tmp_path: Path):
    write_model(tmp_path / "small")
    network = load("small", tmp_path, "onnxruntime", providers=["cpu"])
    assert network.backend == "onnxruntime cpu f32"
