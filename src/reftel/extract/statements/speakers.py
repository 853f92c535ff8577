"""Who a source or addressee is: the name by which the cable knows him, and which entities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from reftel.extract.names.lookup import Known
from reftel.extract.statements.drafts import Draft, Range
from reftel.extract.statements.implicit import names_person
from reftel.extract.statements.sentences import Sentence
from reftel.extract.statements.subjects import noun_phrase_before
from reftel.extract.statements.words import DETERMINERS, POSSESSIVES
from reftel.model import Cable, Entity, Span
from reftel.query.view import sender_name
from reftel.tables import rows
from reftel.text import Flow, one_line

# A canonical name, "A; B" for several, None if the text does not tell; and indices of the entities.
Named = tuple[str | None, tuple[int, ...]]
NOBODY: Named = (None, ())

_OURS = frozenset(["we", "us", "our", "ourselves", "post", "post's", "embassy", "consulate", "mission"])
_MINE = frozenset(["i", "me", "my", "mine", "myself"])
_SINGULAR = frozenset(["he", "she", "him", "her", "his", "himself", "herself"])
_PLURAL = frozenset(["they", "them", "their", "themselves", "both"])
_RELATIVE = frozenset(["who", "which", "that", "whose"])
_THING = frozenset(["it", "its", "itself"])
_OWNING = ("'s", "’s", ",s", "'", "’")
_PERSONS = ("person", "office")


class Speakers:
    """Names the speakers of one cable, in reading order. last: who spoke last."""

    def __init__(self, cable: Cable, entities: Sequence[Entity], known: Known) -> None:
        self.cable, self.entities, self.known = cable, entities, known
        self.drafter = sender_name(cable) or "the drafter"
        self.last: Named = NOBODY
        self._person: Named = NOBODY  # the last person who spoke
        self._other: Named = NOBODY  # the last one who was spoken to, or spoke before him
        self._group: Named = NOBODY  # the last body, or the last several

    def begin_paragraph(self, carried: bool) -> None:
        """A new paragraph: whoever spoke last is still the likely meaning of "he"; carried: and may still speak."""
        if not carried:
            self.last = NOBODY

    def is_drafter(self, name: str | None) -> bool:
        """Whether a name is that of the sending post."""
        return name == self.drafter

    def name(self, flow: Flow, sentence: Sentence, draft: Draft, holder: Named | None) -> Named:
        """Who the source of a statement is. holder: the speaker of the statement it is part of, None if of none."""
        if draft.source is None:
            return NOBODY
        return self._who(flow, sentence, draft.source, holder)

    def address(self, flow: Flow, sentence: Sentence, draft: Draft, speaker: str | None) -> Named:
        """Who is addressed, if the sentence names him as an argument of the cue."""
        if draft.addressee is None:
            return NOBODY
        start, end = draft.addressee
        word = sentence.low[start]
        if end - start == 1 and word in _SINGULAR | _PLURAL:
            likely = self._other if word in _SINGULAR else self._group
            return likely if likely[0] != speaker else NOBODY
        return self._who(flow, sentence, draft.addressee, None)

    def remember(self, sentence: Sentence, draft: Draft, named: Named) -> None:
        """Takes note of who spoke, for what stands behind it."""
        if named[0] is None or self.is_drafter(named[0]) or draft.found.form in ("hearsay", "noun", "passive"):
            return
        if self._is_person(named, sentence, draft):
            if self._person[0] not in (None, named[0]):
                self._other = self._person
            self._person = named
        else:
            self._group = named
        self.last = named

    # ---- below

    def _is_person(self, named: Named, sentence: Sentence, draft: Draft) -> bool:
        if len(named[1]) == 1:
            return self.entities[named[1][0]].kind in _PERSONS
        if len(named[1]) > 1:
            return False
        assert draft.source is not None
        head = sentence.words[draft.source[1] - 1]
        if draft.source == (0, 1) and not named[1] and head.lower() in _common_words():
            return False  # "Sanctions": a capital at the head of a sentence tells nothing
        return names_person(sentence, draft) and not (head.islower() and head.endswith("s"))

    def _who(self, flow: Flow, sentence: Sentence, tokens: Range, holder: Named | None) -> Named:
        start, end = tokens
        word = sentence.low[start]
        if end - start == 1:
            named = self._pronoun(flow, sentence, start, word, holder)
            if named is not None:
                return named
        several = self._several(flow, sentence, tokens)
        if several is not None:
            return several
        return self._one(flow, sentence, tokens)

    def _pronoun(self, flow: Flow, sentence: Sentence, at: int, word: str, holder: Named | None) -> Named | None:
        """Who a pronoun means; None if the word is none."""
        quoted = sentence.quoted[at]
        if quoted and (word in _MINE or word in _OURS):
            return holder if holder is not None and holder[0] else self._person
        if word in _MINE or word in _OURS:  # the drafter, or who signs
            return (self.drafter, ())
        if word in ("his", "her"):
            near = self._nearest(flow, sentence, at, persons=True)
            return near or holder or self._person
        if word in _SINGULAR:
            return holder if holder is not None and holder[0] else self._person
        if word in _THING:
            return self._nearest(flow, sentence, at, persons=False) or NOBODY
        if word in _PLURAL:
            return self._group
        if word in _RELATIVE:
            return self._antecedent(flow, sentence, at)
        return None

    def _antecedent(self, flow: Flow, sentence: Sentence, at: int) -> Named:
        """Whom "who" means: the noun phrase before it."""
        end = at
        while end > 0 and sentence.low[end - 1] in (",", "--", "("):
            end -= 1
        start = noun_phrase_before(sentence, end)
        return self._one(flow, sentence, (start, end)) if start is not None else NOBODY

    def _nearest(self, flow: Flow, sentence: Sentence, at: int, *, persons: bool) -> Named | None:
        """The nearest entity named before a token in its sentence, a person or not."""
        first, last = flow.at(sentence.starts[0]), flow.at(sentence.starts[at])
        for i in reversed(self.known.near(first, last)):
            if (self.entities[i].kind in _PERSONS) == persons:
                return (self.entities[i].name, (i,))
        return None

    def _several(self, flow: Flow, sentence: Sentence, tokens: Range) -> Named | None:
        """ "Kallaste and Oks": the joint speakers; None if there are not two parts that each name somebody."""
        start, end = tokens
        words = sentence.low[start:end]
        if "and" not in words and "&" not in words:
            return None
        parts: list[Range] = []
        begin = start
        for i in range(start, end + 1):
            if i == end or (sentence.low[i] in ("and", "&", ",") and not self._is_within(flow, sentence, i)):
                if i > begin:
                    parts.append((begin, i))
                begin = i + 1
        if len(parts) < 2:
            return None
        persons = [
            i for i in self.known.at(*flow.hull(sentence.starts[start], sentence.ends[end - 1])) if self._bears(i)
        ]
        if (
            len(persons) > 1
        ):  # what stands beside them is their office: "Oslo and Bergen team leaders Hickory and Barns"
            persons.sort(key=lambda i: self.entities[i].mentions[0].span)
            return "; ".join(self.entities[i].name for i in persons), tuple(persons)
        names: list[str] = []
        found: list[int] = []
        for part in parts:
            name, indices = self._one(flow, sentence, part)
            if sentence.low[part[0]] in ("he", "she") and part[1] - part[0] == 1:
                name, indices = self._person
            if name is None or (not indices and sentence.words[part[1] - 1].islower() and len(parts) > 2):
                return None
            names.append(name)
            found += indices
        if len(names) < 2 or len(found) < len(names) - 1:
            return None
        return "; ".join(dict.fromkeys(names)), tuple(dict.fromkeys(found))

    def _is_within(self, flow: Flow, sentence: Sentence, i: int) -> bool:
        """Whether a token is part of a name: the "and" of a ministry of trade and industry."""
        return bool(self.known.near(*flow.hull(sentence.starts[i], sentence.ends[i])))

    def _bears(self, i: int) -> bool:
        return self.entities[i].kind == "person" and any(m.form in ("name", "title") for m in self.entities[i].mentions)

    def _one(self, flow: Flow, sentence: Sentence, tokens: Range) -> Named:
        span = flow.hull(sentence.starts[tokens[0]], sentence.ends[tokens[1] - 1])
        indices = [i for i in self.known.at(*span) if self._heads(i, span)]
        if indices:
            head = self.entities[indices[0]]
            if head.kind in _PERSONS or (head.kind == "organisation" and self._is_head(sentence, tokens, head)):
                return head.name, (indices[0],)
        return _phrase(sentence, tokens), ()

    def _heads(self, i: int, span: Span) -> bool:
        """Whether a mention of an entity ends a phrase, or its part before a comma: not "Oks' party", "a friend in Oks' office"."""
        text = self.cable.text
        for mention in self.entities[i].mentions:
            start, end = mention.span
            if span.start <= start and end <= span.end:
                rest = text[end : span.end].strip()
                if not rest or rest[0] in ",(-" or rest in _OWNING:
                    return True
        return False

    def _is_head(self, sentence: Sentence, tokens: Range, entity: Entity) -> bool:
        """Whether a body is who speaks, and not only whose official does: "the MFA", not "MFA officials"."""
        last = sentence.low[tokens[1] - 1].removesuffix("'s")
        return any(last == word for name in (entity.name, *self._printed(entity)) for word in name.lower().split()[-1:])

    def _printed(self, entity: Entity) -> list[str]:
        return [m.span.of(self.cable.text) for m in entity.mentions[:4]]


@cache
def _common_words() -> frozenset[str]:
    return frozenset(row["word"].lower() for row in rows("plain_words") if row["kind"] == "common") - {"he", "she"}


def _phrase(sentence: Sentence, tokens: Range) -> str | None:
    """The words of a noun phrase as a name: without determiner, possessive and comma."""
    start, end = tokens
    while (
        start < end - 1
        and (sentence.low[start] in DETERMINERS or sentence.low[start] in POSSESSIVES)
        and sentence.low[start] not in ("some", "many", "several", "most", "all", "both", "other", "no", "one")
    ):
        start += 1
    while end > start + 1 and sentence.low[end - 1] in (",", ")", "'s") and "(" not in sentence.low[start:end]:
        end -= 1
    words = one_line(" ".join(sentence.words[start:end]))
    for mark in ("'s", "’s", ",s", "s'", "s’"):
        if words.endswith(mark):
            return words[: -len(mark)] + ("s" if mark[0] == "s" else "")
    return words.replace(" ,", ",").replace(" . ", ". ").replace("( ", "(").replace(" )", ")") or None
