"""A conversation's swim lanes as text: Mermaid and PlantUML sequence diagrams, and an SVG picture.

Written from the same layout that the window draws; everything from outside is escaped for where it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from workbench.evidence.lane_folds import collapsed, tracks
from workbench.evidence.lanes import LaneKind, LaneTone
from workbench.evidence.plain import attribute, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.evidence.lanes import LaneRow, Lanes

WIDTH = 960
_TIME_X, _LANES_X = 16, (190, 530, 870)
_HEAD, _LEG, _NOTE, _OTHER, _END = 84, 62, 20, 44, 52
_LINK_X, _LINK_APART = 176, 12
_BLUE, _INK, _GREY, _PAPER = "#005eb8", "#1f2933", "#5f6b7a", "#ffffff"
_TONES = {
    LaneTone.OK: "#0b7a3e",
    LaneTone.ERROR: "#b3261e",
    LaneTone.WARNING: "#8a5200",
    LaneTone.WAITING: "#4b3fa8",
    LaneTone.UNKNOWN: "#7a2f78",
    LaneTone.NEUTRAL: _GREY,
}
_CUT = {"title": 44, "note": 90, "status": 26}
_BLANKS = re.compile(r"\s+")


def as_mermaid(lanes: Lanes) -> str:
    """A Mermaid `sequenceDiagram`."""
    said = _mermaid_words
    lines = ["sequenceDiagram"]
    for name, head in zip("SBR", (lanes.sender, lanes.broker, lanes.receiver), strict=True):
        lines.append(f"    participant {name} as {said(head.role)}: {said(head.name)}")
    for row in collapsed(lanes.rows):
        if row.kind in (LaneKind.MESSAGE, LaneKind.CHECK):
            one, other = ("S", "R") if row.from_sender else ("R", "S")
            lines.append(f"    {one}->>B: {said(_asked(row))}")
            lines.append(f"    B->>{other}: {said(row.title)}")
            if row.status:
                arrow = "--x" if row.tone is LaneTone.ERROR else "-->>"
                lines.append(f"    {other}{arrow}{one}: {said(_answered(row))}")
            if row.note:
                lines.append(f"    Note over {one}: {said(row.note)}")
        else:
            lines.append(f"    Note over S,R: {said(row.title)}")
    return "\n".join(lines) + "\n"


def as_plantuml(lanes: Lanes) -> str:
    """A PlantUML sequence diagram."""
    said = _plantuml_words
    lines = ["@startuml", "hide footbox"]
    for name, head in zip("SBR", (lanes.sender, lanes.broker, lanes.receiver), strict=True):
        lines.append(f'participant "{said(head.role)}\\n{said(head.name)}" as {name}')
    for row in collapsed(lanes.rows):
        if row.kind in (LaneKind.MESSAGE, LaneKind.CHECK):
            one, other = ("S", "R") if row.from_sender else ("R", "S")
            lines.append(f"{one} -> B : {said(_asked(row))}")
            lines.append(f"B -> {other} : {said(row.title)}")
            if row.status:
                arrow = "--x" if row.tone is LaneTone.ERROR else "-->"
                lines.append(f"{other} {arrow} {one} : {said(_answered(row))}")
            if row.note:
                lines.append(f"note over {one} : {said(row.note)}")
        elif row.kind is LaneKind.FOLD:
            lines.append(f"... {said(row.title)} ...")
        else:
            lines.append(f"== {said(row.title)} ==")
    lines.append("@enduml")
    return "\n".join(lines) + "\n"


def as_svg(lanes: Lanes) -> str:
    """A picture of its own: no script, no outside reference, one font stack; light, for paper and tickets."""
    rows = collapsed(lanes.rows)
    tops = list(_tops(rows))
    links = {track.reply: track for track in tracks(rows)}
    height = tops[-1] + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="Inter, Segoe UI, Helvetica, Arial, sans-serif" font-size="13">',
        f"<title>{_words(f'{lanes.sender.name} to {lanes.receiver.name}', 200)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>',
    ]
    for x, head in zip(_LANES_X, (lanes.sender, lanes.broker, lanes.receiver), strict=True):
        parts.append(f'<line x1="{x}" y1="64" x2="{x}" y2="{height - 12}" stroke="#c5ccd6"/>')
        parts.append(f'<rect x="{x - 88}" y="12" width="176" height="48" rx="6" fill="#f2f5f9" stroke="#c5ccd6"/>')
        parts.append(_text(x, 31, head.role, fill=_GREY, size=11, anchor="middle"))
        parts.append(_text(x, 49, _short(head.name, 24), weight=600, anchor="middle"))
    for place, row in enumerate(rows):
        parts.extend(_row(row, tops[place]))
        if track := links.get(place):
            parts.append(_link(tops[place] + 24, tops[track.asked] + 24, _LINK_X - _LINK_APART * track.lane))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _tops(rows: Sequence[LaneRow]) -> Iterator[int]:
    """The upper edge of every row, and the lower one of the last."""
    top = _HEAD
    for row in rows:
        yield top
        if row.kind in (LaneKind.MESSAGE, LaneKind.CHECK):
            top += _LEG + (_NOTE if row.note else 0) + (_NOTE if row.ident else 0)
        else:
            top += _END if row.kind is LaneKind.END else _OTHER
    yield top


def _row(row: LaneRow, top: int) -> Iterator[str]:
    if row.kind not in (LaneKind.MESSAGE, LaneKind.CHECK):
        yield from _between(row, top)
        return
    left, middle, right = _LANES_X
    start, end = (left, right) if row.from_sender else (right, left)
    colour = _TONES[row.tone] if row.tone in (LaneTone.ERROR, LaneTone.UNKNOWN) else _BLUE
    colour = _GREY if row.kind is LaneKind.CHECK and colour == _BLUE else colour
    y = top + 24
    yield _text(_TIME_X, y + 4, row.time)
    yield _text(left + 10, y - 6, _short(row.title, _CUT["title"]), weight=600)
    if row.detail:
        yield _text(middle + 10, y - 6, _short(row.detail, _CUT["title"]), fill=_GREY, size=12)
    yield _arrow(start, end, y, colour, dashed=False)
    yield f'<circle cx="{middle}" cy="{y}" r="4" fill="{_PAPER}" stroke="{colour}" stroke-width="1.5"/>'
    if row.status:
        back = y + 24
        yield _arrow(end, start, back, _TONES[row.tone] if row.tone is not LaneTone.OK else _GREY, dashed=True)
        yield _chip(left + 10 if row.from_sender else right - 170, back, row)
        if row.took:
            yield _text(middle + 10, back - 5, row.took, fill=_GREY, size=12)
    line = y + 24 + _NOTE
    if row.ident:
        yield _text(middle + 10, line, _short(row.ident, _CUT["title"]), fill=_GREY, size=12)
        line += _NOTE
    if row.note:
        yield _text(left + 10, line, _short(row.note, _CUT["note"]), fill=_TONES[_note_tone(row)], size=12)


def _link(reply: int, asked: int, x: int) -> str:
    """The dotted line from a reply to what it answers, with a head."""
    left, ink = _LANES_X[0], _TONES[LaneTone.WAITING]
    path = f"M {left - 4} {reply} H {x} V {asked + 12} H {left - 8}"
    line = f'<path d="{path}" fill="none" stroke="{ink}" stroke-dasharray="3 3"/>'
    return f'{line}<path d="M {left - 2} {asked + 12} l -8 -4 v 8 z" fill="{ink}"/>'


def _note_tone(row: LaneRow) -> LaneTone:
    return LaneTone.WAITING if row.note_tone is LaneTone.OK else row.note_tone


def _between(row: LaneRow, top: int) -> Iterator[str]:
    """A day, a fold or the end: words in a pill over the middle lane."""
    x = _LANES_X[1]
    width = min(420, 40 + 7 * len(row.title))
    fill = _TONES[row.tone] if row.kind is LaneKind.END else _GREY
    yield (
        f'<rect x="{x - width // 2}" y="{top + 6}" width="{width}" height="26" rx="13" fill="#f2f5f9" '
        'stroke="#c5ccd6"/>'
    )
    yield _text(x, top + 23, _short(row.title, 56), fill=fill, size=12, weight=600, anchor="middle")


def _arrow(start: int, end: int, y: int, colour: str, *, dashed: bool) -> str:
    turn = 8 if start > end else -8
    line = f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" stroke="{colour}" stroke-width="1.5"'
    line += ' stroke-dasharray="5 4"/>' if dashed else "/>"
    return f'{line}<path d="M {end} {y} l {turn} -4 v 8 z" fill="{colour}"/>'


def _chip(x: int, y: int, row: LaneRow) -> str:
    words = _short(row.status, _CUT["status"])
    width = 24 + 7 * len(words)
    colour = _TONES[row.tone]
    box = f'<rect x="{x}" y="{y - 11}" width="{width}" height="22" rx="4" fill="{_PAPER}" stroke="{colour}"/>'
    return box + _text(x + width // 2, y + 4, words, fill=colour, size=12, weight=600, anchor="middle")


def _text(
    x: int, y: int, words: str, *, fill: str = _INK, size: int = 13, weight: int = 400, anchor: str = "start"
) -> str:
    shape = f'font-size="{size}" font-weight="{weight}" text-anchor={attribute(anchor)}'
    return f'<text x="{x}" y="{y}" fill="{fill}" {shape}>{_words(words, 400)}</text>'


def _words(text: str, longest: int) -> str:
    return escape(plain(_short(text, longest)))


def _short(text: str, longest: int) -> str:
    bare = _BLANKS.sub(" ", text).strip()
    return bare if len(bare) <= longest else f"{bare[: longest - 1]}…"


def _asked(row: LaneRow) -> str:
    return f"{row.time} {row.title}" + (f" ({row.detail})" if row.detail else "")


def _answered(row: LaneRow) -> str:
    return ", ".join(part for part in (row.status, row.took, row.ident) if part)


def _mermaid_words(text: str) -> str:
    """Words that cannot end a statement or be taken for markup: `#` and `;` as Mermaid's own entities."""
    bare = plain(_BLANKS.sub(" ", text).strip())
    return "".join(f"#{ord(c)};" if c in '#;<>"%{}' else c for c in bare)


def _plantuml_words(text: str) -> str:
    """Words that cannot begin a command, a style or a quoted name: PlantUML's creole needs a tilde before its marks."""
    bare = plain(_BLANKS.sub(" ", text).strip()).replace('"', "'").replace("\\", "/")
    return re.sub(r"(--|\*\*|//|__|~~|<|\[\[|!|@)", r"~\1", bare)
