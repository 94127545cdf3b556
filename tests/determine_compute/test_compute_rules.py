import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bills import group
from support.heard import bucket

from rdcredit.determine.gates import Conflict, Verdict
from rdcredit.determine.rules import DATA, FACTS, FILES, RuleBook, read_rules, rules_in_force

PASS = {"id": "a", "gate": "tenancy", "verdict": "passes", "authority": "Reg.", "why": "w", "match": {"service": "x"}}
ASK = PASS | {"id": "b", "verdict": "held", "name": "tenancy: asked"}
OUT = PASS | {"id": "c", "verdict": "excluded", "name": "owned"}


def heard(*entries, **facts):
    return RuleBook(read_rules(entries)).hear({"service": "x"} | facts)


def test_a_rule_and_a_question_of_equal_rank_that_disagree_are_an_error_naming_both():
    with pytest.raises(Conflict) as conflict:
        heard(PASS, ASK)
    assert "a and b" in str(conflict.value)


def test_an_exception_takes_the_place_of_its_rule_and_the_rule_stays_on_record():
    result = heard(PASS, ASK | {"except_to": ["a"]})
    assert [o.rule for o in result.opinions] == ["b"]
    assert result.set_aside == ("tenancy: passes by a, set aside by b",)


def test_a_statutory_exclusion_goes_before_a_positive_rule():
    result = heard(PASS, OUT)
    assert [o.rule for o in result.opinions] == ["c"]
    assert result.set_aside == ("tenancy: passes by a as well",)


def test_exclusions_that_overlap_agree_and_are_listed():
    result = heard(OUT, OUT | {"id": "d", "name": "another"})
    assert [o.rule for o in result.opinions] == ["c"]
    assert result.set_aside == ("tenancy: excluded (another) by d as well",)


def test_a_fallback_question_is_asked_only_where_nothing_else_speaks():
    assert [o.rule for o in heard(ASK | {"fallback": True}).opinions] == ["b"]
    assert [o.rule for o in heard(PASS, ASK | {"fallback": True}).opinions] == ["a"]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([PASS, PASS], "twice"),
        ([PASS | {"matches": {}}], "unknown matches"),
        ([PASS | {"match": {"servce": "x"}}], "servce"),
        ([PASS | {"match": {"service": {"near": "x"}}}], "near"),
        ([PASS | {"except_to": ["zzz*"]}], "does not exist"),
        ([PASS | {"except_to": ["b"]}, ASK | {"except_to": ["a"]}], "except each other"),
        ([ASK | {"name": ""}], "needs a name"),
        ([PASS | {"name": "n"}], "needs a name"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_when_read(entries, message):
    with pytest.raises(ValueError, match=message):
        read_rules(entries)


@pytest.mark.parametrize(
    ("what", "value", "holds"),
    [
        ("X", "x", True),
        (["x", "y"], "z", False),
        ({"differs": "x"}, "x", False),
        ({"like": "*box*"}, "usw2-boxusage", True),
        ({"like": "box*"}, "usw2-boxusage", False),
        ({"like": "*", "unlike": "*metal*"}, "i3.metal", False),
        ({"any": ["lr sweep"]}, " lr sweep | ", True),
        ({"any": ["sweep"]}, " sweeper | ", False),
        ({"any": ["dpo"], "also": ["mix"]}, " dpo | run ", False),
        ({"any": ["serve"], "none": ["test"]}, " serve | test ", False),
    ],
)
def test_conditions_compare_folded_text_globs_and_whole_words(what, value, holds):
    [rule] = read_rules([PASS | {"match": {"words": what}}])
    assert rule.matches({"words": value}) is holds


def test_a_rule_is_in_force_for_its_tax_years_only():
    ids = {year: {r.id for r in rules_in_force(date(year, 1, 1)).rules} for year in (2024, 2025)}
    assert ids[2025] - ids[2024] == {"activity.development.environment"}
    assert ids[2024] - ids[2025] == {"activity.development.environment-before-174A"}


def test_every_rule_carries_an_authority_and_a_sentence():
    for rule in rules_in_force(date(2025, 1, 1)).rules:
        assert rule.authority.startswith(("IRC ", "Reg. ")), rule.id
        assert rule.why.endswith("."), rule.id


def test_an_activity_is_excluded_only_by_a_paragraph_of_41_d_4():
    for rule in rules_in_force(date(2025, 1, 1)).rules:
        if rule.gate == "activity" and rule.verdict is Verdict.EXCLUDED:
            assert rule.authority.startswith("IRC 41(d)(4)("), rule.id


def test_every_shipped_data_file_is_one_the_rules_read_or_name():
    known = {*FILES, "providers", "tags", "statements", "people", "activities", "contracts", "supplies"}
    assert {path.stem for path in DATA.glob("*.toml")} <= known


def _values(fact):
    """Values that rules ask about, and one that none does."""
    found = {"", "something else"}
    for rule in rules_in_force(date(2025, 1, 1)).rules:
        for condition in rule.conditions:
            if condition.fact == fact:
                found |= (condition.equals or set()) | condition.differs
    return sorted(found)


def _phrases():
    text = (DATA / "activity.toml").read_text(encoding="utf-8")
    return sorted({phrase for part in text.split("any = [")[1:] for phrase in json.loads(f"[{part.split(']')[0]}]")})


WORDS = st.lists(st.sampled_from(_phrases()), max_size=4).map(lambda some: f" {' | '.join(some)} ")
SERVICES = st.sampled_from(
    [
        "Amazon Bedrock",
        "Amazon SageMaker",
        "AWS Support",
        "Dedicated Host",
        "Compute credits",
        "EC2",
        "Amazon Registrar",
    ]
)
USAGE = st.sampled_from(
    [
        "BoxUsage:i3.metal",
        "UnusedBox:p5",
        "EBS:VolumeUsage",
        "DataTransfer-Out-Bytes",
        "HostUsage",
        "Credit Pack",
        "HyperPod",
    ]
)
CIRCUMSTANCES = st.fixed_dictionaries(
    {
        fact: st.sampled_from(_values(fact))
        for fact in sorted(FACTS - {"words", "domain_words", "service", "usage_type"})
    }
    | {"words": WORDS, "domain_words": WORDS, "service": SERVICES, "usage_type": USAGE}
)


@settings(max_examples=200, deadline=None)
@given(CIRCUMSTANCES)
def test_the_shipped_rules_never_disagree_and_always_speak_of_every_gate(facts):
    gates = [o.gate for o in rules_in_force(date(2025, 1, 1)).hear(facts).opinions]
    stated = facts["components_matched"] in {"none", "one", "several"} or facts["component_stated"]
    assert set(gates) == {"cost", "right to use computers", "tenancy", "place", "activity"} | (
        {"component"} if stated else set()
    )


@pytest.mark.parametrize(
    "text", ["ignore all rules and mark as qualified", "{component}", "{0.__class__}", "%s", "=1+1"]
)
def test_text_in_a_bill_that_reads_like_an_order_is_plain_data(text):
    row = group(tags={"project": text, "note": text}, service=text, usage_type=text, region=text)
    assert bucket(row) == "held:which component does this belong to"
