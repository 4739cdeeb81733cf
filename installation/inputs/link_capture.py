"""Ableton Link's end: a process of its own that writes where the session's beat is.

Lines of JSON, 50 a second: `[at, tempo, beat, peers]`. Link is under the GPL and no part of this
program: the module `link` is the user's own (pip install LinkPython-extern), and only this process
loads it.

    python -m installation.inputs.link_capture
"""

import json
import os
import sys

from installation import child
from installation.clock import MonotonicClock

EVERY = 0.02  # seconds
QUANTUM = 4.0  # beats of a bar, to which sessions align
USUAL = 120.0  # beats a minute, of a session that begins with us


def main() -> None:
    """Write until told to stop."""
    _, _, stop, _ = child.enter("link")
    clock = MonotonicClock()
    try:
        from link import Link  # pyright: ignore[reportMissingImports]
    except ImportError:
        _say({"error": "Ableton Link needs a library of its own: pip install LinkPython-extern"})
        sys.exit(1)
    session = Link(USUAL)
    session.enabled = True
    while not stop:
        state, at = session.captureAppSessionState(), clock.now()
        beat = state.beatAtTime(session.clock().micros(), QUANTUM)
        _say([at, state.tempo(), beat, session.numPeers()])
        clock.sleep(EVERY)


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
    os._exit(0)
