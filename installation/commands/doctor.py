"""`installation doctor`: what this machine and this show have and lack, one line each, and what to
do about it."""

import contextlib
import json
import socket
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from installation.commands._finding import Finding, State
from installation.commands._machine import LOOKS
from installation.commands.check import file_problems, model_problems
from installation.control.schedule import ALWAYS
from installation.decks.choosing import choose
from installation.desk.day import hours
from installation.errors import EXIT_FAILED, InstallationError, ModelError
from installation.generators.card import load_card
from installation.session import SHADERS
from installation.show.loader import load
from installation.show.models import folders
from installation.show.schema import Show

SOON_DAYS = 30


def run(options: Namespace, begun: float) -> int:
    """Print the findings; 1 when one of them would keep the show from opening."""
    findings = []
    for found in (*(look() for look in LOOKS), _show(options.show)):
        findings += list(found) if options.json else _told(found)
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    return EXIT_FAILED if any(finding.state is State.BAD for finding in findings) else 0


def _told(findings: Iterable[Finding]) -> list[Finding]:
    kept = []
    for finding in findings:
        print(finding, flush=True)
        kept.append(finding)
    return kept


def _show(path: Path) -> Iterable[Finding]:
    try:
        show, table = load(path, SHADERS)
    except InstallationError as error:
        for problem in str(error).splitlines():
            yield Finding("show", State.BAD, problem)
        return
    yield Finding("show", State.WELL, f"{path}: {len(show.scenes)} scenes, {len(table)} controls")
    problems = model_problems(show, path.resolve().parent)
    for problem in problems:
        yield Finding("model", State.BAD, problem)
    if not problems:
        yield Finding("models", State.WELL, ", ".join(show.models))
    yield _backend(show, path.resolve().parent)
    for problem in file_problems(show, path.resolve().parent):
        yield Finding("file", State.BAD, problem)
    yield from _consents(show, path.resolve().parent, date.today())
    yield from _hours(show)
    yield from _ports(show)


def _backend(show: Show, folder: Path) -> Finding:
    """What will run the networks, and why."""
    try:
        choice = choose(show.decks.backend, lambda: _without_engine(show, folder))
        return Finding("backend", State.WELL, str(choice))
    except ModelError as error:
        return Finding("backend", State.BAD, str(error))


def _without_engine(show: Show, folder: Path) -> str:
    """The models that no TensorRT engine is ready for; '' for none."""
    from installation.decks import engines

    models = {name: model for name, model in show.models.items() if isinstance(model, str)}
    without = [name for name, at in models.items() if engines.state(load_card(folder / at))]
    return f"no engine of {', '.join(without)} is built yet" if without else ""


def _consents(show: Show, folder: Path, today: date) -> Iterable[Finding]:
    """The terms in the cards. A lapsed one is a problem of the model, and told there."""
    for name, at in [(n, at) for n, model in show.models.items() for at in folders(model)]:
        with contextlib.suppress(ModelError):
            consent = load_card(folder / at).consent
            if isinstance(consent, str) or consent.refusal(today):
                continue
            left = consent.days_left(today)
            soon = left is not None and left < SOON_DAYS
            words = f"{name}: {consent.who}, " + (
                f"{left} days left" if left is not None else "open"
            )
            remedy = "ask again in time: its scenes are skipped after that" if soon else ""
            yield Finding("consent", State.NOTE if soon else State.WELL, words, remedy)


def _hours(show: Show, now: Callable[..., datetime] = datetime.now) -> Iterable[Finding]:
    if show.schedule is None:
        return
    kept = hours(show.schedule)
    found = kept.at(now(UTC)) if kept else ALWAYS
    until = f" until {found.until.astimezone():%a %d %b %H:%M %Z}" if found.until else ""
    words = f"{'open' if found.open else 'closed'}{until}: {found.why}"
    never = not found.open and found.until is None
    remedy = "mend days and closed under schedule" if never else ""
    yield Finding("day", State.BAD if never else State.WELL, words, remedy)


def _ports(show: Show) -> Iterable[Finding]:
    doors: list[tuple[str, str, int, Callable[[], socket.socket]]] = []
    if show.inputs.osc:
        osc = show.inputs.osc
        doors.append(("OSC", osc.listen, osc.port, _udp))
    if show.panel:
        doors.append(("panel", show.panel.listen, show.panel.port, _tcp))
    for what, listen, port, make in doors:
        try:
            with make() as door:
                door.bind((listen, port))
            yield Finding(what, State.WELL, f"{listen} port {port} is free")
        except OSError as error:
            remedy = "end the other program, or choose another port in show.yaml"
            yield Finding(what, State.NOTE, f"{listen} port {port}: {error.strerror}", remedy)


def _udp() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def _tcp() -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return door
