"""The pages: one module a page, one row of PAGES a route."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from reftel.web.pages import adding, help, people, search, statements, status

PAGES: tuple[BaseRoute, ...] = (
    Route("/", search.show_home),
    Route("/search", search.show_hits),
    Route("/search.{form}", search.show_hits),
    Route("/statements", statements.show_statements),
    Route("/statements.{form}", statements.show_statements),
    Route("/help", help.show_help),
    Route("/people", people.show_people),
    Route("/people.{form}", people.show_people),
    Route("/person", people.show_person),
    Route("/person.{form}", people.show_person),
    Route("/status", status.show_status),
    Route("/status.{form}", status.show_status),
    Route("/status/ledger", status.show_ledger),
    Route("/status/ledger.{form}", status.show_ledger),
    Route("/status/add", adding.add, methods=["POST"]),
    Route("/status/jobs/{key}.{form}", adding.show_job),
    Route("/status/jobs/{key}", adding.show_job),
    Route("/status/jobs/{key}/stop", adding.stop_job, methods=["POST"]),
)
