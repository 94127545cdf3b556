"""Wages: the gates cost, place, role, time, component and activity, one after the other."""

from decimal import Decimal
from fractions import Fraction

import pytest
from people_builders import box_1, buckets, component, hours, make_study, pay, percent, person, questions

from rdcredit.determine.gates import Gate, Opinion, Standing, Verdict
from rdcredit.determine.people import is_executive_title, place_of
from rdcredit.determine.wages import determine_wages
from rdcredit.ingest.records import PeopleInputs
from rdcredit.ledger.records import View

MARKETING = {"name": "sales", "activity": "marketing_sales"}


def wages(study=None, rows=None, people=None, time=None, reviewed=None):
    inputs = PeopleInputs(
        pay=tuple(rows or [pay("100000")]),
        people=tuple([person()] if people is None else people),
        time=tuple([hours("100")] if time is None else time),
    )
    return determine_wages(inputs, study or make_study(), **({"reviewed": reviewed} if reviewed else {}))


def test_every_gate_passed_is_qualified_and_says_why():
    made = wages()
    (part,) = made.parts
    assert str(part.determination.bucket) == "qualified:atlas"
    assert part.determination.counts_in == View.SUPPORTED
    for fact in ("pay dates inside the taxable year", "United States (US)", "Research Engineer", "hours", "80 % test"):
        assert fact in part.determination.why
    assert "IRC 41(d)(1)(C)" in part.determination.authority
    assert part.tags == '{"project":"atlas","service":"research"}'
    assert (part.period, part.currency, part.subject) == ("2025-06", "USD", "person:E1")


# --- cost: wages of the taxable year


@pytest.mark.parametrize(
    ("on", "bucket"),
    [
        ("2024-12-31", "excluded:paid in another year"),
        ("2025-01-01", "qualified:atlas"),
        ("2025-12-31", "qualified:atlas"),
        ("2026-01-01", "excluded:paid in another year"),
    ],
)
def test_the_pay_date_decides_the_year(on, bucket):
    time = [hours("10", begin="2024-12-01", end="2026-01-31")]
    assert buckets(wages(rows=[pay("1000", on=on)], time=time).parts) == {bucket: "1,000.00"}


def test_box_1_is_accepted_for_a_calendar_year():
    assert buckets(wages(rows=[box_1("1000")]).parts) == {"qualified:atlas": "1,000.00"}


def test_box_1_of_another_calendar_year_is_excluded():
    assert buckets(wages(rows=[box_1("1000", year=2024)]).parts) == {"excluded:paid in another year": "1,000.00"}


def test_box_1_is_held_for_a_fiscal_year_and_said_so():
    made = wages(make_study(begin="2024-07-01", end="2025-06-30"), rows=[box_1("1000", year=2025)])
    assert buckets(made.parts) == {"held:which of these wages were paid in the taxable year": "1,000.00"}
    assert [p.code for p in made.problems] == ["E242"]
    (row,) = made.rows
    assert (row.wages, row.undated, row.shares) == (Decimal(0), Decimal(1000), ())


def test_a_statement_can_place_box_1_in_a_fiscal_year():
    stated = {
        "about": "E1", "question": "wages.box-1-straddles", "answer": "yes", "by": "Controller", "date": "2026-01-05",
    }  # fmt: skip
    made = wages(make_study(begin="2024-07-01", end="2025-06-30", statements=[stated]), rows=[box_1("1000")])
    assert buckets(made.parts) == {"qualified:atlas": "1,000.00"}
    assert made.rows[0].wages == 1000
    assert not made.problems


def test_box_1_counts_from_the_day_the_taxpayer_was_formed():
    begun_late = {"begin": "2025-05-08", "rows": [box_1("1000")]}
    formed = make_study(begin=begun_late["begin"], taxpayer={"formed": "2025-05-08"})
    assert buckets(wages(formed, rows=begun_late["rows"]).parts) == {"qualified:atlas": "1,000.00"}
    not_formed_then = make_study(begin=begun_late["begin"], taxpayer={"formed": "2020-01-01"})
    assert "held" in str(wages(not_formed_then, rows=begun_late["rows"]).parts[0].determination.bucket)


