"""Cable -> Findings: who is named in it, and who is told to have said what. EXTRACTORS: name -> version."""

from __future__ import annotations

from reftel.extract import names, statements
from reftel.extract.names import People
from reftel.model import Cable, Findings

EXTRACTORS = {"names": names.VERSION, "statements": statements.VERSION}


def extract(cable: Cable, people: People | None = None) -> Findings:
    """What the extractors find in a cable; the same cable, versions and people give the same findings.

    people: the user's own list, which takes part before the tables.
    """
    entities = names.find_names(cable, people)
    return Findings(
        cable=cable.id,
        sha256=cable.source.sha256,
        versions=versions_with(people),
        entities=entities,
        statements=statements.find_statements(cable, entities),
    )


def versions_with(people: People | None) -> dict[str, str]:
    """The versions of the extractors; that of the names tells which list took part: "1+5f0c9a1e"."""
    found = dict(EXTRACTORS)
    if people is not None and people.listed:
        found["names"] += f"+{people.mark}"
    return found
