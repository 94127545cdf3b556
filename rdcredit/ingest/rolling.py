"""One bill, from its files to its groups: what the reading child process does.

Loads the query engine when imported; imported lazily, inside that process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rdcredit.engine import duck
from rdcredit.engine.moments import Style
from rdcredit.engine.tags import tags_key
from rdcredit.errors import Problem, Refused
from rdcredit.ingest import bill_checks as checks
from rdcredit.ingest import overlaps
from rdcredit.ingest.canonical import (
    CLOCK,
    CUTS,
    DAY,
    FILE,
    HELD,
    MOVED,
    RANGE,
    SOUND,
    TOTAL,
    TROUBLE,
    TROUBLE_TEXT,
    Reading,
    canonical,
)
from rdcredit.ingest.records import BILL_KEYS, BILL_SUMS, FileCount, HeldRow
from rdcredit.ingest.sourcefile import SourceFile, column_problems, examined, opened
from rdcredit.money import money_text
from rdcredit.source import FileRef

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import ibis.expr.types as ir

    from rdcredit.ingest.files import InputFile

HELD_LIMIT = 200_000
"""Held rows from which on a bill is refused: it cannot be read, rather than having a few bad rows."""
_EXAMPLES = 20
_TEXT_KEPT = 200
_MONEY = pa.decimal128(38, 12)
_COUNTS = ("rows", "identical_rows")
_IDENTICAL = tuple(f"identical_{name}" for name in BILL_SUMS)


@dataclass(frozen=True, slots=True)
class Rolled:
    """A bill rolled up: the columns of :class:`~rdcredit.ingest.records.RolledBill`, in Arrow."""

    groups: pa.Table
    format: str
    why: str
    files: tuple[FileCount, ...]
    held: tuple[HeldRow, ...]
    first_day: date | None
    last_day: date | None
    problems: tuple[Problem, ...]


def roll(
    engine: duck.Session,
    place: str,
    inputs: Sequence[tuple[InputFile, str]],
    reading: Reading,
    stated: Mapping[str, str],
    progress: Callable[[str], None],
) -> Rolled:
    """Read every file of a bill (with its digest) and group its rows.

    Raises:
        Refused: everything that keeps the bill from being trusted, of all its files.
    """
    files, digests, problems = _examined(inputs, stated, progress)
    problems += column_problems(engine, files)
    whole = [
        pair for pair in zip(files, digests, strict=True) if not pair[0].match.missing and not pair[0].match.doubled
    ]
    if not whole or len({f.recognised.format.name for f, _ in whole}) > 1:
        raise Refused(problems)
    files, digests = [f for f, _ in whole], [d for _, d in whole]
    progress(f"{place}: grouping {sum(f.records for f in files):,} rows")
    rows = duck.kept_as_view(engine, canonical(opened(engine, files), reading))
    key = (FILE, TROUBLE, CLOCK, MOVED, *BILL_KEYS)
    groups = duck.rollup(engine, rows, key, (*BILL_SUMS, *CUTS), extents=(duck.RECORD, DAY))
    bill = _Bill(engine, place, files, digests, rows, groups)
    problems += bill.refusals()
    repeated = overlaps.repeated_marks(engine, bill.sound_rows)
    counts = {i: file.records for i, file in enumerate(files)}
    problems += overlaps.deliveries(engine, bill.sound_rows, repeated, bill.places, counts)
    held = bill.held()
    notices = checks.held_columns(held, {file.file.place: file.records for file in files})
    problems += [p for p in notices if not p.held]
    if problems:
        raise Refused(problems)
    progress(f"{place}: looking for identical rows")
    same = overlaps.identical(engine, bill.sound_rows, repeated) if len(repeated) else None
    table, seen = bill.finished(same)
    return Rolled(
        groups=table,
        format=files[0].recognised.label,
        why=files[0].recognised.why,
        files=bill.file_counts(_spellings(table)),
        held=held,
        first_day=pc.min(bill.sound["first_day"]).as_py() if len(bill.sound) else None,
        last_day=pc.max(bill.sound["last_day"]).as_py() if len(bill.sound) else None,
        problems=(*notices, *seen),
    )


def _examined(
    inputs: Sequence[tuple[InputFile, str]], stated: Mapping[str, str], progress: Callable[[str], None]
) -> tuple[list[SourceFile], list[str], list[Problem]]:
    files: list[SourceFile] = []
    digests: list[str] = []
    problems: list[Problem] = []
    for file, digest in inputs:
        progress(f"{file.place}: checking its bytes")
        source, faults = examined(file, stated)
        problems += faults
        if source:
            files.append(source)
            digests.append(digest)
    return files, digests, problems


class _Bill:
    """A bill between its first grouping and its finished table."""

    def __init__(
        self,
        engine: duck.Session,
        place: str,
        files: Sequence[SourceFile],
        digests: Sequence[str],
        rows: ir.Table,
        groups: pa.Table,
    ) -> None:
        self.engine, self.place, self.files, self.rows, self.groups = engine, place, files, rows, groups
        self.refs = [FileRef(f.file.place, digest) for f, digest in zip(files, digests, strict=True)]
        self.places = [f.file.place for f in files]
        self.sound = groups.filter(pc.equal(groups[TROUBLE], SOUND))
        self.sound_rows = rows.filter(rows[TROUBLE] == SOUND)
        self.total_problems, self.total_notes = checks.totals(groups, self.sound, self.places)

    def refusals(self) -> list[Problem]:
        """The faults that refuse the bill as a whole."""
        fmt = self.files[0].recognised.format
        read = {found.file: found.rows for found in checks.subtotals(self.groups)}
        others = self.groups.filter(pc.not_equal(self.groups[TROUBLE], TOTAL))
        return [
            *checks.counts(read, [f.records for f in self.files], self.places),
            *self._out_of_range(),
            *self.total_problems,
            *checks.clocks(others, fmt, self.places),
            *(checks.currencies(self.sound, self.place) if len(self.sound) else ()),
            *checks.categories(self.sound, fmt, self.places),
            *checks.identifiers(self.sound, self.place),
        ]

    def _troubled(self, prefix: str, limit: int) -> list[dict[str, Any]]:
        """The rows whose trouble starts with ``prefix``, the first ``limit`` of them in the order of the files."""
        if not pc.any(pc.starts_with(self.groups[TROUBLE], prefix)).as_py():
            return []
        rows = self.rows.filter(self.rows[TROUBLE].startswith(prefix)).select(FILE, duck.RECORD, TROUBLE, TROUBLE_TEXT)
        found: list[dict[str, Any]] = duck.fetch(self.engine, rows, (FILE, duck.RECORD), limit).to_pylist()
        return found

    def _out_of_range(self) -> list[Problem]:
        return [
            checks.out_of_range(
                self.places[row[FILE]], row[duck.RECORD], row[TROUBLE].removeprefix(RANGE), row[TROUBLE_TEXT]
            )
            for row in self._troubled(RANGE, _EXAMPLES)
        ]

    def held(self) -> tuple[HeldRow, ...]:
        """The rows kept as text because a cell of theirs cannot be read.

        Raises:
            Refused: E214, more than :data:`HELD_LIMIT` of them.
        """
        count = pc.sum(pc.if_else(pc.starts_with(self.groups[TROUBLE], HELD), self.groups["rows"], 0)).as_py()
        if count > HELD_LIMIT:
            raise Refused([checks.too_many_held(self.place, count)])
        return tuple(
            HeldRow(
                self.refs[row[FILE]], row[duck.RECORD], row[TROUBLE].removeprefix(HELD), row[TROUBLE_TEXT][:_TEXT_KEPT]
            )
            for row in self._troubled(HELD, HELD_LIMIT)
        )

    def finished(self, same: pa.Table | None) -> tuple[pa.Table, list[Problem]]:
        """The groups with canonical tags, identical rows counted, sorted; and what their text shows."""
        table = self.sound.select([*BILL_KEYS, *BILL_SUMS, "rows", "first_record", "last_record"])
        zero = pa.array([0] * len(table), pa.int64())
        table = table.append_column("identical_rows", zero)
        for name in _IDENTICAL:
            table = table.append_column(name, zero.cast(_MONEY))
        if same is not None:
            table = pa.concat_tables([table, same], promote_options="default")
        table, report = tags_key(table, "tags", "rows")
        groups = merged(table)
        if len(self.files) > 1 or not self.files[0].is_text:
            unknown = pa.array([0] * len(groups), pa.int64())
            for name in ("first_record", "last_record"):
                groups = groups.set_column(groups.column_names.index(name), name, unknown)
        texts = {name: pc.unique(groups[name]).to_pylist() for name in ("account", "service", "tags")}
        problems = [*checks.unread_tags(report, self.place), *checks.strange_text(texts, self.place)]
        return groups, [*problems, *checks.identical_rows(groups, self.place)]

    def file_counts(self, spellings: Sequence[str]) -> tuple[FileCount, ...]:
        """What was read from each file, with what was noticed; what concerns all of them stands with the first."""
        read = {found.file: found.rows for found in checks.subtotals(self.groups)}
        aside = {f.file: f.rows for f in checks.subtotals(self.groups.filter(pc.equal(self.groups[TROUBLE], TOTAL)))}
        cut = self.sound.group_by([FILE]).aggregate([(name, "sum") for name in CUTS]).to_pylist()
        cuts = {found[FILE]: tuple(_plain(found[f"{name}_sum"]) for name in CUTS) for found in cut}
        moved = {f.file: f for f in checks.subtotals(self.sound.filter(self.sound[MOVED]))}
        clocks = {(f.file, style) for f in checks.subtotals(self.sound, CLOCK) for style in f.name.split(",")}
        counts = []
        for i, file in enumerate(self.files):
            notes = list(file.notes)
            if (i, Style.NAIVE) in clocks:
                notes.append("times without a zone were taken as UTC")
            if i in moved:
                amount = moved[i].billed if moved[i].billed is not None else moved[i].effective
                notes.append(
                    f"{moved[i].rows:,} rows, {money_text(amount or Decimal(0))}, lie in another month in UTC "
                    "than on their own clock"
                )
            if i == 0:
                notes += spellings
            if i in self.total_notes:
                notes.append(self.total_notes[i])
            billed, effective = cuts.get(i, (Decimal(0), Decimal(0)))
            counts.append(
                FileCount(self.refs[i], file.records, read.get(i, 0), billed, tuple(notes), effective, aside.get(i, 0))
            )
        return tuple(counts)


def merged(table: pa.Table) -> pa.Table:
    """Groups that share a key made one, in the order of the key; sums stay exact."""
    sums = [*BILL_SUMS, *_COUNTS, *_IDENTICAL]
    extents = [("first_record", "min"), ("last_record", "max")]
    grouped = table.group_by([*BILL_KEYS]).aggregate([*((name, "sum") for name in sums), *extents])
    columns = {name: grouped[name] for name in BILL_KEYS}
    columns |= {name: grouped[f"{name}_sum"].cast(_MONEY) for name in BILL_SUMS}
    columns["rows"] = grouped["rows_sum"]
    columns |= {name: grouped[f"{name}_{how}"] for name, how in extents}
    columns["identical_rows"] = grouped["identical_rows_sum"]
    columns |= {name: grouped[f"{name}_sum"].cast(_MONEY) for name in _IDENTICAL}
    return pa.table(columns).sort_by([(name, "ascending") for name in BILL_KEYS])


def _spellings(groups: pa.Table) -> list[str]:
    """A note on tag values that differ only in case, blanks or composition."""
    texts = pc.unique(groups["tags"]).to_pylist()
    values = {value for text in texts for value in json.loads(text).values()}
    found = checks.variants(sorted(values))
    more = f"; and {len(found) - _EXAMPLES:,} more" if len(found) > _EXAMPLES else ""
    listed = "; ".join(found[:_EXAMPLES]) + more
    return [f"tag values that differ only in case or blanks are kept apart: {listed}"] if found else []


def _plain(value: Decimal | None) -> Decimal:
    """A sum without trailing zeros; nothing is zero."""
    return Decimal(f"{value:f}".rstrip("0")) if value else Decimal(0)
