"""Each role, from text and from a workbook: the same records."""

from dataclasses import fields, replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from rdcredit.source import FileRef, RowRef

HERE = RowRef(FileRef("", ""), 0)
DAY = date(2025, 1, 31)

ROLES = {
    "payroll": (
        ["Employee ID", "Employee Name", "Pay Date", "Pay Type", "Gross Pay", "Pre-Tax Deductions", "Taxable Wages"],
        [
            ["E001", "Ann Ho", DAY, "Regular", 5000.1, 200, 4800.1],
            ["E002", "Bo Li", DAY, "Void", -100, 0, -100],
            ["E001", "Ann Ho", date(2025, 3, 15), None, None, None, 0.07],
        ],
    ),
    "people": (
        ["Employee ID", "Employee Name", "Title", "Department", "Work Country", "Work State", "Officer", "Owner",
         "Role Evidence"],
        [
            ["E001", "Ann Ho", "Engineer", "R", "United States", "CA", "no", "no", None],
            ["E002", "Bo Li", "CTO", None, "Puerto Rico", None, True, None, "board minutes"],
        ],
    ),
    "time": (
        ["Employee ID", "Date", "Project", "Activity", "Hours"],
        [["E001", DAY, "alpha", "Research", 7.5], ["E001", DAY, "alpha", "PTO", 0.1]],
    ),
    "contractors": (
        ["Vendor", "Contract", "Project", "Invoice", "Service Start", "Service End", "Paid Date", "Amount", "Currency",
         "Work Country", "Kind"],
        [
            ["Total Systems", "C-1", "alpha", 1007, DAY, DAY, date(2025, 3, 1), 1234.56, "USD", "Poland", "services"],
            ["Total Systems", "C-1", "alpha", 1008, None, None, None, -34.5, "USD", None, "VAT"],
        ],
    ),
    "contracts": (
        ["Contract", "Vendor", "Signed", "Paid Regardless Of Success", "Rights To Results", "Success Contingent Share",
         "Payee Kind", "Document", "Related Party"],
        [["C-1", "Total Systems", DAY, "yes", "Y", 0.25, "energy", "c1.pdf", "no"], ["C-2", "Other"] + [None] * 7],
    ),
    "supplies": (
        ["Vendor", "Description", "Project", "Incurred", "Paid Date", "Amount", "Currency", "Tangible", "Depreciable",
         "Account"],
        [["Board House", "boards", "alpha", DAY, None, 12.5, "USD", "yes", None, 5000]],
    ),
}  # fmt: skip


def without_place(inputs):
    return {
        f.name: tuple(replace(row, ref=HERE) for row in getattr(inputs, f.name))
        for f in fields(inputs)
        if f.name in ("pay", "people", "time", "contracts", "payments", "supplies")
    }


@pytest.mark.parametrize("role", ROLES)
def test_text_and_workbook_give_the_same_records(folder, role):
    header, rows = ROLES[role]
    text = folder.read(role, folder.rows("a.csv", [header, *rows]))
    book = folder.read(role, folder.book("a.xlsx", [header, *rows]))
    assert without_place(text) == without_place(book)
    assert sum(len(rows) for rows in without_place(text).values()) == len(rows)
    assert text.problems == book.problems == ()


def test_a_register_gives_taxable_wages_by_pay_date(folder):
    header, rows = ROLES["payroll"]
    first, void, last = folder.read("payroll", folder.book("a.xlsx", [header, *rows])).pay
    assert (first.person, first.name, first.pay_date, first.kind) == ("E001", "Ann Ho", DAY, "regular")
    assert (first.taxable, first.gross, first.pretax) == (Decimal("4800.1"), Decimal("5000.1"), Decimal(200))
    assert (void.taxable, void.kind) == (Decimal(-100), "void")
    assert (last.taxable, last.gross, last.pretax) == (Decimal("0.07"), None, None)


