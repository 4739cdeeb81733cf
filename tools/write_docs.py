"""Write the pages that are made from the program itself: `pages` lists them.

python -m tools.write_docs          after a change of the table, a shader or the schema
"""

from pathlib import Path

from installation.commands.schema import text as schema_text
from installation.control.parameters import Kind, Parameter, Scope, Table
from installation.session import ROOT, SHADERS
from installation.show.loader import load
from tools.gallery import page as looks_page
from tools.touchdesigner import address_sheet, operators

DOCS = ROOT / "docs"

_HEAD = """# Controls

Every control of the shipped show, made from the program's own table by
`python -m tools.write_docs`. An address is what OSC sends to, what a route in show.yaml steers
(without its first slash), what a hotkey presses and what the panel shows. Values outside a range
are brought inside it. Switches take T, F, 0 or 1; choices take a name or a number; triggers fire
when a value rises above 0, and on a message without arguments.
"""

_TITLES = {
    Scope.LOOK: "## The scene's controls",
    Scope.MACHINE: "## The machine's controls",
    Scope.STATE: "## Read only",
}


def parameters(table: Table) -> str:
    """The page about every row of a table."""
    parts = [_HEAD]
    for scope, title in _TITLES.items():
        rows = [row for row in table if row.scope is scope]
        parts.append("\n".join([title, "", *_lines(rows)]) + "\n")
    return "\n".join(parts)


def pages() -> dict[Path, str]:
    """Every made page and what it should say."""
    show, table = load(ROOT / "show.yaml", SHADERS)
    return {
        DOCS / "parameters.md": parameters(table),
        DOCS / "looks.md": looks_page(),
        DOCS / "show.schema.json": schema_text() + "\n",
        DOCS / "osc_addresses.csv": address_sheet(table),
        DOCS / "touchdesigner_operators.py": operators(table, show.title),
    }


def _lines(rows: list[Parameter]) -> list[str]:
    head = ["| address | takes | default | what it does |", "|---|---|---|---|"]
    return head + [f"| `{r.address}` | {_takes(r)} | {_default(r)} | {r.help} |" for r in rows]


def _takes(row: Parameter) -> str:
    if row.kind is Kind.CHOICE:
        return ", ".join(row.choices)
    if row.kind in (Kind.TRIGGER, Kind.BOOL):
        return "a press" if row.kind is Kind.TRIGGER else "on, off"
    return f"{row.low:g} … {row.high:g} {row.unit}".rstrip()


def _default(row: Parameter) -> str:
    if row.kind is Kind.TRIGGER or row.scope is Scope.STATE:
        return ""
    if row.kind is Kind.CHOICE:
        return row.choices[int(row.default)]
    if row.kind is Kind.BOOL:
        return "on" if row.default else "off"
    return f"{row.default:g}"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
