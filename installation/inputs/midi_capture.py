"""The MIDI capture: a process of its own, started by the desk, that holds the controllers' ports.

A driver may crash or hang its process; so the ports live here. Lines of JSON, both ways: to the
desk `[at, port, [bytes]]` for each message and, once a second, what is open; from the desk lists of
bytes to send. The ports are listed once a second, so a controller may come and go.

    python -m installation.inputs.midi_capture [PART OF A PORT'S NAME ...]
"""

import json
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, TextIO

from installation import child
from installation.clock import Clock, MonotonicClock

LOOK = 1.0  # seconds between two lists of the ports
THROUGH = "Midi Through"  # ALSA's own loop: what is sent there comes back


class Speaker:
    """Lines to the desk. Any thread may call; the messages' times are their arrivals'."""

    def __init__(self, out: TextIO, clock: Clock) -> None:
        self._out, self._clock = out, clock
        self._lock = threading.Lock()

    def message(self, port: str, data: Sequence[int]) -> None:
        """A message came in."""
        self.say([self._clock.now(), port, list(data)])

    def say(self, what: Any) -> None:
        """One line."""
        with self._lock:
            self._out.write(json.dumps(what, separators=(",", ":")) + "\n")
            self._out.flush()


class Ports:
    """The open ports of the devices that are wanted. `mido` is that module."""

    def __init__(self, mido: Any, wanted: Sequence[str], speaker: Speaker) -> None:
        self._mido, self._wanted, self._speaker = mido, wanted, speaker
        self._inputs: dict[str, Any] = {}
        self._outputs: dict[str, Any] = {}
        self._error: str | None = None
        self._lock = threading.Lock()  # of the outputs: the desk's words come on another thread

    def follow(self) -> None:
        """Open what has come, close what has gone, and say what is open. Never raises."""
        try:
            self._error = None
            inputs = self._chosen(self._mido.get_input_names())
            outputs = self._chosen(self._mido.get_output_names())
            self._keep(self._inputs, inputs, self._open_input)
            with self._lock:
                self._keep(self._outputs, outputs, self._mido.open_output)
        except Exception as error:  # the backends raise what they like
            self._error = f"the MIDI ports cannot be used: {' '.join(str(error).split())}"
        self._speaker.say({"open": [*self._inputs], "error": self._error or self._missing()})

    def send(self, data: Iterable[int]) -> None:
        """To all outputs; one that does not take it is looked at again in a second."""
        message = self._mido.Message.from_bytes(list(data))
        with self._lock:
            for name, port in list(self._outputs.items()):
                try:
                    port.send(message)
                except Exception:
                    self._outputs.pop(name, None)

    def close(self) -> None:
        """Let all go."""
        for port in (*self._inputs.values(), *self._outputs.values()):
            port.close()

    def _chosen(self, names: Iterable[str]) -> list[str]:
        if self._wanted:
            parts = [part.casefold() for part in self._wanted]
            return [name for name in names if any(part in name.casefold() for part in parts)]
        return [name for name in names if THROUGH not in name]

    def _keep(self, ports: dict[str, Any], names: Sequence[str], opened: Any) -> None:
        for gone in ports.keys() - set(names):
            ports.pop(gone).close()
        for name in names:
            if name not in ports:
                ports[name] = opened(name)

    def _open_input(self, name: str) -> Any:
        def heard(message: Any) -> None:
            if message.type != "sysex":
                self._speaker.message(name, message.bytes())

        return self._mido.open_input(name, callback=heard)

    def _missing(self) -> str | None:
        if self._inputs:
            return None
        what = f" named {', '.join(self._wanted)}" if self._wanted else ""
        return f"no MIDI device{what} is there; connect one, it will be found by itself"


def load_mido() -> tuple[Any, str | None]:
    """The module mido with its backend loaded, or why there is none."""
    try:
        mido = import_module("mido")
        mido.get_input_names()  # loads the backend
    except ImportError as error:
        return None, f"MIDI needs {error.name}: pip install 'installation[midi]'"
    except Exception as error:
        return None, f"MIDI cannot be used: {' '.join(str(error).split())}"
    return mido, None


def main() -> None:
    """Hold the ports until told to stop."""
    _, _, stop, _ = child.enter("midi")
    clock = MonotonicClock()
    speaker = Speaker(sys.stdout, clock)
    mido, error = load_mido()
    if mido is None:
        speaker.say({"open": [], "error": error, "fatal": True})
        sys.exit(1)
    ports = Ports(mido, sys.argv[1:], speaker)
    threading.Thread(target=_obey, args=(ports, sys.stdin), daemon=True).start()
    while not stop:
        ports.follow()
        clock.sleep(LOOK)
    ports.close()


def _obey(ports: Ports, words: TextIO) -> None:
    for line in words:
        for data in json.loads(line):
            ports.send(data)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # without the backend's own ending, which may hang with the device
