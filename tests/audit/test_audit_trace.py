"""From a line of the form to source rows, and from a source row back to the line."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from click.testing import CliRunner
from support.studies import form, total, whole
from support.study_folder import StudyFolder

from rdcredit.audit.trace import figures_of_part, find, of_row, parts_behind, published, source_rows, steps
from rdcredit.cli import main
from rdcredit.errors import Refused
from rdcredit.ledger.records import QreCategory, View
from rdcredit.source import GroupRef


@pytest.fixture(scope="module")
def study(small):
    return published(small)


def supported(parts):
    return [p for p in parts if p.determination.counts_in == View.SUPPORTED]


def problem(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    [found] = refused.value.problems
    assert found.code == "E708"
    return found


# ---- down


def test_a_line_leads_to_the_parts_that_make_it_up(small, study):
    parts = supported(parts_behind(study, find(study, "6765:44")))
    assert {p.category for p in parts} == {QreCategory.COMPUTER_RENTAL}
    assert whole(total(parts)) == form(small)["44"] == "2913"


def test_the_total_leads_to_every_category(study):
    name = find(study, "6765:48")
    assert {p.category for p in supported(parts_behind(study, name))} == set(QreCategory)
    ids = [step.id for step in steps(study, name)]
    assert ids[0] == name
    assert len(ids) == len(set(ids))
    assert {i.partition("#")[0] for i in ids} >= {"s41.qre.wages", "s41.computer_rental", "s41.supplies"}


def test_what_is_counted_stands_before_what_could_count(study):
    views = [p.determination.counts_in for p in parts_behind(study, find(study, "6765:44"))]
    assert views == sorted(views, key=list(View).index)
    assert set(views) == {View.SUPPORTED, View.POTENTIAL}


@pytest.fixture(scope="module")
def rows(study):
    """The source rows behind line 44, credits that were spread over it included."""
    return source_rows(study, supported(parts_behind(study, find(study, "6765:44"))), 10)


def test_the_rows_are_those_of_the_export(rows):
    bill = StudyFolder().bill
    found = {int(row["record"]): row for row in rows}
    assert found.keys() == {1, 2, 6}  # two months of research, and the credit of which it got its share
    for record, row in found.items():
        assert row["file"] == "inputs/bill.csv"
        for column in ("BilledCost", "ChargePeriodStart", "SubAccountId", "Tags"):
            assert row[column] == bill[record - 1][column]


# ---- and up again


def test_a_row_leads_back_to_the_line_it_was_found_under(small, study, rows):
    row = next(r for r in rows if r["record"] == "2")
    parts = of_row(study, row["file"], int(row["record"]))
    assert Fraction(total(parts)) == Fraction(row["EffectiveCost"])
    [part] = parts
    figures = figures_of_part(study, part)
    assert figures[0] == "s41.computer_rental"
    assert "6765:44 (s41.qre.computer_rental)" in figures
    assert any(f.startswith("6765:48 ") for f in figures)
    assert part in parts_behind(study, find(study, "6765:44"))


def test_the_rows_behind_a_line_are_worth_the_line(small, study, rows):
    """The whole way without the ledger: research of two months less its share of the credit."""
    cost = {r["record"]: Fraction(r["EffectiveCost"]) for r in rows}
    untagged = Fraction(StudyFolder().bill[3]["EffectiveCost"])
    share = cost["2"] / (cost["2"] + untagged)
    assert whole(cost["1"] + cost["2"] + share * cost["6"]) == form(small)["44"]


def test_a_row_of_pay_leads_to_the_wages(study):
    parts = of_row(study, "inputs/payroll.csv", 3)
    assert {p.subject for p in parts} == {"person:E-002"}
    assert total(parts) == 50000
    counted = [f for p in supported(parts) for f in figures_of_part(study, p)]
    assert "6765:42 (s41.qre.wages)" in counted


def test_excluded_dollars_enter_no_figure(study):
    [part] = of_row(study, "inputs/supplies.csv", 2)
    assert str(part.determination.bucket) == "excluded:depreciable property"
    assert figures_of_part(study, part) == ()


@pytest.mark.parametrize(
    ("row", "subject"),
    [
        (("inputs/time.csv", 2), "person:E-002"),
        (("inputs/people.csv", 3), "person:E-003"),
        (("inputs/contracts.csv", 2), "contract:C-2"),
    ],
)
def test_a_row_without_dollars_leads_to_those_it_decides_on(study, row, subject):
    assert {p.subject for p in of_row(study, *row)} == {subject}


def test_a_row_belongs_to_its_own_bill_and_not_to_another_with_the_same_group(study, monkeypatch):
    own = next(p for p in study.parts if isinstance(p.ref, GroupRef))
    other = replace(own, source="another bill")
    monkeypatch.setattr("rdcredit.audit.trace.key_of_row", lambda *_: dict(own.ref.key))
    both = replace(study, parts=(other, own))
    assert of_row(both, "inputs/bill.csv", 1) == (own,)


# ---- what is not there


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("6765:444", "6765:44"), ("s41.qre.totl", "s41.qre.total"), ("nonsense", "6765:48")],
)
def test_an_unknown_figure_offers_the_nearest(study, asked, offered):
    assert problem(find, study, asked).fix == f"Ask for: rdcredit trace STUDY {offered}"


def test_a_blank_line_says_why_it_is_blank(study):
    assert problem(find, study, "6765:31").what.startswith("line 31 is blank: ")


def test_an_unknown_file_offers_the_nearest(study):
    assert "--row inputs/payroll.csv:1" in problem(of_row, study, "inputs/payrol.csv", 1).fix


def test_a_row_beyond_the_end_is_told(study):
    assert problem(of_row, study, "inputs/payroll.csv", 6).place == "inputs/payroll.csv"
    assert "inputs/bill.csv" in problem(of_row, study, "inputs/bill.csv", 7).place


# ---- as printed


def printed(root, *arguments):
    done = CliRunner().invoke(main, ["trace", str(root), *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_trace_shows_value_cell_and_authority(small):
    text = printed(small, "6765:48")
    assert "141,648" in text
    assert "41(b)" in text
    assert "s41.qre.wages at " in text


def test_a_trace_shows_nobodys_name_or_pay(small):
    text = printed(small, "6765:42") + printed(small, "--row", "inputs/payroll.csv:1", "--json")
    assert "person:E-001" in text
    for row in StudyFolder().payroll:
        assert row["Employee Name"] not in text
        for amount in (row["Taxable Wages"], f"{Decimal(row['Taxable Wages']):,}"):
            assert amount not in text


def test_the_json_of_a_row_names_its_figures(small):
    [part] = json.loads(printed(small, "--row", "inputs/contractors.csv:1", "--json"))
    assert part["bucket"] == "qualified:sparse-decoder"
    assert "6765:45 (s41.qre.contract_research)" in part["figures"]
