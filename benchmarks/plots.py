"""Small SVG pictures: text as text, colours for a light and a dark page."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 720
_ROW, _LABEL, _MARGIN, _HEAD = 28, 190, 16, 44
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}"
    ".t{font-weight:600;font-size:15px}.s{fill:#59636e}.e{text-anchor:end}.m{text-anchor:middle}"
    ".o{fill:#0b6e4f;stroke:#0b6e4f}.p{fill:#8c959f;stroke:#8c959f}.l{fill:#c4ccd4;stroke:#c4ccd4}"
    ".g{stroke:#d1d9e0;stroke-width:1}.w{stroke:#1f2328;stroke-width:1.5}"
    ".c{fill:none;stroke-width:2}.r{stroke:#b35900;stroke-width:1.5;stroke-dasharray:5 4}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}"
    ".o{fill:#3fb68b;stroke:#3fb68b}.p{fill:#6e7681;stroke:#6e7681}.l{fill:#4d555e;stroke:#4d555e}"
    ".g{stroke:#3d444d}.w{stroke:#e6edf3}.c{fill:none}.r{stroke:#e0a458}}"
)
_TITLE_Y, _NOTE_Y = 20, 38


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its quartiles.

    :ivar kind: ``o`` for ours, ``p`` for peers, ``l`` for limits.
    """

    label: str
    low: float
    value: float
    high: float
    kind: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Values over numbers of rows."""

    label: str
    points: Mapping[int, float]
    kind: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves over numbers of rows, which grow tenfold each time.

    :ivar tenfold: whether the values do so, too.
    :ivar limit: a line that they should stay below, and what it is called.
    """

    title: str
    unit: str
    curves: Sequence[Curve]
    tenfold: bool = False
    limit: tuple[float, str] | None = None


def bars(title: str, note: str, given: Sequence[Bar]) -> str:
    """Bars from left to right, with whiskers over the quartiles."""
    height = _HEAD + _ROW * len(given) + _MARGIN
    room = WIDTH - _LABEL - 2 * _MARGIN - 70
    scale = room / max(each.high for each in given)
    parts = _heading(title, note)
    for number, each in enumerate(given):
        top = _HEAD + 6 + number * _ROW
        middle = top + 9
        low, end, high = (_LABEL + scale * value for value in (each.low, each.value, each.high))
        parts += [
            _text(_LABEL - 8, middle + 4, each.label, "e"),
            f'<rect class="{each.kind}" x="{_LABEL}" y="{top}" '
            f'width="{end - _LABEL:.1f}" height="18" rx="2"/>',
            f'<path class="w" d="M{low:.1f} {middle}H{high:.1f}"/>',
            _text(max(end, high) + 8, middle + 4, f"{each.value:,.0f}", ""),
        ]
    return _picture(height, title, parts)


def panels(title: str, note: str, given: Sequence[Panel]) -> str:
    """Panels beside each other."""
    height, room = 300, (WIDTH - _MARGIN) / len(given)
    parts = _heading(title, note)
    for number, each in enumerate(given):
        parts += _panel(each, _MARGIN + number * room, room - _MARGIN, height)
    return _picture(height, title, parts)


def _panel(panel: Panel, left: float, width: float, height: int) -> list[str]:
    top, bottom, axis = _HEAD + 40, height - 34, left + 46
    rows = sorted({row for curve in panel.curves for row in curve.points})
    values = [value for curve in panel.curves for value in curve.points.values()]
    most = max([*values, *([panel.limit[0]] if panel.limit else [])])
    steps = _decades(min(values), most) if panel.tenfold else _even_steps(most)

    def across(row: int) -> float:
        if len(rows) == 1:
            return axis
        share = math.log10(row / rows[0]) / math.log10(rows[-1] / rows[0])
        return axis + share * (left + width - 24 - axis)

    def up(value: float) -> float:
        if panel.tenfold:
            share = math.log10(value / steps[0]) / math.log10(steps[-1] / steps[0])
        else:
            share = value / steps[-1]
        return bottom - share * (bottom - top)

    parts = [_text(left, top - 16, f"{panel.title}, {panel.unit}", "")]
    for step in steps:
        parts.append(f'<path class="g" d="M{axis:.0f} {up(step):.1f}H{left + width:.0f}"/>')
        parts.append(_text(axis - 6, up(step) + 4, f"{step:,g}", "s e"))
    parts += [_text(across(row), bottom + 18, _short(row), "s m") for row in rows]
    if panel.limit:
        value, name = panel.limit
        parts.append(f'<path class="r" d="M{axis:.0f} {up(value):.1f}H{left + width:.0f}"/>')
        parts.append(_text(left + width, up(value) - 6, name, "s e"))
    for number, curve in enumerate(panel.curves):
        line = " ".join(f"{across(row):.1f},{up(at):.1f}" for row, at in curve.points.items())
        parts.append(f'<polyline class="c {curve.kind}" style="fill:none" points="{line}"/>')
        parts += [
            f'<circle class="{curve.kind}" cx="{across(row):.1f}" cy="{up(at):.1f}" r="3"/>'
            for row, at in curve.points.items()
        ]
        place = left + width * (0.30 + 0.36 * number)
        parts.append(f'<path class="c {curve.kind}" d="M{place:.0f} {height - 4}h16"/>')
        parts.append(_text(place + 22, height, curve.label, "s"))
    return parts


def _decades(least: float, most: float) -> list[float]:
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def _even_steps(most: float) -> list[float]:
    size = 10 ** math.floor(math.log10(most))
    step = next(size * part for part in (0.2, 0.5, 1, 2) if most / (size * part) <= 5)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def _short(rows: int) -> str:
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if rows >= size:
            return f"{rows // size}{unit}"
    return str(rows)


def _heading(title: str, note: str) -> list[str]:
    return [_text(_MARGIN, _TITLE_Y, title, "t"), _text(_MARGIN, _NOTE_Y, note, "s")]


def _text(x: float, y: float, text: str, kind: str) -> str:
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text{of_kind} x="{x:.0f}" y="{y:.0f}">{escape(text)}</text>'


def _picture(height: int, title: str, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 8}" role="img" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style>' + "".join(parts) + "</svg>\n"
    )
