"""Cells and package of a workbook: safe texts, exact numbers, colours of states, identical bytes."""

import gc
import zipfile
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from support.facts import credit_of
from support.graphs import amount, assumed, by_view, leaf, line, tabs_of, unknown

from rdcredit.figure.expression import Rounding, Unit, known
from rdcredit.figure.origin import FromStatement
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import figures_of, form_6765
from rdcredit.render import cells
from rdcredit.render.cells import number_format, number_text, safe_text, terminates
from rdcredit.render.credit_tabs import credit_tabs, index_tab
from rdcredit.render.layout import LinesBlock, Tab, TableBlock, TextBlock, block_height, column_letter
from rdcredit.render.workbook import write_workbook
from rdcredit.render.writer import Heading

HEADING = Heading("Test, Inc.", "2025", "draft", date(2026, 2, 10))


def written(tmp_path, lines=(), *, tabs=None, heading=HEADING):
    path = tmp_path / "w.xlsx"
    made = write_workbook(tabs or tabs_of(lines, views=(View.SUPPORTED,)), heading, path)
    return made, load_workbook(path), load_workbook(path, data_only=True)


def cell_of(made, book, node, view=View.SUPPORTED):
    spot = made.layout.spot(node, view)
    return book[spot.tab].cell(spot.row, spot.column)


# -- texts


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x")', "#REF!"])
def test_a_text_that_looks_like_a_formula_stays_text(text, tmp_path):
    name = leaf(text, "a name")
    made, book, _ = written(tmp_path, [line(name, unit=Unit.TEXT)])
    cell = cell_of(made, book, name)
    assert cell.data_type in {"s", "str"}
    assert cell.value == text


def test_control_characters_are_shown_and_long_texts_cut():
    assert safe_text("a\x00b\x1bc") == "a\\x00b\\x1bc"
    assert safe_text("tab\tand\nline") == "tab\tand\nline"
    assert safe_text("\ud800") == "\\xd800"
    assert len(safe_text("x" * 40000)) < 32767


def test_a_hostile_name_does_not_break_the_workbook(tmp_path):
    heading = Heading('Evil\x00 <&> "Co"', "2025", "draft", date(2026, 2, 10), banner="]]>")
    _, book, _ = written(tmp_path, [line(amount("1"))], heading=heading)
    assert 'Evil\\x00 <&> "Co"' in book.worksheets[0]["A3"].value


# -- numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction("0.1"), "0.1"),
        (Fraction("1234567890.12"), "1234567890.12"),
        (Fraction(1, 3), "0.33333333333333333"),
        (Fraction(-2, 3), "-0.66666666666666667"),
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction("0.000000000001"), "0.000000000001"),
    ],
)
def test_numbers_are_written_with_up_to_seventeen_digits(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "ends"), [("1/8", True), ("1/3", False), ("0.14", True), ("12345678901234567", False)]
)
def test_only_numbers_that_end_are_written_as_numbers(value, ends):
    assert terminates(Fraction(value)) is ends


def test_an_input_without_an_end_is_a_division_that_gives_it(tmp_path):
    third = amount(Fraction(-1, 3))
    made, book, values = written(tmp_path, [line(third)])
    assert cell_of(made, book, third).value == "=-1/3"
    assert Fraction(Decimal(repr(cell_of(made, values, third).value))).limit_denominator(10) == Fraction(-1, 3)


@pytest.mark.parametrize(
    ("unit", "rounding", "has"),
    [
        (Unit.MONEY, Rounding.WHOLE_DOLLARS, "#,##0;"),
        (Unit.MONEY, Rounding.EXACT, "#,##0.00;"),
        (Unit.RATIO, Rounding.EXACT, "%"),
        (Unit.DATE, Rounding.EXACT, "yyyy-mm-dd"),
        (Unit.YES_NO, Rounding.EXACT, '"yes"'),
        (Unit.TEXT, Rounding.EXACT, "General"),
    ],
)
def test_each_unit_has_its_format(unit, rounding, has):
    assert has in number_format(unit, rounding)


# -- states


def fill(cell):
    return cell.fill.start_color.rgb[-6:] if cell.fill.fill_type else ""


