"""A strict YAML reader: YAML 1.2 scalars, no duplicate keys, no tags, and the line of everything.

PyYAML follows YAML 1.1, where `on` is True, `010` is 8 and `1e3` is text; an artist's file must
not depend on knowing that. Here plain scalars follow the YAML 1.2 core schema (yaml.org/spec/1.2.2
section 10.3). Only the parser of PyYAML is used: nothing in a file can construct an object.
"""

import errno
import math
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from installation.errors import Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000  # aliases counted each time they are used, so that none can explode
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"

KeyPath = tuple[str | int, ...]

_NULL = re.compile(r"(~|null|Null|NULL|)$")
_BOOL = re.compile(r"(true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"[-+]?[0-9]+$")
_OCTAL = re.compile(r"0o[0-7]+$")
_HEX = re.compile(r"0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_SPECIAL = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")


@dataclass
class Document:
    """A file's data, the line of every path in it, and what is wrong with it."""

    file: str
    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        """The line of `path`, or of its nearest ancestor."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, path: KeyPath, message: str) -> None:
        """Note a problem at `path`."""
        self.problems.append(Problem(self.file, self.line(path), dotted(path), message))


def dotted(path: KeyPath) -> str:
    """A path as people write it: `scenes.waves.look[0]`."""
    text = ""
    for part in path:
        word = str(part) if str(part).isprintable() else repr(part)  # a problem is one line
        text += f"[{part}]" if isinstance(part, int) else f".{word}" if text else word
    return text


def read(path: Path, name: str | None = None) -> Document:
    """The YAML file at `path`. Never raises for its contents: see `Document.problems`."""
    document = Document(name or str(path))
    text = _text(path, document)
    if text is not None:
        _parse(text, document)
    return document


def parse(text: str, name: str = "show.yaml") -> Document:
    """As `read`, from text."""
    document = Document(name)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        document.complain((), f"larger than {MAX_BYTES // 1024} kB; split or shorten it")
    else:
        _parse(text, document)
    return document


def _text(path: Path, document: Document) -> str | None:
    raw = b""
    try:
        with open(path, "rb", opener=_opened) as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            document.complain((), f"larger than {MAX_BYTES // 1024} kB; split or shorten it")
            return None
        return raw.decode("utf-8")
    except OSError as error:
        document.complain((), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        document.complain((), f"is not UTF-8 text: byte {error.start} is {raw[error.start]:#04x}")
    return None


def _opened(path: str, flags: int) -> int:
    """A regular file's descriptor: a pipe in its place must not hold us up."""
    fd = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return fd
    os.close(fd)
    raise OSError(errno.EINVAL, "Is a directory" if stat.S_ISDIR(mode) else "it is no file")


def _parse(text: str, document: Document) -> None:
    try:
        if _acceptable(text, document):
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            document.data = _Builder(document).build(root, ()) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        document.problems.append(
            Problem(document.file, mark.line + 1 if mark else 1, "", f"not YAML: {error.problem}")
        )
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last: "\UFFFFFFFF"
        document.complain((), f"not YAML: {' '.join(str(error).split())}")


def _acceptable(text: str, document: Document) -> bool:
    """Looks at the text before it becomes nodes: notes every tag, and stops where it is too deep.

    Only here an explicit tag can be told from one that the reader found by itself."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            document.problems.append(Problem(document.file, line, "", _TOO_DEEP))
            return False
        if getattr(event, "tag", None):
            message = f"tags such as {event.tag!r} are not allowed"
            document.problems.append(Problem(document.file, line, "", message))
    return True


class _Builder:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._count = 0

    def build(self, node: Node, path: KeyPath) -> Any:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        self._count += 1
        if self._count > MAX_NODES:
            raise ValueError(f"more than {MAX_NODES} values, aliases counted each time")
        if len(path) > MAX_DEPTH:  # by aliases; one may even contain itself
            raise ValueError(_TOO_DEEP)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "?"
            here = (*path, key)
            if key in result:
                first = self._document.line(here)
                line = key_node.start_mark.line + 1
                message = f"given twice; the first is on line {first}"
                self._document.problems.append(
                    Problem(self._document.file, line, dotted(here), message)
                )
                continue
            self._document.lines[here] = key_node.start_mark.line + 1
            result[key] = self.build(value_node, here)
        return result


def _scalar(node: Node) -> Any:
    text = node.value
    if not isinstance(node, ScalarNode) or node.style is not None:
        return text
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text[0] in "tT"
    return _number(text)


def _number(text: str) -> int | float | str:
    if len(text) > 40:
        return text
    if _INT.match(text):
        return int(text, 10)
    if _OCTAL.match(text) or _HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    if _SPECIAL.match(text):
        return (
            math.nan
            if "n" in text.lower()[:4] and "inf" not in text.lower()
            else float(text.replace(".", "", 1))
        )
    return text
