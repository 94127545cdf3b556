"""Supplies, and where the people of a component work."""

from decimal import Decimal
from fractions import Fraction

import pytest
from people_builders import buckets, component, hours, make_study, payment, percent, person, questions, supply

from rdcredit.determine.place import ComponentPlace, component_places, us_share, us_shares
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


def places_of(people=(), **inputs):
    return component_places(PeopleInputs(people=tuple(people), **inputs), make_study())["atlas"]


ALL_HOME = [person(country="PR"), person("E2", "Bo Lind", country="US")]
ABROAD = [person(country="PL"), person("E2", "Bo Lind", country="DE")]
BESIDE = (hours("30"),)
"""E1's usable time, beside which E2's is not usable."""
FAULTY = {
    "set aside": {"time": BESIDE, "held_time": (hours("9999", person_id="E2"),)},
    "does not add up": {"time": (*BESIDE, hours("10", person_id="E2"), percent("10", person_id="E2"))},
    "ends before it begins": {"time": (*BESIDE, hours("1", person_id="E2", begin="2025-03-02", end="2025-03-01"))},
}


@pytest.mark.parametrize("time", FAULTY.values(), ids=FAULTY)
def test_a_person_whose_time_cannot_be_used_leaves_the_place_open_unless_all_are_in_one(time):
    assert places_of(TWO, **time).us_share is None
    assert places_of(ALL_HOME, **time).us_share == 1
    assert places_of(ABROAD, **time).us_share == 0
    assert places_of([ALL_HOME[0]], **time).us_share is None  # nobody says where E2 works
    assert places_of(ALL_HOME, **time).people == 2


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"project": "boreas"},
        {"begin": "2024-12-01", "end": "2024-12-31"},
        {"kind": "leave"},
        {"activity": "vacation"},
    ],
)
def test_unusable_time_of_other_work_or_years_leaves_the_place_alone(elsewhere):
    assert places_of(TWO, time=BESIDE, held_time=(hours("9999", person_id="E2", **elsewhere),)).us_share == 1


@pytest.mark.parametrize(("country", "share"), [("US", 1), ("PR", 1), ("DK", None), ("", None)])
def test_a_contractor_abroad_or_of_unknown_place_leaves_the_place_open(country, share):
    assert places_of(ALL_HOME, time=BESIDE, payments=(payment("10", country=country),)).us_share == share


@pytest.mark.parametrize(
    ("facts", "share"),
    [
        ({"project": "boreas"}, 1),
        ({"kind": "platform fee"}, 1),
        ({"kind": "retainer?"}, None),
        ({"begin": "2024-11-01", "end": "2024-12-31"}, 1),
        ({"begin": "2024-11-01", "end": "2025-01-01"}, None),
        ({"begin": "2025-12-31", "end": "2026-02-01"}, None),
        ({"begin": "2026-01-01", "end": "2026-02-01"}, 1),
        ({"begin": None}, None),
    ],
)
def test_only_contractors_paid_for_work_of_the_year_on_the_component_matter(facts, share):
    assert places_of(ALL_HOME, time=BESIDE, payments=(payment("10", country="DK", **facts),)).us_share == share


def test_contractors_alone_give_a_component_no_place():
    assert places_of(payments=(payment("10", country="DK"),)).us_share is None
    assert places_of(payments=(payment("10", country="US"),)).us_share is None
    made = supplies(supply("10"), time=(), payments=(payment("10", country="DK"),))
    assert buckets(made.parts) == {"held:where was the work done": "10.00"}


def test_supplies_wait_for_the_place_whole_when_somebodys_share_is_not_known():
    made = supplies(supply("100"), people=(TWO[0],), payments=(payment("10", country="DK"),))
    assert buckets(made.parts) == {"held:where was the work done": "100.00"}
    (part,) = made.parts
    assert "do not tell where" in part.determination.why


def test_places_at_hand_are_taken_as_they_are():
    inputs = PeopleInputs(supplies=(supply("100"),), **HERE)
    known = {"atlas": ComponentPlace(us=Fraction(1, 4), foreign=Fraction(3, 4), people=1)}
    made = determine_supplies(inputs, make_study(), places=known)
    assert buckets(made.parts) == {"qualified:atlas": "25.00", "excluded:foreign research": "75.00"}
    assert us_shares(known) == {"atlas": Fraction(1, 4)}


def test_control_totals_of_supplies():
    inputs = [{"role": "supplies", "path": "inputs", "control": [{"source": "GL 5100", "amount": "11"}]}]
    (row,) = supplies(supply("10"), study=make_study(inputs=inputs)).reconciliation
    assert (row.stated, row.read, row.difference) == (Decimal(11), Decimal(10), Decimal(-1))
