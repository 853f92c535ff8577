"""The pages of the posts: the map, the list, and one post by year and month."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import demo_home, new_archive, shared_archive
from rooms import open_room, page, texts
from starlette.testclient import TestClient

from reftel.tables import find_place, find_post, posts
from reftel.web.globe import REGIONS, Spot, draw_dots, outline, project, view_of


@pytest.fixture(scope="module")
def room() -> Iterator[TestClient]:
    with open_room(demo_home()) as client:
        yield client


def found_by(room: TestClient, href: str | None) -> int:
    total: int = room.get((href or "").replace("/search?", "/search.json?")).json()["total"]
    return total


# ---- the list and the map


def test_every_post_is_in_the_list_with_as_many_cables_as_a_search_finds(room: TestClient) -> None:
    tree = page(room, "/posts")
    held = {post.name: post.held for post in shared_archive().holdings().posts}
    names = texts(tree, ".post-list tbody th")
    assert dict(zip(names, map(int, texts(tree, ".post-list td.number")), strict=True)) == held
    for name, count in held.items():
        assert shared_archive().count(f'from:"{name}"') == count, name


@pytest.mark.parametrize(
    ("order", "first"), [("", "Embassy Lisbon"), ("name", "Consulate Adana"), ("country", "Secretary of State")]
)
def test_the_list_is_sorted_by_links(room: TestClient, order: str, first: str) -> None:
    tree = page(room, f"/posts?sort={order}" if order else "/posts")
    names = texts(tree, ".post-list tbody th")
    assert names[-1 if order == "country" else 0] == first
    assert len(tree.css(".post-list th[aria-sort]")) == 1
    hrefs = [node.attributes["href"] or "" for node in tree.css(".post-list thead a")]
    assert {"/posts?sort=name#list", "/posts?sort=country#list"} <= set(hrefs)


def test_a_country_narrows_the_list_and_the_map(room: TestClient) -> None:
    tree = page(room, "/posts?country=Turkey&sort=name")
    assert texts(tree, ".post-list tbody th") == ["Consulate Adana", "Embassy Ankara"]
    assert len(tree.css(".map a circle")) == 2
    assert tree.css_first("#country option[selected]").text() == "Turkey"
    assert tree.css_first('.choose input[name="sort"]').attributes["value"] == "name"


def test_every_dot_is_a_link_with_a_name_and_a_title(room: TestClient) -> None:
    links = page(room, "/posts").css(".map svg a")
    assert len(links) == len(shared_archive().holdings().posts)
    for link in links:
        assert link.attributes["aria-label"] == link.css_first("title").text()
        assert room.get(link.attributes["href"] or "").status_code == 200


@pytest.mark.parametrize("region", REGIONS)
def test_every_part_of_the_map_can_be_looked_at(room: TestClient, region: str) -> None:
    tree = page(room, f"/posts?region={region}")
    assert texts(tree, ".regions [aria-current]") == [REGIONS[region][0]]
    assert len(tree.css(".post-list tbody tr")) == len(shared_archive().holdings().posts)


def test_an_empty_archive_has_a_page_too(tmp_path: Path) -> None:
    with open_room(new_archive(tmp_path).folder) as empty:
        assert texts(page(empty, "/posts"), ".lead") == ["The archive holds no cable of a known sender."]
        assert empty.get("/posts.json").json()["posts"] == []


# ---- one post


def test_a_post_has_its_months_each_a_search_that_finds_as_many(room: TestClient) -> None:
    tree = page(room, "/posts/TALLINN")
    assert texts(tree, "h1") == ["Embassy Tallinn"]
    cells = tree.css(".heat td[class^=shade]")
    assert sum(int(cell.css_first("b").text()) for cell in cells) == 9
    for cell in cells:
        assert found_by(room, cell.css_first("a").attributes["href"]) == int(cell.css_first("b").text())
    for cell in tree.css(".heat .whole a"):
        assert found_by(room, cell.attributes["href"]) == int(cell.text().split()[0])


def test_what_is_held_and_sent_stands_there_as_text(room: TestClient) -> None:
    tree = page(room, "/posts/TALLINN")
    july = [node for node in tree.css(".heat a[title]") if "July 2009" in (node.attributes["title"] or "")]
    assert [node.attributes["title"] for node in july] == [
        "July 2009: 2 cables held of about 29 sent, serials 214 to 219"
    ]
    assert " ".join(july[0].text().split()) == "2 of ~29"
    assert texts(tree, ".heat .whole a")[-1] == "4 of ~361"


def test_years_of_which_nothing_is_held_are_told(room: TestClient) -> None:
    tree = page(room, "/posts/LISBON")
    assert texts(tree, ".heat .gap th") == ["1967–1975", "1977–2002", "2004", "2006–2007"]
    assert set(texts(tree, ".heat .gap td")) == {"nothing held"}


@pytest.mark.parametrize("name", ["TALLINN", "tallinn", "amembassy%20tallinn", "Embassy%20Tallinn"])
def test_a_post_is_found_in_any_spelling(room: TestClient, name: str) -> None:
    assert texts(page(room, f"/posts/{name}"), "h1") == ["Embassy Tallinn"]


def test_the_city_of_a_mission_stands_beside_its_name(room: TestClient) -> None:
    assert texts(page(room, "/posts/USNATO"), "h1") == ["Mission USNATO in Brussels"]


def test_headings_of_rows_and_columns_say_what_they_are_of(room: TestClient) -> None:
    for path in ("/posts", "/posts/TALLINN"):
        tree = page(room, path)
        assert tree.css("table caption")
        assert [node.html for node in tree.css("table th") if node.attributes.get("scope") not in ("row", "col")] == []


# ---- slips


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/posts/MOSCOW", 404, "holds no cable of a post MOSCOW"),
        (f"/posts/{'x' * 3000}", 404, "holds no cable"),
        ("/posts/%3Cscript%3E", 404, "holds no cable"),
        ("/posts?sort=size", 400, "Give one of"),
        ("/posts?region=moon", 400, "Give one of"),
        ("/posts?country=Ruritania", 400, "No post in Ruritania"),
    ],
)
def test_a_slip_is_told_in_a_sentence(room: TestClient, path: str, status: int, said: str) -> None:
    answer = room.get(path)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert "<script>" not in answer.text.partition("<main")[2]


# ---- the same as data


def test_the_same_address_as_data(room: TestClient) -> None:
    told = room.get("/posts.json?country=Turkey").json()
    assert (told["cables"], told["first"]) == (50, "1966-10-18")
    assert [post["name"] for post in told["posts"]] == ["Embassy Ankara", "Consulate Adana"]
    adana = told["posts"][1]
    assert adana["place"] == {"city": "Adana", "latitude": 36.99, "longitude": 35.33}
    assert (adana["years"][0]["sent"], adana["years"][0]["exact"]) == (99, False)
    assert room.get("/posts?country=Turkey", headers={"accept": "application/json"}).json() == told


def test_one_post_as_data_has_its_months(room: TestClient) -> None:
    told = room.get("/posts/adana.json").json()
    months = [month for year in told["years"] for month in year["months"]]
    assert [month["month"] for month in months if month["held"]] == ["2006-10", "2008-02", "2009-09"]
    assert sum(month["held"] for month in months) == told["held"] == 3


def test_tables_have_a_row_a_year_and_a_row_a_month(room: TestClient) -> None:
    years = list(csv.DictReader(io.StringIO(room.get("/posts.csv").text)))
    holdings = shared_archive().holdings()
    assert sum(int(row["held"]) for row in years) == sum(post.held - post.undated for post in holdings.posts)
    months = room.get("/posts/TALLINN.csv")
    rows = list(csv.DictReader(io.StringIO(months.text)))
    assert {row["key"] for row in rows} == {"TALLINN"}
    assert "tallinn.csv" in months.headers["content-disposition"]
    assert len(room.get("/posts/TALLINN.jsonl").text.splitlines()) == len(rows)


# ---- the projection


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    # by another implementation of Equal Earth, at the same scale
    [
        (0, 0, 2500, 1217),
        (0, 180, 4999.995, 1217),
        (51.51, -0.13, 2498.529, 325.537),
        (-34.61, -58.38, 1758.605, 1843.454),
    ],
)
def test_a_place_is_where_equal_earth_has_it(latitude: float, longitude: float, x: float, y: float) -> None:
    assert project(latitude, longitude) == (pytest.approx(x, abs=0.01), pytest.approx(y, abs=0.01))


def test_the_outline_is_of_moves_and_lines_within_the_drawing() -> None:
    land = outline()
    assert re.fullmatch(r"(?:M\d+ \d+l[\d -]+z)+", land)
    assert len(land) < 60_000
    starts = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)", land)]
    assert all(0 <= x <= 5000 and 0 <= y <= 2434 for x, y in starts)


def test_every_post_lies_in_the_view_of_the_world_and_most_in_a_closer_one() -> None:
    spots = [Spot(post.key, post.name, *place[1:], 1) for post in posts() if (place := find_place(post))]
    assert {dot.spot for dot in draw_dots(spots, view_of("world"))} == set(spots)
    closer = {dot.spot for name in REGIONS if name != "world" for dot in draw_dots(spots, view_of(name))}
    assert len(closer) > 0.97 * len(spots)


def test_a_dot_four_times_as_big_in_area_has_twice_the_radius() -> None:
    spots = [Spot("A", "Embassy Tallinn", 59.44, 24.75, 400), Spot("B", "Embassy Quito", -0.23, -78.52, 100)]
    big, small = draw_dots(spots, view_of("world"))
    assert (big.spot.key, small.spot.key) == ("A", "B")
    assert big.radius == pytest.approx(2 * small.radius, abs=0.2)


def test_posts_in_one_city_lie_beside_each_other() -> None:
    vienna = [find_post(name) for name in ("VIENNA", "UNVIE", "USOSCE", "IAEA VIENNA")]
    spots = [Spot(post.key, post.name, *find_place(post)[1:], 50 - i) for i, post in enumerate(vienna)]  # type: ignore[union-attr,index]
    dots = draw_dots(spots, view_of("europe"))
    for i, one in enumerate(dots):
        for other in dots[:i]:
            assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 > max(one.radius, other.radius)


def test_no_name_lies_on_a_dot_or_another_name() -> None:
    spots = [
        Spot(post.key, post.name, *place[1:], 1 + i) for i, post in enumerate(posts()) if (place := find_place(post))
    ]
    dots = draw_dots(spots, view_of("europe"))
    named = [dot for dot in dots if dot.label]
    assert 10 < len(named) <= 60
    for one in named:
        for dot in dots:
            aside = (
                dot.x + dot.radius <= one.label_x
                or dot.y + dot.radius <= one.label_y - 12
                or dot.y - dot.radius >= one.label_y
            )
            assert dot is one or aside or dot.x - dot.radius >= one.label_x
