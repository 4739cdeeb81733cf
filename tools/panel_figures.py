"""What a running show's panel costs and how quick it is: `python -m tools.panel_figures URL`.

The delay is from a slider's message to the value in the desk, as a second connection reads it back;
the cost is the desk's share of one core, idle and with three pages that move a slider.

`--preview 4` measures instead what a page that watches the picture costs the stage: the 99th
percentile of its newest 1024 intervals with and without a watcher, in turns, so that a slow drift
of the machine falls on both alike. Four rounds take some four minutes; leave the machine alone.
"""

import argparse
import http.client
import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psutil
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

ADDRESS = "/walk/speed"
TRIES = 200
PAGES, MOVES = 3, 100.0  # pages, and slider moves a second by all of them together
SECONDS = 10.0
LOOKED_BACK = 1024 + 64  # presents: what the stage's percentiles are of, and a moment to settle
GIVEN_UP = 2.0  # seconds after which a move counts as lost


class Reader:
    """Asks the desk for values over one connection that stays open."""

    def __init__(self, host: str) -> None:
        self._line = http.client.HTTPConnection(host, timeout=5)

    def get(self, path: str) -> dict:
        """An address of the panel as JSON."""
        self._line.request("GET", path)
        return json.load(self._line.getresponse())


@contextmanager
def page(host: str) -> Iterator[ClientConnection]:
    """A page that hears whatever the desk tells it, as a browser does."""
    with connect(f"ws://{host}/live", origin=f"http://{host}") as line:  # type: ignore[arg-type]
        threading.Thread(target=_hear, args=(line,), daemon=True).start()
        yield line


def _hear(line: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        for _ in line:
            pass


def delays(host: str, tries: int = TRIES) -> list[float]:
    """Milliseconds from `tries` moves of a slider to the moment the desk holds them, sorted."""
    reader, found = Reader(host), []
    with page(host) as line:
        for number in range(tries):
            wanted = 0.5 + number / 1000
            begun = time.perf_counter()
            line.send(json.dumps({"set": {ADDRESS: wanted}}))
            while abs((held := reader.get(f"{ADDRESS}?VALUE")["VALUE"][0]) - wanted) > 1e-5:
                if time.perf_counter() - begun > GIVEN_UP:
                    raise SystemExit(f"asked for {wanted}, and the desk holds {held}")
            found.append(1000 * (time.perf_counter() - begun))
            time.sleep(0.02)
    return sorted(found)


def share(pid: int, seconds: float = SECONDS) -> float:
    """Per cent of one core that a process uses."""
    process = psutil.Process(pid)
    process.cpu_percent()
    time.sleep(seconds)
    return process.cpu_percent()


def _move(host: str, rate: float, over: threading.Event) -> None:
    with page(host) as line:
        number = 0
        while not over.wait(1 / rate):
            number += 1
            line.send(json.dumps({"set": {ADDRESS: 0.5 + number % 100 / 100}}))


def moved(host: str, pid: int) -> float:
    """The desk's share while PAGES pages make MOVES slider moves a second."""
    over = threading.Event()
    words = (host, MOVES / PAGES, over)
    hands = [threading.Thread(target=_move, args=words, daemon=True) for _ in range(PAGES)]
    for hand in hands:
        hand.start()
    try:
        time.sleep(1.0)
        return share(pid)
    finally:
        over.set()
        for hand in hands:
            hand.join(GIVEN_UP)


def _pictures(line: ClientConnection, count: list[int]) -> None:
    with suppress(ConnectionClosed):
        for word in line:
            count[0] += isinstance(word, bytes)


@contextmanager
def watcher(host: str) -> Iterator[list[int]]:
    """A page that looks at the picture; how many it had so far."""
    count = [0]
    with connect(f"ws://{host}/live", origin=f"http://{host}") as line:  # type: ignore[arg-type]
        line.send(json.dumps({"watch": True}))
        threading.Thread(target=_pictures, args=(line, count), daemon=True).start()
        yield count


def intervals(host: str) -> dict[str, float]:
    """The stage's intervals after enough presents that none before this call is among them."""
    reader = Reader(host)
    wanted = reader.get("/status")["presented"]["frames"] + LOOKED_BACK
    while (status := reader.get("/status"))["presented"]["frames"] < wanted:
        time.sleep(0.5)
    return status["presented"]["interval_ms"]


def preview(host: str, rounds: int) -> None:
    """Print the stage's p99 in each turn, and what the watcher added."""
    added, rate = [], 0.0
    for number in range(rounds):
        found: dict[bool, dict[str, float]] = {}
        for watched in (False, True) if number % 2 == 0 else (True, False):
            if not watched:
                found[watched] = intervals(host)
                continue
            with watcher(host) as count:
                begun, had = time.monotonic(), count[0]
                found[watched] = intervals(host)
                rate = (count[0] - had) / (time.monotonic() - begun)
        added.append(found[True]["p99"] - found[False]["p99"])
        print(
            f"p99 {found[False]['p99']:.1f} ms alone, {found[True]['p99']:.1f} ms with a watcher "
            f"of {rate:.1f} pictures a second: {added[-1]:+.1f} ms",
            flush=True,
        )
    print(f"in the median {statistics.median(added):+.1f} ms over {rounds} rounds")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a running panel costs.")
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8080/")
    parser.add_argument("--preview", type=int, default=0, metavar="ROUNDS")
    options = parser.parse_args()
    host = urlsplit(options.url).netloc
    if options.preview:
        preview(host, options.preview)
        return
    pid = Reader(host).get("/status")["pids"]["desk"]
    found = delays(host)
    median, late = statistics.median(found), found[int(0.95 * len(found))]
    print(f"slider to parameter: {median:.1f} ms in the median, {late:.1f} ms p95, {TRIES} moves")
    print(f"the desk, nobody moving: {share(pid):.1f} % of a core")
    print(f"{PAGES} pages, {MOVES:g} moves a second: {moved(host, pid):.1f} % of a core")


if __name__ == "__main__":
    main()
