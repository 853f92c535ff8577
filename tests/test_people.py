"""Persons across cables: who is one, who stays apart, and what a profile tells."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken import case

from reftel.model import Entity, Mention, Span
from reftel.positions.people import (
    Look,
    Naming,
    Person,
    Sighting,
    find_persons,
    list_persons,
    look_sightings,
    make_profile,
    rename,
    rename_profile,
    the_one,
)


def seen(key: int, name: str, role: str | None = None, country: str | None = None, **more: Any) -> Sighting:
    values = {"date": f"2008-0{key % 9 + 1}-01", "post": "Embassy Tallinn", "mentions": 2, "statements": 1, **more}
    return Sighting(
        key=key, cable=f"08TALLINN{key}", name=name, role=role, country=country, identity=values.pop("identity", None),
        protected=values.pop("protected", False), **values,
    )  # fmt: skip


MINISTER = "Foreign Minister"


@pytest.mark.parametrize(
    ("sightings", "names"),
    [
        # one full name, and its bare surname in the same office, or of the same country
        ([seen(1, "Arvo Kallaste", MINISTER), seen(2, "Kallaste", MINISTER)], ["Arvo Kallaste"]),
        ([seen(1, "Arvo Kallaste", None, "Estonia"), seen(2, "Kallaste", None, "Estonia")], ["Arvo Kallaste"]),
        # nothing that they share: apart
        ([seen(1, "Arvo Kallaste", MINISTER), seen(2, "Kallaste")], ["Arvo Kallaste", "Kallaste"]),
        # another country: apart
        (
            [seen(1, "Arvo Kallaste", MINISTER, "Estonia"), seen(2, "Kallaste", MINISTER, "Latvia")],
            ["Arvo Kallaste", "Kallaste"],
        ),
        # a redaction is nobody: whom two marks hide cannot be told; a name that begins so is one
        ([seen(1, "XXXXXXXXXXXX", MINISTER), seen(2, "xxxxx"), seen(3, "Xixo Xu")], ["Xixo Xu"]),
        # two bearers of the surname: the bare one is neither's
        (
            [seen(1, "Arvo Kallaste", MINISTER), seen(2, "Urmas Kallaste", MINISTER), seen(3, "Kallaste", MINISTER)],
            ["Arvo Kallaste", "Kallaste", "Urmas Kallaste"],
        ),
        # the same full name is one person, in two countries it is two
        ([seen(1, "Arvo Kallaste"), seen(2, "Arvo Kallaste", MINISTER)], ["Arvo Kallaste"]),
        (
            [seen(1, "Arvo Kallaste", None, "Estonia"), seen(2, "Arvo Kallaste", None, "Latvia")],
            ["Arvo Kallaste", "Arvo Kallaste"],
        ),
        # the tables know better than the print
        (
            [seen(1, "Sergey Lavrov", identity="lavrov"), seen(2, "Sergei Lavrov", identity="lavrov")],
            ["Sergey Lavrov"],
        ),
        ([seen(1, "J. Smith", identity="smith-1"), seen(2, "J. Smith", identity="smith-2")], ["J. Smith", "J. Smith"]),
    ],
)
def test_who_is_one_person(sightings: list[Sighting], names: list[str]) -> None:
    assert sorted(person.name for person in list_persons(sightings)) == names
    assert sorted(person.name for person in list_persons(sightings[::-1])) == names


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from(["A B", "B", "C B", "A"]), st.sampled_from(["X", "Y", None])),
        max_size=12,
    )
)
def test_every_sighting_is_of_one_person(found: list[tuple[int, str, str | None]]) -> None:
    persons = list_persons(seen(key, name, "Minister", country) for key, name, country in found)
    assert sum(person.mentions for person in persons) == 2 * len(found)
    assert all(len(person.countries) < 2 for person in persons)


def test_persons_come_by_cables_then_mentions_then_name() -> None:
    persons = list_persons([seen(1, "Ann Bee"), seen(1, "Cy Dee", mentions=9), seen(2, "Eve Fay"), seen(3, "Eve Fay")])
    assert [(p.name, p.cables, p.mentions, p.statements) for p in persons] == [
        ("Eve Fay", 2, 4, 2),
        ("Cy Dee", 1, 9, 1),
        ("Ann Bee", 1, 2, 1),
    ]


def test_offices_run_over_time_with_their_first_cable() -> None:
    sightings = [
        seen(3, "Arvo Kallaste", MINISTER, "Estonia"),
        seen(1, "Arvo Kallaste", "Finance  Minister", "Estonia"),
        seen(5, "Arvo Kallaste", MINISTER, "Estonia"),
    ]
    (person,) = list_persons(sightings)
    assert [(o.role, o.first, o.last, o.cables, o.cable) for o in person.offices] == [
        ("Finance Minister", "2008-02-01", "2008-02-01", 1, "08TALLINN1"),
        (MINISTER, "2008-04-01", "2008-06-01", 2, "08TALLINN3"),
    ]


def test_a_name_that_fits_several_is_nobody_in_particular() -> None:
    found = find_persons([seen(1, "David Miliband"), seen(2, "Ed Miliband")], "miliband")
    assert [person.name for person, _ in found] == ["David Miliband", "Ed Miliband"]
    assert the_one(found) is None
    assert the_one(find_persons([seen(1, "David Miliband"), seen(2, "Ed Miliband")], "ed miliband")) is not None
    assert the_one([]) is None


def test_one_in_far_more_cables_is_meant() -> None:
    many = [seen(key, "Arvo Kallaste", MINISTER, "Estonia") for key in range(1, 10)]
    found = find_persons([*many, seen(20, "Kallaste", None, "Latvia")], "kallaste")
    meant = the_one(found)
    assert meant is not None
    assert meant[0].name == "Arvo Kallaste"
    assert len(found) == 2


def look(key: int) -> Look:
    """A cable in which Kallaste speaks twice, and Maasik is named."""
    entities = (
        Entity(
            "person",
            "Arvo Kallaste",
            MINISTER,
            "Estonia",
            (Mention(Span(0, 8), "name"),),
            evidence="The table has him.",
        ),
        Entity("person", "Triin Maasik", None, "Estonia", (Mention(Span(0, 8), "name"),)),
        Entity("organisation", "NATO", None, None, (Mention(Span(0, 8), "name"),)),
    )
    spoken = case("Kallaste [said] {no}. He [welcomed] {it}.", entities=entities, speakers=(0,))
    return Look(key, f"08TALLINN{key}", "2008-02-06", "Embassy Tallinn", spoken.findings)


def test_a_profile_tells_years_posts_company_and_kinds() -> None:
    looks = [look(1), look(2)]
    ((person, sightings),) = find_persons([one for each in looks for one in look_sightings(each)], "kallaste")
    profile = make_profile(person, sightings, looks)
    assert profile.years == (("2008", 2, 2),)
    assert profile.reported_by == (("Embassy Tallinn", 2),)
    assert profile.with_whom == (("Triin Maasik", 2),)
    assert profile.kinds == (("indirect", 4),)
    assert profile.evidence == (("The table has him.", "08TALLINN1"),)


def test_a_protected_name_is_nowhere_in_what_is_given_away() -> None:
    looks = [look(1)]
    ((person, sightings),) = find_persons([one for each in looks for one in look_sightings(each)], "kallaste")
    profile = make_profile(person, sightings, looks)
    hidden = rename_profile(profile, hide("kallaste", "arvo kallaste"))
    assert (hidden.person.name, hidden.person.names, hidden.evidence) == ("P1", ("P1",), ())
    assert rename_profile(profile, hide()) == profile
    assert rename(person, hide()) == person


def hide(*names: str) -> Naming:
    return lambda name, surely: "P1" if surely or name.lower() in names else name


@pytest.mark.parametrize(
    ("identity", "protected", "hidden", "names"),
    [
        (None, False, (), ("Tamm", "Osk Tamm")),
        (None, True, ("tamm",), ("P1",)),  # else "P1" would stand beside its true name
        (None, False, ("tamm",), ("P1",)),
        (None, True, (), ("P1",)),
        ("osk-tamm", True, ("tamm",), ("Osk Tamm",)),
        ("osk-tamm", True, ("tamm", "osk tamm"), ("P1",)),
        ("osk-tamm", True, ("osk tamm",), ("P1",)),
    ],
)
def test_no_name_tells_whose_pseudonym_another_is(
    identity: str | None, protected: bool, hidden: tuple[str, ...], names: tuple[str, ...]
) -> None:
    person = Person("Osk Tamm", ("Tamm", "Osk Tamm"), identity, protected, (), (), 2, 2, 0, None, None)
    renamed = rename(person, hide(*hidden))
    assert (renamed.names, renamed.name) == (names, "Osk Tamm" if "Osk Tamm" in names else "P1")
    assert renamed.identity == (None if "P1" in names else identity)
