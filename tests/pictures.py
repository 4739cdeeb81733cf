"""Pictures as they should be, kept in tests/pictures/, and how far from them a drawing may be.

They were drawn by llvmpipe. Another version of it rounds otherwise and moves an edge by a part of a
pixel: so the mean may differ by 1 of 255, and one pixel in 200 by more than 32. They change only by
`pytest --update-pictures`.
"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).parent / "pictures"
MEAN, FAR, FEW = 1.0, 32, 0.005


def agree(drawn: np.ndarray, name: str, request: pytest.FixtureRequest) -> None:
    """Fail where `drawn`, uint8 (height, width, 3), is not the kept picture `name`.png."""
    kept = FOLDER / f"{name}.png"
    drawn = np.asarray(drawn, np.uint8)
    if request.config.getoption("--update-pictures"):
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(drawn).save(kept, optimize=True)
    else:
        Image.fromarray(drawn).save(request.getfixturevalue("tmp_path") / f"{name}.png")
    wanted = np.asarray(Image.open(kept).convert("RGB"))
    assert drawn.shape == wanted.shape
    off = np.abs(drawn.astype(int) - wanted.astype(int))
    assert off.mean() <= MEAN, f"{name}: off by {off.mean():.2f} of 255 on average"
    share = float((off.max(axis=-1) > FAR).mean())
    assert share <= FEW, f"{name}: {share:.2%} of the pixels are off by more than {FAR}"
