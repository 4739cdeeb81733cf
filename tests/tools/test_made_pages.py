"""The pages made from the program say what the program says, and the script for TouchDesigner runs
as its textport reads it. TouchDesigner itself is played by a few lines."""

import code
import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from installation.control.parameters import Kind, Scope
from installation.inputs.osc_controls import Controls
from installation.inputs.osc_wire import decode
from installation.outputs.osc_feedback import SENTENCE
from installation.outputs.osc_packet import packet
from installation.session import ROOT, SHADERS
from installation.show.loader import load
from tools.touchdesigner import LISTEN, SEND, WORDS
from tools.write_docs import DOCS, pages

SHOW, TABLE = load(ROOT / "show.yaml", SHADERS)
SCRIPT = DOCS / "touchdesigner_operators.py"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_the_page_is_up_to_date(page: Path):
    """Else: python -m tools.write_docs"""
    assert page.read_text(encoding="utf-8") == pages()[page]


def sheet() -> list[dict[str, str]]:
    with (DOCS / "osc_addresses.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_sheet_has_every_row_and_the_two_that_are_none():
    assert [line["address"] for line in sheet()] == [
        *(row.address for row in TABLE),
        "/steer",
        SENTENCE,
    ]


@pytest.mark.parametrize("line", sheet(), ids=lambda line: line["address"])
def test_what_the_sheet_says_can_be_sent(line: dict[str, str]):
    address = line["address"]
    assert line["channel"] == (address[1:] if address in TABLE else "")
    if line["direction"] == "from the show":
        assert line["send"] == ""
        return
    values = [float(line["high"] or 1)] * (2 if line["send"] == "two numbers" else 1)
    (message,) = decode(packet(address, *values))
    assert Controls(TABLE, ()).read(message, 0.0)


class Par:
    """Parameters by name; only those of the documentation."""

    def __init__(self, names: str) -> None:
        for name in names.split():
            setattr(self, name, SimpleNamespace(val=None))


class Operator:
    """As much of an operator as the script needs."""

    KINDS = {
        "constantCHOP": "",
        "oscoutCHOP": "active netaddress port numericformat format sendevents cookalways",
        "oscoutDAT": "active address port",
        "oscinCHOP": "active port queued",
        "oscinDAT": "active port addscope splitmessage clamp maxlines",
        "baseCOMP": "",
    }

    def __init__(self, kind: str, path: str) -> None:
        self.path = path
        self.par = Par(self.KINDS[kind])
        self.children: dict[str, Operator] = {}
        self.inputs: list[Operator] = []
        self.inputConnectors = [SimpleNamespace(connect=self.inputs.append)]
        self.seq = SimpleNamespace(const=_Sequence(self.par))

    def create(self, kind: str, name: str) -> "Operator":
        self.children[name] = Operator(kind, f"{self.path}/{name}")
        return self.children[name]

    def value(self, name: str) -> Any:
        return getattr(self.par, name).val


class _Sequence:
    """A Constant CHOP's pairs of name and value."""

    def __init__(self, par: Par) -> None:
        self.__dict__["par"] = par

    def __setattr__(self, name: str, count: int) -> None:
        assert name == "numBlocks"
        for place in range(count):
            for part in ("name", "value"):
                setattr(self.par, f"const{place}{part}", SimpleNamespace(val=None))


@pytest.mark.parametrize("pasted", [True, False], ids=["pasted", "run"])
def test_the_script_builds_the_operators(pasted: bool, capsys: pytest.CaptureFixture[str]):
    project = Operator("baseCOMP", "/project1")
    names = {"op": {"/project1": project}.get, **{kind: kind for kind in Operator.KINDS}}
    if pasted:
        console = code.InteractiveConsole(names)
        for line in SCRIPT.read_text().splitlines():
            console.push(line)
    else:
        exec(compile(SCRIPT.read_text(), str(SCRIPT), "exec"), names)
    said = capsys.readouterr()
    steered = [row for row in TABLE if row.scope is not Scope.STATE]
    assert said.out.endswith(f"built /project1/installation with {len(steered)} controls\n")
    assert "no parameter" not in said.out
    assert "Error" not in said.err
    box = project.children["installation"].children
    channels = {
        box["controls"].value(f"const{place}name"): box["controls"].value(f"const{place}value")
        for place in range(len(steered))
    }
    assert channels == pytest.approx(
        {row.address[1:]: 0 if row.kind is Kind.TRIGGER else row.default for row in steered}
    )
    assert box["send"].inputs == [box["controls"]]
    assert (box["send"].value("port"), box["send"].value("active")) == (SEND, False)
    assert (box["heard"].value("port"), box["words"].value("port")) == (LISTEN, WORDS)


def test_a_parameter_that_another_build_lacks_is_named(capsys: pytest.CaptureFixture[str]):
    project = Operator("baseCOMP", "/project1")
    kinds = {**Operator.KINDS, "oscinCHOP": "active port"}
    names = {"op": {"/project1": project}.get, **{kind: kind for kind in kinds}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Operator, "KINDS", kinds)
        exec(SCRIPT.read_text(), names)
    assert "no parameter queued on /project1/installation/heard" in capsys.readouterr().out


def test_the_shipped_show_listens_where_the_script_sends():
    assert SHOW.inputs.osc is not None
    assert SHOW.inputs.osc.port == SEND
