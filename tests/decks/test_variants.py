"""An edit between the layers is another graph: when it plays, and when the plain one does."""

from collections.abc import Callable

import numpy as np
import pytest

from installation.decks.loading import play
from installation.decks.variants import KEPT, Variants, left_out
from installation.generators.anatomy import Anatomy, parts
from installation.generators.bands import Bands
from installation.generators.bends import Bend
from installation.generators.protocol import Network
from installation.generators.styles import Edit
from installation.generators.taps import PLAIN, Taps, Variant
from installation.generators.test_card import TestCard
from installation.generators.xray import XRay
from tests.small_models import TINY, random_tensors, small_card

CARD, WEIGHTS = small_card(TINY), random_tensors(TINY)
Z = np.random.default_rng(0).standard_normal((2, TINY.z_dim))
ABLATE, TURN = Bend("ablate", 8, 1.0), Bend("rotate", 16, 0.5)


def made(taps: Taps, backend: str = "onnxruntime") -> Network:
    return play(backend, CARD, WEIGHTS, exact=True, variant=Variant(taps))


def variants(make: Callable[[Taps], Network] = made, patient: bool = False) -> Variants:
    return Variants(make, Anatomy(TINY, Variant()), patient)


def painted(generator: Variants, edit: Edit | None = None) -> np.ndarray:
    out = np.zeros((16, 16, 4), np.uint8)
    assert generator.draw(Z[0], 0.8, out, edit)
    return out


def made_ready(generator: Variants, edit: Edit) -> np.ndarray:
    """The picture as soon as its graph has come: the pictures before are without."""
    painted(generator, edit)
    generator._wait()
    return painted(generator, edit)


@pytest.mark.parametrize(
    "edit",
    [
        Edit(bends=(ABLATE, TURN)),
        Edit(xray=XRay(16, 1.0)),
        Edit(bands=Bands([Z[1]]), mix=0.0),
    ],
    ids=["bends", "xray", "bands"],
)
def test_the_walk_goes_on_without_an_edit_until_its_graph_is_there(edit: Edit):
    ours = variants()
    plain = painted(ours)
    assert (painted(ours, edit) == plain).all()
    assert left_out(ours) == parts(edit) != 0
    seen = made_ready(ours, edit)
    assert left_out(ours) == 0
    assert np.abs(seen.astype(int) - plain).mean() > 1
    assert (painted(variants(patient=True), edit) == seen).all()
    reference = play("torch", CARD, WEIGHTS, exact=True)
    wanted = np.zeros_like(seen)
    assert reference.draw(Z[0], 0.8, wanted, edit)
    assert np.abs(seen.astype(int) - wanted.astype(int)).max() <= 1
    assert (painted(ours) == plain).all()


def test_a_bend_that_plays_goes_on_while_another_is_awaited():
    ours = variants()
    one = made_ready(ours, Edit(bends=(ABLATE,)))
    assert (painted(ours, Edit(bends=(ABLATE, TURN))) == one).all()
    assert left_out(ours) == 2
    ours._wait()
    assert (painted(ours, Edit(bends=(ABLATE, TURN))) != one).any()


def test_another_amount_needs_no_other_graph():
    asked: list[Taps] = []

    def counted(taps: Taps) -> Network:
        asked.append(taps)
        return made(taps)

    ours = variants(counted, patient=True)
    pictures = [painted(ours, Edit(bends=(Bend("scale", 16, n / 4),))) for n in (1, 2, 3)]
    assert len(asked) == 2
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[1] != pictures[2]).any()


def test_a_graph_that_cannot_be_made_costs_one_line_and_no_picture(caplog):
    def broken(taps: Taps) -> Network:
        if taps == PLAIN:
            return made(taps)
        raise RuntimeError("no such operation here")

    ours = variants(broken)
    edit = Edit(bends=(ABLATE,))
    plain = painted(ours)
    for _ in range(3):
        assert (made_ready(ours, edit) == plain).all()
    assert len(caplog.messages) == 1
    assert "no such operation here" in caplog.text


def test_a_graph_that_paints_something_else_is_not_taken_up(caplog):
    other = random_tensors(TINY, 1)

    def wrong(taps: Taps) -> Network:
        weights = WEIGHTS if taps == PLAIN else other
        return play("onnxruntime", CARD, weights, exact=True, variant=Variant(taps))

    ours = variants(wrong)
    assert (made_ready(ours, Edit(bends=(ABLATE,))) == painted(ours)).all()
    assert "paints another picture" in caplog.text


def test_only_so_many_graphs_are_kept():
    ours = variants(patient=True)
    for kind in ("noise", "threshold", "rotate", "ablate"):
        for side in (8, 16):
            painted(ours, Edit(bends=(Bend(kind, side, 0.5),)))
    assert len(ours._ready) <= KEPT + 1
    assert PLAIN in ours._ready


def test_torch_needs_no_other_graph_and_a_test_card_has_no_edits():
    ours = variants(lambda taps: made(taps, "torch"))
    edit = Edit(bends=(TURN,))
    assert (painted(ours, edit) != painted(ours)).any()
    assert left_out(ours) == 0
    assert left_out(TestCard(16, 16)) == 0
    ours.close()
    ours.close()
