"""Scores the statements that `find_statements` finds against the hand-read ones beside the checkout, and fails if a mark is missed.

    python tests/score_statements.py                the tables, over cables and over news
    python tests/score_statements.py 000 08LONDON929        these documents only, without marks
    python tests/score_statements.py --predict      speaks the protocol of the shared scorer on stdin and stdout
    python tests/score_statements.py --predict --cued       only statements that have a cue

Nothing is trained, so nothing is held out. Where the shared folder is absent it says so and passes.
"""

from __future__ import annotations

import importlib.util
import io
import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

from reftel import parse
from reftel.errors import UnreadableError
from reftel.extract import extract
from reftel.extract.statements import find_statements
from reftel.model import Cable, Paragraph, Provenance, Source, Span, Statement
from reftel.pipeline.read import parse_source

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
# In per cent
MARKS = {
    "cued statements": 76.0,
    "all statements": 71.0,
    "cue overlap": 88.0,
    "speaker given cue": 92.0,
    "implicit precision": 80.0,
    "implicit recall": 80.0,
    "news statements": 48.0,
}


class Document(NamedTuple):
    """A hand-read document. gold: its records as the files have them."""

    id: str
    text: str
    gold: list[dict[str, Any]]


def main(arguments: Sequence[str]) -> int:
    """Prints the tables; 1 if a mark is missed, else 0."""
    if "--predict" in arguments:
        predict_stream(cued="--cued" in arguments)
        return 0
    if not SHARED.is_dir():
        print(f"No statements are scored: the hand-read ones are not at {SHARED}.")
        return 0
    scorer = load_scorer(SHARED / "score" / "statements.py")
    chosen = [argument for argument in arguments if not argument.startswith("-")]
    documents = [d for d in read_documents(SHARED) if not chosen or d.id in chosen]
    reached = score_cables(scorer, documents)
    if not chosen:
        reached |= score_news(scorer, SHARED / "corpus" / "news_attribution.tar.xz")
    misses = [] if chosen else find_misses(reached)
    print("\n".join(misses) if misses else "Every mark is reached." if not chosen else "")
    return 1 if misses else 0


def find_misses(reached: dict[str, float]) -> list[str]:
    """A sentence for every mark that is not reached."""
    return [
        f"{name} is {reached.get(name, 0):.1f}, less than {mark:.0f}."
        for name, mark in MARKS.items()
        if reached.get(name, 0) < mark
    ]


# ---- predictions


def predict_stream(*, cued: bool) -> None:
    """Reads {"id", "text"} a line, writes {"id", "statements"} a line."""
    for line in io.TextIOWrapper(sys.stdin.buffer, "utf-8"):
        if line.strip():
            document = json.loads(line)
            statements = [s for s in predict(document["text"]) if s.cue or not cued]
            print(json.dumps({"id": document["id"], "statements": [as_record(s) for s in statements]}))


def predict(text: str) -> tuple[Statement, ...]:
    """The statements of a cable, or of plain prose if the text is none."""
    try:
        return extract(parse(text)).statements
    except UnreadableError:
        return find_statements(as_prose(text))


def as_prose(text: str) -> Cable:
    """Plain prose as a cable without a head: paragraphs are what blank lines part."""
    spans = [Span(*match.span()) for match in re.finditer(r"(?s)\S.*?(?=\n\s*\n|\Z)", text)]
    empty = parse_source(Source("", Provenance("prose", "plain", "0")))
    return msgspec.structs.replace(
        empty, text=text, paragraphs=tuple(Paragraph(None, None, None, (), (span,)) for span in spans)
    )


def as_record(statement: Statement) -> dict[str, Any]:
    """A statement as the scorer takes it."""
    return {
        "source": list(statement.source) if statement.source else None,
        "cue": list(statement.cue) if statement.cue else None,
        "content": [list(span) for span in statement.content],
        "kind": statement.kind,
    }


# ---- gold


def load_scorer(path: Path) -> ModuleType:
    """The shared scorer as a module."""
    spec = importlib.util.spec_from_file_location("statement_scorer", path)
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def read_documents(shared: Path) -> Iterator[Document]:
    """The hand-read cables with their texts."""
    for path in sorted((shared / "gold" / "statements").glob("*.jsonl")):
        name = path.name.removesuffix(".jsonl")
        if name.endswith(".people"):
            continue
        texts = [*(shared / "corpus" / "gold_texts").glob(f"{name}.txt"), *(shared / "seeds").glob(f"{name}_*.txt")]
        text = texts[0].read_bytes().decode("utf-8")
        yield Document(name, text, [json.loads(line) for line in path.read_text("utf-8").splitlines()])


# ---- tables


