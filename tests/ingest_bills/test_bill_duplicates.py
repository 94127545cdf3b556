"""Dollars that are there twice: identical rows, and two deliveries of one month."""

from decimal import Decimal

import pytest


def write(path, bill):
    path.write_bytes(bill.bytes())
    return path


def hours(count, **change):
    usual = {"ChargePeriodEnd": "2025-03-31T00:00:00Z", "ResourceId": ""} | change
    return [{"ChargePeriodStart": f"2025-03-{i // 24 + 1:02d}T{i % 24:02d}:00:00Z"} | usual for i in range(count)]


def test_identical_rows_are_counted_with_their_dollars_and_never_dropped(tmp_path, export, roll):
    twice = {"BilledCost": "4.00", "ResourceId": "twice"}
    almost = {"ResourceId": "almost"}
    bill = export(twice, twice, twice, almost, almost | {"InvoiceIssuerName": "someone else"}, *hours(5))
    rolled = roll(write(tmp_path / "march.csv", bill))
    groups = [g for g in rolled.groups.to_pylist() if g["identical_rows"]]
    assert [(g["rows"], g["identical_rows"], g["identical_billed"], g["identical_effective"]) for g in groups] == [
        (9, 2, Decimal("8.00"), Decimal("2.50"))
    ]
    assert sum(rolled.groups["billed"].to_pylist()) == Decimal("12.00") + 7 * Decimal("1.50")
    [problem] = rolled.problems
    assert (problem.code, problem.held) == ("E344", True)
    assert "2 rows repeat another row in every column (billed 8.00, effective 2.50)" in problem.what


def test_an_older_delivery_left_beside_the_newer_one_is_refused_by_name_and_amount(tmp_path, export, refusal):
    whole = write(tmp_path / "part_1.csv", export(*hours(30, InvoiceId="INV-1")))
    stale = write(tmp_path / "part_2.csv", export(*hours(20, InvoiceId="", Tags="{}"), {"BilledCost": "9.00"}))
    [problem] = refusal(whole, stale)
    assert (problem.code, problem.place) == ("E346", "inputs/part_2.csv")
    assert "20 charges of 2025-03, 30.00, are in inputs/part_1.csv as well" in problem.what
    assert "30 and 21 rows" in problem.what


def test_parts_of_one_month_that_share_a_chance_row_are_one_export(tmp_path, export, roll):
    first = write(tmp_path / "part_1.csv", export(*hours(30)))
    second = write(tmp_path / "part_2.csv", export(*hours(30, ResourceId="other"), *hours(1)))
    rolled = roll(first, second)
    assert sum(rolled.groups["rows"].to_pylist()) == 61
    assert sum(rolled.groups["identical_rows"].to_pylist()) == 1
    assert set(rolled.groups["first_record"].to_pylist()) == {0}


def test_files_of_several_layouts_are_one_bill(tmp_path, export, roll):
    columns = export({}).columns
    first = write(tmp_path / "2025-02.csv", export({"ResourceId": "a"}))
    second = write(tmp_path / "2025-03.csv", export({"ResourceId": "b"}, columns=columns[::-1]))
    third = write(tmp_path / "2025-04.csv", export({"ResourceId": "c"}, columns=[c for c in columns if c != "Tags"]))
    rolled = roll(first, second, third)
    assert [f.records_read for f in rolled.files] == [1, 1, 1]
    assert [(g["rows"], g["tags"]) for g in rolled.groups.to_pylist()] == [(2, '{"project":"decoder"}'), (1, "{}")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_without_a_fault_says_nothing(tmp_path, export, roll, line_end):
    path = tmp_path / "march.csv"
    path.write_bytes(export(*hours(3)).bytes(line_end))
    rolled = roll(path)
    assert rolled.problems == ()
    assert rolled.files[0].notes == ()
