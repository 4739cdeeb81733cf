"""What hostile and hasty senders can do to a show's OSC, measured.

    python -m tools.osc_trial mutate --count 1000000     good packets, damaged at random, are read
    python -m tools.osc_trial flood --seconds 60 --rate 20000     a show, without and with a flood

`mutate` counts what escapes a show's OSC input, and the packets that cost over a millisecond of
processor time each time they are read. `flood` runs the show headless, lets it be for as long as it
is then flooded for, and compares the intervals between presents; lost is what the show has neither
taken nor counted.
Both print a table in Markdown; they end with 1 if something escaped, or was lost.
"""

import argparse
import gc
import logging
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from installation.clock import MonotonicClock
from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.inputs.osc import OscInput
from installation.inputs.osc_sources import Sources
from installation.inputs.osc_wire import MAX_BYTES
from installation.outputs.osc_packet import packet
from installation.session import ROOT
from tools.soak.play import Play

SLOW = 1e-3  # seconds of processor time
AGAIN = 3  # times that a slow packet is read once more
SETTLE = 20.0  # seconds until a show runs as it will

Rows = dict[str, str]


def main() -> int:
    """Measure, print."""
    options = _options()
    kept, rows = (mutate if options.trial == "mutate" else flood)(options)
    print(f"| {options.trial} | |\n|---|---|")
    print("\n".join(f"| {name} | {value} |" for name, value in rows.items()))
    return 0 if kept else 1


def mutate(options: argparse.Namespace) -> tuple[bool, Rows]:
    """Read `options.count` damaged packets; whether nothing escaped, and the figures."""
    chance, table = random.Random(options.seed), Table(house_rows(["sea", "sky"]))
    osc, good = _input(table), _good(table)
    escaped, slow = dict[str, int](), 0
    once = worst = wall = 0.0  # seconds
    gc.disable()  # a collection is no packet's fault
    for number in range(options.count):
        data = damaged(chance.choice(good), good, chance)
        cost, passed, ending = _read(data, osc, number / 1000.0)
        if ending:  # this is what is looked for
            escaped[repr(ending)[:80]] = escaped.get(repr(ending)[:80], 0) + 1
        once, wall = max(once, cost), max(wall, passed)
        for _ in range(AGAIN):  # what the packet is to blame for happens again
            cost = min(cost, _read(data, osc, number / 1000.0)[0]) if cost > SLOW else cost
        slow, worst = slow + (cost > SLOW), max(worst, cost)
        if number % 10_000 == 0:
            gc.collect()
    gc.enable()
    status = osc.status()
    rows = {
        "packets": str(options.count),
        **{f"messages {name}": str(status[name]) for name in ("applied", "refused", "unknown")},
        "escaped exceptions": str(escaped or "none"),
        "over 1 ms of processor time": str(slow),
        "the dearest": f"{1e3 * worst:.2f} ms",
        "the dearest when it was first read": f"{1e3 * once:.2f} ms",
        "the longest by the clock on the wall": f"{1e3 * wall:.2f} ms",
    }
    return not escaped, rows


def _input(table: Table) -> OscInput:
    """A show's own way from datagrams to updates, for a sender that is never held back."""
    logging.getLogger("osc").setLevel(logging.CRITICAL)
    unlimited = Sources(rate=1e12)
    return OscInput(0, "127.0.0.1", table, (), threading.Event(), MonotonicClock(), unlimited)


def _read(data: bytes, osc: OscInput, now: float) -> tuple[float, float, Exception | None]:
    """Take a packet: the processor time and the time it took, and what escaped."""
    begun, at, ending = time.thread_time(), time.perf_counter(), None
    try:
        osc.take(data, "127.0.0.1", now)
    except Exception as error:
        ending = error
    return time.thread_time() - begun, time.perf_counter() - at, ending


