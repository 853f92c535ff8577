"""The knowledge tables: every row well formed, no spelling of two things, and the look-ups in them."""

from __future__ import annotations

import math
import re
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.tables import (
    TABLES,
    cell_list,
    find_caption,
    find_country,
    find_place,
    find_post,
    find_tag,
    is_collective,
    month_number,
    near_post,
    post_of_indicator,
    posts,
    precedence_word,
    rows,
    tags_meaning,
    true_id,
    true_order,
)
from reftel.tables.holders import chiefs_of_mission, department_officers, leaders_in
from reftel.tables.nations import countries_of_acronym, spoken_country
from reftel.tables.posts import station_key

SHARED = Path(__file__).parents[2] / "shared"
ROOT = Path(__file__).parents[1]
POST_KINDS = {"embassy", "consulate", "mission", "interests section", "office", "department", "delegation"}
TAG_KINDS = {"subject", "program", "geographic", "region", "organisation", "term", "person"}
# The columns that tell the rows of a table apart.
KEY_COLUMN = {
    "posts": "name",
    "post_places": "post",
    "country_aliases": "country",
    "address_words": "word",
    "tags": "code",
    "captions": "word",
    "precedences": "letter",
    "signals": "signal",
    "position_signals": "name",
    "orders": "number",
    "reasons": "reason",
    "collectives": "name",
    "id_rules": "pattern",
    "oddities": "malformed",
    "months": "month",
    "titles": "word",
    "acronyms": "acronym",
    "headline_words": "word",
    "nations": "country",
    "actors": "name",
    "thing_heads": "word",
    "person_titles": "word",
    "personal_names": "name",
    "plain_words": "word",
    "office_holders": "term",
    "leaders": "term",
    "cues": "cue group takes",
    "attitudes": "word kind",
    "word_classes": "class word",
}
LIST_COLUMNS = {
    "other_stations", "aliases", "plads", "indicators", "not_cuts", "kinds", "misprints", "amended_by", "people", "government", "capitals",
    "phrases",
}  # fmt: skip

# ---- every table


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_well_formed(name):
    assert rows(name), "a table without rows"
    for row in rows(name):
        assert list(row)[-1] == "seen"
        assert row["seen"], row
        for column, cell in row.items():
            assert cell == " ".join(cell.split()), (column, row)
            if column in LIST_COLUMNS:
                entries = cell_list(cell)
                assert all(entry and entry == entry.strip() for entry in entries), row
                assert len(set(entries)) == len(entries), row


@pytest.mark.parametrize("name", TABLES)
def test_no_two_rows_are_about_the_same_thing(name):
    counted = Counter(tuple(row[column] for column in KEY_COLUMN[name].split()) for row in rows(name))
    assert [key for key, n in counted.items() if n > 1 or not key[0]] == []


def test_every_file_is_a_table_and_every_table_a_file():
    files = {path.stem for path in (ROOT / "src/reftel/tables").glob("*.tsv")}
    assert files == set(TABLES)


def test_every_table_and_column_is_in_the_docs():
    docs = (ROOT / "docs/tables.md").read_text("utf-8")
    for name in TABLES:
        assert f"`{name}`" in docs
        assert [column for column in rows(name)[0] if f"`{column}`" not in docs] == []


def test_an_unknown_table_is_a_key_error():
    with pytest.raises(KeyError):
        rows("ministers")


# ---- posts


def post_spellings(row):
    """All spellings a row of posts.tsv claims for itself."""
    lists = (row[column] for column in ("other_stations", "aliases", "plads"))
    return [row["name"], row["station"], *(entry for cell in lists for entry in cell_list(cell))]


def test_no_spelling_names_two_posts():
    claimed = {}
    for row in rows("posts"):
        for spelling in post_spellings(row):
            owner = claimed.setdefault(station_key(spelling), row["name"])
            assert owner == row["name"], spelling


