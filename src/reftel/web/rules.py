"""What each path takes: who may send something there, and how much; and what is seen without a login. In one table."""

from __future__ import annotations

from typing import NamedTuple

from reftel.archive.accounts import EDITOR, KEEPER, READER

ANYBODY = ""
FORM = 1 << 20  # bytes of a form


class Rule(NamedTuple):
    """Who may send something to a path, and to all below it.

    most: bytes of what is sent; None where the handler bounds uploads itself. Forms without files and JSON are bounded there, too.
    """

    path: str
    role: str
    most: int | None = FORM


# For all methods that change something. A path that no rule has is a keeper's.
RULES = (
    Rule("/login", ANYBODY),
    Rule("/logout", READER),
    Rule("/theme", ANYBODY),
    Rule("/names", KEEPER),
    Rule("/desk", EDITOR),
    Rule("/status", KEEPER, most=None),
)
OPEN = ("/login", "/theme", "/static", "/healthz")
# What is no page, and no export either, when protected names are shown: in the log it would only be noise.
IN_PASSING = ("/static", "/healthz", "/readyz", "/complete.json")
# Where nothing can be sent to: whatever is, the router answers that it knows no such method there.
READ_ONLY = ("/api",)
# What depends on the archive and on who asks, and on nothing that the server alone knows: any process can answer it.
OF_ARCHIVE = (
    "/api", "/cable", "/complete.json", "/desk", "/people", "/person", "/positions", "/posts", "/search", "/statements",
)  # fmt: skip
SAFE = ("GET", "HEAD", "OPTIONS")


def find_rule(path: str) -> Rule | None:
    """The rule for what is sent to a path; None if there is none."""
    return next((rule for rule in RULES if is_below(path, rule.path)), None)


def is_open(path: str) -> bool:
    """Whether a path is answered without a login."""
    return any(is_below(path, one) for one in OPEN)


def is_read_only(path: str) -> bool:
    """Whether nothing can be sent to a path."""
    return any(is_below(path, one) for one in READ_ONLY)


def is_page_of_archive(path: str) -> bool:
    """Whether what is at a path depends on the archive and on who asks alone."""
    return path == "/" or any(is_below(path, one) for one in OF_ARCHIVE)


def is_below(path: str, above: str) -> bool:
    """Whether a path is another, or below it; "/desk.json" is below "/desk", "/desktop" is not."""
    return path.startswith(above) and path[len(above) : len(above) + 1] in ("", "/", ".")