def test_box_1_beside_a_register_is_a_control_and_never_counted_twice():
    made = wages(rows=[pay("600", on="2025-06-30"), pay("390", on="2025-12-31"), box_1("1000")])
    assert buckets(made.parts) == {"qualified:atlas": "990.00", "excluded:wages stated again on Form W-2": "1,000.00"}
    (tie_out,) = made.reconciliation
    assert (tie_out.stated, tie_out.read, tie_out.difference) == (Decimal(1000), Decimal(990), Decimal(-10))
    (finding,) = [f for f in made.findings if f.code == "wages.box_1_differs"]
    assert finding.dollars == 10


def test_a_reviewer_settles_an_open_year_but_not_what_the_dates_say():
    passed = Opinion(Gate.COST, Verdict.PASSES, Standing.REVIEWER, "decision 2", "Seen.", "reviewer")
    reviewed = {"person:E1": (passed,)}
    fiscal = make_study(begin="2024-07-01", end="2025-06-30")
    placed = wages(fiscal, rows=[box_1("1000")], reviewed=reviewed)
    assert buckets(placed.parts) == {"qualified:atlas": "1,000.00"}
    assert placed.rows[0].wages == 1000
    again = wages(rows=[pay("1000"), box_1("1000")], reviewed=reviewed)
    assert buckets(again.parts) == {
        "qualified:atlas": "1,000.00",
        "excluded:wages stated again on Form W-2": "1,000.00",
    }


def test_an_undated_row_is_held():
    made = wages(rows=[pay("5").__class__(pay("5").ref, "E1", "Ana Rivera", Decimal(5), None)])
    assert buckets(made.parts) == {"held:when were these wages paid": "5.00"}
    assert made.parts[0].period == ""


# --- place


@pytest.mark.parametrize(
    ("country", "place"),
    [
        ("US", "us"), ("PR", "us"), ("gu", "us"), ("MP", "us"), ("United States", "us"), ("U.S.A.", "us"),
        ("PL", "foreign"), ("CA", "foreign"), ("", "unknown"), ("remote", "unknown"),
    ],
)  # fmt: skip
def test_possessions_are_the_united_states_and_unclear_text_is_unknown(country, place):
    assert place_of(country) == place


@pytest.mark.parametrize(
    ("country", "bucket"), [("PL", "excluded:foreign research"), ("", "held:where was the work done")]
)
def test_work_abroad_is_excluded_and_an_unknown_place_held(country, bucket):
    assert buckets(wages(people=[person(country=country)]).parts) == {bucket: "100,000.00"}


def test_two_records_with_two_countries_leave_the_place_unknown():
    made = wages(people=[person(country="US"), person(country="PL")])
    assert buckets(made.parts) == {"held:where was the work done": "100,000.00"}
    assert "wages.records_disagree" in {f.code for f in made.findings}


# --- role


@pytest.mark.parametrize(
    "title",
    ["CTO", "C.T.O.", "Chief Scientist", "VP Engineering", "SVP, Product", "Co-Founder & Engineer", "Founder",
     "Vice-President Research", "President"],
)  # fmt: skip
def test_executive_titles(title):
    assert is_executive_title(title)


@pytest.mark.parametrize("title", ["Product Owner", "Staff Engineer", "Vpn Engineer", "Director of Research", ""])
def test_other_titles(title):
    assert not is_executive_title(title)


@pytest.mark.parametrize("who", [{"title": "CTO"}, {"officer": True}, {"owner": True}])
def test_executives_are_held_even_with_time_until_a_record_shows_what_they_did(who):
    held = wages(people=[person(**who)])
    assert buckets(held.parts) == {"held:what did this officer, owner or executive do": "100,000.00"}
    assert held.rows[0].qualified_share(View.SUPPORTED) == 0
    assert held.rows[0].qualified_share(View.POTENTIAL) == 1
    shown = wages(people=[person(evidence_of_role="design reviews 2025", **who)])
    assert buckets(shown.parts) == {"qualified:atlas": "100,000.00"}
    (finding,) = [f for f in shown.findings if f.code == "wages.executives"]
    assert finding.dollars == 100000


