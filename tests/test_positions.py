"""Positions: what is on the question, by occasion, and whether it moved."""

from __future__ import annotations

import tomllib
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from spoken import case

from reftel.cite import CableId
from reftel.errors import ReftelError
from reftel.model import Entity, Mention, Span
from reftel.positions import SIGNAL_KINDS, UNCLEAR, VERDICTS, Held, coverage, make_ledger, say_held
from reftel.positions.about import split_sentences
from reftel.positions.actors import group_names
from reftel.positions.chart import WIDTH, draw_chart
from reftel.positions.differ import differ, overlap, telling_words
from reftel.positions.signals import remark_signals, statement_signals
from reftel.tables import rows

CASES = tomllib.loads((Path(__file__).parent / "cases" / "positions.toml").read_text("utf-8"))["case"]


# ---- verdicts


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["name"])
def test_the_verdict_between_two_occasions(row: dict[str, Any]) -> None:
    about, heading = row.get("about", "pipeline"), row.get("heading")
    before = case(*row["before"], id="08TALLINN96", date="2008-02-06", heading=heading)
    after = case(*row["after"], id="08TALLINN402", date="2008-09-17", heading=heading)
    ledger = make_ledger([after, before], "kallaste", about)
    (step,) = ledger.steps
    assert step.verdict == row["verdict"], step.why
    assert {signal.kind for signal in step.signals} >= set(row.get("rests", ()))
    assert step.why.endswith(".")


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["name"])
def test_every_signal_is_words_of_its_cable(row: dict[str, Any]) -> None:
    cables = {
        "08TALLINN96": case(*row["before"], id="08TALLINN96", date="2008-02-06"),
        "08TALLINN402": case(*row["after"], id="08TALLINN402", date="2008-09-17"),
    }
    ledger = make_ledger(cables.values(), "kallaste", row.get("about", "pipeline"))
    for step in ledger.steps:
        for signal in step.signals:
            text = " ".join(signal.span.of(cables[str(signal.cable)].cable.text).split())
            assert signal.words.removesuffix("...").strip() in text


def test_a_ledger_the_other_way_round_is_the_same() -> None:
    one, other = (
        case("Kallaste [welcomed] {the pipeline}."),
        case("He [said] {a pipeline}.", id="08TALLINN5", date="2008-01-05"),
    )
    assert make_ledger([one, other], "kallaste", "pipeline") == make_ledger([other, one], "kallaste", "pipeline")


# ---- the table of signals


def found_in(sentence: str) -> set[str]:
    """The names of the rows that a sentence shows."""
    cable, findings, _ = case(f"{sentence}.")
    if not findings.statements:
        return {signal.rule for signal in remark_signals(cable, Span(0, len(cable.text)))}
    return {signal.rule for i, one in enumerate(findings.statements) for signal in statement_signals(cable, one, i)}


@pytest.mark.parametrize("row", [row for row in rows("position_signals") if row["value"] or row["kind"] in ("condition", "same", "changed")], ids=lambda row: row["name"])  # fmt: skip
def test_a_row_shows_in_its_example_and_not_in_its_neighbour(row: dict[str, str]) -> None:
    assert row["name"] in found_in(row["example"])
    shown = found_in(row["not"])
    assert row["name"] not in shown or "not" in row["not"].split()


def test_a_denied_cue_turns_the_sign() -> None:
    cable, findings, _ = case("Kallaste [did not support] {the pipeline}.")
    (signal,) = statement_signals(cable, findings.statements[0], 0)
    assert (signal.kind, signal.value, signal.strong) == ("polarity", "-", True)


def test_no_phrase_is_in_two_rows_of_one_place() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in rows("position_signals"):
        for phrase in row["phrases"].split("|"):
            assert seen.setdefault((row["where"], phrase), row["name"]) == row["name"], phrase


# ---- what is on the question


def abouts(who: str, question: str, *paragraphs: str, wide: bool = True, **more: Any) -> list[str]:
    ledger = make_ledger([case(*paragraphs, **more)], who, question, wide=wide)
    return [entry.about for occasion in ledger.occasions for entry in occasion.entries]


