"""The year of a reference that prints none: that of the citing cable, unless its number is too high."""

from __future__ import annotations

from typing import NamedTuple

from reftel.tables import find_post


class RefContext(NamedTuple):
    """What is known of the citing cable: year (four digits), month, id key of its post, serial."""

    year: int | None
    month: int | None
    post: str | None
    serial: int | None


# Telegrams of the Department a year, read off the highest numbers seen; earlier years ran higher.
_STATE_A_YEAR = {
    2001: 215_000,
    2002: 270_000,
    2003: 340_000,
    2004: 275_000,
    2005: 232_000,
    2006: 205_000,
    2007: 172_000,
    2008: 136_000,
    2009: 133_000,
    2010: 125_000,
}
_STATE_BEFORE_2001 = 430_000  # 90STATE253201 is of July
_STATE_MARGIN = 1.2
_VOLUME_MARGIN = 1.05
# Telegrams a month of the busiest posts: Beijing passed 23,000 in 2006, nobody 5,000 from 2008 on.
_BUSIEST_A_MONTH = 2_100
_BUSIEST_A_MONTH_FROM_2008 = 450
_BUSY_A_MONTH = 400
_START_OF_YEAR = 2
_STATE = "STATE"
# No other station reaches this number in a year.
_ONLY_STATE = 30_000  # 04THEHAGUE3156


def possible_years(post: str, serial: int, context: RefContext) -> tuple[int, ...]:
    """The years a reference that prints none may be of: one if its number settles it, else two.

    None at all if the citing cable's own year is not known.
    Serials restart on 1 January, so a number too high for the month is last year's: MEXICO 3617 cited by
    10MEXICO41 is of 2009. A number a little above the citing cable's own may be a neighbour of the same day.
    """
    year = context.year
    if year is None:
        return ()
    if post == context.post and context.serial is not None:
        return _of_own_post(serial, context.serial, context.month, year)
    if post == _STATE:
        return _of_state(serial, context.month, year)
    return _of_other_post(post, serial, context.month, year)


def station_of_bare_number(serial: int, context: RefContext) -> str | None:
    """The station meant by a number with none: "REF: 239012" is STATE's, no post counts so far."""
    if context.post == _STATE or serial >= _ONLY_STATE:
        return _STATE
    return None


def _of_own_post(serial: int, own: int, month: int | None, year: int) -> tuple[int, ...]:
    excess = serial - own
    a_day = own / _days(month)
    if excess <= max(_NEIGHBOURS, _DAYS_AHEAD * a_day):
        return (year,)
    # A slip of a digit is as likely as last year where the number is only a little too high, or is too high
    # for a whole year of the post.
    a_year = a_day * 365
    if excess <= own * _SLIP or (month is not None and month >= _MONTH_OF_TREND and serial > _OUTLIER * a_year):
        return (year, year - 1)
    return (year - 1,)


# A cable may cite one drafted before it and sent after it (09BRASILIA1411 cites 1412).
_NEIGHBOURS = 5
_DAYS_AHEAD = 2
_SLIP = 0.05
_MONTH_OF_TREND = 3
_OUTLIER = 2


def _days(month: int | None) -> float:
    """Days of the year gone by in the middle of the month."""
    return 30.4 * (month if month is not None else 12) - 15


def _of_state(serial: int, month: int | None, year: int) -> tuple[int, ...]:
    share = (month if month is not None else 12) / 12
    if serial <= _state_volume(year) * share * _STATE_MARGIN:
        return (year,)
    if serial <= _state_volume(year - 1) * _VOLUME_MARGIN:
        return (year - 1,)
    return (year, year - 1)


def _state_volume(year: int) -> int:
    if year <= 2000:
        return _STATE_BEFORE_2001
    return _STATE_A_YEAR[min(year, max(_STATE_A_YEAR))]


def _of_other_post(post: str, serial: int, month: int | None, year: int) -> tuple[int, ...]:
    months = month if month is not None else 12
    busiest = _BUSIEST_A_MONTH if year < 2008 else _BUSIEST_A_MONTH_FROM_2008
    if serial > busiest * months and find_post(post) is None:
        return (year, year - 1) if months <= _START_OF_YEAR else (year,)  # SECDEF may send as many as STATE
    if serial > busiest * months:
        return (year - 1,)
    # In January only the busiest posts are beyond 400, and then it is open.
    if months == 1 and serial > _BUSY_A_MONTH and year < 2008:
        return (year, year - 1)
    return (year,)
