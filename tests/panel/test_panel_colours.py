"""Contrast of the panel's colours: WCAG 2.2, level AA, 4.5 for text and 3 for shapes."""

import re
from pathlib import Path

import pytest

import installation.panel

CSS = (Path(installation.panel.__file__).parent / "static" / "panel.css").read_text()
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS))
TEXT = [("text", "high"), ("quiet", "raised"), ("accent", "raised"), ("bad", "ground")]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "paper"), [*TEXT, ("on-accent", "accent")])
def test_text_can_be_read(ink: str, paper: str):
    assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize("shape", ["accent", "good", "bad", "quiet"])
def test_shapes_can_be_told_from_the_ground(shape: str):
    assert contrast(shape, "ground") >= 3
