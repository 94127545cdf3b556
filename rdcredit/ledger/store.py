"""``ledger.parquet``: every part of every dollar, written with stable bytes and read back whole.

Imported only by code that writes or reads the file, because pyarrow is slow to load.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from rdcredit.ledger.exact import from_units, units
from rdcredit.ledger.records import Bucket, BucketKind, Determination, Part, QreCategory, View
from rdcredit.source import FileRef, GroupRef, RowRef

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_AMOUNT = pa.decimal128(38, 12)
SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("period", pa.string()),
        ("currency", pa.string()),
        ("category", pa.string()),
        ("subject", pa.string()),
        ("tags", pa.string()),
        ("amount", _AMOUNT),
        ("bucket_kind", pa.string()),
        ("bucket_name", pa.string()),
        ("component", pa.string()),
        ("view", pa.string()),  # null: the dollars count in no view
        ("rule", pa.string()),
        ("why", pa.string()),
        ("authority", pa.string()),
        ("questions", pa.list_(pa.string())),
        ("road_not_taken", pa.list_(pa.string())),
        ("note", pa.string()),
        ("files", pa.list_(pa.struct([("path", pa.string()), ("digest", pa.string())]))),
        ("sheet", pa.string()),
        ("group_key", pa.string()),  # JSON list of [column, value]; null: one row of a table
        ("group_total", _AMOUNT),
        ("rows", pa.int64()),
        ("first_record", pa.int64()),
        ("last_record", pa.int64()),
    ]
)
"""Columns of the ledger. A row of a table has ``rows`` 1 and its record as first and last."""

_ROWS_IN_GROUP = 65_536


def write_ledger(parts: Iterable[Part], path: Path) -> None:
    """Write all parts, sorted: the same parts in any order make the same bytes.

    Raises:
        ValueError: an amount has more than 12 decimals.
    """
    refs: dict[RowRef | GroupRef, dict[str, Any]] = {}
    records = []
    for part in parts:
        if part.ref not in refs:
            refs[part.ref] = _record_of_ref(part.ref)
        records.append(_record(part) | refs[part.ref])
    table = pa.Table.from_pylist(sorted(records, key=_order), schema=SCHEMA)
    pq.write_table(table, path, compression="zstd", row_group_size=_ROWS_IN_GROUP, store_schema=False)


def read_ledger(path: Path) -> tuple[Part, ...]:
    """All parts of a ledger file, in the order they are stored."""
    return tuple(_part(record) for record in pq.read_table(path, schema=SCHEMA).to_pylist())


def _order(record: dict[str, Any]) -> tuple[str, ...]:
    # Every column takes part: no two different records can tie, so the order is total.
    return tuple(str(record[name]) for name in SCHEMA.names)


def _record(part: Part) -> dict[str, Any]:
    d = part.determination
    return {
        "source": part.source,
        "period": part.period,
        "currency": part.currency,
        "category": part.category.value,
        "subject": part.subject,
        "tags": part.tags,
        "amount": from_units(units(part.amount)),
        "bucket_kind": d.bucket.kind.value,
        "bucket_name": d.bucket.name,
        "component": d.component,
        "view": d.counts_in.value if d.counts_in else None,
        "rule": d.rule,
        "why": d.why,
        "authority": d.authority,
        "questions": list(d.questions),
        "road_not_taken": list(d.road_not_taken),
        "note": part.note,
    }


def _record_of_ref(ref: RowRef | GroupRef) -> dict[str, Any]:
    match ref:
        case GroupRef():
            return {
                "files": [{"path": f.path, "digest": f.digest} for f in ref.files],
                "sheet": "",
                "group_key": json.dumps([list(pair) for pair in ref.key], ensure_ascii=False),
                "group_total": from_units(units(ref.total)),
                "rows": ref.count,
                "first_record": ref.first,
                "last_record": ref.last,
            }
        case RowRef():
            return {
                "files": [{"path": ref.file.path, "digest": ref.file.digest}],
                "sheet": ref.sheet,
                "group_key": None,
                "group_total": None,
                "rows": 1,
                "first_record": ref.record,
                "last_record": ref.record,
            }


def _part(record: dict[str, Any]) -> Part:
    view = record["view"]
    determination = Determination(
        bucket=Bucket(BucketKind(record["bucket_kind"]), record["bucket_name"]),
        counts_in=View(view) if view is not None else None,
        component=record["component"],
        rule=record["rule"],
        why=record["why"],
        authority=record["authority"],
        questions=tuple(record["questions"]),
        road_not_taken=tuple(record["road_not_taken"]),
    )
    return Part(
        source=record["source"],
        ref=_ref(record),
        period=record["period"],
        currency=record["currency"],
        category=QreCategory(record["category"]),
        subject=record["subject"],
        amount=record["amount"],
        determination=determination,
        tags=record["tags"],
        note=record["note"],
    )


def _ref(record: dict[str, Any]) -> RowRef | GroupRef:
    files = tuple(FileRef(f["path"], f["digest"]) for f in record["files"])
    if record["group_key"] is None:
        return RowRef(files[0], record["first_record"], record["sheet"])
    key = tuple((column, value) for column, value in json.loads(record["group_key"]))
    return GroupRef(files, key, record["rows"], record["group_total"], record["first_record"], record["last_record"])
