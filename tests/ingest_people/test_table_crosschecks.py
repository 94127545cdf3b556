"""Checks across tables: they ask, mask persons, and hold wages rather than guess."""

import pytest
from table_helpers import PAY, PEOPLE, PERCENT, TIME, text_of

from rdcredit.errors import Refused
from rdcredit.ingest.crosscheck import name_key


def codes(inputs):
    assert all(p.held for p in inputs.problems)
    return [p.code for p in inputs.problems]


def test_more_than_24_hours_a_day_holds_the_person(folder):
    rows = "E1,2025-01-02,a,x,16\nE1,2025-01-02,b,x,8.01\nE1,2025-01-03,a,x,8\nE2,2025-01-02,a,x,24\n"
    inputs = folder.read("time", folder.text("t.csv", TIME + rows))
    assert codes(inputs) == ["E241"]
    assert "24.01 hours" in inputs.problems[0].what
    assert "E1" not in text_of(inputs.problems)
    assert {row.person for row in inputs.time} == {"E2"}
    assert [row.person for row in inputs.held_time] == ["E1"] * 3


def test_more_hours_than_a_month_has_hold_the_person(folder):
    text = "Employee ID,Month,Project,Hours\nE1,2025-02,a,672\nE2,2025-02,a,672.5\n"
    inputs = folder.read("time", folder.text("t.csv", text))
    assert codes(inputs) == ["E241"]
    assert {row.person for row in inputs.time} == {"E1"}


@pytest.mark.parametrize(
    ("rows", "adds_up"),
    [
        ([("01-01", "03-31", 60), ("01-01", "03-31", 40)], True),
        ([("01-01", "03-31", 60), ("01-01", "03-31", 45)], False),
        ([("01-01", "03-31", 60), ("04-01", "06-30", 60)], True),
        ([("01-01", "06-30", 60), ("03-01", "03-31", 41)], False),
        ([("01-01", "12-31", 100)], True),
    ],
)
def test_percentages_of_overlapping_periods_sum_to_the_whole_at_most(folder, rows, adds_up):
    text = PERCENT + "".join(f"E1,2025-{b},2025-{e},p{i},x,{p}\n" for i, (b, e, p) in enumerate(rows))
    inputs = folder.read("time", folder.text("t.csv", text))
    assert codes(inputs) == ([] if adds_up else ["E241"])
    assert (len(inputs.time), len(inputs.held_time)) == ((len(rows), 0) if adds_up else (0, len(rows)))


def test_a_percentage_over_the_whole_sets_its_row_aside(folder):
    inputs = folder.read("time", folder.text("t.csv", PERCENT + "E1,2025-01-01,2025-03-31,a,x,105\n"))
    assert codes(inputs) == ["E241"]
    assert len(inputs.held) == 1


def test_a_row_of_time_that_cannot_be_read_holds_the_person(folder):
    rows = "E1,2025-01-02,research,x,4\nE1,2025-01-02,support desk,x,n/a\nE2,2025-01-02,research,x,8\n"
    inputs = folder.read("time", folder.text("t.csv", TIME + rows))
    assert codes(inputs) == ["E214"]
    assert [row.person for row in inputs.time] == ["E2"]
    assert [row.person for row in inputs.held_time] == ["E1"]


def test_zero_hours_are_asked_about_once_a_file(folder):
    inputs = folder.read("time", folder.text("t.csv", TIME + "E1,2025-01-02,a,x,0\nE1,2025-01-03,a,x,0.00\n"))
    assert codes(inputs) == ["E241"]
    assert "2 rows" in inputs.problems[0].what
    assert len(inputs.time) == 2


def test_a_correction_may_take_back_what_was_booked_and_no_more(folder):
    rows = "E1,2025-01-02,a,x,8\nE1,2025-01-02,a,x,-8\nE2,2025-01-02,a,x,2\nE2,2025-01-02,a,x,-3\n"
    inputs = folder.read("time", folder.text("t.csv", TIME + rows))
    assert codes(inputs) == ["E241"]
    assert {row.person for row in inputs.time} == {"E1"}


