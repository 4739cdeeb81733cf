"""How signals count, as show.yaml names it. Apart from the arithmetic, which needs numpy."""

from typing import Literal

MergeRule = Literal["max", "min", "mean", "sum", "latest"]  # of several signals on one control
Mode = Literal["absolute", "step", "speed"]  # a signal is the value, moves it, or is its speed
