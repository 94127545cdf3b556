"""Compute: from a rolled-up bill to parts of dollars, each in exactly one bucket with its reason.

Order: cost basis and year, credits spread over the usage they offset, then the gates, with the
dollars counted again after every stage. Nothing here knows a provider or a tag: those are data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdcredit.cost.allocation import spread_negatives
from rdcredit.cost.basis import bridge, charges_of, column_of, settings_of
from rdcredit.determine.bench import Bench
from rdcredit.determine.compute_findings import findings_of, tag_problems
from rdcredit.determine.gates import Conflict
from rdcredit.determine.reasons import NOBODY
from rdcredit.determine.seat import answer_for, with_answer
from rdcredit.errors import Problem, Refused
from rdcredit.ledger.checks import (
    check_conservation,
    control_lines,
    reading_lines,
    totals,
    totals_determined,
    totals_read,
)
from rdcredit.ledger.exact import exact_sum, from_units, units
from rdcredit.ledger.oddities import oddities
from rdcredit.ledger.records import Part, QreCategory
from rdcredit.money import BILL_SCALE, split_by_largest_remainder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal
    from fractions import Fraction

    from rdcredit.cost.allocation import Piece, Spread
    from rdcredit.cost.basis import BridgeLine, Charge
    from rdcredit.determine.bench import Case, Placed
    from rdcredit.determine.gates import Opinion
    from rdcredit.determine.reasons import Reviewed
    from rdcredit.determine.seat import Classifier, WorkloadAnswer
    from rdcredit.ingest.records import RolledBill
    from rdcredit.ledger.checks import ControlLine, ReadingLine, StageTotal
    from rdcredit.ledger.findings import Finding
    from rdcredit.ledger.records import Determination
    from rdcredit.study.config import Study


@dataclass(frozen=True, slots=True)
class BillDetermined:
    """Everything a bill gives to the ledger, the reconciliation and the findings."""

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    bridge: tuple[BridgeLine, ...]
    stages: tuple[StageTotal, ...]
    controls: tuple[ControlLine, ...]
    reading: tuple[ReadingLine, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the dollars of one workload that share circumstances stand where they do.

    ``opinions`` are all that were heard, the reviewer's first; ``determination`` lists the roads
    not taken. ``amount`` is net of credits; None where it is pay.
    """

    workload: str
    tags: tuple[str, ...]
    periods: tuple[str, ...]
    amount: Decimal | None
    rows: int
    circumstances: Mapping[str, str]
    opinions: tuple[Opinion, ...]
    determination: Determination


def determine_bill(
    bill: RolledBill,
    study: Study,
    us_share: Mapping[str, Fraction | None],
    classifier: Classifier | None = None,
    reviewed: Reviewed = NOBODY,
) -> tuple[Part, ...]:
    """The parts of one bill: every dollar of the method's cost column in exactly one bucket.

    ``us_share`` gives each component the share of its people's time in the United States, None
    where it is unknown.

    Raises:
        Refused: E236, the export lacks the column; E505, statements or rules disagree; E702,
            dollars or rows were lost between two stages.
    """
    return examine_bill(bill, study, us_share, classifier, reviewed).parts


def examine_bill(
    bill: RolledBill,
    study: Study,
    us_share: Mapping[str, Fraction | None],
    classifier: Classifier | None = None,
    reviewed: Reviewed = NOBODY,
) -> BillDetermined:
    """As :func:`determine_bill`, with findings, the bridge of cost columns and the totals of every stage."""
    reading = reading_lines(bill)
    heard = _hear(bill, study, us_share, classifier, reviewed)
    parts = tuple(_parts(heard))
    stages = (
        totals_read(bill, column_of(study)),
        totals("cost", bill.input_id, ((*_place(c), c.amount, c.ref.count) for c in heard.charges)),
        totals("allocated", bill.input_id, _allocated(heard)),
        totals_determined(parts, bill.input_id),
    )
    check_conservation(stages, [f.file.path for f in bill.files])
    settings = settings_of(bill, study)
    year = study.credit_year
    return BillDetermined(
        parts=parts,
        findings=(
            *heard.spread.findings,
            *findings_of(heard, bill.input_id),
            *oddities(bill, column_of(study), year.begin, year.end),
        ),
        problems=(*heard.bench.problems, *tag_problems(heard, bill.input_id)),
        bridge=bridge(heard.charges),
        stages=tuple(total for stage in stages for total in stage),
        controls=control_lines(bill, settings.control if settings else ()),
        reading=reading,
    )