def test_hours_and_a_percentage_in_one_row_contradict_each_other(folder):
    text = "Employee ID,Period Start,Period End,Project,Hours,Percent\nE1,2025-01-01,2025-01-31,a,8,5\n"
    assert folder.codes("time", folder.text("t.csv", text)) == {"E505"}


def test_a_period_that_ends_before_it_begins_is_refused(folder):
    assert folder.codes("time", folder.text("t.csv", PERCENT + "E1,2025-03-01,2025-01-31,a,x,5\n")) == {"E351"}


def test_persons_nobody_lists_are_asked_about_with_the_nearest(folder):
    people = folder.text("people.csv", PEOPLE + "E100,A,x,,US,,,,\nE200,B,x,,US,,,,\n")
    pay = folder.text(
        "pay.csv", PAY + "e-100,A,2025-01-31,x,1,0,1\ne-100,A,2025-02-28,x,1,0,1\nE200,B,2025-01-31,x,1,0,1\n"
    )
    time = folder.text("time.csv", TIME + "Q9,2025-01-02,a,x,8\n")
    inputs = folder.read_all(
        [{"role": r, "path": p} for r, p in (("people", people), ("payroll", pay), ("time", time))]
    )
    listed = [p for p in inputs.problems if p.code == "E352"]
    assert [p.place for p in listed] == ["inputs/pay.csv row 1", "inputs/time.csv row 1"]
    assert "2 rows" in listed[0].what
    assert "inputs/people.csv row 1" in listed[0].fix
    assert "Q9" not in text_of(listed)
    assert len(inputs.pay) == 3


def test_without_a_list_of_people_nobody_is_unknown(folder):
    assert codes(folder.read("time", folder.text("t.csv", TIME + "E1,2025-01-02,a,x,8\n"))) == []


def test_one_identifier_under_two_names_is_asked_about_and_wages_stay(folder):
    rows = 'E1,Ann Ho,2025-01-31,x,1,0,1\nE1,"Ho, Ann M.",2025-02-28,x,2,0,2\nE1,Ann Berg,2025-03-31,x,3,0,3\n'
    inputs = folder.read("payroll", folder.text("p.csv", PAY + rows))
    assert codes(inputs) == ["E345"]
    assert "row 3" in inputs.problems[0].what
    assert "Berg" not in text_of(inputs.problems)
    assert sum(row.taxable for row in inputs.pay) == 6


def test_one_name_under_two_identifiers_is_asked_about(folder):
    rows = 'E1,Ann Ho,2025-01-31,x,1,0,1\nE9,"HO, Ann",2025-02-28,x,2,0,2\n'
    assert codes(folder.read("payroll", folder.text("p.csv", PAY + rows))) == ["E345"]


def test_names_are_compared_without_order_case_accents_and_initials():
    assert name_key("Ho, Jos\u00e9 Q.") == name_key("jose HO") == {"ho", "jose"}
    assert name_key("Renée") == name_key("Rene\u0301e")


def test_a_contract_abstracted_twice_is_refused(folder):
    path = folder.text("k.csv", "Contract,Vendor,Rights To Results\nC1,V,yes\nC1,V,no\n")
    assert folder.codes("contracts", path) == {"E505"}


def test_held_questions_come_with_a_refusal_too(folder):
    one = folder.text("a.csv", "Vendor,Amount,Currency\nV,n/a,USD\n")
    two = folder.text("b.csv", PAY + "E1,A,,x,1,0,1\n")
    with pytest.raises(Refused) as refusal:
        folder.read_all([{"role": "contractors", "path": one}, {"role": "payroll", "path": two}])
    assert sorted((p.code, p.held) for p in refusal.value.problems) == [("E214", True), ("E503", False)]
