"""Walks: pure functions from a state, the controls and a span of time to a place in latent space.

A state is WALK_STATE floats and travels in each picture's header, so a restarted deck goes on from
the picture on the wall. Speeds integrate into phases; nothing here counts frames.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from installation.latent.space import Loop, Space, Vector, unit

STATE = 16  # floats; as many as a picture's header carries
OWN = STATE - 2  # of them are the walk's; the last two are an order's, see decks.orders
MAX_STEP = 0.1  # seconds: after a stall the walk goes on from where it was, it does not leap
GRAVITY = 9.81  # m/s²

State = tuple[float, ...]
START: State = (0.0,) * STATE


@dataclass(frozen=True, slots=True)
class Heard:
    """The beat: beats a minute (0 while none is found), phase 0 … 1, how sure that is, 0 … 1."""

    tempo: float = 0.0
    phase: float = 0.0
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Steering:
    """The live controls of a walk. `push` is in standard deviations, one a steering axis."""

    speed: float = 1.0
    spread: float = 1.0
    tide: float = 1.0
    push: tuple[float, ...] = ()
    beat: Heard = Heard()


class Walk(Protocol):
    """What a scene's `walk` names."""

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """`dt` seconds on from `state`: the new state, and z, float64 (z_dim,) of unit rms."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scene says of its walk.

    `period` is the seconds of one round, `spread` how far it strays in standard deviations. `lean`
    is a steady push by axis name. `axes` are the dimensions `Steering.push` pushes, -1 none.
    `hold` is how many seconds a face is held, `lineage` how many a generation lasts, 0 for none.
    `grid` is how many seeds lie across and down; `around` is z (z_dim,), the centre of an orbit,
    `radius` its size in standard deviations a number."""

    kind: str = "waves"
    period: float = 90.0
    spread: float = 1.0
    seed: int = 0
    lean: Mapping[str, float] = field(default_factory=dict)
    axes: tuple[int, ...] = ()
    hold: float = 20.0
    lineage: float = 0.0
    grid: tuple[int, int] = (4, 4)
    around: Vector | None = None
    radius: float = 0.5


class Ground:
    """What all walks share: which dimensions move, what carries the norm, where steering pushes."""

    def __init__(self, plan: Plan, space: Space) -> None:
        self.space = space
        self.rng = np.random.default_rng(plan.seed)
        self.size = space.used or space.z_dim
        self._used = space.used if space.used < space.z_dim else 0  # as many as there are: all
        self._spread = plan.spread
        self._axes = [(push, axis) for push, axis in enumerate(plan.axes) if axis >= 0]
        self._lean = np.zeros(space.z_dim)
        for name, push in plan.lean.items():
            self._lean[space.axes[name]] += push
        self._rest = self.rng.standard_normal(space.z_dim)
        self._rest[: self._used] = 0.0

    def place(self, moving: Vector, steering: Steering) -> Vector:
        """z from the moving dimensions: spread, pushed, and brought to unit rms."""
        spread = self._spread * steering.spread
        z = self._lean.copy()
        z[: self.size] += moving * spread
        for push, axis in self._axes:
            z[axis] += steering.push[push]
        return self._norm_kept(z) if self._used else self._near_middle(z, spread)

    def _norm_kept(self, z: Vector) -> Vector:
        """The unused dimensions take up what the used ones leave of the norm."""
        free = max(len(z) - z @ z, 0.0)
        return unit(z + self._rest * np.sqrt(free / (self._rest @ self._rest)))

    def _near_middle(self, z: Vector, spread: float) -> Vector:
        """Where every dimension matters, a small spread stays near one seeded place."""
        return unit(z + self._rest * np.sqrt(max(1.0 - spread * spread, 0.0)))


SLOW = (1.0, 0.6, 0.35)  # harmonics of a slow round: the third is seen as weather, not as a beat


class Closed:
    """One closed round a period."""

    def __init__(self, ground: Ground, period: float) -> None:
        self._ground, self._period = ground, period
        self._loop = Loop(ground.size, ground.rng, SLOW)

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        turn = turned(state[0], steering.speed * min(dt, MAX_STEP) / self._period)
        return (turn, *state[1:]), self._ground.place(self._loop.at(turn), steering)


class Drift:
    """A round that never closes: its harmonics run at periods that share no multiple."""

    _RATES = np.array([1.0, (1 + 5**0.5) / 4, 2**0.5 / 2])

    def __init__(self, ground: Ground, period: float) -> None:
        self._ground, self._period = ground, period
        self._loop = Loop(ground.size, ground.rng, SLOW)

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        moved = steering.speed * min(dt, MAX_STEP) / self._period
        turns = [turned(state[i], moved * rate) for i, rate in enumerate(self._RATES)]
        z = self._ground.place(self._loop.at(np.array(turns)), steering)
        return (*turns, *state[3:]), z


class Waves:
    """Weather on a slow closed round; swells that roll by deep-water dispersion.

    A wave of length L metres turns at sqrt(2 pi g / L) radians a second (Airy's linear theory);
    its height breathes with the round.
    """

    def __init__(self, ground: Ground, period: float) -> None:
        self._ground, self._period = ground, period
        self._loop = Loop(ground.size, ground.rng, SLOW)
        lengths = np.array([swell.wavelength for swell in ground.space.tide[: OWN - 1]])
        self._turns_a_second = np.sqrt(2 * np.pi * GRAVITY / lengths) / (2 * np.pi)
        self._first = [swell.pair[0] for swell in ground.space.tide[: OWN - 1]]
        self._second = [swell.pair[1] for swell in ground.space.tide[: OWN - 1]]

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        dt = min(dt, MAX_STEP)
        turn = turned(state[0], steering.speed * dt / self._period)
        count = len(self._first)
        rolled = (np.array(state[1 : count + 1]) + steering.tide * dt * self._turns_a_second) % 1.0
        moving = self._loop.at(turn)
        self._roll(moving, rolled)
        return (turn, *map(float, rolled), *state[count + 1 :]), self._ground.place(
            moving, steering
        )

    def _roll(self, moving: Vector, turns: Vector) -> None:
        """Turn each swell's pair by its phase; its length, the wave's height, stays."""
        angle = 2 * np.pi * turns
        a, b = moving[self._first], moving[self._second]
        moving[self._first] = a * np.cos(angle) - b * np.sin(angle)
        moving[self._second] = a * np.sin(angle) + b * np.cos(angle)


def turned(turns: float, by: float) -> float:
    """A phase moved on, 0 … 1."""
    return (turns + by) % 1.0
