"""All house painters by name."""

from dataclasses import dataclass

import numpy as np

from tools.paint.families import dinner
from tools.paint.families import parameters as family_parameters
from tools.paint.painter import Painter, Parameter
from tools.paint.people import parameters as portrait_parameters
from tools.paint.people import portrait
from tools.paint.people.facing import FACE, FEATURES
from tools.paint.people.sitters import SITTERS
from tools.paint.waves import parameters as wave_parameters
from tools.paint.waves import sea


@dataclass(frozen=True)
class Waves:
    """The sea."""

    name: str = "waves"
    parameters: tuple[Parameter, ...] = wave_parameters.PARAMETERS

    def paint(self, parameters: np.ndarray, size: int) -> np.ndarray:
        """See Painter."""
        return sea.paint(parameters, size)

    def faces(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter: there are none."""
        return np.empty((0, 3))

    def features(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter: there are none."""
        return np.empty((0, 3))

    def facts(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter: nothing is steep."""
        return np.empty((len(parameters), 0))


@dataclass(frozen=True)
class Portraits:
    """One sitter's portraits."""

    sitter: str
    parameters: tuple[Parameter, ...] = portrait_parameters.PARAMETERS

    @property
    def name(self) -> str:
        """See Painter."""
        return f"faces/{self.sitter}"

    def paint(self, parameters: np.ndarray, size: int) -> np.ndarray:
        """See Painter."""
        return portrait.paint(SITTERS[self.sitter], parameters, size)

    def faces(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter."""
        return portrait.circles(SITTERS[self.sitter], parameters, FACE)

    def features(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter."""
        return portrait.circles(SITTERS[self.sitter], parameters, FEATURES)

    def facts(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter: nothing is steep."""
        return np.empty((len(parameters), 0))


@dataclass(frozen=True)
class Families:
    """Four sitters at a table."""

    name: str = "families"
    parameters: tuple[Parameter, ...] = family_parameters.PARAMETERS

    def paint(self, parameters: np.ndarray, size: int) -> np.ndarray:
        """See Painter."""
        return dinner.paint(parameters, size)

    def faces(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter."""
        return dinner.circles(parameters, FACE)

    def features(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter."""
        return dinner.circles(parameters, FEATURES)

    def facts(self, parameters: np.ndarray) -> np.ndarray:
        """See Painter."""
        return family_parameters.facts(parameters)


PAINTERS: dict[str, Painter] = {
    painter.name: painter
    for painter in (Waves(), *(Portraits(name) for name in SITTERS), Families())
}