def damaged(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """`data` with one to eight faults: bits, bytes, cuts, repeats, and pieces of other packets."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        place, other = chance.randrange(len(body) + 1), chance.choice(others)
        match chance.randrange(6):
            case 0 if body:
                body[place % len(body)] ^= 1 << chance.randrange(8)
            case 1 if body:
                body[place % len(body)] = chance.choice(b"\x00\xff/,#*[{ifs\x7f\x80")
            case 2:
                del body[place:]
            case 3:
                body[place:place] = chance.randbytes(chance.randint(1, 16))
            case 4:
                body[place:place] = other[: chance.randrange(len(other) + 1)]
            case _:
                body += bytes(body[place:]) * chance.randint(1, 8)
    return bytes(body[: MAX_BYTES + 8])


def flood(options: argparse.Namespace) -> tuple[bool, Rows]:
    """A show by itself and in a flood; whether nothing was lost, and the figures."""
    with tempfile.TemporaryDirectory() as folder:
        osc = {"rate": 10 * options.rate}  # else one sender is held back
        with Play(ROOT / "show.yaml", Path(folder), "640x360", osc=osc) as play:
            _watched(play, SETTLE)
            calm, before = _watched(play, options.seconds), play.status()
            command = [sys.executable, "-c", _SENDER, str(play.osc), str(options.rate)]
            sender = subprocess.Popen([*command, str(options.seconds)], stdout=subprocess.PIPE)
            during = _watched(play, options.seconds)
            sent = int(sender.communicate()[0])
            time.sleep(1.0)  # the status is a quarter of a second old
            after = play.status()
    taken = {name: after["osc"][name] - before["osc"][name] for name in after["osc"]}
    lost = sent - sum(taken[name] for name in ("applied", "refused", "unknown", "limited"))
    rows = {
        "sent": str(sent),
        **{name: str(count) for name, count in taken.items()},
        "lost below the socket": str(lost),
        **_compared(calm, during),
    }
    return lost == 0, rows


def _watched(play: Play, seconds: float) -> npt.NDArray[np.float64]:
    """The intervals between the presents of so many seconds."""
    play.look()
    end, seen = time.monotonic() + seconds, list[float]()
    while time.monotonic() < end:
        time.sleep(0.5)
        seen += [present.at for present in play.look()]
    return np.diff(seen)


def _compared(calm: npt.NDArray[np.float64], flooded: npt.NDArray[np.float64]) -> Rows:
    def words(percent: float) -> str:
        before, during = (1e3 * np.percentile(each, percent) for each in (calm, flooded))
        return f"{before:.1f} and {during:.1f} ms"

    return {f"p{each} of intervals, calm and flooded": words(each) for each in (50, 95, 99)}


def _good(table: Table) -> list[bytes]:
    messages = [packet(row.address, 0.5) for row in table]
    messages += [packet("/scene", "sky"), packet("/steer", 0.1, -0.2), packet("/cue/go")]
    sized = [len(message).to_bytes(4, "big") + message for message in messages[:20]]
    bundle = b"#bundle\0" + bytes(8) + b"".join(sized)
    nested = b"#bundle\0" + bytes(8) + len(bundle).to_bytes(4, "big") + bundle
    return [*messages, bundle, nested]


_SENDER = """
import socket, sys, time
from installation.outputs.osc_packet import packet
port, rate, seconds = map(int, map(float, sys.argv[1:]))
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begun, sent, end = time.monotonic(), 0, rate * seconds
while sent < end:
    due = min(end, (time.monotonic() - begun) * rate)
    while sent < due:
        line.sendto(packet(f"/steer/{1 + sent % 4}", sent % 100 / 50 - 1), ("127.0.0.1", port))
        sent += 1
    time.sleep(0.005)
print(sent)
"""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.osc_trial",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("trial", choices=("mutate", "flood"))
    parser.add_argument("--count", type=int, default=1_000_000, help="packets to damage")
    parser.add_argument("--seed", type=int, default=1, help="the same seed damages the same way")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the flood lasts")
    parser.add_argument("--rate", type=int, default=20_000, help="messages a second")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
