"""Gates and precedence: how opinions about one subject become one determination.

A dollar is qualified only when every gate it must pass is passed. Inside a gate the reviewer
comes first, then a statutory exclusion, then a positive rule; a gate on which nobody has an
opinion holds the dollar by its question. Across gates an exclusion wins over a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from rdcredit.ledger.records import Bucket, BucketKind, Determination, View

if TYPE_CHECKING:
    from collections.abc import Sequence


class Gate(StrEnum):
    """The tests a dollar must pass, each by itself."""

    COMPONENT = "component"
    """Which business component it belongs to."""
    ACTIVITY = "activity"
    """The work is qualified research of that component, section 41(d)."""
    COST = "cost"
    """Paid or incurred in the year, for something that can be a QRE, section 41(b)."""
    RIGHT_TO_USE = "right to use computers"
    TENANCY = "tenancy"
    CONTRACT = "contract"
    PLACE = "place"
    TRADE_OR_BUSINESS = "trade or business"
    ROLE = "role"
    TIME = "time"


class Standing(IntEnum):
    """Rank of an opinion inside its gate; a lower number goes first."""

    REVIEWER = 0
    EXCLUSION = 1
    POSITIVE = 2
    QUESTION = 3


class Verdict(StrEnum):
    """What an opinion says of its gate."""

    PASSES = "passes"
    EXCLUDED = "excluded"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One rule's, statement's or reviewer's view of one gate.

    ``name`` is the exclusion reason or the question (empty for *passes*). ``could_qualify`` says
    whether dollars held by this question enter the *potential* view.
    """

    gate: Gate
    verdict: Verdict
    standing: Standing
    rule: str
    why: str
    authority: str
    name: str = ""
    could_qualify: bool = True


class Conflict(ValueError):
    """Two opinions of equal rank disagree about one gate."""

    def __init__(self, first: Opinion, second: Opinion) -> None:
        self.first, self.second = first, second
        super().__init__(f"rules {first.rule} and {second.rule} disagree about the {first.gate} gate")


QUESTION_ORDER = (
    Gate.COMPONENT,
    Gate.COST,
    Gate.RIGHT_TO_USE,
    Gate.TENANCY,
    Gate.PLACE,
    Gate.CONTRACT,
    Gate.TRADE_OR_BUSINESS,
    Gate.ROLE,
    Gate.TIME,
    Gate.ACTIVITY,
)
"""Which question names the bucket when several are open; idle or unused capacity is a cost question."""


def _of_gate(opinions: Sequence[Opinion], gate: Gate) -> Opinion:
    here = sorted((o for o in opinions if o.gate == gate), key=lambda o: o.standing)
    if not here:
        return Opinion(
            gate, Verdict.HELD, Standing.QUESTION, rule="no-rule", name=f"{gate}: no rule speaks about this",
            why=f"No rule, statement or reviewer speaks about the {gate} gate.", authority="",
        )  # fmt: skip
    first = here[0]
    for other in here[1:]:
        if other.standing == first.standing and (other.verdict, other.name) != (first.verdict, first.name):
            if first.standing == Standing.QUESTION:
                continue
            raise Conflict(first, other)
    return first


def decide(opinions: Sequence[Opinion], gates: Sequence[Gate], component: str) -> Determination:
    """The determination of one subject from all opinions on the gates it must pass.

    Raises:
        Conflict: two rules of equal rank disagree.
    """
    decisive = [_of_gate(opinions, gate) for gate in gates]
    beaten = tuple(
        f"{o.gate}: {o.verdict}{f' ({o.name})' if o.name else ''} by {o.rule}" for o in opinions if o not in decisive
    )
    excluded = [o for o in decisive if o.verdict == Verdict.EXCLUDED]
    held = sorted((o for o in decisive if o.verdict == Verdict.HELD), key=lambda o: QUESTION_ORDER.index(o.gate))
    if excluded:
        o = excluded[0]
        bucket, counts = Bucket(BucketKind.EXCLUDED, o.name), None
    elif held:
        o = held[0]
        bucket = Bucket(BucketKind.HELD, o.name)
        counts = View.POTENTIAL if all(h.could_qualify for h in held) else None
    else:
        o = next((d for d in decisive if d.gate == Gate.ACTIVITY), decisive[-1])
        bucket, counts = Bucket(BucketKind.QUALIFIED, component), View.SUPPORTED
    return Determination(
        bucket=bucket,
        counts_in=counts,
        component=component,
        rule=o.rule,
        why=o.why,
        authority=o.authority,
        questions=tuple(h.name for h in held),
        road_not_taken=beaten,
    )