def explain(
    bill: RolledBill,
    study: Study,
    us_share: Mapping[str, Fraction | None],
    workload: str,
    classifier: Classifier | None = None,
    reviewed: Reviewed = NOBODY,
) -> tuple[Explanation, ...]:
    """All that was heard about one workload, the largest dollars first; empty where the bill has no such workload."""
    heard = _hear(bill, study, us_share, classifier, reviewed)
    net = heard.net()
    told: dict[tuple[object, ...], list[tuple[int, int, Case]]] = {}
    for i, cases in enumerate(heard.cases):
        if heard.placed[i].workload.id != workload:
            continue
        for case, amount in zip(cases, _split(from_units(net[i]), cases), strict=True):
            told.setdefault((case.determination, *case.circumstances.items()), []).append((i, units(amount), case))
    explanations = [_explanation(workload, heard, here) for here in told.values()]
    return tuple(sorted(explanations, key=lambda e: (-(e.amount or 0), e.determination.rule, e.periods)))


def told_of_parts(parts: Sequence[Part]) -> tuple[Explanation, ...]:
    """What was decided about a person, contract or supplier, a determination at a time.

    The opinions behind it are not kept; amounts of pay are left out.
    """
    found: dict[Determination, list[Part]] = {}
    for part in parts:
        found.setdefault(part.determination, []).append(part)
    return tuple(
        Explanation(
            workload=own[0].subject,
            tags=tuple(dict.fromkeys(p.tags for p in own)),
            periods=tuple(sorted({p.period for p in own})),
            amount=None if own[0].category == QreCategory.WAGES else exact_sum(p.amount for p in own),
            rows=len({p.ref for p in own}),
            circumstances={},
            opinions=(),
            determination=determination,
        )
        for determination, own in found.items()
    )


@dataclass(frozen=True, slots=True)
class Hearing:
    """A bill after its hearing: charges, where credits went, and every charge's cases.

    ``cases`` of a negative charge are empty: its pieces take those of the usage they reduce.
    """

    bench: Bench
    charges: tuple[Charge, ...]
    placed: tuple[Placed, ...]
    spread: Spread
    cases: tuple[tuple[Case, ...], ...]
    answers: Mapping[str, WorkloadAnswer]

    def net(self) -> list[int]:
        """What is left of each charge after credits, in the smallest unit."""
        left = [units(c.amount) if self.cases[i] else 0 for i, c in enumerate(self.charges)]
        for piece in self.spread.pieces:
            left[piece.target] += units(piece.amount)
        return left


def _hear(
    bill: RolledBill,
    study: Study,
    us_share: Mapping[str, Fraction | None],
    classifier: Classifier | None,
    reviewed: Reviewed,
) -> Hearing:
    bench = Bench(study, us_share, bill.input_id, settings_of(bill, study), reviewed)
    disagreeing = [p for p in bench.problems if not p.held]
    if disagreeing:
        raise Refused(disagreeing)
    charges = charges_of(bill, study)
    placed = tuple(bench.place(charge) for charge in charges)
    spread = spread_negatives(charges, [p.workload.id if p.workload.is_tagged else "" for p in placed], bill.input_id)
    cases = _all_cases(bench, charges, set(spread.homeless), bill.input_id)
    answers: dict[str, WorkloadAnswer] = {}
    if classifier is not None:
        answers = {w: answer_for(classifier, costs) for w, costs in _costs(charges, placed).items()}
        cases = tuple(
            tuple(_seen(case, answers[place.workload.id], study) for case in here)
            for here, place in zip(cases, placed, strict=True)
        )
    return Hearing(bench, charges, placed, spread, cases, answers)


def _all_cases(
    bench: Bench, charges: Sequence[Charge], homeless: set[int], source: str
) -> tuple[tuple[Case, ...], ...]:
    cases: list[tuple[Case, ...]] = []
    conflicts: dict[str, Problem] = {}
    for i, charge in enumerate(charges):
        try:
            cases.append(bench.cases(charge) if charge.amount >= 0 or i in homeless else ())
        except Conflict as conflict:
            cases.append(())
            conflicts.setdefault(str(conflict), _disagreement(conflict, source))
    if conflicts:
        raise Refused(conflicts.values())
    return tuple(cases)


