import json
import sys
from pathlib import Path

import pytest

from installation.cli import main, parser

SMALL = ["bench", "--random", "16,128,8", "--seconds", "0.05", "--backends", "openvino"]


def test_it_prints_writes_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file, plot = tmp_path / "figures.json", tmp_path / "figures.svg"
    rival = f"{sys.executable} -c 'print(1000)'"
    assert main([*SMALL, "--json", str(file), "--plot", str(plot), "--against", rival]) == 0
    said = capsys.readouterr().out
    figures = json.loads(file.read_text())
    assert "random 16,128,8, 16x16" in said
    assert figures["machine"]["cores"]
    row = figures["rows"][0]
    assert (row["backend"], row["precision"], row["resolution"]) == ("openvino", "f32", 16)
    assert row["network_ms"].keys() == row["deck_ms"].keys() == {"p50", "p99"}
    assert row["max_error"] < 1e-4
    assert figures["wall"][0]["resolution"] == 16
    assert figures["wall"][0]["present_ms"]["p50"] > 0
    ratio = figures["against"][0]["ratio"]["openvino f32"]
    assert ratio == pytest.approx(1000 / row["deck_ms"]["p50"], rel=0.01)
    assert f"takes {ratio:.2f} times as long as openvino f32" in said
    assert plot.read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plot", "figures.png"], "the chart is an SVG"),
        (["--backends", "abacus"], "abacus is not installed"),
        (["nowhere", "--show", "nowhere.yaml"], "nowhere.yaml"),
        (["--random", "500,1,1"], "not a power of two"),
        (["--json", "/no/such/folder/figures.json"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments, words, capsys: pytest.CaptureFixture[str]):
    chosen = arguments if "--random" in arguments else [*SMALL[1:], *arguments]
    assert main(["bench", *chosen]) > 0
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_several_random_networks_may_be_named():
    options = parser().parse_args(["bench", "--random", "16,128,8", "--random", "32,128,8,t"])
    assert options.random == [(16, 128, 8, ""), (32, 128, 8, "t")]
