"""The header and the body of a made-up cable, in the form its year had: short or ACP-127 header, capitals, sections."""

from __future__ import annotations

import random
import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from schedule import Numbered, Schedule, Slip, Station, make_schedule, plan_cable
from vocabulary import Vocabulary, draw_fills, make_vocabulary

from reftel.tables import rows

COLUMNS = 60
# Bytes of a record, by the share of cables that are no longer: real records, scaled to their mean in the full set.
_LENGTHS = (
    (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0),
    (1100, 1400, 2100, 3900, 6600, 10_000, 14_100, 16_700, 27_500, 42_000, 62_000),
)
_SENTENCE = 175  # bytes of one, on average, with its share of headings and line ends
_SECTION = 92  # lines of text in a section
_EXTRACT = (
    "This record is a partial extract of the original cable. The full text of the original cable is not available."
)
_PRECEDENCES = [("P", "PRIORITY"), ("R", "ROUTINE"), ("O", "IMMEDIATE")]
_MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_TITLES = ["Ambassador", "Deputy Chief of Mission", "Political Counselor", "Charge d'Affaires", "Economic Counselor"]
_OFFICES = ["EUR/WE", "NEA/ARN", "AF/E", "EAP/K", "WHA/CEN", "SCA/RA", "PM", "DRL", "INR/EU", "EEB/TPP", "S/P", "OES"]
_COMMON_TAGS = "PREL PGOV ECON PHUM PTER PINR EFIN ETRD KDEM MARR EAID PARM SNAR MOPS KNNP ENRG KJUS CVIS"
_LINE = re.compile(rf"(.{{1,{COLUMNS}}})(?: |\Z)")


class Level(NamedTuple):
    """How secret a cable is: as the class line spells it, as the dump says it, as portions are marked, its security line."""

    spaced: str
    claimed: str
    mark: str
    security: str
    caption: str


_LEVELS = [
    Level("UNCLAS", "UNCLASSIFIED", "U", "ZNR UUUUU ZZH", ""),
    Level("UNCLAS", "UNCLASSIFIED//FOR OFFICIAL USE ONLY", "SBU", "ZNR UUUUU ZZH", "SENSITIVE"),
    Level("C O N F I D E N T I A L", "CONFIDENTIAL", "C", "ZNY CCCCC ZZH", ""),
    Level("C O N F I D E N T I A L", "CONFIDENTIAL//NOFORN", "C/NF", "ZNY CCCCC ZZH", "NOFORN"),
    Level("S E C R E T", "SECRET", "S", "ZNY SSSSS ZZH", ""),
    Level("S E C R E T", "SECRET//NOFORN", "S/NF", "ZNY SSSSS ZZH", "NOFORN"),
]
_LEVEL_SHARES = [0.25, 0.53, 0.9, 0.93, 0.98, 1.0]  # summed up


class MadeCable(NamedTuple):
    """A made-up cable; the body is what follows the header, with nothing between them in a dump record."""

    slip: Slip
    level: Level
    subject: str
    header: str
    body: str


class World(NamedTuple):
    """What all cables of one seed share."""

    seed: int
    words: Vocabulary
    schedule: Schedule
    common_tags: list[str]
    tags: list[str]
    countries: list[str]
    collectives: list[str]


@cache
def make_world(seed: int = 1) -> World:
    """The same world for the same seed; making one takes a second or two."""
    tags = [row["code"] for row in rows("tags") if row["kind"] in ("subject", "program") and not row["typo_of"]]
    countries = [row["code"] for row in rows("tags") if row["kind"] == "geographic" and not row["typo_of"]]
    collectives = [
        f"{row['indicators'].partition('|')[0]}/{row['name']}"
        for row in rows("collectives")
        if row["indicators"] and row["name"].endswith("COLLECTIVE")
    ]
    return World(seed, make_vocabulary(seed), make_schedule(seed), _COMMON_TAGS.split(), tags, countries, collectives)


def make_cable(world: World, number: int) -> MadeCable:
    """Cable `number` of the world, whichever others are made."""
    dice = random.Random((world.seed << 32) + number)
    slip = plan_cable(world.schedule, number, dice)
    level = _LEVELS[bisect_left(_LEVEL_SHARES, dice.random())]
    subject = _make_subject(dice, world.words)
    year = slip.cable.year
    if 2000 <= year <= 2006 and dice.random() < 0.25:
        header = _EXTRACT
    elif year < 2005:
        header = "\n".join(_short_header(dice, world, slip))
    else:
        header = "\n".join(_full_header(dice, world, slip, level))
    body = _make_body(dice, world, slip, level, subject, _draw_length(dice) - len(header))
    return MadeCable(slip, level, subject[0], header, body.upper() if year < 1996 else body)


