"""Whether the show keeps its promises, in words an operator can act on. Pure: a status in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SILENT = 2.0  # seconds without a record; the supervisor calls a process hung after as long
PICTURE_OLD = 2.0  # seconds; the stage leaves a held picture for its idle loop after as long
SLOW = 28.0  # presents a second; software GL on two cores holds 30
STUTTER = 0.050  # seconds: three presents of a 60 Hz screen missed

_NAMES = {"deck_a": "deck A", "deck_b": "deck B"}
_WORKERS = ("stage", "deck_a", "deck_b")
_OPTIONAL = ("supervisor", "desk")
_DEVICES = {
    "osc": "OSC",
    "feedback": "OSC",
    "audio": "audio",
    "midi": "MIDI",
    "link": "Ableton Link",
    "announcement": "the show",
}

Record = Mapping[str, Any]


class Level(StrEnum):
    """How bad a complaint is."""

    WAIT = "wait"  # mends itself, as what is still loading, or is no more than good to know
    BAD = "bad"  # a promise is broken


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is not as promised."""

    level: Level
    text: str


def complaints(status: Record) -> list[Complaint]:
    """Everything that is not as promised, gravest first; an empty list means all is well."""
    found = [
        *_crash_loops(status),
        *_show(status),
        *_silences(status),
        *_stage(status),
        *_decks(status),
        *_inputs(status),
        *_outputs(status),
        *_switches(status),
        *_barred(status),
        *_strangers(status),
    ]
    return sorted(found, key=lambda complaint: complaint.level is not Level.BAD)


ALL_IS_WELL = "all is well"


def sentence(status: Record) -> str:
    """How the show is, in one line."""
    return "; ".join(complaint.text for complaint in complaints(status)) or ALL_IS_WELL


def _crash_loops(status: Record) -> Iterator[Complaint]:
    supervisor = _record(status, "supervisor")
    if supervisor.get("card_lost"):
        yield _bad("the graphics card is lost; the decks play on the processor")
    for name, seconds in _part(supervisor, "waiting").items():
        yield _bad(f"{_name(name)} falls again and again; the next try is in {seconds} s")


def _show(status: Record) -> Iterator[Complaint]:
    for line in str(_record(status, "supervisor").get("show_error") or "").splitlines():
        yield _bad(f"{line}; the old show goes on")


def _silences(status: Record) -> Iterator[Complaint]:
    for name in (*_WORKERS, *_OPTIONAL):
        record = _record(status, name)
        if record:
            age = _age(status, record)
            if age > SILENT:
                yield _bad(f"{_name(name)} has not answered for {age:.0f} s")
        elif name in _WORKERS:
            yield _wait(f"{_name(name)} has not reported yet")


def _stage(status: Record) -> Iterator[Complaint]:
    stage = _lively(status, "stage")
    if not stage:
        return
    if stage.get("shader_error"):
        yield _bad(f"shader: {stage['shader_error']}")
    if stage.get("mode") == "house":
        yield _wait("no picture from a deck yet")
    elif _number(stage, "picture_age") > PICTURE_OLD:
        yield _bad(f"the newest picture is {stage['picture_age']:.0f} s old")
    fps, p99 = _number(stage, "fps", SLOW), _number(_part(stage, "interval_ms"), "p99") / 1000
    if fps < SLOW:
        yield _bad(f"the stage is slow: {fps:.0f} presents a second")
    elif p99 > STUTTER:
        yield _bad(f"the stage stutters: one present in a hundred takes {p99 * 1000:.0f} ms")


def _decks(status: Record) -> Iterator[Complaint]:
    for name in ("deck_a", "deck_b"):
        deck = _lively(status, name)
        if deck.get("error"):
            yield _bad(f"{_name(name)}: {deck['error']}")
        elif deck.get("loading"):
            yield _wait(f"{_name(name)} is loading its model")


def _inputs(status: Record) -> Iterator[Complaint]:
    desk = _lively(status, "desk")
    for name, word in _DEVICES.items():
        error = str(_part(desk, name).get("error") or "")
        if error:
            yield _bad(error if error.startswith(word) else f"{word}: {error}")


def _outputs(status: Record) -> Iterator[Complaint]:
    outputs = _part(status, "outputs")
    if outputs.get("error") and _age(status, outputs) <= SILENT:
        yield _bad(str(outputs["error"]))


def _switches(status: Record) -> Iterator[Complaint]:
    found = _part(_lively(status, "desk"), "day").get("switches")
    for switch in found if isinstance(found, list) else ():
        if isinstance(switch, Mapping) and switch.get("error"):
            yield _bad(str(switch["error"]))


def _barred(status: Record) -> Iterator[Complaint]:
    for scene, why in _part(_lively(status, "desk"), "barred").items():
        yield _bad(f"scene {scene} is skipped: {why}")


def _strangers(status: Record) -> Iterator[Complaint]:
    found = _lively(status, "desk").get("strangers")
    if isinstance(found, list) and found:
        more = f", and {len(found) - 1} more were" if len(found) > 1 else ""
        yield _wait(f"{found[0]}{more}; the wall shows another picture there")


def _lively(status: Record, name: str) -> Record:
    """A process's record, {} where its silence was complained of already."""
    record = _record(status, name)
    return record if record and _age(status, record) <= SILENT else {}


def _record(status: Record, name: str) -> Record:
    return _part(_part(status, "health"), name)


def _age(status: Record, record: Record) -> float:
    return _number(status, "at") - _number(record, "at")


def _part(record: Record, key: str) -> Record:
    part = record.get(key)
    return part if isinstance(part, Mapping) else {}


def _number(record: Record, key: str, absent: float = 0.0) -> float:
    value = record.get(key)
    return float(value) if isinstance(value, int | float) else absent


def _name(process: str) -> str:
    return _NAMES.get(process, f"the {process}")


def _bad(text: str) -> Complaint:
    return Complaint(Level.BAD, text)


def _wait(text: str) -> Complaint:
    return Complaint(Level.WAIT, text)
