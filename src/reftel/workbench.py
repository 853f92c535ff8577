"""An archive as one works with it: add to it, search it, read in it, keep it whole.

from reftel import Archive

with Archive.open("reftel-archive", create=True) as archive:
    archive.add(["dump/"])
    for hit in archive.search("missile defense from:moscow date:2008-12").hits:
        print(hit.date, hit.id, hit.snippet.text)
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec

from reftel.archive import graph, ledger
from reftel.archive.explain import Part, explain_tree, part_statements
from reftel.archive.graph import Outgoing
from reftel.archive.index import FACETS, DamagedIndexError, Index
from reftel.archive.ledger import Line
from reftel.archive.lock import BusyError, writing
from reftel.archive.said import SaidResult, SaidSearch, as_reported
from reftel.archive.search import Hit, Result, Search
from reftel.archive.store import DiskFullError, Named, Store, Witness
from reftel.cite import CableId, make_id, match_print, parse_id
from reftel.errors import AmbiguousError, ProtectedError, ReftelError
from reftel.model import Attribution, Cable, Findings
from reftel.pipeline.notebook import teach
from reftel.query import Query, fold_words, parse_query, say
from reftel.query.say import say_of_statement
from reftel.query.tree import And, Or, Said, Word, without_not
from reftel.tables import find_country

if TYPE_CHECKING:
    from reftel.archive.basket import Item
    from reftel.archive.completing import Suggestion
    from reftel.archive.desk import Desk, Note, Saved
    from reftel.archive.health import Report
    from reftel.archive.holdings import Holdings, PostHoldings
    from reftel.archive.persons import Frequent
    from reftel.archive.status import Status
    from reftel.exports.dossier import Dossier
    from reftel.pipeline.mask import Mask
    from reftel.pipeline.tally import Tally
    from reftel.pipeline.verify import Checked
    from reftel.positions import Case, Ledger
    from reftel.positions.offices import Office
    from reftel.positions.people import Person, Profile, Sighting

# What reads and parses is imported where it is needed: it takes a quarter of a second, and a search needs none of it.
DEFAULT = "reftel-archive"
teach()
_ADDRESS = re.compile(r"(?:#(?P<key>\d{1,12})|(?P<id>[^~#]{1,60})(?:~(?P<nth>\d{1,4}))?)", re.ASCII)


class AddReport(NamedTuple):
    """How many files, members and rows came to what. lines: those that were not simply added or unchanged."""

    added: int
    unchanged: int
    replaced: int
    partial: int
    failed: int
    lines: tuple[Line, ...]


class ExtractReport(NamedTuple):
    """How many texts were looked through, and on how many an extractor failed. lines: those of the latter."""

    extracted: int
    unextracted: int
    lines: tuple[Line, ...]


class Archive:
    """One archive. Use it in a `with` statement, or close it."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        if create:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ReftelError(f"The folder {folder} cannot be made: {error.strerror or error}.") from None
        self.store = Store(folder, create=create)
        self.notes: list[str] = []
        self._index: Index | None = None
        self._masks: tuple[int, Mask] | None = None
        self.name = self.store.meta("archive") or self._give_name()

    @classmethod
    def open(cls, path: str | PathLike[str] = DEFAULT, *, create: bool = False) -> Archive:
        """The archive in a folder. ReftelError if there is none, unless it may be created."""
        return cls(Path(fspath(path)), create=create)

    def close(self) -> None:
        """Gives everything back; nothing waits to be written."""
        if self._index is not None:
            self._index.close()
        self.store.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many cables it holds."""
        return len(self.store)

    def count_sources(self) -> int:
        """How many texts it holds, superseded ones too."""
        return int(self.store.column("SELECT count(*) FROM sources")[0])

    # ---- putting in

    def add(
        self,
        paths: str | PathLike[str] | Iterable[str | PathLike[str]],
        *,
        reader: str | None = None,
        workers: int | None = None,
        extract: bool = True,
    ) -> AddReport:
        """Adds all cables under some paths; what is there already is left as it is.

        reader: as in reftel.read. workers: processes that parse; None is one a core, 0 none. extract: whether names and
        statements are looked for too. What cannot be read is a line of
        the report, not an error. BusyError if another process is writing, ReftelError if the disk is full: what was added
        until then is kept.
        """
        from reftel.pipeline.tally import Tally

        tally = Tally()
        lines = [
            line
            for line in self.adding(paths, reader=reader, workers=workers, extract=extract, tally=tally)
            if line.outcome not in (ledger.ADDED, ledger.UNCHANGED)
        ]
        counts = {outcome: tally.outcomes.get(outcome, 0) for outcome in ledger.OUTCOMES}
        return AddReport(**counts, lines=tuple(lines))

    def adding(
        self,
        paths: str | PathLike[str] | Iterable[str | PathLike[str]],
        *,
        reader: str | None = None,
        workers: int | None = None,
        extract: bool = True,
        stdin: BinaryIO | None = None,
        tally: Tally | None = None,
        command: str = "add",
    ) -> Iterator[Line]:
        """As add, line by line, each as soon as it is on disk. Closing the iterator ends the run; what was yielded is kept."""
        from reftel.pipeline.add import add_sources

        named = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
        with writing(self.folder):
            index = self._open_index()
            if not index.exists:
                index.clear()  # so that others can search while the first cables come in
            yield from add_sources(
                self.store,
                index,
                self.folder,
                [fspath(path) for path in named],
                clock=_now,
                command=command,
                reader=reader,
                stdin=stdin,
                workers=workers,
                extracts=extract,
                tally=tally,
            )
            index.close()

    def retrying(self, *, workers: int | None = None, tally: Tally | None = None) -> Iterator[Line]:
        """Adds again what failed, line by line as in adding."""
        from reftel.pipeline.mend import retry_paths

        paths = retry_paths(self.store, self.folder)
        if paths:
            yield from self.adding(paths, workers=workers, tally=tally, command="retry")

    def extract(self, *, people: str | PathLike[str] | None = None, workers: int | None = None) -> ExtractReport:
        """Looks for names and statements in every text that is not looked through yet, or was by other versions of the extractors.

        people: a TSV file of persons, offices and names of one's own, kept with the archive from then on; see docs/archive.md.
        """
        from reftel.pipeline.tally import Tally

        if people is not None:
            self.take_people(people)
        tally = Tally()
        failed = [line for line in self.extracting(workers=workers, tally=tally) if line.outcome == ledger.UNEXTRACTED]
        return ExtractReport(tally.outcomes.get(ledger.EXTRACTED, 0), len(failed), tuple(failed))

    def extracting(self, *, workers: int | None = None, tally: Tally | None = None) -> Iterator[Line]:
        """As extract, line by line as in adding; a line for each text that there was something to do for."""
        from reftel.pipeline.extracting import extract_stored

        with writing(self.folder):
            index = self._open_index()
            yield from extract_stored(self.store, index, clock=_now, workers=workers, tally=tally)
            index.close()

    def take_people(self, path: str | PathLike[str]) -> int:
        """Keeps a list of people with the archive; how many rows it has. A list without rows takes away the one there was.

        What was looked through without it is looked through again by `extract`. ReftelError says what is wrong with which row.
        """
        from reftel.extract.names import load_people
        from reftel.pipeline.extracting import take_people

        people = load_people(fspath(path))
        with writing(self.folder):
            take_people(self.store, people)
        return len(people.listed)

    def count_unextracted(self) -> int:
        """How many cables are not looked through by this version's extractors."""
        from reftel.pipeline.extracting import count_unextracted

        return count_unextracted(self.store)

    def rebuild(self, *, workers: int | None = None, tally: Tally | None = None) -> int:
        """Parses again what an older version parsed, then makes the index anew; how many sources were parsed again."""
        from reftel.pipeline.mend import parse_again
        from reftel.pipeline.tally import Tally

        tally = tally if tally is not None else Tally()
        with writing(self.folder):
            index = self._open_index()
            count = parse_again(self.store, index, _now, workers, tally)
            index.close()
        return count

    def doctor(self) -> Report:
        """Looks at every page, text and record of the archive, and mends what can be mended."""
        from reftel.archive.health import Finding, examine

        with writing(self.folder):
            report = examine(self.store, self.folder, self.name)
            if report.index_is_bad:
                self._index = None
                Index.discard(self.folder)
                try:
                    self._follow_up(self._open_index())
                except ReftelError as error:
                    left = Finding(f"The index could not be made again: {error}", False)
                    return msgspec.structs.replace(report, findings=(*report.findings, left))
        return report

    # ---- finding

    def search(
        self,
        query: str | Query,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: str = "relevance",
        facets: Sequence[str] = (),
        masked: bool = False,
    ) -> Result:
        """Some hits of a query, the exact total, and facets over all hits. QueryError if the query cannot be read.

        masked: as if the pseudonyms of protected sources stood in the cables: who asks for a protected name finds nothing by it.
        """
        return self._search(masked).page(_read(query), limit=limit, offset=offset, sort=sort, facets=facets)

    def new_since(
        self, saved: Saved, *, limit: int = 10, offset: int = 0, sort: str = "relevance", masked: bool = False
    ) -> Result | None:
        """The hits of a saved search that came into this archive after it was last seen; `total` is how many.

        None if that cannot be told: it was never run, or on another archive. masked: as in search.
        """
        if saved.newest is None or saved.archive != self.name:
            return None
        query = _read(saved.query)
        return self._search(masked).page(query, limit=limit, offset=offset, sort=sort, after=saved.newest)

    def see(self, saved: Saved, at: str, *, masked: bool = False) -> Saved:
        """A saved search as seen now: what comes from now on is new to it. To be kept by Desk.saw_search.

        What another process is adding at this moment, and cannot be found yet, is still to come. masked: as in search.
        """
        search = self._search(masked)
        newest = search.newest(saved.newest if saved.newest is not None and saved.archive == self.name else 0)
        return saved._replace(seen=at, total=search.count(_read(saved.query).tree), archive=self.name, newest=newest)

    def search_all(self, query: str | Query, *, sort: str = "relevance", masked: bool = False) -> Iterator[Hit]:
        """Every hit of a query, in order. masked: as in search."""
        return self._search(masked).all(_read(query), sort)

    def count(self, query: str | Query, *, masked: bool = False) -> int:
        """How many cables a query finds. masked: as in search."""
        return self._search(masked).count(_read(query).tree)

    def facets(
        self, query: str | Query, facets: Sequence[str] = FACETS, *, masked: bool = False
    ) -> dict[str, list[tuple[str, int]]]:
        """How the hits of a query spread over years, months, posts, countries, classifications, tags and carriers.

        masked: as in search; a tag that is the name of a protected source is left out.
        """
        return self._search(masked).facets(_read(query), facets)

    def explain(self, query: str | Query, *, masked: bool = False) -> list[Part]:
        """How a query was read: each of its parts, and how many cables it matches. masked: as in search."""
        return explain_tree(_read(query).tree, self._search(masked).count, say)

    def cables(self, query: str | Query | None = None, *, sort: str = "relevance") -> Iterator[Cable]:
        """The cables that a query finds, in order; without one all of them, as they were added.

        A slip in the query is told at once, not with the first cable.
        """
        if query is None:
            keys = self.store.column("SELECT key FROM cables WHERE lead IS NOT NULL ORDER BY key")
        else:
            keys = self._search().keys(_read(query), sort)
        return (self.store.cable(key) for key in keys)

    def complete(self, typed: str, *, masked: bool = False) -> list[Suggestion]:
        """What may be meant by the last word of a query that is being typed. masked: protected names are not suggested."""
        from reftel.archive.completing import complete

        mask = self._mask() if masked else None
        return complete(self._search(), typed, lambda word: mask is not None and mask.name(word) != word)

    # ---- who said what

    def said(
        self,
        query: str | Query,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: str = "relevance",
        masked: bool = False,
    ) -> SaidResult:
        """Some statements that a query finds, and the exact total: those that hold, in cables that hold.

        Unless it asks for voice:, what drafters say in their own voice is left out. sort: relevance, date or -date. masked: as in search.
        """
        return SaidSearch(self._search(masked)).page(_read(query), limit=limit, offset=offset, sort=sort)

    def said_all(self, query: str | Query, *, sort: str = "relevance", masked: bool = False) -> Iterator[Attribution]:
        """Every statement that a query finds, in order. masked: as in search."""
        return SaidSearch(self._search(masked)).all(_read(query), sort)

    def count_said(self, query: str | Query, *, masked: bool = False) -> int:
        """How many statements a query finds. masked: as in search."""
        return SaidSearch(self._search(masked)).count(as_reported(_read(query)).tree)

    def explain_said(self, query: str | Query, *, masked: bool = False) -> list[Part]:
        """How a query was read when it is asked of statements: each of its parts, and how many statements it matches. masked: as in search."""
        tree = part_statements(as_reported(_read(query)).tree)
        return explain_tree(tree, SaidSearch(self._search(masked)).count, say_of_statement)

    # ---- reading

    def get(self, address: str) -> Cable:
        """The cable of an id, in any usual form ("09LONDON2499", "09 LONDON 2499"), by its leading text.

        address: also `09LONDON2499~2`, where two cables have one id, and `#17`, the 17th cable of this archive.
        ReftelError if there is none, or if there are several and none is named.
        """
        found = self.find(address)
        if not found:
            raise ReftelError(f"There is no cable {address} in this archive. To look for it: reftel search id:...")
        if len(found) > 1:
            names = tuple(f"{found[0].id}~{i + 1}" for i in range(len(found)))
            raise AmbiguousError(
                f"Two texts or more have the id {found[0].id}. Name one of them: {', '.join(names)}.", names
            )
        return self.store.cable(found[0].key)

    def find(self, address: str) -> list[Named]:
        """The cables of an address: none, one, or several that share an id."""
        match = _ADDRESS.fullmatch(address.strip())
        if match is None:
            return []
        if match["key"]:
            return list(self.store.names([int(match["key"])]).values())
        named = self.store.cables_named(_normal_id(match["id"]))
        if match["nth"]:
            nth = int(match["nth"])
            return named[nth - 1 : nth] if nth else []
        return named

    def cable(self, named: Named, witness: Witness | None = None) -> Cable:
        """A cable that `find` gave, by its leading text or by that of another of its witnesses."""
        return self.store.cable(named.key) if witness is None else self.store.source(witness.key)[0]

    def position(
        self,
        who: str,
        about: str | Query,
        *,
        since: date | None = None,
        until: date | None = None,
        wide: bool = False,
        masked: bool = False,
    ) -> Ledger:
        """What somebody said on a question, by occasion, whether it changed, and what is not held between; see docs/positions.md.

        since, until: first and last day. wide: also statements that only their paragraph puts on the question. masked: protected
        sources have pseudonyms, so that it may be given away. ReftelError if the name fits several, or if it is masked and
        `who` is to be protected: whose ledger it is cannot be hidden.
        """
        from reftel.positions import make_ledger
        from reftel.positions.people import find_persons, the_one

        query = _read(about)
        meant = the_one(find_persons(self._sightings(who), who)) if find_country(who) is None else None
        names = (meant[0].name, *meant[0].names) if meant is not None else ()
        if masked and any(self._mask().name(name) != name for name in (who, *names)):
            raise ProtectedError(
                f"A drafter asks to protect {who}, so this ledger is not to be given away. With the name all the same: --unmask"
            )
        return make_ledger(
            self._cases((who, *names), query, masked),
            who,
            query,
            names=names,
            since=since,
            until=until,
            wide=wide,
            held=self._held_of_post,
        )

    def people(self, query: str | Query | None = None, *, masked: bool = False) -> list[Person]:
        """The persons in the cables that a query finds, or in all, those in most cables first. masked: as in position."""
        from reftel.positions.people import list_persons, rename

        keys = None if query is None else set(self._search(masked).keys(_read(query)))
        persons = list_persons(one for one in self._sightings() if keys is None or one.key in keys)
        return [rename(person, self._mask().name) for person in persons] if masked else persons

    def who(self, name: str, *, masked: bool = False) -> tuple[Profile | None, list[Person]]:
        """The person whom a name or office means, in full, and all whom it fits; no profile if none of them stands out.

        masked: as in position.
        """
        from reftel.positions.people import find_persons, rename, rename_profile, the_one

        found = find_persons(self._sightings(name), name)
        persons = [rename(person, self._mask().name) if masked else person for person, _ in found]
        meant = the_one(found)
        if meant is None:
            return None, persons
        profile = self._profile(*meant)
        return rename_profile(profile, self._mask().name) if masked else profile, persons

    def holdings(self) -> Holdings:
        """What is held of each post, by year and month, and about how many cables it sent, by its serials.

        Read anew each time: a second or two for 250,000 cables. It holds until `store.last_change()` is another number.
        """
        from reftel.archive.holdings import read_holdings

        return read_holdings(self.store)

    def holdings_of(self, post: str) -> PostHoldings:
        """What is held of one post, in any spelling ("kiev", "AMEMBASSY KYIV"). ReftelError if that is nothing."""
        from reftel.archive.holdings import pick_post

        found = pick_post(self.holdings(), post)
        if found is None:
            raise ReftelError(f"This archive holds no cable of a post {post}. Which posts it has: reftel coverage")
        return found

    def office(self, name: str, *, masked: bool = False) -> Office | None:
        """An office of a country, "foreign minister of Estonia": its holders as cables tell of them, and all of them as one.

        None if it names no country, or nobody is told to have held it. masked: as in position; holders to be protected are left out.
        """
        from reftel.positions.offices import Office, gather_office, rename_office, split_office
        from reftel.positions.people import find_persons, rename, sum_up

        parts = split_office(name)
        if parts is None:
            return None
        found = find_persons(self._sightings(parts[0]), parts[0])
        if masked:  # an office tells whose a pseudonym is
            found = [(one, seen) for one, seen in found if rename(one, self._mask().name).name == one.name]
        holders, sightings = gather_office(*parts, found)
        if not holders:
            return None
        office = Office(*parts, tuple(holders), self._profile(sum_up(sightings), sightings))
        return rename_office(office, self._mask().name) if masked else office

    def most_named(self, limit: int = 300, *, masked: bool = False) -> list[Frequent]:
        """The persons in most cables, quickly: told apart as by people, but in a big archive by their names alone. masked: as in position."""
        import msgspec

        from reftel.archive.persons import FEW, Frequent, most_named

        if len(self) > FEW:
            found = most_named(self.store, limit)
            name = self._mask().name
            return [msgspec.structs.replace(one, name=name(one.name, False)) for one in found] if masked else found
        return [
            Frequent(
                one.name, one.cables, one.mentions, one.statements, one.protected,
                one.countries[0] if len(one.countries) == 1 else None,
            )
            for one in self.people(masked=masked)[:limit]
        ]  # fmt: skip

    def findings(self, named: Named) -> Findings | None:
        """The names and statements in the leading text of a cable that `find` gave; None if it is not looked through yet."""
        return self.store.findings(named.key)

    def mask(self, cable: Cable) -> Cable:
        """A cable of this archive as it may be given away: who is to be protected, here or in any other cable, under a pseudonym.

        Every length is kept, so that spans stay true. Only names that were looked for are known: see count_unextracted.
        """
        return self._mask().cable(cable)[0]

    def mask_found(self, cable: Cable, findings: Findings | None) -> tuple[Cable, Findings | None]:
        """The same of a cable and what was found in it; None stays None."""
        masked, found = self._mask().cable(cable, findings)
        return masked, found if findings is not None else None

    def masked(self, attributions: Iterable[Attribution]) -> Iterator[Attribution]:
        """Statements of this archive as they may be given away, in their order."""
        return self._mask().attributions(attributions)

    def masked_hits(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """Hits of this archive as they may be given away, in their order."""
        return self._mask().hits(hits)

    def masked_names(self, some: Iterable[Named]) -> Iterator[Named]:
        """Cables in a list as they may be shown, in their order: their subjects masked."""
        return self._mask().named(some)

    def verify(self, path: str | PathLike[str]) -> Iterator[Checked]:
        """Each row of an export of statements checked against the texts of this archive, in order.

        ReftelError if the file cannot be read, or quotes nothing.
        """
        from reftel.pipeline.verify import verify_file

        return verify_file(Path(fspath(path)), self.store)

    def addresses(self, keys: Sequence[int]) -> list[str]:
        """What `get` takes, for cables by key, in their order; "" for one that is gone."""
        named = self.store.names(set(keys))
        return [self.store.address(named[key]) if key in named else "" for key in keys]

    def references(self, named: Named) -> tuple[list[Outgoing], list[Named]]:
        """What a cable cites, with what the archive holds of it, and the cables that cite it."""
        cited = graph.incoming(self.store, named.id) if named.id else []
        return graph.outgoing(self.store, self.store.cable(named.key)), cited

    def siblings(self, named: Named) -> list[tuple[Named, int]]:
        """Other cables that cite what it cites, and how many of its references they share."""
        return graph.siblings(self.store, self.store.cable(named.key), named.key)

    def neighbours(self, named: Named) -> tuple[Named | None, Named | None]:
        """The cables before and after it in its post's row of serials; None where there is none near."""
        known = parse_id(named.id) if named.id else None
        return graph.neighbours(self.store, known) if known is not None else (None, None)

    def near(self, named: Named, limit: int = 5) -> list[Named]:
        """The cables that are nearest to it in content."""
        from reftel.archive.near import find_near

        return find_near(self._search(), self.store.cable(named.key), named.key, limit)

    def witnesses(self, named: Named) -> list[Witness]:
        """The sources of a cable, the leading one first."""
        return self.store.witnesses(named.key)

    def status(self) -> Status:
        """How many cables it holds of what, and what could not be put in, and why."""
        from reftel.archive.status import read_status

        return read_status(self.store)

    def is_being_written(self) -> bool:
        """Whether a process is adding to it, or mending it, at this moment."""
        try:
            with writing(self.folder):
                return False
        except BusyError:
            return True

    def desk(self) -> Desk:
        """The user's own: saved searches, notes, tags, a basket. For one thread, and to be closed."""
        from reftel.archive.desk import Desk

        return Desk(self.folder)

    def dossier(
        self, items: Iterable[Item], *, title: str, made: str, notes: Desk | None = None, masked: bool = True
    ) -> Dossier:
        """What lies in a basket, as one document to be written by one of exports.DOSSIERS.

        made: when, ISO. notes: the desk that has notes on what is quoted, if they are to be told as well. masked: as in position.
        """
        from reftel.pipeline.dossier import make_dossier

        def find(address: str) -> Cable | None:
            found = self.find(address)  # of several with one id the oldest: it was there when the address was noted
            return self.store.cable(found[0].key) if found else None

        return make_dossier(
            items,
            find,
            notes.notes if notes is not None else lambda _: [],
            title=title,
            made=made,
            mask=self._mask() if masked else None,
        )

    def loose_notes(self, desk: Desk) -> list[Note]:
        """The notes that have lost their cable, their paragraph or their words, the newest first."""
        from reftel.archive.loose import find_loose

        return find_loose(self.store, desk.find_notes(limit=-1)[0], self.find)

    def mask_words(self, cable: Cable | None, texts: Iterable[str]) -> list[str]:
        """Words about a cable as they may be given away: notes on it, quotations of another text of it. None: of one that is not held."""
        return self._mask().loose_words(cable, texts)

    # ---- below

    def _cases(self, names: Iterable[str], about: Query, masked: bool) -> Iterator[Case]:
        """The cables in which somebody of one of the names says something, and in which the words of the question stand."""
        from reftel.positions import Case

        called = dict.fromkeys(tuple(fold_words(name)) for name in names)
        by = Or(tuple(And(tuple(Word("said-by", word) for word in words)) for words in called if words))
        tree = And((Said(by), without_not(about.tree)))
        for key in self._search().keys(Query(about.text, tree), "date"):
            findings = self.store.findings(key)
            if findings is not None:
                cable = self.store.cable(key)
                yield Case(*(self._mask().cable(cable, findings) if masked else (cable, findings)), key)

    def _profile(self, person: Person, sightings: list[Sighting]) -> Profile:
        """A person in full, out of the cables of its sightings."""
        from reftel.positions.people import Look, look_sightings, make_profile

        looks = [
            Look(one.key, one.cable, one.date, one.post, findings)
            for one in {one.key: one for one in sightings}.values()
            if (findings := self.store.findings(one.key)) is not None
        ]
        evidence = {(one.key, one.name): one.evidence for look in looks for one in look_sightings(look)}
        told = [one._replace(evidence=evidence.get((one.key, one.name))) for one in sightings]
        return make_profile(person, told, looks)

    def _sightings(self, name: str = "") -> Iterator[Sighting]:
        """Every person of every cable, as the cable has it; with a name or key those that have its last word in name or office."""
        from reftel.positions.people import Sighting

        last = (fold_words(name) or [""])[-1]
        for row in self.store.execute(
            "SELECT e.cable, c.id, c.date, c.post, e.name, e.role, e.country, e.identity, e.protected, e.mentions, e.statements "
            "FROM entities e JOIN cables c ON c.key = e.cable WHERE e.kind = 'person' "
            "AND (instr(e.folded, ?1) OR instr(lower(e.role), ?1) OR e.identity = ?2) ORDER BY e.cable, e.ordinal",
            (last, name),
        ):
            yield Sighting._make((*row[:8], bool(row[8]), *row[9:], None))

    def _held_of_post(self, post: str) -> list[tuple[CableId, date]]:
        """Id and day of every cable of a post ("LONDON") that has both."""
        rows = self.store.rows(
            "SELECT id, date FROM cables WHERE lead IS NOT NULL AND date IS NOT NULL AND id GLOB ?",
            (f"[0-9][0-9]{post}[0-9]*",),
        )
        ids = [(parse_id(cable), day) for cable, day in rows]
        return [(cable, date.fromisoformat(day)) for cable, day in ids if cable is not None]

    def _mask(self) -> Mask:
        """Made anew when the archive has changed: whom to protect may be others."""
        from reftel.pipeline.mask import Mask

        changed = self.store.last_change()
        if self._masks is None or self._masks[0] != changed:
            self._masks = (changed, Mask(self.store))
        return self._masks[1]

    def _give_name(self) -> str:
        with self.store.transaction():
            name = self.store.meta("archive")  # another process may have been quicker
            if name is None:
                name = uuid.uuid4().hex
                self.store.set_meta("archive", name)
        return name

    def _open_index(self) -> Index:
        """The index; an empty one if it is damaged or ahead of the truth. Needs the lock."""
        try:
            if self._index is None:
                self._index = Index(self.folder, self.name)
            else:
                self._index.refresh()
        except DamagedIndexError:
            self.notes.append("The index was damaged and is made again.")
            Index.discard(self.folder)
            self._index = Index(self.folder, self.name)
        if self._index.changed > self.store.last_change():
            self._index.clear()  # the truth is an older one than it was made of
        return self._index

    def _follow_up(self, index: Index) -> None:
        from reftel.pipeline.mend import follow_up
        from reftel.pipeline.tally import Tally

        follow_up(self.store, index, None, Tally())
        index.close()

    def _search(self, masked: bool = False) -> Search:
        """A search over an index that follows the truth, as far as nobody else is writing. masked: behind the veil."""
        index = self._read_index()
        if index is None or index.changed != self.store.last_change():
            try:
                with writing(self.folder):
                    opened = self._open_index()
                    self._follow_up(opened)
                    index = opened
            except (BusyError, DiskFullError) as error:
                if index is None:
                    raise
                why = "Another process is adding" if isinstance(error, BusyError) else "The disk is full"
                self.notes.append(f"{why}; the newest cables cannot be found yet.")
        plain = Search(self.store, index)
        if not masked:
            return plain
        from reftel.pipeline.veil import MaskedView

        return Search(self.store, index, MaskedView(plain, self._mask()))

    def _read_index(self) -> Index | None:
        """The index as it was last committed; None if there is none that can be believed. Changes nothing."""
        try:
            index = self._index = self._index or Index(self.folder, self.name)
            index.refresh()
        except DamagedIndexError:
            self._index = None
            return None
        if index.is_touched:  # copied, most likely: found whole, and not to be read through again the next time
            with suppress(ReftelError), writing(self.folder):
                index.stamp()
        return index if index.exists and index.changed <= self.store.last_change() else None


def _read(query: str | Query) -> Query:
    return query if isinstance(query, Query) else parse_query(query)


def _normal_id(text: str) -> str:
    """The id in its usual form, "09LONDON2499" for "09 London 02499"; the text itself if it is no id."""
    tight = "".join(text.split()).upper()
    if parse_id(tight) is None:
        printed = match_print(text, 0, len(text))
        if printed is not None and printed.year is not None:
            return str(make_id(printed.year, printed.station, int(printed.digits)) or tight)
    return tight


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
