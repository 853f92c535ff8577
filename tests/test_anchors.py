"""Anchors: a place in a cable's text that is found again when the text is parsed anew, and when another text leads."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from archives import new_archive, shared_archive, write_dump
from hypothesis import given
from hypothesis import strategies as st

from reftel.archive.anchors import Anchor, make_anchor, place, place_all
from reftel.errors import ReftelError
from reftel.model import Cable, Provenance, Segment, Source, Span
from reftel.parse import parse

PLAIN = parse(Source("x", Provenance("a.txt", "telegram", "0" * 64)))


def cable_of(text: str, *segments: Segment) -> Cable:
    """A cable of a text that nothing is known of but some segments."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    source = msgspec.structs.replace(PLAIN.source, sha256=sha256)
    return msgspec.structs.replace(PLAIN, text=text, source=source, segments=segments)


def mark(cable: Cable, words: str, nth: int = 1) -> Anchor:
    """The anchor of the nth place where some words stand."""
    start = -1
    for _ in range(nth):
        start = cable.text.index(words, start + 1)
    return make_anchor(cable, start, start + len(words))


def found(anchor: Anchor, text: str, *segments: Segment) -> str | None:
    """What stands where an anchor is found in a text, the place itself between brackets."""
    cable = cable_of(text, *segments)
    span = place(anchor, cable)
    return None if span is None else f"{text[: span.start]}[{span.of(text)}]{text[span.end :]}"


STORY = "The Minister said the ferry was late. The Mayor said the ferry was sold."


@pytest.mark.parametrize(
    ("words", "nth", "other", "expected"),
    [
        # as it stood, elsewhere
        ("ferry was late", 1, f"Subject: ferries.\n\n{STORY}", "said the [ferry was late]. The Mayor"),
        # several times: where most around it agrees
        ("the ferry was", 1, f"He said the ferry was new. {STORY}", "Minister said [the ferry was] late"),
        ("the ferry was", 2, f"He said the ferry was new. {STORY}", "Mayor said [the ferry was] sold"),
        ("the ferry", 2, "The Mayor said the ferry was sold. The Minister said the ferry was late.", "Mayor said [the ferry] was sold"),
        # the one neighbour has changed
        ("the ferry", 2, "x the ferry. Mayor said the ferry. the ferry y", "Mayor said [the ferry]. the"),
        ("the ferry", 2, "x the ferry. y the ferry was sold. the ferry y", "y [the ferry] was sold"),
        # other white space, line breaks, capitals, accents, points
        ("ferry was late", 1, "THE MINISTER SAID THE FERRY\r\nWAS   LATE.", "THE [FERRY\r\nWAS   LATE]."),
        ("ferry was late", 1, "The Minister said the ferrywas late.", "the [ferrywas late]."),
        ("ferry was late", 1, "The Minister said the ferry -- was, late.", "the [ferry -- was, late]."),
        ("The Minister said", 1, "The Mínister said the ferry", "[The Mínister said] the"),
        ("late.", 1, "The Minister said the ferry was\nlate. Then", "was\n[late.] Then"),
        ("late.", 1, "The Minister said the ferry was late; then", "was [late]; then"),
        # not there, or too short to be told without a neighbour that agrees
        ("ferry was late", 1, "The Minister said the ferry was slate-grey.", None),
        ("ferry was late", 1, "", None),
        ("the ferry", 1, "We took the ferry", None),
        ("the ferry was late", 1, "We hear the ferry was late!", "We hear [the ferry was late]!"),
        ("Minister", 1, "No Minister came.", None),
        (".", 1, "The Minister said the ferry was late.", None),
    ],
)  # fmt: skip
def test_words_are_found_in_another_text(words: str, nth: int, other: str, expected: str | None) -> None:
    got = found(mark(cable_of(STORY), words, nth), other)
    assert got is None if expected is None else got is not None and expected in got


