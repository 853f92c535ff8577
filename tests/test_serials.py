"""What serials tell of how many cables a post sent, and which of them are not to be believed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.serials import believable, day_of_year, in_line, in_place, sent_between

Serials = list[tuple[int, int]]  # day of the year, serial
STEADY: Serials = [(36, 80), (90, 200), (135, 300), (180, 400), (270, 600)]
SERIALS = st.lists(st.tuples(st.integers(1, 366), st.integers(1, 99_999_999)), max_size=30)


def test_the_days_of_a_year_begin_with_1() -> None:
    assert [day_of_year(date(2008, *day)) for day in ((1, 1), (2, 29), (12, 31))] == [1, 60, 366]


@pytest.mark.parametrize(
    ("serials", "wrong"),
    [
        (STEADY, []),
        # a digit too many, early, in the middle and last
        ([*STEADY, (20, 4400)], [(20, 4400)]),
        ([*STEADY, (136, 3010)], [(136, 3010)]),
        ([*STEADY, (350, 7700)], [(350, 7700)]),
        # a digit too few
        ([*STEADY, (269, 59)], [(269, 59)]),
        # twice the pace may be a busy year's end
        ([*STEADY, (350, 1400)], []),
        # a slow January of a post that sends many (10STATE284), and a quick one of a post that sends few
        ([(4, 284), (32, 9939), (50, 15082)], []),
        ([(5, 2), (15, 44), (34, 108), (200, 250)], []),
        # two that contradict each other: nobody knows which of them is wrong
        ([(60, 50), (150, 5000)], [(60, 50), (150, 5000)]),
        ([(60, 50)], []),
        ([], []),
    ],
)
def test_a_serial_far_from_the_pace_of_the_others_is_not_believed(serials: Serials, wrong: Serials) -> None:
    assert believable(serials) == sorted(set(serials) - set(wrong))


@pytest.mark.parametrize(
    ("serials", "expected"),
    [
        ([(1, 3), (2, 5), (3, 5), (9, 8)], [(1, 3), (2, 5), (3, 5), (9, 8)]),
        ([(1, 3), (2, 9), (3, 5), (9, 8)], [(1, 3), (3, 5), (9, 8)]),
        ([(1, 9), (2, 1), (3, 2)], [(2, 1), (3, 2)]),
        ([], []),
    ],
)
def test_what_was_sent_late_stands_out_of_line(serials: Serials, expected: Serials) -> None:
    assert in_line(serials) == expected


@pytest.mark.parametrize(
    ("serials", "out_of_place"),
    [
        (STEADY, []),
        # a day or two late
        ([*STEADY, (137, 298)], []),
        ([*STEADY, (260, 250)], [(260, 250)]),
        # a post that counts in two rows at once
        ([*STEADY, (225, 500), (140, 180), (190, 290)], [(140, 180), (190, 290)]),
        # behind the last by the pace of the year; in January there is none
        ([(5, 10), (6, 30), (7, 20), (8, 25)], []),
    ],
)
def test_what_stands_more_than_a_week_from_its_place_is_found(serials: Serials, out_of_place: Serials) -> None:
    believed = believable(serials)
    assert believed == sorted(serials)
    assert in_place(believed, in_line(believed)) == sorted(set(serials) - set(out_of_place))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # held at both ends
        (37, 90, (120, True)),
        (1, 36, (80, True)),
        # the day behind the last is held too: what it begins with ends the day before
        (37, 89, (119, True)),
        # even between two that are held
        (37, 63, (60, False)),
        (1, 18, (40, False)),
        # behind the last one at the pace of the year
        (271, 360, (200, False)),
        # a stretch without any
        (91, 91, (2, False)),
    ],
)
def test_how_many_were_sent_between_two_days(first: int, last: int, expected: tuple[int, bool]) -> None:
    assert sent_between(STEADY, first, last) == expected


@pytest.mark.parametrize("known", [[], [(20, 40)]])
def test_too_little_tells_nothing(known: Serials) -> None:
    assert sent_between(known, 40, 60) == (None, False)


@given(SERIALS)
def test_a_row_never_falls_and_invents_nothing(serials: Serials) -> None:
    row = in_line(believable(serials))
    assert set(row) <= set(serials)
    assert [serial for _, serial in row] == sorted(serial for _, serial in row)
    assert [day for day, _ in row] == sorted(day for day, _ in row)


@given(SERIALS, st.integers(1, 366), st.integers(1, 366), st.integers(1, 366))
def test_the_parts_of_a_stretch_make_up_the_whole(serials: Serials, one: int, two: int, three: int) -> None:
    known = in_line(believable(serials))
    first, middle, last = sorted((one, two, three))
    whole, before, after = (
        sent_between(known, *ends)[0] for ends in ((first, last), (first, middle), (middle + 1, last))
    )
    if middle < last and None not in (whole, before, after):
        assert before + after == whole


@given(st.lists(st.integers(1, 366), min_size=5, max_size=40, unique=True), st.integers(2, 40), st.data())
def test_one_serial_ten_times_too_big_does_not_blow_the_estimate_up(
    days: list[int], pace: int, data: st.DataObject
) -> None:
    right = [(day, day * pace) for day in days]
    spoilt = data.draw(st.sampled_from(right))
    wrong = [(day, serial * 10 if (day, serial) == spoilt else serial) for day, serial in right]
    sent, _ = sent_between(in_line(believable(wrong)), 1, 366)
    assert sent is None or sent <= 366 * pace * 3 + 50
