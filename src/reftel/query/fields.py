"""FIELDS: everything that can be asked for by name. The parser, the help, the docs and the web page read this table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from reftel.errors import DEFECTS
from reftel.model import STATEMENT_KINDS
from reftel.query.has import HAS
from reftel.query.values import (
    Read,
    free,
    one_of,
    read_address,
    read_after,
    read_before,
    read_cable_id,
    read_dated,
    read_narrow,
    read_number,
    read_said,
    read_tag,
    read_words,
)
from reftel.tables import find_caption, find_post, find_tag, precedence_word, rows


class Field(NamedTuple):
    """One field of the query language.

    kind: text (words), keyword (whole values), number, date or special. values: what may stand behind the colon. examples: queries
    that parse. said: how a query on it reads in words, the value in the braces. tell: a value in words. of: "cable" or "statement",
    what it is asked of.
    """

    name: str
    aliases: tuple[str, ...]
    kind: str
    sentence: str
    values: str
    examples: tuple[str, ...]
    read: Read
    said: str
    tell: Callable[[str], str] = str
    of: str = "cable"


CLASSES = {
    "UNCLASSIFIED": ("u", "unclas", "unclassified"),
    "CONFIDENTIAL": ("c", "conf", "confidential"),
    "SECRET": ("s", "secret"),
}
# name -> (text field, value of `has:`)
PARTS = {
    "summary": ("summary", "summary"),
    "comment": ("comment", "comment"),
    "heading": ("heading", "headings"),
    "action": ("action", "action"),
}
STANCES = {
    "+": ("+", "plus", "positive", "pos", "for", "pro", "favorable", "favourable", "supportive", "approving"),
    "-": ("-", "minus", "negative", "neg", "against", "contra", "critical", "unfavorable", "unfavourable", "opposed"),
}
VOICES = {
    "reported": ("reported", "reporting", "others", "interlocutor", "interlocutors"),
    "drafter": ("drafter", "drafters", "author", "embassy", "post", "comment"),
}


def find_field(name: str) -> Field | None:
    """The field of that name or alias, in any case; None if there is none."""
    return _BY_NAME.get(name.lower().replace("_", "-"))


def field_names() -> list[str]:
    """Every name and alias, in the order of the table."""
    return list(_BY_NAME)


def mark_value(text: str) -> str:
    """A portion mark as cables' marks are kept: "(c//nf)" is C/NF."""
    return re.sub(r"\s*/+\s*", "/", " ".join(text.upper().strip("()/ ").split()))


def _class_value(text: str) -> str | None:
    return next((name for name, words in CLASSES.items() if text.lower() in words), None)


def _caption_value(text: str) -> str | None:
    row = find_caption(text)
    return row["word"] if row is not None else None


def _captions() -> list[str]:
    return [row["word"] for row in rows("captions")]


def _stance_value(text: str) -> str | None:
    return next((sign for sign, words in STANCES.items() if text.lower() in words), None)


def _voice_value(text: str) -> str | None:
    return next((name for name, words in VOICES.items() if text.lower() in words), None)


def _kind_value(text: str) -> str | None:
    return text.lower() if text.lower() in STATEMENT_KINDS else None


def _precedences() -> list[str]:
    return [row["word"] for row in rows("precedences")]


def _has_value(text: str) -> str | None:
    """A value of `has:`, in the singular or plural."""
    word = text.lower()
    return next((name for name in (word, word + "s", word.removesuffix("s")) if name in HAS), None)


def _defect_value(text: str) -> str | None:
    code = "-".join(text.lower().replace("_", " ").replace("-", " ").split())
    return code if code in DEFECTS else None


def _one_word(text: str) -> str:
    return text.strip().lower()


def tell_place(value: str) -> str:
    """`post:LONDON` as Embassy London, `country:france` as "a post in France"."""
    kind, _, name = value.partition(":")
    if kind == "country":
        known = next((row["country"] for row in rows("posts") if row["country"].lower() == name), name)
        return f"a post in {'the ' if known.startswith('United ') else ''}{known}"
    post = find_post(name)
    return post.name if post is not None else name


