"""A plain telegram: the text of a cable and nothing of a carrier."""

from __future__ import annotations

import re

from reftel.readers.base import NO, PLAUSIBLE, Delivery

NEAR_START = 6_000  # characters; an address list can be long, but something of the head stands this early

# What only a telegram prints, each pattern bound to a line's beginning or to spaced capitals.
CABLE_LINE = re.compile(
    r"""^[ \t>"]{0,40}(?:
        V?ZCZC[A-Z0-9]
      | DE[ ]R[A-Z]{4,7}[ ]{1,3}\#?\d
      | (?:[ZOPR]{1,2}[ ]{1,2}){1,2}\d{6}Z[ ]
      | \d{6}Z[ ][A-Za-z]{3}[ ]\d\d\b
      | PAGE[ ]0?\d[ ]{1,16}[A-Z]{3,10}[ ]{1,3}\d{4,5}
      | FM[ ](?:AMEMBASSY|AMCONSUL|SECSTATE|USMISSION|USINT|USEU|USUN|USDEL|AIT|REO|IRAN[ ]RPO|UNVIE)\b
      | UNCLAS(?:SIFIED)?[ ](?:E[ ]F[ ]T[ ]O[ ])?(?:SECTION[ ]\d{1,2}[ ]OF[ ]\d{1,2}[ ])?
        [A-Z .]{2,30}[ ]\d{2,8}[ \t]*$
      | (?:CONFIDENTIAL|SECRET)[ ]SECTION[ ]\d{1,2}[ ]OF[ ]\d{1,2}[ ]
    )""",
    re.MULTILINE | re.VERBOSE,
)
# Not bound to a word's beginning: carriers glue it to what stands before it (04BRASILIA913).
CABLE_WORDS = re.compile(
    r"C O N F I D E N T I A L|S E C R E T|U N C L A S|This record is a partial extract of the original cable",
    re.IGNORECASE,
)
_ORDER = re.compile(r"^[ \t]*E\.?[ ]?O\.?:?[ ]?1[0-9]{4}\b", re.MULTILINE | re.IGNORECASE)
_TAGS = re.compile(r"^[ \t]*TAGS?[:, ]", re.MULTILINE | re.IGNORECASE)


def sniff_telegram(text: str) -> int:
    """PLAUSIBLE where something that only a telegram prints stands near the start; never CERTAIN.

    A telegram inside a carrier has the same lines, so any reader that knows the carrier goes first.
    """
    head = text[:NEAR_START]
    if CABLE_LINE.search(head) or CABLE_WORDS.search(head):
        return PLAUSIBLE
    return PLAUSIBLE if _ORDER.search(head) and _TAGS.search(head) else NO


def read_telegram(text: str) -> Delivery:
    """The text as it stands."""
    return Delivery(text=text)
