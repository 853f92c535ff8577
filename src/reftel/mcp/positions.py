"""The tools that lay out what somebody said on a question: one actor, or two side by side."""

from __future__ import annotations

from collections.abc import Iterator

from reftel.errors import ProtectedError, ReftelError
from reftel.mcp.asked import check_page, read_asked, read_days
from reftel.mcp.lines import at, barred, count_of, hull, numbered, tell_page, tell_rest, words
from reftel.mcp.room import Room
from reftel.mcp.statements import STANCES
from reftel.positions import Entry, Ledger, Step, say_held
from reftel.positions.chart import entry_sign, name_of
from reftel.query import fold_words
from reftel.tables import find_post

MOST = 30
_ENTRIES = 8  # statements of one occasion
_SIGNALS = 4  # of a verdict
_LONGEST = 500  # characters of a content
_BY = {
    "sentence": "on the question by its sentence",
    "heading": "on the question by its heading",
    "paragraph": "on the question by its paragraph only",
}


def position_timeline(
    room: Room,
    who: str,
    about: str,
    date_from: str | None = None,
    date_to: str | None = None,
    limit: int = 10,
    offset: int = 0,
    wide: bool = False,
) -> str:
    """Lays out what somebody said on a question, by occasion, and how each occasion stands to the last: shifted, unchanged, or not enough evidence.

    who: a name, office or country. about: the question, as words, "a phrase", OR. date_from, date_to: first and last day, as 2008 or 2008-12-18.
    limit: how many occasions, at most 30. wide: also what only its paragraph puts on the question.
    Verdicts rest on words that are matched, not understood: read the wordings before you quote one. "held" tells how much lies unseen between.
    """
    limit, offset = check_page(limit, offset, MOST)
    ledger = _ledger(room, who, about, date_from, date_to, wide)
    if not ledger.occasions:
        return "\n".join([_nothing(who), *_tell_left_out(ledger)])
    shown = range(offset, min(offset + limit, len(ledger.occasions)))
    answer = [_head(ledger), *_tell_part(len(ledger.occasions), offset, len(shown), "occasion")]
    for i in shown:
        answer += [*_tell_step(ledger, i), *_tell_occasion(ledger, i)]
    return "\n".join([*answer, *_tell_left_out(ledger), *tell_rest(len(ledger.occasions), offset, len(shown))])


def compare_positions(
    room: Room,
    who: str,
    other: str,
    about: str,
    date_from: str | None = None,
    date_to: str | None = None,
    limit: int = 10,
    offset: int = 0,
    wide: bool = False,
) -> str:
    """Lays out what two actors said on one question, date by date, side by side. Arguments as in position_timeline; limit counts dates."""
    limit, offset = check_page(limit, offset, MOST)
    sides = [_ledger(room, one, about, date_from, date_to, wide) for one in (who, other)]
    answer = [_head(ledger) if ledger.occasions else _nothing(ledger.who) for ledger in sides]
    days: dict[str, list[tuple[Ledger, int]]] = {}
    for ledger in sides:
        for i, occasion in enumerate(ledger.occasions):
            days.setdefault(occasion.date or "no date", []).append((ledger, i))
    shown = sorted(days)[offset : offset + limit]
    answer += _tell_part(len(days), offset, len(shown), "date")
    for ledger, i in (side for day in shown for side in days[day]):
        if i:
            step = ledger.steps[i - 1]
            against = step.against or ledger.occasions[i - 1].date or "the one before"
            answer.append(f"=> {words(name_of(ledger))}, compared with {against}: {step.verdict}")
        answer += _tell_occasion(ledger, i)
    for ledger in sides:
        answer += _tell_left_out(ledger)
    return "\n".join([*answer, *tell_rest(len(days), offset, len(shown))])


def _ledger(room: Room, who: str, about: str, date_from: str | None, date_to: str | None, wide: bool) -> Ledger:
    """The ledger; an empty one of whom it may not be told, just as of whom there is none."""
    question = read_asked(about)
    since, until = read_days(date_from, date_to)
    if not fold_words(who):
        raise ReftelError("Whose position? Give a name, an office or a country.")
    try:
        return room.archive.position(who, question, since=since, until=until, wide=wide, masked=room.masked)
    except ProtectedError:
        return Ledger(who, question.text, (), (), ())


