"""How strongly to augment: as much as keeps the judge from knowing the pictures by heart."""

from dataclasses import dataclass

EVERY = 4  # steps between two adjustments


@dataclass
class Adaptive:
    """The rt heuristic (Karras et al. 2020, arXiv:2006.06676): the mean sign of the judge's scores
    for training pictures is 0 when it guesses and 1 when it knows them all; `p` is driven so that
    it stays at `target`. p goes from 0 to 1 in `images` at the quickest; `fixed` leaves it alone.
    """

    target: float = 0.6
    images: int = 500_000
    p: float = 0.0
    fixed: bool = False

    def hear(self, sign: float, images: int) -> None:
        """The mean sign over the last `images` pictures."""
        if self.fixed:
            return
        towards = (sign > self.target) - (sign < self.target)
        self.p = min(max(self.p + towards * images / self.images, 0.0), 1.0)
