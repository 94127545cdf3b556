"""Cells: amounts, dates, identifiers, answers. Nothing is guessed and nothing is dropped in silence."""

import csv
import io
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_helpers import PAY, PAYMENTS, TIME, text_of

from rdcredit.ingest.values import NotAValue, read_country, read_day, read_hours, read_money, read_percent, read_share


def payments(folder, *amounts, currency="USD"):
    rows = [[f"Vendor {i}", amount, currency] for i, amount in enumerate(amounts)]
    return folder.rows("c.csv", [["Vendor", "Amount", "Currency"], *rows])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"), ("$1,234.56", "1234.56"), ("(1,234.56)", "-1234.56"), ("1,234.56-", "-1234.56"),
        ("\u2212" + "5", "-5"), ("0.1", "0.1"), ("-0.00", "0"), ("$ (5)", None), (" 7\u00a0", "7"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_reports_print_them(text, value):
    if value is None:
        with pytest.raises(NotAValue):
            read_money(text)
    else:
        assert str(read_money(text)) == str(Decimal(value))


@pytest.mark.parametrize("text", ["NaN", "inf", "-inf", "null", "-", "", "n/a", "1_000", "1 000", "12,34.5", "١٢"])
def test_an_amount_that_is_none_sets_its_row_aside_and_asks(folder, text):
    inputs = folder.read("contractors", payments(folder, "10", text, "20"))
    assert [row.amount for row in inputs.payments] == [10, 20]
    (problem,) = inputs.problems
    assert (problem.code, problem.held) == ("E214", True)
    assert "row 2 (line 3), column Amount" in problem.place
    assert [(row.record, row.text) for row in inputs.held] == [(2, text)]
    ((_, count),) = inputs.files
    assert (count.records_counted, count.records_read) == (3, 3)


def test_the_amount_of_a_person_is_never_printed(folder):
    path = folder.text("p.csv", "Employee ID,Pay Date,Taxable Wages\nE77,2025-01-31,about 99k\n")
    inputs = folder.read("payroll", path)
    assert "99k" not in text_of(inputs.problems)
    assert "E77" not in text_of(inputs.problems)
    assert inputs.held[0].text == "(personal value not shown)"


@pytest.mark.parametrize("text", ["1e999999", "9" * 5_000, "1E30", "9" * 27, "9,999" + ",999" * 9, "1e" + "9" * 200])
def test_an_absurd_amount_is_refused_at_once(folder, text):
    started = time.process_time()
    (problem,) = folder.problems("contractors", payments(folder, text))
    assert problem.code == "E227"
    assert time.process_time() - started < 1


def test_a_number_with_an_exponent_is_not_read_as_money(folder):
    assert [p.code for p in folder.read("contractors", payments(folder, "1E5")).problems] == ["E214"]


@pytest.mark.parametrize(
    ("currencies", "stated", "refused"),
    [
        (("USD", "USD"), "", False), (("USD", "EUR"), "", True), (("USD", ""), "", True), (("USD", ""), "USD", False),
        (("", ""), "USD", False), (("", ""), "", True), (("usd", "usd"), "", True), (("US$", "USD"), "", True),
        (("", "EUR"), "USD", True),
    ],
)  # fmt: skip
def test_amounts_are_in_one_currency_that_is_plainly_named(folder, currencies, stated, refused):
    rows = [["V", "10", currencies[0]], ["W", "5.5", currencies[1]]]
    path = folder.rows("c.csv", [["Vendor", "Amount", "Currency"], *rows])
    if refused:
        assert folder.codes("contractors", path, currency=stated) == {"E232"}
    else:
        assert {row.currency for row in folder.read("contractors", path, currency=stated).payments} == {"USD"}


def test_two_files_in_two_currencies_are_refused(folder):
    one = folder.text("a.csv", "Vendor,Amount,Currency\nV,1,USD\n")
    two = folder.text("b.csv", "Vendor,Description,Amount,Currency\nV,x,1,EUR\n")
    with pytest.raises(Exception, match="E232"):
        folder.read_all([{"role": "contractors", "path": one}, {"role": "supplies", "path": two}])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-31", date(2025, 1, 31)), ("2025-1-2", date(2025, 1, 2)), ("20250131", date(2025, 1, 31)),
        ("2025/01/31", date(2025, 1, 31)), ("2025-12-31T23:30:00-08:00", date(2025, 12, 31)),
        ("31-Jan-2025", date(2025, 1, 31)), ("Jan 31, 2025", date(2025, 1, 31)), ("3 September 2025", date(2025, 9, 3)),
    ],
)  # fmt: skip
def test_dates_that_can_be_read_one_way_only_are_read(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2025", "13/02/2025", "1.2.2025", "01/02/25", "25/Oct/25", "0001-01-01", "9999-12-31", "1970-01-01",
        "2025-02-29", "2025-13-01", "45678", "31-Foo-2025", "yesterday", "2025/01-31",
    ],
)  # fmt: skip
def test_other_dates_are_not_guessed(text):
    with pytest.raises(NotAValue):
        read_day(text)


