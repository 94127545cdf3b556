from dataclasses import replace
from decimal import Decimal

import pytest
from support.bills import bill, credit, group, study

from rdcredit.errors import Exit, Refused
from rdcredit.ingest.records import HeldRow
from rdcredit.ledger.checks import (
    check_conservation,
    control_lines,
    control_problems,
    reading_lines,
    totals,
    totals_read,
)
from rdcredit.source import FileRef


def stage(name, *rows):
    return totals(name, "cloud", rows)


def test_a_dollar_lost_between_two_stages_stops_the_run_with_exit_5():
    read = stage("read", ("USD", "2025-03", Decimal("10.000000000001"), 2))
    later = stage("allocated", ("USD", "2025-03", Decimal(10), 2))
    with pytest.raises(Refused) as refused:
        check_conservation((read, read, later), ["inputs/bill.csv"])
    [problem] = refused.value.problems
    assert problem.code == "E702"
    assert refused.value.exit_code() is Exit.UNRECONCILED
    assert "allocated" in problem.what
    assert "10.000000000001" in problem.what


def test_a_row_lost_without_a_dollar_is_seen_too():
    read = stage("read", ("USD", "2025-03", Decimal(5), 2))
    for later in (stage("cost", ("USD", "2025-03", Decimal(5), 1)), stage("cost")):
        with pytest.raises(Refused):
            check_conservation((read, later))


def test_dollars_moved_to_another_month_or_currency_do_not_balance():
    read = stage("read", ("USD", "2025-03", Decimal(5), 1), ("USD", "2025-04", Decimal(5), 1))
    moved = stage("cost", ("USD", "2025-03", Decimal(6), 1), ("USD", "2025-04", Decimal(4), 1))
    with pytest.raises(Refused) as refused:
        check_conservation((read, moved))
    assert len(refused.value.problems) == 2


def test_totals_are_by_currency_and_month():
    rows = bill(group("1"), group("2", account="b"), group("4", currency="EUR"), credit("-1", period="2025-04"))
    assert [(t.currency, t.period, t.amount) for t in totals_read(rows, "effective")] == [
        ("EUR", "2025-03", Decimal(4)),
        ("USD", "2025-03", Decimal(3)),
        ("USD", "2025-04", Decimal(-1)),
    ]


def test_held_rows_count_as_read():
    held = (HeldRow(FileRef("inputs/bill.csv", "d" * 64), 7, "BilledCost", "1.234,50"),)
    [line] = reading_lines(bill(group("1", rows=4), held=held))
    assert (line.records_counted, line.records_read) == (5, 5)


def test_a_record_that_vanished_is_refused():
    rows = bill(group("1", rows=4))
    one_more = replace(rows.files[0], records_counted=5)
    with pytest.raises(Refused) as refused:
        reading_lines(replace(rows, files=(one_more,)))
    assert [p.code for p in refused.value.problems] == ["E702"]
    with pytest.raises(Refused):
        reading_lines(replace(rows, files=(replace(rows.files[0], records_counted=5, records_read=5),)))


def controls(*stated, rows=None):
    inputs = [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud", "control": list(stated)}]
    settings = study(inputs=inputs).inputs[0]
    return control_lines(rows or bill(group("10", billed="41.333"), group("5", period="2025-04")), settings.control)


def test_an_invoice_is_compared_with_the_billed_column_of_its_billing_month():
    [line] = controls({"month": "2025-03", "amount": "41.33", "source": "invoice 2025-03"})
    assert (line.column, line.read, line.difference) == ("billed", Decimal("41.333"), Decimal("0.003"))
    assert line.agrees
    assert control_problems([line]) == ()


def test_a_cent_of_difference_fails_the_control_total():
    [line] = controls({"month": "2025-03", "amount": "41.34", "source": "invoice 2025-03"})
    [problem] = control_problems([line])
    assert problem.code == "E703"
    assert "41.34" in problem.what
    assert "41.333" in problem.what


def test_a_total_of_all_months_may_name_the_effective_column():
    [line] = controls({"amount": "15", "column": "effective", "source": "cost report"})
    assert line.agrees


def test_a_month_that_was_not_read_has_nothing_to_compare_and_does_not_agree():
    [line] = controls({"month": "2025-05", "amount": "0", "source": "invoice 2025-05"})
    assert (line.read, line.difference, line.agrees) == (None, None, False)


def test_two_currencies_have_no_single_total():
    [line] = controls({"amount": "2", "source": "invoice"}, rows=bill(group("1"), group("1", currency="EUR")))
    assert line.read is None
    assert "no single amount" in control_problems([line])[0].what
