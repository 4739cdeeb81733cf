"""A deck on its own, for the tests that look at what it paints."""

from pathlib import Path

import pytest

from tests.decks.rehearsal import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)
