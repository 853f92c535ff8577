"""The pages: one module a page, one row of PAGES a route."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from reftel.web.pages import cable, login, positions, search, statements, switches

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
    Route("/complete.json", search.complete),
    Route("/statements", statements.show_statements),
    Route("/statements.{form}", statements.show_statements),
    Route("/positions", positions.show_positions),
    Route("/positions.{form}", positions.show_positions),
    Route("/cable", cable.go_to_cable),
    Route("/cable/{address}/source", cable.show_source),
    Route("/cable/{address}/compare", cable.show_comparison),
    Route("/cable/{address}/cite", cable.show_citations),
    Route("/cable/{address}.{form}", cable.send_cable),
    Route("/cable/{address}", cable.show_cable),
)
