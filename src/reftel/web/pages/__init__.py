"""The pages: one module a page, one row of PAGES a route."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from reftel.web.pages import login, search, statements, switches

PAGES: tuple[BaseRoute, ...] = (
    Route("/", search.show_home),
    Route("/login", login.show_login),
    Route("/login", login.log_in, methods=["POST"]),
    Route("/logout", login.log_out, methods=["POST"]),
    Route("/names", switches.show_names),
    Route("/names", switches.switch_names, methods=["POST"]),
    Route("/theme", switches.switch_theme, methods=["POST"]),
    Route("/search", search.show_hits),
    Route("/search.{form}", search.show_hits),
    Route("/statements", statements.show_statements),
    Route("/statements.{form}", statements.show_statements),
)
