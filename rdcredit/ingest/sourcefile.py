"""One file of a bill, examined before the query engine sees it.

Loads numpy and pyarrow when it runs; imported lazily, inside the reading child process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.engine import duck
from rdcredit.engine.amount import amounts
from rdcredit.engine.expressions import literal
from rdcredit.engine.source import ColumnarSource, TextSource, position_name
from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.bytes_pass import examine
from rdcredit.ingest.canonical import FILE, Row
from rdcredit.ingest.columnar import inspect, verify_checksums
from rdcredit.ingest.header import Match, doubled_column, match, missing_column, renamed_column
from rdcredit.ingest.importer import Recognised, recognise
from rdcredit.money import money_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from rdcredit.engine.source import Source
    from rdcredit.ingest.files import InputFile


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file whose format, columns and number of records are known."""

    file: InputFile
    recognised: Recognised
    match: Match
    source: Source
    records: int
    notes: tuple[str, ...]
    has_rows_to_drop: bool = False
    may_have_totals: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The file's own headers by the engine's names: by position for text, as they are for parquet."""
        names = self.recognised.names
        return tuple(position_name(i) for i in range(len(names))) if self.is_text else names

    @property
    def is_text(self) -> bool:
        """Whether the file is text."""
        return isinstance(self.source, TextSource)


def examined(file: InputFile, stated: Mapping[str, str]) -> tuple[SourceFile | None, list[Problem]]:
    """What a file is and how many records it holds, by its bytes alone; or what is wrong with it."""
    try:
        recognised = recognise(file.path, file.place, stated)
        matched = match(recognised.names, recognised.format, stated)
        if recognised.header is None:
            return _columnar(file, recognised, matched), []
    except Refused as refusal:
        return None, list(refusal.problems)
    header = recognised.header
    facts = examine(file.path, file.place, header)
    if facts.problems:
        return None, facts.problems
    source = TextSource(
        file.path,
        columns=len(header.names),
        gzip=header.gzip,
        blank_lines_above=header.blank_lines_above,
        one_line_end=facts.one_line_end,
        breaks_in_cells=facts.breaks_in_cells,
    )
    marked = ("a byte order mark was found and left out",) if header.bom else ()
    notes = (*marked, *facts.notes(), *_unused(recognised, matched))
    to_drop = bool(facts.repeated_headers or facts.empty_records)
    return SourceFile(file, recognised, matched, source, facts.records, notes, to_drop, facts.may_have_totals), []


def _columnar(file: InputFile, recognised: Recognised, matched: Match) -> SourceFile:
    facts = inspect(file.path, file.place)
    used = [recognised.names[position] for position in matched.positions.values()]
    damaged_ids = [
        floating_identifier(file.place, name)
        for name in recognised.format.identifiers
        if name in matched.positions and recognised.names[matched.positions[name]] in facts.floating
    ]
    if damaged_ids:
        raise Refused(damaged_ids)
    notes = _unused(recognised, matched)
    if facts.checksums:
        verify_checksums(file.path, file.place, used)
        notes = ("the file's page checksums were verified", *notes)
    costs = {recognised.format.billed, recognised.format.effective} & set(matched.positions)
    binary = sorted(name for name in costs if recognised.names[matched.positions[name]] in facts.floating)
    if binary:
        floats = f"{' and '.join(binary)}: binary numbers, read by their shortest exact decimal text"
        notes = (floats, *notes)
    return SourceFile(file, recognised, matched, ColumnarSource(file.path), facts.records, notes)


def _unused(recognised: Recognised, matched: Match) -> tuple[str, ...]:
    count = len(recognised.names) - len(matched.positions)
    return (f"{count:,} columns are not used",) if count else ()


def opened(engine: duck.Session, files: Sequence[SourceFile]) -> list[Row]:
    """The rows of ``files`` under the names of their format, files of one layout together."""
    layouts: dict[object, list[tuple[SourceFile, ir.Table]]] = {}
    for number, source in enumerate(files):
        table = duck.open_source(engine, source.source).mutate(**{FILE: literal(number)})
        layouts.setdefault((source.is_text, source.recognised.names, table.schema()), []).append((source, table))
    return [_row(same) for same in layouts.values()]


def _row(same: Sequence[tuple[SourceFile, ir.Table]]) -> Row:
    source = same[0][0]
    names = source.names
    return Row(
        table=duck.union([table for _, table in same]),
        columns={ours: names[position] for ours, position in source.match.positions.items()},
        headers=dict(zip(names, source.recognised.names, strict=True)),
        format=source.recognised.format,
        has_rows_to_drop=any(file.has_rows_to_drop for file, _ in same),
        may_have_totals=any(file.may_have_totals for file, _ in same),
    )


def column_problems(engine: duck.Session, files: Sequence[SourceFile]) -> list[Problem]:
    """Headers given twice (E116), required columns that are missing (E117) or renamed in a series (E118)."""
    problems: list[Problem] = []
    for source in files:
        names, place = source.recognised.names, source.file.place
        for name, positions in source.match.doubled:
            sums = _column_sums(engine, source, positions)
            problems.append(doubled_column(place, name, sums))
        for column in source.match.missing:
            holder = next((o for o in files if column in o.match.positions), None)
            new = [n for n in names if n and holder and n not in holder.recognised.names]
            if holder and new:
                nearest = max(new, key=lambda n: _likeness(n, column))
                problems.append(renamed_column(place, column, nearest, holder.file.place))
            else:
                problems.append(missing_column(place, source.recognised.format, column, names))
    formats = sorted({source.recognised.format.name for source in files})
    if len(formats) > 1:
        problems.append(_formats(files[0].file.place, formats))
    return problems


def _likeness(name: str, column: str) -> tuple[float, str]:
    import difflib  # noqa: PLC0415  # wanted only for this message

    return difflib.SequenceMatcher(None, name.casefold(), column.casefold()).ratio(), name


def _column_sums(engine: duck.Session, source: SourceFile, positions: Sequence[int]) -> list[str]:
    """What each of several columns of one file adds up to, for the message that names them."""
    if not source.is_text:
        return [f"column {position + 1}" for position in positions]
    table = duck.open_source(engine, source.source)
    sums = []
    for position in positions:
        column = table.select(text=table[position_name(position)], all=literal(1))
        total = duck.rollup(engine, amounts(column, {"value": "text"}), ("all",), ("value",))["value"][0].as_py()
        shown_sum = "nothing readable" if total is None else money_text(total)
        sums.append(f"{shown_sum} (column {position + 1})")
    return sums


def floating_identifier(place: str, column: str) -> Problem:
    """E355: an id stored as a binary number has lost digits or leading zeros."""
    return Problem(
        "E355",
        place,
        f"the column {column} holds ids as floating-point numbers",
        "Ids of more than fifteen digits lose digits that way, and leading zeros are gone.",
        "Export again with ids as text.",
    )


def _formats(place: str, formats: Sequence[str]) -> Problem:
    return Problem(
        "E125",
        place,
        f"one input mixes the formats {' and '.join(shown(f) for f in formats)}",
        "Two exports of one account would be counted twice.",
        "List each export as an input of its own in study.toml.",
    )