def test_inputs_assumptions_gaps_and_formulas_can_be_told_apart_by_colour(tmp_path):
    stated, guess, gap = amount("1"), assumed("2", "a guess"), unknown()
    plain, resting, open_ = line(stated + 1), line(guess + 1), line(gap + 1)
    made, book, values = written(tmp_path, [plain, resting, open_])
    colours = [fill(cell_of(made, book, n)) for n in (stated, guess, gap, plain, resting, open_)]
    assert colours == [
        cells.INPUT_FILL, cells.ASSUMED_FILL, cells.MISSING_FILL, "", cells.ASSUMED_FILL, cells.MISSING_FILL,
    ]  # fmt: skip
    assert cell_of(made, book, gap).value == "missing"
    assert cell_of(made, values, open_).value == "missing"
    assert cell_of(made, values, plain).value == 2


def test_every_kind_of_value_is_cached_as_what_it_is(tmp_path):
    figures = [
        line(amount("2") * 2),
        line(leaf(True), unit=Unit.YES_NO),
        line(leaf(date(2025, 3, 31)), unit=Unit.DATE),
        line(leaf("asc"), unit=Unit.CHOICE),
        line(unknown()),
    ]
    made, _, values = written(tmp_path, figures)
    seen = [cell_of(made, values, f).value for f in figures]
    assert seen[:2] == [4, True]
    assert seen[2].date() == date(2025, 3, 31)
    assert seen[3:] == ["asc", "missing"]


def test_a_leaf_that_differs_by_view_has_a_cell_a_view(tmp_path):
    held = by_view("1", None, "3")
    made, _, values = written(tmp_path, tabs=tabs_of([line(held)]))
    assert [cell_of(made, values, held, v).value for v in View] == [1, "missing", 3]


def test_a_figure_shown_on_two_tabs_is_computed_once_and_pointed_to(tmp_path):
    figure = line(amount("2") * 2)
    home = tabs_of([figure], views=(View.SUPPORTED,))[0]
    lead = Tab("A", "Lead", "p", "s", (LinesBlock("Shown", (figure,), references=True),))
    made, book, values = written(tmp_path, tabs=(lead, home))
    address = made.layout.spot(figure, View.SUPPORTED).seen_from("A Lead")
    assert book["A Lead"]["B8"].value == f"={address}"
    assert address.startswith("'T figures'!")
    assert values["A Lead"]["B8"].value == 4


# -- tables


def test_money_columns_of_a_table_end_in_a_live_total(tmp_path):
    table = TableBlock("Paid", ("who", "amount"), [("a", Fraction("1.10")), ("b", Fraction("2.25"))], frozenset({1}))
    made, book, values = written(tmp_path, tabs=(Tab("T", "t", "p", "s", (table,)),))
    total = next(c for row in book["T t"].iter_rows() for c in row if str(c.value).startswith("=SUM("))
    assert values["T t"][total.coordinate].value == 3.35
    assert made.values["T t", total.coordinate] == Fraction("3.35")


@pytest.mark.parametrize(
    "block",
    [
        LinesBlock("x", (amount("1"),)),
        TableBlock("x", ("a",), [("1",)]),
        TableBlock("x", ("a", "b"), [("1", Fraction(1))], frozenset({1}), note="n"),
        TextBlock("x", ("one", "two")),
    ],
)
def test_a_block_takes_the_rows_the_layout_gave_it(block, tmp_path):
    marker = line(amount("7"))
    after = LinesBlock("after", (marker.expr, marker))
    made, book, _ = written(tmp_path, tabs=(Tab("T", "t", "p", "s", (block, after)),))
    row = made.layout.starts[id(after)]
    assert book["T t"].cell(row, 1).value == "after"
    assert row == 6 + block_height(block)


