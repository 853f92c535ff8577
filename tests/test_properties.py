"""What holds for any text: a cable comes out, its segments tile it, and every span says what it claims."""

from __future__ import annotations

from io import BytesIO

import msgspec
import pytest
from conftest import demo_sources
from hypothesis import example, given, settings
from hypothesis import strategies as st
from views import print_of, spans_of, squash

from reftel.cite import CableId, make_id, parse_id
from reftel.errors import DEFECTS, UnreadableError
from reftel.exports import record
from reftel.exports.cable_text import render
from reftel.model import REFERENCE_KINDS, SEGMENT_KINDS, Cable, Claims, Provenance, Source
from reftel.parse import parse
from reftel.parse.marks import normal_mark
from reftel.readers import READERS, Failure, read_sources, read_text
from reftel.tables import posts

BASES = {"printed", "carrier", "inferred"}
BIG = settings(max_examples=120)

# Words that the parser looks for, to be strewn in.
WORDS = (
    "C O N F I D E N T I A L",
    "S E C R E T SECTION 01 OF 03 TALLINN 000096",
    "UNCLAS",
    "VZCZCXRO1234",
    "PP RUEHXD",
    "DE RUEHTL #0096/01 0371412",
    "ZNY CCCCC ZZH",
    "O P 061412Z FEB 08",
    "FM AMEMBASSY TALLINN",
    "TO RUEHC/SECSTATE WASHDC IMMEDIATE 2992",
    "INFO ",
    "E.O. 12958: DECL: 02/05/2018",
    "TAGS: PREL",
    "SUBJECT: ",
    "REF: A. 07 HELSINKI 902",
    "B. ",
    "Classified By: ",
    "reasons 1.4 (b) and (d)",
    "TALLINN 00000096  002 OF 003",
    "PAGE 02        TALLIN  00096  01 OF 02  061412Z",
    "¶1. (C) ",
    "2. (SBU) ",
    "SUMMARY: ",
    "END SUMMARY.",
    "-------",
    "COMMENT",
    "XXXXXXXXXXXX",
    "SIPDIS",
    "STRATTON",
    "NNNN",
    "...",
    "08TALLINN96",
    "Wed Feb 06 00:00:00 +0100 2008",
    '1,"2/6/2008 14:12",08TALLINN96,',
    "¶",
    "\n",
    " \n",
    "\n\n",
    "  ",
    "\t",
    "\\\n",
    "\r\n",
    "\xa0",
)
texts = st.one_of(
    st.text(),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=60).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=40).map("\n".join),
)


@st.composite
def mutated(draw: st.DrawFn) -> Source:
    """A cable of the demo collection with slices gone, doubled or strewn in, line breaks lost or letters' case changed."""
    source = draw(st.sampled_from(list(demo_sources().values())))
    text = source.text
    for _ in range(draw(st.integers(1, 4))):
        a = draw(st.integers(0, len(text)))
        b = min(len(text), a + draw(st.integers(0, 600)))
        match draw(st.integers(0, 5)):
            case 0:
                text = text[:a] + text[b:]
            case 1:
                text = text[:b] + text[a:b] + text[b:]
            case 2:
                text = text[:a] + draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=8))) + text[a:]
            case 3:
                text = text[:a] + text[a:].replace("\n", " ")
            case 4:
                text = text[:a] + text[a:b].swapcase() + text[b:]
            case _:
                text = text[a:] + text[:a]
    claims = source.provenance.claims if draw(st.booleans()) else Claims()
    return Source(text, Provenance("mutated", source.provenance.reader, source.provenance.sha256, claims))


TELEGRAM = """R 061412Z FEB 08
FM AMEMBASSY TALLINN
TO SECSTATE WASHDC
C O N F I D E N T I A L TALLINN 000096

SIPDIS

E.O. 12958: N/A
TAGS: PREL
SUBJECT: QUIET

1. (C) All was quiet and stayed so.  Nobody telephoned.  The ministry slept.

STRATTON
"""
CUT_COPY = TELEGRAM.partition("TO SECSTATE WASHDC\n")[2].partition(" and stayed")[0] + " ...\nSTRATTON\n"


def plain(text: str) -> Source:
    return Source(text, Provenance("text", "telegram", ""))


