"""Supplies: tangible property, other than land and depreciable property, used in qualified research.

IRC 41(b)(2)(A)(ii), (C); Reg. 1.41-2(b). A purchase passes the gates cost (tangible, not
depreciable, of the taxable year under the method), place, component and activity. Supplies follow
the people of their component: they are apportioned by where these people work, because nothing
else is known of where a supply was used, and section 41(d)(4)(F) knows no 80 % relief for them.

Not handled: supplies of a product that is later sold (pilot models), which the study must describe.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from rdcredit.determine.apportion import decimals_of
from rdcredit.determine.controls import Entry, control_totals
from rdcredit.determine.desk import Desk
from rdcredit.determine.gates import Gate
from rdcredit.determine.names import fold
from rdcredit.determine.part_reports import Totals, open_questions
from rdcredit.determine.place import ComponentPlace, component_places
from rdcredit.determine.project_map import phase_checks, phases, placement_checks, undated_phase, unmapped
from rdcredit.determine.reasons import NOBODY, Reviewed, reasons, table
from rdcredit.determine.spans import Span, month_of
from rdcredit.ledger.records import Part, QreCategory
from rdcredit.money import split_by_largest_remainder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rdcredit.determine.controls import Reconciliation
    from rdcredit.determine.gates import Opinion
    from rdcredit.determine.project_map import Phase, Placement
    from rdcredit.errors import Problem
    from rdcredit.ingest.records import PeopleInputs, SupplyRow
    from rdcredit.ledger.findings import Finding
    from rdcredit.ledger.records import Determination
    from rdcredit.study.config import Study

GATES = (Gate.COST, Gate.PLACE, Gate.COMPONENT, Gate.ACTIVITY)
"""The order in which an exclusion names the bucket."""


@dataclass(frozen=True, slots=True)
class SupplyTotal:
    """What was bought for one component (empty where none is known)."""

    component: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class SupplyDetermination:
    """What became of every purchase of supplies."""

    parts: tuple[Part, ...]
    rows: tuple[SupplyTotal, ...]
    findings: tuple[Finding, ...]
    reconciliation: tuple[Reconciliation, ...]
    problems: tuple[Problem, ...]


def determine_supplies(
    inputs: PeopleInputs,
    study: Study,
    reviewed: Reviewed = NOBODY,
    places: Mapping[str, ComponentPlace] | None = None,
) -> SupplyDetermination:
    """The determination of every purchase of the inputs; a purchase's parts sum to the purchase.

    ``places`` is what :func:`~rdcredit.determine.place.component_places` makes of the same inputs,
    where the caller has it already.
    """
    desk = Desk.open(inputs, study, reviewed)
    places = component_places(inputs, study) if places is None else places
    parts = tuple(part for row in inputs.supplies for part in _parts(row, desk, places))
    entries = [Entry(r.ref, _month(r, desk), r.amount) for r in inputs.supplies]
    return SupplyDetermination(
        parts=parts,
        rows=_totals(parts),
        findings=open_questions(parts, "supplies.open_questions", "supplies"),
        reconciliation=control_totals("supplies", entries, study),
        problems=unmapped((r.project for r in inputs.supplies), desk.projects),
    )


def _parts(row: SupplyRow, desk: Desk, places: Mapping[str, ComponentPlace]) -> list[Part]:
    placement = desk.projects.place(row.project)
    about = (f"supplies:{row.vendor.strip()}", *placement.about)
    checks = [
        *phase_checks(placement, _phase(row, placement, desk), desk.answers, about[:1]),
        *_cost_checks(row, desk, about),
        *placement_checks(placement, desk.answers),
    ]
    shares = _place_shares(placement, places, desk, about)
    together: dict[Determination, Decimal] = {}
    amounts = split_by_largest_remainder(row.amount, [s for s, _ in shares], decimals_of([row.amount]))
    for (_, place), amount in zip(shares, amounts, strict=True):
        determination = desk.determine((*checks, place), GATES, about[:1], placement)
        together[determination] = together.get(determination, Decimal(0)) + amount
    kept = [(d, a) for d, a in together.items() if a] or list(together.items())[:1]
    tags = {"description": row.description.strip(), "project": row.project.strip(), "vendor": row.vendor.strip()}
    return [
        Part(
            source=desk.source(row.ref),
            ref=row.ref,
            period=_month(row, desk),
            currency=row.currency,
            category=QreCategory.SUPPLIES,
            subject=about[0],
            amount=amount,
            determination=determination,
            tags=json.dumps(tags, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        )
        for determination, amount in kept
    ]


def _phase(row: SupplyRow, placement: Placement, desk: Desk) -> Phase:
    """Where a purchase lies in the life of its component.

    The day of use is not on record. A cash payer's day of payment and the day of the purchase must
    both lie in the component's development; an accrual taxpayer's purchase counts on the day incurred.
    """
    cash = desk.study.taxpayer.accounting_method == "cash"
    days = [d for d in (row.incurred, row.paid if cash else None) if d]
    found = {phase for day in days for _, phase in phases(placement.component, Span(day, day))}
    if not found:
        return undated_phase(placement.component, desk.year)
    return "after" if "after" in found else "before" if "before" in found else "development"


def _place_shares(
    placement: Placement, places: Mapping[str, ComponentPlace], desk: Desk, about: Sequence[str]
) -> list[tuple[Fraction, Opinion]]:
    """The opinions of the place gate with the share of the purchase each speaks of."""
    ask = desk.answers.opinion
    component = placement.component_id
    where = places.get(component, ComponentPlace())
    shares = (("us", where.us), ("foreign", where.foreign), ("unknown", where.unknown))
    known = [(share, f"supplies.place.{place}") for place, share in shares if share]
    return [
        (share, ask(reason, about, component=component or "that is not known"))
        for share, reason in known or [(Fraction(1), "supplies.place.unknown")]
    ]


def _cost_checks(row: SupplyRow, desk: Desk, about: Sequence[str]) -> list[Opinion]:
    """By name first, then what is stated of the property, then the year."""
    ask = desk.answers.opinion
    named = _named(row)
    checks = [reasons()[named[0]].opinion(word=named[1])] if named else []
    tangible = {True: "supplies.tangible", False: "supplies.not-tangible", None: "supplies.tangible-unknown"}
    checks.append(ask(tangible[row.tangible], about))
    if row.depreciable is not False:
        checks.append(ask("supplies.depreciable" if row.depreciable else "supplies.depreciable-unknown", about))
    if fold(row.currency) != fold(table("supplies")["currency"]):
        currency = row.currency.strip() or "a currency that is not recorded"
        checks.append(reasons()["supplies.currency"].opinion(currency=currency))
    cash = desk.study.taxpayer.accounting_method == "cash"
    day = _day(row, cash=cash)
    method = "Cash method" if cash else "Accrual method"
    if day is None:
        return [*checks, ask("supplies.not-dated", about, method=method)]
    reason = "supplies.in-year" if desk.year.holds(day) else "supplies.other-year"
    return [*checks, ask(reason, about, method=method, day=day.isoformat())]


@cache
def _words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries = table("supplies")["words"]
    return tuple(
        (e["reason"], re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, e['words']))})(?!\w)")) for e in entries
    )


def _named(row: SupplyRow) -> tuple[str, str] | None:
    """The reason a purchase is no supply by its description or ledger account, with the word that says so."""
    for text in (row.description, row.account):
        for reason, pattern in _words():
            found = pattern.search(fold(text))
            if found:
                return reason, f'"{found.group()}"'
    return None


def _day(row: SupplyRow, *, cash: bool) -> date | None:
    return row.paid if cash else row.incurred


def _month(row: SupplyRow, desk: Desk) -> str:
    """The month of the date the method looks to; of the other one where that is not recorded."""
    cash = desk.study.taxpayer.accounting_method == "cash"
    day = _day(row, cash=cash) or _day(row, cash=not cash)
    return month_of(day) if day else ""


def _totals(parts: Sequence[Part]) -> tuple[SupplyTotal, ...]:
    by_component: dict[str, list[Part]] = {}
    for part in parts:
        by_component.setdefault(part.determination.component, []).append(part)
    return tuple(SupplyTotal(component, Totals.of(own)) for component, own in by_component.items())
