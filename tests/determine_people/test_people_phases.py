"""Work before a component began and after its release: wages, contracts and supplies alike."""

import tomllib
from pathlib import Path

import pytest
from people_builders import buckets, component, hours, make_study, pay, payment, percent, person, supply, terms

import rdcredit.determine
from rdcredit.determine.contracts import determine_contracts
from rdcredit.determine.gates import Gate, Opinion, Standing, Verdict
from rdcredit.determine.reasons import Answers, reasons
from rdcredit.determine.statements import Statements
from rdcredit.determine.supplies import determine_supplies
from rdcredit.determine.wages import determine_wages
from rdcredit.ingest.records import PeopleInputs
from rdcredit.ledger.records import View

AFTER = "held:after release: new uncertainty or upkeep"
BEFORE = "held:before the component began"
UNDATED = "held:when in the component's life was the work done"
IN_DEVELOPMENT = "qualified:atlas"
UPKEEP = "excluded:after commercial production"


def study_of(method="accrual", statements=(), **facts):
    return make_study([component(**facts)], method=method, statements=list(statements))


def wages(study, *time, on="2025-07-15", reviewed=None):
    inputs = PeopleInputs(pay=(pay("100", on=on),), people=(person(),), time=time)
    return determine_wages(inputs, study, **({"reviewed": reviewed} if reviewed else {}))


def contracts(study, **facts):
    inputs = PeopleInputs(payments=(payment("30", **facts),), contracts=(terms(signed="2024-01-02"),))
    return determine_contracts(inputs, study)


def supplies(study, **facts):
    inputs = PeopleInputs(people=(person(),), time=(hours("1"),), supplies=(supply("10", **facts),))
    return determine_supplies(inputs, study)


def stated(answer, about="component:atlas", question="after release"):
    return {"about": about, "question": question, "answer": answer, "by": "Lead", "date": "2026-01-05"}


# --- wages


@pytest.mark.parametrize(("day", "bucket"), [("2025-06-30", IN_DEVELOPMENT), ("2025-07-01", AFTER)])
def test_time_after_the_day_of_the_release_is_held(day, bucket):
    made = wages(study_of(released="2025-06-30"), hours("5", begin=day, end=day))
    assert buckets(made.parts) == {bucket: "100.00"}
    assert made.rows[0].qualified_share(View.POTENTIAL) == 1


@pytest.mark.parametrize(("day", "bucket"), [("2025-06-30", BEFORE), ("2025-07-01", IN_DEVELOPMENT)])
def test_time_before_the_component_began_is_held(day, bucket):
    made = wages(study_of(began="2025-07-01"), hours("5", begin=day, end=day))
    assert buckets(made.parts) == {bucket: "100.00"}
    assert made.rows[0].qualified_share(View.POTENTIAL) == 1


@pytest.mark.parametrize("time", [hours("120"), percent("100")])
def test_a_record_across_both_days_is_cut_at_both(time):
    # Of June's 30 days, 10 come before the beginning and 5 after the release.
    study = study_of(began="2025-06-11", released="2025-06-25")
    row = type(time)(**{f: getattr(time, f) for f in time.__slots__} | {"begin": june(1), "end": june(30)})
    made = wages(study, row)
    assert buckets(made.parts) == {BEFORE: "33.33", IN_DEVELOPMENT: "50.00", AFTER: "16.67"}


def june(day):
    return pay("1", on=f"2025-06-{day:02d}").pay_date


@pytest.mark.parametrize(
    ("activity", "bucket"),
    [
        ("Sales", "excluded:marketing and sales"),
        ("Maintenance", UPKEEP),
        ("Routine retraining", UPKEEP),
        ("Ablation", AFTER),
        ("", AFTER),
    ],
)
def test_an_exclusion_in_so_many_words_goes_before_the_question(activity, bucket):
    time = hours("5", begin="2025-07-01", end="2025-07-01", activity=activity)
    assert buckets(wages(study_of(released="2025-06-30"), time).parts) == {bucket: "100.00"}


def test_a_component_that_fails_its_own_test_stays_excluded_after_the_release():
    study = study_of(released="2025-06-30", meets_80_percent="no")
    made = wages(study, hours("5", begin="2025-07-01", end="2025-07-01"))
    assert buckets(made.parts) == {"excluded:component fails the 80 % test": "100.00"}


