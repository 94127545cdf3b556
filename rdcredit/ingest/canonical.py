"""One shape for the rows of every billing format: the group key, two exact amounts, and what is wrong.

Loads the query engine when imported; imported lazily, inside the reading child process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.engine import duck
from rdcredit.engine.amount import OUT_OF_RANGE, UNREADABLE, amounts
from rdcredit.engine.expressions import (
    all_of,
    as_text,
    blank_as_missing,
    choose,
    fingerprint,
    first_present,
    literal,
)
from rdcredit.engine.moments import Style, moments, month, month_after_last_charged, position
from rdcredit.engine.tags import tags_text
from rdcredit.ingest.records import BILL_KEYS, BILL_SUMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import ibis.expr.types as ir

    from rdcredit.ingest.format import Format

SOUND, TOTAL, HELD, RANGE = "", "total", "held:", "range:"
"""What a row's ``trouble`` starts with: nothing, a total row, a cell that is held or one out of range."""
_TOTAL_ROW = r"^(grand[ _-]?|sub[ _-]?)?totals?\b"

FILE, TROUBLE, TROUBLE_TEXT, CLOCK, MOVED = "file", "trouble", "trouble_text", "clock", "moved"
MARK, FINGERPRINT, DAY = "mark", "fingerprint", "day"
CUTS = ("billed_cut", "effective_cut")
_BUSINESS_KEY = (
    "provider",
    "account",
    "service",
    "usage_type",
    "region",
    "charge_category",
    "commitment_id",
    "currency",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of one input are read, as its ``[[inputs]]`` entry and the tax calendar say."""

    begin: date
    end: date
    date_format: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of files of one layout under the names of its format, as a format's expressions see them."""

    table: ir.Table
    """With the columns ``file`` and ``record`` added."""
    columns: Mapping[str, str]
    """Our name to the engine's, for the columns this file has."""
    headers: Mapping[str, str]
    """The engine's name to the file's own header."""
    format: Format
    has_rows_to_drop: bool = False
    """Whether there are repeated headers or rows of empty cells, as our own pass over the bytes has seen."""
    may_have_totals: bool = False
    """Whether any row starts with a word for a total, seen likewise."""

    def raw(self, name: str) -> ir.Value | None:
        """The column as it stands, or None where the file lacks it."""
        return self.table[self.columns[name]] if name in self.columns else None

    def text(self, name: str) -> ir.StringValue | None:
        """The column as text, null where it says that there is no value; None where the file lacks it."""
        column = self.raw(name)
        return None if column is None else blank_as_missing(as_text(column), self.format.nulls)

    def first(self, names: Sequence[str]) -> ir.StringValue:
        """The first of these columns that is filled in a row, else the empty text."""
        return first_present([text for name in names if (text := self.text(name)) is not None])

    def instant(self, name: str) -> ir.Value:
        """A column of times as it stands, or as text without the words for "no value"."""
        column = self.raw(name)
        if column is None:
            return literal("")
        return blank_as_missing(column, self.format.nulls) if column.type().is_string() else column


def canonical(rows: Sequence[Row], reading: Reading) -> ir.Table:
    """The rows of a bill's files in the shape that is rolled up.

    Rows that only repeat the header, and rows of empty cells, are dropped; every other row is
    there, with ``trouble`` saying why it cannot be summed.
    """
    fmt = rows[0].format
    # What differs from layout to layout comes first and is short; the rest is written once for
    # all files whose cells are of the same types.
    alike: dict[object, list[ir.Table]] = {}
    for row in rows:
        table = _cells(row, reading)
        alike.setdefault(table.schema(), []).append(table)
    return duck.union([_read(duck.union(tables), fmt, reading) for tables in alike.values()])


def _cells(row: Row, reading: Reading) -> ir.Table:
    """The cells that are read, as the file has them, and the key expressions of the format."""
    fmt = row.format
    cells = [row.table[name] for name in row.headers]
    present = row.table.filter(_is_data(row)) if row.has_rows_to_drop else row.table
    tags = row.raw(fmt.tags)
    declared = {
        name: row.first(columns) if isinstance(columns, tuple) else columns(row) for name, columns in fmt.keys.items()
    }
    return present.select(
        FILE,
        duck.RECORD,
        fingerprint(cells).name(FINGERPRINT),
        (first_present(cells).strip().lower() if row.may_have_totals else literal("")).name("first_cell"),
        **{name: column.fill_null("") for name, column in declared.items()},
        charge_category=_category(row),
        currency=_currency(row, reading.currency),
        tags=literal("") if tags is None else tags_text(tags),
        resource=row.first([fmt.resource]),
        billed_text=_written(row, fmt.billed),
        effective_text=_written(row, fmt.effective),
        **{f"{name}_cell": row.instant(column) for name, column in _instants(fmt).items()},
    )


def _read(t: ir.Table, fmt: Format, reading: Reading) -> ir.Table:
    t = amounts(t, {name: f"{name}_text" for name in BILL_SUMS})
    t = moments(t, {name: f"{name}_cell" for name in _instants(fmt)}, reading.date_format)
    return _finished(_judged(t, fmt), reading)


def _instants(fmt: Format) -> dict[str, str]:
    return {"start": fmt.start, "end": fmt.end, "billing": fmt.billing_start}


def _finished(t: ir.Table, reading: Reading) -> ir.Table:
    start, end = t["start_at"], t["end_at"]
    t = t.mutate(
        period=month(start).fill_null(""),
        year_position=position(start, reading.begin, reading.end).fill_null(""),
        spans_to=month_after_last_charged(start, end).fill_null(""),
        billing_month=month(t["billing_at"]).fill_null(""),
        **{
            CLOCK: t["start_style"] + "," + t["end_style"] + "," + t["billing_style"],
            DAY: start.date(),
            # The business key of a charge with its amounts: equal in two deliveries of one charge.
            # Ids of lines, invoices and tags are left out, since a later delivery may have changed them.
            MARK: fingerprint([start, end, t["resource"], *(t[name] for name in _BUSINESS_KEY), *_amounts(t)]),
        },
    )
    t = t.mutate(**{MOVED: (t["start_style"] == Style.ZONED.value) & (t["start_local_month"] != t["period"])})
    extra = (FILE, duck.RECORD, TROUBLE, TROUBLE_TEXT, CLOCK, MOVED, DAY, MARK, FINGERPRINT)
    return t.select(*extra, *BILL_KEYS, *BILL_SUMS, *CUTS)


def _amounts(t: ir.Table) -> list[ir.Value]:
    return [t[name] for name in BILL_SUMS]


def _is_data(row: Row) -> ir.BooleanValue:
    """Not the header once more, and not empty throughout."""
    named = (row.columns[name] for name in (row.format.category, row.format.start, row.format.currency))
    # Files joined end to end may carry a byte order mark in front of each header.
    repeats = [row.table[name].strip().isin([row.headers[name], f"\ufeff{row.headers[name]}"]) for name in named]
    repeated = all_of(repeats).fill_null(False)
    filled = first_present([row.table[name] for name in row.headers]) != ""
    return filled & ~repeated


def _category(row: Row) -> ir.StringValue:
    """The charge category in the format's own spelling; an unknown one as it stands."""
    written = row.first([row.format.category])
    exact = [(written == name, literal(name)) for name in row.format.categories]
    folded = [(written.strip().lower() == name.lower(), literal(name)) for name in row.format.categories]
    return choose([*exact, *folded], written.strip())


def _currency(row: Row, stated: str) -> ir.StringValue:
    written = row.first([row.format.currency])
    code = choose([(written.re_search("^[A-Z]{3}$"), written)], written.strip())
    return choose([(code == "", literal(stated))], code) if stated else code


def _written(row: Row, name: str) -> ir.StringValue:
    column = row.raw(name) if name else None
    return literal("") if column is None else as_text(column).fill_null("")


def _judged(t: ir.Table, fmt: Format) -> ir.Table:
    """``t`` with why a row cannot be summed (empty when it can), and the text of the cell that is to blame."""
    is_total = (t["charge_category"] == "") & t["first_cell"].re_search(_TOTAL_ROW)
    branches: list[tuple[ir.BooleanValue, str, ir.Value]] = [(is_total, TOTAL, t["first_cell"])]
    costs = [(name, column) for name, column in zip(BILL_SUMS, (fmt.billed, fmt.effective), strict=True) if column]
    for state, prefix in ((OUT_OF_RANGE, RANGE), (UNREADABLE, HELD)):
        branches += [(t[f"{name}_state"] == state, prefix + column, t[f"{name}_text"]) for name, column in costs]
    for name, column in _instants(fmt).items():
        # A charge without a billing period has a month all the same; without a period of its own it has none.
        bad = [Style.UNREADABLE.value] if name == "billing" else [Style.UNREADABLE.value, Style.BLANK.value]
        branches.append((t[f"{name}_style"].isin(bad), HELD + column, t[f"{name}_cell"]))
    branches.append((t["end_at"] < t["start_at"], HELD + fmt.end, t["end_cell"]))
    return t.mutate(
        **{
            TROUBLE: choose([(condition, literal(what)) for condition, what, _ in branches], literal(SOUND)),
            TROUBLE_TEXT: choose(
                [(condition, as_text(cell).fill_null("")) for condition, _, cell in branches], literal("")
            ),
        }
    )
