"""The tables behind statements: rows that can be used, and the forms of every verb in them."""

from __future__ import annotations

from collections import Counter

import pytest

from reftel.extract.statements.lexicon import cues_by_head, inflect, verb_forms
from reftel.tables import cell_list, rows, word_class

GROUPS = {"say", "tell", "ask", "urge", "think", "desc", "stance", "light", "chain"}
TAKES = set("cqnwtgao")


@pytest.mark.parametrize(
    ("table", "key"),
    [("cues", ("cue", "group", "takes")), ("attitudes", ("word", "kind")), ("word_classes", ("class", "word"))],
)
def test_no_row_stands_twice(table, key):
    counted = Counter(tuple(row[column] for column in key) for row in rows(table))
    assert [one for one, n in counted.items() if n > 1] == []


@pytest.mark.parametrize("row", rows("cues"), ids=lambda row: f"{row['cue']}, {row['group']}")
def test_a_cue_has_a_group_that_is_one_and_takes_what_there_is(row):
    assert row["group"] in GROUPS
    assert set(row["takes"]) <= TAKES
    assert len(set(row["takes"])) == len(row["takes"])
    assert bool(row["takes"]) == (row["group"] not in ("light", "chain"))
    assert row["attitude"] in ("", "+", "-")
    assert row["weak"] in ("", "x")
    assert row["cue"] == row["cue"].lower()
    assert len(cell_list(row["forms"])) <= 2


def test_attitudes_are_nouns_and_adjectives_for_or_against_or_neither():
    for row in rows("attitudes"):
        assert row["kind"] in ("noun", "adjective"), row
        assert row["attitude"] in ("", "+", "-"), row
        assert row["word"] == row["word"].lower(), row


def test_words_of_a_class_are_folded_and_a_class_without_words_is_a_key_error():
    assert all(row["word"] == row["word"].lower() for row in rows("word_classes"))
    assert "ambassador" in word_class("person noun")
    with pytest.raises(KeyError):
        word_class("verbs")


@pytest.mark.parametrize(
    ("word", "base", "form"),
    [
        ("said", "say", "past"),
        ("says", "say", "third"),
        ("told", "tell", "past"),
        ("agreed", "agree", "past"),
        ("agreeing", "agree", "ing"),
        ("stressed", "stress", "past"),
        ("stresses", "stress", "third"),
        ("planned", "plan", "past"),
        ("planning", "plan", "ing"),
        ("admitted", "admit", "past"),
        ("begged", "beg", "past"),
        ("denied", "deny", "past"),
        ("denies", "deny", "third"),
        ("denying", "deny", "ing"),
        ("conveyed", "convey", "past"),
        ("urges", "urge", "third"),
        ("urging", "urge", "ing"),
        ("noting", "note", "ing"),
        ("laid", "lay", "past"),
        ("thought", "think", "past"),
        ("wrote", "write", "past"),
        ("written", "write", "participle"),
        ("echoes", "echo", "third"),
        ("seeing", "see", "ing"),
    ],
)
def test_a_form_leads_to_its_verb(word, base, form):
    assert (base, form) in verb_forms()[word]


@pytest.mark.parametrize(
    "word",
    ["sayed", "planed", "plannned", "stresss", "denyed", "denys", "agreeed", "tolded", "noteing", "listted", "openned"],
)
def test_a_form_that_no_verb_has_is_none(word):
    assert word not in verb_forms()


def test_a_verb_with_a_participle_of_its_own_has_five_forms():
    assert inflect("give", ("gave", "given")) == [
        ("give", "base"), ("gives", "third"), ("giving", "ing"), ("gave", "past"), ("given", "participle"),
    ]  # fmt: skip


def test_the_longest_cue_of_a_verb_comes_first():
    lengths = [len(cue.rest) for cue in cues_by_head()["call"]]
    assert lengths == sorted(lengths, reverse=True)
