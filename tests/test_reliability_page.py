"""The page of faults names tests that exist."""

import re

from installation.session import ROOT

PAGE = ROOT / "docs" / "reliability.md"


def test_every_fault_is_there_and_every_test_it_names_exists():
    page = PAGE.read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)]
    assert numbers == list(range(1, 35))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    defined = {name for source in sources for name in re.findall(r"def (test_\w+)", source)}
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 30
    assert named <= defined, sorted(named - defined)
