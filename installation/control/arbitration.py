"""Several hands on one control: who holds it now, and how it glides when the hand changes.

A hand that touches a control holds it for five seconds against every hand below it. After that
the control follows its route (a sound, a sensor) if one is alive, else it stays where the last
hand left it. Pure: time comes in as an argument.
"""

from enum import IntEnum

import numpy as np

from installation.control.parameters import Kind, Parameter, Table
from installation.control.state import Values

HOLD = 5.0  # seconds a touch outranks lower hands
GLIDE = 0.6  # time constant in seconds of the way back to another hand's value
_NEVER = -1e9


class Hand(IntEnum):
    """Who may steer, weakest first."""

    DEFAULT = 0
    ROUTE = 1  # audio, sensors: gives a value every tick while it lives
    CUE = 2
    OSC = 3  # and MIDI
    PANEL = 4
    KEY = 5


class Arbiter:
    """The table's values under several hands. All arrays are float64, one entry a row."""

    def __init__(self, table: Table) -> None:
        self._table = table
        shape = (len(Hand), len(table))
        self._wanted = np.zeros(shape)
        self._touched = np.full(shape, _NEVER)
        self._wanted[Hand.DEFAULT] = [row.default for row in table]
        self._touched[Hand.DEFAULT] = _NEVER / 2  # older than any touch, younger than none
        self.values: Values = self._wanted[Hand.DEFAULT].copy()
        self.goals: Values = self.values.copy()  # where the values glide to, since the last step
        self.holder = np.zeros(len(table), dtype=np.int64)
        self._moves = np.array([row.kind is Kind.FLOAT for row in table])
        self._counts = np.array([row.kind is Kind.TRIGGER for row in table])
        self._smooth = np.array([row.smooth for row in table])
        self._gliding = np.zeros(len(table))  # seconds of time constant left from a hand change

    def touch(self, hand: Hand, index: int, value: float, now: float) -> bool:
        """A hand asks for a value; it is clamped. False, and nothing done, if it is not finite."""
        if not np.isfinite(value):
            return False
        self._wanted[hand, index] = self._table.rows[index].clamp(value)
        self._touched[hand, index] = now
        return True

    def press(self, hand: Hand, index: int, now: float) -> None:
        """A hand presses a trigger: its count grows, so no press can be overwritten."""
        self._wanted[:, index] += 1
        self._touched[hand, index] = now

    def release(self, hand: Hand, index: int) -> None:
        """A hand lets go: the control glides back to whoever touched it last."""
        self._touched[hand, index] = _NEVER

    def wanted(self, index: int, now: float) -> float:
        """The value a control is on its way to, touches since the last step among them."""
        return float(self._wanted[self._holders(now)[index], index])

    def restore(self, values: Values, now: float) -> None:
        """Take up the values a former desk left, as if a cue had set them a while ago."""
        self.values[:] = values
        self._wanted[Hand.CUE] = values
        self._wanted[:, self._counts] = values[self._counts]
        self._touched[Hand.CUE] = now - HOLD

    def take_over(self, former: "Arbiter") -> None:
        """Go on from an arbiter of another table: who wanted what, by address and choices by name.

        Routes and defaults are this table's own. What no longer exists is wanted by nobody."""
        for index, row in enumerate(self._table):
            if row.address in former._table and former._table[row.address].kind is row.kind:
                self._take_over(former, former._table.index(row.address), index)
        self.holder = self._holders(_NEVER)

    def _take_over(self, former: "Arbiter", place: int, index: int) -> None:
        before, row = former._table.rows[place], self._table.rows[index]
        if row.kind is Kind.TRIGGER:
            self._wanted[:, index] = former._wanted[:, place]
        for hand in (Hand.CUE, Hand.OSC, Hand.PANEL, Hand.KEY):
            wanted = followed(before, row, float(former._wanted[hand, place]))
            if wanted is not None:
                self._wanted[hand, index] = wanted
                self._touched[hand, index] = former._touched[hand, place]
        value = followed(before, row, float(former.values[place]))
        self.values[index] = row.default if value is None else value

    def reset(self, now: float) -> None:
        """Every control that resets back to its default, whoever held it."""
        for index, row in enumerate(self._table):
            if row.kind is not Kind.TRIGGER and row.resets:
                self.forget(index, now)

    def forget(self, index: int, now: float) -> None:
        """One control back to its default, whoever held it."""
        self._touched[:, index] = _NEVER
        self._touched[Hand.DEFAULT, index] = now

    def step(self, now: float, dt: float) -> Values:
        """The values at `now`, `dt` seconds after the last step; a live view."""
        holder = self._holders(now)
        self._gliding = np.where(holder != self.holder, GLIDE, self._gliding)
        self.holder = holder
        target = self.goals = self._wanted[holder, np.arange(len(self.values))]
        tau = np.maximum(self._smooth, self._gliding)
        keep = np.where(self._moves & (tau > 0), np.exp(-dt / np.maximum(tau, 1e-6)), 0.0)
        self.values[:] = target + (self.values - target) * keep
        self._gliding *= np.exp(-dt / GLIDE)
        return self.values

    def _holders(self, now: float) -> np.ndarray:
        """The strongest hand that touched within HOLD, else the route, else the latest touch."""
        fresh = now - self._touched < HOLD
        fresh[Hand.DEFAULT] = False
        strongest = len(Hand) - 1 - np.argmax(fresh[::-1], axis=0)
        latest = np.argmax(self._touched, axis=0)
        return np.where(fresh.any(axis=0), strongest, latest)


def followed(before: Parameter, row: Parameter, value: float) -> float | None:
    """A value of a row as the same row of a newer table takes it; None for a choice it lacks."""
    if row.kind is not Kind.CHOICE:
        return row.clamp(value)
    name = before.choices[int(value)] if 0 <= value < len(before.choices) else ""
    return float(row.choices.index(name)) if name in row.choices else None
