"""The small words of English by what they do in a sentence: closed classes, of which no cable brings new ones.

The open classes are rows of word_classes.tsv.
"""

from __future__ import annotations

from functools import lru_cache

from reftel.tables import word_class


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BE = _set("be is are was were been being am 's 're isn't aren't wasn't weren't")
HAVE = _set("have has had having haven't hasn't hadn't")
DO = _set("do does did don't doesn't didn't")
MODALS = _set(
    "will would shall should can could may might must cannot won't wouldn't shouldn't can't couldn't mustn't ought"
)
NEGATED = _set(
    "not never not/not n't cannot isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't won't wouldn't shouldn't can't couldn't mustn't"
)
AUX = BE | HAVE | DO | MODALS
COPULAS = _set(
    "be is are was were been being am isn't aren't wasn't weren't remain remains remained appear appears appeared seem seems seemed "
    "feel feels felt become becomes became sound sounds sounded look looks looked grew"
)
DETERMINERS = _set(
    "the a an this that these those his her its their our my your some any no every each all both several many most few another either such "
    "one two three four five six seven eight nine ten other certain various much"
)
POSSESSIVES = _set("his her its their our my your whose")
PRONOUNS = _set(
    "he she they we i you it us them him me who which others everyone nobody someone both all some many most several none one those these"
)
SUBJECT_PRONOUNS = _set(
    "he she they we i you it who which others everyone nobody someone both some many most several none those everybody anyone"
)
PREPOSITIONS = _set(
    "of in on at by for from with about over under into onto through during before after since between among against toward towards upon "
    "within without across despite regarding concerning throughout behind beyond near off per via amid amidst like unlike except until till "
    "following including alongside along around above below beneath beside besides to as than versus"
)
COMPLEMENTIZERS = _set("that whether if how why what when where who which whom whose")
SUBORDINATORS = _set(
    "that because while although though when whenever where whereas whether if since as after before until unless than so whom which who how why what given lest once"
)
COORDINATORS = _set("and or but nor yet plus")
SELVES = _set("himself herself itself themselves ourselves myself yourself")
PERSONAL = _set("he she they we i it you")


PUNCTUATION = frozenset(',.;:()[]"“”?!-') | {"--"}
QUOTES = frozenset('"“”')
# What opens an indirect question or a relative clause as a content.
WH = _set("whether if how why what when where who which whom")


@lru_cache(maxsize=1 << 14)
def is_adverb(word: str) -> bool:
    """Whether a folded word is an adverb as verbs of saying have it beside them."""
    if word in word_class("adverb"):
        return True
    return word.endswith("ly") and len(word) > 4 and word not in word_class("not adverb")


@lru_cache(maxsize=1 << 14)
def is_person_noun(word: str) -> bool:
    """Whether a folded word is a noun for somebody who can speak, or a body that can; its plural and possessive too."""
    if word.endswith(("'s", ",s")):
        word = word[:-2]
    last = word.rsplit("-", 1)[-1].rsplit("/", 1)[-1]
    people = word_class("person noun")
    return last in people or (last.endswith("s") and last[:-1] in people) or last.endswith("men")


def is_possessive(word: str) -> bool:
    """Whether a folded word owns what follows: "his", "kallaste's", "ministers'"; ",s" in copies that lost their apostrophes."""
    return word in POSSESSIVES or word.endswith(("'s", "s'", ",s"))
