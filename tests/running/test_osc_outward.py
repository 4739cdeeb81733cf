"""A running show among the programs of others: it is steered, asked and listened to."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from installation.inputs.osc_wire import Message, decode
from installation.outputs.osc_packet import packet
from tests.running.show import TEST_CARD, RunningShow, free_port, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")
HANG = 20.0  # seconds after which a wait has failed
PEERS = "OSC_PEERS"  # environment: a node_modules folder with oscquery, ws and osc in it
FLOOD_SECONDS, SENDERS, RATE = 3, 20, 20_000

needs_liblo = pytest.mark.skipif(not shutil.which("oscdump"), reason="liblo is not installed")


@contextmanager
def telling(folder: Path) -> Iterator[tuple[RunningShow, int]]:
    """A show that tells a port of this machine, and the port."""
    port = free_port()
    osc = "{{port: {osc}, feedback: '127.0.0.1:" + str(port) + "'}}"
    with running(folder, *SMALL, text=TEST_CARD.replace("{{port: {osc}}}", osc)) as show:
        show.live()
        yield show, port


def ask(show: RunningShow, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{show.panel}{path}", timeout=5) as answer:
        return json.load(answer)


def until_value(show: RunningShow, address: str, value: Any) -> None:
    deadline = time.monotonic() + HANG
    while ask(show, f"{address}?VALUE") != {"VALUE": [value]}:
        assert time.monotonic() < deadline, ask(show, address)
        time.sleep(0.02)


def oscsend(show: RunningShow, *words: str) -> None:
    subprocess.run(["oscsend", "127.0.0.1", str(show.osc), *words], check=True, timeout=HANG)


@needs_liblo
def test_liblo_steers_asks_and_is_told(tmp_path: Path) -> None:
    with telling(tmp_path) as (show, port):
        dump = subprocess.Popen(
            ["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            oscsend(show, "/walk/speed", "f", "0.5")
            until_value(show, "/walk/speed", 0.5)
            with connect(f"ws://127.0.0.1:{show.panel}/walk") as client:
                client.send('{"COMMAND": "LISTEN", "DATA": "/walk/tide"}')
                assert decode(client.recv(HANG)) == [Message("/walk/tide", (1.0,))]  # type: ignore[arg-type]
                oscsend(show, "/walk/tide", "f", "2.5")
                assert decode(client.recv(HANG)) == [Message("/walk/tide", (2.5,))]  # type: ignore[arg-type]
                client.send(packet("/walk/spread", 0.75))
                until_value(show, "/walk/spread", 0.75)
                client.send(b"rubbish")
            oscsend(show, "/scene", "s", "two")
            until_value(show, "/scene", "two")
            wanted = {"/walk/speed f 0.500000", "/walk/spread f 0.750000", "/scene f 1.000000"}
            wanted |= {"/state/status s", "/state/crossfade f 1.000000"}
            deadline = time.monotonic() + HANG
            assert dump.stdout is not None
            for line in dump.stdout:
                said = line.split(" ", 1)[1].strip()
                wanted -= {said, " ".join(said.split(" ")[:2])}
                if not wanted or time.monotonic() > deadline:
                    break
            assert not wanted
        finally:
            dump.kill()
            dump.communicate()
        feedback = show.status()["health"]["desk"]["feedback"]
        assert feedback["error"] is None
        assert feedback["sent"] > 100
        report = show.end()
    assert report["osc"]["refused"] == 1
    assert report["presented"]["black"] == 0


FLOOD = """
import socket, sys, time
to, data = ("127.0.0.1", int(sys.argv[1])), bytes.fromhex(sys.argv[2])
seconds, senders, rate = map(int, sys.argv[3:6])
outs = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(senders)]
for number, out in enumerate(outs): out.bind((f"127.0.0.{number + 1}", 0))
begun, sent = time.monotonic(), 0
while sent < seconds * rate:
    for _ in range(min(int((time.monotonic() - begun) * rate), seconds * rate) - sent):
        outs[sent % senders].sendto(data, to)
        sent += 1
    time.sleep(0.005)
"""


def _socket_memory() -> int:
    try:
        return int(Path("/proc/sys/net/core/rmem_max").read_text())
    except OSError:
        return 0


@pytest.mark.skipif(_socket_memory() < 1 << 22, reason="needs Linux, net.core.rmem_max of 4 MiB")
def test_twenty_thousand_messages_a_second_are_all_counted_by_a_running_show(
    tmp_path: Path,
) -> None:
    with telling(tmp_path) as (show, _):
        words = [show.osc, packet("/walk/speed", 0.5).hex(), FLOOD_SECONDS, SENDERS, RATE]
        command = [sys.executable, "-c", FLOOD, *map(str, words)]
        subprocess.run(command, check=True, timeout=60)
        show.until("every message", lambda s: sum(s["osc"].values()) == FLOOD_SECONDS * RATE)
        until_value(show, "/walk/speed", 0.5)
        report = show.end()
    assert report["osc"]["applied"] == FLOOD_SECONDS * RATE
    assert report["presented"]["black"] == 0
    assert not any(report["restarts"].values())
    print(
        f"interval_ms {report['presented']['interval_ms']} control_ms {report['control_ms']['osc']}"
    )


@pytest.mark.skipif(not os.environ.get(PEERS), reason=f"{PEERS} names no node_modules folder")
def test_node_s_oscquery_ws_and_osc(tmp_path: Path) -> None:
    """npm install oscquery ws osc somewhere, and name its node_modules in OSC_PEERS."""
    script = Path(__file__).with_name("osc_peers.cjs")
    environment = {**os.environ, "NODE_PATH": os.environ[PEERS]}
    with telling(tmp_path) as (show, port):
        words = ["node", str(script), *map(str, (show.panel, show.osc, port))]
        done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        params = {row["address"]: row for row in ask(show, "/params.json")["rows"]}
    seen = json.loads(done.stdout)
    assert seen["host"]["name"] == "Rehearsal"
    assert (seen["host"]["oscPort"], seen["host"]["extensions"]["LISTEN"]) == (show.osc, True)
    methods = {method["full_path"]: method for method in seen["methods"]}
    assert set(params) <= set(methods)
    assert methods["/walk/speed"]["arguments"][0]["range"] == {"min": 0, "max": 4}
    assert methods["/scene"]["arguments"][0]["range"]["vals"] == ["one", "two"]
    assert seen["/walk/speed"] == 0.5
    assert seen["/walk/tide"] == 2.5
    assert seen["/walk/spread"] == 0.75
    assert seen["/master/freeze"] is True
    listened = [(message["address"], message["args"]) for message in seen["listened"]]
    assert ("/walk/speed", [{"type": "f", "value": 0.5}]) in listened
    assert ("/scene", [{"type": "s", "value": "one"}]) in listened
    assert ("/master/freeze", [{"type": "T", "value": True}]) in listened
    assert seen["told"]["/walk/speed"] == {"type": "f", "value": 0.5}
    assert seen["told"]["/walk/spread"] == {"type": "f", "value": 0.75}
    assert seen["told"]["/state/status"]["type"] == "s"


def test_nobody_who_is_not_named_is_ever_told(tmp_path: Path) -> None:
    with telling(tmp_path) as (show, _), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hand:
        hand.bind(("127.0.0.1", 0))
        hand.settimeout(1.0)
        hand.sendto(packet("/walk/speed", 2.0), ("127.0.0.1", show.osc))
        until_value(show, "/walk/speed", 2.0)
        with pytest.raises(TimeoutError):
            hand.recv(100)
