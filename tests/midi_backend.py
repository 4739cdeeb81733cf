"""A backend of mido's whose devices are files in a folder: what a test plugs in and plays.

A file NAME.device is a device. What a test sends to the socket NAME.in is what its knobs do; what
arrives at the socket NAME.out, which the test opens, is what its motors and lamps are told.
"""

import os
import socket
import threading
from pathlib import Path
from typing import Any

import mido
from mido.ports import BaseInput, BaseOutput

FOLDER = "MIDI_TEST_FOLDER"


def folder() -> Path:
    return Path(os.environ[FOLDER])


def get_devices(**options: Any) -> list[dict[str, Any]]:
    if (folder() / "crash").exists():
        os._exit(3)
    if (folder() / "refuse").exists():
        raise OSError("the driver says no")
    names = sorted(file.stem for file in folder().glob("*.device"))
    return [{"name": name, "is_input": True, "is_output": True} for name in names]


class Input(BaseInput):
    def _open(self, callback: Any = None, **options: Any) -> None:
        self._end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = folder() / f"{self.name}.in"
        path.unlink(missing_ok=True)
        self._end.bind(str(path))
        threading.Thread(target=self._run, args=(callback,), daemon=True).start()

    def _run(self, callback: Any) -> None:
        parser = mido.Parser()
        while True:
            parser.feed(self._end.recv(4096))
            for message in parser:
                callback(message)

    def _close(self) -> None:
        (folder() / f"{self.name}.in").unlink(missing_ok=True)


class Output(BaseOutput):
    def _open(self, **options: Any) -> None:
        self._end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def _send(self, msg: Any) -> None:
        self._end.sendto(msg.bin(), str(folder() / f"{self.name}.out"))
