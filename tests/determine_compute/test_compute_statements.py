import pytest
from support.bills import RESEARCH, bill, component, group, study
from support.heard import bucket, determined, examined, parts_of

from rdcredit.determine.compute import determine_bill
from rdcredit.determine.gates import Gate, Opinion, Standing, Verdict
from rdcredit.errors import Refused

UNKNOWN_CLOUD = {"provider": "Northwind GPU", "publisher": "Northwind GPU", "issuer": "Northwind GPU"}


def says(question, answer, about="component:sparse-decoder", by="Dana Cole"):
    return {
        "about": about,
        "question": question,
        "answer": answer,
        "by": by,
        "date": "2026-01-15",
        "document": "memo 4",
    }


def usage(**key):
    return group(**({"tags": RESEARCH} | key))


def stated(row, *statements, **settings):
    return determined(row, statements=list(statements), **settings)


@pytest.mark.parametrize(
    "about",
    [
        "111122223333 | Compute | project=sparse-decoder, workload=ablation-7",
        "workload:111122223333 | Compute | project=sparse-decoder, workload=ablation-7",
        "sparse-decoder",
        "component:sparse-decoder",
        "111122223333",
        "input:cloud",
        "cloud",
    ],
)
def test_a_statement_may_be_about_a_workload_a_component_an_account_or_an_input(about):
    made = stated(usage(**UNKNOWN_CLOUD), says("tenancy", "Shared", about))
    assert str(made.bucket) == "qualified:sparse-decoder"
    assert "stated by Dana Cole, 2026-01-15, memo 4" in made.authority


def test_a_statement_about_something_else_settles_nothing():
    assert str(stated(usage(**UNKNOWN_CLOUD), says("tenancy", "shared", "atlas")).bucket) == "held:tenancy: unknown"


@pytest.mark.parametrize("question", ["tenancy", "tenancy: unknown", "tenancy.unknown", "Tenancy"])
def test_the_question_is_named_by_its_id_its_rule_or_the_bucket(question):
    assert str(stated(usage(**UNKNOWN_CLOUD), says(question, "shared")).bucket) == "qualified:sparse-decoder"


@pytest.mark.parametrize(
    ("row", "statement", "expected"),
    [
        ({"service_family": "Storage"}, says("right to use computers", "no"), "excluded:not the use of a computer"),
        ({"service_family": "Storage"}, says("right to use computers", "yes"), "qualified:sparse-decoder"),
        ({"region": "eu-west-1"}, says("region", "United States"), "qualified:sparse-decoder"),
        ({"publisher": "Red Hat Inc."}, says("marketplace", "compute"), "qualified:sparse-decoder"),
        ({"region": "us-west-2"}, says("place", "outside the United States"), "excluded:foreign research"),
        (UNKNOWN_CLOUD, says("tenancy", "owned"), "excluded:owned hardware"),
    ],
)  # fmt: skip
def test_a_statement_settles_the_gate_it_is_about(row, statement, expected):
    assert str(stated(usage(**row), statement).bucket) == expected


def test_a_person_may_say_which_component_and_what_the_work_was():
    row = group(tags={"project": "mystery"})
    about = "111122223333 | Compute | project=mystery"
    made = stated(row, says("which component does this belong to", "sparse-decoder", about))
    assert str(made.bucket) == "held:is the work qualified research"
    made = stated(
        row, says("component", "sparse-decoder", about), says("activity", "hyperparameter_search", about, by="Kim Roe")
    )
    assert str(made.bucket) == "qualified:sparse-decoder"
    assert "Kim Roe" in made.authority
    assert "Dana Cole" in made.authority


def test_what_a_person_says_of_the_work_does_not_undo_a_statutory_exclusion():
    row = group(tags={"project": "sparse-decoder", "workload": "nightly-etl"})
    made = stated(row, says("activity", "architecture_experiment"))
    assert str(made.bucket) == "excluded:routine data collection"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("new uncertainty", "qualified:sparse-decoder"), ("upkeep", "excluded:after commercial production")],
)
def test_work_after_a_release_is_settled_by_what_it_resolved(answer, expected):
    components = [component(released="2025-01-31")]
    assert str(stated(usage(), says("after release", answer), components=components).bucket) == expected