def test_of_two_places_that_agree_as_well_the_nearest_counts() -> None:
    line = "The ferry was late again, said he.\n"
    here = cable_of(line * 9)
    for nth in (1, 5, 9):
        anchor = mark(here, "ferry was", nth)
        other = cable_of("x\n" + line * 9)
        span = place(anchor, other)
        assert span == Span(anchor.span.start + 2, anchor.span.end + 2)


def test_a_page_break_inside_the_words_does_no_harm() -> None:
    broken = "The Minister said the ferry\nLISBON 00000017  002 OF 003\nwas late."
    cut = Segment("page_break", Span(28, 56))
    assert cut.span.of(broken) == "LISBON 00000017  002 OF 003\n"
    whole = "The Minister said the ferry was late."
    assert found(mark(cable_of(whole), "the ferry was late"), broken, cut) == (
        "The Minister said [the ferry\nLISBON 00000017  002 OF 003\nwas late]."
    )
    here = cable_of(broken, cut)
    anchor = make_anchor(here, broken.index("the ferry"), broken.index("."))
    assert anchor.quote == "the ferry\nwas late"
    assert found(anchor, whole) == "The Minister said [the ferry was late]."
    # words that are nothing but an artefact can still be marked, though nowhere else found
    odd = make_anchor(here, 28, 40)
    assert odd.quote == "LISBON 00000" and place(odd, here) == Span(28, 40) and found(odd, whole) is None


def test_a_second_copy_of_the_text_is_not_taken_for_it() -> None:
    text = "The ferry was late again. -- The ferry was late again."
    copy = Segment("truncated_copy", Span(0, 28))
    anchor = mark(cable_of("The ferry was late again."), "ferry was late")
    assert found(anchor, text, copy) == "The ferry was late again. -- The [ferry was late] again."


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 4), (3, 999), (3, 4), (0, 0)])
def test_an_anchor_needs_words_that_are_there(start: int, end: int) -> None:
    with pytest.raises(ReftelError):
        make_anchor(cable_of(STORY), start, end)


def test_an_anchor_is_not_longer_than_can_be_read() -> None:
    cable = cable_of("ferry " * 5000)
    assert make_anchor(cable, 0, 20_000).quote
    with pytest.raises(ReftelError, match="At most 20,000"):
        make_anchor(cable, 0, 20_100)


def test_anchors_leave_white_space_out_and_keep_their_neighbours() -> None:
    anchor = mark(cable_of(STORY), " ferry ")
    assert (anchor.span, anchor.quote) == (Span(22, 27), "ferry")
    assert (anchor.before, anchor.after) == (STORY[:22][-32:], STORY[27:][:32])


# ---- what holds of any text

WORDS = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=1, max_size=8), min_size=1, max_size=60
)
TEXTS = st.one_of(WORDS.map(" ".join), st.text(max_size=200))


