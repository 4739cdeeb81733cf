"""The house painter of seas: 28 numbers in, one picture out. No photograph, no borrowed art."""

from tools.paint.parameters import COUNT, PARAMETERS, sample, tide
from tools.paint.sea import paint

__all__ = ["COUNT", "PARAMETERS", "paint", "sample", "tide"]
