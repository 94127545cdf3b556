"""Every operation in one workbook, recalculated by the office program and compared with the engine.

One run of the program recalculates three copies, all with wrong cached values: the workbook as it
is, one with a sign turned round, and one in which a missing value has been filled in.
"""

import re
import zipfile
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.graphs import EXAMPLES, amount, assumed, bands, by_view, costs, leaf, line, schedule, tabs_of, unknown
from support.office import WRONG, convert_all, disagreements, same, with_wrong_values

from rdcredit.figure.expression import (
    AddMonths,
    ColumnTotal,
    Comparison,
    CountRows,
    DaysBetween,
    EndOfPeriod,
    Expr,
    IsOneOf,
    LookupBanded,
    LookupExact,
    MonthsBetween,
    Round,
    Rounding,
    Row,
    Schedule,
    ShareOfTotal,
    TotalWhere,
    Unit,
    all_,
    any_,
    floor_at_zero,
    larger_of,
    not_,
    number,
    numbers,
    running,
    smaller_of,
    total,
    when,
    words,
)
from rdcredit.figure.expression import Compare as ComparedBy
from rdcredit.figure.view import View
from rdcredit.render.package import fill_values, rewrite
from rdcredit.render.workbook import write_workbook
from rdcredit.render.writer import Heading

FILLED_IN = Fraction("512.25")
"""What replaces the word ``missing`` in the third copy."""


@dataclass(frozen=True)
class Inputs:
    """The leaves every combination is made of."""

    seven: object
    minus: object
    third: object
    zero: object
    gap: object
    held: object
    """10 and 20 in the first two views, missing in the third."""


def inputs(gap=None):
    return Inputs(
        seven=amount("7.25"),
        minus=amount("-3"),
        third=amount(Fraction(1, 3)),
        zero=amount("0"),
        gap=unknown("the missing amount") if gap is None else amount(gap),
        held=by_view("10", "20", None),
    )


def scalar_lines(x):
    """Each operation on single values with known, zero, missing and view-dependent operands."""
    operands = (x.seven, x.minus, x.third, x.zero, x.gap, x.held)
    for a in operands:
        for b in operands:
            yield a + b
            yield a - (b - x.seven)
            yield a * b
            yield a / b
            yield smaller_of(a, b)
            yield larger_of(a, b, 0)
            for comparison in Comparison:
                yield ComparedBy(comparison, a, b)
        yield floor_at_zero(a)
        yield total([a, x.seven, x.minus, x.third, x.zero])
        yield from (Round(a * x.seven, leaf(places, unit=Unit.COUNT)) for places in (0, 2, 4))
        yield when(a > x.seven, x.gap, x.minus)
        yield when(a < x.seven, x.minus, x.held)
        yield when(a.equals(x.zero), when(x.seven > 0, a, x.gap), x.gap / a)
        yield not_(a > 0)
        yield any_(a + 1 > 2, x.seven.equals(0))
        yield any_(a + 1 > 2, x.seven > 0)
        yield all_(a + 1 > 2, x.seven > 0)
        yield all_(a + 1 > 2, x.seven.equals(0))
        yield all_(any_(a > 0, x.gap > 0), not_(all_(a > 0, x.gap > 0)))
    for half in ("0.005", "-0.005", "1.005", "2.675", "1234567.885", "0.00005", "-2.5"):
        yield from (Round(amount(half), leaf(places, unit=Unit.COUNT)) for places in (0, 2, 4))
    yield assumed("3", "an assumption") + x.seven
    yield x.seven * 365 / 12


def calendar_lines():
    first, last, leap = leaf(date(2024, 7, 31)), leaf(date(2025, 2, 28)), leaf(date(2024, 2, 29))
    for a, b in ((first, last), (leap, first), (last, last)):
        yield DaysBetween(a, b), Unit.COUNT
        yield MonthsBetween(a, b), Unit.COUNT
    for day in (first, last, leap):
        for months in (number(0), number(1), number(12), amount("7", unit=Unit.COUNT)):
            yield AddMonths(day, months), Unit.DATE
            yield EndOfPeriod(day, months), Unit.DATE
    yield IsOneOf(leaf("asc"), ("regular", "asc")), Unit.YES_NO
    yield IsOneOf(leaf("none"), ("regular", "asc")), Unit.YES_NO
    yield not_(leaf(True)), Unit.YES_NO
    yield any_(leaf(False), unknown("an answer", Unit.YES_NO)), Unit.YES_NO
    yield any_(leaf(True), unknown("an answer", Unit.YES_NO)), Unit.YES_NO
    yield all_(), Unit.YES_NO


