"""How a fade goes on in time: every easing takes 0..1 to 0..1, never back. Pure."""

from collections.abc import Callable, Mapping
from typing import Literal

Easing = Literal["smooth", "linear", "in", "out"]
EASINGS: Mapping[Easing, Callable[[float], float]] = {
    "smooth": lambda t: t * t * (3.0 - 2.0 * t),  # slow at both ends (smoothstep)
    "linear": lambda t: t,
    "in": lambda t: t * t,  # begins slowly
    "out": lambda t: t * (2.0 - t),  # ends slowly
}


def eased(easing: Easing, t: float) -> float:
    """The share of a fade that is done when `t` of its time has gone; `t` outside 0..1 is cut."""
    return EASINGS[easing](min(max(t, 0.0), 1.0))
