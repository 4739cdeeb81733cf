"""Whether the machine is too hot, from what Linux tells of its sensors; elsewhere it never is.

A processor near its limit slows itself down in jumps. Drawing less before that is seen by nobody.
"""

import threading
from pathlib import Path

SENSORS = Path("/sys/class/thermal")
PERIOD = 5.0  # seconds
USUAL_LIMIT = 100.0  # degrees Celsius, for a sensor that does not tell its own
HOT, COOL = 8.0, 18.0  # degrees below the limit: hot above the one, cool again below the other


class Thermometer:
    """Reads the sensors on a thread of its own. `hot` is what the last reading said."""

    def __init__(self, sensors: Path = SENSORS) -> None:
        self._sensors = sensors
        self._stop = threading.Event()
        self.hot = False

    def start(self) -> None:
        """Read every few seconds, on a thread that ends with the process."""
        threading.Thread(target=self._run, name="thermometer", daemon=True).start()

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()

    def poll(self) -> None:
        """Read once."""
        room = min((room_left(zone) for zone in self._sensors.glob("thermal_zone*")), default=100.0)
        self.hot = room < (COOL if self.hot else HOT)

    def _run(self) -> None:
        while not self._stop.wait(PERIOD):
            self.poll()


def room_left(zone: Path) -> float:
    """Degrees below the limit of a sensor; 100 for one that cannot be read."""
    temperature = _degrees(zone / "temp")
    limits = [
        _degrees(trip.with_name(trip.name.replace("type", "temp")))
        for trip in zone.glob("trip_point_*_type")
        if _text(trip) in ("hot", "critical")
    ]
    limit = min((each for each in limits if each), default=USUAL_LIMIT)
    return limit - temperature if temperature is not None else 100.0


def _degrees(file: Path) -> float | None:
    words = _text(file)
    try:
        return int(words) / 1000.0 if len(words) <= 7 else None
    except ValueError:
        return None


def _text(file: Path) -> str:
    """What a file says; sensors come, go and refuse."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
