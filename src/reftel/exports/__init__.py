"""Cable -> file: one row of EXPORTS for each form in which cables can be written, one of STYLES for each citation.

What somebody has gathered from cables becomes one file too: one row of DOSSIERS for each form of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from reftel.exports.citation import STYLES, Style, cite
from reftel.exports.csv_table import write_csv
from reftel.exports.dossier import Dossier
from reftel.exports.dossier_docx import write_dossier_docx
from reftel.exports.dossier_markdown import write_dossier_markdown
from reftel.exports.markdown import write_markdown
from reftel.exports.parquet import write_parquet
from reftel.exports.streams import write_bibtex, write_csl, write_jsonl, write_ris, write_text
from reftel.model import Cable, Record

__all__ = ["DOSSIERS", "EXPORTS", "STYLES", "DossierForm", "Export", "Style", "cite"]


class Export(Record, frozen=True):
    """One row of EXPORTS.

    extension: of a file, without point. write: any number of cables to a stream, pulled one by one; how many they were.
    binary: not for a terminal.
    """

    name: str
    sentence: str
    extension: str
    write: Callable[[Iterable[Cable], BinaryIO], int]
    binary: bool = False


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("csv", "A table, one row a cable, for spreadsheets.", "csv", write_csv),
        Export("jsonl", "The whole records, one JSON object a line; nothing is left out.", "jsonl", write_jsonl),
        Export("parquet", "The same table as csv, typed, for data frames.", "parquet", write_parquet, binary=True),
        Export("text", "Clean telegrams; page breaks and carriers' noise gone.", "txt", write_text),
        Export("md", "A document to read: card, paragraphs, citation.", "md", write_markdown),
        Export("bib", "A bibliography for BibTeX and biblatex.", "bib", write_bibtex),
        Export("ris", "A bibliography for Zotero, EndNote and Mendeley.", "ris", write_ris),
        Export("csl", "A bibliography as CSL-JSON.", "json", write_csl),
    )
}


class DossierForm(Record, frozen=True):
    """One row of DOSSIERS. media: its media type. write: a dossier to a stream. binary: not for a terminal."""

    name: str
    sentence: str
    extension: str
    media: str
    write: Callable[[Dossier, BinaryIO], object]
    binary: bool = False


DOSSIERS: dict[str, DossierForm] = {
    form.name: form
    for form in (
        DossierForm(
            "md",
            "A document: quotations, citations, remarks, sources.",
            "md",
            "text/markdown; charset=utf-8",
            write_dossier_markdown,
        ),
        DossierForm(
            "docx",
            "The same for Word and LibreOffice.",
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            write_dossier_docx,
            binary=True,
        ),
        DossierForm(
            "bib",
            "The sources, for BibTeX and biblatex.",
            "bib",
            "application/x-bibtex",
            lambda dossier, out: write_bibtex(dossier.cables, out),
        ),
        DossierForm(
            "ris",
            "The sources, for Zotero, EndNote and Mendeley.",
            "ris",
            "application/x-research-info-systems",
            lambda dossier, out: write_ris(dossier.cables, out),
        ),
        DossierForm(
            "csl",
            "The sources as CSL-JSON.",
            "json",
            "application/vnd.citationstyles.csl+json",
            lambda dossier, out: write_csl(dossier.cables, out),
        ),
    )
}