def test_the_content_comes_first_then_the_sentence() -> None:
    assert abouts("kallaste", "pipeline", "Kallaste [welcomed] {the pipeline}.") == ["content"]
    assert abouts("kallaste", "pipeline", "On the pipeline Kallaste [said] {he saw no reason}.") == ["sentence"]


def test_what_another_content_of_the_sentence_says_is_not_its_own() -> None:
    said = "Kallaste [praised] {the ferry} and he [deplored] {the pipeline}."
    assert abouts("kallaste", "pipeline", said) == ["paragraph", "content"]
    assert abouts("kallaste", "pipeline", said, wide=False) == ["content"]


def test_a_heading_counts_if_all_its_topics_are_asked_for() -> None:
    said = "Kallaste [saw] {no reason}."
    assert abouts("kallaste", "pipeline", said, heading="The Pipeline") == ["heading"]
    assert abouts("kallaste", "pipeline", said, heading="Ferries and the Pipeline") == ["paragraph"]
    assert abouts("kallaste", "pipeline OR ferries", said, heading="Ferries and the Pipeline") == ["heading"]
    assert abouts("kallaste", "pipeline", said, heading="The Ferry") == []


def test_a_heading_inside_the_paragraph_goes_before_the_one_above() -> None:
    said = "Piracy: Kallaste [saw] {no reason}."
    assert abouts("kallaste", "piracy", said, heading="The Pipeline") == ["sentence"]
    assert abouts("kallaste", "pipeline", said, heading="The Pipeline") == []


def test_a_long_paragraph_that_mentions_it_once_is_not_about_it() -> None:
    talk = " ".join(
        f"Kallaste [said] {{the ferry was number {i} of the many ferries of the long summer}}." for i in range(12)
    )
    assert abouts("kallaste", "pipeline", f"{talk} The pipeline was not shown.") == []
    assert abouts("kallaste", "pipeline", "Kallaste [said] {it was late}. The pipeline was not shown.") == ["paragraph"]


def test_what_is_left_out_is_counted() -> None:
    ledger = make_ledger([case("Kallaste [said] {it was late}. The pipeline was not shown.")], "kallaste", "pipeline")
    assert (ledger.occasions, ledger.omitted) == ((), 1)


@given(st.text(alphabet="aB. \n\"'()!?U", max_size=200))
def test_sentences_hold_every_letter(text: str) -> None:
    pieces = [text[start:end] for start, end in split_sentences(text)]
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "The U.S. Navy left. It was late."
    assert [text[s:e] for s, e in split_sentences(text)] == ["The U.S. Navy left.", "It was late."]


# ---- whose it is


def test_a_name_that_fits_two_persons_is_asked_back() -> None:
    cases = [
        case("Kallaste [said] {a pipeline}.", speaker="Arvo Kallaste"),
        case("Kallaste [said] {a pipeline}.", speaker="Urmas Kallaste", id="08TALLINN97"),
    ]
    with pytest.raises(ReftelError, match=r"fits several speakers: .*Arvo Kallaste"):
        make_ledger(cases, "kallaste", "pipeline")
    assert make_ledger(cases, "arvo kallaste", "pipeline").names == ("Arvo Kallaste",)


def test_a_name_of_a_few_statements_is_left_out_and_told() -> None:
    many = "Kallaste [said] {a pipeline}. " * 40
    cases = [case(many), case("Kallaste [said] {a pipeline}.", speaker="Urmas Kallaste", id="08TALLINN97")]
    ledger = make_ledger(cases, "kallaste", "pipeline")
    assert ledger.names == ("Arvo Kallaste",)
    assert ledger.notes == ("Left out, as perhaps somebody else: Urmas Kallaste.",)


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["Lavrov", "Sergey Lavrov", "FM Lavrov"], 1),
        (["Sergey Lavrov", "Sergei Lavrov"], 1),
        (["David Miliband", "Ed Miliband"], 2),
        (["Maria Ivanova", "Marta Ivanova"], 2),
        (["Sergey Lavrov", "Sergey Ivanov"], 2),
    ],
)
def test_names_are_one_person_only_where_nothing_is_guessed(names: list[str], groups: int) -> None:
    assert len(group_names(names)) == groups


