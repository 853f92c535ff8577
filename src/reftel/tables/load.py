"""The rows of a table, read from its TSV file when first asked for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

TABLES = {
    "posts": "U.S. posts: name, station as cables print it, other spellings, routing indicators.",
    "post_places": "Where each post is: its city, latitude and longitude.",
    "address_words": "What stands before a station in an address: AMEMBASSY, AMCONSUL, USINT.",
    "country_aliases": "Other names of the countries and organisations where posts are: UK, USSR, HOLLAND.",
    "tags": "TAGS: subjects, programs, countries, regions, organisations, terms, persons, and misprints.",
    "captions": "Caption, handling and channel words of the head: SIPDIS, NOFORN, NODIS.",
    "precedences": "Precedence letters and words, from ROUTINE to FLASH.",
    "signals": "Operating signals of the transmission header: ZNY, ZDK, ZFR.",
    "position_signals": "Words that tell where a speaker stands: for or against, bound or not, as before or not.",
    "orders": "Executive orders on classification, the years they governed, and misprints of their numbers.",
    "reasons": "The letters of a classification reason under section 1.4 or 1.5.",
    "collectives": "Collective addresses: one address, many posts.",
    "id_rules": "How a malformed cable id is mended by pattern.",
    "oddities": "Malformed cable ids that no pattern can mend, each with its true id.",
    "titles": "Words of titles and offices in Classified By lines; what is none of them is the name.",
    "acronyms": "Acronyms that subjects in capitals hold, which a headline keeps: NATO, GOR, NGOs.",
    "headline_words": "Words that a headline prints in a way of their own: of, al, Mr; and prefixes.",
    "cues": "Words that attribute: verbs of saying, asking, thinking and attitude, what each takes, and whose they are.",
    "attitudes": "Nouns and adjectives of attitude: concern, confident; for and against, and what joins them to their object.",
    "word_classes": "Open classes of words by what they do beside a word of saying: person nouns, held attitudes, day words.",
    "nations": "Countries as actors: their peoples, the acronyms of their governments, their capitals.",
    "actors": "Organisations, agreements and events, with the other names that cables give them.",
    "thing_heads": "Words that tell what a name is of: Ministry, Treaty, Summit.",
    "person_titles": "Words of titles before a name or by themselves, and the office that each means.",
    "personal_names": "First names, surnames that are everyday words too, and particles of names.",
    "plain_words": "Everyday words, and words that cables print with a capital and that name no person.",
    "office_holders": "Chiefs of U.S. missions and principal officers of the Department of State, with dates.",
    "leaders": "Heads of state and government, ministers and others whom cables name without introduction, with dates.",
    "months": "Months as a date-time group prints them, and misprints.",
}


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of table `name` (see TABLES), in file order; a cell is empty where nothing is known.

    KeyError if there is no such table.
    """
    if name not in TABLES:
        raise KeyError(name)
    head, *lines = files(__package__).joinpath(f"{name}.tsv").read_text("utf-8").splitlines()
    columns = head.split("\t")
    return tuple(dict(zip(columns, line.split("\t"), strict=True)) for line in lines)


@cache
def word_class(name: str) -> frozenset[str]:
    """The words of a class of word_classes.tsv, folded to small letters. KeyError if there is no such class."""
    return _word_classes()[name]


@cache
def _word_classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("word_classes"):
        found.setdefault(row["class"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in found.items()}


def cell_list(cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds several: "KYIV|KIEV" is two; none if it is empty."""
    return tuple(cell.split("|")) if cell else ()
