"""Supplies, and where the people of a component work."""

from decimal import Decimal
from fractions import Fraction

import pytest
from people_builders import buckets, component, hours, make_study, percent, person, questions, supply

from rdcredit.determine.place import component_places, us_share
from rdcredit.determine.supplies import determine_supplies
from rdcredit.ingest.records import PeopleInputs

HERE = {"people": (person(),), "time": (hours("1"),)}


def supplies(*rows, study=None, **more):
    return determine_supplies(PeopleInputs(supplies=rows, **(HERE | more)), study or make_study())


def test_tangible_parts_of_a_component_are_qualified():
    made = supplies(supply("10"))
    assert buckets(made.parts) == {"qualified:atlas": "10.00"}
    assert made.rows[0].totals.qualified == 10


@pytest.mark.parametrize(
    ("facts", "bucket"),
    [
        ({"tangible": False}, "excluded:not tangible property"),
        ({"tangible": None}, "held:is it tangible property"),
        ({"depreciable": True}, "excluded:depreciable property"),
        ({"depreciable": None}, "held:is it depreciable property"),
        ({"description": "CAD software"}, "excluded:software or subscription"),
        ({"description": "Airfare to test site"}, "excluded:travel"),
        ({"account": "6400 Freight"}, "excluded:shipping"),
        ({"description": "Electricity, lab"}, "excluded:general utilities"),
        ({"description": "flight controller boards"}, "qualified:atlas"),
        ({"project": ""}, "held:which project is this"),
        ({"currency": "EUR"}, "held:what is the amount in US dollars"),
    ],
)
def test_what_a_supply_is(facts, bucket):
    made = supplies(supply("10", **facts))
    if facts.get("project") == "":
        assert questions(made.parts) == {
            "which project is this",
            "where was the work done",
            "is the work qualified research",
        }
    else:
        assert buckets(made.parts) == {bucket: "10.00"}


@pytest.mark.parametrize(
    ("method", "dates", "bucket"),
    [
        ("accrual", {"incurred": "2025-12-31", "paid": "2026-01-05"}, "qualified:atlas"),
        ("accrual", {"incurred": "2026-01-01", "paid": "2025-12-31"}, "excluded:paid or incurred in another year"),
        ("cash", {"incurred": "2025-12-31", "paid": "2026-01-01"}, "excluded:paid or incurred in another year"),
        ("cash", {"incurred": "2024-12-31", "paid": "2025-01-01"}, "qualified:atlas"),
        ("cash", {"paid": None}, "held:when was this paid or incurred"),
        ("accrual", {"incurred": None}, "held:when was this paid or incurred"),
    ],
)
def test_the_method_of_accounting_decides_the_date(method, dates, bucket):
    assert buckets(supplies(supply("10", **dates), study=make_study(method=method)).parts) == {bucket: "10.00"}


def test_supplies_follow_the_people_of_their_component():
    people = (person(), person("E2", "Bo Lind", country="PL"))
    made = supplies(supply("100"), people=people, time=(hours("3"), hours("1", person_id="E2")))
    assert buckets(made.parts) == {"qualified:atlas": "75.00", "excluded:foreign research": "25.00"}


def test_supplies_of_a_component_nobody_is_recorded_on_are_held():
    assert buckets(supplies(supply("10"), time=()).parts) == {"held:where was the work done": "10.00"}


# --- place


def places(time, people, components=None):
    return us_share(PeopleInputs(people=tuple(people), time=tuple(time)), make_study(components))


TWO = [person(country="PR"), person("E2", "Bo Lind", country="PL")]


def test_the_share_of_time_in_the_united_states():
    assert places([hours("30"), hours("10", person_id="E2")], TWO) == {"atlas": Fraction(3, 4)}


def test_leave_and_other_projects_do_not_weigh():
    time = [hours("30"), hours("10", person_id="E2"), hours("90", person_id="E2", kind="leave"), hours("50", "other")]
    assert places(time, TWO) == {"atlas": Fraction(3, 4)}


def test_nobody_recorded_is_none():
    assert places([], TWO) == {"atlas": None}


def test_one_person_of_unknown_place_is_none():
    assert places([hours("30"), hours("1", person_id="E3")], TWO) == {"atlas": None}
    inputs = PeopleInputs(people=tuple(TWO), time=(hours("30"), hours("10", person_id="E3")))
    known = component_places(inputs, make_study())["atlas"]
    assert (known.us, known.foreign, known.unknown, known.people) == (Fraction(3, 4), 0, Fraction(1, 4), 2)


def test_with_percentages_people_weigh_by_months_of_service():
    # E1 half of twelve months in Puerto Rico, E2 all of three months in Poland: 6 to 3.
    time = [percent("50"), hours("10", person_id="E2", begin="2025-01-01", end="2025-03-31")]
    assert places(time, TWO) == {"atlas": Fraction(2, 3)}


def test_each_component_by_its_own_people():
    time = [hours("5"), hours("5", "boreas", person_id="E2")]
    components = [component(), component("boreas"), component("corvus")]
    assert places(time, TWO, components) == {"atlas": Fraction(1), "boreas": Fraction(0), "corvus": None}


def test_control_totals_of_supplies():
    inputs = [{"role": "supplies", "path": "inputs", "control": [{"source": "GL 5100", "amount": "11"}]}]
    (row,) = supplies(supply("10"), study=make_study(inputs=inputs)).reconciliation
    assert (row.stated, row.read, row.difference) == (Decimal(11), Decimal(10), Decimal(-1))
