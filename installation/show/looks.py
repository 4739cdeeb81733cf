"""Shader passes as text: their files, and the controls their uniforms declare.

A uniform with an annotation becomes a row of the table:

    uniform float grain;  // 0.03 [0, 0.2] film grain
"""

import re
from pathlib import Path

from installation.control.parameters import Kind, Parameter

SUFFIX = ".frag"
_NUMBER = r"[-+]?[0-9]*\.?[0-9]+"
_UNIFORM = re.compile(
    rf"^\s*uniform\s+float\s+([a-z0-9_]+)\s*;\s*//\s*({_NUMBER})\s*"
    rf"\[\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\]\s*(.*)$",
    re.MULTILINE,
)
SMOOTH = 0.2  # seconds: a fader's steps of 1/127 are not seen as steps


def pass_file(shaders: Path, name: str) -> Path:
    """Where a pass lives."""
    return shaders / f"{name}{SUFFIX}"


def pass_rows(name: str, source: str) -> list[Parameter]:
    """The rows that a pass's annotated uniforms declare, as `/look/<pass>/<uniform>`."""
    return [
        Parameter(
            f"/look/{name}/{uniform}",
            Kind.FLOAT,
            float(default),
            float(low),
            float(high),
            help.strip(),
            smooth=SMOOTH,
        )
        for uniform, default, low, high, help in _UNIFORM.findall(source)
    ]