def test_an_officer_flag_of_no_does_not_clear_an_executive_title():
    assert "held" in str(wages(people=[person(title="CEO", officer=False)]).parts[0].determination.bucket)


def test_a_person_without_title_or_flag_is_held():
    made = wages(people=[person(title="")])
    assert questions(made.parts) == {"what is this person's role"}
    assert buckets(wages(people=[person(title="", officer=False)]).parts) == {"qualified:atlas": "100,000.00"}


def test_a_person_nobody_describes_is_held_for_place_and_role():
    made = wages(people=[])
    assert questions(made.parts) == {"where was the work done", "what is this person's role"}


# --- time


def test_wages_without_time_are_held_by_the_time_question():
    made = wages(time=[])
    assert buckets(made.parts) == {"held:what did this person work on": "100,000.00"}
    assert made.parts[0].determination.counts_in == View.POTENTIAL
    assert made.rows[0].shares[0].fraction == 1
    (finding,) = [f for f in made.findings if f.code == "wages.pay_without_time"]
    assert (finding.dollars, finding.subjects) == (Decimal(100000), ("person:E1",))


def test_a_reviewer_who_passes_the_time_gate_still_leaves_the_component_open():
    passed = Opinion(Gate.TIME, Verdict.PASSES, Standing.REVIEWER, "decision 1", "Seen.", "reviewer")
    made = wages(time=[], reviewed={"person:E1": (passed,)})
    assert questions(made.parts) == {"which project is this"}


@pytest.mark.parametrize(("number", "fault"), [("24", False), ("24.01", True)])
def test_a_day_has_24_hours(number, fault):
    made = wages(time=[hours(number, begin="2025-06-02", end="2025-06-02")], rows=[pay("10", on="2025-06-30")])
    assert [p.code for p in made.problems] == (["E241"] if fault else [])
    assert ("do the time records add up" in questions(made.parts)) is fault


@pytest.mark.parametrize(("rest", "fault"), [("40", False), ("40.01", True)])
def test_percentages_of_one_period_stay_within_100(rest, fault):
    made = wages(make_study(projects=[MARKETING]), time=[percent("60"), percent(rest, "sales")])
    assert [p.code for p in made.problems] == (["E241"] if fault else [])
    if not fault:
        assert buckets(made.parts) == {"qualified:atlas": "60,000.00", "excluded:marketing and sales": "40,000.00"}


def test_overlapping_periods_are_added_where_they_overlap():
    time = [percent("70", end="2025-06-30"), percent("40", begin="2025-06-01")]
    assert "2025-06-01 to 2025-06-30 has 110.00 %" in wages(time=time).problems[0].what


def test_time_that_percentages_leave_open_is_held():
    made = wages(time=[percent("60"), percent("15", "vacation", kind="leave")])
    # 60 of 85: leave is in neither part of the fraction, and 25 of 85 nobody accounted for.
    assert made.rows[0].qualified_share(View.SUPPORTED) == Fraction(60, 85)
    assert made.rows[0].qualified_share(View.POTENTIAL) == 1
    assert buckets(made.parts) == {
        "qualified:atlas": "70,588.24",
        "held:what was done in the time not accounted for": "29,411.76",
    }


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ([hours("10"), percent("10")], "mixed"),
        ([hours("5"), hours("-5.01")], "takes away more"),
        ([percent("-1")], "negative"),
        ([hours("10", kind="leave")], "leave or no time"),
        ([hours("0")], "leave or no time"),
        ([hours("10", begin="2025-02-01", end="2025-01-01")], "ends before it begins"),
    ],
)
def test_faulty_time_holds_all_wages_of_the_person(time, words):
    made = wages(time=time)
    assert buckets(made.parts) == {"held:do the time records add up": "100,000.00"}
    assert words in made.problems[0].what
    assert "Ana" not in made.problems[0].line()


def test_a_correction_is_netted_against_what_it_corrects():
    time = [hours("60"), hours("-10"), hours("50", "sales")]
    assert wages(make_study(projects=[MARKETING]), time=time).rows[0].qualified_share(View.SUPPORTED) == Fraction(1, 2)


