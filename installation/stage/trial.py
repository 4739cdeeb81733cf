"""Passes on trial. An endless loop in a shader blocks the thread that draws until the supervisor
kills the stage; what it was building or drawing for the first times then stands in shared memory,
and the next stage leaves that out until its file is saved anew.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from installation.memory import Mailbox

PROVEN = 30  # frames after which a pass is trusted: no driver runs so many behind
RECENT = 8  # pictures after which one that is drawn no more is not blamed for what stands still
MOST = 64  # versions of passes that are remembered as bad


def version(name: str, source: str) -> str:
    """What stands for a pass as it was written at one time."""
    return f"{name} {zlib.crc32(source.encode()):08x}"


class Trial:
    """`view` outlives the stage; `hung` tells that the one before stood still and was killed."""

    def __init__(self, view: memoryview, hung: bool = False) -> None:
        self._box = Mailbox(view)
        left = json.loads(self._box.read() or b"{}")
        guilty = left.get("trying", []) if hung else []
        self._barred: list[str] = [*left.get("barred", []), *guilty][-MOST:]
        self._trying: dict[str, int] = {}  # and the call in which it was last drawn
        self._frames: dict[str, int] = {}  # how many each that is not proven was drawn in
        self._calls = 0
        self._tell()

    def bars(self, version: str) -> bool:
        """Whether a stage stood still over this version."""
        return version in self._barred

    @contextmanager
    def building(self, version: str) -> Iterator[None]:
        """While the driver compiles it. It is on trial then, and again when it is first drawn."""
        self._try(version)
        try:
            yield
            self._frames[version] = 0
        finally:
            self._end(version)

    def drawing(self, versions: Iterable[str]) -> None:
        """A picture is about to be drawn with these: a frame's, or one of two that make a frame."""
        if not self._frames:
            return
        self._calls += 1
        for each in versions:
            if each in self._frames:
                self._count(each)
        for each in [one for one, call in self._trying.items() if self._calls - call > RECENT]:
            self._end(each)

    def through(self) -> None:
        """All that was drawn is finished."""
        for each in list(self._trying):
            self._end(each)

    def _count(self, version: str) -> None:
        if version not in self._trying:
            self._try(version)
        self._trying[version] = self._calls
        self._frames[version] += 1
        if self._frames[version] > PROVEN:
            del self._frames[version]
            self._end(version)

    def _try(self, version: str) -> None:
        self._trying[version] = self._calls
        self._tell()

    def _end(self, version: str) -> None:
        self._trying.pop(version, None)
        self._tell()

    def _tell(self) -> None:
        record = {"trying": [*self._trying][-MOST:], "barred": self._barred}
        self._box.write(json.dumps(record).encode())