@pytest.mark.parametrize("question", ["after release", "activity.after-release", AFTER.partition(":")[2]])
@pytest.mark.parametrize(
    ("answer", "bucket"),
    [("new uncertainty", IN_DEVELOPMENT), ("Upkeep", UPKEEP), ("yes", AFTER), ("perhaps", AFTER)],
)
def test_the_answer_compute_takes_settles_the_time_too(question, answer, bucket):
    study = study_of(released="2025-06-30", statements=[stated(answer, question=question)])
    made = wages(study, hours("5", begin="2025-07-01", end="2025-07-01"))
    assert buckets(made.parts) == {bucket: "100.00"}


def test_a_new_uncertainty_of_one_person_is_not_that_of_another():
    study = study_of(released="2025-06-30", statements=[stated("new uncertainty", about="person:E2")])
    assert buckets(wages(study, hours("5", begin="2025-07-01", end="2025-07-01")).parts) == {AFTER: "100.00"}


def test_maintenance_stays_excluded_although_other_work_resolves_a_new_uncertainty():
    study = study_of(released="2025-06-30", statements=[stated("new uncertainty")])
    time = hours("5", begin="2025-07-01", end="2025-07-01", activity="maintenance")
    assert buckets(wages(study, time).parts) == {UPKEEP: "100.00"}


@pytest.mark.parametrize(("day", "on"), [("2025-05-31", "2025-06-15"), ("2025-07-01", "2025-07-15")])
def test_the_reviewer_answers_for_work_outside_the_development(day, on):
    passed = Opinion(Gate.ACTIVITY, Verdict.PASSES, Standing.REVIEWER, "decision 4", "Seen.", "reviewer")
    study = study_of(began="2025-06-01", released="2025-06-30")
    made = wages(study, hours("5", begin=day, end=day), on=on, reviewed={"component:atlas": (passed,)})
    assert buckets(made.parts) == {IN_DEVELOPMENT: "100.00"}


def test_a_statement_joins_work_of_before_to_the_component():
    study = study_of(began="2025-07-01", statements=[stated("yes", question="activity.before-component")])
    made = wages(study, hours("5", begin="2025-06-30", end="2025-06-30"))
    assert buckets(made.parts) == {IN_DEVELOPMENT: "100.00"}


# --- contracts


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        ("2025-05-31", {AFTER: "30.00"}),
        ("2025-06-01", {IN_DEVELOPMENT: "1.00", AFTER: "29.00"}),
        ("2025-06-29", {IN_DEVELOPMENT: "29.00", AFTER: "1.00"}),
        ("2025-06-30", {IN_DEVELOPMENT: "30.00"}),
    ],
)
def test_contract_work_is_cut_at_the_release(released, expected):
    made = contracts(study_of(released=released), begin="2025-06-01", end="2025-06-30")
    assert buckets(made.parts) == expected
    assert all(p.determination.counts_in for p in made.parts)


@pytest.mark.parametrize(
    ("began", "expected"),
    [
        ("2025-06-01", {IN_DEVELOPMENT: "30.00"}),
        ("2025-06-02", {BEFORE: "1.00", IN_DEVELOPMENT: "29.00"}),
        ("2025-07-01", {BEFORE: "30.00"}),
    ],
)
def test_contract_work_is_cut_where_the_component_began(began, expected):
    made = contracts(study_of(began=began), begin="2025-06-01", end="2025-06-30")
    assert buckets(made.parts) == expected


def test_the_work_and_not_the_payment_is_after_the_release():
    dates = {"begin": "2025-06-01", "end": "2025-06-30", "paid": "2025-09-01"}
    assert buckets(contracts(study_of("cash", released="2025-06-30"), **dates).parts) == {IN_DEVELOPMENT: "30.00"}
    prepaid = dates | {"paid": "2025-05-01"}
    assert buckets(contracts(study_of("cash", released="2025-05-31"), **prepaid).parts) == {AFTER: "30.00"}


@pytest.mark.parametrize(
    ("released", "bucket"),
    [(None, IN_DEVELOPMENT), ("2024-12-31", AFTER), ("2025-06-30", UNDATED), ("2025-12-31", IN_DEVELOPMENT)],
)
def test_undated_work_waits_where_the_release_falls_inside_the_year(released, bucket):
    known = stated("yes", about="contract:C-1", question="contracts.not-dated")
    made = contracts(study_of(released=released, statements=[known]), end=None)
    assert buckets(made.parts) == {bucket: "30.00"}


