"""The rule data: every reason is cited, its facts are known, and gates of several checks pass together."""

import ast
import string
from pathlib import Path

import pytest

import rdcredit.determine
from rdcredit.determine.gates import Gate, Opinion, Standing, Verdict
from rdcredit.determine.project_map import activities, activity_in_words
from rdcredit.determine.reasons import TABLES, combined, determined, reasons, table
from rdcredit.ledger.records import View

ROOM = Path(rdcredit.determine.__file__).parent
MODULES = (
    "people",
    "project_map",
    "wages",
    "contracts",
    "contract_terms",
    "contract_timing",
    "supplies",
    "desk",
    "timebook",
)


def opinion(gate=Gate.ACTIVITY, verdict=Verdict.PASSES, rule="r", name="", **more):
    standing = {"passes": Standing.POSITIVE, "excluded": Standing.EXCLUSION, "held": Standing.QUESTION}[verdict]
    return Opinion(gate, verdict, standing, rule, f"Because {rule}.", f"IRC {rule}", name, **more)


@pytest.mark.parametrize("reason", reasons().values(), ids=lambda r: r.id)
def test_every_reason_is_cited_says_why_and_asks_where_it_holds(reason):
    assert reason.authority.startswith(("IRC ", "Reg. "))
    assert reason.why.endswith((".", "{missing}"))
    assert bool(reason.asks) == (reason.verdict == Verdict.HELD)


def test_every_reason_is_used_by_name_and_every_name_used_exists():
    texts = {
        node.value
        for module in MODULES
        for node in ast.walk(ast.parse((ROOM / f"{module}.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    in_data = {r for w in table("supplies")["words"] for r in [w["reason"]]} | set(
        table("contracts")["kinds"]["excluded"].values()
    )
    by_no = {r.no for r in reasons().values() if r.no}
    by_prefix = {f"supplies.place.{place}" for place in ("us", "foreign", "unknown")}
    assert set(reasons()) - texts - in_data - by_no - by_prefix == set()
    assert in_data <= set(reasons())


def test_facts_of_reasons_are_plain_names():
    for reason in reasons().values():
        names = {field for _, field, _, _ in string.Formatter().parse(reason.why) if field is not None}
        assert all(name.isidentifier() for name in names), reason.id


def test_every_excluded_activity_names_its_paragraph():
    for activity in activities().values():
        if activity.effect in ("excluded", "after_release"):
            assert activity.authority.startswith(("IRC 41(d)(4)", "IRC 41(d)(3)", "IRC 41(d)(1)(C)")), activity.id


def test_no_word_means_two_activities():
    words = [word for a in activities().values() for word in a.words]
    assert len(words) == len(set(words))
    assert activity_in_words(" Sick  Leave ").effect == "leave"
    assert activity_in_words("sick leave policy tool") is None


def test_the_tables_read_are_the_shipped_ones():
    assert all((ROOM / "data" / f"{name}.toml").is_file() for name in TABLES)


# --- gates of several checks


def test_a_gate_passes_only_if_every_check_does():
    passes, asks = opinion(rule="a"), opinion(verdict=Verdict.HELD, rule="b", name="why so")
    (both,) = combined([passes, opinion(rule="c")])
    assert both.why == "Because a. Because c."
    assert combined([passes, asks]) == (asks,)


def test_an_exclusion_of_a_gate_goes_before_its_questions():
    asks, out = opinion(verdict=Verdict.HELD, name="why so"), opinion(verdict=Verdict.EXCLUDED, name="out")
    assert combined([asks, out]) == (out,)


def test_a_question_that_could_not_qualify_keeps_the_dollar_out_of_every_view():
    held = [
        opinion(Gate.COST, Verdict.HELD, "a", "first"),
        opinion(Gate.COST, Verdict.HELD, "b", "second", could_qualify=False),
    ]
    made = determined([*held, opinion()], (Gate.COST, Gate.ACTIVITY), "atlas")
    assert made.questions == ("first", "second")
    assert made.counts_in is None


def test_the_reviewer_overrides_a_gate_and_the_road_not_taken_is_kept():
    out = opinion(verdict=Verdict.EXCLUDED, rule="a", name="out")
    spoken = Opinion(Gate.ACTIVITY, Verdict.PASSES, Standing.REVIEWER, "decision 7", "Seen.", "D. Reviewer")
    made = determined([out], (Gate.ACTIVITY,), "atlas", reviewed=[spoken])
    assert made.counts_in == View.SUPPORTED
    assert (made.rule, made.authority) == ("decision 7", "D. Reviewer")
    assert any("out" in text for text in made.road_not_taken)
