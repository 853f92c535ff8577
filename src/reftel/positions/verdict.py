"""Whether a position moved between two occasions. The rule: never a shift on one weak signal; say what is missing instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from reftel.positions.about import ABOUT
from reftel.positions.differ import differ, overlap, telling_words
from reftel.positions.records import SHIFTED, UNCHANGED, UNCLEAR, Entry, Occasion, Signal, Step
from reftel.positions.signals import MOODS, signs_of

_CLEARLY = 3  # times as many statements on one side as on the other, for the occasion to have that sign
_ENOUGH = 3  # points for a shift
_WITNESSES = 3  # of the signs then and now together: one against one may be of some detail
_MUCH = 3  # statements by content, over which no other two occasions are compared
_ENOUGH_SAME = 2
_ALIKE, _MUCH_ALIKE = 0.34, 0.6  # share of telling words
_HINT = "a hint"
_MANY = 4  # of them that are the same, to weigh much
_ON_IT = ("content", "sentence")
_SIGNS = {"+": "for", "-": "against"}


class Point(NamedTuple):
    """Something that speaks for a shift (positive) or against it (negative): how much, why, and the signals behind it."""

    weight: int
    why: str
    signals: tuple[Signal, ...]


def judge_all(occasions: Sequence[Occasion], asked: Collection[str] = ()) -> Iterator[Step]:
    """How each occasion stands to the one before; to the last that tells something of the position, if that one does not."""
    told = 0
    for i in range(1, len(occasions)):
        if not is_silent(occasions[i - 1]):
            told = i - 1
        base = told if not is_silent(occasions[told]) else i - 1
        if any(_says_much(occasion) for occasion in occasions[base + 1 : i]):
            base = i - 1
        step = judge(occasions[base], occasions[i], asked)
        yield step if base == i - 1 else msgspec.structs.replace(step, against=occasions[base].date)


def _says_much(occasion: Occasion) -> bool:
    """Whether so much was said on the question that it cannot be passed over, though none of it has a signal."""
    return sum(entry.about == "content" for entry in occasion.entries) >= _MUCH


def is_silent(occasion: Occasion) -> bool:
    """Whether no statement of the occasion has a strong signal, and no drafter remarks on it."""
    return not occasion.remarks and not any(signal.strong for entry in occasion.entries for signal in entry.signals)


def judge(before: Occasion, after: Occasion, asked: Collection[str] = ()) -> Step:
    """How the later occasion stands to the earlier one. asked: the words of the question, which both have anyway."""
    pair = nearest(before.entries, after.entries, asked)
    points = _weigh_signs(before, after)
    points += _weigh_commitment(before, after, turned=any(point.weight > 0 for point in points))
    points += _weigh_own_words(after)
    points += _weigh_conditions(before, after)
    points += _weigh_wording(pair, asked)
    moved = [point for point in points if point.weight > 0]
    stayed = [point for point in points if point.weight < 0]
    shift, same = sum(p.weight for p in moved), -sum(p.weight for p in stayed)
    differs = differ(pair[0].content, pair[1].content) if pair is not None else None
    if shift >= _ENOUGH and shift - same >= _ENOUGH - 1 and not any(p.weight <= -2 for p in stayed):
        return Step(SHIFTED, _say(moved), _signals(moved), differs)
    firm = [point for point in stayed if not point.why.startswith(_HINT)]
    sure = -sum(point.weight for point in firm) >= _ENOUGH_SAME and any(s.strong for s in _signals(firm))
    if sure and shift == 0:
        return Step(UNCHANGED, _say(stayed), _signals(stayed), differs)
    if moved and stayed:
        why = f"The signals disagree. For a shift: {_list(moved)}; against it: {_list(stayed)}."
    elif points:
        why = f"Not enough by itself: {_list(points)}."
    else:
        why = _say_nothing(before, after)
    return Step(UNCLEAR, why, _signals(points), differs)


def sign_of(occasion: Occasion) -> str:
    """ "+" or "-" if the strong signals of the occasion are all, or nearly all, of that sign; "both" if not, "" if there are none.

    What is on the question by its own words comes first; what only its heading puts there may confirm it, or leave it at "both".
    """
    own = _sign(occasion, _ON_IT)
    whole = _sign(occasion, ABOUT)
    return whole if own in ("", whole) else "both"


def _sign(occasion: Occasion, about: Collection[str]) -> str:
    plus, minus = _sides(occasion, "polarity", about)
    if not plus and not minus:
        return ""
    if len(plus) >= _CLEARLY * len(minus):
        return "+"
    return "-" if len(minus) >= _CLEARLY * len(plus) else "both"


def nearest(before: Iterable[Entry], after: Iterable[Entry], asked: Collection[str] = ()) -> tuple[Entry, Entry] | None:
    """The two statements that share most of their telling words; where none do, those with most strong signals. None if a side is empty."""
    earlier = [(entry, telling_words(entry.content, asked)) for entry in before]
    later = [(entry, telling_words(entry.content, asked)) for entry in after]
    best: tuple[float, int, Entry, Entry] | None = None
    for entry, words in earlier:
        for other, other_words in later:
            score = overlap(words, other_words) if len(words & other_words) > 1 else 0.0
            strong = _strength(entry) + _strength(other)
            if best is None or (score, strong) > best[:2]:
                best = (score, strong, entry, other)
    return (best[2], best[3]) if best is not None else None


def _strength(entry: Entry) -> int:
    return min(sum(signal.strong for signal in entry.signals), 3) * 2 + (entry.about in ("content", "sentence"))


def _sides(occasion: Occasion, kind: str, about: Collection[str] = ABOUT) -> tuple[list[Signal], list[Signal]]:
    """One strong signal of a kind for each statement that has it, those for and those against; none of a statement that has both.

    about: of the statements that are on the question by one of these.
    """
    plus: list[Signal] = []
    minus: list[Signal] = []
    for entry in occasion.entries:
        if entry.about not in about:
            continue
        strong = [signal for signal in entry.signals if signal.kind == kind and signal.strong]
        values = {signal.value for signal in strong}
        if len(values) == 1:
            (plus if "+" in values else minus).append(strong[0])
    return plus, minus


def _weigh_signs(before: Occasion, after: Occasion) -> list[Point]:
    """The sign then and now. One that rests on headings alone is not enough for a shift.

    Moods on a side are a hint. No turn where the later cable says that the old stand was taken again ("replayed", against as before): what he is for is
    another matter under the same question.
    """
    one, other = sign_of(before), sign_of(after)
    if one not in _SIGNS or other not in _SIGNS:
        return []
    then, now = _sides(before, "polarity")[one == "-"], _sides(after, "polarity")[other == "-"]
    signals = (*then, *now)
    if one == other:
        return [Point(-1, f"{_SIGNS[one]} both times (statements: {len(then)}, {len(now)})", signals)]
    if any(_is_repeated(entry, one) for entry in after.entries) or _is_mixed(before, one) or _is_mixed(after, other):
        return []
    direct = _sign(before, _ON_IT) == one and _sign(after, _ON_IT) == other
    moods = any(all(signal.rule in MOODS for signal in side) for side in (then, now))
    witnesses = _count_witnesses(before, one) + _count_witnesses(after, other)
    why = f"from {_SIGNS[one]} to {_SIGNS[other]} (statements: {len(then)}, {len(now)})"
    return [Point(1 if moods else 3 if direct and witnesses >= _WITNESSES else 2, why, signals)]


def _count_witnesses(occasion: Occasion, sign: str) -> int:
    """How often a sign is told by statements that are on the question by their own words; what the summary says too counts twice."""
    return sum(
        1 + bool(entry.repeats)
        for entry in occasion.entries
        if entry.about in _ON_IT and any(s.kind == "polarity" and s.strong and s.value == sign for s in entry.signals)
    )


def _is_mixed(occasion: Occasion, sign: str) -> bool:
    """Whether a statement that is on the question by its own words has the other sign: then the few may be what matters."""
    return any(
        entry.about in _ON_IT and (signs := signs_of(entry.signals)) and sign not in signs for entry in occasion.entries
    )


def _is_repeated(entry: Entry, sign: str) -> bool:
    """Whether a statement says again something of that sign."""
    return sign in signs_of(entry.signals) and any(signal.kind == "same" and signal.strong for signal in entry.signals)


def _weigh_commitment(before: Occasion, after: Occasion, *, turned: bool) -> list[Point]:
    """Refusals and offers. turned: the sign has turned already, so that being against and then ready is no second thing."""
    (ready, refused), (ready_later, refused_later) = _sides(before, "commitment"), _sides(after, "commitment")
    if ready and ready_later and not refused and not refused_later:
        return [Point(-1, "ready both times", (ready[0], ready_later[0]))]
    if refused and refused_later and not ready and not ready_later:
        return [Point(-2, "refused both times", (refused[0], refused_later[0]))]
    if refused and ready_later and not ready and not refused_later:
        return [Point(2, "from refusing to being ready", (refused[0], ready_later[0]))]
    if ready and refused_later and not refused and not ready_later:
        return [Point(2, "from being ready to refusing", (ready[0], refused_later[0]))]
    plus, minus = _sides(before, "polarity", _ON_IT)
    if turned or any(_is_repeated(entry, sign) for entry in after.entries for sign in _SIGNS):
        return []
    if ready_later and not refused_later and minus and not plus and not ready:
        return [Point(2, "from against to being ready", (minus[0], ready_later[0]))]
    if refused_later and not ready_later and plus and not minus and not refused:
        return [Point(2, "from for to refusing", (plus[0], refused_later[0]))]
    return []


def _weigh_own_words(after: Occasion) -> list[Point]:
    """What the later cables themselves say: of the drafter or in the cue strong, else a hint."""
    signals = [*after.remarks, *(signal for entry in after.entries for signal in entry.signals)]
    points = []
    for kind, side, said in (
        ("same", -1, "said before, as the cable has it"),
        ("changed", 1, "new, as the cable has it"),
    ):
        strong = [signal for signal in signals if signal.kind == kind and signal.strong]
        weak = [signal for signal in signals if signal.kind == kind and not signal.strong]
        if strong:
            points.append(Point(side * (3 if side > 0 else 2), f"{said}: {_quote(strong)}", tuple(strong)))
        elif weak:
            points.append(Point(side, f"{_HINT} that it is {said}: {_quote(weak)}", tuple(weak)))
    return points


def _quote(signals: Iterable[Signal]) -> str:
    return ", ".join(dict.fromkeys(f'"{signal.words}"' for signal in signals))


def _weigh_conditions(before: Occasion, after: Occasion) -> list[Point]:
    """A condition where there was a refusal is a step; one that appears or goes without that says little and is no point."""
    _, refused = _sides(before, "commitment")
    set_now = [s for entry in after.entries for s in entry.signals if s.kind == "condition" and s.strong]
    set_then = [s for entry in before.entries for s in entry.signals if s.kind == "condition" and s.strong]
    if refused and set_now and not set_then:
        return [Point(2, "a condition in place of a refusal", (refused[0], set_now[0]))]
    return []


def _weigh_wording(pair: tuple[Entry, Entry] | None, asked: Collection[str]) -> list[Point]:
    if pair is None:
        return []
    words, others = (telling_words(entry.content, asked) for entry in pair)
    share = overlap(words, others)
    if len(words & others) < 2 or share < _ALIKE:
        return []
    weight = -2 if share >= _MUCH_ALIKE and len(words & others) >= _MANY else -1
    signals = tuple(
        Signal("overlap", "", weight < -1, entry.content[:90], "content", "overlap", entry.said.cable,
               entry.said.ordinal, entry.said.statement.sentence)
        for entry in pair
    )  # fmt: skip
    return [Point(weight, f"{round(100 * share)} % of the telling words are the same", signals)]


def _say(points: list[Point]) -> str:
    said = _list(points)
    return f"{said[:1].upper()}{said[1:]}."


def _list(points: list[Point]) -> str:
    return "; ".join(point.why for point in points)


def _signals(points: list[Point]) -> tuple[Signal, ...]:
    return tuple(dict.fromkeys(signal for point in points for signal in point.signals))


def _say_nothing(before: Occasion, after: Occasion) -> str:
    one, other = sign_of(before), sign_of(after)
    if "both" in (one, other):
        return "On one occasion the statements are for one thing and against another, and no cable says that anything is new."
    if not one and not other:
        return "No statement on either side is plainly for or against."
    return f"Only the {'earlier' if one else 'later'} statements are plainly for or against."
