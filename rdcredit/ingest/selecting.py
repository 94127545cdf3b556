"""Rows of a bill asked for by a trace: the rows of one group, and the group of one row.

Loads the query engine when imported; imported lazily, inside the reading child process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdcredit.engine import duck
from rdcredit.engine.expressions import as_text, literal
from rdcredit.engine.tags import canonical_tags
from rdcredit.errors import Problem, Refused
from rdcredit.ingest.canonical import SOUND, TROUBLE, Row, canonical
from rdcredit.ingest.records import BILL_KEYS
from rdcredit.ingest.sourcefile import SourceFile, examined, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from rdcredit.ingest.canonical import Reading
    from rdcredit.ingest.files import InputFile

_RAW_TAGS = "tags"


def rows_of_group(
    engine: duck.Session,
    files: Sequence[InputFile],
    reading: Reading,
    stated: Mapping[str, str],
    key: Mapping[str, str],
    limit: int,
) -> list[dict[str, str]]:
    """The first ``limit`` rows of the group ``key``: file, record and every column of the source."""
    rows: list[dict[str, str]] = []
    for file in files:
        if len(rows) >= limit:
            break
        row, table = _opened(engine, file, reading, stated)
        chosen = table.filter(table[TROUBLE] == SOUND)
        for name in BILL_KEYS:
            if name != _RAW_TAGS:
                chosen = chosen.filter(chosen[name] == key[name])
        spellings = duck.rollup(engine, chosen, (_RAW_TAGS,))[_RAW_TAGS].to_pylist()
        wanted = [text for text in spellings if canonical_tags(text).text == key[_RAW_TAGS]]
        if not wanted:
            continue
        chosen = chosen.filter(chosen[_RAW_TAGS].isin(wanted)).select(duck.RECORD)
        found = duck.fetch(engine, _source_rows(row).semi_join(chosen, duck.RECORD), (duck.RECORD,), limit - len(rows))
        rows += [_shown(file, row, record) for record in found.to_pylist()]
    return rows


def key_of_record(
    engine: duck.Session,
    files: Sequence[InputFile],
    reading: Reading,
    stated: Mapping[str, str],
    file: str,
    record: int,
) -> dict[str, str]:
    """The group key of one row, its tags in canonical form.

    Raises:
        Refused: E708, there is no such file or row, or the row is in no group because it is held.
    """
    source = next((f for f in files if f.place == file), None)
    if source is None:
        raise Refused([_not_found(file, record, "the input has no such file")])
    _, table = _opened(engine, source, reading, stated)
    chosen = table.filter(table[duck.RECORD] == record).select(TROUBLE, duck.RECORD, *BILL_KEYS)
    found = duck.fetch(engine, chosen, (duck.RECORD,), 1).to_pylist()
    if not found:
        raise Refused([_not_found(file, record, "the file has no such row")])
    if found[0][TROUBLE] != SOUND:
        raise Refused([_not_found(file, record, "the row is in no group: it is held, or a total")])
    return {name: found[0][name] for name in BILL_KEYS} | {_RAW_TAGS: canonical_tags(found[0][_RAW_TAGS]).text}


def _opened(engine: duck.Session, file: InputFile, reading: Reading, stated: Mapping[str, str]) -> tuple[Row, ir.Table]:
    source, problems = examined(file, stated)
    if source is None:
        raise Refused(problems)
    rows = opened(engine, [_complete(source)])
    return rows[0], duck.kept_as_view(engine, canonical(rows, reading))


def _complete(source: SourceFile) -> SourceFile:
    if source.match.missing or source.match.doubled:
        raise Refused([_not_found(source.file.place, 0, "the file can no longer be read as a bill")])
    return source


def _source_rows(row: Row) -> ir.Table:
    return row.table.select(
        duck.RECORD, **{name: as_text(row.table[name]).fill_null(literal("")) for name in row.headers}
    )


def _shown(file: InputFile, row: Row, record: dict[str, Any]) -> dict[str, str]:
    values = {header or name: record[name] for name, header in row.headers.items()}
    return {"file": file.place, "record": str(record[duck.RECORD]), **values}


def _not_found(file: str, record: int, what: str) -> Problem:
    return Problem(
        "E708",
        f"{file} row {record:,}" if record else file,
        what,
        "A trace shows only what the published study was made from.",
        "Name the file as in the study's list of sources, and the row counted from 1 below the header.",
    )