def table_lines(x):
    """Totals, counts and lookups with gaps inside and outside the rows they read."""
    spent = costs(
        ("a", "10.10", "supported"), ("b", None, "supported"), ("a", None, "expected"), ("c", "40", "potential"),
        ("c", "2", "supported"), ("007", "3", "supported"),
    )  # fmt: skip
    yield spent.total()
    yield spent.count()
    for key in ("a", "b", "c", "007", "nobody"):
        yield spent.of(key)
        yield spent.count(key)
    sought = unknown("which component", Unit.TEXT)
    yield TotalWhere(spent.table, spent.amount, ((spent.component, sought),))
    yield CountRows(spent.table, spent.component, sought)
    empty = costs()
    yield empty.total()
    yield empty.count()
    steps, holes = bands(("6", "60"), ("8", None), ("10", "100")), bands(("6", "60"), (None, "80"))
    for table in (steps, holes, bands()):
        for wanted in (amount("6"), amount("8"), amount("9"), amount("11"), amount("1"), x.gap):
            for kind in (LookupExact, LookupBanded):
                yield kind(wanted, table.table, table.key, table.result)


def row_tables(x):
    """Columns that read their own row, the row above and their column's total."""
    name, paid = words("name", "name"), numbers("paid", "paid")
    half = numbers("half", "half", paid / 2, rounding=Rounding.CENTS)
    so_far = running("so_far", "so far", x.seven, lambda above: above + paid)
    share = numbers("share", "share", ShareOfTotal(paid), Unit.RATIO)
    stated = numbers("stated", "stated by view", by_view=True)
    by_name = numbers("held", "held by view", x.held * paid + stated, by_view=True)
    for amounts in (("0.01", "0.03", "5"), ("1", None, "2"), ("0", "0", "0")):
        rows = [(f"n{i}", value, by_view("1", str(i), "5")) for i, value in enumerate(amounts)]
        table = schedule((name, paid, stated, half, so_far, share, by_name), rows)
        yield from (ColumnTotal(table, column) for column in (paid, stated, half, so_far, share, by_name))
        yield TotalWhere(table, half, ((name, leaf("n0")),))


def unit_of(expr):
    from rdcredit.figure.expression import All, Any, Compare, Not

    return Unit.YES_NO if isinstance(expr, (All, Any, Compare, Not, IsOneOf)) else Unit.MONEY


def every_line(x):
    found = [line(e, unit=unit_of(e)) for e in (*scalar_lines(x), *table_lines(x), *row_tables(x))]
    found += [line(e, unit=unit) for e, unit in calendar_lines()]
    rounded = [line(e.expr, rounding=Rounding.WHOLE_DOLLARS) for e in found[:5]]
    return [*found, *rounded]


def kinds_in(lines):
    """The kinds of nodes in these figures, down to the leaves."""
    kinds, seen, left = set(), set(), list(lines)
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not isinstance(node, (Schedule, Row)):
            kinds.add(type(node))
        for field in fields(node):
            held = getattr(node, field.name)
            held = held.values() if isinstance(held, dict) else held if isinstance(held, tuple) else (held,)
            flat = [part for entry in held for part in (entry if isinstance(entry, tuple) else (entry,))]
            left += [entry for entry in flat if isinstance(entry, (Expr, Schedule, Row))]
    return kinds


def write(x, path: Path):
    lines = every_line(x)
    tabs = tabs_of(lines)
    return write_workbook(tabs, Heading("Test, Inc.", "2025", "draft", date(2026, 2, 10)), path), lines


