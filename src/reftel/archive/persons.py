"""The persons of an archive that most cables name: a list that comes quickly, however many there are."""

from __future__ import annotations

from reftel.archive.store import Store
from reftel.model import Record

FEW = 3000  # cables up to which all persons can be told apart in less than a second
_MARK = frozenset("x ")

# A key of the tables stands for all names that have it; a name without one for itself. Not by the index on names: each of its rows
# would be looked up in the table, which takes ten times as long as to read it through.
_MOST = """
SELECT substr(max(printf('%04d', length(name)) || name), 5), max(folded), count(DISTINCT cable) AS cables, sum(mentions),
    sum(statements), max(protected), min(country), max(country)
FROM entities NOT INDEXED WHERE kind = 'person' GROUP BY coalesce('=' || identity, folded)
ORDER BY cables DESC, 4 DESC, 1 LIMIT ?
"""


class Frequent(Record, frozen=True):
    """A person that many cables name. name: the fullest. cables, mentions, statements: how many. country: None if cables tell several, or none."""

    name: str
    cables: int
    mentions: int
    statements: int
    protected: bool
    country: str | None


def most_named(store: Store, limit: int) -> list[Frequent]:
    """The names of persons that most cables have, those in most cables first; redactions left out.

    Names that the tables give one key are one person; whether "Kallaste" is "Arvo Kallaste" is not asked: see Archive.who.
    """
    rows = store.rows(_MOST, (limit + 50,))
    found = [
        Frequent(name, cables, mentions, statements, bool(protected), low if low == high else None)
        for name, folded, cables, mentions, statements, protected, low, high in rows
        if not _MARK.issuperset(folded)
    ]
    return found[:limit]
