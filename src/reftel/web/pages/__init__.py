"""The pages: one module a page, one row of PAGES a route."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from reftel.web.pages import cable, desk, desk_forms, login, positions, posts, search, statements, switches

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
    Route("/posts", posts.show_posts),
    Route("/posts.{form}", posts.show_posts),
    Route("/posts/{station}.{form}", posts.show_post),
    Route("/posts/{station}", posts.show_post),
    Route("/desk", desk.show_desk),
    Route("/desk/new", desk.show_new),
    Route("/desk/basket.{form}", desk.send_basket),
    Route("/desk/basket", desk_forms.put_in, methods=["POST"]),
    Route("/desk/basket/clear", desk_forms.clear_basket, methods=["POST"]),
    Route("/desk/basket/{key:int}", desk_forms.change_item, methods=["POST"]),
    Route("/desk/notes", desk_forms.add_note, methods=["POST"]),
    Route("/desk/notes/{key:int}", desk_forms.change_note, methods=["POST"]),
    Route("/desk/notes/{key:int}/drop", desk_forms.drop_note, methods=["POST"]),
    Route("/desk/tags", desk_forms.tag, methods=["POST"]),
    Route("/desk/searches", desk_forms.save_search, methods=["POST"]),
    Route("/desk/searches/change", desk_forms.change_search, methods=["POST"]),
    Route("/cable", cable.go_to_cable),
    Route("/cable/{address}/source", cable.show_source),
    Route("/cable/{address}/compare", cable.show_comparison),
    Route("/cable/{address}/cite", cable.show_citations),
    Route("/cable/{address}.{form}", cable.send_cable),
    Route("/cable/{address}", cable.show_cable),
)
