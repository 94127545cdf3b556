"""Section G: who must list components, which ones, and the check beside the choice."""

from datetime import date

import pytest
from support.facts import NO_QRE, credit_of

from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.value import Missing

COMPONENTS = [{"id": c, "name": c.upper()} for c in "abcdef"]


def spending(**amounts):
    return [{"description": c, "component": c, "amount": a} for c, a in amounts.items()]


def case(qre="1000", receipts="0", **keys):
    return {"qre": qre, "receipts": [receipts], "prior": ["1"], **keys}


def seen(figure):
    value = Evaluation().seen(figure)
    return value if isinstance(value, Missing) else value.value


def listed(credit):
    return [row.key for row in credit.other.section_g.schedule.rows]


# -- who may leave it out


@pytest.mark.parametrize(
    ("qre", "receipts", "exempt"),
    [
        ("1500000", "50000000", True),
        ("1500001", "50000000", False),
        ("1500000", "50000001", False),
        ("1500000.49", "50000000", True),
        ("1500000.50", "50000000", False),
    ],
)
def test_both_limits_are_met_exactly(qre, receipts, exempt):
    """QREs are tested as the form shows them, in whole dollars."""
    section = credit_of(case(qre, receipts)).other.section_g
    assert seen(section.exempt) is exempt


def test_an_amended_return_is_never_exempt():
    assert seen(credit_of(case()).other.section_g.exempt) is True
    assert seen(credit_of(case(original_return=False)).other.section_g.exempt) is False


@pytest.mark.parametrize(("begin", "required"), [(date(2025, 1, 1), False), (date(2026, 1, 1), True)])
def test_it_is_required_of_those_not_exempt_from_2026_on(begin, required):
    large = case("1500001", begin=begin, end=date(begin.year, 12, 31))
    assert seen(credit_of(large).other.section_g.required) is required
    small = case("1500000", begin=begin, end=date(begin.year, 12, 31))
    assert seen(credit_of(small).other.section_g.required) is False


@pytest.mark.parametrize(("stated", "exempt"), [("25000000", True), ("25000000.01", False)])
def test_receipts_of_a_short_prior_period_are_put_on_twelve_months(stated, exempt):
    short = {
        "begin": date(2024, 7, 1),
        "end": date(2024, 12, 31),
        "receipts": {"base": "0", "s448c": stated},
        "qre": {**NO_QRE, "wages": "1"},
    }
    assert seen(credit_of(case(prior_years={"2024": short})).other.section_g.exempt) is exempt


def test_receipts_of_a_52_53_week_year_are_taken_as_they_are():
    weeks = {
        "begin": date(2024, 1, 1),
        "end": date(2024, 12, 28),
        "fifty_two_week": True,
        "receipts": {"base": "0", "s448c": "50000000"},
    }
    assert seen(credit_of(case(prior_years={"2024": weeks})).other.section_g.exempt) is True


def test_unknown_receipts_leave_the_answer_open_unless_qres_settle_it():
    unknown = {"2024": {"receipts": {"base": "0", "s448c": "unknown"}}}
    assert isinstance(seen(credit_of(case("1500000", prior_years=unknown)).other.section_g.exempt), Missing)
    assert seen(credit_of(case("1500001", prior_years=unknown)).other.section_g.exempt) is False


# -- what is listed


def test_the_list_stops_when_80_percent_is_reached_exactly():
    credit = credit_of({"components": COMPONENTS, "supplies": spending(a="50", b="30", c="20")})
    assert listed(credit) == ["a", "b"]
    assert seen(credit.other.section_g.enough) is True


def test_the_list_goes_on_a_dollar_short_of_80_percent():
    credit = credit_of({"components": COMPONENTS, "supplies": spending(a="50", b="29", c="21")})
    assert listed(credit) == ["a", "b", "c"]


def test_components_are_listed_largest_first_and_ties_in_their_own_order():
    credit = credit_of({"components": COMPONENTS, "supplies": spending(f="30", a="20", b="20", c="20", d="10")})
    assert listed(credit) == ["f", "a", "b", "c"]


def test_a_component_without_qres_is_not_listed():
    credit = credit_of({"components": COMPONENTS, "supplies": spending(b="10")})
    assert listed(credit) == ["b"]
    assert seen(credit.other.components) == 1


def many(count):
    """So many components of one size, none of which brings the list to 80 percent by itself."""
    return {
        "components": [{"id": f"c{i:03}", "name": f"Component {i}"} for i in range(count)],
        "supplies": [{"description": f"{i}", "component": f"c{i:03}", "amount": "100"} for i in range(count)],
    }


@pytest.mark.parametrize(
    ("count", "length", "share"), [(62, 50, "5000"), (63, 50, "5000"), (100, 50, "5000"), (61, 49, "4900")]
)
def test_at_most_fifty_are_listed(count, length, share):
    """Of 61 components 49 reach 80 percent; of 62 it takes 50; of more, fifty are listed all the same."""
    credit = credit_of(many(count))
    assert len(listed(credit)) == length
    assert seen(credit.other.section_g.listed_qre) == 100 * length
    assert seen(credit.other.section_g.enough) is True


def test_the_totals_of_the_list_are_those_of_its_columns():
    credit = credit_of(
        {
            "components": COMPONENTS[:2],
            "people": [{"id": "E-1", "wages": "100", "time": [{"share": "1", "component": "a"}]}],
            "supplies": spending(a="10", b="20"),
            "computer_rental": spending(b="5"),
            "contracts": spending(b="100"),
        }
    )
    section = credit.other.section_g
    totals = {figure.id.removeprefix("s41.section_g."): seen(figure) for figure in section.totals}
    assert totals == {
        "research_wages.total": 100, "supervision_wages.total": 0, "support_wages.total": 0, "wages.total": 100,
        "supplies.total": 30, "computer_rental.total": 5, "contract_research.total": 65,
    }  # fmt: skip
    assert seen(section.listed_qre) == 200