def test_time_the_readers_set_aside_holds_the_wages_and_is_not_reported_twice():
    inputs = PeopleInputs(pay=(pay("10"),), people=(person(),), held_time=(hours("9999"),))
    made = determine_wages(inputs, make_study())
    assert buckets(made.parts) == {"held:do the time records add up": "10.00"}
    assert made.problems == ()
    assert "wages.pay_without_time" not in {f.code for f in made.findings}


def test_time_outside_the_year_does_not_weigh_and_a_record_across_it_is_cut_by_days():
    study = make_study(projects=[MARKETING])
    # 10 of the 20 days lie in 2025: half of the 40 hours.
    time = [
        hours("40", begin="2024-12-22", end="2025-01-10"),
        hours("20", "sales"),
        hours("500", "sales", "2024-01-01", "2024-12-31"),
    ]
    assert wages(study, time=time).rows[0].qualified_share(View.SUPPORTED) == Fraction(1, 2)


@pytest.mark.parametrize(("on", "covered"), [("2025-02-28", True), ("2025-03-01", False)])
def test_pay_of_a_month_without_time_now_or_the_month_before_is_held(on, covered):
    time = [hours("160", begin="2025-01-01", end="2025-01-31")]
    made = wages(rows=[pay("1000", on="2025-01-31"), pay("1000", on=on)], time=time)
    expected = Fraction(1) if covered else Fraction(1, 2)
    assert made.rows[0].qualified_share(View.SUPPORTED) == expected
    assert ("what was done in months without time records" in questions(made.parts)) is not covered


def test_a_statement_lets_recorded_time_stand_for_other_months():
    stated = {
        "about": "person:E1", "question": "wages.time.months", "answer": "Yes", "by": "Lead", "date": "2026-01-05",
    }  # fmt: skip
    time = [hours("160", begin="2025-01-01", end="2025-01-31")]
    made = wages(make_study(statements=[stated]), rows=[pay("1000", on="2025-09-30")], time=time)
    assert buckets(made.parts) == {"qualified:atlas": "1,000.00"}
    assert "stated by Lead, 2026-01-05" in made.parts[0].determination.why


def test_service_of_unknown_kind_is_taken_as_research_and_said_so():
    made = wages(time=[hours("10", kind="unknown")])
    assert made.rows[0].shares[0].kind == "research"
    assert "does not say what kind of service" in made.parts[0].determination.why


def test_kinds_of_service_are_kept_apart_for_the_form():
    time = [hours("50"), hours("30", kind="supervision"), hours("20", kind="support")]
    shares = {s.kind: s.fraction for s in wages(time=time).rows[0].shares}
    assert shares == {"research": Fraction(1, 2), "supervision": Fraction(3, 10), "support": Fraction(1, 5)}


# --- component and activity


def test_a_project_in_no_component_is_held_and_named():
    made = wages(time=[hours("10", "zeppelin")])
    assert buckets(made.parts) == {"held:which component does this belong to": "100,000.00"}
    assert [(p.code, "zeppelin" in p.what) for p in made.problems] == [("E353", True)]


def test_a_project_in_two_components_is_held_and_names_both():
    study = make_study([component("atlas"), component("boreas", projects=["ATLAS "])])
    (part,) = wages(study).parts
    assert part.determination.bucket.name == "which of several components"
    assert "atlas, boreas" in part.determination.why


def test_a_project_stated_to_be_both_is_held():
    study = make_study(projects=[{"name": "Atlas", "activity": "marketing_sales"}])
    assert questions(wages(study).parts) == {"is the project part of the component"}


def test_development_of_no_component_waits_for_one():
    study = make_study(projects=[{"name": "builds", "activity": "ci_cd"}])
    made = wages(study, time=[hours("1", "builds")])
    assert made.parts[0].determination.bucket.name == "which component does this belong to"
    assert not made.problems


def test_an_unknown_activity_of_a_project_is_a_problem_and_held():
    study = make_study(projects=[{"name": "odd", "activity": "alchemy"}])
    made = wages(study, time=[hours("1", "odd")])
    assert {p.code for p in made.problems} == {"E502", "E353"}
    assert "held" in str(made.parts[0].determination.bucket)


