"""A position as a picture: a time axis, a dot for each statement, a band for each occasion, and what is held between them, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from xml.sax.saxutils import escape

from reftel.positions.records import SHIFTED, UNCHANGED, Entry, Ledger, Occasion, Step
from reftel.tables import find_post

WIDTH, MARGIN, LANE = 960, 90, 236
_TOP, _LEGEND = 66, 74
_ROWS = {"+": 62, "": 104, "-": 146}  # of a lane, from its top
_COLOURS = {"+": "#1f7a4d", "": "#5b6572", "-": "#b3401f"}
_STEP_COLOURS = {SHIFTED: "#b3401f", UNCHANGED: "#1f7a4d"}
_STEP_WORDS = {SHIFTED: "shifted", UNCHANGED: "unchanged"}
_ROW_NAMES = {"+": "for", "": "not plain", "-": "against"}
_SHAPES = ("direct", "mixed", "indirect", "stance", "implicit")
_DOT, _PITCH, _MOST, _LINES = 5.0, 13.0, 6, 3  # radius, distance, dots side by side and one above the other
_FONT = "font-family=\"'DejaVu Sans','Segoe UI',Helvetica,Arial,sans-serif\""
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def draw_chart(ledgers: Sequence[Ledger], link: Callable[[Entry], str] | None = None) -> str:
    """The SVG of one ledger, or of several on the same question, one lane each; occasions without a date are left out.

    link: where the dot of a statement leads, for a picture that stands in a page.
    """
    days = [day for ledger in ledgers for o in ledger.occasions if (day := _middle(o.date)) is not None]
    height = _TOP + LANE * len(ledgers) + _LEGEND
    title = _shorten(f"{' and '.join(map(name_of, ledgers))} on {ledgers[0].question if ledgers else ''}", 80)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" {_FONT}>',
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fdfcf9"/>',
        _label(24, 34, title, 19, weight="bold"),
    ]
    if days:
        scale = _Scale(min(days), max(days))
        parts.append(_label(24, 54, _say_span(ledgers), 12, "#5b6572"))
        for i, ledger in enumerate(ledgers):
            parts += _draw_lane(ledger, scale, _TOP + LANE * i, len(ledgers) > 1, link)
    else:
        parts.append(_label(24, 58, "No dated statement.", 13))
    parts += _draw_legend(height - _LEGEND + 28)
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """Days to places across the picture."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days = max((last - first).days, 1)
        self._only = first == last

    def x(self, day: date) -> float:
        """The place of a day; the middle if there is only one."""
        if self._only:
            return WIDTH / 2
        left, right = MARGIN + 50, WIDTH - MARGIN
        return round(left + (right - left) * (day - self.first).days / self._days, 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Years, or months where there are fewer than two years, at most a dozen of them."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        every = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120) if months / n <= 11), 240)
        at = self.first.year * 12 + self.first.month
        for month in range(at, at + months + 1):
            year, number = divmod(month - 1, 12)
            if (month - 1) % every == 0 and self.first <= date(year, number + 1, 1) <= self.last:
                yield self.x(date(year, number + 1, 1)), f"{_MONTHS[number]} {year}" if every < 12 else str(year)


def _draw_lane(
    ledger: Ledger, scale: _Scale, top: int, named: bool, link: Callable[[Entry], str] | None
) -> Iterator[str]:
    axis = top + 178
    for value, y in _ROWS.items():
        yield f'<line x1="{MARGIN}" x2="{WIDTH - 30}" y1="{top + y}" y2="{top + y}" stroke="#e4e0d6"/>'
        yield _label(24, top + y + 4, _ROW_NAMES[value], 12, _COLOURS[value])
    if named:
        yield _label(24, top + 12, _shorten(name_of(ledger), 40), 14, weight="bold")
    dated = [(o, _middle(o.date)) for o in ledger.occasions]
    placed = [(occasion, scale.x(day)) for occasion, day in dated if day is not None]
    rooms = _rooms([x for _, x in placed])
    for (occasion, x), room in zip(placed, rooms, strict=True):
        yield _draw_band(occasion, x, room, top)
    free = MARGIN - 60.0
    for (occasion, x), room in zip(placed, rooms, strict=True):
        yield from _draw_dots(occasion, x, room, top, link)
        if x - 40 >= free:  # dates that would lie on each other are left to the axis
            yield _label(x, top + 30, _say_day(occasion), 11, anchor="middle")
            free = x + 40
    for step, (one, other) in zip(ledger.steps, pairwise(dated), strict=True):
        if one[1] is not None and other[1] is not None:
            yield from _draw_step(step, scale.x(one[1]), scale.x(other[1]), top)
            yield from _draw_held(step, scale.x(one[1]), scale.x(other[1]), axis + 24)
    yield f'<line x1="{MARGIN}" x2="{WIDTH - 30}" y1="{axis}" y2="{axis}" stroke="#5b6572"/>'
    for x, name in scale.ticks():
        yield f'<line x1="{x}" x2="{x}" y1="{axis}" y2="{axis + 5}" stroke="#5b6572"/>'
        yield _label(x, axis + 18, name, 11, "#5b6572", anchor="middle")


def _rooms(places: Sequence[float]) -> list[int]:
    """How many dots fit side by side at each place before they touch those of a neighbour, 1 to _MOST."""
    rooms = []
    for i, x in enumerate(places):
        near = min((abs(x - other) for other in (*places[max(i - 1, 0) : i], *places[i + 1 : i + 2])), default=WIDTH)
        rooms.append(max(1, min(_MOST, int(near / _PITCH))))
    return rooms


def _draw_band(occasion: Occasion, x: float, room: int, top: int) -> str:
    widest = max(sum(entry_sign(entry) == value for entry in occasion.entries) for value in _ROWS)
    half = min(widest, room) * _PITCH / 2 + (3 if room > 1 else 0)
    return (
        f'<rect x="{x - half:.1f}" y="{top + 40}" width="{2 * half:.1f}" height="128" rx="4" fill="#efe9da" '
        f'fill-opacity="0.8"><title>{_text(_say_occasion(occasion))}</title></rect>'
    )


def _draw_dots(occasion: Occasion, x: float, room: int, top: int, link: Callable[[Entry], str] | None) -> Iterator[str]:
    """The dots of each sign, side by side and in up to three lines; how many more there are is told."""
    for value, middle in _ROWS.items():
        entries = [entry for entry in occasion.entries if entry_sign(entry) == value]
        space = _LINES * room
        shown = entries if len(entries) <= space else entries[: space - 1]
        lines = -(-len(entries[:space]) // room)
        for i in range(min(len(entries), space)):
            line, column = divmod(i, room)
            across = min(len(entries[:space]) - line * room, room)
            cx = x + (column - (across - 1) / 2) * _PITCH
            cy = top + middle + (line - (lines - 1) / 2) * _PITCH
            if i < len(shown):
                dot = _draw_dot(shown[i], cx, cy, _COLOURS[value])
                yield f'<a href="{_attribute(link(shown[i]))}">{dot}</a>' if link is not None else dot
            else:
                yield _label(cx, cy + 3, f"+{len(entries) - len(shown)}", 9, _COLOURS[value], anchor="middle")


def _draw_dot(entry: Entry, x: float, y: float, colour: str) -> str:
    """The shape tells the kind; its title the words, for whoever points at it."""
    said = entry.said
    where = f"{said.cable or ''}{f', paragraph {said.number}' if said.number is not None else ''}"
    title = f"<title>{_text(f'{where}: {_shorten(entry.content, 160)}')}</title>"
    return _shape(said.statement.kind, x, y, colour, title)


def _shape(kind: str, x: float, y: float, colour: str, inside: str = "") -> str:
    r = _DOT
    match kind:
        case "direct":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour}">{inside}</circle>'
        case "mixed":
            return (
                f'<rect x="{x - r + 0.5:.1f}" y="{y - r + 0.5:.1f}" width="{2 * r - 1}" height="{2 * r - 1}" '
                f'fill="{colour}">{inside}</rect>'
            )
        case "stance":
            points = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y + r - 1:.1f} {x - r:.1f},{y + r - 1:.1f}"
            return f'<polygon points="{points}" fill="{colour}">{inside}</polygon>'
        case "implicit":
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r - 1}" fill="#fdfcf9" stroke="{colour}" stroke-width="1.6">'
                f"{inside}</circle>"
            )
    points = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
    return f'<polygon points="{points}" fill="{colour}">{inside}</polygon>'


