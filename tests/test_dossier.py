"""The basket as one document: what is quoted, cited, masked, and the same bytes every time."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from archives import demo_archive, shared_archive
from conftest import ROOT
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.archive.anchors import Anchor, make_anchor
from reftel.errors import ReftelError
from reftel.exports import DOSSIERS
from reftel.exports.dossier import CITATION, HEADING, LOST, NOTE, QUOTE, Dossier, Excerpt, Remark, lay_out
from reftel.model import Cable, Span
from reftel.workbench import Archive

MADE = "2026-01-02T03:04:05Z"


def cable(address: str) -> Cable:
    return shared_archive().get(address)


def words(address: str, text: str) -> Excerpt:
    """An excerpt of some words of a cable."""
    found = re.search(r"\s+".join(map(re.escape, text.split())), cable(address).text)
    assert found is not None
    return Excerpt(address, cable(address), span=Span(*found.span()))


def dossier(*excerpts: Excerpt, title: str = "Amber Link") -> Dossier:
    return Dossier(title, MADE, excerpts)


def written(made: Dossier, form: str) -> bytes:
    out = BytesIO()
    DOSSIERS[form].write(made, out)
    return out.getvalue()


@cache
def sample() -> Dossier:
    return dossier(
        Excerpt(
            "08TALLINN96:3",
            cable("08TALLINN96"),
            3,
            remark="The first *hint*.\nSee below.",
            notes=(Remark("ask again", "2026-01-01", "ann"),),
        ),
        words("08TALLINN96", '"First they lay\nthe pipe, then they patrol it,"'),
        Excerpt("09NOWHERE1", None, remark="gone"),
        Excerpt("09ANKARA1390", cable("09ANKARA1390")),
    )


def parts(made: Dossier, kind: str) -> list[str]:
    return [part.text for part in lay_out(made) if part.kind == kind]


# ---- what is quoted


def test_a_paragraph_is_quoted_with_its_number_and_cited_by_it() -> None:
    made = dossier(Excerpt("08TALLINN96:3", cable("08TALLINN96"), 3))
    [quote] = [part for part in lay_out(made) if part.kind == QUOTE]
    assert (quote.number, quote.marking) == (3, "C") and quote.text.startswith("The Minister expressed concern")
    [citation] = parts(made, CITATION)
    assert citation.endswith("telegram 08TALLINN96, February 6, 2008, para. 3.")


def test_words_are_quoted_exactly_and_cited_with_their_place() -> None:
    excerpt = words("08TALLINN96", "old munitions on\nthe sea bed")
    assert parts(dossier(excerpt), QUOTE) == ["old munitions on\nthe sea bed"]
    assert excerpt.span is not None
    [citation] = parts(dossier(excerpt), CITATION)
    assert citation.endswith(f"para. 3. Characters {excerpt.span.start} to {excerpt.span.end} of the text.")


def test_words_over_several_paragraphs_come_paragraph_by_paragraph() -> None:
    held = cable("08TALLINN96")
    first, last = held.paragraphs[0].spans[0], held.paragraphs[1].spans[-1]
    made = dossier(Excerpt("08TALLINN96", held, span=Span(first.start + 20, last.end)))
    assert [part.number for part in lay_out(made) if part.kind == QUOTE] == [1, 2]
    assert parts(made, HEADING) == ["A Project Against Its Neighbors"]
    assert ", paras. 1-2. Characters " in parts(made, CITATION)[0]


def test_words_that_no_paragraph_holds_are_quoted_too() -> None:
    subject = cable("08TALLINN96").subject or ""
    made = dossier(words("08TALLINN96", subject.split(" ABOUT ")[0]))
    assert parts(made, QUOTE) == [subject.split(" ABOUT ")[0]]
    assert "para" not in parts(made, CITATION)[0]


def test_a_whole_cable_is_quoted_with_its_headings() -> None:
    held = cable("08TALLINN96")
    made = dossier(Excerpt("08TALLINN96", held))
    assert len(parts(made, QUOTE)) == len(held.paragraphs) and len(parts(made, HEADING)) == len(held.headings)
    assert parts(made, CITATION)[0].endswith("February 6, 2008.")


def test_a_page_break_is_no_part_of_a_quotation() -> None:
    for held in shared_archive().cables():
        cut = next((s for s in held.segments if s.kind in ("page_break", "section_break")), None)
        if cut is None:
            continue
        [*quotes] = parts(dossier(Excerpt("x", held, span=Span(cut.span.start - 40, cut.span.end + 40))), QUOTE)
        assert cut.span.of(held.text).strip() not in " ".join(quotes)
        return
    pytest.fail("no demo cable has a page break")


@pytest.mark.parametrize(
    ("held", "number", "lost", "said"),
    [
        (False, None, None, "This cable is not in the archive any more."),
        (False, 3, "old words", "This cable is not in the archive any more."),
        (True, 99, None, "There is no paragraph 99 in the text of the cable that leads now."),
        (True, None, "old words", "These words do not stand in the text of the cable that leads now."),
    ],
)
def test_nothing_is_dropped_in_silence(held: bool, number: int | None, lost: str | None, said: str) -> None:
    made = dossier(Excerpt("08TALLINN96", cable("08TALLINN96") if held else None, number, lost=lost))
    assert parts(made, LOST) == [said] and parts(made, CITATION) == []
    assert parts(made, QUOTE) == ([lost] if lost else [])


# ---- the forms


def test_markdown_reads_as_one_document() -> None:
    text = written(sample(), "md").decode()
    assert text.startswith(
        "# Amber Link\n\n*4 excerpts from 2 cables, gathered with Reftel, 2026-01-02.*\n\n## Foreign"
    )
    assert text.count("## Foreign Minister") == 1 and text.count("\n## ") == 4
    assert "\n> **3. (C)** The Minister expressed concern over old munitions on\n> the sea bed" in text
    assert '\n> **3. (C)** "First they lay\n> the pipe, then they patrol it,"\n' in text
    assert "\nThe first \\*hint\\*.\\\nSee below.\n\n- Note, ann, 2026-01-01: ask again\n" in text
    assert "\n## 09NOWHERE1\n\n*This cable is not in the archive any more.*\n\ngone\n" in text
    sources = text.partition("\n## Sources\n\n")[2].strip().split("\n\n")
    assert [line.partition(",")[0] for line in sources] == ["- Embassy Tallinn", "- Embassy Ankara"]
    assert all("SHA-256 of the text: " in line for line in sources)


def test_a_word_document_has_headings_quotations_and_sources() -> None:
    document = Document(BytesIO(written(sample(), "docx")))
    styled = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert styled[0] == ("Title", "Amber Link")
    assert [text for style, text in styled if style == "Heading 1"] == [
        "Foreign Minister Kallaste Complains About the Amber Link Pipeline and Asks for U.S. Support",
        "09NOWHERE1",
        "Kilic Burnu: The Same Answer, Three Months Before the End",
        "Sources",
    ]
    quotes = [text for style, text in styled if style == "Quoted Text"]
    assert quotes[0].startswith("3. (C) The Minister expressed concern over old munitions on the sea bed, over")
    assert quotes[1] == '3. (C) "First they lay the pipe, then they patrol it,"'
    assert ("Normal", "The first *hint*.\nSee below.") in styled
    assert ("Reader's Note", "Note. ann, 2026-01-01: ask again") in styled
    sources = [p for p in document.paragraphs if p.style is not None and p.style.name == "Bibliography"]
    assert len(sources) == 2
    indent = document.styles["Bibliography"].paragraph_format
    assert indent.left_indent == -indent.first_line_indent > 0


def test_a_word_document_tells_nobodys_name_and_no_clock() -> None:
    made = written(sample(), "docx")
    told = Document(BytesIO(made)).core_properties
    assert (told.title, told.author, told.last_modified_by, told.comments) == ("Amber Link", "", "", "")
    assert str(told.created) == str(told.modified) == "2026-01-02 03:04:05+00:00"
    with ZipFile(BytesIO(made)) as held:
        assert {info.date_time for info in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("form", DOSSIERS)
def test_the_same_basket_gives_the_same_bytes(form: str) -> None:
    assert written(sample(), form) == written(sample(), form) != b""


@pytest.mark.parametrize("form", ["bib", "ris", "csl"])
def test_a_bibliography_has_each_cable_once(form: str) -> None:
    text = written(sample(), form).decode()
    count = len(json.loads(text)) if form == "csl" else text.count({"bib": "@misc{", "ris": "TY  - "}[form])
    assert count == 2


def test_without_python_docx_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ReftelError, match=r'pip install "reftel\[docx\]"'):
        written(sample(), "docx")


@settings(max_examples=12)  # a Word document takes a third of a second
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_any_words_can_be_written(remark: str, note: str, title: str) -> None:
    made = dossier(
        Excerpt("x", None, lost=remark, remark=note, notes=(Remark(remark, "2026-01-01", title),)), title=title
    )
    for form in ("md", "docx"):
        assert written(made, form)


@pytest.mark.parametrize("form", DOSSIERS)
def test_every_form_is_in_the_docs(form: str) -> None:
    assert f"| `{form}` | " in (ROOT / "docs" / "desk.md").read_text("utf-8")


# ---- out of an archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(demo_archive(tmp_path))


def protected_cable(archive: Archive) -> tuple[Cable, str, str]:
    """A cable with somebody to be protected, its address, and a name of his that it prints."""
    for key, name in archive.store.rows("SELECT cable, name FROM protected ORDER BY cable"):
        held = archive.store.cable(key)
        if name in held.text and held.id:
            return held, held.id, name
    pytest.fail("no demo cable protects a source by a full name")


def test_what_leaves_is_masked_and_spans_stay_true(archive: Archive) -> None:
    held, address, name = protected_cable(archive)
    start = held.text.index(name)
    with archive, archive.desk() as desk:
        basket = desk.basket()
        basket.add(address, MADE, anchor=make_anchor(held, start, start + len(name)), remark=f"{name} again")
        desk.add_note(address, f"is {name} to be believed?", MADE)
        gone = Anchor("0" * 64, Span(0, 5), f"{name} was here once upon a time", "", "")
        basket.add(address, MADE, anchor=gone)
        basket.add(address, MADE)
        masked = archive.dossier(basket.items(), title="x", made=MADE, notes=desk)
        for form in DOSSIERS:
            assert name.encode() not in written(masked, form) or form == "docx"
        text = "\n".join(p.text for p in Document(BytesIO(written(masked, "docx"))).paragraphs)
        assert name not in text and name.split()[-1] not in text
        [quote, *_] = parts(masked, QUOTE)
        assert len(quote) == len(name) and quote != name
        plain = archive.dossier(basket.items(), title="x", made=MADE, notes=desk, masked=False)
        assert parts(plain, QUOTE)[0] == name and f"is {name} to be believed?" in " ".join(parts(plain, NOTE))


def test_words_about_another_cable_do_not_tell_a_protected_name_either(archive: Archive) -> None:
    held, _, name = protected_cable(archive)
    other = next(one for one in archive.cables() if name not in one.text)
    with archive:
        for about in (held, other, None):
            [told] = archive.mask_words(about, [f"ask {name.upper()} and {name}!"])
            assert name not in told and name.upper() not in told and len(told) == len(f"ask {name} and {name}!")
            assert archive.mask_words(about, ["nobody in particular", ""]) == ["nobody in particular", ""]


def test_notes_come_with_what_they_are_on(archive: Archive) -> None:
    with archive, archive.desk() as desk:
        held = archive.get("08TALLINN96")
        patrol = held.text.index("patrol it")
        survey = held.text.index("sea-bed survey")
        desk.add_note("08TALLINN96", "on the cable", MADE)
        desk.add_note("08TALLINN96:3", "on paragraph 3", MADE)
        desk.add_note("08TALLINN96", "on patrol", MADE, anchor=make_anchor(held, patrol, patrol + 9))
        desk.add_note("08TALLINN96", "", MADE, anchor=make_anchor(held, patrol, patrol + 9))
        basket = desk.basket()

        def told(address: str, span: tuple[int, int] | None = None) -> list[str]:
            basket.clear()
            basket.add(address, MADE, anchor=make_anchor(held, *span) if span else None)
            made = archive.dossier(basket.items(), title="x", made=MADE, notes=desk)
            return [note.text for excerpt in made.excerpts for note in excerpt.notes]

        assert told("08TALLINN96") == ["on the cable", "on paragraph 3", "on patrol"]
        assert told("08TALLINN96:3") == ["on paragraph 3", "on patrol"]
        assert told("08TALLINN96", (patrol - 20, patrol + 3)) == ["on patrol"]
        assert told("08TALLINN96", (survey, survey + 14)) == []
        assert archive.dossier(basket.items(), title="x", made=MADE).excerpts[0].notes == ()


def test_a_cable_that_is_not_held_leaves_its_words_only_unmasked(archive: Archive) -> None:
    with archive, archive.desk() as desk:
        desk.basket().add("09NOWHERE1", MADE, anchor=Anchor("0" * 64, Span(0, 5), "the words", "", ""), remark="why")
        [excerpt] = archive.dossier(desk.basket().items(), title="x", made=MADE).excerpts
        assert (excerpt.cable, excerpt.lost, excerpt.remark) == (None, None, "why")
        [excerpt] = archive.dossier(desk.basket().items(), title="x", made=MADE, masked=False).excerpts
        assert excerpt.lost == "the words"
