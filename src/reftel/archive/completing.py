"""What may be meant while a query is typed: fields, posts, tags by their meaning, speakers and words, each with how many cables have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reftel.archive.index import TERM_FIELDS, term_field, text_field
from reftel.archive.search import Search
from reftel.model import Record
from reftel.query import FIELDS, fold, parse_query
from reftel.query.fields import find_field, tell_place
from reftel.tables import find_tag

_MOST = 10
_SHORTEST = 2  # letters of a word that is completed by the words of the archive
_TYPED = re.compile(r'(?P<minus>-?)(?:(?P<field>[A-Za-z][\w-]{0,20}):)?(?P<quote>"?)(?P<stem>[^\s():"]{0,60})\Z')
_PLACES = ("from", "to", "info")
_SPOKEN = ("said-by", "said-to")


class Suggestion(Record, frozen=True):
    """text: what takes the place of the characters from `at` on, up to the cursor. said: what it means. cables: how many have it, or None."""

    text: str
    said: str
    cables: int | None
    at: int


def complete(search: Search, typed: str, hides: Callable[[str], bool]) -> list[Suggestion]:
    """What may be meant by the last word of what is typed, at most ten. hides: names that are not to be told.

    The most frequent are chosen by the index's own figures, in which what was taken out since still counts; those that are told are counted.
    """
    return [one if one.cables is None else _counted(search, one) for one in _suggest(search, typed, hides)]


def _counted(search: Search, one: Suggestion) -> Suggestion:
    count = search.count(parse_query(one.text.removeprefix("-")).tree)
    return Suggestion(one.text, one.said, count, one.at)


def _suggest(search: Search, typed: str, hides: Callable[[str], bool]) -> list[Suggestion]:
    match = _TYPED.search(typed)
    if match is None:
        return []
    at, minus, stem = match.start(), match["minus"], match["stem"]
    field = find_field(match["field"]) if match["field"] else None
    if match["field"] and field is None:
        return []
    if field is not None:
        found = _values(search, field.name, stem, hides)
        return [Suggestion(f"{minus}{field.name}:{_quoted(value)}", said, count, at) for value, said, count in found][
            :_MOST
        ]
    if not stem:
        return []
    made = [
        Suggestion(f"{minus}{one.name}:", one.sentence, None, at)
        for one in FIELDS.values()
        if one.name.startswith(stem.lower())
    ][:3]
    for name in ("from", "tag", *_SPOKEN[:1]):
        if len(stem) >= _SHORTEST:
            made += [
                Suggestion(f"{minus}{name}:{_quoted(value)}", said, count, at)
                for value, said, count in list(_values(search, name, stem, hides))[:3]
            ]
    if len(stem) >= _SHORTEST and not match["quote"]:
        made += [
            Suggestion(f"{minus}{word}", "word", count, at) for word, count in _words(search, "text", stem, hides)
        ][:4]
    return made[:_MOST]


def _values(search: Search, field: str, stem: str, hides: Callable[[str], bool]) -> list[tuple[str, str, int]]:
    """Values of a field that begin so, or whose meaning has a word that does: value, meaning, how many; most frequent first."""
    if field in _PLACES:
        found = list(_places(search, field, stem))
    elif field == "tag":
        found = [one for one in _tags(search, stem) if not hides(one[0])]
    elif field in _SPOKEN:
        return [(word, f"{FIELDS[field].sentence}", count) for word, count in _words(search, field, stem, hides)]
    elif field in TERM_FIELDS and field not in ("id", "ref"):
        terms = search.index.cables.searcher().terms_with_prefix(term_field(field), "", limit=200)
        tell = FIELDS[field].tell
        found = [
            (value, tell(value) if tell is not str else "", count) for value, count in terms if _begins(value, stem)
        ]
    else:
        return []
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _places(search: Search, field: str, stem: str) -> Iterator[tuple[str, str, int]]:
    """Posts, by any word of their name."""
    for term, count in search.index.cables.searcher().terms_with_prefix(term_field(field), "post:"):
        name = tell_place(term)
        if any(_begins(word, stem) for word in (name, *name.split())):
            yield name, "post", count


def _tags(search: Search, stem: str) -> Iterator[tuple[str, str, int]]:
    """Tags, by their code or a word of their meaning."""
    for code, count in search.index.cables.searcher().terms_with_prefix(term_field("tag"), ""):
        tag = find_tag(code)
        meaning = tag.meaning if tag is not None else ""
        if any(_begins(word, stem) for word in (code, *meaning.split())):
            yield code, meaning, count


def _words(search: Search, field: str, stem: str, hides: Callable[[str], bool]) -> list[tuple[str, int]]:
    start = fold(stem)
    if len(start) < _SHORTEST:
        return []
    found = search.index.cables.searcher().terms_with_prefix(text_field(field), start, limit=3 * _MOST)
    return [(word, count) for word, count in found if not hides(word)]


def _begins(value: str, stem: str) -> bool:
    return value.casefold().startswith(stem.casefold())


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w/+-]+", value) else f'"{value}"'
