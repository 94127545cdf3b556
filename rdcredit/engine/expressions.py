"""The words in which formats are written: engine-neutral column expressions.

Loads the query engine when imported; imported lazily by the rooms that read rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    import ibis.expr.types as ir


def literal(value: str | int) -> ir.Value:
    """A constant."""
    return ibis.literal(value)


def day_literal(value: date) -> ir.Value:
    """A constant day."""
    return ibis.literal(value, type="date")


def as_text(column: ir.Value) -> ir.StringValue:
    """A column of any scalar type as text; doubles as their shortest exact decimal text."""
    return column if column.type().is_string() else column.cast("string")


def blank_as_missing(text: ir.StringValue, nulls: Sequence[str]) -> ir.StringValue:
    """``text`` without the spellings of "no value": the empty text and the words in ``nulls``."""
    return ibis.cases((text.isin(["", *nulls]), ibis.null("string")), else_=text)


def first_present(values: Sequence[ir.StringValue]) -> ir.StringValue:
    """The first of ``values`` that is there, else the empty text."""
    return ibis.coalesce(*values, ibis.literal(""))


def choose(branches: Sequence[tuple[ir.BooleanValue, ir.Value]], otherwise: ir.Value) -> ir.Value:
    """The value of the first branch whose condition holds."""
    return ibis.cases(*branches, else_=otherwise)


def all_of(conditions: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    """Whether every condition holds."""
    return ibis.and_(*conditions)


def layer(table: ir.Table, names: Iterable[str], step: Callable[[ir.Table, str], dict[str, ir.Value]]) -> ir.Table:
    """``table`` with the columns ``_part_name`` that ``step`` computes for each of ``names``, in one layer."""
    return table.mutate(**{f"_{part}_{n}": value for n in names for part, value in step(table, n).items()})


def fingerprint(columns: Sequence[ir.Value]) -> ir.IntegerValue:
    """A number that agrees for rows whose ``columns`` agree, nulls included.

    Comparable within one run only; 64 bits, so never the only evidence that two rows are equal.
    """
    return ibis.struct({f"f{i}": column for i, column in enumerate(columns)}).hash()
