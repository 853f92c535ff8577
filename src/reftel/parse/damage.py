"""What is missing from a cable's print and what is damaged in it, as defects."""

from __future__ import annotations

import re

from reftel.model import Defect, Segment, Source, Span
from reftel.parse.body import Body
from reftel.parse.head import Head
from reftel.parse.loose import is_cancellation
from reftel.parse.reading import Reading
from reftel.text import Flow, one_line

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]+")
_CONTROL_BYTES = bytes([*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_TERMINAL = re.compile(
    r"(?:[.!?:;\"”’'`)\]…*>_=-]|\bEND\s(?:OF\s)?(?:SUMMARY|COMMENT|NOTE|TEXT)[^\n]{0,24}|[Xx]{6,})\s*$",
    re.IGNORECASE,
)


def check_body(reading: Reading) -> list[Defect]:
    """What is missing from the print, and damage in it; nothing where the whole body is another cable's."""
    text, flow, body = reading.source.text, reading.flow, reading.body
    whole, line = reading.whole, reading.line
    found: list[Defect] = []
    if not flow.text.strip():
        if reading.layout.embedded:
            return found
        return [Defect("missing-text", Span(whole.end, whole.end), "nothing stands below the header")]
    cancelled = is_cancellation(flow.text) and sum(len(p.ranges) for p in body.parts) <= 3
    if cancelled:
        found.append(Defect("cancelled", whole, "ZFR"))
    here = Span(whole.start, whole.start)
    if line is None:
        found.append(Defect("missing-class-line", here, ""))
    for kind in ("eo", "tags", "subject"):
        if kind not in reading.fields:
            found.append(Defect(f"missing-{kind}", here, ""))
    if line is not None and line.damaged:
        found.append(Defect("class-line-damaged", line.span, one_line(line.span.of(text))))
    inline = _inline_parts(flow.text, reading.head, body)
    if reading.layout.flattened or inline:
        found.append(Defect("flattened", whole, inline or "hardly any line break is left"))
    for at, detail in body.gaps:
        found.append(Defect("paragraph-gap", flow.hull(at, at + 1), detail))
    for at, detail in body.repeats:
        found.append(Defect("paragraph-repeated", flow.hull(at, at + 1), detail))
    for s, e in body.false_pilcrows:
        found.append(Defect("false-pilcrow", flow.hull(s, e), one_line(flow.text[s:e])))
    found += _glued_fields(flow, reading.head)
    found += _check_ending(reading, cancelled)
    if _drops_lines(reading):
        found += _lost_ends(flow, body)
    return found


def _glued_fields(flow: Flow, head: Head) -> list[Defect]:
    found = []
    for f, g in zip(head.fields, head.fields[1:], strict=False):
        if f.end == g.start and not flow.text[f.end - 1 : f.end].isspace():
            found.append(Defect("glued-fields", flow.hull(g.start, g.value), one_line(flow.text[g.start : g.value])))
    return found


def _check_ending(reading: Reading, cancelled: bool) -> list[Defect]:
    ending, whole = reading.ending, reading.whole
    found = []
    if ending.cut:
        end = max(ending.trailers[0][1] if ending.trailers else 0, ending.text_end)
        found.append(Defect("truncated-text", reading.flow.hull(ending.text_end, end), "an ellipsis ends it"))
    if reading.signer is None and not cancelled:
        found.append(Defect("missing-signature", Span(whole.end, whole.end), ""))
    return found


def _inline_parts(text: str, head: Head, body: Body) -> str:
    """What shares a line with other print though it has one of its own in every telegram; empty if nothing does."""
    inline = []
    for f, g in zip(head.fields, head.fields[1:], strict=False):
        if (f.kind, g.kind) != ("eo", "tags") and "\n" not in text[f.start : g.start]:
            inline.append(f"{one_line(text[g.start : g.value])} on the line of {one_line(text[f.start : f.value])}")
    for block in body.blocks:
        if block.kind not in ("rule", "paragraph_number") or text.startswith("\n", block.start - 1):
            continue
        low = max(0, block.start - 80)
        before = text[max(text.rfind("\n", low, block.start) + 1, low) : block.start].strip()
        if block.kind == "rule" and before:
            inline.append("a rule behind other print")
        elif len(before) > 1:
            inline.append(f"number {one_line(text[block.start : block.end])} behind other print")
    return "; ".join(dict.fromkeys(inline[:3]))


def _drops_lines(reading: Reading) -> bool:
    """Whether the carrier drops lines of one word and of capitals (field guide, section 8): a news page on which the
    class line and the SUBJECT line are gone."""
    kept = reading.line is not None or "subject" in reading.fields or reading.layout.embedded
    return not kept and reading.source.provenance.reader == "news"


def _lost_ends(flow: Flow, body: Body) -> list[Defect]:
    """Paragraphs that end without a full stop before a blank line: their last line, one word, was dropped.

    A section break inside is cut out of the flow, so a sentence that runs across it does not end there.
    """
    found = []
    for part in body.parts:
        if part.number is None or not part.ranges:
            continue
        s, e = part.ranges[-1]
        if _TERMINAL.search(flow.text, max(s, e - 60), e):
            continue
        end = flow.at(e - 1) + 1
        found.append(
            Defect(
                "lost-text",
                Span(end, end),
                f"paragraph {part.number} ends {one_line(flow.text[max(s, e - 30) : e])!r}",
            )
        )
    return found


def _has_controls(text: str) -> bool:
    encoded = text.encode("latin-1", "replace")
    return "\ufffd" in text or len(encoded.translate(None, _CONTROL_BYTES)) != len(encoded)


def check_text(text: str, source: Source, segments: tuple[Segment, ...]) -> list[Defect]:
    found = []
    if any(r.step == "decode" and "guessed" in r.detail for r in source.provenance.repairs):
        found.append(
            Defect(
                "encoding-guessed",
                None,
                next(r.detail for r in source.provenance.repairs if r.step == "decode"),
            )
        )
    m = _CONTROL.search(text) if _has_controls(text) else None
    if m is not None:
        found.append(Defect("control-characters", Span(m.start(), m.end()), f"{len(m[0])} at {m.start()}"))
    for s in segments:
        if s.kind == "unknown":
            found.append(Defect("unnamed-text", s.span, one_line(text[s.span.start : s.span.end])[:80]))
        elif s.kind == "injected" and text[s.span.start : s.span.end].strip():
            found.append(Defect("injected-line", s.span, one_line(text[s.span.start : s.span.end])[:80]))
    return found
