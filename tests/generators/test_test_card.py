import numpy as np
import pytest

from installation.generators.test_card import FAULTS, LEAK, SLOW, TestCard
from installation.show.models import TestCard as Schema

Z = np.linspace(-2, 2, 16)


def draw(card: TestCard) -> tuple[bool, np.ndarray]:
    out = np.zeros((card.height, card.width, 4), np.uint8)
    return card.draw(Z, 1.0, out), out


def test_the_show_and_the_card_know_the_same_faults():
    assert set(Schema.model_json_schema()["properties"]["fault"]["enum"]) == set(FAULTS)


def test_steering_moves_the_picture_a_little_at_a_time():
    card = TestCard(64, 48)
    pictures = []
    for shift in (0.0, 0.01, 1.0):
        out = np.zeros((48, 64, 4), np.uint8)
        card.draw(Z + shift, 1.0, out)
        pictures.append(out.astype(int))
    near, far = (np.abs(picture - pictures[0]).mean() for picture in pictures[1:])
    assert 0 < near < 2 < far


@pytest.mark.parametrize("size", [(16, 16), (16, 300), (301, 17)])
def test_any_size_a_show_may_ask_for_is_drawn(size: tuple[int, int]):
    done, picture = draw(TestCard(*size))
    assert done
    assert picture.shape == (size[1], size[0], 4)
    assert picture[..., :3].std() > 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_waits_for_its_picture(fault: str):
    card = TestCard(16, 16, fault, after=3, sleep=lambda seconds: pytest.fail("too early"))
    assert [draw(card)[0] for _ in range(3)] == [True] * 3


def test_faults_do_what_they_are_called():
    slept: list[float] = []
    cards = {name: TestCard(16, 16, name, sleep=slept.append) for name in FAULTS}
    with pytest.raises(RuntimeError, match="as it was told to"):
        draw(cards["crash"])
    assert draw(cards["nan"])[0] is False
    assert draw(cards["slow"])[0]
    assert draw(cards["hang"])[0]
    assert slept == [SLOW, 3600.0]
    for _ in range(3):
        assert draw(cards["leak"])[0]
    assert sum(map(len, cards["leak"]._leaked)) == 3 * LEAK
