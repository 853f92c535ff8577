"""`reftel check`: what is damaged, missing or contradictory, by cable and by code."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence

import msgspec

from reftel.cli.defects import Finding, list_findings
from reftel.cli.output import Lines, prepare_text, printable
from reftel.cli.run import Run
from reftel.errors import DEFECTS
from reftel.model import Cable


def check_cables(paths: Sequence[str], reader: str | None, as_json: bool) -> int:
    """Prints the defects of all cables under the paths; the exit code."""
    prepare_text()
    with Run(paths, reader, bar=not sys.stdout.isatty()) as run:
        with Lines() as lines:
            if as_json:
                for cable in run.cables():
                    lines.write(msgspec.json.encode(_describe(cable)))
            else:
                _print_report(run, lines)
        return run.end()


def _describe(cable: Cable) -> dict[str, object]:
    found = zip(cable.defects, list_findings(cable), strict=True)
    return {
        "locator": cable.source.locator,
        "id": cable.id,
        "defects": [
            {"code": defect.code, "line": finding.line, "span": defect.span, "detail": defect.detail}
            for defect, finding in found
        ],
    }


def _print_report(run: Run, lines: Lines) -> None:
    """Each cable as it is read, so that a collection of any size can be checked; the table of codes at the end."""
    tally = _Tally()
    for cable in run.cables():
        findings = list(list_findings(cable))
        tally.add(cable, findings)
        if findings:
            lines.print(f"{printable(cable.source.locator)}  {cable.id or 'no id'}")
            for finding in findings:
                at = f"line {finding.line}" if finding.line else ""
                lines.print(f"  {finding.code:<24}  {at:<10}  {finding.said}".rstrip())
            lines.print("")
    for line in tally.report(shutil.get_terminal_size().columns if sys.stdout.isatty() else 0):
        lines.print(line)


class _Tally:
    """How often each code was met, and how much text could not be named."""

    def __init__(self) -> None:
        self.cables = 0
        self.whole = 0
        self.met: Counter[str] = Counter()
        self.met_in: Counter[str] = Counter()
        self.characters = 0
        self.unnamed = 0

    def add(self, cable: Cable, findings: list[Finding]) -> None:
        """Counts one cable."""
        codes = [finding.code for finding in findings]
        self.cables += 1
        self.whole += not codes
        self.met.update(codes)
        self.met_in.update(set(codes))
        self.characters += len(cable.text)
        self.unnamed += sum(s.span.end - s.span.start for s in cable.segments if s.kind == "unknown")

    def report(self, width: int) -> list[str]:
        """The lines of the table, most frequent code first; sentences are wrapped at the width, if it is not 0."""
        if not self.cables:
            return []
        said = []
        if self.met:
            said.append(f"{'code':<26}{'cables':>8}{'times':>8}  what it means")
            for code, cables in sorted(self.met_in.items(), key=lambda item: (-item[1], item[0])):
                head = f"{code:<26}{cables:>8,}{self.met[code]:>8,}  "
                said += _hang(head, DEFECTS.get(code, ""), width)
            said.append("")
        share = 100 * self.unnamed / self.characters if self.characters else 0
        said.append(
            f"{self.whole:,} of {self.cables:,} {'cable' if self.cables == 1 else 'cables'} without any defect."
        )
        said.append(f"{self.unnamed:,} of {self.characters:,} characters could not be named ({share:.2f} %).")
        return said


def _hang(head: str, sentence: str, width: int) -> list[str]:
    if width < len(head) + 24:
        return [head + sentence]
    wrapped = textwrap.wrap(sentence, width - len(head) - 1) or [""]
    return [head + wrapped[0], *(" " * len(head) + line for line in wrapped[1:])]