def test_known_names_are_all_that_counts() -> None:
    cases = [
        case("Kallaste [said] {a pipeline}.", speaker=name, id=f"08TALLINN{i}")
        for i, name in enumerate(("Arvo Kallaste", "Kallaste", "Urmas Kallaste", "FM Kallaste"), 1)
    ]
    ledger = make_ledger(cases, "kallaste", "pipeline", names=("Arvo Kallaste", "Kallaste"))
    assert ledger.names == ("Arvo Kallaste", "FM Kallaste", "Kallaste")
    assert ledger.notes == ("Left out, as perhaps somebody else: Urmas Kallaste.",)


def test_an_office_names_the_speaker() -> None:
    entity = Entity("person", "Arvo Kallaste", "Foreign Minister", "Estonia", (Mention(Span(0, 8), "name"),))
    spoken = case("Kallaste [welcomed] {the pipeline}.", entities=(entity,), speakers=(0,))
    assert make_ledger([spoken], "foreign minister", "pipeline").names == ("Arvo Kallaste",)
    assert make_ledger([spoken], "prime minister", "pipeline").names == ()


def nested(outer_speaker: str, inner_speaker: str) -> Any:
    """A statement told inside another: "... [said] {that X [hoped] {...}}"."""
    spoken = case("Kallaste [said] {that Estonia hoped the pipeline would be moved}.")
    outer = msgspec.structs.replace(spoken.findings.statements[0], speaker=outer_speaker)
    at = spoken.cable.text.index
    cue = Span(at("hoped"), at("hoped") + 5)
    content = Span(at("the pipeline"), outer.content[0].end)
    inner = msgspec.structs.replace(outer, speaker=inner_speaker, cue=cue, content=(content,), nested_in=0)
    return spoken._replace(findings=msgspec.structs.replace(spoken.findings, statements=(outer, inner)))


def test_the_country_in_his_words_is_part_of_his_statement() -> None:
    ledger = make_ledger([nested("Arvo Kallaste", "Estonia")], "kallaste", "pipeline")
    ((entry,),) = (occasion.entries for occasion in ledger.occasions)
    assert (entry.acting, entry.via) == ("Estonia", ())


def test_another_country_in_his_words_is_not() -> None:
    ledger = make_ledger([nested("Arvo Kallaste", "Finland")], "kallaste", "pipeline")
    ((entry,),) = (occasion.entries for occasion in ledger.occasions)
    assert entry.acting is None


def test_what_is_told_second_hand_says_by_whom() -> None:
    ledger = make_ledger([nested("Juhani Salmenkoski", "Arvo Kallaste")], "kallaste", "pipeline")
    ((entry,),) = (occasion.entries for occasion in ledger.occasions)
    assert entry.via == ("Juhani Salmenkoski",)


def test_the_country_has_a_ledger_of_its_own() -> None:
    ledger = make_ledger([nested("Arvo Kallaste", "Estonia")], "estonia", "pipeline")
    ((entry,),) = (occasion.entries for occasion in ledger.occasions)
    assert entry.via == ("Arvo Kallaste",)


# ---- occasions


def test_cables_that_tell_the_same_day_are_one_occasion() -> None:
    cases = [
        case("Kallaste [said] {a pipeline}.", id="08TALLINN96", date="2008-02-06", said="2008-02-04"),
        case("Kallaste [said] {the pipeline}.", id="08HELSINKI40", date="2008-02-08", said="2008-02-04"),
        case("Kallaste [said] {one pipeline}.", id="08TALLINN99", date="2008-02-09"),
    ]
    ledger = make_ledger(cases, "kallaste", "pipeline")
    assert [(o.date, o.told, o.cables) for o in ledger.occasions] == [
        ("2008-02-04", True, ("08TALLINN96", "08HELSINKI40")),
        ("2008-02-09", False, ("08TALLINN99",)),
    ]


