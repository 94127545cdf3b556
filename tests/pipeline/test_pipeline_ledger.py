"""Every dollar ends in one bucket, the buckets are the figures, and the figures are the form."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from support.studies import form, ledger, nodes, results, total, whole
from support.study_folder import RESEARCH, StudyFolder, charge, path_of, pay, total_of

from rdcredit.determine.facts_of_ledger import NO_COMPONENT, cost_facts
from rdcredit.ledger.records import BucketKind, QreCategory, View
from rdcredit.pipeline import checked_study, compute_study, determined_study
from rdcredit.render.study_tabs import findings_tab

VIEWS = [str(view) for view in View]


@pytest.fixture(scope="module")
def parts(small):
    return ledger(small)


def of(parts, category, kind=BucketKind.QUALIFIED):
    return [p for p in parts if p.category == category and p.determination.bucket.kind == kind]


# ---- dollars in, dollars out


@pytest.mark.parametrize("source", ["bill", "payroll", "contractors", "supplies"])
def test_the_buckets_of_a_source_hold_what_its_file_holds(parts, source):
    rows = getattr(StudyFolder(), source)
    assert total(p for p in parts if p.source == source) == Decimal(total_of(source, rows))


def test_a_dollar_is_in_one_bucket_with_a_reason(parts):
    for part in parts:
        decided = part.determination
        assert decided.bucket.kind in BucketKind
        assert decided.bucket.name
        assert decided.why
        if decided.bucket.kind == BucketKind.QUALIFIED:
            assert decided.bucket.name == decided.component == "sparse-decoder"
            assert decided.counts_in == View.SUPPORTED
        if decided.bucket.kind == BucketKind.EXCLUDED:
            assert decided.counts_in is None
        if decided.bucket.kind == BucketKind.HELD:
            assert decided.counts_in != View.SUPPORTED


def test_each_of_the_small_studys_dollars_is_where_the_law_puts_it(parts):
    found = defaultdict(Decimal)
    for part in parts:
        found[str(part.category), str(part.determination.bucket)] += part.amount
    credit = Decimal("-100.00") * Decimal("2000.0033") / Decimal("2300.0033")
    spread = credit.quantize(Decimal("1E-12"))
    assert found == {
        ("computer_rental", "qualified:sparse-decoder"): Decimal("3000.0073") + spread,
        ("computer_rental", "held:which component does this belong to"): 300 - 100 - spread,
        ("computer_rental", "excluded:routine data collection"): Decimal(400),
        ("computer_rental", "excluded:tax on the bill"): Decimal("55.55"),
        ("wages", "qualified:sparse-decoder"): Decimal("61000.03") + 41000 + Decimal("20000.17"),
        ("wages", "held:what did this person work on"): Decimal(20000),
        ("wages", "excluded:general and administrative work"): 9000 + Decimal("20000.16"),
        ("contract_research", "qualified:sparse-decoder"): Decimal(10000),
        ("contract_research", "excluded:no right to the results"): Decimal(4000),
        ("supplies", "qualified:sparse-decoder"): Decimal("1234.56"),
        ("supplies", "excluded:depreciable property"): Decimal(500),
    }


def test_the_published_buckets_are_the_sums_of_the_ledger(small, parts):
    sums = defaultdict(Fraction)
    for p in parts:
        bucket = p.determination.bucket
        sums[str(bucket.kind), bucket.name, str(p.category), p.currency] += Fraction(p.amount)
    published = {
        (b["bucket"], b["name"], b["category"], b["currency"]): Fraction(b["amount"]) for b in results(small)["buckets"]
    }
    assert published == sums


def test_every_total_that_must_tie_ties(small):
    ties = results(small)["reconciliation"]
    assert {t["label"] for t in ties if "dollars in buckets" in t["label"]} == {
        f"{source}: dollars in buckets" for source in ("bill", "payroll", "contractors", "supplies")
    }
    assert [t for t in ties if t["must_tie"] and Decimal(t["difference"])] == []
    assert {t["source"] for t in ties} >= {f"ledger, {s}" for s in ("bill", "payroll", "contractors", "supplies")}


# ---- ledger to form


def test_computer_rental_is_the_sum_of_its_qualified_parts(small, parts):
    assert form(small)["44"] == whole(total(of(parts, QreCategory.COMPUTER_RENTAL))) == "2913"


def test_supplies_are_the_sum_of_their_qualified_parts(small, parts):
    assert form(small)["43"] == whole(total(of(parts, QreCategory.SUPPLIES))) == "1235"


def test_contract_research_is_65_percent_of_its_qualified_parts(small, parts):
    counted = Fraction(total(of(parts, QreCategory.CONTRACT_RESEARCH))) * 65 / 100
    assert form(small)["45"] == form(small)["47"] == whole(counted) == "6500"


def test_wages_of_82_percent_count_in_whole_and_of_50_percent_in_half(small, parts):
    paid, qualified = defaultdict(Decimal), defaultdict(Decimal)
    for part in (p for p in parts if p.category == QreCategory.WAGES):
        paid[part.subject] += part.amount
    for part in of(parts, QreCategory.WAGES):
        qualified[part.subject] += part.amount
    counted = {who: paid[who] if qualified[who] >= paid[who] * 8 / 10 else qualified[who] for who in qualified}
    assert counted == {
        "person:E-001": Decimal("61000.03"),
        "person:E-002": Decimal("50000.00"),
        "person:E-003": Decimal("20000.17"),
    }
    assert form(small)["42"] == whole(sum(counted.values())) == "131000"


def test_total_qres_are_the_lines_above_them(small):
    lines = form(small)
    assert int(lines["48"]) == sum(int(lines[n]) for n in ("42", "43", "44", "47")) == int(lines["5"])


def test_the_views_are_cumulative(small):
    found = results(small)
    for group in (found["qre"], found["credit"]["regular"], found["credit"]["asc"]):
        for views in group.values():
            amounts = [Fraction(views[v]) for v in VIEWS]
            assert amounts == sorted(amounts)
    for category in ("wages", "computer_rental", "total"):
        views = found["qre"][category]
        assert views["supported"] == views["expected"]  # no classifier has an opinion
        assert Fraction(views["expected"]) < Fraction(views["potential"])


def test_dollars_of_no_component_stand_under_an_open_one_and_only_in_potential(small):
    found = {c["component"]: c["qre"] for c in results(small)["components"]}
    assert found[NO_COMPONENT]["supported"] == found[NO_COMPONENT]["expected"] == "0"
    assert Fraction(found[NO_COMPONENT]["potential"]) == 20_287  # E-004 without a time record, and untagged hours
    assert form(small)["37"] == "1"  # the stand-in is no component of the form


def test_a_study_without_open_dollars_has_no_open_component(tmp_path):
    folder = StudyFolder(bill=[], payroll=[pay("E-001", "100.00")])
    material = compute_study(determined_study(folder.write(tmp_path / "study")))
    assert [c.id for c in material.credit.facts.components] == ["sparse-decoder"]


# ---- what rounding leaves over


def test_what_rounding_to_cents_leaves_over_is_stated_and_enters_no_figure(small, parts):
    [left] = [t for t in results(small)["reconciliation"] if not t["must_tie"]]
    own = [p for p in parts if p.category == QreCategory.COMPUTER_RENTAL and p.determination.counts_in]
    costs = cost_facts(own, QreCategory.COMPUTER_RENTAL)
    in_schedule = sum(Fraction(c.amount.value.value) for c in costs.costs)
    assert all((100 * Fraction(c.amount.value.value)).denominator == 1 for c in costs.costs)
    assert Fraction(left["difference"]) == Fraction(total(own)) - in_schedule == Fraction("-0.0027")
    rows = nodes(small)["s41.computer_rental"]["rows"]
    assert sum(Fraction(r["cells"]["amount"]["value"]) for r in rows) == in_schedule


def test_an_invoice_in_whole_cents_ties_with_a_bill_of_more_digits(small_copy):
    settings = small_copy / "study.toml"
    settings.write_text(settings.read_text().replace('"3655.5573"', '"3655.56"'))
    _, ties, _ = checked_study(small_copy)
    assert [t for t in ties if t.must_tie and t.difference] == []
    assert Decimal("3655.56") in {t.stated for t in ties}


# ---- an amount that cannot be read


@pytest.fixture(scope="module")
def unread(tmp_path_factory):
    """A bill of which one of two amounts is no number."""
    folder = StudyFolder(bill=[charge("100.00", tags=RESEARCH), charge("NaN", tags=RESEARCH)])
    folder.controls["bill"] = "100.00"
    return determined_study(folder.write(tmp_path_factory.mktemp("unread") / "study"))


def test_a_row_whose_amount_cannot_be_read_becomes_a_question(unread):
    [problem] = unread.problems
    assert (problem.code, problem.held) == ("E214", True)
    assert problem.place == f"{path_of('bill')} row 2, column BilledCost"
    assert "NaN" in problem.what
    shown = findings_tab(compute_study(unread)).blocks[-1].rows
    assert [row[:2] for row in shown] == [("E214", problem.place)]


def test_an_unread_row_is_counted_and_adds_nothing(unread):
    [bill] = unread.read.bills
    assert [f.records_read for f in bill.files] == [2]
    assert [(h.record, h.text) for h in bill.held] == [(2, "NaN")]
    here = [p for p in unread.parts if p.source == "bill"]
    assert (sum(p.ref.count for p in here), total(here)) == (1, Decimal(100))


# ---- people


def test_names_and_pay_of_people_are_in_no_json_file(small):
    for name in ("results.json", "form6765.json", "trace.json"):
        text = (small / "out" / name).read_text(encoding="utf-8")
        for row in StudyFolder().payroll:
            assert row["Employee Name"] not in text
        for amount in ("61000.03", "30000.01", "31000.02", "40000.33", "20000.17"):
            assert amount not in text, name
