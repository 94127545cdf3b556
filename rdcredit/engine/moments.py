"""Instants of time in billing exports, by one rule: everything is UTC.

A time with a zone is converted; a time without one is taken as UTC, which is what the FOCUS
specification and the exports of the large providers say it is. How a time was written is kept,
so that a file which mixes both ways can be refused and a day/month order is never guessed.

Loads the query engine when imported; imported lazily by the rooms that read rows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years in which a cloud charge can lie; others are damaged dates and are held."""


class Style(StrEnum):
    """How an instant was written."""

    BLANK = "blank"
    DAY = "day"
    NAIVE = "naive"
    ZONED = "zoned"
    AMBIGUOUS = "ambiguous"
    """Day and month in an order the text does not show."""
    UNREADABLE = "unreadable"


_ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|UTC)|[ ]?[+-]\d{2}(:?\d{2})?)?)?$"
_ZONE = r"(Z|UTC|:\d{2}(\.\d+)? ?[+-]\d{2}(:?\d{2})?)$"
_ORDERED = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})( \d{2}:\d{2}(:\d{2})?)?$"


def moment(table: ir.Table, column: str, name: str, day_order: str = "") -> ir.Table:
    """``table`` with the instants of ``column`` (text, times or days) as three more columns.

    ``name_at`` is the time in UTC, null where there is none; ``name_style`` is a :class:`Style`;
    ``name_local_month`` is ``YYYY-MM`` as written, before conversion. ``day_order`` is
    ``month-first`` or ``day-first`` where the taxpayer states how dates such as ``01/02/2025``
    are written; without it they are *ambiguous* and have no time.
    """
    kind = table[column].type()
    typed = kind.is_timestamp() or kind.is_date()
    t = _typed(table, column) if typed else _written(table, column, day_order)
    plausible = t["_at"].year().between(FIRST_YEAR, LAST_YEAR)
    t = t.mutate(_at=ibis.cases((plausible, t["_at"]), else_=ibis.null("timestamp")))
    dated = t["_style"].isin([Style.DAY.value, Style.NAIVE.value, Style.ZONED.value])
    t = t.mutate(
        **{
            f"{name}_at": t["_at"],
            # Well formed, but no day of the calendar or of a plausible year.
            f"{name}_style": ibis.cases((dated & t["_at"].isnull(), Style.UNREADABLE.value), else_=t["_style"]),
            f"{name}_local_month": t["_local_month"],
        }
    )
    return t.drop(*(c for c in t.columns if c.startswith("_")))


def _typed(table: ir.Table, column: str) -> ir.Table:
    """``_at``, ``_style`` and ``_local_month`` of a column that holds times or days."""
    kind = table[column].type()
    style = Style.DAY if kind.is_date() else Style.ZONED if kind.timezone else Style.NAIVE
    t = table.mutate(
        _at=table[column].cast("timestamp"),
        _style=ibis.cases((table[column].isnull(), Style.BLANK.value), else_=style.value),
    )
    return t.mutate(_local_month=t["_at"].strftime("%Y-%m"))


def _written(table: ir.Table, column: str, day_order: str) -> ir.Table:
    """The same of a column of text."""
    text = table[column] if table[column].type().is_string() else table[column].cast("string")
    t = table.mutate(_text=text, _iso=text.re_search(_ISO).fill_null(False))
    # What is costly is asked only of the few texts that are not in the usual form.
    other = t["_text"].strip()
    if day_order:
        other = _reordered(other, day_order)
    t = t.mutate(_text=ibis.cases((t["_iso"], t["_text"]), else_=other))
    t = t.mutate(_iso=ibis.cases((t["_iso"], True), else_=t["_text"].re_search(_ISO).fill_null(False)))
    style = ibis.cases(
        (t["_iso"] & (t["_text"].length() == len("2025-01-31")), Style.DAY.value),
        (t["_iso"] & t["_text"].re_search(_ZONE), Style.ZONED.value),
        (t["_iso"], Style.NAIVE.value),
        (t["_text"].isnull() | (t["_text"] == ""), Style.BLANK.value),
        (t["_text"].re_search(_ORDERED), Style.AMBIGUOUS.value),
        else_=Style.UNREADABLE.value,
    )
    close = t["_text"].replace(" +", "+").replace(" -", "-")
    joined = ibis.cases((t["_text"].contains(" +") | t["_text"].contains(" -"), close), else_=t["_text"])
    instant = joined.try_cast("timestamp('UTC')").cast("timestamp")
    return t.mutate(
        _at=ibis.cases((t["_iso"], instant), else_=ibis.null("timestamp")),
        _style=style,
        _local_month=t["_text"].substr(0, len("2025-01")),
    )


def _reordered(t: ir.StringValue, day_order: str) -> ir.StringValue:
    first, second, year = (t.re_extract(_ORDERED, i) for i in (1, 2, 3))
    month, day = (first, second) if day_order == "month-first" else (second, first)
    iso = year + "-" + month.lpad(2, "0") + "-" + day.lpad(2, "0") + t.re_extract(_ORDERED, 4)
    return ibis.cases((t.re_search(_ORDERED), iso), else_=t)


def month(at: ir.TimestampValue) -> ir.StringValue:
    """``YYYY-MM`` of an instant."""
    return at.strftime("%Y-%m")


def position(at: ir.TimestampValue, begin: date, end: date) -> ir.StringValue:
    """``before``, ``in`` or ``after`` the days from ``begin`` to ``end``, both included."""
    day = at.date()
    return ibis.cases((day < ibis.literal(begin), "before"), (day > ibis.literal(end), "after"), else_="in")


def month_after_last_charged(start: ir.TimestampValue, end: ir.TimestampValue) -> ir.StringValue:
    """``YYYY-MM`` of the month after the last one charged, where a charge covers more than one; else empty.

    ``end`` is exclusive, so a charge that ends as a month begins does not cover that month.
    """
    last = (end - ibis.interval(microseconds=1)).truncate("M")
    spans = (end > start) & (last > start.truncate("M"))
    return ibis.cases((spans, month(last + ibis.interval(months=1))), else_="")
