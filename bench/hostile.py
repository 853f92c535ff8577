"""Texts made to be slow, each at doubling sizes: where time grows faster than the text, a stage is not linear.

A shape is a row of SHAPES: what it is, and a function that fills about so many characters with it. It is read by
content, parsed and encoded, as any file would be.
"""

from __future__ import annotations

import csv
import gc
import io
import random
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from stages import profile_functions

from reftel.errors import ReftelError
from reftel.model import Cable, Source
from reftel.pipeline.read import parse_source
from reftel.readers import Failure, read_text
from reftel.readers.cables_csv import stream_csv

DOUBLINGS = 3
LONGEST = 4.0  # seconds; a shape that takes longer than this is not doubled again
# Where each of the last two doublings takes more than this many times as long, time is not linear in size: two, and room
# for the noise of the machine. What is quadratic comes to four. One such doubling alone is a step: the text, or what a
# pattern keeps of it, no longer fits a cache.
LINEAR = 2.5
# Seconds a character at the largest size: a shape that takes more than this is called too slow, be it linear or not.
# Cables take about 0.4 microseconds.
SLOW = 10e-6
_FLOOR = 0.004  # seconds; below that a doubling tells of the clock, not of the parser
_ENOUGH = 0.25  # seconds of repeats at one size
_encode = msgspec.json.Encoder().encode


class Growth(NamedTuple):
    """The sizes (characters) at which a shape was tried and the seconds that each took; refused: by the readers."""

    shape: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    refused: bool = False

    @property
    def ratios(self) -> tuple[float, ...]:
        """How many times as long each doubling took."""
        return tuple(b / a if a else 0.0 for a, b in zip(self.seconds, self.seconds[1:], strict=False))

    @property
    def factor(self) -> float:
        """How many times as long a doubling took, the gentler of the last two; 0 where there was only one size."""
        return min(self.ratios[-2:], default=0.0)

    @property
    def linear(self) -> bool:
        """Whether a doubling takes about twice as long; True where the times are too short to tell."""
        if len(self.seconds) < 2:
            return self.seconds[-1] < LONGEST
        return self.seconds[-1] < _FLOOR or self.factor < LINEAR

    @property
    def verdict(self) -> str:
        """What is wrong, in two words; empty where nothing is."""
        if not self.linear:
            return "NOT LINEAR"
        return "TOO SLOW" if self.seconds[-1] > max(SLOW * self.sizes[-1], 0.1) else ""


def grow(shape: str, largest: int) -> Growth:
    """A shape at DOUBLINGS + 1 sizes up to `largest` characters, the best of several runs at each.

    What does not look linear is run once more, lest a busy moment of the machine be taken for the parser's fault.
    """
    first = _grow_once(shape, largest)
    if first.linear or len(first.seconds) <= DOUBLINGS:
        return first
    again = _grow_once(shape, largest)
    return first._replace(seconds=tuple(map(min, first.seconds, again.seconds)))


def _grow_once(shape: str, largest: int) -> Growth:
    sizes, seconds, refused = [], [], False
    for power in range(DOUBLINGS, -1, -1):
        text = SHAPES[shape](largest >> power)
        taken: list[float] = []
        while len(taken) < 2 or (sum(taken) < _ENOUGH and len(taken) < 5):
            gc.disable()  # so that no run pays for what an earlier one left
            begun = time.process_time()
            refused |= not _read_all(text)
            taken.append(time.process_time() - begun)
            gc.enable()
            if taken[-1] > LONGEST:
                break
        sizes.append(len(text))
        seconds.append(min(taken))
        if seconds[-1] > LONGEST:
            break
    return Growth(shape, tuple(sizes), tuple(seconds), refused)