def test_the_stated_format_decides_the_order_of_day_and_month():
    assert read_day("01/02/2025", "month-first") == date(2025, 1, 2)
    assert read_day("01/02/2025", "day-first") == date(2025, 2, 1)
    with pytest.raises(NotAValue):
        read_day("13/02/2025", "month-first")


def test_one_question_is_asked_for_a_column_of_ambiguous_dates(folder):
    path = folder.text("t.csv", TIME + "".join(f"E1,{m:02}/02/2025,a,x,8\n" for m in range(1, 13)))
    (problem,) = folder.problems("time", path)
    assert (problem.code, problem.place) == ("E351", "inputs/t.csv row 1 (line 2), column Date")
    assert "11 other dates" in problem.what
    assert "date_format" in problem.fix
    assert [row.begin.month for row in folder.read("time", path, date_format="day-first").time] == [2] * 12


def test_an_unreadable_date_refuses_where_it_is_needed_and_asks_where_it_is_not(folder):
    assert folder.codes("payroll", folder.text("p.csv", PAY + "E1,A,1970-01-01,x,1,0,1\n")) == {"E351"}
    assert folder.codes("payroll", folder.text("p.csv", PAY + "E1,A,,x,1,0,1\n")) == {"E503"}
    path = folder.text("c.csv", "Vendor,Amount,Currency,Paid Date\nV,1,USD,01-31-25\nV,2,USD,\n")
    inputs = folder.read("contractors", path)
    assert [(row.amount, row.paid) for row in inputs.payments] == [(1, None), (2, None)]
    assert [(p.code, p.held) for p in inputs.problems] == [("E351", True)]


def test_service_that_ends_before_it_begins_is_asked_about(folder):
    path = folder.text("c.csv", PAYMENTS + "V,C,a,1,2025-03-01,2025-02-01,,1,USD,US,\n")
    inputs = folder.read("contractors", path)
    assert (inputs.payments[0].performed_begin, inputs.payments[0].performed_end) == (None, None)
    assert "E351" in {p.code for p in inputs.problems}


@pytest.mark.parametrize("identifier", ["1.23457E+18", "1E+05", "12345678901234500000"])
def test_an_identifier_damaged_by_a_spreadsheet_is_refused(folder, identifier):
    path = folder.text("c.csv", PAYMENTS + f"V,{identifier},a,1,,,,1,USD,US,services\n")
    (problem,) = folder.problems("contractors", path)
    assert problem.code == "E355"
    assert identifier in problem.what


@pytest.mark.parametrize("identifier", ["Null", "NA", "TRUE", "1E5", "MAR5", "nan", "007", "1234567890123456"])
def test_identifiers_and_names_stay_text(folder, identifier):
    path = folder.text("p.csv", PAY + f"{identifier},{identifier},2025-01-31,x,1,0,1\n")
    (row,) = folder.read("payroll", path).pay
    assert (row.person, row.name) == (identifier, identifier)


def test_text_is_normalised_by_one_stated_rule_and_counted(folder):
    rows = [
        ["E1", "2025-01-02", name, "x", "1"] for name in ("Jos\u00e9", "Jose\u0301 ", "Jos\u00e9\u200d", "jos\u00e9")
    ]
    inputs = folder.read("time", folder.rows("t.csv", [TIME.strip().split(","), *rows]))
    assert [row.project for row in inputs.time] == ["Jos\u00e9"] * 3 + ["jos\u00e9"]
    assert any(n.startswith("text cells trimmed or normalised") and n.endswith(": 2") for n in inputs.files[0][1].notes)


