"""What an archive holds by post and month, and what the serials tell of how much was sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import new_archive, shared_archive, write_telegram

from reftel.archive.holdings import Holdings, Month, Year, read_holdings
from reftel.errors import ReftelError
from reftel.workbench import Archive

# id and day of cables of one post and year; the posts stand in ORIGINS.
CABLES = {
    # a steady year, with a slip in the middle (a digit too many) and its last day held
    "08TALLINN80": "2008-02-05",
    "08TALLINN200": "2008-03-30",
    "08TALLINN3010": "2008-05-14",
    "08TALLINN300": "2008-05-15",
    "08TALLINN400": "2008-06-28",
    "08TALLINN402": "2008-06-30",
    "08TALLINN810": "2008-12-31",
    # a year of one cable, early: nothing can be told
    "09TALLINN7": "2009-01-09",
    # the archive ends with this one
    "10RIGA90": "2010-02-10",
    # a post under two stations in one year
    "06KIEV1261": "2006-03-31",
    "06KYIV2600": "2006-07-04",
    # an id of another year than the date
    "07RIGA12": "2008-11-03",
    # of a delegation, whose serials begin anew with each journey
    "06PARTO9": "2006-05-20",
    "06PARTO3": "2006-09-20",
    # the mission to the Union under the id of the embassy
    "04BRUSSELS1868": "2004-05-03",
}
ORIGINS = {
    "TALLINN": "Embassy Tallinn",
    "RIGA": "Embassy Riga",
    "KIEV": "Embassy Kyiv",
    "KYIV": "Embassy Kyiv",
    "PARTO": "US Delegation, Secretary",
    "BRUSSELS": "USEU Brussels",
}


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_record(path: Path, name: str, day: str, origin: str) -> Path:
    """A record of the dump without a header of its own, invented."""
    year, month, date = day.split("-")
    path.write_text(
        f"{name}\nNOTE {name}\nMon {MONTHS[int(month) - 1]} {date} 00:00:00 +0100 {year}\nUNCLASSIFIED\n{origin}\n"
        f"UNCLAS\n\nSUBJECT: NOTE {name}\n\n1. (U) This is the note {name}, and it says nothing else.\n\nHALVORSEN\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("holdings")
    paths = [
        write_record(folder / f"{name}.txt", name, day, ORIGINS[name[2:].rstrip("0123456789")])
        for name, day in CABLES.items()
    ]
    paths.append(write_record(folder / "unknown.txt", "08ATLANTIS5", "2008-01-05", "Embassy Atlantis"))
    undated = write_record(folder / "undated.txt", "08TALLINN5", "2008-01-05", "Embassy Tallinn")
    undated.write_text(undated.read_text("utf-8").replace("Mon Jan 05", "Mon Jan 45"), encoding="utf-8")
    made = new_archive(folder)
    made.add([*paths, undated], reader="dump", workers=0, extract=False)
    made.add(write_telegram(folder / "senderless.txt", 12), workers=0, extract=False)
    return made


def year_of(archive: Archive, post: str, year: int) -> Year:
    return next(one for one in archive.holdings_of(post).years if one.year == year)


def month_of(year: Year, number: int) -> Month:
    return next(one for one in year.months if one.month == f"{year.year}-{number:02}")


def test_a_year_has_what_is_held_and_what_its_serials_tell(archive: Archive) -> None:
    year = year_of(archive, "TALLINN", 2008)
    assert (year.held, year.sent) == (7, 810)
    assert (year.lowest, year.highest, year.until) == (80, 810, "2008-12-31")


def test_a_serial_with_a_digit_too_many_counts_as_held_and_for_nothing_else(archive: Archive) -> None:
    year = year_of(archive, "TALLINN", 2008)
    assert (year.odd, year.exact) == (1, False)
    assert month_of(year, 5) == Month("2008-05", 2, 69, False, 300, 300)


def test_a_month_without_a_cable_is_told_too_if_it_can_be_reckoned(archive: Archive) -> None:
    year = year_of(archive, "TALLINN", 2008)
    assert [month.month[5:] for month in year.months] == [f"{number:02}" for number in range(1, 13)]
    assert month_of(year, 7) == Month("2008-07", 0, 69, False, None, None)
    assert sum(month.sent or 0 for month in year.months) == year.sent


def test_one_cable_of_early_january_tells_nothing_of_the_year(archive: Archive) -> None:
    year = year_of(archive, "TALLINN", 2009)
    assert (year.held, year.sent, year.until) == (1, None, None)
    assert year.months == (Month("2009-01", 1, None, False, 7, 7),)


def test_nothing_is_reckoned_beyond_the_last_day_that_is_held(archive: Archive) -> None:
    year = year_of(archive, "RIGA", 2010)
    assert (year.sent, year.exact, year.until) == (90, True, archive.holdings().last)
    assert [month.month for month in year.months] == ["2010-01", "2010-02"]


def test_a_post_that_changed_its_station_counts_on(archive: Archive) -> None:
    kyiv = archive.holdings_of("KIEV")
    assert (kyiv.name, kyiv.key, kyiv.country) == ("Embassy Kyiv", "KYIV", "Ukraine")
    assert [(year.held, year.lowest, year.highest) for year in kyiv.years] == [(2, 1261, 2600)]


def test_a_cable_without_date_is_counted_apart(archive: Archive) -> None:
    tallinn = archive.holdings_of("tallinn")
    assert (tallinn.held, tallinn.undated, tallinn.unnumbered) == (9, 1, 0)


@pytest.mark.parametrize("post", ["RIGA", "USEU BRUSSELS", "Embassy Atlantis"])
def test_an_id_of_another_year_or_post_tells_no_serial(archive: Archive, post: str) -> None:
    found = archive.holdings_of(post)
    assert found.unnumbered == 1
    assert found.years[0].sent is None


def test_the_journeys_of_a_delegation_are_not_counted_together(archive: Archive) -> None:
    assert [(year.held, year.sent) for year in archive.holdings_of("PARTO").years] == [(2, None)]


def test_a_cable_whose_sender_nobody_tells_is_counted_apart(archive: Archive) -> None:
    holdings = archive.holdings()
    assert (holdings.cables, holdings.senderless) == (18, 1)
    assert (holdings.first, holdings.last) == ("2004-05-03", "2010-02-10")


def test_posts_are_in_order_of_their_names(archive: Archive) -> None:
    names = [post.name for post in archive.holdings().posts]
    assert names == sorted(names)
    assert "Embassy Atlantis" in names


@pytest.mark.parametrize("post", ["Embassy London", "nowhere", "", "x" * 500])
def test_a_post_of_which_nothing_is_held_is_told_in_a_sentence(archive: Archive, post: str) -> None:
    with pytest.raises(ReftelError, match="holds no cable"):
        archive.holdings_of(post)


def test_an_empty_archive_holds_nothing_of_anybody(tmp_path: Path) -> None:
    assert new_archive(tmp_path).holdings() == Holdings(0, 0, None, None, ())


def test_an_id_that_cannot_be_right_does_no_harm(archive: Archive, tmp_path: Path) -> None:
    """Ids come out of damaged texts: whatever is in the table, the others are counted."""
    made = new_archive(tmp_path)
    with made.store.transaction():
        for i, name in enumerate(("", "08", "TALLINN", "08TALLINN", f"08TALLINN{'9' * 400}", "08TALLINN٣", None), 1):
            made.store.execute(
                "INSERT INTO cables(key, id, lead, changed, date, post) VALUES(?, ?, ?, ?, ?, ?)",
                (i, name, i, i, "2008-02-05", "Embassy Tallinn"),
            )
    assert [(post.held, post.unnumbered) for post in made.holdings().posts] == [(7, 7)]


@pytest.mark.parametrize("which", ["demo", "invented"])
def test_the_parts_make_up_the_whole(archive: Archive, which: str) -> None:
    holdings = read_holdings((shared_archive() if which == "demo" else archive).store)
    assert sum(post.held for post in holdings.posts) + holdings.senderless == holdings.cables
    for post in holdings.posts:
        assert sum(year.held for year in post.years) + post.undated == post.held
        for part in post.years:
            assert sum(month.held for month in part.months) == part.held
            for told in (part, *part.months):
                assert told.sent is None or told.sent >= told.held


def test_the_demo_collection_is_counted_by_post() -> None:
    held = {post.key: post for post in shared_archive().holdings().posts}
    assert {"TALLINN", "LISBON", "STATE", "USNATO", "USUNNEWYORK"} <= set(held)
    assert held["TALLINN"].held == shared_archive().count("from:tallinn")
