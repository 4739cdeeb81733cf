"""`installation run`: the show, until somebody ends it."""

import json
import logging
import os
from argparse import Namespace
from pathlib import Path
from typing import Any

from installation import logs
from installation.clock import MonotonicClock
from installation.errors import InstallationError
from installation.memory import Arena
from installation.session import SECTIONS, SHADERS, Session
from installation.show.loader import load
from installation.show.schema import Show
from installation.show.shared import publish
from installation.supervise.supervisor import Supervisor

log = logging.getLogger("supervisor")


def run(options: Namespace, begun: float) -> int:
    """Play the show; 0 when it was ended as asked."""
    logs.start("supervisor")
    show, table = load(options.show, SHADERS)
    _writable(options.report)
    arena = Arena.create(SECTIONS)
    publish(arena, show, table)
    session = _session(options, arena, begun)
    _welcome(show)
    report = Supervisor(session, arena, MonotonicClock()).run(options.seconds)
    if options.report:
        _write(options.report, report)
    return 0


def _session(options: Namespace, arena: Arena, begun: float) -> Session:
    width, height = options.size or (0, 0)
    return Session(
        arena_fd=arena.fd,
        parent=os.getpid(),
        started=begun,
        show_folder=str(options.show.resolve().parent),
        headless=options.headless,
        width=width,
        height=height,
    )


def _welcome(show: Show) -> None:
    log.info("%s: scenes %s", show.title, ", ".join(show.scenes))
    if show.panel:
        log.info("panel and picture: http://%s:%d/", show.panel.listen, show.panel.port)
    if show.inputs.osc:
        log.info("OSC: %s port %d", show.inputs.osc.listen, show.inputs.osc.port)


def _writable(path: Path | None) -> None:
    """A report that cannot be written should be known before the show, not after it."""
    if path and not path.resolve().parent.is_dir():
        raise InstallationError(f"{path}: its folder does not exist; the report needs one")


def _write(path: Path, report: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    part.replace(path)
    log.info("report: %s", path)