def tell_tag(code: str) -> str:
    """`PARM` with its meaning."""
    tag = find_tag(code)
    meaning = tag.meaning if tag is not None else ""
    return f"{code} ({meaning})" if meaning and meaning.upper() != code else code


def _tell_stance(sign: str) -> str:
    return "a positive" if sign == "+" else "a negative"


def _tell_voice(name: str) -> str:
    return "the drafter's own" if name == "drafter" else "reported of others"


def _tell_has(name: str) -> str:
    return HAS[name].sentence if name in HAS else name


_WORDS = "words, in any of the forms of words"
_ADDRESS = "a post in any spelling, a country, or words of the address"
_DATE = "2008, 2008-12, 2008-12-18, dec 2008, 18 dec 2008, 2008-12..2009-11, ..2005 or 2009.."
_NUMBER = "a number, >2, >=2, <9, <=9, 2..9, 2.. or ..9"

_ROWS = (
    Field("text", ("words",), "text", "Words anywhere in the cable's own text.", _WORDS, ("text:2008", 'text:"sea bed"'), read_words, "{}"),
    Field("subject", ("subj",), "text", "Words of the subject line.", _WORDS, ("subject:pipeline", 'subject:"amber link"', "subject:(pipeline OR permit)"), read_words, "{} in the subject"),
    Field("heading", (), "text", "Words of a heading.", _WORDS, ("heading:comment",), read_words, "{} in a heading"),
    Field("summary", (), "text", "Words of the summary.", _WORDS, ("summary:minister",), read_words, "{} in the summary"),
    Field("comment", (), "text", "Words of the drafter's comments.", _WORDS, ('comment:"please protect"', "comment:(kallaste -permit)"), read_words, "{} in a comment"),
    Field("action", (), "text", "Words of the action request.", _WORDS, ("action:request*",), read_words, "{} in the action request"),
    Field("signer", ("signed", "signature"), "text", "Who signed.", _WORDS, ("signer:stratton",), read_words, "{} as signer"),
    Field("classified-by", ("classifier",), "text", "Who classified the cable: name or title.", _WORDS, ("classified-by:stratton", 'classified-by:"political counselor"'), read_words, "{} in the Classified By line"),
    Field("from", ("sender", "post"), "keyword", "The post that sent the cable, or the country where it is.", _ADDRESS, ("from:tallinn", 'from:"united kingdom"', "from:amembassy-lisbon", "from:tall*"), read_address, "sent from {}", tell_place),
    Field("to", (), "keyword", "Action addressees.", _ADDRESS, ("to:secstate", "to:ankara"), read_address, "sent for action to {}", tell_place),
    Field("info", (), "keyword", "Information addressees.", _ADDRESS, ("info:helsinki", "info:nsc", "info:finland"), read_address, "sent for information to {}", tell_place),
    Field("tag", ("tags",), "keyword", "A tag, by its code or its meaning.", "a code, words of its meaning, or the beginning of a code and a star", ("tag:PREL", "tag:energy", "tag:E*"), read_tag, "tagged {}", tell_tag),
    Field("class", ("classification",), "keyword", "The classification of the whole cable.", "unclassified, confidential, secret, or u, c, s", ("class:secret", "class:u"), one_of(_class_value, lambda: CLASSES), "classified {}"),
    Field("caption", ("captions",), "keyword", "A caption or handling word of the head.", "a caption of the tables", ("caption:noforn", "caption:sbu"), one_of(_caption_value, _captions), "with the caption {}"),
    Field("mark", ("marks", "marking"), "keyword", "The classification mark of a paragraph or other portion.", "a mark with or without brackets", ("mark:C/NF", "mark:(SBU)", "mark:S*"), free(mark_value, mark_value), "with a portion marked {}"),
    Field("precedence", ("prec",), "keyword", "How fast the cable was to be sent.", "routine, priority, immediate, flash, or their letters", ("precedence:immediate", "precedence:o"), one_of(precedence_word, _precedences), "of precedence {}"),
    Field("ref", ("refs", "cites"), "keyword", "A cable named in the REF block: this cable cites that one.", "a cable id, or its beginning and a star", ("ref:09TALLINN7", 'ref:"08 STATE 009214"', "ref:08TALLINN*"), read_cable_id, "citing {}"),
    Field("id", ("cable",), "keyword", "The cable's own id.", "a cable id, or its beginning and a star", ("id:08TALLINN96", "id:09LISBON*"), read_cable_id, "with the id {}"),
    Field("has", (), "keyword", "What the cable has.", "one of the list below", ("has:redaction", "-has:summary"), one_of(_has_value, lambda: HAS, str.lower), "having {}", _tell_has),
    Field("defect", ("defects",), "keyword", "Something odd or damaged, by its code.", "a code of defects.md, or its beginning and a star", ("defect:lost-text", "defect:missing-*"), one_of(_defect_value, lambda: DEFECTS, str.lower), "with the defect {}"),
    Field("carrier", ("reader",), "keyword", "The form in which the cable came.", "the name of a reader", ("carrier:dump",), free(_one_word, _one_word), "read as {}"),
    Field("date", ("dated",), "date", "The day of the date-time group, else the carrier's date.", _DATE, ("date:2008", "date:2008-02..2009-03", 'date:"6 february 2008"', "dec 2008"), read_dated, "dated {}"),
    Field("before", (), "date", "Earlier than the first day of a date.", _DATE, ("before:2008",), read_before, "dated {}"),
    Field("after", (), "date", "Later than the last day of a date.", _DATE, ("after:2008-12",), read_after, "dated {}"),
    Field("length", (), "number", "How many words the text has.", _NUMBER, ("length:>200", "length:..150"), read_number, "of {} words"),
    Field("section", ("sections",), "number", "Into how many sections the cable was cut; 1 if that is not printed.", _NUMBER, ("section:>1", "section:2"), read_number, "of {} sections"),
    Field("said-by", ("speaker",), "text", "Who is told to have said it: the name, the words that name the speaker there, an office.", _WORDS, ("said-by:kallaste", 'said-by:"foreign minister"', "said-by:(kallaste OR wekulo)"), read_words, "said by {}", of="statement"),
    Field("said-to", ("addressee",), "text", "To whom it is told to have been said.", _WORDS, ("said-to:ambassador",), read_words, "said to {}", of="statement"),
    Field("about", (), "text", "What the statement is about: words of its content, its sentence, its heading or its paragraph.", _WORDS, ("about:pipeline", 'about:"sea bed"', "about:(pipeline -permit)"), read_words, "about {}", of="statement"),
    Field("kind", (), "keyword", "How it is told: quoted, partly quoted, reported, as an attitude, or without a cue.", ", ".join(STATEMENT_KINDS), ("kind:stance",), one_of(_kind_value, lambda: STATEMENT_KINDS, str.lower), "of the kind {}", of="statement"),
    Field("stance", ("polarity",), "keyword", "The speaker's attitude to what is said, where the text makes it plain.", "+ or -", ("stance:+", "stance:-"), one_of(_stance_value, lambda: STANCES, str.lower), "with {} stance", _tell_stance, of="statement"),
    Field("voice", (), "keyword", "Whose words they are: reported of others, or the drafter's own.", ", ".join(VOICES), ("voice:drafter",), one_of(_voice_value, lambda: VOICES, str.lower), "{}", _tell_voice, of="statement"),
    Field("said", ("spoken",), "date", "The day on which it was said if that is told, else the cable's.", _DATE, ("said:2008-02", "said:2008..2009"), read_said, "of the days {}", of="statement"),
    Field("in", (), "special", "Narrows the words beside it to a part of the cable; alone, the cable must have the part.", ", ".join(PARTS), ("minister in:summary", "(kallaste in:comment) pipeline", "in:action"), read_narrow(PARTS), "in the {}"),
)  # fmt: skip

FIELDS = {field.name: field for field in _ROWS}
_BY_NAME = {name: field for field in _ROWS for name in (field.name, *field.aliases)}