@pytest.mark.parametrize("about", ["contract:C-1", "project:atlas", "component:atlas"])
def test_a_statement_settles_contract_work_after_the_release(about):
    study = study_of(released="2025-02-01", statements=[stated("upkeep", about=about)])
    assert buckets(contracts(study).parts) == {UPKEEP: "30.00"}


def test_an_unpaid_invoice_is_cut_at_the_release_too():
    study = study_of("cash", released="2025-06-15", statements=[stated("yes", "C-1", "contracts.not-paid")])
    made = contracts(study, begin="2025-06-01", end="2025-06-30", paid=None)
    assert buckets(made.parts) == {IN_DEVELOPMENT: "15.00", AFTER: "15.00"}


# --- supplies


@pytest.mark.parametrize(
    ("method", "dates", "bucket"),
    [
        ("accrual", {"incurred": "2025-06-30", "paid": "2025-08-01"}, IN_DEVELOPMENT),
        ("accrual", {"incurred": "2025-07-01", "paid": "2025-06-01"}, AFTER),
        ("accrual", {"incurred": "2025-04-30", "paid": "2025-05-02"}, BEFORE),
        ("accrual", {"incurred": "2025-05-01", "paid": "2025-04-01"}, IN_DEVELOPMENT),
        ("cash", {"incurred": "2025-06-30", "paid": "2025-06-30"}, IN_DEVELOPMENT),
        ("cash", {"incurred": "2025-06-30", "paid": "2025-07-01"}, AFTER),
        ("cash", {"incurred": "2025-07-01", "paid": "2025-06-30"}, AFTER),
        ("cash", {"incurred": None, "paid": "2025-07-01"}, AFTER),
        ("cash", {"incurred": "2025-04-30", "paid": "2025-05-01"}, BEFORE),
    ],
)
def test_supplies_bought_outside_the_development_are_held(method, dates, bucket):
    made = supplies(study_of(method, began="2025-05-01", released="2025-06-30"), **dates)
    assert buckets(made.parts) == {bucket: "10.00"}
    assert {p.determination.counts_in for p in made.parts} <= {View.SUPPORTED, View.POTENTIAL}


@pytest.mark.parametrize(
    ("released", "bucket"), [("2025-06-30", UNDATED), ("2024-06-30", AFTER), (None, IN_DEVELOPMENT)]
)
def test_undated_supplies_wait_where_the_release_falls_inside_the_year(released, bucket):
    known = stated("yes", about="supplies:Partsco", question="supplies.not-dated")
    made = supplies(study_of(released=released, statements=[known]), incurred=None, paid=None)
    assert buckets(made.parts) == {bucket: "10.00"}


@pytest.mark.parametrize(("answer", "bucket"), [("new uncertainty", IN_DEVELOPMENT), ("upkeep", UPKEEP)])
def test_a_statement_settles_supplies_after_the_release(answer, bucket):
    study = study_of(released="2025-02-01", statements=[stated(answer)])
    assert buckets(supplies(study).parts) == {bucket: "10.00"}


# --- one question for every kind of cost


def test_compute_asks_the_same_questions_by_the_same_names():
    room = Path(rdcredit.determine.__file__).parent
    rules = {r["id"]: r for r in tomllib.loads((room / "data" / "activity.toml").read_text())["rules"]}
    for name in ("activity.after-release", "activity.before-component", "activity.upkeep"):
        own = reasons()[name]
        assert (own.name, own.verdict) == (rules[name]["name"], rules[name]["verdict"])
        assert own.authority == rules[name]["authority"]
    asked = {q["id"]: q for q in tomllib.loads((room / "data" / "statements.toml").read_text())["questions"]}
    own = reasons()["activity.after-release"]
    assert own.question == rules[own.id]["question"]
    meant = {"yes": {"release_later": "new uncertainty"}, "no": {"release_later": "upkeep"}}
    assert {text: meant[yes] for text, yes in own.answers.items()} == asked[own.question]["answers"]


def test_one_statement_answers_compute_and_people_without_a_complaint():
    study = study_of(released="2025-06-30", statements=[stated("new uncertainty")])
    assert Statements(study, ()).problems == ()
    heard = Answers(study.statements).opinion("activity.after-release", ("component:atlas",), component="atlas")
    assert heard.verdict == Verdict.PASSES