def turned_round(path, copy, address):
    """A copy in which one formula of the sheet subtracts where it should add."""
    copy.write_bytes(path.read_bytes())

    def change(name, data):
        if name != "xl/worksheets/sheet1.xml":
            return data
        cell = re.compile(rf'(<c r="{address}"[^>]*><f>)([^<]*)(</f>)'.encode())
        wrong, count = cell.subn(lambda m: m[1] + m[2].replace(b"+", b"-") + m[3], data)
        assert count == 1
        assert wrong != data
        return wrong

    rewrite(copy, change)


@dataclass(frozen=True)
class Recalculated:
    written: object
    lines: list
    as_is: Path
    turned: Path
    filled: Path
    other: object
    """The same workbook written by the engine with the missing amount known."""
    address: str


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    folder = tmp_path_factory.mktemp("readings")
    x = inputs()
    written, lines = write(x, folder / "readings.xlsx")
    address = written.layout.spot(lines[0], View.SUPPORTED).seen_from("T figures")
    as_is = with_wrong_values(folder / "readings.xlsx", written, folder / "as_is.xlsx")
    turned_round(as_is, folder / "turned.xlsx", address)
    other, _ = write(inputs(FILLED_IN), folder / "other.xlsx")
    book = load_workbook(as_is)
    spot = written.layout.spot(x.gap, View.SUPPORTED)
    sheet = book[spot.tab]
    assert sheet.cell(spot.row, spot.column).value == "missing"
    sheet.cell(spot.row, spot.column).value = float(FILLED_IN)
    book.save(folder / "filled.xlsx")
    made = convert_all(office, [folder / f"{n}.xlsx" for n in ("as_is", "turned", "filled")], "xlsx", folder)
    return Recalculated(written, lines, *made, other, address)


@pytest.mark.office
def test_the_workbook_holds_every_operation(recalculated):
    assert kinds_in(recalculated.lines) == set(EXAMPLES)


@pytest.mark.office
def test_every_recalculated_cell_is_the_engines_in_all_three_views(recalculated):
    assert len(recalculated.written.values) > 1000
    assert disagreements(recalculated.written, recalculated.as_is) == []


@pytest.mark.office
def test_a_formula_that_subtracts_where_it_should_add_is_found_and_nothing_else(recalculated):
    found = disagreements(recalculated.written, recalculated.turned)
    assert [entry.split(":")[0] for entry in found] == [f"T figures {recalculated.address}"]


@pytest.mark.office
def test_filling_in_a_missing_amount_gives_what_the_engine_gives_with_it(recalculated):
    """The guards are live: the copy was written with the amount missing."""
    book, engine = load_workbook(recalculated.filled, data_only=True)["T figures"], recalculated.other.values
    wrong = []
    for sheet, address in recalculated.written.values:
        wanted = engine[sheet, address]
        if not same(wanted, book[address].value):
            wrong.append(f"{address}: engine {wanted!r}, recalculated {book[address].value!r}")
    assert wrong == []


def test_the_comparison_notices_a_program_that_hands_back_cached_values(tmp_path):
    """No office program: the copy with wrong cached values stands for a recalculation that did not happen."""
    written, _ = write(inputs(), tmp_path / "readings.xlsx")
    stale = with_wrong_values(tmp_path / "readings.xlsx", written, tmp_path / "stale.xlsx")
    assert len(disagreements(written, stale)) == len(written.values)
    assert disagreements(written, tmp_path / "readings.xlsx") == []


def test_a_workbook_shows_the_engines_values_without_being_recalculated(tmp_path):
    written, _ = write(inputs(), tmp_path / "readings.xlsx")
    with zipfile.ZipFile(tmp_path / "readings.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"<f>") == len(written.values)
    assert str(WRONG).encode() not in sheet


def test_values_and_formula_cells_must_match_one_to_one(tmp_path):
    from rdcredit.render.package import Unfilled

    written, _ = write(inputs(), tmp_path / "readings.xlsx")
    one_short = dict(list(written.values.items())[1:])
    with pytest.raises(Unfilled, match="has no value"):
        fill_values(tmp_path / "readings.xlsx", written.titles, one_short)
    with pytest.raises(Unfilled, match="have no formula cell"):
        fill_values(tmp_path / "readings.xlsx", written.titles, {**written.values, ("T figures", "ZZ1"): WRONG})
