"""Writes a made-up cables.csv of any size: the form and the quirks of the real table, invented content.

    python bench/make_cables_csv.py --rows 1000 small.csv
    python bench/make_cables_csv.py --bytes 1700000000 large.csv

The same seed and size give the same bytes. Rows are about 8 KB; `--bytes` stops at the row that reaches it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

POSTS = [  # station, origin as the table prints it, routing indicator
    ("LONDON", "Embassy London", "RUEHLO"),
    ("MOSCOW", "Embassy Moscow", "RUEHMO"),
    ("PARIS", "Embassy Paris", "RUEHFR"),
    ("THE HAGUE", "Embassy The Hague", "RUEHTC"),
    ("BUENOS AIRES", "Embassy Buenos Aires", "RUEHBU"),
    ("SAO PAULO", "Consulate Sao Paulo", "RUEHSO"),
    ("NEW DELHI", "Embassy New Delhi", "RUEHNE"),
    ("USNATO", "Mission USNATO", "RUEHNO"),
    ("UNVIE", "UNVIE", "RUEHUNV"),
    ("STATE", "Secretary of State", "RUEHC"),
]
LEVELS = [
    ("UNCLAS", "UNCLASSIFIED", "U", "ZNR UUUUU ZZH"),
    ("UNCLAS", "UNCLASSIFIED//FOR OFFICIAL USE ONLY", "SBU", "ZNR UUUUU ZZH"),
    ("C O N F I D E N T I A L", "CONFIDENTIAL", "C", "ZNY CCCCC ZZH"),
    ("S E C R E T", "SECRET//NOFORN", "S/NF", "ZNY SSSSS ZZH"),
]
TAGS = [
    "PREL",
    "PGOV",
    "ECON",
    "PHUM",
    "PTER",
    "EFIN",
    "ETRD",
    "ENRG",
    "MARR",
    "PARM",
    "SNAR",
    "KDEM",
    "KNNP",
    "UK",
    "RS",
    "FR",
    "NL",
    "AR",
    "BR",
    "IN",
]
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
PRECEDENCES = [("R", "ROUTINE"), ("P", "PRIORITY"), ("O", "IMMEDIATE")]
SYLLABLES = [
    "ba",
    "cor",
    "dan",
    "el",
    "fi",
    "gar",
    "ho",
    "in",
    "jur",
    "ka",
    "lo",
    "mir",
    "nor",
    "os",
    "pel",
    "qui",
    "ran",
    "sol",
    "ta",
    "ur",
    "ves",
    "wil",
    "yar",
    "zen",
]
WORDS = [
    "the",
    "of",
    "to",
    "and",
    "in",
    "that",
    "on",
    "for",
    "with",
    "said",
    "ministry",
    "government",
    "harbour",
    "tariff",
    "ferry",
    "fishing",
    "quota",
    "agreement",
    "delegation",
    "officials",
    "noted",
    "argued",
    "meeting",
    "parliament",
    "vote",
    "border",
    "grain",
    "pipeline",
    "election",
    "committee",
    "would",
    "could",
    "support",
    "concern",
    "proposal",
    "deadline",
    "visit",
    "trade",
    "inspection",
    "treaty",
    "regional",
    "budget",
    "delay",
    "draft",
    "talks",
]


def make_rows(seed: int = 1) -> Iterator[bytes]:
    """Rows without end, each with its line end, numbered from 1."""
    dice = random.Random(seed)
    names = [("".join(dice.choices(SYLLABLES, k=3))).capitalize() for _ in range(400)]
    sentences = [_make_sentence(dice, names) for _ in range(3000)]
    number = 0
    while True:
        number += 1
        yield _make_row(dice, number, names, sentences)


def _make_sentence(dice: random.Random, names: list[str]) -> str:
    words = dice.choices(WORDS, k=dice.randint(8, 24))
    words[0] = words[0].capitalize()
    words.insert(dice.randrange(1, len(words)), dice.choice(names))
    if dice.random() < 0.08:
        words[2] = f'"{words[2]}'
        words[4] = f'{words[4]}"'
    if dice.random() < 0.05:
        words[3] += "'s"
    return " ".join(words) + "."


def _make_row(dice: random.Random, number: int, names: list[str], sentences: list[str]) -> bytes:
    station, origin, ri = dice.choice(POSTS)
    spaced, level, portion, security = dice.choice(LEVELS)
    letter, precedence = dice.choice(PRECEDENCES)
    year, month, day = dice.randint(2003, 2010), dice.randint(1, 12), dice.randint(1, 28)
    hour, minute, serial = dice.randint(0, 23), dice.randint(0, 59), dice.randint(1, 9000)
    others = dice.sample([post for post in POSTS if post[0] != station], k=3)
    references = [
        f"{(year - (dice.random() < 0.1)) % 100:02d}{post[0].replace(' ', '')}{dice.randint(1, 9000)}"
        for post in others[: dice.choice((0, 0, 1, 2, 3))]
    ]
    header = "\n".join(
        [
            f"VZCZCXRO{dice.randint(0, 9999):04d}",
            f"{letter}{letter} RUEHDBU RUEHFL RUEHKW",
            f"DE {ri} #{serial:04d}/01 {(month - 1) * 30 + day:03d}{hour:02d}{minute:02d}",
            security,
            f"{letter} {day:02d}{hour:02d}{minute:02d}Z {MONTHS[month - 1]} {year % 100:02d}",
            f"FM {'SECSTATE WASHDC' if station == 'STATE' else f'AMEMBASSY {station}'}",
            f"TO RUEHC/SECSTATE WASHDC {precedence} {dice.randint(1, 9999):04d}",
            f"INFO RUEHZL/EUROPEAN POLITICAL COLLECTIVE {precedence}",
            *(f"{post[2]}/AMEMBASSY {post[0]} {dice.randint(1, 9999):04d}" for post in others),
        ]
    )
    if dice.random() < 0.1:
        header = "This record is a partial extract of the original cable. " + (
            "The full text of the original cable is not available.\n"
        )
    body = _make_body(dice, station, serial, spaced, portion, year, references, names, sentences)
    fields = [
        str(number),
        f"{month}/{day}/{year} {hour}:{minute:02d}",
        f"{year % 100:02d}{station.replace(' ', '')}{serial}",
        origin,
        level,
        "|".join(references),
        header,
        body,
    ]
    return ",".join(_quote(field) for field in fields).encode() + b"\n"


def _make_body(
    dice: random.Random,
    station: str,
    serial: int,
    spaced: str,
    portion: str,
    year: int,
    references: list[str],
    names: list[str],
    sentences: list[str],
) -> str:
    sections = dice.choice((1, 1, 2, 3))
    section = f" SECTION 01 OF {sections:02d}" if sections > 1 else ""
    lines = [f"{spaced}{section} {station} {serial:06d} ", " ", "SIPDIS ", " "]
    eo = f"DECL: {dice.randint(1, 12):02d}/15/{year + 10}" if portion[0] in "CS" else "N/A"
    lines += [f"E.O. 12958: {eo} ", f"TAGS: {' '.join(dice.sample(TAGS, k=4))}"]
    subject = " ".join(dice.choices(WORDS, k=9)).upper()
    lines += [f"SUBJECT: {subject[:50]} ", f"{subject[50:] or 'UPDATE'} ", " "]
    if references:
        lines += [
            "REF: " + " ".join(f"{chr(65 + i)}. {name}" for i, name in enumerate(references)) + " ",
            " ",
        ]
    if portion[0] in "CS":
        lines += [
            f"Classified By: Counselor {dice.choice(names)} {dice.choice(names)}, reasons 1.4 (b,d). ",
            " ",
        ]
    for paragraph in range(1, dice.randint(6, 20)):
        text = f"{paragraph}. ({portion}) " + " ".join(dice.choices(sentences, k=dice.randint(3, 7)))
        if paragraph == 1:
            text = text.replace(") ", ") Summary: ", 1) + " End summary."
        lines += [*_wrap(text, 63), " "]
        if sections > 1 and paragraph == 5:
            lines += ["", f"{station[:10]} {serial:08d}  002 OF {sections:03d} ", "", " "]
        if dice.random() < 0.1:
            lines += [
                "-" * 45 + "  --",
                dice.choice(WORDS).upper() + " " + dice.choice(WORDS).upper(),
                "-" * 20,
                " ",
            ]
    quirk = dice.random()
    if quirk < 0.01:  # a partner's csv row, pasted into the body
        lines += [
            f'{serial},6/13/2005 15:12,05{station.replace(" ", "")}{serial},"Embassy ""Old""",SECRET,,"',
            " ",
        ]
    elif quirk < 0.02:  # a partner's row with a backslash at every line's end
        lines = [line + "\\" for line in lines]
    elif quirk < 0.03:  # letters beyond ASCII
        lines += ["The café near the Plaza São João — “closed” — reopened. ", " "]
    elif quirk < 0.04:
        lines = [line + "\r" for line in lines]
    return "\n".join([*lines, dice.choice(names).upper()])


def _wrap(text: str, width: int) -> Iterator[str]:
    begin = 0
    while len(text) - begin > width:
        cut = text.rfind(" ", begin, begin + width)
        yield text[begin:cut] + " "
        begin = cut + 1
    yield text[begin:] + " "


def _quote(field: str) -> str:
    escaped = field.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_csv(out: BinaryIO, rows: int | None = None, size: int | None = None, seed: int = 1) -> int:
    """Writes that many rows, or rows until `size` bytes are reached; gives the number of rows."""
    written = count = 0
    for row in make_rows(seed):
        if (rows is not None and count >= rows) or (size is not None and written >= size):
            break
        out.write(row)
        written += len(row)
        count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--rows", type=int, help="how many rows to write")
    size.add_argument("--bytes", type=int, help="write rows until the file is at least this long")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another table (default 1)")
    parser.add_argument("out", help="the file to write, - for standard output")
    asked = parser.parse_args()
    with nullcontext(sys.stdout.buffer) if asked.out == "-" else Path(asked.out).open("wb") as out:
        count = write_csv(out, asked.rows, asked.bytes, asked.seed)
    print(f"{count:,} rows", file=sys.stderr)


if __name__ == "__main__":
    main()