def score_cables(scorer: ModuleType, documents: list[Document]) -> dict[str, float]:
    """Prints how the cables are read, and gives what the marks ask for."""
    found = {d.id: predict(d.text) for d in documents}
    made = {name: [as_record(s) for s in statements] for name, statements in found.items()}
    cued = {name: [r for r in records if r["cue"] or r["kind"] == "direct"] for name, records in made.items()}
    own = [{"id": d.id, "text": d.text, "gold": [g for g in d.gold if g["kind"] != "implicit"]} for d in documents]
    every = [{"id": d.id, "text": d.text, "gold": d.gold} for d in documents]
    of_cued, of_all = scorer.score(own, cued), scorer.score(every, made)
    scorer.show(of_cued, f"outer statements with a cue, {len(documents)} documents")
    scorer.show(of_all, "all outer statements")
    precision, recall = score_implicit(scorer, documents, made)
    print(f"implicit            precision {precision:.1f}  recall {recall:.1f}")
    print_agreement(scorer, documents, found)
    return {
        "cued statements": 100 * of_cued["statement.half"][2],
        "all statements": 100 * of_all["statement.half"][2],
        "cue overlap": 100 * of_cued["cue.overlap"][2],
        "speaker given cue": 100 * of_cued["speaker_given_cue"]["half"],
        "implicit precision": precision,
        "implicit recall": recall,
    }


def score_implicit(scorer: ModuleType, documents: list[Document], made: dict[str, Any]) -> tuple[float, float]:
    """Precision and recall of implicit statements: half of the content on either side."""
    right = predicted = gold = 0
    for document in documents:
        text = scorer.Doc(document.text)
        asked, given = (
            [r for r in scorer.normal(text, records, "keep") if not r["cue"] and r["kind"] == "implicit"]
            for records in (document.gold, made[document.id])
        )
        right += len(scorer.match(asked, given, lambda g, p: scorer.half(g["_c"], p["_c"])))
        predicted, gold = predicted + len(given), gold + len(asked)
    return 100 * right / max(predicted, 1), 100 * right / max(gold, 1)


def print_agreement(scorer: ModuleType, documents: list[Document], found: dict[str, tuple[Statement, ...]]) -> None:
    """Of statements whose cue and source are found: how often the other facts agree."""
    pairs = [pair for d in documents for pair in _pairs(scorer, d, found[d.id])]
    total = max(len(pairs), 1)
    print(f"of {len(pairs)} statements whose cue and source are found:")
    print(f"  canonical speaker {100 * sum(same_name(g['speaker'], s.speaker) for g, s in pairs) / total:.1f}")
    kinds = Counter((g["kind"], s.kind) for g, s in pairs)
    print(f"  kind {100 * sum(n for (a, b), n in kinds.items() if a == b) / total:.1f}")
    for (gold, kind), n in kinds.most_common():
        if gold != kind:
            print(f"    {gold} read as {kind}: {n}")
    _print_rates("negated", [(bool(g["negated"]), s.negated) for g, s in pairs])
    _print_rates("polarity", [(g["polarity"], s.polarity) for g, s in pairs])
    _print_rates("addressee", [(bool(g["addressee"]), bool(s.addressee)) for g, s in pairs])


def _print_rates(name: str, pairs: list[tuple[object, object]]) -> None:
    right = sum(bool(gold) and gold == made for gold, made in pairs)
    predicted, asked = sum(bool(made) for _, made in pairs), sum(bool(gold) for gold, _ in pairs)
    print(f"  {name}: {right} right of {predicted} found and {asked} marked")


def _pairs(scorer: ModuleType, document: Document, statements: Sequence[Statement]) -> Iterator[tuple[Any, Statement]]:
    """The marked statements beside the found ones with the same cue and source."""
    text = scorer.Doc(document.text)
    cued = [(text.tokens([s.cue]), text.tokens([s.source]), s) for s in statements if s.cue and s.source]
    for record in document.gold:
        if record["cue"] and record["source"]:
            cue, source = text.tokens([record["cue"]]), text.tokens([record["source"]])
            same = (s for own_cue, own_source, s in cued if own_cue & cue and scorer.half(source, own_source))
            if (statement := next(same, None)) is not None:
                yield record, statement


def same_name(gold: str | None, made: str | None) -> bool:
    """Whether two canonical names mean the same: one within the other, or the same last word."""
    if gold in (None, "unspecified") or made is None:
        return gold in (None, "unspecified") and made is None
    one, other = gold.lower(), made.lower()
    return one in other or other in one or one.split()[-1].strip(")") == other.split()[-1]


def score_news(scorer: ModuleType, archive: Path) -> dict[str, float]:
    """Prints how news prose is read, which nothing was tuned to."""
    with TemporaryDirectory() as folder:
        with tarfile.open(archive) as held:
            held.extractall(folder, filter="data")
        root = next(Path(folder).rglob("gold.jsonl")).parent
        documents = scorer.load_jsonl_gold(str(root / "gold.jsonl"), str(root / "text"))
    made = {d["id"]: [as_record(s) for s in find_statements(as_prose(d["text"])) if s.cue] for d in documents}
    result = scorer.score(documents, made)
    scorer.show(result, f"news, {len(documents)} documents")
    return {"news statements": 100 * result["statement.half"][2]}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