def _nothing(who: str) -> str:
    return f"There is no statement of {words(who, 60)} on this, or none that may be told. entity_lookup tells which names there are."


def _head(ledger: Ledger) -> str:
    entries = sum(len(occasion.entries) for occasion in ledger.occasions)
    cables = {cable for occasion in ledger.occasions for cable in occasion.cables}
    counts = f"{count_of(entries, 'statement')} on {count_of(len(ledger.occasions), 'occasion')}, in {count_of(len(cables), 'cable')}"
    return f"{words(name_of(ledger))} on {words(ledger.question)}: {counts}."


def _tell_part(total: int, offset: int, count: int, noun: str) -> Iterator[str]:
    if count < total:
        yield tell_page(total, offset, count, noun)


def _tell_occasion(ledger: Ledger, number: int) -> Iterator[str]:
    """Day, actor and posts; then each statement, and what the drafters remark."""
    occasion = ledger.occasions[number]
    day = occasion.date or "no date"
    told = day if occasion.told or not occasion.date else f"{day} (date of the cable)"
    yield f"{told} {words(name_of(ledger))}, as reported by {', '.join(map(words, occasion.posts)) or 'unknown sender'}:"
    for entry in occasion.entries[:_ENTRIES]:
        yield from _tell_entry(entry)
    left = len(occasion.entries) - _ENTRIES
    if left > 0:
        yield f"- {count_of(left, 'statement')} more on this occasion: see find_statements."
    for remark in occasion.remarks:
        yield f"- {remark.cable or 'no id'} {at(remark.span)} remark of the drafter, nobody else's words:"
        yield from (f"  {line}" for line in barred(words(remark.words, _LONGEST)))


def _tell_entry(entry: Entry) -> Iterator[str]:
    said = entry.said
    where = f"{said.cable or f'#{said.key}'} {numbered(said.number, said.marking)} {at(hull(said.statement.content or (said.statement.sentence,)))}"
    yield f"- {where} {', '.join(_tell_how(entry))}:"
    yield from (f"  {line}" for line in barred(words(said.content or entry.content, _LONGEST)))


def _tell_how(entry: Entry) -> Iterator[str]:
    statement = entry.said.statement
    yield f'"{words(entry.said.cue)}"' if entry.said.cue else statement.kind
    if statement.negated:
        yield "negated"
    if sign := entry_sign(entry):
        yield STANCES[sign]
    if entry.via:
        yield f"second-hand, as {words(' and '.join(entry.via))} tells it"
    if entry.acting:
        yield f"for {words(entry.acting)}"
    if statement.kind == "implicit":
        yield f"no word says who speaks ({round(100 * statement.confidence)} % sure)"
    if entry.part:
        yield f"in the {entry.part}"
    if entry.about in _BY:
        yield _BY[entry.about]


def _tell_step(ledger: Ledger, number: int) -> Iterator[str]:
    """How an occasion stands to the one before: the verdict, what it rests on, what is not held. Nothing of the first."""
    if not number:
        return
    step = ledger.steps[number - 1]
    against = f", compared with {step.against} (nothing is plain between)" if step.against else ""
    yield f"=> {step.verdict}{against}: {words(step.why)}"
    yield from _tell_grounds(step)
    for held in step.held:
        post = find_post(held.post)
        yield f"   held: {say_held(held, post.name if post else None)}."


def _tell_grounds(step: Step) -> Iterator[str]:
    for signal in step.signals[:_SIGNALS]:
        kind = f"{signal.kind} {signal.value}".strip() + ("" if signal.strong else ", weak")
        yield f'   {kind}: "{words(signal.words, 80)}" {signal.cable or "no id"} {at(signal.span)}'


def _tell_left_out(ledger: Ledger) -> Iterator[str]:
    if ledger.omitted:
        yield f"Left out for {words(ledger.who)}: {count_of(ledger.omitted, 'statement')} whose paragraph only touches the question; wide=true has them."
    yield from map(words, ledger.notes)
