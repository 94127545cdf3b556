"""Headers by name, and rows that are sums of other rows."""

import pytest
from table_helpers import PAY, TIME, text_of

from rdcredit.ingest.totals import Line, find_sums

DETAIL = ("E1,Ann,2025-01-31,x,5000,200,4800\n", "E2,Bo,2025-01-31,x,3000,100,2900\n")


def test_a_missing_column_is_named_with_the_nearest_header(folder):
    problems = folder.problems("payroll", folder.text("a.csv", "Employee ID,Pay Dat,Taxable Wages\nE1,2025-01-31,1\n"))
    assert [p.code for p in problems] == ["E117"]
    assert '"Pay Date"' in problems[0].what
    assert '"Pay Dat"' in problems[0].fix
    assert "columns = {" in problems[0].fix


def test_every_missing_column_is_named(folder):
    problems = folder.problems("time", folder.text("a.csv", "Employee ID,Project,Colour\nE1,a,red\n"))
    assert [p.what for p in problems] == ['the column "Date" is missing', 'the column "Hours" is missing']


def test_a_table_without_a_header_prints_none_of_its_values(folder):
    problems = folder.problems("payroll", folder.text("a.csv", "E77,Ann Winterbottom,2025-01-31,91234.55\n"))
    assert {p.code for p in problems} == {"E117"}
    for secret in ("E77", "Winterbottom", "91234"):
        assert secret not in text_of(problems)


def test_a_stated_column_that_does_not_exist_is_refused(folder):
    path = folder.text("a.csv", "Employee ID,Pay Date,FIT base\nE1,2025-01-31,1\n")
    assert folder.codes("payroll", path, columns={"Taxable Wages": "FIT basis"}) == {"E117"}
    (problem,) = folder.problems("payroll", path, columns={"Taxabel Wages": "FIT base"})
    assert problem.code == "E501"
    assert "Taxable Wages" in problem.fix


def test_a_column_that_appears_twice_is_refused_with_both_sums(folder):
    path = folder.text("a.csv", "Vendor,Amount,Amount,Currency\nV,10,1000,USD\nW,20.50,3,USD\n")
    (problem,) = folder.problems("contractors", path)
    assert problem.code == "E116"
    assert "30.50" in problem.what
    assert "1,003.00" in problem.what


def test_two_amounts_under_other_names_are_asked_about_but_the_canonical_one_wins(folder):
    path = folder.text("a.csv", "Vendor,Amount Paid,Invoice Amount,Currency\nV,10,1000,USD\n")
    assert folder.codes("contractors", path) == {"E116"}
    path = folder.text("b.csv", "Vendor,Amount Paid,Amount,Currency\nV,10,1000,USD\n")
    assert [row.amount for row in folder.read("contractors", path).payments] == [1000]
    path = folder.text("a.csv", "Vendor,Amount Paid,Invoice Amount,Currency\nV,10,1000,USD\n")
    inputs = folder.read("contractors", path, columns={"Amount": "Invoice Amount"})
    assert [row.amount for row in inputs.payments] == [1000]


def test_columns_nobody_reads_may_appear_twice(folder):
    path = folder.text("a.csv", "Vendor,Amount,Labels,Labels,Currency\nV,10,a,b,USD\n")
    assert len(folder.read("contractors", path).payments) == 1


def test_repeated_headers_are_dropped_and_counted(folder):
    inputs = folder.read("payroll", folder.text("a.csv", PAY + DETAIL[0] + PAY + DETAIL[1]))
    assert [(row.person, row.ref.record) for row in inputs.pay] == [("E1", 1), ("E2", 3)]
    count = inputs.files[0][1]
    assert "repeated header rows dropped: 1" in count.notes
    assert count.records_counted == count.records_read == 3


@pytest.mark.parametrize("label", ["Total,,", "GRAND TOTAL:,,", "Report Total,,", ",Totals,", "Total for all,,"])
def test_a_total_row_is_a_control_and_never_added(folder, label):
    inputs = folder.read("payroll", folder.text("a.csv", PAY + "".join(DETAIL) + f"{label},,8000,300,7700\n"))
    assert [row.person for row in inputs.pay] == ["E1", "E2"]
    count = inputs.files[0][1]
    assert (count.records_counted, count.records_read, count.records_aside) == (3, 3, 1)