@pytest.mark.parametrize(
    ("facts", "bucket"),
    [
        ({"meets_80_percent": "yes"}, "qualified:atlas"),
        ({"meets_80_percent": "not shown"}, "held:does the component meet the 80 % test"),
        ({"meets_80_percent": "no"}, "excluded:component fails the 80 % test"),
        ({"funded": True}, "held:how far is the research funded"),
        ({"use": "internal"}, "held:does internal-use software pass the high threshold"),
        ({"use": "dual"}, "held:which part of dual-function software serves third parties"),
        ({"use": "internal", "kind": "product"}, "qualified:atlas"),
    ],
)
def test_what_is_stated_of_a_component_decides_its_activity_gate(facts, bucket):
    assert buckets(wages(make_study([component(**facts)])).parts) == {bucket: "100,000.00"}


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({"funded": None}, "does a customer or grant pay for the research"),
        ({"use": "unknown"}, "is the software for internal use"),
        ({"meets_80_percent_source": ""}, "what shows that the component meets the 80 % test"),
    ],
)
def test_what_is_not_stated_holds_nothing_but_stays_an_open_question(facts, question):
    made = wages(make_study([component(**facts)]))
    assert buckets(made.parts) == {"qualified:atlas": "100,000.00"}
    assert questions(made.parts) == {question}
    (finding,) = [f for f in made.findings if f.code == "wages.open_questions"]
    assert finding.blocks_final
    assert finding.dollars == 100000


def test_a_held_dollar_lists_every_open_question_the_component_first():
    study = make_study([component(meets_80_percent="not shown", funded=True, use="internal")])
    made = wages(study, people=[person(country="", title="CEO")])
    assert made.parts[0].determination.questions == (
        "where was the work done",
        "what did this officer, owner or executive do",
        "does the component meet the 80 % test",
        "how far is the research funded",
        "does internal-use software pass the high threshold",
    )


def test_an_exclusion_at_one_gate_wins_over_questions_at_others_and_lists_the_other_exclusions():
    study = make_study([component(meets_80_percent="no")])
    (part,) = wages(study, people=[person(country="PL", title="CEO")]).parts
    assert str(part.determination.bucket) == "excluded:foreign research"
    assert part.determination.questions == ()
    assert any("component fails the 80 % test" in text for text in part.determination.road_not_taken)


@pytest.mark.parametrize(
    ("begin", "bucket"),
    [
        ("2025-06-30", "held:is maintenance before a release research"),
        ("2025-07-01", "excluded:after commercial production"),
    ],
)
def test_maintenance_is_excluded_once_the_component_is_released(begin, bucket):
    study = make_study([component(released="2025-06-30")])
    time = [hours("5", begin=begin, end=begin, activity="Maintenance")]
    made = wages(study, rows=[pay("100", on="2025-07-15")], time=time)
    assert buckets(made.parts) == {bucket: "100.00"}


def test_a_record_across_the_release_is_cut_by_days():
    study = make_study([component(released="2025-06-15")])
    made = wages(study, time=[hours("30", begin="2025-06-01", end="2025-06-30", activity="maintenance")])
    assert {s.determination.bucket.kind: s.fraction for s in made.rows[0].shares} == {
        "held": Fraction(1, 2),
        "excluded": Fraction(1, 2),
    }


def test_time_after_the_release_is_a_finding_with_its_dollars():
    made = wages(make_study([component(released="2025-12-30")]), rows=[pay("36500")])
    (finding,) = [f for f in made.findings if f.code == "wages.after_release"]
    assert (finding.subjects, finding.dollars) == (("component:atlas",), Decimal(100))


