"""`installation run`: the show, until somebody ends it."""

import contextlib
import json
import logging
import os
from argparse import Namespace
from pathlib import Path
from typing import Any

from installation import folders, logs
from installation.clock import MonotonicClock
from installation.control.parameters import Table
from installation.errors import InstallationError
from installation.memory import Arena
from installation.session import SECTIONS, SHADERS, Session
from installation.show.loader import load
from installation.show.outputs import sent
from installation.show.saved import FILE, Saved
from installation.show.schema import Show
from installation.show.shared import publish, resume
from installation.store import Store
from installation.supervise.flights import Flights
from installation.supervise.instance import playing
from installation.supervise.notify import Notifier
from installation.supervise.reload import Reload
from installation.supervise.supervisor import Supervisor

log = logging.getLogger("supervisor")


def run(options: Namespace, begun: float) -> int:
    """Play the show; 0 when it was ended as asked."""
    logs.start("supervisor")
    show, table = load(options.show, SHADERS)
    _writable(options.report)
    with playing(options.show):
        logs.start("supervisor", str(folders.state(options.show)))
        return _play(options, show, table, begun)


def _play(options: Namespace, show: Show, table: Table, begun: float) -> int:
    arena = Arena.create(SECTIONS)
    publish(arena, show, table)
    session = _session(options, show, arena, begun)
    saved = _saved(options, Store(Path(session.state_folder) / FILE))
    if saved:
        resume(arena, saved, show, table, begun)
    _welcome(show)
    notifier = Notifier.from_environment(os.environ, os.getpid())
    reload = Reload(options.show, SHADERS, show, table, arena)
    reload.start()
    flights = Flights(arena, Path(session.state_folder), Path(session.show_folder))
    supervisor = Supervisor(session, arena, MonotonicClock(), notifier, reload, flights=flights)
    report = supervisor.run(options.seconds)
    if options.report:
        _write(options.report, report)
    return 0


def _session(options: Namespace, show: Show, arena: Arena, begun: float) -> Session:
    width, height = options.size or (0, 0)
    return Session(
        arena_fd=arena.fd,
        parent=os.getpid(),
        started=begun,
        show_folder=str(options.show.resolve().parent),
        headless=options.headless,
        width=width,
        height=height,
        state_folder=str(folders.state(options.show)),
        sends=bool(sent(show.outputs)),
    )


def _saved(options: Namespace, store: Store) -> Saved | None:
    """Where the show goes on, None when it begins anew. Nothing in the file can stop the show."""
    if options.fresh:
        with contextlib.suppress(OSError):  # a disk that cannot forget must not stop the show
            store.forget()
    if not options.resume:
        return None
    found = store.read()
    if found.note:
        log.warning("%s%s", found.note, "" if found.body else "; the show begins anew")
    try:
        saved = Saved.from_bytes(found.body) if found.body else None
    except ValueError as error:
        log.warning("%s: %s; the show begins anew", store.path, error)
        return None
    if saved:
        log.info("going on in scene %s, where the show was", saved.scene)
    return saved


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