def test_every_spelling_finds_its_post_in_any_case_and_without_blanks():
    for row in rows("posts"):
        for spelling in post_spellings(row):
            for text in (spelling, spelling.lower(), spelling.replace(" ", "")):
                assert find_post(text).name == row["name"], text


def test_a_post_found_twice_is_the_same_post():
    for row in rows("posts"):
        for spelling in post_spellings(row):
            post = find_post(spelling)
            assert find_post(post.station) == find_post(post.key) == post
            assert find_post(post.name).name == post.name


def test_kinds_and_stations_of_posts():
    for row in rows("posts"):
        assert row["kind"] in POST_KINDS
        assert row["country"]
        for station in (row["station"], *cell_list(row["other_stations"])):
            assert re.fullmatch("[A-Z]+(?:[ -][A-Z]+)*", station), station
        assert all(re.fullmatch("R[A-Z]{4,7}", ri) for ri in cell_list(row["indicators"]))
        cuts = {station_key(station[:6]) for station in (row["station"], *cell_list(row["other_stations"]))}
        assert {station_key(cut) for cut in cell_list(row["not_cuts"])} <= cuts, row


def test_posts_lists_every_row_once():
    assert [post.name for post in posts()] == [row["name"] for row in rows("posts")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("AMEMBASSY LONDON", "LONDON"),
        ("AMEMBASSYBRASILIA", "BRASILIA"),
        ("AMCONSUL RIO DE JANEIRO", "RIODEJANEIRO"),
        ("Consulate Rio De Janeiro", "RIODEJANEIRO"),
        ("São Paulo", "SAOPAULO"),
        ("SECSTATE WASHDC", "STATE"),
        ("SECSTATE", "STATE"),
        ("Secretary of State", "STATE"),
        ("USUN", "USUNNEWYORK"),
        ("USMISSION USUN NEW YORK", "USUNNEWYORK"),
        ("UNVIE", "UNVIEVIENNA"),
        ("VIENNA", "VIENNA"),
        ("USEU", "USEUBRUSSELS"),
        ("BRUSSELS", "BRUSSELS"),
        ("RPO DUBAI", "RPODUBAI"),
        ("IRAN RPO DUBAI", "IRANRPODUBAI"),
        ("AMCONSUL DUBAI", "DUBAI"),
        ("USINT HAVANA", "HAVANA"),
        ("USLO TRIPOLI", "TRIPOLI"),
        ("REO BASRAH", "BASRAH"),
        ("AIT TAIPEI", "AITTAIPEI"),
        ("SECTO", "SECTO"),
        ("SAN JSE", "SANJOSE"),
        ("SANJOSE", "SANJOSE"),
        ("TALLIN", "TALLINN"),
        ("USMISSION ADDIS ABABA", "USAUADDISABABA"),
        ("AMEMBASSY PORT AU PRINCE//USDAO", "PORTAUPRINCE"),
        ("AMEMBASSY NAIROBI//" + "AGATT/" * 20, "NAIROBI"),
        # cuts: ten characters of a section break, six of a PAGE line
        ("BUENOS AIR", "BUENOSAIRES"),
        ("PORT AU PR", "PORTAUPRINCE"),
        ("USUN NEW Y", "USUNNEWYORK"),
        ("UNVIE VIEN", "UNVIEVIENNA"),
        ("VATICA", "VATICAN"),
        ("CAPE T", "CAPETOWN"),
        # one post, two stations: the key is the station printed
        ("KIEV", "KIEV"),
        ("KYIV", "KYIV"),
        ("CALCUTTA", "CALCUTTA"),
    ],
)
def test_find_post(text, key):
    assert find_post(text).key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "//",
        "GEORGE",  # a name, though six letters of GEORGETOWN
        "MARTIN",
        "PORTO",  # six characters of PORT OF SPAIN and of PORTO ALEGRE
        "SANTIA",  # of two posts of the name Santiago
        "USDAO LONDON UK",  # the defence attaché is not the embassy
        "USMISSION LONDON",  # an embassy is no mission
        "AMEMBASSY USNATO",
        "EUROPEAN POLITICAL COLLECTIVE",
        "LONDON DAILY",
        "NATO",
        "NEW YORK",
        "LONDN",  # near, but not known: near_post
        "AMEMBASSY " + "A" * 1000,
    ],
)
def test_what_is_no_post(text):
    assert find_post(text) is None


