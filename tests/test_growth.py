"""That the check of growth tells what is linear from what is not."""

from __future__ import annotations

import re

from growth import grows_with_length


def test_one_pass_grows_with_length() -> None:
    assert grows_with_length(lambda size: "a " * size, str.split, 50_000, 500_000)


def test_a_search_that_begins_again_at_every_letter_does_not() -> None:
    assert not grows_with_length(lambda size: "a" * size, re.compile("(?:ab?)*c").search, 300, 3_000)
