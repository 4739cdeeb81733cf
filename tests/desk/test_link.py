from pathlib import Path

import numpy as np
import pytest

from installation.desk.hands import Hands
from installation.desk.link import Link
from installation.health import HealthWriter
from installation.memory import Arena
from installation.panel.link import DeskLink
from installation.session import SECTIONS
from installation.show.loader import loads

SHOW = """
models: {card: {test_card: {}}}
scenes: {one: {model: card, look: []}, two: {model: card, look: []}}
"""


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Hands, DeskLink, Arena]:
    show, table = loads(SHOW, tmp_path)
    hands, arena = Hands(show, table), Arena.create(SECTIONS)
    return hands, Link(show.title, table, hands, arena), arena


def test_what_the_panel_asks_is_done_at_the_next_tick(desk: tuple[Hands, Link, Arena]):
    hands, link, _ = desk
    link.ask("/master/freeze", 1.0)
    link.press("/scene/next")
    hands.panel(1.0)
    values = hands.step(1.0, 0.01)
    assert link.values()[link.table.index("/master/freeze")] == 0.0
    link.publish(values, hands.arbiter.holder)
    shown = link.values()
    assert shown[link.table.index("/master/freeze")] == 1.0
    assert shown[link.table.index("/scene")] == 1.0
    assert link.holders()[link.table.index("/scene")] == "panel"
    assert link.holders()[link.table.index("/walk/speed")] == "default"


def test_before_its_first_tick_a_desk_tells_what_a_former_one_left(
    desk: tuple[Hands, Link, Arena],
):
    hands, former, arena = desk
    left = np.array(former.values())
    speed = former.table.index("/walk/speed")
    left[speed] = 2.5
    hands.arbiter.restore(left, 1.0)
    link = Link("again", former.table, hands, arena)
    assert link.status()["values"]["/walk/speed"] == link.goals()[speed] == 2.5


def test_published_values_do_not_change_under_the_panel(desk: tuple[Hands, Link, Arena]):
    hands, link, _ = desk
    link.publish(hands.step(1.0, 0.01), hands.arbiter.holder)
    shown, holders = link.values(), link.holders()
    link.ask("/scene", 1.0)
    hands.panel(2.0)
    hands.step(2.0, 0.01)
    assert shown == link.values() == [row.default for row in link.table]
    assert holders == link.holders()


def test_the_status_is_the_report(desk: tuple[Hands, Link, Arena]):
    _, link, arena = desk
    HealthWriter(arena, "stage", 42).write(1.0, 9, presented=60, black=0)
    status = link.status()
    assert status["presented"]["frames"] == 60
    assert status["pids"]["stage"] == 42


def test_without_a_preview_there_is_no_picture(desk: tuple[Hands, Link, Arena]):
    assert desk[1].picture() is None


def test_a_wish_for_a_read_only_row_changes_nothing(desk: tuple[Hands, Link, Arena]):
    hands, link, _ = desk
    link.ask("/state/crossfade", 1.0)
    hands.panel(1.0)
    values = np.array(hands.step(1.0, 0.01))
    assert values[link.table.index("/state/crossfade")] == 0.0