def test_a_post_with_two_stations_has_one_name():
    assert find_post("KIEV").name == find_post("KYIV").name == "Embassy Kyiv"


@pytest.mark.parametrize(
    ("text", "key"),
    [("BRISILIA", "BRASILIA"), ("COPENHGEN", "COPENHAGEN"), ("LODNON", "LONDON"), ("NAIROBBI", "NAIROBI")],
)
def test_near_post(text, key):
    assert near_post(text).key == key


@pytest.mark.parametrize(
    "text",
    [
        "LONDON",  # known, so not near
        "ROMA",  # too short
        "SANTAGE",  # more than a letter away
        "TELCON",
        "EMAIL",
        "LETTER",
        "MANALA",  # MANAMA and MANILA
    ],
)
def test_what_is_not_near_one_post(text):
    assert near_post(text) is None


def test_every_post_has_a_place_or_travels():
    assert [row["post"] for row in rows("post_places")] == [row["name"] for row in rows("posts")]
    travelling = [post for post in posts() if find_place(post) is None]
    assert [post.name for post in travelling] == ["US Delegation FEST TWO", "US Delegation, Secretary"]
    assert {post.kind for post in travelling} == {"delegation"}


def test_places_are_on_the_globe_and_not_all_made_up_of_zeros():
    for place in filter(None, map(find_place, posts())):
        assert -60 < place.latitude < 75, place
        assert -180 <= place.longitude <= 180, place
        assert abs(place.latitude) + abs(place.longitude) > 1, place


@pytest.mark.parametrize(
    ("station", "city", "latitude", "longitude"),
    [
        ("LONDON", "London", 51.51, -0.13),
        ("CANBERRA", "Canberra", -35.28, 149.13),
        ("BUENOS AIRES", "Buenos Aires", -34.61, -58.38),
        ("USTR GENEVA", "Geneva", 46.20, 6.15),
        ("USUN NEW YORK", "New York City", 40.71, -74.01),
        ("VATICAN", "Vatican City", 41.90, 12.45),
        # of several cities of the name that where the post is
        ("MATAMOROS", "Heroica Matamoros", 25.88, -97.50),
        ("SAINT JOHN", "Saint John", 45.27, -66.06),
        ("ST JOHNS", "Saint John’s", 17.12, -61.84),
        ("FSINFATC", "Arlington", 38.88, -77.10),
    ],
)
def test_where_a_post_is(station, city, latitude, longitude):
    assert find_place(find_post(station)) == (city, latitude, longitude)


# Farther from their country's embassy than any others.
FAR_OFF = {"Consulate Vladivostok", "Consulate Martinique", "Consulate Perth", "Consulate Vancouver"}


def test_a_consulate_is_in_reach_of_its_embassy():
    """A city of the same name in the wrong country, or a sign lost, would lie far off."""
    embassies = {post.country: find_place(post) for post in posts() if post.kind == "embassy"}
    for post in posts():
        if post.kind in ("consulate", "office", "interests section") and post.country in embassies:
            distance = kilometres(find_place(post), embassies[post.country])
            assert (distance > 3000) == (post.name in FAR_OFF), (post, distance)