def _draw_length(dice: random.Random) -> int:
    shares, lengths = _LENGTHS
    part = dice.random()
    at = max(bisect_left(shares, part), 1)
    share = (part - shares[at - 1]) / (shares[at] - shares[at - 1])
    return int(lengths[at - 1] + share * (lengths[at] - lengths[at - 1]))


def _short_header(dice: random.Random, world: World, slip: Slip) -> Iterator[str]:
    letter, word = dice.choice(_PRECEDENCES)
    post = slip.cable.post
    others = _draw_posts(dice, world, post)
    yield _dtg(letter, slip)
    yield f"FM {post.plad}"
    first = others.pop() if post.station == "STATE" else world.schedule.posts[3]
    yield f"TO {first.plad} {word} {dice.randint(1, 9999)}"
    for at, other in enumerate(others):
        yield f"{'' if at else 'INFO '}{other.plad}"


def _full_header(dice: random.Random, world: World, slip: Slip, level: Level) -> Iterator[str]:
    letter, word = dice.choice(_PRECEDENCES)
    post = slip.cable.post
    others = _draw_posts(dice, world, post)
    first = others.pop() if post.station == "STATE" else world.schedule.posts[3]
    yield f"VZCZCXRO{dice.randint(0, 9999):04d}"
    yield f"{letter * 2} {' '.join(other.ri for other in others[:6]) or 'RUEHWEB'}"
    yield f"DE {post.ri} #{slip.cable.serial % 10_000:04d}/01 {slip.day:%j}{slip.hour:02d}{slip.minute:02d}"
    yield level.security
    yield _dtg(letter, slip)
    yield f"FM {post.plad}"
    yield f"TO {first.ri}/{first.plad} {word} {dice.randint(0, 9999):04d}"
    lines = [f"{name} {word}" for name in dice.sample(world.collectives, k=dice.choice((0, 0, 1, 2)))]
    lines += [f"{other.ri}/{other.plad} {word} {dice.randint(0, 9999):04d}" for other in others]
    for at, line in enumerate(lines):
        yield line if at else f"INFO {line}"


def _dtg(letter: str, slip: Slip) -> str:
    month = _MONTHS[slip.day.month * 3 - 3 : slip.day.month * 3]
    return f"{letter} {slip.day:%d}{slip.hour:02d}{slip.minute:02d}Z {month} {slip.day.year % 100:02d}"


def _draw_posts(dice: random.Random, world: World, own: Station) -> list[Station]:
    drawn = dice.sample(world.schedule.posts, k=dice.choice((1, 1, 2, 3, 4, 5, 6, 9, 12)))
    return [post for post in drawn if post is not own and post.station != "STATE"] or [world.schedule.posts[-1]]


def _make_subject(dice: random.Random, words: Vocabulary) -> list[str]:
    """The lines of the subject."""
    clause = _fill(dice, words, " ".join((dice.choice(words.openers), dice.choice(words.openers)))).upper()
    return _LINE.findall(clause[: dice.randint(30, 110)].rpartition(" ")[0].replace('"', ""))