def _draw_step(step: Step, left: float, right: float, top: int) -> Iterator[str]:
    """The verdict between two occasions: by its word where there is room, else by a sign."""
    colour = _STEP_COLOURS.get(step.verdict, "#8a8f98")
    word = _STEP_WORDS.get(step.verdict, "not enough evidence")
    x, room, y = (left + right) / 2, right - left - 40, top + 52
    said = f"<title>{_text(f'{step.verdict}: {step.why}')}</title>"
    for size in (
        word,
        word.replace("not enough evidence", "unclear"),
        {"shifted": "\u2260", "unchanged": "="}.get(word, "?"),
    ):
        if len(size) * 6.4 <= room or len(size) == 1:
            yield (
                f'<text x="{x:.1f}" y="{y}" font-size="11" fill="{colour}" text-anchor="middle" font-style="italic">'
                f"{_text(size)}{said}</text>"
            )
            return


def _draw_held(step: Step, left: float, right: float, y: int) -> Iterator[str]:
    """How much is held between two occasions: a bar for the first post, filled by its share, and the figures."""
    if not step.held or right - left < 46:
        return
    held = step.held[0]
    width = right - left - 12
    share = held.held / held.sent if held.sent else 0.0
    yield f'<rect x="{left + 6:.1f}" y="{y}" width="{width:.1f}" height="6" rx="3" fill="#e4e0d6"/>'
    if share:
        yield f'<rect x="{left + 6:.1f}" y="{y}" width="{max(width * min(share, 1), 2):.1f}" height="6" rx="3" fill="#4d6a8f"/>'
    count = (
        f"{held.held:,} of {'' if held.exact else '~'}{held.sent:,}" if held.sent is not None else f"{held.held:,} held"
    )
    post = find_post(held.post)
    words = f"{count} {post.name.removeprefix('Embassy ') if post else held.post.title()}"
    if len(words) * 5.6 > width:
        words = count
    if len(words) * 5.6 <= width + 8:
        yield _label((left + right) / 2, y + 18, words, 10, "#4d6a8f", anchor="middle")