@pytest.mark.parametrize(
    ("text", "code"),
    [("US", "US"), ("usa", "US"), ("United States of America", "US"), ("U.S.", "US"), ("Puerto Rico", "PR"),
     ("Côte d'Ivoire", "CI"), ("deutschland", "DE"), ("NA", "NA"), ("N/A", None), ("Remote", None), ("ZZ", None)],
)  # fmt: skip
def test_countries_are_known_by_code_or_name(text, code):
    if code:
        assert read_country(text) == code
    else:
        with pytest.raises(NotAValue):
            read_country(text)


def test_an_unknown_answer_is_unknown_and_asked_about(folder):
    header = "Employee ID,Title,Work Country,Officer\n"
    inputs = folder.read("people", folder.text("p.csv", header + "E1,x,Remote,maybe\nE2,x,,\nE3,x,FR,No\n"))
    assert [(row.country, row.officer) for row in inputs.people] == [("", None), ("", None), ("FR", False)]
    assert [(p.code, p.held) for p in inputs.problems] == [("E502", True)] * 2


@pytest.mark.parametrize(
    ("text", "value"), [("25%", "0.25"), ("0.25", "0.25"), ("1", "1"), ("100%", "1"), ("25", None), ("-0.1", None)]
)
def test_a_share_is_a_fraction_or_has_its_sign(text, value):
    if value:
        assert read_share(text) == Decimal(value)
    else:
        with pytest.raises(NotAValue):
            read_share(text)


@pytest.mark.parametrize("text", ["101", "-1", "100.0001%", "x"])
def test_a_percentage_outside_the_whole_is_none(text):
    with pytest.raises(NotAValue):
        read_percent(text)


def test_hours_are_numbers_or_clock_times():
    assert [read_hours(t) for t in ("8", "7:30", "07:30:00", "100:00", "10:00")] == [
        8,
        Decimal("7.5"),
        Decimal("7.5"),
        100,
        10,
    ]
    with pytest.raises(NotAValue):
        read_hours("7:75")


def test_unknown_kinds_of_payment_are_kept_and_asked_about(folder):
    path = folder.text(
        "c.csv", PAYMENTS + "V,C,a,1,,,,1,USD,US,Escrow\nV,C,a,2,,,,1,USD,US,\nV,C,a,3,,,,1,USD,US,VAT\n"
    )
    inputs = folder.read("contractors", path)
    assert [row.kind for row in inputs.payments] == ["Escrow", "", "tax"]
    assert [p.code for p in inputs.problems] == ["E502", "E502"]


def test_an_unknown_kind_of_payee_is_refused_because_it_sets_the_share(folder):
    path = folder.text("k.csv", "Contract,Vendor,Payee Kind\nC1,V,univercity\n")
    assert folder.codes("contracts", path) == {"E502"}


cents = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-2))


def as_report(value: Decimal, style: int) -> str:
    plain = f"{abs(value):,.2f}"
    if value >= 0:
        return (plain, f"${plain}", f" {plain} ", f"+{abs(value)}")[style]
    return (f"({plain})", f"-${plain}", f"{plain}-", str(value))[style]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cents, st.integers(0, 3)), min_size=1, max_size=30))
def test_the_amounts_read_sum_to_the_amounts_written(folder, amounts):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Employee ID", "Pay Date", "Pay Type", "Taxable Wages"])
    # The type of pay tells the rows apart.
    writer.writerows([f"E{i}", "2025-01-31", f"run {i}", as_report(v, s)] for i, (v, s) in enumerate(amounts))
    inputs = folder.read("payroll", folder.text("p.csv", out.getvalue()))
    assert sum(row.taxable for row in inputs.pay) == sum(value for value, _ in amounts)
    assert not inputs.problems
    ((_, count),) = inputs.files
    assert count.records_counted == count.records_read == len(amounts)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=8))
def test_floats_of_a_workbook_become_the_decimals_they_were_typed_as(folder, amounts):
    rows = [[f"E{i}", date(2025, 1, 31), float(value)] for i, value in enumerate(amounts)]
    inputs = folder.read("payroll", folder.book("p.xlsx", [["Employee ID", "Pay Date", "Taxable Wages"], *rows]))
    assert sum(row.taxable for row in inputs.pay) == sum(amounts)