def test_an_answer_about_the_release_month_leaves_later_months_alone():
    components = [component(released="2025-03-15")]
    said = says("release", "before release")
    assert str(stated(usage(), said, components=components).bucket) == "qualified:sparse-decoder"
    later = str(stated(usage(period="2025-05"), said, components=components).bucket)
    assert later == "held:after release: new uncertainty or upkeep"


def test_an_answer_the_question_does_not_take_is_refused_with_those_it_takes():
    with pytest.raises(Refused) as refused:
        examined(usage(**UNKNOWN_CLOUD), statements=[says("tenancy", "probably shared")])
    [problem] = refused.value.problems
    assert problem.code == "E502"
    assert "reserved shared" in problem.fix


def test_statements_that_contradict_each_other_are_refused():
    with pytest.raises(Refused) as refused:
        parts_of(usage(), statements=[says("tenancy", "shared"), says("tenancy", "bare metal", by="Kim Roe")])
    [problem] = refused.value.problems
    assert problem.code == "E505"
    assert "Kim Roe" in problem.what


def test_the_nearest_subject_prevails():
    made = stated(
        usage(**UNKNOWN_CLOUD),
        says("tenancy", "bare metal", "cloud"),
        says("tenancy", "shared", "component:sparse-decoder"),
    )
    assert str(made.bucket) == "qualified:sparse-decoder"


def test_questions_of_other_rooms_are_left_to_them():
    assert examined(usage(), statements=[says("contracts.rights", "perhaps", "contract:C-3")]).problems == ()


def reviewer(gate, verdict, name=""):
    return Opinion(gate, verdict, Standing.REVIEWER, "decision 12", "Read the run logs.", "R. Reviewer, CPA", name)


def reviewed(row, *opinions, about="component:sparse-decoder", **settings):
    rows, home = bill(row), {"sparse-decoder": 1}
    return determine_bill(rows, study(**settings), home, reviewed={about: opinions})[0].determination


def test_the_reviewer_goes_before_a_rule_and_names_the_gate():
    row = usage(usage_type="BoxUsage:i3.metal")
    made = reviewed(row, reviewer(Gate.TENANCY, Verdict.PASSES))
    assert str(made.bucket) == "qualified:sparse-decoder"
    assert "R. Reviewer, CPA" in made.authority
    assert any("tenancy.bare-metal" in road for road in made.road_not_taken)


def test_a_decision_at_one_gate_leaves_the_others_alone():
    row = usage(usage_type="BoxUsage:i3.metal", region="eu-west-1")
    made = reviewed(row, reviewer(Gate.TENANCY, Verdict.PASSES))
    assert str(made.bucket) == "held:place: people in the United States, region outside it"


def test_nobody_qualifies_a_dollar_that_belongs_to_no_component():
    row = group(tags={"project": "mystery"})
    about = "workload:111122223333 | Compute | project=mystery"
    gates = (Gate.COMPONENT, Gate.ACTIVITY, Gate.PLACE)
    made = reviewed(row, *(reviewer(gate, Verdict.PASSES) for gate in gates), about=about)
    assert str(made.bucket) == "held:which component does this belong to"


def test_two_decisions_of_one_rank_that_disagree_are_refused():
    opinions = (reviewer(Gate.TENANCY, Verdict.PASSES), reviewer(Gate.TENANCY, Verdict.HELD, "tenancy: asked"))
    with pytest.raises(Refused) as refused:
        reviewed(usage(), *opinions)
    assert [p.code for p in refused.value.problems] == ["E505"]


def test_a_reviewer_over_a_statutory_exclusion_is_a_finding_with_the_dollars():
    from rdcredit.determine.compute import examine_bill

    row = usage(amount="75", tags=RESEARCH | {"purpose": "etl"})
    opinions = {"component:sparse-decoder": (reviewer(Gate.ACTIVITY, Verdict.PASSES),)}
    result = examine_bill(bill(row), study(), {"sparse-decoder": 1}, reviewed=opinions)
    assert str(result.parts[0].determination.bucket) == "qualified:sparse-decoder"
    [finding] = [f for f in result.findings if f.code == "compute.exclusion_overridden"]
    assert finding.dollars == 75


def test_a_statement_at_another_input_does_not_leak():
    assert (
        bucket(usage(**UNKNOWN_CLOUD), statements=[says("tenancy", "shared", "input:other")]) == "held:tenancy: unknown"
    )