def check(cable: Cable, source: Source) -> None:
    """All that is promised of every record."""
    text = source.text
    assert cable.text == text
    assert "".join(s.span.of(text) for s in cable.segments) == text
    ends = [0, *(s.span.end for s in cable.segments)]
    assert [s.span.start for s in cable.segments] == ends[:-1]
    assert ends[-1] == len(text)
    assert {s.kind for s in cable.segments} <= set(SEGMENT_KINDS)
    assert all(0 <= s.start <= s.end <= len(text) for s in spans_of(msgspec.to_builtins(cable)))
    for paragraph in cable.paragraphs:
        edges = [edge for span in paragraph.spans for edge in span]
        assert edges == sorted(edges), "pieces of a paragraph overlap or are out of order"
    starts = [p.spans[0].start for p in cable.paragraphs if p.spans]
    assert starts == sorted(starts)
    for note in (*cable.headings, *cable.attention, *cable.corrected_copy):
        assert squash(note.text) == print_of(cable, note.span)
    for note in cable.redactions:  # a section break too may have its station taken out
        assert note.text == note.span.of(text)
    for mark in cable.portion_marks:
        assert print_of(cable, mark.span) == squash(mark.text)
        assert mark.marking == normal_mark(mark.text)
    assert {d.code for d in cable.defects} <= set(DEFECTS)
    assert {r.kind for r in cable.references} <= set(REFERENCE_KINDS)
    for reference in cable.references:
        ids = [*filter(None, [reference.target]), *reference.candidates]
        assert all(str(parse_id(one)) == one for one in ids)
        assert reference.target is None or reference.candidates == (reference.target,)
    assert cable.id is None or str(parse_id(cable.id)) == cable.id
    assert set(cable.basis.values()) <= BASES
    told = {**msgspec.to_builtins(cable), "from": cable.origin}
    assert not [key for key in cable.basis if told[key] in (None, (), [])], "a basis for a field that is not told"


@BIG
@given(texts)
@example("")
@example("\ud800")
@example(TELEGRAM + "\n" + CUT_COPY)
@example("061412Z FEB 08\nUNCLAS XXXXXXXXXXXX 000096\n")
@example("\x00" * 40)
@example("REF: " + "A" * 4000)
@example("(" * 4000)
@example("- " * 4000)
@example("¶1. (C) " * 500)
def test_any_text_is_a_cable(text: str) -> None:
    source = plain(text)
    check(parse(source), source)


@BIG
@given(mutated())
def test_a_cable_damaged_in_any_way_is_still_accounted_for(source: Source) -> None:
    check(parse(source), source)


@BIG
@given(mutated())
def test_a_damaged_carrier_is_read_or_refused(damaged: Source) -> None:
    try:
        source = read_text(damaged.text, reader=damaged.provenance.reader)
    except UnreadableError:
        return
    check(parse(source), source)


@BIG
@given(mutated())
def test_the_same_text_gives_the_same_bytes(source: Source) -> None:
    assert record.encode(parse(source)) == record.encode(parse(source))


@BIG
@given(mutated())
def test_a_damaged_cable_s_record_comes_back_whole(source: Source) -> None:
    cable = parse(source)
    assert record.decode(record.encode(cable)) == cable


@BIG
@given(mutated())
def test_a_damaged_cable_can_be_rendered_and_read_again(source: Source) -> None:
    rendered = render(parse(source))
    again = plain(rendered)
    check(parse(again), again)


@BIG
@given(texts, st.sampled_from([None, *READERS]))
def test_any_text_is_read_or_refused_with_a_sentence(text: str, reader: str | None) -> None:
    try:
        source = read_text(text, reader=reader)
    except UnreadableError as error:
        assert str(error).endswith(".")
        return
    check(parse(source), source)


@BIG
@given(st.one_of(st.binary(), texts.map(lambda t: t.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_read_or_refused_with_a_sentence(raw: bytes) -> None:
    for item in read_sources(["-"], stdin=BytesIO(raw)):
        if isinstance(item, Failure):
            assert item.reason.endswith(".")
        else:
            check(parse(item), item)


@pytest.mark.parametrize("place", demo_sources())
def test_the_demo_collection_keeps_the_promises(place: str) -> None:
    check(parse(demo_sources()[place]), demo_sources()[place])


@given(st.integers(1966, 2040), st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1), st.integers(1, 99_999_999))
def test_an_id_survives_print_and_reading(year: int, post: str, serial: int) -> None:
    one = CableId(year, post, serial)
    assert parse_id(str(one)) == one


@given(st.text())
def test_only_ids_are_ids(text: str) -> None:
    one = parse_id(text)
    assert one is None or str(one) == text


@given(st.integers(1966, 2040), st.sampled_from(list(posts())), st.integers(1, 9_999_999))
def test_every_post_makes_ids_that_can_be_read(year: int, post: object, serial: int) -> None:
    made = make_id(year, post.station, serial)  # type: ignore[attr-defined]
    assert made is not None
    assert parse_id(str(made)) == made
