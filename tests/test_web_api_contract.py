"""The API against its own document: Schemathesis asks, in all its phases and with all its checks.

EXAMPLES=200 asks each endpoint so often, for a longer look by hand.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import Any

import pytest
import schemathesis
from archives import demo_home
from conftest import ROOT
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from reftel.query import FIELDS
from reftel.web import Settings, make_app
from reftel.web.api.cursors import CURSOR
from reftel.web.api.document import make_document
from reftel.web.api.endpoints import ENDPOINTS

pytestmark = pytest.mark.xdist_group("contract")  # one run of the engine for all tests
EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
QUERIES = ["*", "the -ferry", *(example for field in FIELDS.values() for example in field.examples)]
# Why a request that its schema allows may be refused: what no schema can say
UNTOLD = {"query", "cursor", "dates", "request"}


@pytest.fixture(scope="module")
def asked() -> list[Any]:
    """What the engine reports of a run over all endpoints."""
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    config.projects.default.generation.max_examples = EXAMPLES
    config.projects.default.base_url = "http://127.0.0.1"
    app = make_app(Settings(demo_home()))
    schemathesis.openapi.format("reftel-query", st.sampled_from(QUERIES) | st.text(min_size=1))
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config, headers={"host": "127.0.0.1"})
    schema.hook(map_query)
    return list(from_schema(schema).execute())


def map_query(context: object, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """The parameters without a cursor that looks like one, and is of no list: nothing else would be looked at."""
    if query and re.fullmatch(CURSOR, str(query.get("cursor", ""))):
        return {name: value for name, value in query.items() if name != "cursor"}
    return query


def cases_of(asked: list[Any]) -> list[tuple[Any, Any]]:
    """Every case with its response."""
    return [
        (node.value, event.recorder.interactions[key].response)
        for event in asked
        if isinstance(event, events.ScenarioFinished)
        for key, node in event.recorder.cases.items()
        if key in event.recorder.interactions
    ]


def test_no_check_fails_on_any_endpoint(asked: list[Any]) -> None:
    found = [
        f"{event.label}, {check.name}: {check.failure_info.failure}"
        for event in asked
        if isinstance(event, events.ScenarioFinished)
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]
    found += [str(event) for event in asked if isinstance(event, events.NonFatalError | events.FatalError)]
    assert found == []


def test_every_phase_asked_every_endpoint(asked: list[Any]) -> None:
    phases = {event.phase.name.name: event.status.value for event in asked if isinstance(event, events.PhaseFinished)}
    assert {name: phases[name] for name in ("EXAMPLES", "COVERAGE", "FUZZING", "STATEFUL_TESTING")} == dict.fromkeys(
        ("EXAMPLES", "COVERAGE", "FUZZING", "STATEFUL_TESTING"), "success"
    )
    cases = cases_of(asked)
    counted = Counter(case.operation.definition.raw["operationId"] for case, _ in cases)
    assert set(counted) == {endpoint.name for endpoint in ENDPOINTS} | {"healthz", "readyz"}
    assert {response.status_code for _, response in cases} >= {200, 204, 400, 404, 405}


def test_what_a_schema_allows_is_refused_only_for_what_no_schema_can_say(asked: list[Any]) -> None:
    refused = {
        response.json()["code"]
        for case, response in cases_of(asked)
        if response is not None
        and response.status_code == 400
        and case.meta is not None
        and case.meta.generation.mode.is_positive
    }
    assert refused <= UNTOLD


def test_every_problem_has_a_code_and_a_remedy(asked: list[Any]) -> None:
    problems = [
        response.json()
        for case, response in cases_of(asked)
        if response is not None and response.status_code >= 400 and case.operation.path.startswith("/api/")
    ]
    assert len(problems) > 100
    assert not [problem for problem in problems if not problem["code"] or not problem["remedy"]]


def test_the_document_is_openapi_3_1() -> None:
    document = make_document()
    OPENAPI_31_VALIDATOR.validate(document)
    for shape in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)
    schemas = [one["schema"] for path in document["paths"].values() for one in path["get"].get("parameters", ())]
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
