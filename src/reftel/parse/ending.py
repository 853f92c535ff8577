"""Read a body from its end: trailer lines, signature, web notices; what is left is text."""

from __future__ import annotations

import re
from typing import NamedTuple

from reftel.text import trim_end


class Ending(NamedTuple):
    """Flow offsets. text_end: where the text ends; signer: the signature's range, None if none is printed;
    again: a second print of it; trailers: the other ranges below the text; cut: the text breaks off with an ellipsis."""

    text_end: int
    signer: tuple[int, int] | None
    again: tuple[tuple[int, int], ...]
    trailers: tuple[tuple[int, int], ...]
    cut: bool


# One piece at the very end that is neither text nor signature (field guide, section 7, "Signature ... After it").
_TRAILER = re.compile(
    r"""(?:
        N{4,} | BT | GP-?\d | \.{1,2} | \#+\d* | >+ | ["'”,\\]+
      | End[ ]Cable[ ]Text\.? | =*[ ]*CABLE[ ]ENDS[ ]*=* | END[ ]OF[ ](?:CABLE|MESSAGE|TELEGRAM)
      | (?:UNCLASSIFIED|CONFIDENTIAL|SECRET|LIMITED[ ]OFFICIAL[ ]USE|UNCLAS|SENSITIVE)(?://[A-Z ]+)?
      | \d{4}[A-Z]{3,9}\d{5}[ ]-[ ](?:Classification:[ ])?[A-Z]+
      | (?:\d{1,2}[ ]){2,8}\d{1,2}
      | Track[ ]impresi[^\n]{0,80}
      | [-=_*~]{3,}[ \-=_*]*
      | \[?END\]?
    )[ \t.,]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# after the last word on its line: end marks, and the date that closes a pasted row, "BURNS<TAB>2006-03-31" (06MOSCOW3335)
_GLUED_TRAILER = re.compile(
    r"(?:(?<=\s)|(?<=[A-Za-z]{3}))(?:N{4}|=+CABLE ENDS=+|>|\",?|\\[a-z]?|(?<=\t)\d{4}-\d\d-\d\d|0 \d\d/\d\d/\d{4})$"
)
# What a glued trailer ends with, if not with a digit or a letter behind a backslash.
_LAST_OF_GLUED = frozenset('N=>",\\')
_ELLIPSIS = re.compile(r"[ \t,]*(?:\.[ ]?){3,}[ \t\",]*$")
_WEB = re.compile(
    r"(?:\(?U?\)?[ ]?(?-i:Please[ ]visit|Visit|VISIT|PLEASE[ ]VISIT)[ ](?:[A-Z][\w .,'’]{2,50})?['’]?s?[ ]?(?:[\w.,'’\-]+[ ]){0,8}(?:classified[ ])?(?:web ?site|home ?page|web[ ]page|siprnet)"
    r"|You[ ]can[ ]also[ ]access[ ]this[ ]site|minimi[sz]ed?[ ]considered|http://www\.(?:state|intelink)\.sgov)",
    re.IGNORECASE,
)
_VISIT_WORDS = ("Visit", "VISIT", "Please visit")
_SITE_WORDS = ("site", "home page", "homepage", "web page", "siprnet")
_OTHER_WEB_WORDS = ("access this site", "minimiz", "minimis", "sgov")
# What every notice has one of, and how much of it may stand before: "(U) Please visit".
_WEB_CORES = ("visit", "you can also", "minimi", "http://www.")
_BEFORE_WEB_CORE = 12
_NAME = r"[A-Z][A-Za-z’'\-]+(?:[ ]?[.])?(?:[ ][A-Z][A-Za-z’'.\-]*){0,3}"
_NAME_LINE = re.compile(
    rf"[ \t]*(?P<name>{_NAME}|(?:van|von|de|le|la|mc)[ ][A-Za-z’'\-]+(?:[ ][A-Z][A-Za-z’'\-]+)?|[a-z]{{3,12}})(?P<junk>[ \t]*(?:[.,;\"'”`/>\\]|\\[a-z])*[ \t]*)$",
    re.IGNORECASE,
)
_INLINE_CAPS = re.compile(
    r"(?:[.!?\"”')\]*>-]|X{6}|End of [A-Z][a-z]+(?: [A-Z][a-z]+)?|[a-z/]|\n)(?P<gap>[ \t\n]{1,12})(?P<name>[A-Z][A-Z’'\-]{1,20}(?:[ ][A-Z][A-Z’'.\-]{1,20}){0,3})[ \t]*[.,\"”]{0,2}[ \t]*$"
)
_INLINE_NAME = re.compile(
    r"(?:[.!?\"”')\]]|X{6})[ \t\n]{1,12}(?P<name>[A-Z][a-z]*[A-Z]?[a-z’'\-]+(?:[ ][A-Z][a-z’'\-]+)?)[ \t]*[.,]?$"
)
_NOT_A_NAME = re.compile(
    r"(?:END|BEGIN|NOTE|COMMENT|SUMMARY|TEXT|UNQUOTE|UNQTE|QUOTE|PARAGRAPH|CONFIDENTIAL|SECRET|UNCLAS\w*|SENSITIVE|NOFORN|SIPDIS|ENTIRE|ACTION|REQUEST"
    r"|PART|SECTION|ANNEX|ATTACHMENT|WEBSITE|WASHINGTON|DEPARTMENT|EMBASSY|NNNN|BT|PLEASE|REGARDS|THE|AND|OF|INFO|POST|CLASSIFIED|HTTP|CFM|PAGE|XX+)\b",
    re.IGNORECASE,
)
# A signature may follow these on the same line without a full stop: a redaction, an end word, a web address.
_MAY_PRECEDE = re.compile(
    r"(?:[Xx]{6}|\bEND (?:OF )?(?:SUMMARY|COMMENT|NOTE|TEXT|PART ONE)|End of [A-Z][a-z]+(?: [A-Z][a-z]+)?|https?:[^\n]{4,70}|GP-?\d)$",
    re.IGNORECASE,
)
# "1. (U) Quiet." is a paragraph of one word
_MARK_AT_END = re.compile(r"\((?:C|S|U|SBU|TS|LOU)(?:/[A-Z/ ]{1,12})?\)\s*$", re.IGNORECASE)
_SENTENCE_END = tuple(".!?\"”')]:;…*-_=>")
_REACH = 3000


def find_ending(text: str, start: int) -> Ending:
    """The ending of text[start:]."""
    end = len(text)
    trailers: list[tuple[int, int]] = []
    signer: tuple[int, int] | None = None
    again: list[tuple[int, int]] = []
    cut = False
    for _ in range(24):
        end = trim_end(text, start, end)
        if end <= start:
            break
        line_start = max(text.rfind("\n", start, end) + 1, start)
        line = text[line_start:end]
        m = _ELLIPSIS.search(line[-40:]) if line.count(".", -40) >= 3 else None
        if m is not None:
            begin = end - (len(line[-40:]) - m.start())
            trailers.append((begin, end))
            cut = cut or signer is None
            end = begin
            continue
        m = _TRAILER.match(line.strip()) if len(line) < 120 else None
        if m is not None:
            lead = len(line) - len(line.lstrip())
            trailers.append((line_start + lead, end))
            end = line_start
            continue
        glued = line[-1] in _LAST_OF_GLUED or line[-1].isdigit() or line[-2:-1] == "\\"
        tail = _GLUED_TRAILER.search(line[-60:]) if glued else None
        if tail is not None and signer is None:
            begin = end - (len(line[-60:]) - tail.start())
            if line[-1] != '"' or text.count('"', start, end) % 2:
                trailers.append((begin, end))
                end = begin
                continue
        found = _find_signature(text, start, line_start, end)
        if found is None:
            break
        if signer is None:
            signer = found
            cut = False
        elif text[slice(*found)].upper() == text[slice(*signer)].upper():
            again.append(found)
        else:
            break
        if text[found[1] : end].strip():
            trailers.append((found[1] + len(text[found[1] : end]) - len(text[found[1] : end].lstrip()), end))
        end = found[0]
    web = _find_web(text, max(start, end - 900), end)
    if web is not None and web < end:
        trailers.append((web, trim_end(text, web, end)))
        end = web
        end = trim_end(text, start, end)
        if signer is None:  # the signature may stand above the notice
            line_start = max(text.rfind("\n", start, end) + 1, start)
            signer = _find_signature(text, start, line_start, end)
            if signer is not None:
                end = signer[0]
    return Ending(trim_end(text, start, end), signer, tuple(again), tuple(sorted(trailers)), cut)


def _find_signature(text: str, start: int, line_start: int, end: int) -> tuple[int, int] | None:
    """The signature that ends at `end`: a line of its own, or the last capitals after a full stop."""
    line = text[line_start:end]
    if len(line) <= 44:
        m = _NAME_LINE.match(line)
        if m is not None and line_start > start:
            name = m["name"].rstrip(" .,")
            if _is_name(name) and _may_stand_alone(text, start, line_start, name):
                end_of_name = line_start + m.start("name") + len(name)
                return end_of_name - len(_once(name)), end_of_name
    tail_start = max(start, end - 90)
    tail = text[tail_start:end]
    m = None if tail.rstrip(' \t.,"”')[-1:].islower() else _INLINE_CAPS.search(tail)
    if m is not None:
        name = _once(_last_words(m["name"]))
        before = tail[: m.end("name") - len(name)].rstrip()
        gap = tail[len(before) : m.end("name") - len(name)]
        prose = before[-1:].isalnum() and not _MAY_PRECEDE.search(before) and "  " not in gap and "\n" not in gap
        lower = sum(c.islower() for c in before)
        if (
            len(name) > 2
            and not prose
            and not _MARK_AT_END.search(before)
            and (lower > 3 or before[-1:] in _SENTENCE_END or _MAY_PRECEDE.search(before))
        ):
            return tail_start + m.end("name") - len(name), tail_start + m.end("name")
    words = tail.rstrip(" \t.,").rsplit(None, 1)
    m = _INLINE_NAME.search(tail) if words and words[-1][0].isupper() else None
    if (
        m is not None
        and not _MARK_AT_END.search(tail[: m.start("name")])
        and _is_name(m["name"])
        and len(m["name"]) < 22
    ):
        return tail_start + m.start("name"), tail_start + m.end("name")
    return None


def _once(name: str) -> str:
    """A name printed twice on one line, once: "KUBISKE KUBISKE" (09BRASILIA1516)."""
    words = name.split(" ")
    half = len(words) // 2
    return " ".join(words[half:]) if words[:half] == words[half:] else name


def _last_words(name: str) -> str:
    """The words after the last one that is no name: "END COMMENT. SOBEL" is "SOBEL"."""
    words = name.split(" ")
    keep = 0
    for i, word in enumerate(words):
        if _NOT_A_NAME.fullmatch(word.strip(".,'")) or (word.endswith(".") and i + 1 < len(words)):
            keep = i + 1
    return " ".join(words[keep:]) if not name.upper().startswith("XXX") else ""


def _is_name(name: str) -> bool:
    words = name.split()
    return (
        not any(_NOT_A_NAME.fullmatch(w.strip(".,'")) for w in words)
        and not name.upper().startswith("XXX")
        and len(name) >= 2
    )


def _may_stand_alone(text: str, start: int, line_start: int, name: str) -> bool:
    """Whether the print above a line that looks like a name ends a sentence or a block."""
    above_end = trim_end(text, start, line_start)
    if above_end <= start:
        return name.isupper()
    if (
        text[above_end - 1] in _SENTENCE_END
        or _MAY_PRECEDE.search(text[max(start, above_end - 90) : above_end])
        or text.count("\n", above_end, line_start) >= 2
    ):
        return True
    above = text[text.rfind("\n", start, above_end) + 1 : above_end]
    if above.strip().upper() == name.upper():
        return True  # the signature stands twice (06SANJOSE2734)
    # prose in mixed case may lose its full stop; a signature in capitals below it still shows
    return name.isupper() and any(c.islower() for c in above)


def _find_web(text: str, low: int, end: int) -> int | None:
    """Where a notice of the post's web site begins that runs up to `end`, with its box of stars; None if there is none."""
    reach = _first_of_web(text[low:end])
    m = _WEB.search(text, low + reach, end) if reach is not None else None
    if m is None:
        return None
    begin = m.start()
    line = max(text.rfind("\n", low, begin) + 1, low)
    lead = text[line:begin].strip()
    if lead and m[0][:6].upper() == "MINIMI" and len(lead) < 40:
        return None  # "¶5. (U) DUSHANBE MINIMIZE CONSIDERED." is a paragraph
    if line > low and not lead.strip('*_-= "“'):
        begin = line
    while True:  # rules and stars above it
        above_end = trim_end(text, low, begin)
        above = text.rfind("\n", low, above_end) + 1
        if above <= low or text[above:above_end].strip(" \t*_-=") or above_end == above:
            break
        begin = above
    return begin


def _first_of_web(tail: str) -> int | None:
    """Where in a stretch a notice of a web site may begin at the earliest; None if none can.

    Plain searches, for the pattern is slow and notices are seldom.
    """
    lower = tail.lower()
    asks = any(word in tail for word in _VISIT_WORDS) and any(word in lower for word in _SITE_WORDS)
    if not asks and not any(word in lower for word in _OTHER_WEB_WORDS):
        return None
    if len(lower) != len(tail):
        return 0
    begins = [at for core in _WEB_CORES if (at := lower.find(core)) >= 0]
    return max(min(begins, default=0) - _BEFORE_WEB_CORE, 0)
