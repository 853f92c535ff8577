"""What a reader of cables knows, as rows: one TSV file a table, and the look-ups in them.

Every table has a last column `seen`: the cable, document or register that taught the row. See docs/tables.md.
"""

from __future__ import annotations

from reftel.tables.countries import find_country
from reftel.tables.ids import true_id
from reftel.tables.load import TABLES, cell_list, rows, word_class
from reftel.tables.marks import find_caption, is_collective, month_number, precedence_word, true_order
from reftel.tables.places import Place, find_place
from reftel.tables.posts import Post, find_post, near_post, post_of_indicator, posts
from reftel.tables.tags import Tag, find_tag, tags_meaning

__all__ = [
    "TABLES",
    "Place",
    "Post",
    "Tag",
    "cell_list",
    "find_caption",
    "find_country",
    "find_place",
    "find_post",
    "find_tag",
    "is_collective",
    "month_number",
    "near_post",
    "post_of_indicator",
    "posts",
    "precedence_word",
    "rows",
    "tags_meaning",
    "true_id",
    "true_order",
    "word_class",
]
