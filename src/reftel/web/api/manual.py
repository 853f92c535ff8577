"""The page on the API: each endpoint with its parameters, an example that can be clicked, and the same for curl."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from reftel.web.api.document import COMMON, ERRORS
from reftel.web.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from reftel.web.api.parameters import Parameter
from reftel.web.places import address_segment
from reftel.web.rendering import render
from reftel.workbench import Archive


class Described(NamedTuple):
    """An endpoint on the page. parameters: each with the values it takes, in words. example: a path with parameters. errors: status -> meaning."""

    endpoint: Endpoint
    parameters: list[tuple[Parameter, str]]
    example: str
    errors: dict[int, str]


async def show_manual(request: Request) -> Response:
    """The page. The examples ask for a cable that is in the archive."""
    address = await request.app.state.room.run(_first_address)
    described = [describe(endpoint, address) for endpoint in ENDPOINTS]
    common = {status: ERRORS[status] for status in COMMON}
    return render(
        request, "api.html", described=described, common=common, prefix=PREFIX, base=str(request.base_url).rstrip("/")
    )


def describe(endpoint: Endpoint, address: str) -> Described:
    """What the page says of an endpoint. address: of a cable, for the example."""
    examples = {
        one.name: one.example for one in endpoint.parameters if one.name in endpoint.asked and one.place == "query"
    }
    path = PREFIX + endpoint.path.replace("{id}", address_segment(address))
    asked = f"?{urlencode(examples, quote_via=quote, safe=',:')}" if examples else ""
    parameters = [(one, say_values(one)) for one in endpoint.parameters]
    return Described(endpoint, parameters, path + asked, {status: ERRORS[status] for status in endpoint.errors})


def say_values(parameter: Parameter) -> str:
    """The values of a parameter in words."""
    default = f"; `{str(parameter.default).lower()}` if it is not given" if parameter.default is not None else ""
    match parameter.kind:
        case "number":
            said = f"a whole number from {parameter.low:,} to {parameter.high:,}"
        case "flag":
            said = "`true` or `false`"
        case "name":
            said = f"one of {_listed(parameter)}"
        case "names":
            said = f"some of {_listed(parameter)}, with commas between"
        case "date":
            said = "`2008`, `2008-12` or `2008-12-18`"
        case "query":
            said = "a query"
        case "cursor":
            said = "a cursor"
        case "path":
            said = "a part of the path"
        case _:
            said = "a text"
    return said + default


def _listed(parameter: Parameter) -> str:
    return ", ".join(f"`{name}`" for name in parameter.choices)


def _first_address(archive: Archive) -> str:
    keys = archive.store.column(
        "SELECT key FROM cables WHERE lead IS NOT NULL AND id IS NOT NULL ORDER BY date, key LIMIT 1"
    )
    return (archive.addresses(keys) or ["09LONDON2499"])[0]
