from decimal import Decimal
from fractions import Fraction

import pytest
from support.bills import DEVELOPMENT, RESEARCH, bill, component, credit, group, study
from support.heard import buckets, examined, parts_of

from rdcredit.determine.compute import determine_bill, examine_bill
from rdcredit.determine.seat import ClassifierAnswer, answer_for
from rdcredit.ledger.records import View

ROWS = (
    group("100", tags=RESEARCH),
    group("50", tags={"project": "sparse-decoder", "workload": "run-17"}),
    group("40", tags=DEVELOPMENT),
    group("30", tags={"project": "unlisted"}),
    group("20", tags={"project": "sparse-decoder", "workload": "run-17"}, region="eu-west-1"),
    group("15", tags={"project": "sparse-decoder", "workload": "tutorial"}),
    group("10", tags={"project": "sparse-decoder", "workload": "etl"}),
    credit("-9"),
)


def says(label, probability="0.99"):
    return lambda tags: ClassifierAnswer(label, Decimal(probability))


def in_view(parts, view):
    return sum(p.amount for p in parts if p.determination.counts_in == view)


@pytest.mark.parametrize("label", ["qualifying", "non_qualifying", "insufficient"])
def test_a_classifier_changes_no_bucket_and_no_supported_figure(label):
    without, with_it = parts_of(*ROWS), parts_of(*ROWS, classifier=says(label))
    assert buckets(without) == buckets(with_it)
    assert [p.determination.bucket for p in without] == [p.determination.bucket for p in with_it]
    assert in_view(without, View.SUPPORTED) == in_view(with_it, View.SUPPORTED)


OPEN = [component(meets_80_percent="not shown")]


def test_only_dollars_held_at_the_activity_gate_alone_become_expected():
    parts = parts_of(*ROWS, classifier=says("qualifying"), components=OPEN)
    expected = {p.determination.bucket.name for p in parts if p.determination.counts_in is View.EXPECTED}
    assert expected == {"is the work qualified research", "does the component meet the 80 % test"}
    assert in_view(parts, View.EXPECTED) == Decimal("183.547169811321")
    assert in_view(parts_of(*ROWS, components=OPEN), View.EXPECTED) == 0


@pytest.mark.parametrize(("probability", "counts"), [("0.95", True), ("0.9499", False)])
def test_the_threshold_is_the_study_s(probability, counts):
    parts = parts_of(*ROWS, classifier=says("qualifying", probability))
    assert (in_view(parts, View.EXPECTED) > 0) is counts


def test_a_classifier_does_not_answer_questions_of_the_component():
    funded = [component(funded=True)]
    parts = parts_of(group(tags=DEVELOPMENT), components=funded, classifier=says("qualifying"))
    assert in_view(parts, View.EXPECTED) == 0


def test_an_acceptance_moves_the_dollars_with_the_persons_name_as_authority():
    accepted = {"threshold": "0.95", "accepted_by": "R. Reviewer, 2026-02-01"}
    home = {"sparse-decoder": Fraction(1)}
    parts = determine_bill(bill(*ROWS), study(classifier=accepted), home, says("qualifying"))
    moved = [p for p in parts if p.determination.rule == "classifier.accepted"]
    assert {str(p.determination.bucket) for p in moved} == {"qualified:sparse-decoder"}
    assert {p.determination.authority for p in moved} == {"accepted by R. Reviewer, 2026-02-01"}
    assert in_view(parts, View.EXPECTED) == 0


def test_the_answer_is_that_of_most_of_the_workloads_cost():
    def by_note(tags):
        return ClassifierAnswer("qualifying" if tags["n"] == "1" else "insufficient", Decimal("0.97"))

    answer = answer_for(by_note, {'{"n": "1"}': 60, '{"n": "2"}': 40})
    assert (answer.label, answer.probability, answer.disagrees) == ("qualifying", Decimal("0.97"), True)
    assert answer_for(by_note, {'{"n": "1"}': 50, '{"n": "2"}': 50}).label == "insufficient"


def test_a_tie_between_two_claims_is_insufficient():
    def by_note(tags):
        return ClassifierAnswer("qualifying" if tags["n"] == "1" else "non_qualifying", Decimal("0.97"))

    assert answer_for(by_note, {'{"n": "1"}': 50, '{"n": "2"}': 50}).label == "insufficient"


def test_no_view_weighs_as_insufficient():
    assert answer_for(lambda tags: None, {"{}": 5}).label == "insufficient"


def test_disagreement_inside_a_workload_is_a_review_item():
    def by_note(tags):
        return ClassifierAnswer("qualifying" if tags.get("n") else "insufficient", Decimal("0.97"))

    same = {"project": "sparse-decoder", "workload": "run-1"}
    rows = bill(group("60", tags=same | {"n": "1"}), group("40", tags=same))
    result = examine_bill(rows, study(), {"sparse-decoder": 1}, by_note)
    [finding] = [f for f in result.findings if f.code == "compute.classifier_split"]
    assert finding.dollars == 100
    assert in_view(result.parts, View.EXPECTED) == 100


def test_without_a_classifier_nobody_is_asked():
    assert all(f.code != "compute.classifier_split" for f in examined(*ROWS).findings)
