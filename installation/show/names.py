"""Names in show.yaml: how they are written, which may be steered, and what was probably meant."""

import difflib
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from installation.control.parameters import Scope, Table

Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=40)]
# A model, or a moment of its training: `family/03` is its snapshots/03.
ModelName = Annotated[str, Field(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)?$", max_length=80)]


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The end of a complaint about `word`: the name next to it, or all there are."""
    names = list(allowed)
    if not names:
        return ""
    near = difflib.get_close_matches(word, names, 1)
    return f"; did you mean {near[0]}?" if near else f"; allowed: {', '.join(names)}"


def targets(table: Table) -> list[str]:
    """The controls that may be steered, without their first slash."""
    return [row.address[1:] for row in table if row.scope is not Scope.STATE]


def steerable(target: str, table: Table) -> bool:
    """Whether a name without its first slash is one of `targets`."""
    address = f"/{target}"
    return address in table and table[address].scope is not Scope.STATE
