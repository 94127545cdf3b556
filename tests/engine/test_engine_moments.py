"""Times without a zone are UTC: that is the rule under test."""

# ruff: noqa: DTZ001

from datetime import UTC, date, datetime

import ibis
import pyarrow as pa
import pytest

from rdcredit.engine import duck
from rdcredit.engine.moments import Style, moments, month_after_last_charged, position


def read(engine, values, day_order="", kind=None):
    table = ibis.memtable(pa.table({"i": range(len(values)), "cell": pa.array(values, kind or pa.string())}))
    rows = duck.fetch(engine, moments(table, {"t": "cell"}, day_order), ("i",), len(values)).to_pylist()
    return [(row["t_at"], row["t_style"]) for row in rows]


WRITTEN = {
    "2025-01-31": (datetime(2025, 1, 31), Style.DAY),
    " 2025-01-31 ": (datetime(2025, 1, 31), Style.DAY),
    "2025-01-31 10:00:00": (datetime(2025, 1, 31, 10), Style.NAIVE),
    "2023-11-13T10:00Z": (datetime(2023, 11, 13, 10), Style.ZONED),
    "2025-01-31T10:00:00.123456789Z": (datetime(2025, 1, 31, 10, 0, 0, 123456), Style.ZONED),
    "2024-09-01 00:00:00 UTC": (datetime(2024, 9, 1), Style.ZONED),
    "2025-12-31T23:30-08:00": (datetime(2026, 1, 1, 7, 30), Style.ZONED),
    "2025-12-31 23:30:00 +0530": (datetime(2025, 12, 31, 18), Style.ZONED),
    "2025-02-30": (None, Style.UNREADABLE),
    "2025-13-01T00:00:00Z": (None, Style.UNREADABLE),
    "0001-01-01": (None, Style.UNREADABLE),
    "1970-01-01T00:00:00Z": (None, Style.UNREADABLE),
    "9999-12-31": (None, Style.UNREADABLE),
    "1/2/25": (None, Style.UNREADABLE),
    "45658": (None, Style.UNREADABLE),
    "01/02/2025": (None, Style.AMBIGUOUS),
    "31.12.2025": (None, Style.AMBIGUOUS),
    "": (None, Style.BLANK),
}


def test_every_way_of_writing_an_instant_has_one_reading(engine):
    assert dict(zip(WRITTEN, read(engine, list(WRITTEN)), strict=True)) == WRITTEN


@pytest.mark.parametrize(("order", "month"), [("month-first", 1), ("day-first", 2)])
def test_a_day_order_is_stated_and_never_guessed(engine, order, month):
    [(at, style)] = read(engine, ["01/02/2025"], order)
    assert (at.month, style) == (month, Style.DAY)


def test_columns_of_times_keep_their_kind(engine):
    aware = datetime(2025, 6, 1, 12, tzinfo=UTC)
    assert read(engine, [aware, None], kind=pa.timestamp("us", "UTC")) == [
        (datetime(2025, 6, 1, 12), Style.ZONED),
        (None, Style.BLANK),
    ]
    assert read(engine, [datetime(2025, 6, 1)], kind=pa.timestamp("ns"))[0][1] == Style.NAIVE
    assert read(engine, [date(2025, 6, 1)], kind=pa.date32())[0][1] == Style.DAY


@pytest.mark.parametrize(
    ("start", "end", "spans_to"),
    [
        ("2025-04-15", "2025-05-01", ""),
        ("2025-04-30 22:00:00", "2025-05-01 02:00:00", "2025-06"),
        ("2025-04-01", "2026-04-01", "2026-04"),
        ("2025-04-01", "2025-04-01", ""),
        ("2025-12-01", "2026-01-01 00:00:01", "2026-02"),
    ],
)
def test_a_charge_spans_the_months_its_exclusive_end_leaves(engine, start, end, spans_to):
    table = ibis.memtable(pa.table({"i": [1], "a": [start], "b": [end]}))
    table = moments(table, {"start": "a", "end": "b"})
    table = table.select("i", spans=month_after_last_charged(table["start_at"], table["end_at"]))
    assert duck.fetch(engine, table, ("i",), 1)["spans"].to_pylist() == [spans_to]


def test_first_and_last_day_of_the_year_are_in_it(engine):
    days = ["2024-06-30", "2024-07-01", "2025-06-30 23:59:59", "2025-07-01"]
    table = moments(ibis.memtable(pa.table({"cell": days})), {"t": "cell"})
    table = table.select("cell", where=position(table["t_at"], date(2024, 7, 1), date(2025, 6, 30)))
    assert duck.fetch(engine, table, ("cell",), 9)["where"].to_pylist() == ["before", "in", "in", "after"]
