"""The visible text of an HTML page's main part, line by line."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from reftel.errors import UnreadableError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_HTML = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,20})?(?:<!--[^>]{0,500}-->\s{0,20})?<(?:!doctype\s+html|html|head|body)\b",
    re.I,
)

# Where a page keeps what it is about; the first of these that holds enough text is taken.
_MAIN = ("article", "main", "[role=main]", "#article", "#content", ".article", ".content")
_ENOUGH = 400  # characters; a navigation box called `.content` is shorter
_CANDIDATES = 40  # parts of one kind that are looked at
_INVISIBLE = "script, style, noscript, template, iframe, svg, nav, form, button, select, head"
_APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table", "figure"))
_BLOCKS = _APART | frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "section",
        "summary",
        "tbody",
        "tfoot",
        "thead",
        "tr",
    ]
)
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?:[^"'>]|"[^"]*"|'[^']*')*+""")
_LONG_TAG, _ATTRIBUTES = 4_000, 1_000  # characters; words in such a tag
_TANGLE = 20_000_000  # tags times deepest nesting; a large page has 10,000 tags, 100 deep
_SPACE = re.compile(r"[ \t\n\r\f]+")


def is_html(text: str) -> bool:
    """Whether the text begins as an HTML page does."""
    return _HTML.match(text) is not None


def visible_text(text: str) -> tuple[str, str]:
    """The text a browser shows of the page's main part, and what that part is called: ("...", "article").

    Blocks and <br> begin a line, paragraphs and headings stand between blank lines, <pre> keeps its lines,
    other white space is collapsed.
    """
    page = parse_page(text)
    for node in page.css(_INVISIBLE):
        node.decompose()
    for selector in _MAIN:
        # Teasers of other stories are articles too; the longest is what the page is about.
        shown = max((_render(node) for node in page.css(selector)[:_CANDIDATES]), key=len, default="")
        if len(shown) >= _ENOUGH:
            return shown, selector
    return (_render(page.body) if page.body is not None else ""), "body"


def parse_page(text: str) -> LexborHTMLParser:
    """The tree of a page. UnreadableError if it is nested deeper than any real page.

    Building the tree takes time in proportion to tags times depth, and to the square of a tag's attributes.
    """
    from selectolax.lexbor import LexborHTMLParser

    tags, depth, deepest = 0, 0, 0
    is_open: Counter[str] = Counter()
    for found in _TAG.finditer(text):
        tags += 1
        name = found[2].lower()
        if found.end() - found.start() > _LONG_TAG and len(found[0].split()) > _ATTRIBUTES:
            raise UnreadableError("One tag of the page has thousands of attributes. Save the page as text first.")
        if name in _VOID:
            continue
        if not found[1]:
            is_open[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif is_open[name]:
            is_open[name] -= 1
            depth -= 1
    if tags * deepest > _TANGLE:
        raise UnreadableError("The page is nested deeper than any real page. Save it as text first.")
    return LexborHTMLParser(text)


def _render(root: LexborNode) -> str:
    """Walks the tree without recursion: a hostile page nests a hundred thousand elements."""
    writer = _Writer()
    node, in_pre = root, 0
    while True:
        tag = node.tag or ""
        child = None
        if tag == "-text":
            writer.text(node.text(deep=False) or "", bool(in_pre))
        elif tag == "br":
            writer.line()
        else:
            writer.open(tag)
            child = node.child
            in_pre += tag == "pre"
        if child is not None:
            node = child
            continue
        while True:
            if tag not in ("-text", "br", "-comment"):
                writer.open(tag)
                in_pre -= tag == "pre"
            if node.mem_id == root.mem_id:
                return writer.finish()
            if node.next is not None:
                node = node.next
                break
            parent = node.parent
            if parent is None:
                return writer.finish()
            node, tag = parent, parent.tag or ""


class _Writer:
    """Puts lines together as a browser does: the breaks of blocks are never doubled, those of <br> are."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._breaks = 0  # line ends the next text needs before it
        self._at_line_start = True

    def open(self, tag: str) -> None:
        """A block begins or ends here."""
        if tag in _BLOCKS:
            self._breaks = max(self._breaks, 2 if tag in _APART else 1)

    def line(self) -> None:
        """A <br>."""
        self._flush()
        self._out.append("\n")
        self._at_line_start = True

    def text(self, text: str, is_pre: bool) -> None:
        if not is_pre:
            text = _SPACE.sub(" ", text)
            if self._at_line_start or self._breaks:
                text = text.lstrip(" ")
        if not text:
            return
        self._flush()
        self._out.append(text)
        self._at_line_start = text.endswith((" ", "\n"))

    def finish(self) -> str:
        """All that was written, with one line end at the end."""
        return "".join(self._out).rstrip() + "\n"

    def _flush(self) -> None:
        if self._breaks and self._out:
            have = 0 if not self._at_line_start else self._trailing()
            self._out.append("\n" * max(self._breaks - have, 0))
            self._at_line_start = True
        self._breaks = 0

    def _trailing(self) -> int:
        """Line ends already at the end of what was written, two at most."""
        tail = "".join(self._out[-3:])[-2:]
        return len(tail) - len(tail.rstrip("\n"))