def kilometres(one, other):
    """The distance on a ball of the size of the earth."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(one.longitude - other.longitude)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return 6371 * math.acos(min(cosine, 1))


def test_indicators_that_name_one_post():
    assert post_of_indicator("RUEHLO").name == "Embassy London"
    assert post_of_indicator("RUEHMO").name == "Embassy Moscow"
    assert post_of_indicator("RUEHBS") is None, "Brussels and USEU share it"
    assert post_of_indicator("RUEHXX") is None, "a collective"
    assert post_of_indicator("RHMFISS") is None, "no post at all"


# ---- tags


def test_kinds_categories_and_typos_of_tags():
    codes = {row["code"]: row for row in rows("tags")}
    for row in rows("tags"):
        assert row["kind"] in TAG_KINDS
        assert bool(row["category"]) == (row["kind"] == "subject")
        if row["typo_of"]:
            true = codes[row["typo_of"]]
            assert not true["typo_of"], "a misprint of a misprint"
            assert (row["kind"], row["meaning"]) == (true["kind"], "")


def test_every_tag_finds_itself_and_every_typo_its_true_tag():
    for row in rows("tags"):
        assert find_tag(row["code"]).code == (row["typo_of"] or row["code"])
        assert find_tag(row["code"].lower()) == find_tag(row["code"])


def test_find_tag():
    assert find_tag("PARM").meaning == "arms control and disarmament"
    assert find_tag("MOPPS").code == "MOPS"
    assert find_tag("RU").code == "RS"
    assert find_tag("(RICE, CONDOLEEZZA)").kind == "person"
    assert find_tag("XF").kind == "region"
    assert find_tag("ENVI") is None, "EINV or SENV: more than one fits"
    assert find_tag("PGOVPREL") is None
    assert find_tag("") is None


def test_tags_meaning_needs_every_word():
    assert tags_meaning("arms control")[0] == "PARM"
    assert "MARR" not in tags_meaning("arms control")
    assert set(tags_meaning("human rights")) >= {"PHUM", "UNHRC"}
    assert "AL" not in tags_meaning("ban"), "whole words only"
    assert tags_meaning("") == ()


# ---- words of the head


def test_no_caption_spelling_names_two():
    spellings = [word for row in rows("captions") for word in (row["word"], *cell_list(row["aliases"]))]
    assert len(set(spellings)) == len(spellings)
    for row in rows("captions"):
        assert row["kind"] in {"caption", "handling", "channel"}
        assert row["in_release"] in {"yes", "no"}
        assert all(find_caption(word) == row for word in (row["word"], *cell_list(row["aliases"])))


def test_find_caption():
    assert find_caption("E F T O")["word"] == "EFTO"
    assert find_caption("Sensitive but  unclassified")["word"] == "SENSITIVE"
    assert find_caption("nodis")["kind"] == "caption"
    assert find_caption("STATE FOR EUR/RUS") is None
    assert find_caption("") is None


def test_precedence_words():
    assert [precedence_word(letter) for letter in ("R", "P", "O", "Z", "OO")] == [
        "ROUTINE",
        "PRIORITY",
        "IMMEDIATE",
        "FLASH",
        "IMMEDIATE",
    ]
    assert precedence_word("PRIORTY") == precedence_word("priority") == "PRIORITY"
    assert precedence_word("OP") is None
    assert precedence_word("PRIORITIES") is None
    assert [int(row["rank"]) for row in rows("precedences")] == [1, 2, 3, 4]


def test_orders_follow_one_another_and_no_misprint_is_an_order():
    numbers = {row["number"] for row in rows("orders")}
    misprints = [misprint for row in rows("orders") for misprint in cell_list(row["misprints"])]
    assert len(set(misprints)) == len(misprints)
    assert numbers.isdisjoint(misprints)
    for row in rows("orders"):
        assert int(row["first_year"]) <= int(row["last_year"] or "9999")
    assert true_order("12598") == true_order("12958") == "12958"
    assert true_order("13224") is None, "it blocks property"


def test_months():
    assert [month_number(row["month"]) for row in rows("months")] == list(range(1, 13))
    assert month_number("Sept.") == month_number("september") == 9
    assert month_number("MARS") is None


def test_reasons_are_a_section_and_a_letter():
    assert all(row["reason"] == f"{row['section']}({row['letter']})" for row in rows("reasons"))


# ---- collectives


def test_no_collective_spelling_names_two_and_none_is_a_post():
    claimed = {}
    for row in rows("collectives"):
        for name in (row["name"], *cell_list(row["aliases"])):
            assert claimed.setdefault(station_key(name), row["name"]) == row["name"]
            assert is_collective(name)
            assert find_post(name) is None
        assert all(post_of_indicator(ri) is None for ri in cell_list(row["indicators"]))


def test_is_collective():
    assert is_collective("European Political Collective")
    assert is_collective("BALKAN RIVERS COLLECTIVE"), "any address that ends so"
    assert is_collective("EU MEMBER STATES")
    assert not is_collective("AMEMBASSY LONDON")
    assert not is_collective("COLLECTIVE SECURITY TREATY ORGANIZATION")
    assert not is_collective("")


# ---- ids


@pytest.mark.parametrize("row", rows("id_rules"), ids=lambda row: row["example"])
def test_every_id_rule_mends_its_example_and_leaves_its_neighbour(row):
    pattern = re.compile(row["pattern"], re.ASCII)
    assert pattern.search(row["example"])
    assert not pattern.search(row["must_not_match"])
    assert not pattern.search(row["example_becomes"])
    assert true_id(row["example"]) == row["example_becomes"]


def test_no_id_rule_touches_a_well_formed_id():
    for row in rows("posts"):
        for station in (row["station"], *cell_list(row["other_stations"])):
            for cable_id in (
                f"09{station_key(station)}2499",
                f"66{station_key(station)}1",
                f"20{station_key(station)}7",
            ):
                assert true_id(cable_id) is None


@pytest.mark.parametrize(
    ("malformed", "true"),
    [
        ("08SECTION01GF02BISHIEK21", "08BISHKEK1021"),
        ("09SECTION02OF03QRIPOLI583", "09TRIPOLI583"),
        ("08SCTION02OF02SAOPAULO335", "08SAOPAULO335"),
        ("07SECTION02OF03EIJING483", "07BEIJING483"),
        ("09EFTOSECTION01OF02LONDON77", "09LONDON77"),
        ("06BRAILIA1079", "06BRASILIA1079"),
        ("09USUN12", "09USUNNEWYORK12"),
        ("09LONDON2499", None),
        ("06SECTO7", None),
        ("09SECDEF12", None),  # no post: nothing to mend it by
        ("092OF5", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_true_id(malformed, true):
    assert true_id(malformed) == true


def test_mending_an_id_twice_is_mending_it_once():
    for row in rows("oddities"):
        assert true_id(row["malformed"]) == row["true_id"]
        assert true_id(row["true_id"]) is None


# ---- any text


PIECES = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(["AMEMBASSY ", "LONDON", "0", "09", "EFTO", "SECTION", "01OF02", "COLLECTIVE", "//", "É", "ß"])
    ).map("".join),
)


@given(PIECES)
def test_no_look_up_raises_on_any_text(text):
    for look_up in (
        find_post,
        near_post,
        post_of_indicator,
        find_tag,
        tags_meaning,
        find_caption,
        precedence_word,
    ):
        look_up(text)
    for look_up in (true_order, month_number, is_collective):
        look_up(text)
    mended = true_id(text)
    assert mended is None or true_id(mended) is None


# ---- the shared corpus


@pytest.fixture(scope="module")
def corpus_heads():
    """(id, origin) of every dump record of the shared corpus: its lines 1 and 5."""
    dump = SHARED / "corpus/dump.tar.xz"
    if not dump.exists():
        pytest.skip("the shared corpus does not lie beside the checkout")
    heads = []
    with tarfile.open(dump) as tar:
        for member in tar:
            if member.name.endswith(".txt"):
                lines = tar.extractfile(member).read(2000).decode("utf-8", "replace").split("\n", 5)
                heads.append((lines[0].strip(), lines[4].strip()))
    return heads


@pytest.mark.corpus
def test_every_origin_line_of_the_corpus_is_a_known_post(corpus_heads):
    assert sorted({origin for _, origin in corpus_heads if find_post(origin) is None}) == []


@pytest.mark.corpus
def test_every_station_in_an_id_of_the_corpus_is_known(corpus_heads):
    unknown = set()
    for cable_id, origin in corpus_heads:
        station = re.sub(r"^\d\d|\d+$", "", true_id(cable_id) or cable_id)
        post = find_post(station)
        if post is None or post.key != station:
            unknown.add(cable_id)
        # Until 2009 USEU sent under the embassy's station: 09BRUSSELS536.
        elif find_post(origin).name not in (post.name, "USEU Brussels"):
            unknown.add(f"{cable_id}: {origin}")
    assert unknown == set()


# ---- countries


def test_every_alias_is_of_a_country_where_a_post_is():
    assert {row["country"] for row in rows("country_aliases")} <= {post.country for post in posts()}


def test_no_alias_of_a_country_means_two():
    spellings = [
        station_key(a) for row in rows("country_aliases") for a in (row["country"], *cell_list(row["aliases"]))
    ]
    assert [key for key, n in Counter(spellings).items() if n > 1] == []
    assert not {station_key(a) for row in rows("country_aliases") for a in cell_list(row["aliases"])} & {
        station_key(post.country) for post in posts()
    }


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("united kingdom", "United Kingdom"),
        ("uk", "United Kingdom"),
        ("U.S.A.", "United States"),
        ("ussr", "Russia"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("london", None),
        ("ukr", None),
        ("", None),
    ],
)
def test_a_country_by_any_of_its_names(text, country):
    assert find_country(text) == country


# ---- headlines


@pytest.mark.parametrize(("name", "column"), [("acronyms", "acronym"), ("headline_words", "word")])
def test_a_word_of_a_headline_is_found_in_capitals_and_printed_with_the_same_letters(name, column):
    for row in rows(name):
        assert row[column] == row[column].upper()
        assert row["print"].upper() in (row[column], row[column].split()[0])


# ---- nations, offices and their holders


def test_the_acronym_of_a_government_may_be_several_countries():
    assert set(countries_of_acronym()["GOR"]) == {"Russia", "Romania", "Rwanda"}
    assert countries_of_acronym()["HMG"] == ("United Kingdom",)
    assert spoken_country("ROK") == "South Korea"
    assert spoken_country("Ruritania") is None


def test_terms_begin_before_they_end_and_have_dates():
    iso = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
    for row in (*rows("office_holders"), *rows("leaders")):
        assert iso.fullmatch(row["start"]), row
        assert not row["end"] or iso.fullmatch(row["end"]), row
        assert not row["end"] or row["start"] <= row["end"], row


def test_who_held_an_office_on_a_day():
    assert [h.key for h in chiefs_of_mission("Russia", "Embassy Moscow", "2008-12-22")] == ["beyrle-john-ross"]
    assert chiefs_of_mission("Russia", "Embassy Moscow", "2008-07-01") == ()
    assert [h.name for h in chiefs_of_mission("Belgium", "Mission USNATO", "2009-06-01")] == ["Ivo H. Daalder"]
    assert [h.key for h in department_officers("Secretary of State", "2009-02-01")] == ["clinton-hillary-rodham"]
    assert [h.name for h in leaders_in("prime minister", "United Kingdom", "2008-12-22")] == ["Gordon Brown"]
    assert leaders_in("prime minister", "United Kingdom", "1955-01-01") == ()


def test_a_term_without_an_end_is_not_believed_for_ever():
    assert [row["end"] for row in rows("office_holders") if row["term"].startswith("frasure-robert-c:1991")] == [""]
    assert chiefs_of_mission("Estonia", "Embassy Tallinn", "2008-02-06")[0].key == "phillips-stanley-davis"
    assert len(chiefs_of_mission("Estonia", "Embassy Tallinn", "2008-02-06")) == 1
