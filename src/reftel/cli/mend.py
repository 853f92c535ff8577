"""`reftel doctor` and `reftel rebuild`."""

from __future__ import annotations

import click

from reftel.cli.errors import said
from reftel.cli.output import count_of, prepare_text, printable
from reftel.workbench import Archive

WHOLE, LEFT_TO_DO = 0, 3


def examine_archive(folder: str) -> int:
    """Prints what was not as it should be; the exit code."""
    prepare_text()
    with said(), Archive.open(folder) as archive:
        report = archive.doctor()
    for finding in report.findings:
        state = "mended" if finding.mended else "not mended"
        click.echo(printable(f"{state}: {finding.said}"))
        if finding.remedy:
            click.echo(printable(f"  {finding.remedy}"))
    if report.is_whole:
        click.echo(f"All is well: {report.cables:,} cables from {report.sources:,} sources; index and archive agree.")
    return WHOLE if report.is_whole else LEFT_TO_DO


def rebuild_archive(folder: str, workers: int | None) -> int:
    """Says what was made again; the exit code."""
    with said(), Archive.open(folder) as archive:
        count = archive.rebuild(workers=workers)
        click.echo(f"{count:,} sources parsed again; the index of {len(archive):,} cables is made anew.")
        left = archive.count_unextracted()
        if left:
            click.echo(
                f"{count_of(left, 'cable')} still to be looked through for names and statements: reftel extract."
            )
    return WHOLE