def test_without_taxable_wages_the_register_gives_gross_less_deductions(folder):
    path = folder.text(
        "a.csv",
        'Worker ID,Check Date,Gross,Pretax Deductions,Net Pay\n7,2025-01-31,"$1,000.00",150.25,700\n'
        "7,2025-02-28,(100.00),(10.00),-80\n",
    )
    assert [row.taxable for row in folder.read("payroll", path).pay] == [Decimal("849.75"), Decimal("-90.00")]


@pytest.mark.parametrize("columns", ["Gross Pay", "Net Pay", "Gross Pay,Net Pay"])
def test_gross_or_net_pay_alone_is_never_wages(folder, columns):
    cells = ",".join("1000" for _ in columns.split(","))
    path = folder.text("a.csv", f"Employee ID,Pay Date,{columns}\n7,2025-01-31,{cells}\n")
    (problem,) = folder.problems("payroll", path)
    assert problem.code == "E117"
    assert "3401(a)" in problem.line() or "Pre-Tax Deductions" in problem.what


@pytest.mark.parametrize("deduction", ["-150.25", "1000.01"])
def test_a_deduction_that_would_raise_the_wages_is_refused(folder, deduction):
    path = folder.text("a.csv", f"Employee ID,Pay Date,Gross Pay,Pre-Tax Deductions\n7,2025-01-31,1000,{deduction}\n")
    (problem,) = folder.problems("payroll", path)
    assert problem.code == "E242"
    assert deduction not in problem.line()


def test_a_w2_list_gives_calendar_years(folder):
    path = folder.text("a.csv", 'Employee ID,Tax Year,"Wages, tips, other compensation"\nE1,2025,"98,000.10"\n')
    (row,) = folder.read("payroll", path).pay
    assert (row.year, row.pay_date, row.taxable) == (2025, None, Decimal("98000.10"))


def test_time_is_read_in_hours_minutes_and_excel_durations(folder):
    header, _ = ROLES["time"]
    path = folder.book("a.xlsx", [header, ["E1", DAY, "a", "", time(7, 30)], ["E1", DAY, "a", "", "0:20:00"]])
    assert [row.hours for row in folder.read("time", path).time] == [Decimal("7.5"), Decimal("0.333333")]


def test_time_may_stand_for_a_month(folder):
    path = folder.text("a.csv", "Employee ID,Month,Project,Hours\nE1,2025-02,alpha,120\n")
    (row,) = folder.read("time", path).time
    assert (row.begin, row.end, row.hours, row.percent) == (date(2025, 2, 1), date(2025, 2, 28), Decimal(120), None)


def test_percentages_are_read_with_and_without_their_sign(folder):
    header = ["Employee ID", "Period Start", "Period End", "Project", "Activity", "Percent"]
    begin, end = date(2025, 1, 1), date(2025, 3, 31)
    rows = [["E1", begin, end, "a", "Supervision", "33.5%"], ["E1", begin, end, "b", "x", 0.25]]

    def as_percent(book):
        book.active["F3"].number_format = "0%"

    inputs = folder.read("time", folder.book("a.xlsx", [header, *rows], as_percent))
    assert [(r.percent, r.hours, r.kind) for r in inputs.time] == [
        (Decimal("33.5"), None, "supervision"),
        (Decimal(25), None, "unknown"),
    ]


def test_percentages_that_may_be_shares_are_asked_about(folder):
    header = "Employee ID,Period Start,Period End,Project,Percent\n"
    rows = "E1,2025-01-01,2025-03-31,a,0.25\nE1,2025-01-01,2025-03-31,b,{}\n"
    assert folder.codes("time", folder.text("t.csv", header + rows.format("0.75"))) == {"E502"}
    for clear in ("75", "0.75%"):
        assert len(folder.read("time", folder.text("t.csv", header + rows.format(clear))).time) == 2


def test_a_month_as_period_start_needs_no_end(folder):
    text = "Employee ID,Period,Project,Hours\nE1,2025-02,a,1\n"
    assert folder.read("time", folder.text("t.csv", text)).time[0].end == date(2025, 2, 28)
    assert folder.codes("time", folder.text("t.csv", text.replace("2025-02", "2025-02-03"))) == {"E351"}
    assert folder.codes("time", folder.text("t.csv", text.replace("2025-02", "2025-13"))) == {"E351"}


