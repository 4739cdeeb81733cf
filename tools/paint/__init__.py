"""The house painters: named numbers in, one picture out. No photograph, no borrowed art."""

from tools.paint.painter import Painter, Parameter, sample
from tools.paint.painters import PAINTERS

__all__ = ["PAINTERS", "Painter", "Parameter", "sample"]
