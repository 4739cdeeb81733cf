"""The rooms' order, and what each process may hold, read from the source and tried for real."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from installation.session import ROOT

PACKAGE = ROOT / "installation"
# From the top. A module imports from its own room and from those below it.
ROOMS = [
    "commands",
    "bench",
    "supervise",
    "desk",
    "panel",
    "studio",
    "inputs",
    "stage",
    "outputs",
    "decks",
    "generators",
    "latent",
    "frames",
    "show",
    "control",
]
TOP, GROUND = ["cli", "commands"], len(ROOMS)
MODULES = sorted(PACKAGE.rglob("*.py"))

# A process: the modules it begins with, and what must never be loaded into it.
PROCESSES = {
    "supervisor": (
        ["installation.cli", "installation.commands.run", "installation.supervise.supervisor"],
        ["numpy", "torch", "moderngl", "pyglet"],
    ),
    "desk": (
        ["installation.desk.__main__", "installation.desk.process"],
        ["torch", "moderngl", "pyglet"],
    ),
    "deck": (
        ["installation.decks.__main__", "installation.decks.process"],
        ["torch", "moderngl", "pyglet"],
    ),
    "outputs": (["installation.outputs.process"], ["torch", "moderngl", "pyglet", "cyndilib"]),
    "studio": (
        ["installation.studio.__main__", "installation.studio.process"],
        ["torch", "moderngl", "pyglet"],
    ),
    "stage": (["installation.stage.__main__", "installation.stage.process"], ["torch"]),
}
processes = pytest.mark.parametrize("process", PROCESSES)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> int:
    """The height of a module's room, 0 the highest."""
    parts = module.split(".")
    if len(parts) < 2 or parts[1] not in (*ROOMS, *TOP):
        return GROUND
    return 0 if parts[1] in TOP else ROOMS.index(parts[1])


@cache
def tree(module: str) -> ast.Module | None:
    base = ROOT.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return ast.parse(path.read_text(encoding="utf-8"))
    return None


def imported(node: ast.AST) -> Iterator[str]:
    """The modules an import statement names; of `from a import b` also a.b, if it is a module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        assert node.module
        submodules = [f"{node.module}.{alias.name}" for alias in node.names]
        found = [name for name in submodules if name.startswith("installation") and tree(name)]
        yield from found
        if len(found) < len(submodules):
            yield node.module


def lasting(node: ast.AST) -> Iterator[ast.AST]:
    """The statements that run when a module is loaded: all but those inside functions."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from lasting(child)


def closure(begin: list[str]) -> dict[str, str]:
    """Every module loaded by loading these, and which one asked for it first."""
    asked = dict.fromkeys(begin, "")
    waiting = list(begin)
    while waiting:
        module = waiting.pop()
        source = tree(module)
        if source is None or not module.startswith("installation"):
            continue
        parents = [module.rpartition(".")[0]] if "." in module else []
        wanted = [name for node in lasting(source) for name in imported(node)]
        for name in [*parents, *wanted]:
            if name not in asked:
                asked[name] = module
                waiting.append(name)
    return asked


def loaded(code: str) -> set[str]:
    """The top-level names of the modules that a fresh interpreter holds after `code`."""
    tell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", f"{code}\n{tell}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_from_rooms_below_it(path: Path):
    module = name_of(path)
    here = room_of(module)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported(node):
            if name.startswith("installation."):
                assert room_of(name) >= here, f"{module} imports {name}, which stands above it"


def test_every_folder_is_a_room():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/*.py")}
    assert folders == set(ROOMS)


@processes
def test_no_module_level_import_leads_to_what_a_process_must_not_hold(process: str):
    begin, forbidden = PROCESSES[process]
    asked = closure(begin)
    for name, by in asked.items():
        assert name.partition(".")[0] not in forbidden, f"{process}: {by} imports {name}"
    assert len(asked) > 10


@processes
def test_a_process_really_does_not_hold_it(process: str):
    begin, forbidden = PROCESSES[process]
    held = loaded("\n".join(f"import {name}" for name in begin))
    assert not held & set(forbidden)


def test_the_package_loads_only_the_standard_library():
    assert loaded("import installation") - loaded("pass") <= {"installation"}


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_is_quick_to_come(arguments: list[str]):
    code = (
        "from installation.cli import main\n"
        f"try: main({arguments})\n"
        "except SystemExit as done: assert done.code == 0\n"
    )
    assert not loaded(code) & {"numpy", "torch", "pydantic", "openvino", "moderngl"}


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_moves_by_the_wall_clock_or_opens_what_could_run_code(path: Path):
    forbidden = {"time.time", "datetime.now", "pickle.load", "pickle.loads", "torch.load", "eval"}
    assert not forbidden & set(calls(path))