def test_the_import_report_says_what_a_table_covers(folder):
    rows = "".join(f"E1,2025-{month}-15,{pay}\n" for month, pay in (("01", 5), ("04", -5), ("02", 5)))
    inputs = folder.read("payroll", folder.text("a.csv", "Employee ID,Pay Date,Taxable Wages\n" + rows))
    notes = inputs.files[0][1].notes
    assert "Pay Date: 2025-01-15 to 2025-04-15, no rows in 2025-03" in notes
    assert "negative cells of Taxable Wages: 1" in notes


@pytest.mark.parametrize(
    ("activity", "project", "kind"),
    [
        ("Direct Research", "", "research"),
        ("R&D", "", "research"),
        ("supervising", "", "supervision"),
        ("Direct support", "", "support"),
        ("customer support", "alpha", "unknown"),
        ("Paid Time Off", "alpha", "leave"),
        ("", "Vacation", "leave"),
        ("", "alpha", "unknown"),
        ("maintenance", "Vacation", "unknown"),
    ],
)
def test_the_kind_of_time_follows_known_names_only(activity, project, kind):
    from rdcredit.ingest.timesheets import time_kind

    assert time_kind(activity, project) == kind


def test_time_under_a_unique_name_is_given_the_identifier(folder):
    people = folder.text("p.csv", 'Employee ID,Employee Name,Title\n7,"Ho, Ann Q.",x\n8,Bo Li,x\n9,Bo Li,x\n')
    path = folder.text("t.csv", "User,Date,Project,Hours\nAnn Ho,2025-01-02,a,8\nBo Li,2025-01-02,a,8\n")
    inputs = folder.read_all([{"role": "people", "path": people}, {"role": "time", "path": path}])
    assert [row.person for row in inputs.time] == ["7", "Bo Li"]
    assert {p.code for p in inputs.problems} == {"E352", "E345"}


def test_a_folder_of_tables_is_one_input(folder):
    for month in ("02", "01"):
        folder.text(f"pay/{month}.csv", f"Employee ID,Pay Date,Taxable Wages\n7,2025-{month}-15,100\n")
    folder.text("pay/.DS_Store", "x")
    inputs = folder.read("payroll", "inputs/pay", id="register")
    assert [row.pay_date.month for row in inputs.pay] == [1, 2]
    assert [name for name, _ in inputs.files] == ["register", "register"]


def test_a_study_without_tables_gives_nothing(folder):
    assert folder.read_all([]).files == ()


def test_vendor_spellings_and_a_preamble_are_understood(folder):
    path = folder.text(
        "a.csv",
        'Quillfern Tensorworks\nPayroll Register\n"1 Main St, Suite 4"\n\n'
        "Worker Name,worker_id,CHECK-DATE,Earnings,FIT Taxable Wages\nHo,7,2025-01-31,Bonus,10\n",
    )
    (row,) = folder.read("payroll", path).pay
    assert (row.name, row.person, row.kind, row.taxable, row.ref.record) == ("Ho", "7", "bonus", Decimal(10), 1)


def test_stated_columns_win_over_known_names(folder):
    path = folder.text("a.csv", "Employee ID,Pay Date,Taxable Wages,FICA base\n7,2025-01-31,10,20\n")
    inputs = folder.read("payroll", path, columns={"taxable_wages": "fica base"})
    assert [row.taxable for row in inputs.pay] == [Decimal(20)]


def test_dates_with_a_time_of_day_keep_the_day(folder):
    header, _ = ROLES["time"]
    path = folder.book("a.xlsx", [header, ["E1", datetime(2025, 12, 31, 23, 30), "a", "", 1]])  # noqa: DTZ001 - cells have no zone
    assert [row.begin for row in folder.read("time", path).time] == [date(2025, 12, 31)]
