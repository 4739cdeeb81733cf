"""The metrics, read back as Prometheus' text format lays down."""

import re

from installation.health import PROCESSES
from installation.panel.metrics import exposition
from installation.report import build
from tests.test_report import FULL

LINE = re.compile(r'installation_([a-z0-9_]+)(\{[a-z]+="[a-z0-9_.]+"\})? (-?[0-9.e+-]+)')


def parsed(text: str) -> dict[str, float]:
    """Every sample by name and labels; a line that is none fails."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP|TYPE) installation_[a-z0-9_]+ .+", line)
            continue
        match = LINE.fullmatch(line)
        assert match, line
        samples[match[1] + (match[2] or "")] = float(match[3])
    return samples


def test_figures_in_base_units_with_help_and_type():
    status = {
        **build(FULL),
        "complaints": [{"text": "slow"}],
        "values": {"/state/picture_age": 0.1},
    }
    text = exposition(status)
    samples = parsed(text)
    assert samples["presented_total"] == 1200
    assert samples['present_interval_seconds{quantile="0.99"}'] == 0.018
    assert samples['restarts_total{process="deck"}'] == 2
    assert samples['osc_messages_total{outcome="applied"}'] == 7
    assert samples["complaints"] == 1
    assert samples["open"] == 1
    assert "# TYPE installation_presented_total counter\n" in text
    assert "# TYPE installation_light_ratio gauge\n" in text
    assert text.endswith("\n")


def test_before_anything_has_spoken_there_is_nothing_false():
    samples = parsed(exposition(build({name: {} for name in PROCESSES})))
    assert samples["uptime_seconds"] == 0
    assert "first_picture_seconds" not in samples