def test_the_day_that_the_cable_tells_once_is_that_of_all_he_says_there() -> None:
    spoken = case("Kallaste [said] {a pipeline}.", "Kallaste [said] {the pipeline}.")
    first, second = spoken.findings.statements
    dated = (msgspec.structs.replace(first, date="2008-02-04"), second)
    spoken = spoken._replace(findings=msgspec.structs.replace(spoken.findings, statements=dated))
    assert [o.date for o in make_ledger([spoken], "kallaste", "pipeline").occasions] == ["2008-02-04"]


@pytest.mark.parametrize(("days", "dates"), [(("2008-02-03", "2008-02-04", "2008-02-04"), ["2008-02-04"]), (("2008-01-20", "2008-02-04", "2008-02-04"), ["2008-01-20", "2008-02-04"])])  # fmt: skip
def test_days_running_in_one_cable_are_one_visit(days: tuple[str, ...], dates: list[str]) -> None:
    spoken = case(*["Kallaste [said] {a pipeline}."] * 3)
    said = (msgspec.structs.replace(one, date=day) for one, day in zip(spoken.findings.statements, days, strict=True))
    spoken = spoken._replace(findings=msgspec.structs.replace(spoken.findings, statements=tuple(said)))
    assert [o.date for o in make_ledger([spoken], "kallaste", "pipeline").occasions] == dates


def test_an_occasion_that_tells_nothing_is_no_measure() -> None:
    cases = [
        case("Kallaste [complained] {of the pipeline}-.", "Kallaste [opposed] {every pipeline}-."),
        case("Kallaste [mentioned] {the pipeline}.", id="08TALLINN200", date="2008-05-05"),
        case("Kallaste [welcomed] {the pipeline}+.", id="08TALLINN402", date="2008-09-17"),
    ]
    first, second = make_ledger(cases, "kallaste", "pipeline").steps
    assert (first.verdict, first.against) == (UNCLEAR, None)
    assert (second.verdict, second.against) == ("shifted", "2008-02-06")


def test_what_he_said_years_ago_is_an_occasion_of_its_own() -> None:
    spoken = case("Kallaste [said] {a pipeline}.", "Kallaste [said] {the pipeline}.")
    first, second = spoken.findings.statements
    dated = (msgspec.structs.replace(first, date="2006"), second)
    spoken = spoken._replace(findings=msgspec.structs.replace(spoken.findings, statements=dated))
    assert [o.date for o in make_ledger([spoken], "kallaste", "pipeline").occasions] == ["2006", "2008-02-06"]


def test_a_summary_is_folded_into_what_it_repeats() -> None:
    said = "{that the pipeline would bring warships into the gulf}"
    ledger = make_ledger(
        [case(f"Summary. Kallaste [argued] {said}.", f"Kallaste [said] {said}.")], "kallaste", "pipeline"
    )
    ((entry,),) = (occasion.entries for occasion in ledger.occasions)
    assert (entry.said.number, entry.repeats) == (2, (1,))


def test_a_summary_that_is_for_repeats_nothing_that_is_against() -> None:
    said = "{warships beside the pipeline in the gulf}"
    spoken = case(f"Summary. Kallaste [welcomed] {said}+.", f"Kallaste [deplored] {said}-.")
    ((one, other),) = (occasion.entries for occasion in make_ledger([spoken], "kallaste", "pipeline").occasions)
    assert (one.repeats, other.repeats) == ((), ())


def test_a_summary_that_says_something_else_stays() -> None:
    ledger = make_ledger(
        [
            case(
                "Summary. Kallaste [praised] {the ferry and the pipeline}.",
                "Kallaste [said] {warships guard every pipeline}.",
            )
        ],
        "kallaste",
        "pipeline",
    )
    ((one, other),) = (occasion.entries for occasion in ledger.occasions)
    assert (one.part, other.part) == ("summary", "")


