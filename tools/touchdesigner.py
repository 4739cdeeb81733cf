"""The table for other programs: an address sheet, and TouchDesigner operators that fit it.

The operators come as a script for TouchDesigner's textport. That reads line by line as Python's own
prompt does, so an indented block ends with a blank line and has none inside. Parameter names are
those of Derivative's documentation, builds from 2023 on.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from textwrap import shorten

from installation.control.parameters import Kind, Parameter, Scope, Table

SEND, LISTEN, WORDS = 9000, 7000, 7001  # ports; an OSC In CHOP shares its port with nothing
_COLUMNS = ("address", "channel", "direction", "send", "low", "high", "default", "unit", "help")
_SEND = {
    Kind.FLOAT: "number",
    Kind.INT: "whole number",
    Kind.BOOL: "0 or 1, T or F",
    Kind.TRIGGER: "a number that rises above 0, or nothing",
}

_HEAD = """\
# TouchDesigner operators for the show "{title}". Made by `python -m tools.write_docs`.
#
# Open the textport (Alt+T), paste all of this, press Enter. It builds a Base COMP named
# "installation" in /project1; docs/touchdesigner.md says what to do with it. For a show on another
# machine change HOST first. Nothing is sent until you switch "send" or "say" to Active.
#
# ruff: noqa: F821 - op, baseCOMP and the like are TouchDesigner's own names
# pyright: reportUndefinedVariable=false

HOST, SEND, LISTEN, WORDS = "{host}", {send}, {listen}, {words}
CONTROLS = [
{controls}
]


"""

_BODY = """\
def put(owner, **settings):
    for name, value in settings.items():
        found = getattr(owner.par, name, None)
        if found is None:
            print("no parameter", name, "on", owner.path + ": set it by hand")
        else:
            found.val = value


box = (op("/project1") or op("/")).create(baseCOMP, "installation")

controls = box.create(constantCHOP, "controls")
controls.seq.const.numBlocks = len(CONTROLS)
for place, (name, value) in enumerate(CONTROLS):
    put(controls, **{f"const{place}name": name, f"const{place}value": value})

send = box.create(oscoutCHOP, "send")
put(send, active=False, netaddress=HOST, port=SEND, numericformat="float", format="sample")
put(send, sendevents=False, cookalways=True)
send.inputConnectors[0].connect(controls)

say = box.create(oscoutDAT, "say")
put(say, active=False, address=HOST, port=SEND)

heard = box.create(oscinCHOP, "heard")
put(heard, port=LISTEN, queued=False)

words = box.create(oscinDAT, "words")
put(words, port=WORDS, addscope="/state/status", splitmessage=True, clamp=True, maxlines=20)

for place, node in enumerate((controls, send, say, heard, words)):
    node.nodeX, node.nodeY = 200 * (place % 2), -150 * (place // 2)

print("built", box.path, "with", len(CONTROLS), "controls")
"""


def address_sheet(table: Table) -> str:
    """Every address as CSV, in the table's order, then those that are no rows of the table."""
    sheet = StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_line(row) for row in table)
    writer.writerows(_others())
    return sheet.getvalue()


def operators(table: Table, title: str) -> str:
    """The script for the textport."""
    rows = [row for row in table if row.scope is not Scope.STATE]
    lines = [f'    ("{row.address[1:]}", {row.default:g}),{_comment(row)}' for row in rows]
    head = _HEAD.format(
        title=title,
        host="127.0.0.1",
        send=SEND,
        listen=LISTEN,
        words=WORDS,
        controls="\n".join(lines),
    )
    return head + _BODY


def _line(row: Parameter) -> tuple[str, ...]:
    told = row.scope is Scope.STATE
    press = row.kind is Kind.TRIGGER
    direction = "from the show" if told else "to the show" if press else "both"
    send = "" if told else _SEND.get(row.kind) or "one of " + ", ".join(row.choices)
    low, high = ("", "") if press else (f"{row.low:g}", f"{row.high:g}")
    default = "" if told or press else f"{row.default:g}"
    channel = row.address[1:]
    return row.address, channel, direction, send, low, high, default, row.unit, row.help


def _others() -> Iterator[tuple[str, ...]]:
    pad = "steer/x and steer/y in one message, as a pad sends them"
    yield "/steer", "", "to the show", "two numbers", "-2", "2", "", "sd", pad
    how = "how the show is, in words; for an OSC In DAT"
    yield "/state/status", "", "from the show", "", "", "", "", "", how


def _comment(row: Parameter) -> str:
    if row.kind is Kind.TRIGGER:
        return "  # to 1 and back: a press"
    if row.kind is Kind.CHOICE:
        named = ", ".join(f"{place} {name}" for place, name in enumerate(row.choices))
        named = shorten(named, 64, placeholder=" ... (all in the address sheet)")
        return f"  # {named}"
    return f"  # {row.low:g} to {row.high:g} {row.unit}".rstrip()
