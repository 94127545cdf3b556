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

from rdcredit.engine.expressions import layer

if TYPE_CHECKING:
    from collections.abc import Mapping
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


def moments(table: ir.Table, columns: Mapping[str, str], day_order: str = "") -> ir.Table:
    """``table`` with the instants of some columns (text, times or days) as three more columns each.

    ``columns`` is the new name to the column. ``name_at`` is the time in UTC, null where there is
    none; ``name_style`` is a :class:`Style`; ``name_local_month`` is ``YYYY-MM`` as written, before
    conversion. ``day_order`` is ``month-first`` or ``day-first`` where the taxpayer states how
    dates such as ``01/02/2025`` are written; without it they are *ambiguous* and have no time.
    """
    # Layer upon layer of columns: an expression used twice in one layer is written out twice.
    # What is costly is asked only of the few texts that are not in the usual form.
    texts = [n for n, column in columns.items() if not _is_typed(table[column])]
    typed = [n for n in columns if n not in texts]

    def usual(t: ir.Table, n: str) -> dict[str, ir.Value]:
        text = t[columns[n]] if t[columns[n]].type().is_string() else t[columns[n]].cast("string")
        return {"raw": text, "usual": text.re_search(_ISO).fill_null(False)}

    def mended(t: ir.Table, n: str) -> dict[str, ir.Value]:
        other = t[f"_raw_{n}"].strip()
        if day_order:
            other = _reordered(other, day_order)
        return {"text": ibis.cases((t[f"_usual_{n}"], t[f"_raw_{n}"]), else_=other)}

    def iso(t: ir.Table, n: str) -> dict[str, ir.Value]:
        again = t[f"_text_{n}"].re_search(_ISO).fill_null(False)
        return {"iso": ibis.cases((t[f"_usual_{n}"], True), else_=again)}

    t = layer(table, typed, lambda t, n: _typed(t[columns[n]]))
    for step in (usual, mended, iso):
        t = layer(t, texts, step)
    t = layer(t, texts, lambda t, n: _written(t[f"_text_{n}"], t[f"_iso_{n}"]))
    measures: dict[str, ir.Value] = {}
    for n in columns:
        at, style = t[f"_at_{n}"], t[f"_style_{n}"]
        plausible = at.year().between(FIRST_YEAR, LAST_YEAR).fill_null(False)
        dated = style.isin([Style.DAY.value, Style.NAIVE.value, Style.ZONED.value])
        measures[f"{n}_at"] = ibis.cases((plausible, at), else_=ibis.null("timestamp"))
        # Well formed, but no day of the calendar or of a plausible year.
        measures[f"{n}_style"] = ibis.cases((dated & ~plausible, Style.UNREADABLE.value), else_=style)
        measures[f"{n}_local_month"] = t[f"_local_month_{n}"]
    return t.select(*table.columns, **measures)


def _is_typed(column: ir.Value) -> bool:
    return bool(column.type().is_timestamp() or column.type().is_date())


def _typed(column: ir.Value) -> dict[str, ir.Value]:
    """Time, style and month of a column that holds times or days."""
    kind = column.type()
    style = Style.DAY if kind.is_date() else Style.ZONED if kind.timezone else Style.NAIVE
    at = column.cast("timestamp")
    return {
        "at": at,
        "style": ibis.cases((column.isnull(), Style.BLANK.value), else_=style.value),
        "local_month": month(at),
    }


def _written(text: ir.StringValue, iso: ir.BooleanValue) -> dict[str, ir.Value]:
    """The same of a column of text."""
    style = ibis.cases(
        (iso & (text.length() == len("2025-01-31")), Style.DAY.value),
        (iso & text.re_search(_ZONE), Style.ZONED.value),
        (iso, Style.NAIVE.value),
        (text.isnull() | (text == ""), Style.BLANK.value),
        (text.re_search(_ORDERED), Style.AMBIGUOUS.value),
        else_=Style.UNREADABLE.value,
    )
    close = text.replace(" +", "+").replace(" -", "-")
    joined = ibis.cases((text.contains(" +") | text.contains(" -"), close), else_=text)
    instant = joined.try_cast("timestamp('UTC')").cast("timestamp")
    return {
        "at": ibis.cases((iso, instant), else_=ibis.null("timestamp")),
        "style": style,
        "local_month": text.substr(0, len("2025-01")),
    }


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
