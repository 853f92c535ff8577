"""The OpenAPI 3.1 document, made from ENDPOINTS."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from reftel.exports.record import told_fields
from reftel.web.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from reftel.web.api.parameters import Parameter, schema_of
from reftel.web.problems import Problem

_REF = "#/components/schemas/{name}"
# Errors of every endpoint; those of some stand in their rows
COMMON = (400, 401, 403, 405, 414, 421, 429, 500)
ERRORS = {
    400: "A parameter is missing, unknown, given twice or out of bounds (`parameter`); a query cannot be read (`query`, with its place in `at`); "
    "a cursor is another list's (`cursor`); two dates are the wrong way round (`dates`); or what is asked cannot be done (`request`).",
    401: "Here one has to log in (`login`): a program sends a token as `Authorization: Bearer ...`.",
    403: "Whoever asks may not (`forbidden`), or what is asked would tell who a protected source is (`protected`).",
    404: "There is no such cable, paragraph or person (`not-found`).",
    405: "Another method than GET, HEAD or OPTIONS (`method`). The header Allow lists those that there are.",
    409: "What is named fits several (`ambiguous`); `candidates` has what names each of them.",
    414: "The address is longer than any parameters could make it (`long-address`).",
    421: "The reading room is called by another name than its own (`host`).",
    429: "Too much is asked from one address (`too-many`). The header Retry-After says for how many seconds to wait.",
    500: "Reftel has failed (`bug`).",
}
_HEADERS = {
    401: ("WWW-Authenticate", "How to log in."),
    405: ("Allow", "The methods that there are."),
    429: ("Retry-After", "Seconds to wait."),
}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "Needed where one has to log in: made by `reftel user token NAME`.",
}
_ABOUT = (
    "Questions to one archive of cables. Lists come a page at a time, with the exact `total` and the cursor of the `next` page. Spans are "
    "`[start, end]`: code points of the cable's text, the end not included. Errors are problem+json (RFC 9457) with a lasting `code` and a `remedy`."
)


@cache
def make_document() -> dict[str, Any]:
    """The document as plain lists and mappings."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Reftel",
            "version": version("reftel"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": {PREFIX + endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS} | _PROBES,
        "components": {
            "schemas": _schemas(),
            "responses": {f"Error{status}": _error(status, said) for status, said in ERRORS.items()},
            "securitySchemes": {"token": _TOKEN},
        },
    }


@cache
def encode_document() -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(make_document())


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "operationId": endpoint.name,
        "summary": endpoint.sentence,
        "parameters": [_parameter(parameter) for parameter in endpoint.parameters],
        "responses": {
            "200": {
                "description": endpoint.sentence,
                "content": {"application/json": {"schema": {"$ref": _REF.format(name=endpoint.answer.__name__)}}},
            },
            **{
                str(status): {"$ref": f"#/components/responses/Error{status}"}
                for status in sorted({*COMMON, *endpoint.errors})
            },
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    found = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": schema_of(parameter),
    }
    if parameter.example:
        found["example"] = _example(parameter)
    return found | ({"style": "form", "explode": False} if parameter.kind == "names" else {})


def _example(parameter: Parameter) -> Any:
    """The example of a parameter as a value."""
    match parameter.kind:
        case "number":
            return int(parameter.example)
        case "flag":
            return parameter.example == "true"
        case "names":
            return parameter.example.split(",")
    return parameter.example


def _error(status: int, said: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": said,
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}},
    }
    if status in _HEADERS:
        name, meaning = _HEADERS[status]
        found["headers"] = {name: {"description": meaning, "schema": {"type": "string"}}}
    return found


def _schemas() -> dict[str, Any]:
    """The shapes of all answers; what the docstrings of the records say of a field stands with the field."""
    answers = [Problem, *(endpoint.answer for endpoint in ENDPOINTS)]
    _, found = msgspec.json.schema_components(answers, ref_template=_REF)
    for shape in found.values():
        told = " ".join(shape.pop("description", "").split())
        fields = shape.get("properties", {})
        meanings = told_fields(told, fields)
        for name, meaning in meanings.items():
            fields[name] = {**fields[name], "description": meaning}
        shape["description"] = told.partition(f" {next(iter(meanings), ' ')}: ")[0]
    for shape in found.values():
        _tell_tuples(shape)
    found["Problem"]["required"] = [*found["Problem"]["required"], "remedy"]
    return found


def _tell_tuples(shape: Any) -> None:
    """Lists of a fixed length without `prefixItems`, which not every tool understands: [start, end] is two integers."""
    if isinstance(shape, dict):
        if "prefixItems" in shape:
            kinds = shape.pop("prefixItems")
            several = [kind for i, kind in enumerate(kinds) if kind not in kinds[:i]]
            shape |= {
                "items": several[0] if len(several) == 1 else {"anyOf": several},
                "minItems": len(kinds),
                "maxItems": len(kinds),
            }
        shape = list(shape.values())
    if isinstance(shape, list):
        for part in shape:
            _tell_tuples(part)


def _probe(name: str, sentence: str) -> dict[str, Any]:
    text = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "get": {
            "operationId": name,
            "summary": sentence,
            "responses": {
                "200": {"description": sentence, "content": text},
                "503": {"description": "It is not so.", "content": text},
            },
        }
    }


_PROBES = {
    "/healthz": _probe("healthz", "Whether the process answers at all."),
    "/readyz": _probe("readyz", "Whether the archive can be asked."),
}
