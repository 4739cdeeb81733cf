import numpy as np
import pytest

from installation.control.arbitration import Arbiter, Hand
from installation.control.conditioning import Conditioning
from installation.control.parameters import Table
from installation.control.routes import Path, Routes
from installation.control.rows import house_rows
from installation.control.signals import MergeRule

TABLE = Table(house_rows(["sea"]))
TIDE, SPEED = TABLE.index("/walk/tide"), TABLE.index("/walk/speed")
HOW = Conditioning(target=(0.8, 1.8), timeout=1.0, neutral=1.0)
DT = 1 / 120


def routed() -> tuple[Routes, Arbiter]:
    routes = [
        Path(("/audio/bass",), "/walk/tide", HOW),
        Path(("/wall/x",), "/walk/speed", HOW),
    ]
    return Routes(TABLE, routes), Arbiter(TABLE)


def run(routes: Routes, arbiter: Arbiter, now: float, seconds: float) -> np.ndarray:
    for i in range(round(seconds / DT)):
        routes.step(arbiter, now + i * DT, DT)
        arbiter.step(now + i * DT, DT)
    return arbiter.values


def test_a_route_hears_its_own_source_only():
    routes, arbiter = routed()
    assert routes.sources == {"/audio/bass", "/wall/x"}
    for i in range(300):
        routes.hear({"/audio/bass": 1.0, "/audio/air": 0.0}, i * DT)
        run(routes, arbiter, i * DT, DT)
    assert arbiter.values[TIDE] == pytest.approx(1.8, abs=0.05)
    assert arbiter.values[SPEED] == TABLE.rows[SPEED].default


def test_a_silent_route_touches_nothing():
    routes, arbiter = routed()
    run(routes, arbiter, 0.0, 1.0)
    assert (arbiter.holder == Hand.DEFAULT).all()


def test_a_dead_sensor_brings_its_control_back_to_neutral_and_lets_go():
    routes, arbiter = routed()
    routes.hear({"/audio/bass": 1.0}, 0.0)
    assert run(routes, arbiter, 0.0, 0.9)[TIDE] > 1.3
    assert run(routes, arbiter, 0.9, 6.0)[TIDE] == pytest.approx(1.0, abs=0.01)
    arbiter.touch(Hand.CUE, TIDE, 3.0, 6.9)
    run(routes, arbiter, 6.9, 12.0)
    assert arbiter.holder[TIDE] == Hand.CUE


def test_routes_that_are_left_give_their_controls_back():
    """A scene that ends must not leave the next one with the last loud moment it heard."""
    routes, arbiter = routed()
    for i in range(60):
        routes.hear({"/audio/bass": 1.0}, i * DT)
        run(routes, arbiter, i * DT, DT)
    routes.let_go(arbiter)
    for i in range(60, 1000):
        arbiter.step(i * DT, DT)
    assert arbiter.values[TIDE] == pytest.approx(1.0, abs=0.01)
    assert arbiter.holder[TIDE] == Hand.DEFAULT


def encoder() -> tuple[Routes, Arbiter]:
    how = Conditioning(source=(-1, 1), target=(-0.1, 0.1), mode="step", limits=(0, 4))
    return Routes(TABLE, [Path(("/knob",), "/walk/speed", how)]), Arbiter(TABLE)


def test_an_encoder_goes_on_from_where_another_hand_left_the_control():
    routes, arbiter = encoder()
    arbiter.touch(Hand.PANEL, SPEED, 2.0, 0.0)
    run(routes, arbiter, 0.0, 8.0)
    for _ in range(3):
        routes.hear({"/knob": 1.0}, 8.0)
    assert run(routes, arbiter, 8.0, 4.0)[SPEED] == pytest.approx(2.3, abs=1e-3)
    assert arbiter.holder[SPEED] == Hand.ROUTE


def test_an_encoder_at_rest_leaves_the_control_to_others():
    routes, arbiter = encoder()
    routes.hear({"/knob": 1.0}, 0.0)
    run(routes, arbiter, 0.0, 1.0)
    arbiter.touch(Hand.CUE, SPEED, 3.0, 1.0)
    run(routes, arbiter, 1.0, 10.0)
    assert arbiter.values[SPEED] == pytest.approx(3.0, abs=1e-3)
    routes.hear({"/knob": -1.0}, 11.0)
    assert run(routes, arbiter, 11.0, 4.0)[SPEED] == pytest.approx(2.9, abs=1e-3)


@pytest.mark.parametrize(
    ("rule", "expected"), [("max", 0.6), ("min", 0.2), ("mean", 0.4), ("sum", 0.8), ("latest", 0.2)]
)
def test_several_sources_come_to_one_value(rule: MergeRule, expected: float):
    how = Conditioning()
    routes = Routes(TABLE, [Path(("/a", "/b"), "/walk/tide", how, rule)])
    arbiter = Arbiter(TABLE)
    routes.hear({"/a": 0.6}, 0.0)
    routes.hear({"/b": 0.2}, 0.0)
    assert run(routes, arbiter, 0.0, 6.0)[TIDE] == pytest.approx(expected, abs=1e-3)


def test_a_source_that_fell_silent_counts_no_more():
    how = Conditioning(timeout=1.0)
    routes = Routes(TABLE, [Path(("/a", "/b"), "/walk/tide", how)])
    arbiter = Arbiter(TABLE)
    routes.hear({"/a": 0.9, "/b": 0.2}, 0.0)
    routes.hear({"/b": 0.2}, 0.9)
    assert run(routes, arbiter, 0.9, 0.9)[TIDE] < 0.9
    routes.step(arbiter, 1.8, DT)
    assert arbiter.wanted(TIDE, 1.8) == pytest.approx(0.2)


def test_one_broken_value_among_several_sources_spoils_nothing():
    routes = Routes(TABLE, [Path(("/a", "/b"), "/walk/tide", Conditioning(), "mean")])
    arbiter = Arbiter(TABLE)
    routes.hear({"/a": 0.5, "/b": float("nan")}, 0.0)
    routes.step(arbiter, 0.0, DT)
    assert arbiter.wanted(TIDE, 0.0) == pytest.approx(0.5)
