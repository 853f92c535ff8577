"""What an endpoint takes: the schema of each parameter, and its value out of a request. What the schema forbids is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from starlette.requests import Request

from reftel.model import Record
from reftel.query.dates import read_date
from reftel.web.api.cursors import CURSOR
from reftel.web.problems import BadRequestError, RoomError

LONGEST = 4_000  # characters of a text
LONGEST_ADDRESS = 60_000  # bytes of what stands behind the "?"
# Every day that there was, of the years that ids may have (cite.full_year)
_YEAR = r"(19(6[6-9]|[7-9][0-9])|20([0-3][0-9]|40))"
_DAYS = r"(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_LEAP = r"(19(68|7[26]|8[048]|9[26])|20([02][048]|[13][26]|40))-02-29"
_DATE = rf"^({_YEAR}(-({_DAYS}))?|{_LEAP})$"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


class Parameter(Record, frozen=True):
    """One parameter of an endpoint.

    kind: text, query (of the query language), name (a word of `choices`), names (several of them, with commas), number, flag, date, cursor or
    path (a part of the path). example: as it stands in an address; of a cursor there is none. low, high: the bounds of a number. default:
    what holds where it is not given; None if nothing does.
    """

    name: str
    kind: str
    meaning: str
    example: str
    required: bool = False
    default: str | int | bool | None = None
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def place(self) -> str:
        """Where it stands, as OpenAPI has it."""
        return "path" if self.kind == "path" else "query"


class ParameterError(BadRequestError):
    """A parameter that an endpoint does not take, or not so."""

    code, title = "parameter", "A parameter cannot be read"


class DatesError(BadRequestError):
    """Two days the wrong way round."""

    code, title = "dates", "The dates are the wrong way round"


class LongAddressError(RoomError):
    """An address that is longer than any parameters could make it."""

    status, code, title = 414, "long-address", "The address is too long"


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """The JSON Schema of its value."""
    match parameter.kind:
        case "number":
            found: dict[str, Any] = {"type": "integer", "minimum": parameter.low, "maximum": parameter.high}
        case "flag":
            found = {"type": "boolean"}
        case "name":
            found = {"type": "string", "enum": [*parameter.choices]}
        case "names":
            items = {"type": "string", "enum": [*parameter.choices]}
            found = {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
        case "date":
            found = {"type": "string", "pattern": _DATE}
        case "cursor":
            found = {"type": "string", "pattern": CURSOR}
        case "query":
            found = {"type": "string", "minLength": 1, "maxLength": LONGEST, "format": "reftel-query"}
        case _:
            found = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    return found | ({"default": parameter.default} if parameter.default is not None else {})


def read_parameters(parameters: Iterable[Parameter], request: Request) -> dict[str, Any]:
    """The value of each parameter, by name; of one that is not given, its default. ParameterError says what is wrong with which."""
    known = {parameter.name: parameter for parameter in parameters}
    if len(request.url.query) > LONGEST_ADDRESS:
        raise LongAddressError(
            f"What stands behind the ? is longer than {LONGEST_ADDRESS:,} bytes.", "Ask for less at once."
        )
    given = dict(request.path_params)
    for name, text in request.query_params.multi_items():
        if name not in known or known[name].place == "path":
            raise ParameterError(f"There is no parameter {name!r} here.", _say_known(known.values()))
        if name in given:
            raise ParameterError(f"{name} is given more than once.", "Give it once.")
        given[name] = text
    for parameter in known.values():
        if parameter.required and parameter.name not in given:
            raise ParameterError(f"{parameter.name} is missing.", f"Give it, such as {_example(parameter)}.")
    return {
        name: _read(parameter, given[name]) if name in given else parameter.default for name, parameter in known.items()
    }


def read_days(values: dict[str, Any]) -> tuple[date | None, date | None]:
    """The first day of `date_from` and the last of `date_to`, None where it is not given."""
    low, high = values["date_from"], values["date_to"]
    if low is not None and high is not None and low[0] > high[1]:
        raise DatesError("date_from lies behind date_to.", "Exchange the two.")
    return (low[0] if low is not None else None, high[1] if high is not None else None)


def _read(parameter: Parameter, text: str) -> Any:
    match parameter.kind:
        case "number":
            if not _NUMBER.fullmatch(text) or not parameter.low <= int(text) <= parameter.high:
                raise _slip(parameter, text, f"Give a whole number from {parameter.low:,} to {parameter.high:,}.")
            return int(text)
        case "flag":
            if text not in ("true", "false"):
                raise _slip(parameter, text, "Give true or false.")
            return text == "true"
        case "name":
            if text not in parameter.choices:
                raise _slip(parameter, text, f"Give one of: {', '.join(parameter.choices)}.")
        case "names":
            return _read_names(parameter, text)
        case "date":
            days = read_date(text) if re.fullmatch(_DATE, text) else None
            if days is None:
                raise _slip(
                    parameter,
                    text,
                    "Give a year from 1966 to 2040, a month or a day of it: 2008, 2008-12 or 2008-12-18.",
                )
            return days
        case "cursor":
            if not re.fullmatch(CURSOR, text):
                raise _slip(parameter, text, "Give what the page before has as `next`, or leave it out.")
        case "path":
            return text
        case _:
            if not 1 <= len(text) <= LONGEST:
                raise _slip(parameter, text, f"Give between 1 and {LONGEST:,} characters.")
    return text


def _read_names(parameter: Parameter, text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if not set(names).issubset(parameter.choices) or len(set(names)) < len(names):
        known = ", ".join(parameter.choices)
        raise _slip(parameter, text, f"Give some of these, each once and with commas between: {known}.")
    return names


def _slip(parameter: Parameter, text: str, remedy: str) -> ParameterError:
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return ParameterError(f"{parameter.name} is {shown!r}.", remedy)


def _example(parameter: Parameter) -> str:
    return f"{parameter.name}={parameter.example}"


def _say_known(parameters: Iterable[Parameter]) -> str:
    names = ", ".join(one.name for one in parameters if one.place == "query")
    return f"Known are: {names}." if names else "It takes none. Leave it out."