def find_culprits(growth: Growth, most: int = 3) -> list[str]:
    """The functions of Reftel in which a shape spends most time."""
    bearable = [size for size, taken in zip(growth.sizes, growth.seconds, strict=True) if taken < LONGEST / 2]
    text = SHAPES[growth.shape](bearable[-1] if bearable else growth.sizes[0] // 8)
    ranked = sorted(profile_functions(lambda: _read_all(text)).items(), key=lambda row: -row[1])[:most]
    return [f"{name} {spent:.2f} s" for name, spent in ranked]


def _read_all(text: str) -> bool:
    """Reads, parses and encodes; False if the readers refuse the text."""
    if text.startswith('"1","'):
        return all(_finish(item) for item in list(stream_csv(b"", io.BytesIO(text.encode()), "hostile.csv")))
    try:
        return _finish(read_text(text, "hostile"))
    except ReftelError:
        return False


def _finish(item: Source | Failure) -> bool:
    if isinstance(item, Failure):
        return False
    cable: Cable = parse_source(item)
    return bool(_encode(cable))


# -- the shapes

_HEADER = """VZCZCXRO2087
PP RUEHDBU RUEHFL
DE RUEHTL #0402/01 2451402
ZNY CCCCC ZZH
P 011402Z SEP 08
FM AMEMBASSY TALLINN
TO RUEHC/SECSTATE WASHDC PRIORITY 0911
INFO RUEHMO/AMEMBASSY MOSCOW 2276
"""
_CLASS = "C O N F I D E N T I A L SECTION 01 OF 02 TALLINN 000402 \n \nSIPDIS \n \n"
_FIELDS = {
    "eo": "E.O. 12958: DECL: 09/01/2018 \n",
    "tags": "TAGS: PREL, ENRG, EN \n",
    "subject": "SUBJECT: A FERRY THAT DOES NOT SAIL \n \n",
    "ref": "REF: A. MOSCOW 2601 B. 07 RIGA 14 \n \n",
    "by": "Classified By: Counselor Ada Lindqvist, reasons 1.4 (b,d). \n \n",
}
_BODY = "1. (C) The ferry does not sail, the harbour master said. \n \n2. (C) Comment: It never did. End comment. \n \nKALDA"


def _cable(header: str = _HEADER, class_line: str = _CLASS, body: str = _BODY, **fields: str) -> str:
    return header + class_line + "".join({**_FIELDS, **fields}.values()) + body


def _fill(piece: str, size: int) -> str:
    return piece * max(size // len(piece), 1)


def _numbered(size: int, make: Callable[[int], str]) -> str:
    pieces, length, number = [], 0, 0
    while length < size:
        number += 1
        pieces.append(make(number))
        length += len(pieces[-1])
    return "".join(pieces)


def _field(name: str, piece: str, before: str = "", after: str = " \n \n") -> Callable[[int], str]:
    """A cable with one field of its head overlong."""
    return lambda size: _cable(**{name: before + _fill(piece, size) + after})


def _body(piece: str, before: str = "1. (C) ") -> Callable[[int], str]:
    """A cable with a body of one piece over and over."""
    return lambda size: _cable(body=before + _fill(piece, size))


def _header(piece: str) -> Callable[[int], str]:
    """A cable with that at the end of its header."""
    return lambda size: _cable(header=_HEADER + _fill(piece, size) + "\n")


def _instead(piece: str) -> Callable[[int], str]:
    """A whole head of one piece over and over, between the header and the body."""
    return lambda size: _HEADER + _CLASS + _fill(piece, size) + "\n" + _BODY


def _counted(make: Callable[[int], str]) -> Callable[[int], str]:
    """A cable with a body of numbered pieces."""
    return lambda size: _cable(body=_numbered(size, make))


def _scoop(size: int) -> str:
    advert = "Advertisement - scroll to continue reading\n\nSubscribe to our free newsletter now.\n\n"
    return _scoop_page(_numbered(size, lambda n: f"{n}. (C) The ferry does not sail, the master\nsaid.\n\n{advert}"))


def _scoop_page(body: str) -> str:
    return (
        "Scoop has an Ethical Paywall\n\nCablegate: A Ferry That Does Not Sail\n\nDE RUEHTL #0402 2451402\n"
        f"P 011402Z SEP 08\n\nE.O. 12958: N/A\n\n1. (C) The ferry does not sail.\n\n{body}\n© Scoop Media\n"
    )


def _csv_field(size: int) -> str:
    out = io.StringIO()
    row = ["1", "9/1/2008 14:02", "08TALLINN402", "Embassy Tallinn", "CONFIDENTIAL", "", _HEADER]
    body = _cable(header="", body=_fill("The ferry does not sail, he said. \n", size))
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([*row, body])
    return out.getvalue()


def _csv_rows_in_field(size: int) -> str:
    row = '"1","9/1/2008 14:02","08TALLINN402","Embassy Tallinn","CONFIDENTIAL","","P 011402Z SEP 08","'
    return row + _fill('\n78299,6/13/2005 15:12,05TALLINN1,""Embassy Old"",SECRET,,""', size) + '"\n'


def _csv_open_quotes(size: int) -> str:
    row = '"1","9/1/2008 14:02","08TALLINN402","Embassy Tallinn","CONFIDENTIAL","","P 011402Z SEP 08","'
    return row + _fill('a "" b \\" c ', size) + "\n"


def _html_divs(size: int) -> str:
    return f"<html><body>{_fill('<div>', size)}<pre>{_cable()}</pre></body></html>"


def _html(inside: str) -> str:
    return (
        "<html><body><article><h1>Cablegate: A Ferry</h1>"
        f"<p>DE RUEHTL #0402 2451402<br />P 011402Z SEP 08</p><p>1. (C) Ferry.</p>{inside}<p>© Scoop Media</p>"
        "</article></body></html>"
    )


def _html_pres(size: int) -> str:
    pre = f"<pre>{_cable()}</pre>"
    return f"<html><body>{_fill(pre, size)}</body></html>"


def _soup(size: int) -> str:
    """Every word that means something to the parser, shuffled, the same way every time."""
    dice = random.Random(size)
    words = _WORDS.split("|")
    return _cable(body=_numbered(size, lambda _: dice.choice(words) + " "))


_WORDS = (
    "¶1.|¶2.|3.|a.|(C)|(S/NF)|REF:|A.|B.|TAGS:|SUBJECT:|SIPDIS|NOFORN|PREL|...|--|---|Summary:|End summary.|Comment:"
    "|DECL:|1.4|(b,d)|XXXXXXXXXXXX|TALLINN|MOSCOW|08TALLINN402|000402|PAGE|01|OF|02|FM|TO|INFO|C O N F I D E N T I A L"
    "|S E C R E T TALLINN 000402|TALLINN 00000402  002 OF 002|E.O. 12958:|Classified By:|AND PREVIOUS|011402Z SEP 08"
    "|\n|\n\n| \n|   |ferry,"
)

_LINE = "The ferry does not sail, the harbour master said. "

SHAPES: dict[str, Callable[[int], str]] = {
    # plain length, the yardstick of the others
    "paragraphs": _counted(lambda n: f"{n}. (C) {_LINE}\n{_LINE}\n{_LINE}\n \n"),
    "one line": _body(_LINE),
    "one word": _body("a"),
    "capitals": _body("FERRY HARBOUR "),
    "capital lines": _body("FERRY\nHARBOUR MASTER\n"),
    "blanks": _body(" "),
    "blank lines": _body("\n"),
    "blank lines with blanks": _body(" \n"),
    "tabs and returns": _body("\t\r\n"),
    "no-break spaces": _body("\u00a0"),
    "dashes": _body("-"),
    "dashes apart": _body("- "),
    "rules": _body("---------------------------------------------  -- \n"),
    "headings": _body("---------\nTHE FERRY\n---------\n \n"),
    "dots": _body("..."),
    "dots apart": _body(". "),
    "quotes": _body('"'),
    "quoted words": _body('"ferry" '),
    "digits": _body("1"),
    "numbers": _body("1 2000. "),
    "brackets": _body("("),
    "brackets closed": _body("()"),
    "square brackets": _body("[redacted "),
    "redactions": _body("XXXXXXXXXXXX "),
    "Xs": _body("X"),
    "underscores and stars": _body("_*="),
    "letters apart": _body("F E R R Y "),
    "pilcrows": _body("¶"),
    "paragraph 1 again": _body("¶1. (C) Ferry. \n \n", before=""),
    "numbered lines": _counted(lambda n: f"{n}. \n"),
    "inline numbers": _counted(lambda n: f"{n}. (C) The ferry.   "),
    "numbers counting down": lambda size: _cable(
        body="".join(f"{n}. (C) Ferry. \n \n" for n in range(max(size // 20, 1), 0, -1))
    ),
    "sub-paragraphs": _body("a. ferry \nb. harbour \n(1) master \n-- pier \n"),
    "portion marks": _body("(C) (S/NF) "),
    "marks without end": _body("(C//REL TO USA, "),
    "summaries": _body("Summary: ferry. "),
    "summary ends": _body("End summary. "),
    "comments and ends": _body("(Comment: ferry. End comment.) "),
    "notes": _body("Begin note. "),
    "web trailers": _body("Visit Tallinn's Classified Website: \nhttp://ferry.example/ \n"),
    "signatures": _body("KALDA \n \n"),
    "section breaks": _body("\nTALLINN 00000402  002 OF 002 \n\nferry "),
    "section breaks inline": _body("TALLINN 00000402  002 OF 002 "),
    "page marks": _body("PAGE 01 "),
    "page lines": _body("PAGE 02        TALLIN  00402  01 OF 02  011402Z \n"),
    "page banners": _body(
        "                     CONFIDENTIAL     PTQ8341 \n\nPAGE 02        TALLIN  00402  01 OF 02 \n"
    ),
    "SIPDIS": _body("SIPDIS\n"),
    "class lines": _body("C O N F I D E N T I A L TALLINN 000402 \n", before=""),
    "class lines with heads": _body("S E C R E T TALLINN 000402 \nE.O. 12958: N/A\nTAGS: PREL\n", before=""),
    "foreign class lines": _counted(lambda n: f"S E C R E T MOSCOW {n:06d} \nE.O. 12958: N/A\nTAGS: PREL\n"),
    "section heads": _counted(lambda n: f"C O N F I D E N T I A L SECTION {n:02d} OF 99 TALLINN 000402 \nferry\n"),
    "spaced class words": _body("S E C R E T "),
    "UNCLAS": _body("UNCLAS "),
    "cut copies": _body(f"...\n78299\t2006-09-14 07:49:00\t08TALLINN402\t{_CLASS}", before=""),
    "pasted rows": _body("78299\t2006-09-14 07:49:00\t08TALLINN402\t", before=""),
    "pasted rows on lines": _body('34552,6/13/2005 15:12,05TALLINN1,"Embassy",SECRET\n', before=""),
    "weekdays": _body("Wednesday, 11 April 2007, 12:57 "),
    "headers again": _body(_HEADER, before=""),
    "FM lines": _body("FM AMEMBASSY TALLINN\n", before=""),
    "class lines on a line": _body("C O N F I D E N T I A L TALLINN 000402 "),
    "class lines glued": _body("xCC O N F I D E N T I A L TALLINN 000402 "),
    "section heads alone": _body("C O N F I D E N T I A L SECTION 02 OF 02 TALLINN 000402 \n"),
    "section heads with TAGS": _body("C O N F I D E N T I A L SECTION 02 OF 02 TALLINN 000402 \nTAGS: PREL\nferry\n"),
    "section heads with grids": _body("INFO  LOG-00\nC O N F I D E N T I A L SECTION 02 OF 02 TALLINN 000402 \n"),
    "banner lines": _body("          CONFIDENTIAL \n"),
    "short lines apart": _body("The Ferry \n \n", before=""),
    "short lines apart, ferry between": _body("The Ferry \n \n--- \nHarbour \n \n"),
    "rules to a word": lambda size: _cable(body="1. (C) Ferry ---- " + _fill("- ", size) + "-ferry. \n"),
    "long rules to a word": lambda size: _cable(body="1. (C) Ferry " + _fill("---- ", size) + "----ferry. \n"),
    "unmarked numbers, then marked": lambda size: _cable(
        body="1. (C) Ferry. \n \n" + _fill("2. Ferry. \n \n", size) + "2. (C) Ferry. \n \n3. (C) Ferry. \n \n"
    ),
    "marked numbers out of order": lambda size: _cable(
        body="1. (C) Ferry. \n \n" + _fill("4. (C) Ferry. \n \n", size) + "2. (C) Ferry. \n \n"
    ),
    "marks of many caveats": _counted(lambda n: f"{n}. (S{'/REL TO, REL' * 20}\n \n"),
    "comments open": _body("Ferry. (Comment: "),
    "comments in paragraphs": _counted(lambda n: f"{n}. (C) Ferry. Comment: ferry. End comment. \n \n"),
    "comment paragraphs": _counted(lambda n: f"{n}. (C) Comment: ferry. \n \n"),
    "summary ends in paragraphs": _counted(lambda n: f"{n}. (C) Ferry. End summary. End comment. \n \n"),
    "headed paragraphs": _counted(lambda n: f"------- \nSUMMARY \n------- \n \n{n}. (C) Ferry. End comment. \n \n"),
    "paragraph of reasons": _body("1.4 (b) and (d), ", before="1. (C) Classified By: Ada Lindqvist, reasons "),
    "paragraph of names": _body("Ada Lindqvist, ", before="1. (C) Classified By: "),
    "soup": _soup,
    # the head
    "REF: letters": _field("ref", "A", "REF: "),
    "REF: small letters": _field("ref", "a", "REF: "),
    "REF: letters apart": _field("ref", "A B C ", "REF: "),
    "REF: words": _field("ref", "FERRY ", "REF: "),
    "REF: brackets": _field("ref", "(", "REF: "),
    "REF: brackets closed": _field("ref", "(NOTAL) ", "REF: "),
    "REF: numbers": _field("ref", "2601 ", "REF: MOSCOW "),
    "REF: digits": _field("ref", "2", "REF: MOSCOW "),
    "REF: blanks": _field("ref", " ", "REF: A. "),
    "REF: dots": _field("ref", ". ", "REF: "),
    "REF: commas": _field("ref", ", ", "REF: MOSCOW 2601"),
    "REF: AND": _field("ref", "AND 2601 ", "REF: MOSCOW 1 "),
    "REF: AND PREVIOUS": _field("ref", "AND PREVIOUS ", "REF: MOSCOW 1 "),
    "REF: labels": _field("ref", "A. (A) ", "REF: "),
    "REF: REF A: REF B:": _field("ref", "REF A: REF B: ", ""),
    "REF: citations": _field("ref", "A. MOSCOW 2601 B. 07 RIGA 14 ", "REF: "),
    "REF: citation lines": _field("ref", "¶A. MOSCOW 2601 \n", "REF: "),
    "REF: bare citations": _field("ref", "MOSCOW 2601; ", "REF: "),
    "REF: ranges": _field("ref", "2601-2609 ", "REF: MOSCOW "),
    "REF: e-mails": _field("ref", "SMITH/JONES E-MAIL OF ", "REF: "),
    "REF: years": _field("ref", "(2008) ", "REF: MOSCOW 1 "),
    "TAGS: letters": _field("tags", "PREL", "TAGS: "),
    "TAGS: list": _field("tags", "PREL, ", "TAGS: "),
    "TAGS: persons": _field("tags", "(FERRY, ADA), ", "TAGS: "),
    "TAGS: brackets": _field("tags", "(", "TAGS: "),
    "TAGS: blanks": _field("tags", " ", "TAGS: PREL"),
    "TAGS: words": _field("tags", "FERRY HARBOUR ", "TAGS: "),
    "TAGS again": _instead("TAGS: PREL, EN \n"),
    "SUBJECT: words": _field("subject", "FERRY ", "SUBJECT: "),
    "SUBJECT: lines": _field("subject", "FERRY \n", "SUBJECT: "),
    "SUBJECT: blanks": _field("subject", " ", "SUBJECT: FERRY"),
    "SUBJECT: brackets": _field("subject", "(C", "SUBJECT: "),
    "SUBJECT again": _instead("SUBJECT: FERRY \n"),
    "E.O. again": _instead("E.O. 12958: DECL: 09/01/2018 \n"),
    "E.O.: digits": _field("eo", "1", "E.O. 12958: "),
    "E.O.: blanks": _field("eo", " ", "E.O. 12958:", "DECL: 09/01/2018\n"),
    "E.O.: DECL": _field("eo", "DECL: ", "E.O. 12958: "),
    "REFs again": _instead("REF: MOSCOW 2601 \n"),
    "Classified By again": _field("by", "Classified By: "),
    "Classified By lines": _instead("Classified By: Ada Lindqvist, Counselor \n"),
    "Classified By: names": _field("by", "Ada ", "Classified By: "),
    "Classified By: commas": _field("by", "Ada, ", "Classified By: "),
    "Classified By: capitals": _field("by", "A", "Classified By: "),
    "Classified By: reasons": _field("by", "1.4 (b) and (d), ", "Classified By: Ada Lindqvist, reasons "),
    "Classified By: REASON": _field("by", "REASON: ", "Classified By: Ada "),
    "Classified By: blanks": _field("by", " ", "Classified By:", "Ada Lindqvist, reasons 1.4 (b).\n"),
    "captions": _instead("NOFORN SIPDIS SENSITIVE "),
    "attention lines": _instead("STATE FOR EUR/NB, EUR/ERA AND DRL; MOSCOW FOR LINDQVIST \n"),
    "attention words": _instead("STATE FOR "),
    "corrected copies": _instead("C O R R E C T E D  C O P Y "),
    "glued fields": _instead("SIPDISE.O. 12958: N/ATAGS: PRELSUBJECT: FERRYREF: MOSCOW 1 "),
    # the header
    "header: addresses": _header("RUEHMO/AMEMBASSY MOSCOW 2276\n"),
    "header: bare addresses": _header("AMEMBASSY MOSCOW PRIORITY\n"),
    "header: addresses on a line": _header("RUEHMO/AMEMBASSY MOSCOW 2276 "),
    "header: indicators": _header("RUEHMO "),
    "header: letters": _header("A"),
    "header: words": _header("FERRY "),
    "header: blanks": _header(" "),
    "header: slashes": _header("//"),
    "header: digits": _header("2276"),
    "header: INFO": _header("INFO "),
    "header: DE lines": _header("DE RUEHTL #0402/01 2451402\n"),
    "header: DTGs": _header("P 011402Z SEP 08\n"),
    "header: DTGs on a line": _header("P 011402Z SEP 08 "),
    "header: signals": _header("ZNY CCCCC ZZH ZDK ZUI "),
    "header: grid": _header("INFO  LOG-00   NP-00   AID-00   \n"),
    "header: PAGE lines": _header("PAGE 01        TALLIN  00402  01 OF 02  011402Z \n"),
    # the carriers
    "record: no body": lambda size: _record(_HEADER + _fill("RUEHMO/AMEMBASSY MOSCOW 2276\n", size)),
    "record: glue": lambda size: _record(_HEADER + _fill("RUEHMO/AMEMBASSY MOSCOW 2276", size) + _cable(header="")),
    "record: partial": lambda size: _record(_fill("This record is a partial extract of the original cable. ", size)),
    "record: long subject": lambda size: _record(_cable(), subject=_fill("Ferry ", size)),
    "Scoop page": _scoop,
    "Scoop page: long lines": lambda size: _scoop_page(_fill(_LINE, size // 4) + "\n\n" + _fill("Ferry ", size)),
    "Scoop page: blocks": lambda size: _scoop_page(_fill("Advertisement\n\nSubscribe now\n\nMore\n\n", size)),
    "Scoop page: lines of a block": lambda size: _scoop_page(_fill("Our newsletter and you now\n", size)),
    "Scoop page: copyrights": lambda size: _scoop_page(_fill("© Scoop Media\n\n1. (C) Ferry.\n\n", size)),
    "Scoop page: titles": lambda size: _fill("Cablegate: A Ferry\n", size) + _scoop_page("1. (C) Ferry.\n"),
    "csv: long field": _csv_field,
    "csv: rows in a field": _csv_rows_in_field,
    "csv: open quotes": _csv_open_quotes,
    "html: nested": _html_divs,
    "html: many pres": _html_pres,
    "html: paragraphs": lambda size: _html(_fill("<p>1. (C) The ferry<br />does not sail.</p>", size)),
    "html: open tags": lambda size: _html(_fill("<b", size)),
    "html: entities": lambda size: _html(_fill("&amp;&#x000A;", size)),
    "html: comments": lambda size: _html(_fill("<!--", size)),
}

# Shapes that are tried at more than the usual size: the parts of issue and field guide that name one.
LARGE = {"one line": 10_000_000, "csv: long field": 10_000_000, "blanks": 1_000_000, "dashes": 1_000_000}


def _record(text: str, subject: str = "A ferry that does not sail") -> str:
    lines = ("08TALLINN402", subject, "Mon Sep 01 00:00:00 +0200 2008", "CONFIDENTIAL", "Embassy Tallinn")
    return "\n".join(lines) + "\n" + text
