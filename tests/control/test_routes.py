import numpy as np
import pytest

from installation.control.arbitration import Arbiter, Hand
from installation.control.conditioning import Conditioning
from installation.control.parameters import Table
from installation.control.routes import Routes
from installation.control.rows import house_rows

TABLE = Table(house_rows(["sea"]))
TIDE, SPEED = TABLE.index("/walk/tide"), TABLE.index("/walk/speed")
HOW = Conditioning(target=(0.8, 1.8), timeout=1.0, neutral=1.0)
DT = 1 / 120


def routed() -> tuple[Routes, Arbiter]:
    routes = [("/audio/bass", "/walk/tide", HOW), ("/wall/x", "/walk/speed", HOW)]
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
