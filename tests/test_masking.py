"""Masking: protected persons leave no trace in a record, and every span stays true."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_names import HEAD, cable_of

from reftel.extract import extract
from reftel.masking import mask_cable, pseudonym
from reftel.model import Cable, Entity, Findings

SECRET = "0123456789abcdef"
NAMES = (
    "Peeter Ojaland", "Leena Raudvere", "Jan van der Meulen", "Adil al-Rashwan", "Wi Dong-hwa", "Marc Sa'adi", "Tomas Hill",
    "Jean-Marie Roux-Lacour", "P. Raghunathan", "Bjørn Sætervik",
)  # fmt: skip
TEXT = (
    "{name} (strictly protect) told us that {last} would resign. {title} {last} said so again, and {upper} wrote it down. "
    "The {last}-Vihalem plan failed; \n{last}'s friends, as the ministry calls them, were not asked about {broken}."
)


def is_protected(entity: Entity) -> bool:
    return entity.protected


def masked(cable: Cable) -> tuple[Cable, Findings, Findings]:
    findings = extract(cable)
    return (*mask_cable(cable, findings, is_protected, SECRET), findings)


def cable_about(name: str) -> Cable:
    words = name.split()
    text = TEXT.format(name=name, last=words[-1], upper=name.upper(), title="Minister", broken=" \n".join(words))
    head = HEAD.replace(
        "SUBJECT: QUIET",
        f"SUBJECT: WHAT {name.upper()} SAID\n\nClassified By: Poloff {name} for reasons 1.4 (b) and (d).",
    )
    return cable_of(text, head, f"\n\n{words[-1].upper()}\n")


def survivors(name: str, cable: Cable, findings: Findings) -> list[str]:
    """The words of a name that stand as words anywhere in the encoded records."""
    encoded = (msgspec.json.encode(cable) + msgspec.json.encode(findings)).decode().replace("\\n", "\n")
    runs = [run for word in name.split() for run in re.findall(r"[^\W\d_]+", word) if len(run) > 1 and run[0].isupper()]
    forms = {form for run in runs for form in (run, run.upper())}
    return [form for form in forms if re.search(rf"(?<![^\W\d_]){re.escape(form)}(?![^\W\d_])", encoded)]


@given(st.sampled_from(NAMES))
def test_no_word_of_a_protected_name_survives(name: str) -> None:
    cable = cable_about(name)
    new, found, findings = masked(cable)
    assert any(e.protected and e.name == name for e in findings.entities)
    assert survivors(name, cable, findings)
    assert survivors(name, new, found) == []


@given(st.sampled_from(NAMES))
def test_lengths_and_so_all_spans_are_kept(name: str) -> None:
    cable = cable_about(name)
    new, found, findings = masked(cable)
    assert len(new.text) == len(cable.text)
    assert [i for i, c in enumerate(new.text) if c == "\n"] == [i for i, c in enumerate(cable.text) if c == "\n"]
    assert new.segments == cable.segments
    assert "".join(s.span.of(new.text) for s in new.segments) == new.text
    assert [p.spans for p in new.paragraphs] == [p.spans for p in cable.paragraphs]
    assert [e.mentions for e in found.entities] == [e.mentions for e in findings.entities]
    assert [s.content for s in found.statements] == [s.content for s in findings.statements]


@given(st.sampled_from(NAMES))
def test_masking_twice_is_masking_once(name: str) -> None:
    new, found, _ = masked(cable_about(name))
    assert mask_cable(new, found, is_protected, SECRET) == (new, found)


def test_a_name_has_one_pseudonym_in_an_archive_and_another_in_the_next() -> None:
    one = pseudonym("Peeter Ojaland", SECRET)
    assert re.fullmatch(r"[A-Z][a-z]\d[a-z]", one)
    assert pseudonym("PEETER  OJALAND", SECRET) == one
    assert pseudonym("Peeter Ojaland", SECRET + "x") != one
    assert pseudonym("Leena Raudvere", SECRET) != one
    assert pseudonym(one, SECRET) == one


def test_the_findings_speak_of_the_pseudonym() -> None:
    cable = cable_about("Peeter Ojaland")
    _, found, _ = masked(cable)
    (person,) = [e for e in found.entities if e.protected]
    assert person.name == pseudonym("Peeter Ojaland", SECRET)
    assert (person.identity, person.candidates, person.evidence) == (None, (), None)


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("Osk Tamm (protect) met his wife Eva Tamm.", ["Osk", "Tamm", "Eva"], ["his wife"]),
        ("Osk Tamm (protect) wrote from osk.tamm@port.example.", ["tamm"], ["wrote from", "."]),
        ("Osk Tamm (protect) wrote from clerk@port.example.", ["Tamm"], ["clerk@port.example."]),
        (
            "Osk T\u00e4mm (protect) left. Tamm wrote; TAMM and T\u00c4MM are one.",
            ["mm ", "AMM", "\u00c4MM"],
            ["are one"],
        ),
        ("Osk Ben Tamm (protect) said it was late.", ["Osk", "Tamm"], ["said it was late"]),
        ("Peeter Ojaland and Tarmo Vihalem (both strictly protect) left.", ["Ojaland", "Tarmo"], [" and "]),
    ],
)
def test_what_would_tell_the_name_goes_too(text: str, gone: list[str], left: list[str]) -> None:
    new, _, _ = masked(cable_of(text))
    body = new.text[new.text.index("1. (C)") :]
    assert [word for word in gone if word in body] == []
    assert all(word in body for word in left), body


def test_a_namesake_has_a_pseudonym_of_its_own() -> None:
    _, found, _ = masked(cable_of("Osk Tamm (protect) met Deputy Minister Eva Tamm in Oslo."))
    assert {e.name for e in found.entities if e.kind == "person"} == {
        pseudonym("Osk Tamm", SECRET),
        pseudonym("Eva Tamm", SECRET),
    }


def test_without_protected_persons_nothing_changes() -> None:
    cable = cable_of("Foreign Minister Arvo Kallaste wanted to protect civilians.")
    findings = extract(cable)
    assert mask_cable(cable, findings, is_protected, SECRET) == (cable, findings)


def test_a_redaction_stays_as_it_is() -> None:
    cable = cable_of("XXXXXXXXXXXX (strictly protect) told us that nothing had changed.")
    new, found, findings = masked(cable)
    assert any(e.protected for e in findings.entities)
    assert (new, found) == (cable, findings)


def test_a_bare_office_is_masked_where_it_stands_and_nowhere_else() -> None:
    cable = cable_of("The UK ambassador (please protect) left. An ambassador in the UK is busy.")
    new, _, _ = masked(cable)
    assert "UK ambassador" not in new.text
    assert "An ambassador in the UK is busy." in new.text


def test_an_everyday_word_in_small_letters_is_no_name() -> None:
    cable = cable_of("Tomas Hill (protect) met us on a hill. Hill was late. HILL WAS EARLY.")
    new, _, _ = masked(cable)
    assert "on a hill." in new.text
    assert "Hill" not in new.text
    assert "HILL" not in new.text


def test_a_person_whom_the_archive_protects_is_masked_in_a_cable_that_does_not_ask() -> None:
    cable = cable_of("Peeter Ojaland told Foreign Minister Arvo Kallaste that nothing had changed.")
    findings = extract(cable)
    new, _ = mask_cable(cable, findings, lambda entity: entity.name == "Peeter Ojaland", SECRET)
    assert "Ojaland" not in new.text
    assert "Foreign Minister Arvo Kallaste" in new.text
