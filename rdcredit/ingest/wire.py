"""A rolled-up bill as one parquet file and JSON facts: what the reading process hands to the study."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rdcredit.errors import Problem
from rdcredit.ingest.records import FileCount, HeldRow, RolledBill
from rdcredit.source import FileRef, file_digest

if TYPE_CHECKING:
    from pathlib import Path

    from rdcredit.ingest.rolling import Rolled


def problem_to_json(problem: Problem) -> dict[str, str | bool]:
    """A problem, to be read back by :func:`problem_from_json`."""
    return problem.as_json()


def problem_from_json(content: dict[str, Any]) -> Problem:
    """A problem that another process has found."""
    return Problem(**content)


def rolled_to_json(rolled: Rolled, table: Path) -> dict[str, Any]:
    """Write the groups to ``table``; the rest is returned as JSON facts, amounts as text."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # loaded in the reading process only

    pq.write_table(rolled.groups, table, compression="zstd", store_schema=True)
    return {
        "table_digest": file_digest(table),
        "format": rolled.format,
        "why": rolled.why,
        "files": [
            asdict(f)
            | {
                "rounding_difference": str(f.rounding_difference),
                "rounding_difference_effective": str(f.rounding_difference_effective),
            }
            for f in rolled.files
        ],
        "held": [[h.file.path, h.record, h.column, h.text] for h in rolled.held],
        "first_day": rolled.first_day and rolled.first_day.isoformat(),
        "last_day": rolled.last_day and rolled.last_day.isoformat(),
        "problems": [],
        "notices": [problem_to_json(p) for p in rolled.problems],
    }


def bill_from_json(input_id: str, facts: dict[str, Any], table: Path) -> RolledBill:
    """The bill that :func:`rolled_to_json` wrote."""
    import pandas as pd  # noqa: PLC0415  # heavy, and needed only once a bill has been read
    import pyarrow.parquet as pq  # noqa: PLC0415  # the same

    files = tuple(_file_count(content) for content in facts["files"])
    refs = {f.file.path: f.file for f in files}
    return RolledBill(
        input_id=input_id,
        format=facts["format"],
        why_recognised=facts["why"],
        files=files,
        groups=pq.read_table(table).to_pandas(types_mapper=pd.ArrowDtype),
        held=tuple(HeldRow(refs[path], record, column, text) for path, record, column, text in facts["held"]),
        first_day=_day(facts["first_day"]),
        last_day=_day(facts["last_day"]),
        problems=tuple(problem_from_json(p) for p in facts["notices"]),
    )


def _file_count(content: dict[str, Any]) -> FileCount:
    exact = ("rounding_difference", "rounding_difference_effective")
    amounts = {name: Decimal(content[name]) for name in exact}
    fields = content | amounts | {"file": FileRef(**content["file"]), "notes": tuple(content["notes"])}
    return FileCount(**fields)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