def _draw_legend(y: float) -> Iterator[str]:
    x = 24.0
    for kind in _SHAPES:
        yield _shape(kind, x + 6, y - 4, "#2b313a")
        yield _label(x + 17, y, kind, 11)
        x += 30 + 6.6 * len(kind)
    for value in _ROWS:
        yield f'<rect x="{x + 2}" y="{y - 9}" width="10" height="10" fill="{_COLOURS[value]}"/>'
        yield _label(x + 17, y, _ROW_NAMES[value], 11)
        x += 32 + 6.6 * len(_ROW_NAMES[value])
    yield f'<rect x="24" y="{y + 15}" width="30" height="6" rx="3" fill="#e4e0d6"/>'
    yield f'<rect x="24" y="{y + 15}" width="12" height="6" rx="3" fill="#4d6a8f"/>'
    yield _label(60, y + 22, "cables of the post that are held between two occasions, by serial numbers", 11)
    yield _label(WIDTH - 30, y + 22, "? not enough evidence   = unchanged   \u2260 shifted", 11, anchor="end")


def entry_sign(entry: Entry) -> str:
    """ "+", "-" or "": the attitude of a statement, of its strong signals before the weak."""
    for strong in (True, False):
        values = {s.value for s in entry.signals if s.kind == "polarity" and s.strong is strong}
        if len(values) == 1:
            return values.pop()
    return ""


def name_of(ledger: Ledger) -> str:
    """The actor's fullest name that is known, else as it was asked for."""
    return ledger.name or max(ledger.names, key=lambda name: (len(name), name), default=ledger.who)


def _shorten(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 3].rstrip()}..."


def _label(
    x: float, y: float, words: str, size: int, colour: str = "#2b313a", *, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{_text(words)}</text>"
    )


def _text(words: str) -> str:
    """Escaped, and without what no XML may hold."""
    return escape(
        "".join(
            c for c in words if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
        )
    )


def _attribute(words: str) -> str:
    return _text(words).replace('"', "&quot;")


def _say_span(ledgers: Sequence[Ledger]) -> str:
    entries = sum(len(o.entries) for ledger in ledgers for o in ledger.occasions)
    occasions = sum(len(ledger.occasions) for ledger in ledgers)
    return f"{entries:,} {'statement' if entries == 1 else 'statements'} on {occasions:,} {'occasion' if occasions == 1 else 'occasions'}"


def _say_occasion(occasion: Occasion) -> str:
    return f"{_say_day(occasion)}: {', '.join(occasion.cables)}"


def _say_day(occasion: Occasion) -> str:
    """ "18 Dec 2008", "Dec 2008"."""
    year, _, rest = (occasion.date or "").partition("-")
    month, _, day = rest.partition("-")
    return " ".join(filter(None, (day.lstrip("0"), _MONTHS[int(month) - 1] if month else "", year)))


def _middle(day: str | None) -> date | None:
    """The day of an ISO date; the middle of a month or year; None where there is none."""
    if day is None:
        return None
    return date.fromisoformat({4: f"{day}-07-01", 7: f"{day}-15"}.get(len(day), day))
