"""The pages: one module a page, one row of PAGES a route."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from reftel.web.pages import search, statements

PAGES: tuple[BaseRoute, ...] = (
    Route("/", search.show_home),
    Route("/search", search.show_hits),
    Route("/search.{form}", search.show_hits),
    Route("/statements", statements.show_statements),
    Route("/statements.{form}", statements.show_statements),
)
