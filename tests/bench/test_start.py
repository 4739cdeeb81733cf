from pathlib import Path

from installation.bench import subjects
from installation.bench.start import start
from installation.clock import MonotonicClock
from tests.small_models import TINY, write_model


def test_a_model_on_disk_starts_without_torch(tmp_path: Path):
    write_model(tmp_path / "sea", TINY)
    (subject,) = subjects.chosen([str(tmp_path / "sea")], Path("show.yaml"))
    found = start(subject, MonotonicClock())
    assert found is not None
    assert found.seconds > 0
    assert found.as_json()["torch"] is False
    assert found.backend in str(found)


def test_a_model_that_does_not_play_has_no_start(tmp_path: Path):
    write_model(tmp_path / "sea", TINY)
    (subject,) = subjects.chosen([str(tmp_path / "sea")], Path("show.yaml"))
    (tmp_path / "sea" / "model.safetensors").write_bytes(b"")
    assert start(subject, MonotonicClock()) is None


def test_random_weights_have_no_start():
    assert start(subjects.random(16, 128, 8), MonotonicClock()) is None
