"""Rows that occur twice: identical rows of one export, and overlapping deliveries of one month.

Loads pyarrow when imported; imported lazily, inside the reading child process.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from rdcredit.engine import duck
from rdcredit.errors import Problem
from rdcredit.ingest.canonical import FILE, FINGERPRINT, MARK
from rdcredit.ingest.records import BILL_KEYS, BILL_SUMS
from rdcredit.money import money_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

MATERIAL = Fraction(1, 10)
"""Share of a file's rows, found in another file of the same input, from which on the two overlap."""


_SUBTRACTED = pa.decimal128(37, 12)


def repeated_marks(engine: duck.Session, sound: ir.Table) -> pa.Table:
    """Business keys with amounts that occur more than once, with the first and last file they occur in."""
    return duck.rollup(engine, sound, (MARK,), extents=(FILE,), at_least=2)


def identical(engine: duck.Session, sound: ir.Table, marks: pa.Table) -> pa.Table:
    """Rows beyond the first that agree in every column, by group key: their number and sums.

    Only rows whose business key is repeated are compared in full.
    """
    candidates = duck.keep(sound, MARK, marks[MARK])
    sets = duck.rollup(
        engine, candidates, (*BILL_KEYS, MARK, FINGERPRINT), sums=BILL_SUMS, extents=BILL_SUMS, at_least=2
    )
    columns = {name: sets[name] for name in BILL_KEYS}
    columns["identical_rows"] = pc.subtract(sets["rows"], 1)
    for name in BILL_SUMS:
        # The rows of a set are equal, so its least amount is each one's amount. Subtraction needs a spare digit.
        every, one = (sets[column].cast(_SUBTRACTED) for column in (name, f"first_{name}"))
        columns[f"identical_{name}"] = pc.subtract(every, one).cast(pa.decimal128(38, 12))
    return pa.table(columns)


def deliveries(
    engine: duck.Session, sound: ir.Table, marks: pa.Table, places: Sequence[str], rows: Mapping[int, int]
) -> list[Problem]:
    """E346: files of one input that repeat a material share of each other's charges."""
    across = marks.filter(pc.not_equal(marks["first_file"], marks["last_file"]))
    if not len(across):
        return []
    found = duck.rollup(engine, duck.keep(sound, MARK, across[MARK]), (MARK, FILE, "period"), sums=BILL_SUMS)
    by_mark: dict[int, list[tuple[int, int, str, Decimal]]] = {}
    for record in found.to_pylist():
        amount = record["billed"] or record["effective"] or Decimal(0)
        by_mark.setdefault(record[MARK], []).append((record[FILE], record["rows"], record["period"], amount))
    shared: Counter[tuple[int, int]] = Counter()
    amounts: dict[tuple[int, int], Decimal] = {}
    months: dict[tuple[int, int], set[str]] = {}
    for seen in by_mark.values():
        seen.sort()
        for i, (one, n, month, amount) in enumerate(seen):
            for other, m, _, other_amount in seen[i + 1 :]:
                shared[one, other] += min(n, m)
                smaller = amount if n <= m else other_amount
                amounts[one, other] = amounts.get((one, other), Decimal(0)) + smaller
                months.setdefault((one, other), set()).add(month)
    return [
        _overlap(places[one], places[other], n, rows, (one, other), amounts[one, other], sorted(months[one, other]))
        for (one, other), n in sorted(shared.items())
        if Fraction(n, min(rows[one], rows[other])) >= MATERIAL
    ]


def _overlap(
    one: str, other: str, n: int, rows: Mapping[int, int], files: tuple[int, int], amount: Decimal, months: list[str]
) -> Problem:
    period = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
    each = f"{rows[files[0]]:,} and {rows[files[1]]:,}"
    return Problem(
        "E346",
        other,
        f"{n:,} charges of {period}, {money_text(amount)}, are in {one} as well (the files have {each} rows)",
        "Two deliveries of one month are two copies of it; adding them would count its dollars twice.",
        "Keep the newest delivery, the one its manifest names, and move the other out of the input.",
    )
