"""The rows below a header: records, repeated headers, total rows, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.columns import ADDED_UP, Kind
from rdcredit.ingest.format import fold
from rdcredit.ingest.grid import RAW, normalised
from rdcredit.ingest.privacy import is_personal_header, looks_like_ssn, without_ssns
from rdcredit.ingest.record import Record
from rdcredit.ingest.tablefile import no_rows
from rdcredit.ingest.totals import Line, Sums, find_sums
from rdcredit.ingest.values import NotAValue, read_hours, read_money
from rdcredit.ingest.wording import count_of
from rdcredit.money import money_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from rdcredit.ingest.columns import Column, Header
    from rdcredit.ingest.grid import Grid, GridRow
    from rdcredit.ingest.record import Frame

_Numbered = tuple[int, "GridRow"]


class Below:
    """The rows of one grid below its header, classified once.

    ``read`` counts all of them, ``aside`` the total rows; ``notes`` say what those that are no records were.
    """

    def __init__(self, frame: Frame, grid: Grid, header: Header) -> None:
        self._frame = frame
        self._header = header
        self._head = grid.rows[header.at].cells
        self._rows = tuple(enumerate(grid.rows[header.at + 1 :], start=1))
        self._place = f"{frame.file.path} sheet {frame.sheet}" if frame.sheet else frame.file.path
        self._measures = [c for c in header.positions if c.kind in ADDED_UP]
        self.read = len(self._rows)
        self.aside = 0
        self.notes: tuple[str, ...] = ()

    def records(self, *, unique: bool) -> tuple[Record, ...]:
        """The records; with ``unique``, two that agree in every cell are a problem.

        Raises:
            Refused: E112 ragged rows, E469 subtotals, E703 totals that do not agree, E105 no records.
        """
        rows, surplus = self._even(self._rows)
        headers = [(at, fold(self._head[at])) for at in self._header.positions.values()]
        kept = [(n, r) for n, r in rows if not all(fold(r.cells[at]) == header for at, header in headers)]
        uniform = self._frame.required[0].kind == Kind.IDENTIFIER
        sums = find_sums([self._line(row) for _, row in kept], uniform=uniform)
        self._refuse_sums(kept, sums)
        totals = set(sums.totals)
        self.aside = len(totals)
        kept = [numbered for at, numbered in enumerate(kept) if at not in totals]
        if not kept:
            raise Refused([no_rows(self._place, "there are no records below the header")])
        notes = [
            (len(rows) - len(kept) - len(totals), "repeated header rows dropped"),
            (len(totals), "total rows, used as controls and not added"),
            (surplus, "rows with blank cells beyond the last column"),
        ]
        self.notes = (*self._personal(kept), *(f"{what}: {count:,}" for count, what in notes if count))
        if unique:
            self._frame.findings.problems.extend(self._identical(kept))
        return tuple(self._record(number, row) for number, row in kept)

    def _even(self, rows: Sequence[_Numbered]) -> tuple[list[_Numbered], int]:
        """The rows, all as wide as the header; and how many had blank cells to spare."""
        width = len(self._head)
        problems = []
        surplus = 0
        for number, row in rows:
            if row.kinds.startswith(RAW) and len(row.cells) != width:
                if len(row.cells) > width and not any(c.strip() for c in row.cells[width:]):
                    surplus += 1
                    continue
                problems.append(
                    Problem(
                        "E112",
                        f"{self._place} row {number:,} (line {row.line:,})",
                        f"the row has {count_of(len(row.cells), 'cell')} and the header {width:,}",
                        "Cells may stand under the wrong column, or the file may be cut off.",
                        "Quote cells that contain commas, or export the table again.",
                    )
                )
        if problems:
            raise Refused(problems)
        return list(rows), surplus

    def _line(self, row: GridRow) -> Line:
        frame, positions = self._frame, self._header.positions
        label = next((c.strip() for c in row.cells if c.strip()), "")
        measures, readable = [], True
        for column in self._measures:
            try:
                measures.append(_measure(column, row.cells[positions[column]]))
            except NotAValue:
                measures.append(None)
                readable = False
        required = [row.cells[positions[c]].strip() for c in frame.required if c.kind not in ADDED_UP]
        identifier = row.cells[positions[frame.required[0]]].strip()
        return Line(label, identifier, tuple(measures), not all(required), readable)

    def _refuse_sums(self, rows: Sequence[_Numbered], sums: Sums) -> None:
        problems = [
            Problem(
                "E469",
                f"{self._place} row {rows[at][0]:,} (line {rows[at][1].line:,})",
                f"the row repeats the sum of {count_of(count, 'row')} above it",
                "Added to them it would count the same dollars twice.",
                'Export without subtotals, or write "Subtotal" in the first cell of the row to use it as a control.',
            )
            for at, count in sums.subtotals
        ]
        problems += [
            Problem(
                "E703",
                f"{self._place} row {rows[at][0]:,} (line {rows[at][1].line:,}), column {self._measures[i].name}",
                f"the total row states {money_text(stated)}, the rows above it sum to {money_text(added)}",
                "Rows are missing from the table, or stand in it twice.",
                "Export the table again; do not correct the total row.",
            )
            for at, i, stated, added in sums.differing
        ]
        if problems:
            raise Refused(problems)

    def _personal(self, rows: Sequence[_Numbered]) -> list[str]:
        """Notes on columns of personal data that are left behind."""
        used = set(self._header.positions.values())
        notes = []
        for at, header in enumerate(self._head):
            if at in used:
                continue
            by_value = any(looks_like_ssn(row.cells[at].strip()) for _, row in rows if at < len(row.cells))
            if by_value or is_personal_header(header):
                reason = " (it holds social security numbers)" if by_value else ""
                notes.append(f"personal data in column {shown(header.strip())}{reason} was not kept")
        return notes

    def _identical(self, rows: Sequence[_Numbered]) -> list[Problem]:
        seen = Counter(row.cells for _, row in rows)
        problems = []
        for number, row in rows:
            if seen[row.cells] > 1:
                problems.append(
                    Problem(
                        "E344",
                        f"{self._place} row {number:,} (line {row.line:,})",
                        f"{count_of(seen[row.cells], 'row')} of the table are this one, cell by cell",
                        "If they are one payment given twice, the dollars would count twice.",
                        "Take the copies out of the export, or accept them under [[identical_rows]] in study.toml.",
                    )
                )
                seen[row.cells] = 0
        return problems

    def _record(self, number: int, row: GridRow) -> Record:
        cells = []
        counts = self._frame.findings.counts
        for column, at in self._header.positions.items():
            cell = normalised(row.cells[at])
            if column.kind in (Kind.TEXT, Kind.IDENTIFIER):
                counts["text cells trimmed or normalised (NFC, plain blanks, no invisible joiners)"] += (
                    cell != row.cells[at]
                )
                if not (column.kind == Kind.IDENTIFIER and column.personal):
                    scrubbed = without_ssns(cell)
                    counts["social security numbers removed from text cells"] += scrubbed != cell
                    cell = scrubbed
            cells.append(cell)
        kinds = "".join(row.kinds[at] for at in self._header.positions.values())
        return Record(self._frame, number, row.line, tuple(cells), kinds)


def _measure(column: Column, cell: str) -> Decimal | None:
    if not cell.strip():
        return None
    return read_hours(cell) if column.kind == Kind.HOURS else read_money(cell)
