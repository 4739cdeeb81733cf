"""What one frame is: a plain record, made by the programme and drawn by the renderer."""

from dataclasses import dataclass

from installation.control.state import Values


@dataclass(frozen=True, slots=True)
class Shot:
    """All that one frame depends on, beside the pictures themselves.

    `values` is the control table's state array. `blend` is each deck's weight of its newest
    picture; `crossfade` 0 shows deck A, 1 deck B. `look` is the index of the scene whose passes
    are used; `look_b` that of deck B's, if it has another: then each deck is finished by its own
    look before they are mixed. `look_from` is a look that is being left without a crossfade, and
    `turn` how far, 0 to 1. `light` scales linear light; none is brighter
    than `ceiling`. `ghost` is how much of the remembered
    picture is left. `drift` is zoom and shift in parts of the canvas. A `frozen` frame shows the
    last canvas.
    """

    time: float
    values: Values
    blend: tuple[float, float] = (1.0, 1.0)
    crossfade: float = 0.0
    look: int = 0
    look_b: int | None = None
    look_from: int | None = None
    turn: float = 1.0
    light: float = 1.0
    ceiling: float = 1.0
    ghost: float = 0.0
    drift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    frozen: bool = False
