"""Look-up tables for colour as text: the .cube format (Adobe Cube LUT Specification 1.0, 2013).

Only three-dimensional tables over 0 to 1 are read, which is what grading programs export. Strict
and bounded: whatever the file holds, it costs little and gives a table or one line of complaint.
"""

import re

import numpy as np
import numpy.typing as npt

from installation.errors import ShaderError

LARGEST = 65  # points a side; grading programs write 17, 33 or 65
BRIGHTEST = 64.0
_HEAD = re.compile(r'TITLE\s+".*"|(LUT_3D_SIZE)\s+(\d{1,3})|(DOMAIN_MIN|DOMAIN_MAX)\s+(.*)')
_DOMAIN = {"DOMAIN_MIN": [0.0] * 3, "DOMAIN_MAX": [1.0] * 3}


def parse_cube(text: str, file: str) -> npt.NDArray[np.float16]:
    """The table as (blue, green, red, 4) of sRGB values. Raises ShaderError, `file:line: words`."""
    size, numbers, first = 0, [], 0
    for line, words in enumerate(text.splitlines(), 1):
        words = words.split("#")[0].strip()
        if not words:
            continue
        if words[0].isalpha():
            size = _head(words, file, line) or size
        elif size == 0:
            raise ShaderError(f"{file}:{line}: LUT_3D_SIZE must come before the colours")
        else:
            first = first or line
            numbers.append(words)
            if len(numbers) > size**3:
                raise ShaderError(
                    f"{file}:{line}: more than the {size**3} colours of {size} points"
                )
    if size == 0 or len(numbers) < size**3:
        raise ShaderError(f"{file}: {len(numbers)} colours; {size} points a side want {size**3}")
    return _table(numbers, size, f"{file}:{first}")


def _head(words: str, file: str, line: int) -> int:
    """The size, if this line says it; else 0."""
    match = _HEAD.fullmatch(words)
    if not match:
        raise ShaderError(f"{file}:{line}: unknown {words.split()[0][:40]}; 3D tables only")
    if match[3] and _numbers([match[4]], f"{file}:{line}").tolist() != [_DOMAIN[match[3]]]:
        raise ShaderError(f"{file}:{line}: {match[3]} must be {_DOMAIN[match[3]]}")
    size = int(match[2]) if match[1] else 0
    if match[1] and not 2 <= size <= LARGEST:
        raise ShaderError(f"{file}:{line}: LUT_3D_SIZE may be 2 to {LARGEST}")
    return size


def _table(lines: list[str], size: int, at: str) -> npt.NDArray[np.float16]:
    table = np.ones((size, size, size, 4), np.float16)
    table[..., :3] = _numbers(lines, at).reshape(size, size, size, 3)
    return table


def _numbers(lines: list[str], at: str) -> npt.NDArray[np.float64]:
    """Three finite numbers a line."""
    try:
        found = np.array([[float(word) for word in line.split()] for line in lines])
    except ValueError as error:
        raise ShaderError(f"{at}: every colour must be three numbers ({error})") from error
    if found.ndim != 2 or found.shape[1] != 3:
        raise ShaderError(f"{at}: every colour must be three numbers")
    if not (np.abs(found) <= BRIGHTEST).all():
        raise ShaderError(f"{at}: a colour is not a number, or beyond {BRIGHTEST:g}")
    return found