def _disagreement(conflict: Conflict, source: str) -> Problem:
    return Problem(
        "E505",
        source,
        str(conflict),
        why="Neither goes before the other, so the dollars would be in two buckets.",
        fix="Withdraw one of the two decisions, or make one rule an exception to the other.",
    )


def _seen(case: Case, answer: WorkloadAnswer, study: Study) -> Case:
    if not case.open_to_classifier:
        return case
    return replace(case, determination=with_answer(case.determination, answer, study.classifier))


def _costs(charges: Sequence[Charge], placed: Sequence[Placed]) -> dict[str, dict[str, int]]:
    """What each workload's distinct tag sets cost, credits aside."""
    costs: dict[str, dict[str, int]] = {}
    for charge, place in zip(charges, placed, strict=True):
        here = costs.setdefault(place.workload.id, {})
        here[place.tags.text] = here.get(place.tags.text, 0) + max(units(charge.amount), 0)
    return costs


def _parts(heard: Hearing) -> Iterator[Part]:
    for i, charge in enumerate(heard.charges):
        for case, amount in zip(heard.cases[i], _split(charge.amount, heard.cases[i]), strict=True):
            yield _part(heard, i, i, amount, case, "")
    # Pieces of one credit that reduce the same dollars in the same way are one part.
    together: dict[tuple[object, ...], list[Piece]] = {}
    for piece in heard.spread.pieces:
        placed = heard.placed[piece.target]
        decided = (case.determination for case in heard.cases[piece.target])
        key = (piece.source, placed.workload.id, placed.tags.text, piece.rung, *decided)
        together.setdefault(key, []).append(piece)
    for pieces in together.values():
        source, target = pieces[0].source, pieces[0].target
        kind = _NAMES.get(heard.charges[source].key["charge_category"], "credit")
        amount, cases = exact_sum(p.amount for p in pieces), heard.cases[target]
        for case, share in zip(cases, _split(amount, cases), strict=True):
            if share:
                yield _part(heard, source, target, share, case, f"{kind} spread by {pieces[0].rung}")


_NAMES = {
    "Credit": "credit",
    "Usage": "negative usage",
    "Purchase": "refund",
    "Adjustment": "adjustment",
    "Tax": "tax refund",
}


def _part(heard: Hearing, source: int, target: int, amount: Decimal, case: Case, note: str) -> Part:
    charge, place = heard.charges[source], heard.placed[target]
    return Part(
        source=heard.bench.source,
        ref=charge.ref,
        period=charge.key["period"],
        currency=charge.key["currency"],
        category=QreCategory.COMPUTER_RENTAL,
        subject=place.workload.id,
        amount=amount,
        determination=case.determination,
        tags=place.tags.text,
        note=note,
    )


def _split(amount: Decimal, cases: Sequence[Case]) -> tuple[Decimal, ...]:
    if len(cases) <= 1:
        return (amount,) * len(cases)
    return split_by_largest_remainder(amount, [case.share for case in cases], BILL_SCALE)


def _place(charge: Charge) -> tuple[str, str]:
    return charge.key["currency"], charge.key["period"]


def _allocated(heard: Hearing) -> Iterator[tuple[str, str, Decimal, int]]:
    for i, charge in enumerate(heard.charges):
        amount = charge.amount if heard.cases[i] else from_units(0)
        yield (*_place(charge), amount, charge.ref.count)
    for piece in heard.spread.pieces:
        yield (*_place(heard.charges[piece.source]), piece.amount, 0)


def _explanation(workload: str, heard: Hearing, here: Sequence[tuple[int, int, Case]]) -> Explanation:
    case = here[0][2]
    return Explanation(
        workload=workload,
        tags=tuple(sorted({heard.placed[i].tags.text for i, _, _ in here})),
        periods=tuple(sorted({heard.charges[i].key["period"] for i, _, _ in here})),
        amount=from_units(sum(amount for _, amount, _ in here)),
        rows=sum(heard.charges[i].ref.count for i, _, _ in here),
        circumstances=case.circumstances,
        opinions=case.opinions,
        determination=case.determination,
    )