@given(TEXTS, st.data())
def test_in_its_own_text_an_anchor_stands_where_it_was_made(text: str, data: st.DataObject) -> None:
    cable = cable_of(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    try:
        anchor = make_anchor(cable, start, end)
    except ReftelError:
        return
    assert place(anchor, cable) == anchor.span
    assert anchor.quote == anchor.span.of(text).strip(" \t\r\n\xa0")


@given(TEXTS, TEXTS, TEXTS, st.data())
def test_a_place_in_another_text_has_the_same_words(text: str, before: str, after: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    try:
        anchor = make_anchor(cable_of(text), start, data.draw(st.integers(start, len(text))))
    except ReftelError:
        return
    for other in (f"{before}\n{text}\n{after}", text.swapcase(), re.sub(r"\s", "\n \n", text), before + after):
        span = place(anchor, cable_of(other))
        if span is not None:
            assert letters(span.of(other)) == letters(anchor.quote)


@given(st.text("abc \n", min_size=40, max_size=200), st.text("xyz \n", max_size=80), st.data())
def test_what_is_long_enough_is_found_behind_whatever_is_put_before_it(
    text: str, more: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    try:
        anchor = make_anchor(cable_of(text), start, data.draw(st.integers(start + 1, len(text))))
    except ReftelError:
        return
    other = f"{more} {text}"
    if len(letters(anchor.before + anchor.quote + anchor.after)) >= 12:
        assert place(anchor, cable_of(other)) is not None


def letters(text: str) -> str:
    """Letters and digits as they are compared."""
    folded = (unicodedata.normalize("NFD", c)[0].casefold()[0] for c in text if c.isalnum())
    return "".join(folded)


@pytest.mark.parametrize(
    ("text", "quote", "before", "after"),
    [
        ("a" * 1_000_000, "a" * 20_000, "b" * 32, "b" * 32),
        ("a" * 1_000_000, "b" + "a" * 19_999, "a" * 32, "a" * 32),
        ("ab" * 500_000, "ab" * 9_000 + "c", "ab" * 16, "ba" * 16),
        ("x " * 300_000, "x", "x" * 32, "x" * 31 + "y"),
    ],
)
def test_hostile_repetition_ends(text: str, quote: str, before: str, after: str) -> None:
    """No time is taken: a search of these that is not linear takes minutes."""
    anchor = Anchor("0" * 64, Span(100_000, 100_000 + len(quote)), quote, before, after)
    cable = msgspec.structs.replace(cable_of("x"), text=text)
    place_all([anchor] * 2, cable)


# ---- in an archive


def test_every_demo_cable_with_two_texts_finds_its_words_in_the_other() -> None:
    archive = shared_archive()
    pairs = tried = missed = 0
    for key in archive.store.column("SELECT key FROM cables WHERE lead IS NOT NULL"):
        texts = [archive.store.source(witness.key)[0] for witness in archive.witnesses(archive.store.names([key])[key])]
        for here, other in pairwise(texts):
            pairs += 1
            for paragraph in here.paragraphs:
                for span in paragraph.spans:
                    if span.end - span.start < 30:
                        continue
                    anchor = make_anchor(here, span.start, span.start + 30)
                    there = place(anchor, other)
                    tried += 1
                    if there is None:
                        missed += 1
                    else:
                        assert letters(there.of(other.text)) == letters(anchor.quote)
    assert pairs > 3 and tried > 20
    assert missed <= tried // 4  # what one of the two carriers has cut off


def test_a_note_keeps_its_place_through_a_rebuild_and_follows_its_words_to_a_better_text(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive, archive.desk() as desk:
        path = write_dump(tmp_path / "a" / "1.txt", 1, words="the ferry sails on Sundays")
        archive.add(path, workers=0)
        cable = archive.get("09LISBON1")
        anchor = mark(cable, "ferry sails")
        desk.add_note("09LISBON1", "ask the port", "2026-01-01", anchor=anchor)
        archive.store.execute("UPDATE sources SET parser = 'older'")
        assert archive.rebuild(workers=0) == 1
        assert place_all([n.anchor for n in desk.notes("09LISBON1") if n.anchor], archive.get("09LISBON1")) == [
            anchor.span
        ]
        # a second witness with more of the text leads from now on
        longer = path.read_text("utf-8").replace(
            "the ferry sails on Sundays", "the ferry\nsails on Sundays, and the bus goes daily"
        )
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "1.txt").write_text(longer, "utf-8")
        archive.add(tmp_path / "b", workers=0)
        now = archive.get("09LISBON1")
        assert now.source.sha256 != cable.source.sha256
        span = place(anchor, now)
        assert span is not None and span.of(now.text) == "ferry\nsails"
        # and where the words are gone, the note stays, without a place
        (tmp_path / "b" / "1.txt").write_text(longer.replace("ferry", "steamer"), "utf-8")
        archive.add(tmp_path / "b", workers=0)
        assert place(anchor, archive.get("09LISBON1")) is None
        assert [note.text for note in desk.notes("09LISBON1")] == ["ask the port"]
