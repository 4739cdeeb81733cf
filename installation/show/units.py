"""The words people write for quantities in show.yaml: durations, sizes, times of day, bytes."""

import re
from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

_DURATION = re.compile(r"([0-9]*\.?[0-9]+)\s*(ms|s|min|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_GRID = re.compile(r"([0-9]{1,2})x([0-9]{1,2})")
_BYTES = re.compile(r"([0-9]*\.?[0-9]+)\s*(MB|GB|TB)")
_FACTOR = {"MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")
MIN_SIDE, MAX_SIDE = 16, 16384  # pixels: the largest texture of every GL 3.3 driver we know


def seconds(value: Any) -> Any:
    """'400ms', '3s', '2min', '1h' or a number of seconds, as seconds. Raises ValueError."""
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if not match:
        raise ValueError(f"{value!r} is no duration; write 400ms, 3s, 2min or 1h")
    return float(match[1]) * _SECONDS[match[2]]


def size(value: Any) -> Any:
    """'1280x720' as (1280, 720). Raises ValueError."""
    if not isinstance(value, str):
        return value
    match = _SIZE.fullmatch(value.strip())
    if not match:
        raise ValueError(f"{value!r} is no size; write width x height in pixels, as 1280x720")
    return _possible((int(match[1]), int(match[2])))


def grid(value: Any) -> Any:
    """'5x4' as (5, 4): so many across, so many down. Raises ValueError."""
    if not isinstance(value, str):
        return value
    match = _GRID.fullmatch(value.strip())
    if not match:
        raise ValueError(f"{value!r} is no grid; write points across x down, as 5x4")
    return int(match[1]), int(match[2])


def octets(value: Any) -> Any:
    """'500MB', '10GB', '1TB' or a number, as bytes. Raises ValueError."""
    if not isinstance(value, str):
        return value
    match = _BYTES.fullmatch(value.strip())
    if not match:
        raise ValueError(f"{value!r} is no amount; write 500MB, 10GB or 1TB")
    return round(float(match[1]) * _FACTOR[match[2]])


def _possible(size: tuple[int, int]) -> tuple[int, int]:
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in size):
        width, height = size
        raise ValueError(
            f"{width}x{height} is no size: {MIN_SIDE} to {MAX_SIDE} pixels a side, as 1280x720"
        )
    return size


def time_of_day(value: Any) -> Any:
    """'20:30' or '20:30:15' as a time. Raises ValueError."""
    if isinstance(value, time):
        return value
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"{value!r} is no time of day; write 20:30 or 20:30:15")
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second)


TimeOfDay = Annotated[time, BeforeValidator(time_of_day, json_schema_input_type=str)]


def zone(name: str) -> str:
    """The name of a time zone that this machine knows. Raises ValueError."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write one as Europe/Vienna") from None


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is no date; write 2026-12-24") from None


Day = Annotated[date, BeforeValidator(_date, json_schema_input_type=str)]
Zone = Annotated[str, AfterValidator(zone)]
Duration = Annotated[
    float,
    BeforeValidator(seconds, json_schema_input_type=str | float),
    Field(ge=0, le=7 * 24 * 3600, allow_inf_nan=False),
]
Size = Annotated[
    tuple[int, int],
    BeforeValidator(size, json_schema_input_type=str),
    AfterValidator(_possible),
]
Grid = Annotated[
    tuple[Annotated[int, Field(ge=2, le=32)], Annotated[int, Field(ge=2, le=32)]],
    BeforeValidator(grid, json_schema_input_type=str),
]
Bytes = Annotated[
    int,
    BeforeValidator(octets, json_schema_input_type=str | int),
    Field(ge=10**6, le=10**15),
]
