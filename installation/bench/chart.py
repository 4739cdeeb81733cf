"""The table as a picture: one bar a backend, the network's part in the darker colour. SVG."""

from collections.abc import Sequence
from html import escape

from installation.bench.rows import Row

WIDTH, _LEFT, _RIGHT = 900, 230, 190  # pixels; of the labels before and behind the bars
_BAR, _GAP, _HEAD, _TOP = 20, 10, 46, 64
_COLOURS = {"ground": "#0b1a24", "words": "#dfe8ea", "faint": "#7f97a1", "mark": "#e8a33d"}
_NETWORK, _AROUND = "#2f8f9d", "#bfe3dd"
_STEADY = 1000 / 60  # milliseconds: under it a picture is ready for every refresh of a screen


def chart(rows: Sequence[Row], machine: str) -> str:
    """An SVG of all rows, each network on a scale of its own."""
    models = list(dict.fromkeys(row.model for row in rows))
    parts, y = [_text(24, 34, "Milliseconds from latent to picture in memory", 18)], _TOP
    for model in models:
        group = [row for row in rows if row.model == model]
        parts.append(_group(group, y))
        y += _HEAD + len(group) * (_BAR + _GAP) + _GAP
    parts += [_legend(y + 8), _text(24, y + 34, machine, 11, _COLOURS["faint"])]
    return _svg(y + 52, "\n".join(parts))


def _group(rows: Sequence[Row], y: int) -> str:
    longest = max(row.deck.p99 for row in rows)
    scale = (WIDTH - _LEFT - _RIGHT) / longest
    first = rows[0]
    parts = [_text(24, y + 22, f"{first.model}, {first.resolution} px", 14)]
    top, height = y + _HEAD - 8, len(rows) * (_BAR + _GAP)
    if longest > _STEADY:
        parts.append(_steady(_LEFT + _STEADY * scale, top, height))
    parts += [_bar(row, top + i * (_BAR + _GAP), scale) for i, row in enumerate(rows)]
    return "\n".join(parts)


def _bar(row: Row, y: float, scale: float) -> str:
    end, network = _LEFT + row.deck.p50 * scale, row.network.p50 * scale
    late = _LEFT + row.deck.p99 * scale
    middle = y + _BAR / 2
    return "\n".join(
        [
            _text(24, y + 15, row.words, 12),
            _rect(_LEFT, y, row.deck.p50 * scale, _AROUND),
            _rect(_LEFT, y, network, _NETWORK),
            f'<path d="M{end:.1f} {middle}H{late:.1f}M{late:.1f} {y + 5}v10" '
            f'stroke="{_COLOURS["faint"]}" fill="none"/>',
            _text(late + 8, y + 15, f"{row.deck.p50:.2f} ms, {row.fps:.0f} a second", 12),
        ]
    )


def _steady(x: float, y: float, height: float) -> str:
    line = (
        f'<path d="M{x:.1f} {y - 6}v{height}" stroke="{_COLOURS["mark"]}" stroke-dasharray="3 3"/>'
    )
    return line + _text(x + 4, y - 8, "60 a second", 10, _COLOURS["mark"])


def _legend(y: float) -> str:
    return "\n".join(
        [
            f'<rect x="24" y="{y}" width="12" height="12" fill="{_NETWORK}"/>',
            _text(42, y + 11, "network", 11),
            f'<rect x="110" y="{y}" width="12" height="12" fill="{_AROUND}"/>',
            _text(128, y + 11, "walk, mapping, check, header; the whisker ends at p99", 11),
        ]
    )


def _rect(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, size: int, colour: str = _COLOURS["words"]) -> str:
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{colour}">{escape(words)}</text>'


def _svg(height: int, body: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
    style = 'font-family="system-ui, sans-serif">'
    ground = f'<rect width="{WIDTH}" height="{height}" fill="{_COLOURS["ground"]}"/>'
    return f"{head}{style}\n{ground}\n{body}\n</svg>\n"