@pytest.mark.parametrize(
    ("about", "activity", "bucket"),
    [
        ([], "Administration", "excluded:general and administrative work"),
        ([], "Sales", "excluded:marketing and sales"),
        (["atlas", "boreas"], "Sales", "excluded:marketing and sales"),
        ([], "Sales engine research", "held:which component does this belong to"),
        ([], "Maintenance", "held:which component does this belong to"),
        (["atlas", "boreas"], "", "held:which of several components"),
    ],
)
def test_an_exclusion_in_so_many_words_needs_no_component(about, activity, bucket):
    study = make_study([component(name, projects=["zeppelin"]) for name in about])
    made = wages(study, time=[hours("5", "zeppelin", activity=activity)])
    assert buckets(made.parts) == {bucket: "100,000.00"}
    excluded = bucket.startswith("excluded")
    assert made.rows[0].qualified_share(View.POTENTIAL) == (0 if excluded else 1)
    assert (questions(made.parts) == set()) is excluded


def test_an_exclusion_in_so_many_words_needs_no_project_either():
    (part,) = wages(time=[hours("5", "", activity="Recruiting")]).parts
    assert str(part.determination.bucket) == "excluded:general and administrative work"
    assert "no project" in part.determination.why


def test_an_activity_in_so_many_words_is_excluded_on_a_component_too():
    assert "excluded:marketing and sales" in buckets(wages(time=[hours("5", activity="Marketing")]).parts)
    assert "qualified:atlas" in buckets(wages(time=[hours("5", activity="research for marketing models")]).parts)


# --- findings


def test_interviews_and_percentages_are_a_finding_with_their_dollars():
    time = [hours("75"), hours("25", source="Interviews of March")]
    (finding,) = [f for f in wages(time=time).findings if f.code == "wages.percent_only"]
    assert finding.dollars == 25000
    assert "25.0 %" in finding.why


def test_a_component_with_one_person_is_a_disclosure_and_with_two_is_not():
    rows, people = [pay("10"), pay("20", person="E2", name="Bo Lind")], [person(), person("E2", "Bo Lind")]
    alone = wages(rows=rows, people=people, time=[hours("1")])
    assert "wages.single_person_component" in {f.code for f in alone.findings}
    shared = wages(rows=rows, people=people, time=[hours("1"), hours("1", person_id="E2")])
    assert "wages.single_person_component" not in {f.code for f in shared.findings}


@pytest.mark.parametrize(
    ("where", "is_one"),
    [
        ({"country": "PR"}, True),
        ({"country": "Puerto Rico"}, True),
        ({"country": "GU"}, True),
        ({"country": "US", "state": "VI"}, True),
        ({"country": "US", "state": "Puerto Rico"}, True),
        ({"country": "US", "state": "WA"}, False),
        ({"country": "US"}, False),
        ({"country": "BR", "state": "PR"}, False),
    ],
)
def test_pay_in_a_possession_may_not_be_wages_and_blocks_a_final_study(where, is_one):
    made = wages(people=[person(**where)])
    found = [f for f in made.findings if f.code == "wages.possession"]
    assert bool(found) is is_one
    if is_one:
        assert buckets(made.parts) == {"qualified:atlas": "100,000.00"}
        assert (found[0].dollars, found[0].subjects, found[0].blocks_final) == (Decimal(100000), ("person:E1",), True)
        assert "3401(a)(8)" in found[0].why


def test_pay_in_a_possession_that_counts_in_no_view_is_no_finding():
    made = wages(people=[person(country="PR")], time=[hours("5", activity="Sales")])
    assert "wages.possession" not in {f.code for f in made.findings}


def test_time_without_pay_is_a_finding():
    made = wages(time=[hours("1"), hours("1", person_id="E9")])
    (finding,) = [f for f in made.findings if f.code == "wages.time_without_pay"]
    assert finding.subjects == ("person:E9",)


def test_findings_name_no_person():
    made = wages(people=[person(title="CTO")], time=[])
    assert made.findings
    assert not any("Ana" in f"{f.title} {f.why} {f.subjects}" for f in made.findings)


def test_one_name_under_two_ids_is_asked():
    rows = [pay("10"), pay("20", person="E2")]
    assert "wages.same_name" in {f.code for f in wages(rows=rows).findings}


def test_ids_and_projects_are_compared_without_case_and_blanks():
    time = [hours("10", " ATLAS", person_id="e1 ")]
    assert buckets(wages(time=time).parts) == {"qualified:atlas": "100,000.00"}
