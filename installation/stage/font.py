"""A plotter's alphabet: capitals of straight pen strokes, drawn at any size, no font file needed.

A glyph is a few lines through points of a grid four wide and six high, two digits a point, x then
y from the top. A point alone is a dot.
"""

import numpy as np
import numpy.typing as npt

ADVANCE, LINE = 6, 10  # grid units from letter to letter and from line to line
_BOWL = "103041453616050110"
_STROKES = {
    "A": "0602204246 0444", "B": "06003041423303 3344453606", "C": "4130100105163645",
    "D": "06003041453606", "E": "40000646 0333", "F": "400006 0333",
    "G": "41301001051636454323", "H": "0006 4046 0343", "I": "1030 2026 1636",
    "J": "404536160504", "K": "0006 400346", "L": "000646", "M": "0600234046",
    "N": "06004640", "O": _BOWL, "P": "06003041423303", "Q": f"{_BOWL} 2446",
    "R": "06003041423303 2346", "S": "413010010213334445361605", "T": "0040 2026",
    "U": "000516364540", "V": "002640", "W": "0016233640", "X": "0046 4006",
    "Y": "002340 2326", "Z": "00400646",
    "0": f"{_BOWL} 1432", "1": "112026 1636", "2": "01103041420646",
    "3": "011030414233 13334445361605", "4": "300444 3036", "5": "400002324345361605",
    "6": "4130100105163645443303", "7": "004016", "8": "103041423313020110 133344453616050413",
    "9": "0516364541301001021343",
    ".": "26", ",": "2617", ":": "22 26", ";": "22 2617", "-": "1333", "+": "1333 2224",
    "_": "0646", "/": "0640", "\\": "0046", "%": "0640 01 45", "(": "30212536", ")": "10212516",
    "[": "30202636", "]": "10202616", "{": "30202636", "}": "10202616", "'": "2021", "`": "2021",
    '"': "1011 3031", "!": "2024 26", "?": "01103041422324 26", "*": "2125 1234 1432",
    "=": "0242 0444", "<": "310335", ">": "114315", "#": "1016 3036 0242 0444", "|": "2026",
}  # fmt: skip

Plane = npt.NDArray[np.float64]


class Font:
    """The alphabet with grid units of `unit` pixels; glyphs are drawn when first asked for."""

    def __init__(self, unit: float) -> None:
        self.unit = unit
        self.advance = round(ADVANCE * unit)
        self.line = round(LINE * unit)
        self._glyphs: dict[str, npt.NDArray[np.uint8]] = {}

    def write(self, sheet: npt.NDArray[np.uint8], text: str, x: int, y: int) -> None:
        """Write one line on `sheet`, uint8 (height, width), top left at (x, y), cut at the edge.

        Letters come out as capitals, unknown characters as gaps."""
        for place, character in enumerate(text.upper()):
            glyph = self._glyph(character)
            left = x + place * self.advance
            part = sheet[y : y + glyph.shape[0], left : left + glyph.shape[1]]
            np.maximum(part, glyph[: part.shape[0], : part.shape[1]], out=part)

    def _glyph(self, character: str) -> npt.NDArray[np.uint8]:
        if character not in self._glyphs:
            self._glyphs[character] = _draw(_STROKES.get(character, ""), self.unit)
        return self._glyphs[character]


def _draw(strokes: str, unit: float) -> npt.NDArray[np.uint8]:
    """A glyph as coverage, 0 to 255; its pen is a little less than a grid unit wide."""
    shape = (round(8 * unit), round(ADVANCE * unit))
    down, across = np.mgrid[: shape[0], : shape[1]] + 0.5
    near = np.full(shape, np.inf)
    for line in strokes.split():
        grid = zip(map(int, line[::2]), map(int, line[1::2]), strict=True)
        points = [((x + 1) * unit, (y + 1) * unit) for x, y in grid]
        for start, end in zip(points, points[1:] or points, strict=False):
            near = np.minimum(near, _distance(across, down, start, end))
    pen = max(0.42 * unit, 0.55)
    return (np.clip(pen + 0.5 - near, 0.0, 1.0) * 255).astype(np.uint8)


def _distance(x: Plane, y: Plane, a: tuple[float, float], b: tuple[float, float]) -> Plane:
    """From every pixel to the segment from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = np.clip(((x - a[0]) * dx + (y - a[1]) * dy) / max(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    return np.hypot(x - a[0] - t * dx, y - a[1] - t * dy)
