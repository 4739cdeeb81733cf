import sys
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from installation.bench import subjects
from installation.bench.chart import chart
from installation.bench.measure import EDITS, ROUNDS, Measurement, present
from installation.bench.rival import Rival
from installation.bench.rows import Row, Spread, table
from installation.bench.trial import Trial
from installation.clock import FakeClock, MonotonicClock
from installation.decks.backends import tensorrt_api
from installation.decks.loading import play
from installation.errors import InstallationError, ModelError

BACKENDS = ("openvino", "onnxruntime", "torch")  # without a card
SMALL = subjects.random(16, 128, 8)
ROW = Row(
    *("openvino", "openvino f32", "f32", "sea <1>", 16),
    *(Spread(2.0, 3.0), Spread(0.2, 0.3), Spread(2.5, 4.0), 0.3, 400.0, 1e-5, 1e-6, 100.0, 400.0),
)


def test_a_trial_times_the_network_inside_the_round():
    clock = FakeClock()
    network = play("openvino", SMALL.card, SMALL.weights)
    styling: Any = network.styling
    real, mapping = network.run, styling.write

    def slow() -> None:
        real()
        clock.advance(0.004)

    def mapped(*given: Any) -> None:
        mapping(*given)
        clock.advance(0.001)

    network.run, styling.write = slow, mapped
    trial = Trial(SMALL, network, clock)
    assert (trial.network_ms, trial.deck_ms) == ([], [])  # what warms up is not counted
    trial.play(0.1)
    assert trial.network_ms == pytest.approx([4.0] * 20)
    assert trial.mapping_ms == pytest.approx([1.0] * 20)
    assert trial.deck_ms == pytest.approx([5.0] * 20)


def test_every_backend_is_held_against_the_reference():
    measurement = Measurement(SMALL, list(BACKENDS), MonotonicClock())
    measurement.play(0.05, None)
    rows = measurement.rows()
    measurement.close()
    assert {row.backend for row in rows} == set(BACKENDS)
    assert len({row.words for row in rows}) == len(rows)
    for row in rows:
        assert row.max_error is not None
        assert row.mean_error is not None
        assert row.mean_error <= 0.02
        assert row.max_error < {"f32": 1e-4, "fp16": 0.01, "bf16": 0.1}[row.precision]
        assert 0 < row.network.p50 <= row.deck.p50
        assert 0 < row.mapping.p50 <= row.deck.p50
        assert row.overhead > 0
        assert row.gflops
        assert row.ceiling > 1
    assert not measurement.skipped


def test_edits_have_rows_of_their_own_and_paint_the_same_at_rest():
    measurement = Measurement(SMALL, ["openvino"], MonotonicClock(), edits=True)
    measurement.play(0.02, None)
    rows = {row.words: row for row in measurement.rows()}
    measurement.close()
    edited = [words for words in rows if "+" in words]
    assert [words.partition("+")[2] for words in edited] == list(EDITS)
    for words in edited:
        assert rows[words].mean_error is not None
        assert rows[words].mean_error <= 0.02


def test_a_backend_that_cannot_play_is_left_out_with_one_reason(monkeypatch):
    monkeypatch.setattr(tensorrt_api, "TENSORRT", ())
    measurement = Measurement(SMALL, ["tensorrt"], MonotonicClock())
    assert measurement.skipped == [
        "tensorrt cannot be imported; docs/backends.md says how it is installed"
    ]
    assert measurement.rows() == []


def test_the_spread_is_median_and_99th_percentile():
    times = list(np.random.default_rng(0).permutation(101) / 10)
    assert (Spread.of(times).p50, Spread.of(times).p99) == pytest.approx((5.0, 9.9))


def test_a_row_is_told_with_these_keys():
    told = ROW.as_json()
    assert told["network_ms"] == {"p50": 2.0, "p99": 3.0}
    assert told["mapping_ms"] == {"p50": 0.2, "p99": 0.3}
    assert told["deck_ms"] == {"p50": 2.5, "p99": 4.0}
    assert {"backend", "precision", "model", "resolution", "fps", "max_error"} <= told.keys()


def test_the_table_fits_a_terminal_and_its_columns_their_heads():
    lines = table("sea", [ROW]).splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines[2]) == len(lines[3])
    assert "25%" in lines[3]
    assert "0.0010 0.0001" in lines[3]


def test_the_chart_is_a_picture_of_every_row():
    root = ElementTree.fromstring(chart([ROW, ROW], "a machine & more"))
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("openvino f32") == 2
    assert "sea <1>, 16 px" in words
    assert "a machine & more" in words


def rival(code: str) -> Rival:
    return Rival(f"{sys.executable} -c '{code}'", SMALL)


def test_a_rivals_milliseconds_are_read_and_it_is_told_what_it_meets():
    told = 'import os; print("warm"); print(os.environ["BENCH_{}"])'
    fast = rival("; ".join(told.format(name) for name in ("SECONDS", "RESOLUTION")))
    fast.play(0.5)
    fast.play(0.25)
    assert fast.times == [0.5, 16.0, 0.25, 16.0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('print("fast")', "printed no milliseconds"),
        ('print("nan")', "printed no milliseconds"),
        ('raise SystemExit("no card")', "ended with 1: no card"),
    ],
)
def test_a_rival_that_fails_is_told(code: str, words: str):
    with pytest.raises(InstallationError, match=words):
        rival(code).play(0.1)


def test_a_rival_that_is_not_there_is_told():
    with pytest.raises(InstallationError, match="No such file"):
        Rival("/no/such/program", SMALL).play(0.1)


def test_the_rival_takes_turns_with_the_backends(monkeypatch):
    measurement = Measurement(SMALL, ["openvino"], MonotonicClock())
    turns = []
    ours = [trial for _, trial in measurement._trials]
    for trial in ours:
        monkeypatch.setattr(trial, "play", lambda seconds: turns.append("ours"))
    theirs = Rival("", SMALL)
    monkeypatch.setattr(theirs, "play", lambda seconds: turns.append("theirs"))
    measurement.play(1.0, theirs)
    assert turns == (["ours"] * len(ours) + ["theirs"]) * ROUNDS


def test_the_backends_are_those_named_or_all_there_are():
    assert present([]) == list(BACKENDS)
    assert present(["torch"]) == ["torch"]
    with pytest.raises(ModelError, match="abacus is not installed"):
        present(["abacus"])
