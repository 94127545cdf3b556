"""Three cumulative views of one credit, and the word ``missing`` in a workbook as a live guard."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from support.facts import NO_QRE, credit_of, facts_of
from support.office import convert_all, disagreements, same, with_wrong_values

from rdcredit.credit.compute import compute_credit
from rdcredit.facts.records import ContractCost, Cost, Fact, PayeeKind, Services, ServiceTime
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.origin import FromStatement
from rdcredit.figure.value import Known, Missing
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import figures_of, form_6765
from rdcredit.law import law_for
from rdcredit.render.credit_tabs import credit_tabs
from rdcredit.render.workbook import write_workbook
from rdcredit.render.writer import Heading

ONE, TWO = "all-research", "second"
VIEWS = tuple(View)


def fact(text):
    return Fact(Known(Fraction(text)), FromStatement("facts.toml", "test"))


def time(person, share, view, component=ONE, services=Services.RESEARCH):
    return ServiceTime(person, component, services, fact(share), view)


def held(time_rows, people=(("E-1", "100000"),), **more):
    """Facts of one or more people whose time counts from the views given, and other costs."""
    base = facts_of(
        {
            "people": [{"id": p, "wages": w, "time": [{"share": "0"}]} for p, w in people],
            "components": [{"id": ONE, "name": "One"}, {"id": TWO, "name": "Two"}],
            "prior": ["30000", "30000", "30000"],
            "receipts": ["1000", "1000", "1000"],
            "elections": {"method": "asc", "reduced_credit": "no"},
        }
    )
    facts = replace(base, time=tuple(time_rows), **more)
    return compute_credit(facts, law_for(facts.credit_year.begin, facts.credit_year.end))


def in_views(figure):
    figures = Evaluation()
    found = [figures.seen(figure, v) for v in VIEWS]
    return [v if isinstance(v, Missing) else v.value for v in found]


def test_each_view_adds_the_dollars_of_the_one_before_it():
    credit = held(
        [time("E-1", "0.5", View.SUPPORTED)],
        supplies=(
            Cost("s1", "boards", ONE, fact("10"), View.SUPPORTED),
            Cost("s2", "chips", ONE, fact("20"), View.EXPECTED),
            Cost("s3", "wafers", TWO, fact("40"), View.POTENTIAL),
        ),
        contracts=(ContractCost("c1", "lab", TWO, PayeeKind.GENERAL, fact("100"), View.EXPECTED),),
    )
    assert in_views(credit.qre.supplies) == [10, 30, 70]
    assert in_views(credit.qre.contract_research) == [0, 65, 65]
    assert in_views(credit.qre.wages) == [50000, 50000, 50000]
    assert in_views(credit.qre.total) == [50010, 50095, 50135]
    assert in_views(credit.other.components) == [1, 2, 2]


def test_the_80_percent_rule_is_met_view_by_view():
    """70 percent supported, 15 more potential: all of the wages count only where both are counted."""
    credit = held([time("E-1", "0.70", View.SUPPORTED), time("E-1", "0.15", View.POTENTIAL)])
    assert in_views(credit.qre.wages) == [70000, 70000, 100000]


@pytest.mark.parametrize(("more", "wages"), [("0.0999999", "79999.99"), ("0.1", "100000")])
def test_the_threshold_of_a_view_is_met_exactly(more, wages):
    credit = held([time("E-1", "0.70", View.SUPPORTED), time("E-1", more, View.EXPECTED)])
    assert in_views(credit.qre.wages)[1] == round(Fraction(wages))


def test_what_the_rule_adds_follows_the_services_of_the_view():
    credit = held(
        [
            time("E-1", "0.60", View.SUPPORTED),
            time("E-1", "0.20", View.SUPPORTED, TWO, Services.SUPERVISION),
            time("E-1", "0.10", View.POTENTIAL, TWO, Services.SUPPORT),
        ],
        people=(("E-1", "90000"),),
    )
    totals = credit.qre.by_component
    figures = Evaluation()
    wages = [[figures.cell(totals.schedule, totals.wages, i, v).value for i in (0, 1)] for v in VIEWS]
    assert wages == [[67500, 22500], [67500, 22500], [60000, 30000]]


def test_a_person_without_qualified_services_has_no_qualified_wages():
    credit = held([time("E-1", "0", View.SUPPORTED)])
    assert in_views(credit.qre.wages) == [0, 0, 0]


def test_the_wages_missing_of_one_person_leave_those_of_another_known():
    credit = held(
        [time("E-1", "0.5", View.SUPPORTED), time("E-2", "0.5", View.SUPPORTED, TWO)],
        people=(("E-1", "100000"), ("E-2", "50000")),
    )
    facts = credit.facts
    gap = replace(facts.people[1], wages=Fact(Missing(("wages of E-2",)), FromStatement("facts.toml", "test")))
    credit = compute_credit(replace(facts, people=(facts.people[0], gap)), credit.law)
    totals, figures = credit.qre.by_component, Evaluation()
    assert figures.cell(totals.schedule, totals.wages, 0) == Known(Fraction(50000))
    assert figures.cell(totals.schedule, totals.wages, 1) == Missing(("wages of E-2",))
    assert figures.value(credit.qre.total) == Missing(("wages of E-2",))


def test_the_figures_of_a_wider_view_are_never_smaller():
    credit = held(
        [time("E-1", "0.3", View.SUPPORTED), time("E-1", "0.3", View.EXPECTED), time("E-1", "0.3", View.POTENTIAL)],
        supplies=(Cost("s", "chips", TWO, fact("500"), View.EXPECTED),),
    )
    for figure in (credit.qre.total, credit.asc.credit, credit.regular.credit, credit.current.credit):
        seen = in_views(figure)
        assert seen == sorted(seen)
        assert seen[0] < seen[2]


# -- in the workbook

RESTATED = "3000000"


def unrestated(value):
    """The second worked example of base years: computer rental of 2024 left out, to be restated."""
    year = {"qre": {**NO_QRE, "wages": "5000000", "computer_rental": value}}
    return credit_of(
        {
            "qre": "9000000",
            "prior": ["3000000", "4000000", "5000000"],
            "receipts": ["1000000", "1000000", "1000000"],
            "prior_years": {"2024": year},
            "elections": {"method": "asc", "reduced_credit": "no"},
        }
    )


def workbook(credit, path):
    tabs = credit_tabs(credit, form_6765(credit), VIEWS, View.SUPPORTED, "facts.toml")
    return write_workbook(tabs, Heading("Worked Example, Inc.", "2025", "draft", date(2026, 2, 10)), path)


def mixed():
    """A credit that differs in every view, with a gap that only the widest one meets."""
    credit = held(
        [
            time("E-1", "0.70", View.SUPPORTED),
            time("E-1", "0.15", View.POTENTIAL, TWO),
            time("E-2", "0.4", View.EXPECTED, TWO, Services.SUPERVISION),
            time("E-3", "0.9", View.POTENTIAL),
        ],
        people=(("E-1", "100000"), ("E-2", "80000.01"), ("E-3", "70000")),
        supplies=(
            Cost("s1", "boards", ONE, fact("10.5"), View.SUPPORTED),
            Cost("s2", "chips", TWO, fact("20"), View.EXPECTED),
        ),
        contracts=(ContractCost("c1", "lab", TWO, PayeeKind.CONSORTIUM, fact("1000"), View.EXPECTED),),
    )
    facts = credit.facts
    gap = replace(facts.people[2], wages=Fact(Missing(("wages of E-3",)), FromStatement("facts.toml", "test")))
    return compute_credit(replace(facts, people=(*facts.people[:2], gap)), credit.law)


@dataclass(frozen=True)
class Recalculated:
    credit: object
    written: object
    filled: object
    with_the_fact: object
    views: object
    views_written: object


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    folder = tmp_path_factory.mktemp("guards")
    credit = unrestated("restate")
    written = workbook(credit, folder / "open.xlsx")
    book = load_workbook(folder / "open.xlsx")
    gap = figures_of(credit)["s41.base_years.2024-12-31.computer_rental"]
    spot = written.layout.spot(gap, View.SUPPORTED)
    assert book[spot.tab].cell(spot.row, spot.column).value == "missing"
    book[spot.tab].cell(spot.row, spot.column).value = int(RESTATED)
    book.save(folder / "filled.xlsx")
    views_written = workbook(mixed(), folder / "views.xlsx")
    views = with_wrong_values(folder / "views.xlsx", views_written, folder / "views_wrong.xlsx")
    filled, views = convert_all(office, [folder / "filled.xlsx", views], "xlsx", folder)
    with_the_fact = workbook(unrestated(RESTATED), folder / "known.xlsx")
    return Recalculated(credit, written, filled, with_the_fact, views, views_written)


@pytest.mark.office
def test_a_number_in_place_of_the_word_missing_gives_the_credit_of_that_fact(recalculated):
    """The same workbook cell for cell as the one written with the fact; the ASC becomes 910,000."""
    written, known = recalculated.written.values, recalculated.with_the_fact.values
    assert set(written) == set(known)
    assert sum(1 for v in written.values() if v == "missing") > 10
    book = load_workbook(recalculated.filled, data_only=True)
    wrong = [
        f"{sheet} {address}: engine {wanted!r}, recalculated {book[sheet][address].value!r}"
        for (sheet, address), wanted in known.items()
        if not same(wanted, book[sheet][address].value)
    ]
    assert wrong == []
    spot = recalculated.written.layout.spot(recalculated.credit.asc.credit, View.SUPPORTED)
    assert book[spot.tab].cell(spot.row, spot.column).value == 910000


@pytest.mark.office
def test_the_three_views_of_the_workbook_are_the_engines(recalculated):
    assert disagreements(recalculated.views_written, recalculated.views) == []
    shown = set(recalculated.views_written.values.values())
    assert "missing" in shown


def test_a_gap_of_the_widest_view_leaves_the_others_known():
    total = in_views(mixed().qre.total)
    assert total[:2] == [70011, 70011 + 32000 + 20 + 750]
    assert total[2] == Missing(("wages of E-3",))
