"""Whether an archive is whole: every page, text, record and derived row, the index's files, and that both stores agree."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from reftel.archive.accounts import Accounts
from reftel.archive.desk import Desk
from reftel.archive.entry import make_card, make_rows
from reftel.archive.findings import NO_ROWS, make_finding_rows, read_finding_rows
from reftel.archive.index import FOLDER, DamagedIndexError, Index
from reftel.archive.segments import verify_files
from reftel.archive.store import DamagedError, Store
from reftel.errors import ReftelError
from reftel.model import Record

_SHOWN = 20


class Finding(Record, frozen=True):
    """Something that was not as it should be. mended: whether it is put right now. remedy: what to do if it is not."""

    said: str
    mended: bool
    remedy: str | None = None


class Report(Record, frozen=True):
    """What the doctor saw. index_is_bad: the index has to be made again."""

    cables: int
    sources: int
    findings: tuple[Finding, ...]
    index_is_bad: bool

    @property
    def is_whole(self) -> bool:
        """Whether all is well now, be it that something was mended."""
        return all(finding.mended for finding in self.findings)


_RESTORE = (
    "Put back a copy of archive.sqlite, or add the original files to a new archive: reftel add --archive NEW PATH... "
    "Nothing is written to this one meanwhile."
)


def examine(store: Store, folder: Path, archive: str) -> Report:
    """Examines an archive whose lock is held; rows that are derived are made again where they disagree with their record."""
    try:
        return _examine(store, folder, archive)
    except DamagedError as error:
        return Report(0, 0, (Finding(str(error), False, _RESTORE),), False)


def _examine(store: Store, folder: Path, archive: str) -> Report:
    pages = store.column("PRAGMA integrity_check")
    if pages != ["ok"]:
        said = f"archive.sqlite has damaged pages: {'; '.join(map(str, pages[:3]))}"
        return Report(0, 0, (Finding(said, False, _RESTORE),), False)
    findings = [*_check_texts(store), *_check_found(store), *_check_cables(store)]
    bad_index = _check_index(store, folder, archive)
    if bad_index:
        findings.append(Finding(f"{bad_index} It is made again.", True))
    with Desk(folder) as desk:
        if not desk.is_whole():
            remedy = "Put back a copy of it; the archive itself is not hit."
            findings.append(Finding("desk.sqlite is damaged.", False, remedy))
    if not Accounts(folder).file.is_whole():
        findings.append(
            Finding(
                "accounts.sqlite is damaged.", False, "Put back a copy of it, or move it away and add the users anew."
            )
        )
    sources = int(store.column("SELECT count(*) FROM sources")[0])
    return Report(len(store), sources, tuple(findings), bool(bad_index))


def _check_texts(store: Store) -> list[Finding]:
    """Each text against its SHA-256, each record against its checksum."""
    findings = []
    for key, locator in store.execute("SELECT key, locator FROM sources ORDER BY key").fetchall():
        try:
            cable, source = store.source(key)
            if not _is_true(source.text, cable.source.sha256):
                raise ReftelError("its text is not the one that was added")
        except DamagedError:
            raise
        except (ReftelError, msgspec.DecodeError, UnicodeDecodeError) as error:
            findings.append(
                Finding(
                    f"What was added from {locator} is damaged ({error}).",
                    False,
                    f"Add it again from a copy. {_RESTORE}",
                )
            )
            if len(findings) >= _SHOWN:
                break
    return findings


def _check_found(store: Store) -> list[Finding]:
    """What was found in each text against its checksum; what is damaged is taken out, since it can be found again."""
    bad = []
    for key, sha256 in store.rows(
        "SELECT f.source, s.sha256 FROM findings f LEFT JOIN sources s ON s.key = f.source ORDER BY f.source"
    ):
        try:
            found = store.source_findings(key)
            if found is None or found.sha256 != sha256:
                bad.append(key)
        except DamagedError:
            raise
        except (ReftelError, msgspec.DecodeError, UnicodeDecodeError):
            bad.append(key)
    if not bad:
        return []
    with store.transaction():
        for key in bad:
            store.drop_findings(key)
    said = f"What was found in {len(bad):,} texts was damaged and is taken out."
    return [Finding(said, False, "To look through them again: reftel extract.")]


def _check_cables(store: Store) -> list[Finding]:
    """The rows that are derived from the records; those that disagree are made again."""
    wrong = []
    for key in store.column("SELECT key FROM cables WHERE lead IS NOT NULL ORDER BY key"):
        try:
            if not _rows_agree(store, key):
                wrong.append(key)
        except DamagedError:
            raise
        except (ReftelError, msgspec.DecodeError, UnicodeDecodeError):
            continue  # told of already
    if not wrong:
        return []
    with store.transaction():
        for key in wrong:
            store.rewrite_rows(key)
    return [Finding(f"The rows of {len(wrong):,} cables disagreed with their records.", True)]


def _rows_agree(store: Store, key: int) -> bool:
    lead = store.column("SELECT lead FROM cables WHERE key = ?", key)[0]
    cable = store.source(lead)[0]
    rows = make_rows(cable)
    held = [
        tuple(store.execute(f"SELECT * FROM {table} WHERE cable = ? ORDER BY ordinal", (key,)).fetchall())
        for table in ("paragraphs", "cable_references", "defects")
    ]
    made = [tuple((key, *row) for row in table) for table in (rows.paragraphs, rows.references, rows.defects)]
    named = store.names([key])[key]
    if held != made or (named.id, named.card) != (cable.id, make_card(cable)):
        return False
    findings = store.source_findings(lead)
    expected = make_finding_rows(cable, findings) if findings is not None else NO_ROWS
    return read_finding_rows(store.connection, key) == expected


def _check_index(store: Store, folder: Path, archive: str) -> str | None:
    """What is wrong with the index; None if it holds just what the truth does, or only lags behind it."""
    bad = verify_files(folder / FOLDER)
    if bad:
        return f"Files of the index are damaged: {', '.join(bad[:3])}."
    try:
        index = Index(folder, archive)
        if not index.exists:
            return "There is no index." if len(store) else None
        held = index.held()
    except DamagedIndexError:
        return "The index cannot be read."
    truth = {key: changed for key, changed, is_there in store.changes(0) if is_there}
    expected = {key: changed for key, changed in truth.items() if changed <= index.changed}
    stale = {key for key in held if key not in expected and truth.get(key, 0) <= index.changed}
    differ = [key for key, changed in expected.items() if held.get(key) != changed]
    if differ or stale:
        return f"The index does not hold what the archive does: {len(differ) + len(stale):,} cables differ."
    return None


def _is_true(text: str, sha256: str) -> bool:
    return hashlib.sha256(text.encode()).hexdigest() == sha256