@pytest.mark.parametrize(
    ("since", "until", "dates"),
    [
        (None, None, ["2008-02-06", "2008-09-17"]),
        (date(2008, 2, 7), None, ["2008-09-17"]),
        (date(2008, 2, 6), date(2008, 2, 6), ["2008-02-06"]),
        (None, date(2007, 1, 1), []),
    ],
)
def test_a_ledger_of_some_days(since: date | None, until: date | None, dates: list[str]) -> None:
    cases = [
        case("Kallaste [said] {a pipeline}."),
        case("Kallaste [said] {a pipeline}.", id="08TALLINN402", date="2008-09-17"),
    ]
    ledger = make_ledger(cases, "kallaste", "pipeline", since=since, until=until)
    assert [occasion.date for occasion in ledger.occasions] == dates
    assert len(ledger.steps) == max(len(dates) - 1, 0)


def test_a_name_without_letters_is_a_mistake() -> None:
    with pytest.raises(ReftelError, match="Whose position"):
        make_ledger([], "...", "pipeline")


# ---- coverage


def ids(*rows: tuple[int, int, int, int]) -> list[tuple[CableId, date]]:
    """Cables of Tallinn: serial, year, month, day."""
    return [(CableId(year, "TALLINN", serial), date(year, month, day)) for serial, year, month, day in rows]


@pytest.mark.parametrize(
    ("held", "start", "end", "expected"),
    [
        # both ends held: 97 to 401 lie between
        (ids((96, 2008, 2, 6), (402, 2008, 9, 17)), (2008, 2, 6), (2008, 9, 17), (0, 305, True)),
        (ids((96, 2008, 2, 6), (200, 2008, 5, 1), (402, 2008, 9, 17)), (2008, 2, 6), (2008, 9, 17), (1, 305, True)),
        # nothing held of the year: nothing can be told
        (ids(), (2008, 2, 6), (2008, 9, 17), (0, None, False)),
        # only the end is held: the pace of the year stands in (402 in 261 days)
        (ids((402, 2008, 9, 17)), (2008, 2, 6), (2008, 9, 17), (0, 344, False)),
        # over New Year: the rest of one year by its pace, and the other from 0
        (ids((365, 2009, 12, 31), (500, 2008, 10, 26)), (2008, 12, 16), (2009, 1, 10), (0, 34, False)),
        # another post's cables count for nothing
        ([(CableId(2008, "RIGA", 5), date(2008, 5, 5))], (2008, 2, 6), (2008, 9, 17), (0, None, False)),
        # neighbours: no day lies between
        (ids((96, 2008, 2, 6), (98, 2008, 2, 7)), (2008, 2, 6), (2008, 2, 7), (0, None, False)),
    ],
)
def test_how_much_is_held_between_two_days(
    held: list[tuple[CableId, date]],
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    expected: tuple[int, int | None, bool],
) -> None:
    found = coverage(held, "TALLINN", date(*start), date(*end))
    assert (found.held, found.sent, found.exact) == expected


@given(st.lists(st.tuples(st.integers(1, 3000), st.dates(date(2007, 1, 1), date(2010, 12, 31))), max_size=20), st.dates(date(2007, 1, 1), date(2010, 12, 31)), st.dates(date(2007, 1, 1), date(2010, 12, 31)))  # fmt: skip
def test_never_more_held_than_sent(serials: list[tuple[int, date]], start: date, end: date) -> None:
    found = coverage([(CableId(day.year, "TALLINN", serial), day) for serial, day in serials], "TALLINN", start, end)
    assert found.sent is None or 0 <= found.held <= found.sent


def test_the_sentence_says_no_more_than_is_known() -> None:
    held = Held("TALLINN", "2008-02-06", "2008-09-17", 3, 1240, False)
    assert say_held(held, "Embassy Tallinn") == (
        "Of about 1,240 cables that Embassy Tallinn sent between them, this archive holds 3"
    )
    unknown = msgspec.structs.replace(held, held=0, sent=None)
    assert say_held(unknown) == "How many cables Tallinn sent between them cannot be told; this archive holds none"


# ---- words


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    found = differ(before, after)
    assert "".join(piece for piece, _ in found.before) == before
    assert "".join(piece for piece, _ in found.after) == after