def _fill(dice: random.Random, words: Vocabulary, text: str) -> str:
    """The text with its slots filled, most fills twice or three times: who is named once in a paragraph is named again."""
    slots = text.count("%s")
    drawn = draw_fills(dice, words.fills, slots // 3 + 1)
    return text % tuple((drawn * 3)[:slots])


def _make_body(dice: random.Random, world: World, slip: Slip, level: Level, subject: list[str], length: int) -> str:
    own = slip.cable
    head = list(_make_head(dice, world, slip, level, subject))
    text = _make_text(dice, world.words, level, slip, length - sum(map(len, head)) - 2 * len(head))
    sections = _cut_sections(text, own)
    section = f" SECTION 01 OF {sections:02d}" if sections > 1 else ""
    serial = f"{own.serial:06d}" if own.year >= 1996 else f"{own.serial:05d}"
    class_line = f"{level.spaced}{section} {own.post.station} {serial}"
    signer = dice.choice(world.words.names).upper()
    # A blank before every line end, as most carriers have it.
    return " \n".join([class_line, *head, *text, signer, ""])


def _make_head(dice: random.Random, world: World, slip: Slip, level: Level, subject: list[str]) -> Iterator[str]:
    year = slip.cable.year
    yield ""
    captions = [caption for caption in (level.caption, "SIPDIS" if year >= 1998 else "") if caption]
    yield from captions
    if captions:
        yield ""
    if dice.random() < 0.6:
        yield f"DEPARTMENT FOR {dice.choice(_OFFICES)}, {dice.choice(_OFFICES)}"
        yield ""
    secret = level.mark[0] in "CS"
    until = f"DECL: {slip.day.month:02d}/{min(slip.day.day, 28):02d}/{year + 10}" if secret else "N/A"
    yield f"E.O. {12356 if year < 1996 else 12958}: {until}"
    tags = dict.fromkeys(dice.choices(world.common_tags, k=4))
    tags |= dict.fromkeys((dice.choice(world.tags), *dice.choices(world.countries, k=2)))
    yield f"TAGS: {' '.join(tags)}"
    yield f"SUBJECT: {subject[0]}"
    yield from subject[1:]
    yield ""
    if slip.cites:
        yield from _make_references(dice, slip)
        yield ""
    if secret:
        name = f"{dice.choice(world.words.names)} {dice.choice(world.words.names)}"
        reasons = "1.4 (b) and (d)" if year >= 2004 else "1.5 (b) and (d)"
        yield from _LINE.findall(f"Classified By: {dice.choice(_TITLES)} {name} for reasons {reasons}.")
        yield ""


def _make_references(dice: random.Random, slip: Slip) -> Iterator[str]:
    """A yearless one is of the cable's own year; in January that would be doubtful."""
    for at, cited in enumerate(slip.cites):
        yearless = cited.year == slip.cable.year and slip.day.month > 1 and dice.random() < 0.7
        year = "" if yearless else f"{cited.year % 100:02d} "
        label = f"{chr(65 + at)}. " if len(slip.cites) > 1 else ""
        notal = " (NOTAL)" if dice.random() < 0.05 else ""
        begin = "REF: " if at == 0 else "     ¶" if slip.cable.year >= 1996 else "     "
        yield f"{begin}{label}{year}{cited.post.station} {cited.serial}{notal}"


def _make_text(dice: random.Random, words: Vocabulary, level: Level, slip: Slip, length: int) -> list[str]:
    """The lines of the numbered paragraphs, headings and rules: some `length` characters."""
    lines: list[str] = []
    sentences = max(length // _SENTENCE, 1)
    # Of the last drafts many came in unwrapped.
    wrap = slip.day < date(2009, 10, 1) or dice.random() < 0.6
    redacted = dice.random() < 0.12
    number = 0
    while sentences > 0:
        number += 1
        count = min(sentences, dice.choice((3, 4, 5, 5, 6, 7, 9)))
        sentences -= count
        last = sentences <= 0
        if number > 2 and not last and dice.random() < 0.3:
            heading = _fill(dice, words, dice.choice(words.openers)).replace('"', "")[:45].rpartition(" ")[0]
            lines += [heading, "-" * len(heading), ""]
        pairs = zip(dice.choices(words.openers, k=count), dice.choices(words.closers, k=count), strict=True)
        text = _fill(dice, words, " ".join([opener + closer for opener, closer in pairs]))
        if number == 1 and not last:
            text = f"Summary: {text} End summary."
        elif last and number > 3:
            text = f"Comment: {text} End comment."
        elif number == 2 and slip.cites:
            text = f"As reported {'in ref A' if len(slip.cites) > 1 else 'reftel'}, {text}"
        if redacted and dice.random() < 0.4:
            text = text.replace(" said ", " said XXXXXXXXXXXX ", 1)
        text = f"¶{number}. ({level.mark}) {text}"
        lines += _LINE.findall(text) if wrap else [text]
        lines.append("")
        if not last and dice.random() < 0.08:
            for opener in dice.choices(words.openers, k=dice.choice((2, 3, 4))):
                lines += _LINE.findall(f"-- {_fill(dice, words, opener)};")
                lines.append("")
    return lines


def _cut_sections(text: list[str], own: Numbered) -> int:
    """Puts the lines between sections into the text, each inside a paragraph; gives the number of sections."""
    cuts = []
    at = _SECTION
    while at < len(text) - 10:
        if len(text[at]) > 40 and len(text[at - 1]) > 40 and "--" not in text[at] + text[at - 1]:
            cuts.append(at)
            at += _SECTION
        else:
            at += 1
    sections = len(cuts) + 1
    for section, cut in reversed(list(enumerate(cuts, start=2))):
        mark = f"{own.post.station[:10]} {own.serial:08d}  {section:03d} OF {sections:03d}"
        text[cut:cut] = ["", mark, "", ""]
    return sections
