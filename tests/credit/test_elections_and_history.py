"""Method and reduced-credit elections, the any-one-year rule, kinds of taxable years."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from support.facts import NO_QRE, credit_of, facts_of

from rdcredit.credit.compute import compute_credit
from rdcredit.facts.records import YearKind, year_kind
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.origin import FromChoice, FromStatement
from rdcredit.figure.value import Known, Missing
from rdcredit.law import law_for

COMPARE = {"method": "compare", "reduced_credit": "no"}


def seen(figure):
    value = Evaluation().seen(figure)
    return value if isinstance(value, Missing) else value.value


# -- method


def rising(qre):
    """Three years of 400,000: the ASC gives 14 percent over 200,000, the regular credit a tenth."""
    return {"qre": qre, "prior": ["400000", "400000", "400000"]}


@pytest.mark.parametrize(
    ("qre", "method", "credit"),
    [("690000", "regular", "69000"), ("700000", "asc", "70000"), ("710000", "asc", "71400")],
)
def test_the_larger_credit_is_claimed_and_a_tie_goes_to_the_asc(qre, method, credit):
    found = credit_of({**rising(qre), "elections": COMPARE})
    assert seen(found.current.method) == method
    assert seen(found.current.credit) == Fraction(credit)
    assert seen(found.current.method_is_best) is True
    assert isinstance(found.current.method.origin, FromChoice)


def test_a_stated_method_is_kept_and_the_check_says_when_it_gives_less():
    found = credit_of({**rising("690000"), "elections": {"method": "asc", "reduced_credit": "no"}})
    assert seen(found.current.method) == "asc"
    assert isinstance(found.current.method.origin, FromStatement)
    assert seen(found.current.method_is_best) is False
    found = credit_of({**rising("710000"), "elections": {"method": "asc", "reduced_credit": "no"}})
    assert seen(found.current.method_is_best) is True


def test_the_method_that_can_be_computed_is_taken_and_the_check_stays_open():
    open_year = {"2024": {"qre": {**NO_QRE, "wages": "unknown"}}}
    found = credit_of({**rising("700000"), "prior_years": open_year, "base_history": {"qre": "5", "receipts": "100"},
                       "receipts": ["1000000"] * 4, "prior": ["1", "400000", "400000", "400000"],
                       "elections": COMPARE})  # fmt: skip
    assert isinstance(seen(found.asc.credit), Missing)
    assert seen(found.current.method) == "regular"
    assert isinstance(seen(found.current.method_is_best), Missing)
    assert "missing" in found.current.method.origin.check


@pytest.mark.parametrize(
    ("answer", "elected", "credit"), [("no", False, "70000"), ("yes", True, "55300"), ("compare", True, "55300")]
)
def test_while_the_reduced_credit_is_compared_the_smaller_figure_is_shown(answer, elected, credit):
    found = credit_of({**rising("700000"), "elections": {"method": "asc", "reduced_credit": answer}})
    assert seen(found.reduced_elected) is elected
    assert seen(found.current.credit) == Fraction(credit)
    assert isinstance(found.reduced_elected.origin, FromChoice if answer == "compare" else FromStatement)


# -- "any one of the 3 preceding taxable years"

STATES = {"some": "100000", "none": "none", "unknown": "unknown"}


def three_years(states):
    years = {
        str(2022 + i): {"qre": "unknown" if state == "unknown" else {**NO_QRE, "wages": STATES[state]}}
        for i, state in enumerate(states)
    }
    return credit_of(
        {
            "qre": "1000000",
            "prior": ["1", "1", "1"],
            "prior_years": years,
            "elections": {"method": "asc", "reduced_credit": "no"},
        }
    )


@pytest.mark.parametrize("states", list(product(STATES, repeat=3)), ids="-".join)
def test_the_truth_table_of_the_any_one_year_rule(states):
    """One stated year without QREs settles it; otherwise an unknown year leaves it open."""
    found = three_years(states)
    if "none" in states:
        assert seen(found.asc.any_year_without) is True
        assert seen(found.asc.credit) == 60000
    elif "unknown" in states:
        assert isinstance(seen(found.asc.any_year_without), Missing)
        assert isinstance(seen(found.asc.credit), Missing)
    else:
        assert seen(found.asc.any_year_without) is False
        assert seen(found.asc.credit) == Fraction("0.14") * (1000000 - 50000)


def test_one_dollar_of_qres_is_not_none():
    found = credit_of({"qre": "1000000", "prior": ["0.01", "400000", "500000"]})
    assert seen(found.asc.any_year_without) is False


def test_a_year_before_the_company_existed_had_no_qres_and_an_unlisted_one_is_missing():
    formed = credit_of({"qre": "1000000", "prior": ["400000", "600000"], "formed": date(2023, 1, 1)})
    assert seen(formed.asc.any_year_without) is True
    older = credit_of({"qre": "1000000", "prior": ["400000", "600000"], "formed": date(2022, 12, 31)})
    assert isinstance(seen(older.asc.any_year_without), Missing)
    assert isinstance(seen(older.asc.credit), Missing)
    assert isinstance(seen(older.regular.average_receipts), Missing)


# -- taxable years


@pytest.mark.parametrize(
    ("begin", "end", "weeks", "kind"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), False, YearKind.FULL),
        (date(2025, 1, 1), date(2025, 12, 30), False, YearKind.SHORT),
        (date(2024, 7, 1), date(2025, 6, 30), False, YearKind.FULL),
        (date(2024, 1, 1), date(2024, 12, 28), True, YearKind.WEEKS),
        (date(2024, 1, 1), date(2024, 12, 28), False, YearKind.SHORT),
        (date(2023, 12, 31), date(2024, 12, 28), True, YearKind.WEEKS),
        (date(2024, 2, 29), date(2025, 2, 28), False, YearKind.FULL),
    ],
)
def test_a_52_53_week_year_is_not_short(begin, end, weeks, kind):
    assert year_kind(begin, end, fifty_two_week=weeks) is kind


def with_prior_2024(**keys):
    entry = {"begin": date(2024, 1, 1), "end": date(2024, 12, 28), "receipts": {"base": "1000000", "s448c": "0"}}
    return credit_of({"qre": "700000", "prior": ["363000"] * 3, "receipts": ["1000000"] * 3,
                      "prior_years": {"2024": {**entry, **keys}}})  # fmt: skip


def test_a_52_53_week_base_year_is_neither_annualised_nor_put_on_365_days():
    weeks = with_prior_2024(fifty_two_week=True)
    assert seen(weeks.asc.prior_total) == 3 * 363000
    short = with_prior_2024()
    assert seen(short.asc.prior_total) == 2 * 363000 + 365000, "363 days stand for 365"


def test_each_months_part_counts_as_a_month_when_receipts_are_annualised():
    half = with_prior_2024(begin=date(2024, 7, 15), end=date(2024, 12, 31))
    assert seen(half.regular.average_receipts) == round(Fraction(4000000, 3))


@pytest.mark.parametrize("weeks", [True, False])
def test_a_credit_year_of_52_weeks_is_not_cut_and_a_short_one_is(weeks):
    facts = facts_of({"qre": "700000", "prior": ["300000"] * 3, "begin": date(2025, 1, 1), "end": date(2025, 12, 27)})
    year = facts.credit_year
    kind = year_kind(year.begin, year.end, fifty_two_week=weeks)
    facts = replace(facts, years=(*facts.preceding, replace(year, kind=kind)))
    found = compute_credit(facts, law_for(year.begin, year.end))
    assert seen(found.asc.prior_total) == (900000 if weeks else round(Fraction(900000 * 361, 365)))


# -- answers of Section E


def test_a_new_category_is_derived_from_the_preceding_year():
    before = {"2024": {"qre": {**NO_QRE, "wages": "5"}}}
    same = credit_of({"qre": "10", "prior": ["1"], "prior_years": before})
    assert seen(same.other.new_categories) is False
    new = credit_of({"qre": "10", "prior": ["1"], "prior_years": before,
                     "supplies": [{"description": "boards", "amount": "3"}]})  # fmt: skip
    assert seen(new.other.new_categories) is True


def test_a_question_nobody_answered_is_missing_not_no():
    found = credit_of({"qre": "10", "taxpayer": {"controlled_group": None}})
    assert isinstance(seen(found.other.controlled_group), Missing)
    stated = credit_of({"qre": "10", "taxpayer": {"controlled_group": False}})
    assert Evaluation().seen(stated.other.controlled_group) == Known(value=False)