def test_function_words_are_never_marked() -> None:
    found = differ("he welcomed the pipeline", "she would have welcomed a ferry")
    assert [piece for piece, marked in found.before if marked] == ["pipeline"]
    assert [piece for piece, marked in found.after if marked] == ["ferry"]


def test_number_and_tense_make_no_difference() -> None:
    assert telling_words("The pipelines were surveyed") == telling_words("a pipeline, surveys")
    assert overlap({"a", "b"}, {"a", "b", "c"}) == 1.0
    assert overlap({"a"}, {"a"}) == 0.0


# ---- the chart


@pytest.mark.parametrize(
    ("remark", "verdict"),
    [("He then backtracked.", "shifted"), ("He met Vilhena, and he then backtracked.", "not enough evidence"), ("Kallaste met Vilhena and backtracked.", "shifted")],
)  # fmt: skip
def test_a_he_of_the_drafters_is_the_actor_only_where_nobody_else_is_named(remark: str, verdict: str) -> None:
    people = tuple(Entity("person", name, None, None, ()) for name in ("Arvo Kallaste", "Rui Vilhena"))
    before = case("Kallaste [said] {the pipeline needed a second survey}.")
    after = case(
        "Kallaste [spoke of] {ships beside the pipeline}.",
        f"Comment: Kallaste knows the pipeline. {remark}",
        id="08TALLINN402",
        date="2008-09-17",
        entities=people,
    )
    (step,) = make_ledger([before, after], "kallaste", "pipeline").steps
    assert step.verdict == verdict


def test_the_chart_is_valid_xml_with_text_as_text() -> None:
    cases = [
        case("Kallaste [complained] {of the pipeline & the <ships>}-.", "Kallaste [opposed] {every pipeline}-."),
        case("Kallaste [welcomed] {the pipeline}+.", id="08TALLINN402", date="2008-09-17"),
    ]
    held = ids((96, 2008, 2, 6), (402, 2008, 9, 17))
    ledger = make_ledger(cases, "kallaste", "pipeline OR <b>", held=lambda post: held)
    root = ET.fromstring(draw_chart([ledger, ledger]))
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "Arvo Kallaste and Arvo Kallaste on pipeline OR <b>"
    assert {"6 Feb 2008", "17 Sep 2008", "shifted", "0 of 305 Tallinn"} <= set(words)
    assert len(root.findall(".//{http://www.w3.org/2000/svg}title")) > 4


@given(st.text(max_size=40), st.sampled_from([None, "2008", "2008-05", "2008-05-05", "1999-01-01"]))
def test_no_name_or_date_breaks_the_chart(who: str, day: str | None) -> None:
    ledger = make_ledger(
        [case("Kallaste [said] {a pipeline}.", said=day), case("Kallaste [said] {it, pipeline}.")],
        "kallaste",
        "pipeline",
    )
    root = ET.fromstring(draw_chart([msgspec.structs.replace(ledger, who=who, names=(), question=who)]))
    for element in root.iter():
        assert 0 <= float(element.get("x", "0")) <= WIDTH


def test_what_does_not_fit_between_its_neighbours_is_counted() -> None:
    many = "Kallaste [said] {a pipeline}. " * 30
    days = ("2008-02-06", "2008-02-11", "2009-09-17")
    cases = [case(many, id=f"08TALLINN{i}", date=day) for i, day in enumerate(days, 1)]
    svg = draw_chart([make_ledger(cases, "kallaste", "pipeline")])
    assert ">+28<" in svg  # one dot wide, three high, one of them the count
    assert ">+13<" in svg  # six wide


def test_an_empty_ledger_is_drawn_too() -> None:
    assert "No dated statement" in draw_chart([make_ledger([], "kallaste", "pipeline")])


@pytest.mark.parametrize("row", [*(f"| *{v}* | {what} |" for v, what in VERDICTS.items()), *(f"| {k} | {what} |" for k, what in SIGNAL_KINDS.items())])  # fmt: skip
def test_every_verdict_and_signal_is_in_the_docs(row: str) -> None:
    assert row in (ROOT / "docs" / "positions.md").read_text("utf-8")
