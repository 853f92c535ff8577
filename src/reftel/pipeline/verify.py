"""An export checked against the texts it quotes: are the words there, and does the extractor still find the statement?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from reftel.archive.store import Store
from reftel.errors import ReftelError
from reftel.exports.quoted import Quoted, as_cell, read_quoted
from reftel.exports.statements import describe
from reftel.extract import extract
from reftel.model import Cable, Findings, Record, Span
from reftel.pipeline.mask import Mask
from reftel.pipeline.read import read_cables
from reftel.pipeline.runs import own_people
from reftel.query.attributions import attribute, words_at
from reftel.readers import Failure
from reftel.text import Flow

HOLDS, MASKED, DRIFTED, LOST, DIFFERS, ABSENT = "holds", "masked", "drifted", "lost", "differs", "absent"
VERDICTS = {
    HOLDS: "the words stand there, and the same extractors find the same statement",
    MASKED: "the same, but for pseudonyms of protected sources",
    DRIFTED: "the words stand there, but other versions of the extractors made the row than those that are here",
    LOST: "the words stand there, but no extractor finds a statement at these offsets any more",
    DIFFERS: "the row has other words than the text at the offsets, or tells something else of the statement or its cable",
    ABSENT: "the text is not here",
}
_WORDS = ("source", "cue", "content", "sentence")
_TOLD = (
    "cable", "date", "post", "classification", "paragraph", "marking", "heading", "speaker", "addressee", "kind", "quoted",
    "negated", "polarity", "said", "voice", "confidence", "rule",
)  # fmt: skip
_PLACE = ("source_at", "cue_at", "content_at")
_KEPT = 64  # cables at hand: an export has the rows of one side by side


class Checked(Record, frozen=True):
    """What became of one row. detail: what differs, in one sentence; None where nothing does."""

    place: str
    cable: str
    verdict: str
    detail: str | None

    @property
    def is_true(self) -> bool:
        """Whether the row says what the text says."""
        return self.verdict in (HOLDS, MASKED)


def verify_file(path: Path, store: Store | None, texts: Iterable[str | Path] = ()) -> Iterator[Checked]:
    """Each row of an export, in order. store: an archive that holds the texts; texts: files that do.

    ReftelError if the file cannot be read or quotes nothing, or no reader knows one of the files.
    """
    rows = list(read_quoted(path))
    place = _Texts(store, texts, {row.sha256 for row in rows})
    for row in rows:
        witness = place.get(row.sha256)
        if witness is None:
            detail = f"no text here has the SHA-256 {row.sha256[:12]}..."
            yield Checked(row.place, row.told.get("cable", ""), ABSENT, detail)
        else:
            verdict, said = _check(row, witness)
            yield Checked(row.place, row.told.get("cable", "") or witness.cable.id or "", verdict, said)


class _Witness:
    """A text that rows quote, and what is found in it now; plain, and masked if anybody in it is protected."""

    def __init__(self, cable: Cable, findings: Findings, mask: Mask | None) -> None:
        self.cable = cable
        self.faces = [_Face(cable, findings)]
        if mask is not None:
            masked = mask.cable(cable, findings)
            if masked[0] is not cable:
                self.faces.append(_Face(*masked))


class _Face:
    def __init__(self, cable: Cable, findings: Findings) -> None:
        self.flow = Flow(cable.text, [span for paragraph in cable.paragraphs for span in paragraph.spans])
        self.statements: dict[tuple[tuple[Span, ...], ...], dict[str, Any]] = {}
        for attribution in attribute(cable, findings):
            row = describe(attribution)
            self.statements.setdefault(tuple(tuple(row[name]) for name in _PLACE), row)


class _Texts:
    """Texts by their SHA-256."""

    def __init__(self, store: Store | None, paths: Iterable[str | Path], wanted: set[str]) -> None:
        self._store = store
        self._mask = Mask(store) if store is not None else None
        self._people = own_people(store) if store is not None else None
        self._read: dict[str, Cable] = {}
        named = [str(path) for path in paths]
        for item in read_cables(named):
            if isinstance(item, Failure):
                if item.locator in named:  # what is in a folder beside the cables is nobody's mistake
                    raise ReftelError(item.reason)
            elif item.source.sha256 in wanted:
                self._read.setdefault(item.source.sha256, item)
        self.get = lru_cache(_KEPT)(self._get)

    def _get(self, sha256: str) -> _Witness | None:
        cable = self._read.get(sha256) or self._stored(sha256)
        return _Witness(cable, extract(cable, self._people), self._mask) if cable is not None else None

    def _stored(self, sha256: str) -> Cable | None:
        if self._store is None:
            return None
        held = self._store.column("SELECT key FROM sources WHERE sha256 = ? ORDER BY key", sha256)
        return self._store.source(held[0])[0] if held else None


def _check(row: Quoted, witness: _Witness) -> tuple[str, str | None]:
    plain = witness.faces[0]
    shown = [face for face in witness.faces if not _wrong_words(row, face)]
    if not shown:
        return DIFFERS, _wrong_words(row, plain)
    place = tuple(row.spans.get(name, ()) for name in _PLACE)
    found = [(face, face.statements[place]) for face in shown if place in face.statements]
    if not found:
        return LOST, f"made by {row.told.get('rule') or 'a rule that is not told'} of {_versions(row)}"
    same = [face for face, statement in found if not _other_told(row, statement)]
    now = as_cell(found[0][1]["versions"])
    if row.told.get("versions", now) != now:
        differs = "" if same else f"; {_other_told(row, found[0][1])}"
        return DRIFTED, f"made by {_versions(row)}, here are {now}{differs}"
    if not same:
        return DIFFERS, _other_told(row, found[0][1])
    return (HOLDS if plain in same else MASKED), None


def _wrong_words(row: Quoted, face: _Face) -> str | None:
    """The first cell whose words are not those at its offsets; None if all are."""
    for name in _WORDS:
        spans = row.spans.get(f"{name}_at")
        if name in row.told and spans is not None:
            words = words_at(face.flow, spans) if spans else ""
            if words != row.told[name]:
                return f"{name} is {row.told[name][:60]!r}, the text has {words[:60]!r}"
    return None


def _other_told(row: Quoted, statement: dict[str, Any]) -> str | None:
    """The first thing told of the statement that is told otherwise now; None if nothing is."""
    for name in _TOLD:
        if name in row.told and row.told[name] != as_cell(statement[name]):
            return f"{name} is {row.told[name]!r}, and {as_cell(statement[name])!r} now"
    return None


def _versions(row: Quoted) -> str:
    return row.told.get("versions") or "versions that are not told"