def test_a_total_that_does_not_agree_is_refused_with_both_numbers(folder):
    path = folder.text("a.csv", PAY + "".join(DETAIL) + "Total,,,,8000,300,7700.01\n")
    (problem,) = folder.problems("payroll", path)
    assert problem.code == "E703"
    assert "7,700.01" in problem.what
    assert "7,700.00" in problem.what


def test_a_total_over_rows_that_could_not_be_read_says_nothing(folder):
    path = folder.text("a.csv", "Vendor,Paid Date,Amount,Currency\nV,,10,USD\nW,,n/a,USD\nTotal,,30,\n")
    inputs = folder.read("contractors", path)
    assert [p.code for p in inputs.problems] == ["E214"]


def test_a_vendor_called_total_is_a_vendor(folder):
    path = folder.text("a.csv", "Vendor,Paid Date,Amount,Currency\nV,,10,USD\nTotal Systems,,25,USD\nTotally,,35,USD\n")
    assert [row.vendor for row in folder.read("contractors", path).payments] == ["V", "Total Systems", "Totally"]


def test_labelled_subtotals_are_controls_of_their_block(folder):
    text = (
        PAY
        + DETAIL[0]
        + "Subtotal A,,,,5000,200,4800\n"
        + DETAIL[1]
        + "Subtotal B,,,,3000,100,2900\nTotal,,,,8000,300,7700\n"
    )
    assert len(folder.read("payroll", folder.text("a.csv", text)).pay) == 2


@pytest.mark.parametrize("row", [",Engineering,,,8000,300,7700\n", "Engineering,,2025-01-31,,8000,300,7700\n"])
def test_a_subtotal_without_a_label_is_found_by_its_sum(folder, row):
    (problem,) = folder.problems("payroll", folder.text("a.csv", PAY + "".join(DETAIL) + row))
    assert problem.code == "E469"
    assert "row 3" in problem.place
    assert "2 rows" in problem.what


def test_a_person_paid_as_much_as_all_before_is_no_subtotal(folder):
    text = PAY + "".join(DETAIL) + "E3,Cy,2025-01-31,x,8000,300,7700\n"
    assert len(folder.read("payroll", folder.text("a.csv", text)).pay) == 3
    text = "Vendor,Contract,Amount,Currency\nV,C1,10,USD\nW,,10,USD\nX,,20,USD\n"
    assert len(folder.read("contractors", folder.text("b.csv", text)).payments) == 3


def test_sums_are_compared_to_the_cent():
    from decimal import Decimal

    lines = [
        Line("E1", "E1", (Decimal("0.1"),), incomplete=False),
        Line("E2", "E2", (Decimal("0.2"),), incomplete=False),
        Line("Total", "Total", (Decimal("0.30000000000000004"),), incomplete=True),
    ]
    assert find_sums(lines, uniform=True).differing == ()


def test_identical_payments_are_refused_until_they_are_accepted(folder):
    text = "Vendor,Amount,Currency\nV,10,USD\nV,10,USD\nW,1,USD\n"
    (problem,) = folder.problems("contractors", folder.text("a.csv", text))
    assert (problem.code, problem.place) == ("E344", "inputs/a.csv row 1 (line 2)")
    accepted = {"input": "inputs/a.csv", "by": "A. Preparer", "date": "2026-01-10"}
    inputs = folder.read_all([{"role": "contractors", "path": "inputs/a.csv"}], identical_rows=[accepted])
    assert len(inputs.payments) == 3


def test_identical_hours_are_two_entries(folder):
    inputs = folder.read("time", folder.text("t.csv", TIME + "E1,2025-01-02,a,x,4\n" * 2))
    assert len(inputs.time) == 2


def test_time_on_no_project_is_asked_about_and_kept(folder):
    inputs = folder.read("time", folder.text("t.csv", TIME + "E1,2025-01-02,,x,4\nE1,2025-01-03,,PTO,8\n"))
    assert [(p.code, p.held) for p in inputs.problems] == [("E353", True)]
    assert len(inputs.time) == 2


def test_a_row_without_its_person_is_refused(folder):
    assert folder.codes("payroll", folder.text("a.csv", PAY + ",Ann,2025-01-31,x,5000,200,4800\n")) == {"E503"}