@pytest.mark.parametrize(("index", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ")])
def test_column_letters(index, letters):
    assert column_letter(index) == letters


# -- the package


def whole(credit, path):
    tabs = credit_tabs(credit, form_6765(credit), tuple(View), View.SUPPORTED, "facts.toml")
    tabs = (index_tab(tabs, [("Taxpayer", "Worked Example, Inc.")], "facts.toml"), *tabs)
    return write_workbook(tabs, HEADING, path)


def case():
    return {
        "qre": "700000",
        "prior": ["300000", "500000", "400000"],
        "supplies": [{"description": "boards", "amount": "100"}],
        "contracts": [{"description": "lab", "amount": "100"}],
    }


def test_the_same_facts_give_the_same_bytes(tmp_path):
    made = []
    for name in ("one.xlsx", "two.xlsx"):
        whole(credit_of(case()), tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_parts_have_fixed_times_and_a_fixed_order(tmp_path):
    whole(credit_of(case()), tmp_path / "w.xlsx")
    with zipfile.ZipFile(tmp_path / "w.xlsx") as package:
        names = package.namelist()
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert names[0] == "[Content_Types].xml"
        assert names[2:] == sorted(names[2:])
        core = package.read("docProps/core.xml").decode()
    assert core.count("2026-02-10T00:00:00") == 2


def test_a_fault_while_values_are_filled_in_leaves_the_file_as_it_was(tmp_path):
    from rdcredit.render.package import Unfilled, fill_values

    made = whole(credit_of(case()), tmp_path / "w.xlsx")
    before = (tmp_path / "w.xlsx").read_bytes()
    with pytest.raises(Unfilled):
        fill_values(tmp_path / "w.xlsx", made.titles, {})
    assert (tmp_path / "w.xlsx").read_bytes() == before


def test_a_workbook_can_ask_to_be_recalculated(tmp_path):
    from rdcredit.render.package import fill_values

    made = whole(credit_of(case()), tmp_path / "w.xlsx")
    fill_values(tmp_path / "w.xlsx", made.titles, made.values, recalculate=True)
    with zipfile.ZipFile(tmp_path / "w.xlsx") as package:
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")


# -- a whole credit


def test_every_figure_of_a_credit_stands_on_a_tab(tmp_path):
    credit = credit_of(case())
    made = whole(credit, tmp_path / "w.xlsx")
    for figure_id, node in figures_of(credit).items():
        assert made.layout.spot(node, View.SUPPORTED).tab in made.titles, figure_id


def test_no_formula_holds_a_number_of_its_own_but_arithmetic_and_the_calendar(tmp_path):
    """Rates and thresholds are cells on the tab of the law, never digits in a formula."""
    import re

    whole(credit_of(case()), tmp_path / "w.xlsx")
    allowed = {"0", "1", "2", "12", "365"}
    strays = set()
    for sheet in load_workbook(tmp_path / "w.xlsx"):
        for row in sheet.iter_rows():
            for c in row:
                if c.data_type == "f":
                    bare = re.sub(r"'[^']*'!|\"[^\"]*\"|\$?[A-Z]{1,3}\$?\d+", "", c.value)
                    if sheet.title != "X Law" and not re.fullmatch(r"=-?\d+/\d+", bare):
                        strays |= set(re.findall(r"\d+\.?\d*", bare)) - allowed
    assert strays == set()


def test_every_line_of_the_form_points_to_the_cell_of_its_figure(tmp_path):
    credit = credit_of(case())
    form = form_6765(credit)
    whole(credit, tmp_path / "w.xlsx")
    sheet = load_workbook(tmp_path / "w.xlsx")["A1 Form 6765"]
    shown = {str(row[0].value): row[2].value for row in sheet.iter_rows(min_row=6) if row[0].value}
    for entry in form.lines:
        assert entry.line in shown
        if entry.figure is None:
            assert shown[entry.line] is None
            assert entry.blank
        else:
            assert str(shown[entry.line]).startswith("="), entry.line
            assert "!" in shown[entry.line]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openpyxl's half-written sheet
def test_a_figure_nobody_gave_a_home_is_an_error(tmp_path):
    inner = line(amount("1"))
    tab = Tab("T", "t", "p", "s", (LinesBlock("x", (line(inner + 1),)),))
    with pytest.raises(KeyError, match="stands on no sheet"):
        write_workbook((tab,), HEADING, tmp_path / "w.xlsx")
    gc.collect()


def test_the_source_of_an_input_stands_beside_it(tmp_path):
    stated = known("x", "QREs of 2024", Fraction(5), FromStatement("facts.toml", "taxable years"))
    made, book, _ = written(tmp_path, [line(stated)])
    spot = made.layout.spot(stated, View.SUPPORTED)
    assert book["T figures"].cell(spot.row, spot.column + 1).value == "stated in facts.toml, taxable years"


def test_a_hostile_word_a_formula_points_to_is_shown_safely(tmp_path):
    word = leaf("a\x00b")
    pointing = line(word, unit=Unit.TEXT)
    made, _, values = written(tmp_path, [pointing])
    assert cell_of(made, values, pointing).value == "a\\x00b"
