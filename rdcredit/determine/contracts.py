"""Contract research: payments to people other than employees for research on the taxpayer's behalf.

IRC 41(b)(1), (b)(3); Reg. 1.41-2(e). A payment passes the gates cost (for services, paid or incurred
in the taxable year), contract (agreed before the work, owed if it fails, results may be used), trade
or business (carried on already: the start-up relief of 41(b)(4) is for in-house research), place,
component and activity. The 65, 75 or 100 % of section 41(b)(3) is a figure line; the payee kind is
carried to it and nothing is reduced here.

Reg. 1.41-2(e)(2) speaks of the agreement; taking only the success-contingent slice of a price out
is the usual reading, disclosed by the name of its bucket.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from rdcredit.determine.apportion import decimals_of
from rdcredit.determine.contract_terms import ContractFile, contingent_share, contract_checks
from rdcredit.determine.contract_timing import payment_month, work_pieces
from rdcredit.determine.controls import Entry, control_totals
from rdcredit.determine.desk import Desk
from rdcredit.determine.gates import Gate
from rdcredit.determine.names import fold, person_key
from rdcredit.determine.part_reports import Totals, open_questions, total
from rdcredit.determine.people import people_register, place_check
from rdcredit.determine.project_map import phase_checks, placement_checks, unmapped
from rdcredit.determine.reasons import NOBODY, Reviewed, reasons, table
from rdcredit.ledger.findings import Finding
from rdcredit.ledger.records import Part, QreCategory
from rdcredit.money import money_text, split_by_largest_remainder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from rdcredit.determine.contract_terms import ContractRead
    from rdcredit.determine.contract_timing import WorkPiece
    from rdcredit.determine.controls import Reconciliation
    from rdcredit.determine.gates import Opinion
    from rdcredit.errors import Problem
    from rdcredit.ingest.records import ContractorPayment, ContractTerms, PeopleInputs
    from rdcredit.ledger.records import Determination
    from rdcredit.study.config import Study

GATES = (Gate.COST, Gate.CONTRACT, Gate.TRADE_OR_BUSINESS, Gate.PLACE, Gate.COMPONENT, Gate.ACTIVITY)
"""The order in which an exclusion names the bucket."""

PayeeKind = Literal["general", "consortium", "energy"]


@dataclass(frozen=True, slots=True)
class ContractRow:
    """What one contract, or one vendor without a contract, was paid for one component."""

    subject: str
    contract: str
    vendor: str
    payee_kind: PayeeKind
    component: str
    totals: Totals
    terms: ContractTerms | None


@dataclass(frozen=True, slots=True)
class ContractDetermination:
    """What became of every contractor payment."""

    parts: tuple[Part, ...]
    rows: tuple[ContractRow, ...]
    findings: tuple[Finding, ...]
    reconciliation: tuple[Reconciliation, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One part before it is written, with the payment and contract it comes from."""

    payment: ContractorPayment
    terms: ContractTerms | None
    part: Part


def determine_contracts(inputs: PeopleInputs, study: Study, reviewed: Reviewed = NOBODY) -> ContractDetermination:
    """The determination of every contractor payment of the inputs; a payment's parts sum to the payment."""
    desk = Desk.open(inputs, study, reviewed)
    contracts = ContractFile(inputs.contracts)
    register = people_register(inputs)
    employees = frozenset(person_key(name) for p in register.values() for name in p.names)
    lines = [line for p in inputs.payments for line in _lines(p, contracts.read_for(p), desk, employees)]
    parts = tuple(line.part for line in lines)
    cash = study.taxpayer.accounting_method == "cash"
    entries = [Entry(p.ref, payment_month(p, cash=cash), p.amount) for p in inputs.payments]
    return ContractDetermination(
        parts=parts,
        rows=_rows(lines),
        findings=_findings(parts),
        reconciliation=control_totals("contractors", entries, study),
        problems=(
            *contracts.problems(),
            *unmapped((p.project for p in inputs.payments), desk.projects),
        ),
    )


def _lines(
    payment: ContractorPayment, read: ContractRead, desk: Desk, employees: frozenset[tuple[str, ...]]
) -> list[_Line]:
    placement, about, terms = desk.projects.place(payment.project), read.about, read.terms
    common = [
        *_cost_checks(payment, desk, about),
        place_check(payment.country, desk.answers, (*about, *placement.about)),
        *placement_checks(placement, desk.answers),
    ]
    if person_key(payment.vendor) in employees:
        common.append(desk.answers.opinion("contracts.on-payroll", about))
    weights: list[Fraction] = []
    made: list[Determination] = []
    contingent = contingent_share(terms)
    for piece in work_pieces(payment, desk, about, placement.component, terms.signed if terms else None):
        phase = phase_checks(placement, piece.phase, desk.answers, about)
        checks = [*phase, *common, piece.timing, _trade_check(piece, desk, about)]
        for share, on_success in ((1 - contingent, False), (contingent, True)):
            if share:
                own = contract_checks(read, piece, desk, on_success=on_success)
                weights.append(piece.days * share)
                made.append(desk.determine((*checks, *own), GATES, about, placement))
    amounts = split_by_largest_remainder(payment.amount, weights, decimals_of([payment.amount]))
    together: dict[Determination, Decimal] = {}
    for determination, amount in zip(made, amounts, strict=True):
        together[determination] = together.get(determination, Decimal(0)) + amount
    kept = [(d, a) for d, a in together.items() if a] or list(together.items())[:1]
    return [_Line(payment, terms, _part(payment, read.subject, d, a, desk)) for d, a in kept]


def _part(payment: ContractorPayment, subject: str, determination: Determination, amount: Decimal, desk: Desk) -> Part:
    tags = {"invoice": payment.invoice, "project": payment.project.strip(), "vendor": payment.vendor.strip()}
    return Part(
        source=desk.source(payment.ref),
        ref=payment.ref,
        period=payment_month(payment, cash=desk.study.taxpayer.accounting_method == "cash"),
        currency=payment.currency,
        category=QreCategory.CONTRACT_RESEARCH,
        subject=subject,
        amount=amount,
        determination=determination,
        tags=json.dumps(
            {k: v for k, v in tags.items() if v}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ),
    )


def _cost_checks(payment: ContractorPayment, desk: Desk, about: tuple[str, ...]) -> list[Opinion]:
    data = table("contracts")
    kind = fold(payment.kind)
    reason = "contracts.services" if kind in data["kinds"]["passes"] else data["kinds"]["excluded"].get(kind)
    shown_kind = payment.kind.strip() or "not recorded"
    checks = [desk.answers.opinion(reason or "contracts.kind-unknown", about, kind=shown_kind)]
    if fold(payment.currency) != fold(data["currency"]):
        currency = payment.currency.strip() or "a currency that is not recorded"
        checks.append(reasons()["contracts.currency"].opinion(currency=currency))
    return checks


def _trade_check(piece: WorkPiece, desk: Desk, about: tuple[str, ...]) -> Opinion:
    """The trade or business gate, on the day the cost counts under the method.

    In a controlled group a member's trade or business may serve, so the dollars are held there.
    """
    taxpayer = desk.study.taxpayer
    ask = desk.answers.opinion
    if taxpayer.trade_or_business_began is None:
        return ask("trade.not-stated", ("taxpayer", *about))
    began = taxpayer.trade_or_business_began.isoformat()
    if piece.counts_on is None:
        # No day to test; a business carried on throughout the taxable year passes on any day of it.
        throughout = taxpayer.trade_or_business_began <= desk.year.begin
        return ask("trade.carried-on" if throughout else "trade.not-stated", ("taxpayer", *about), began=began)
    if piece.counts_on >= taxpayer.trade_or_business_began:
        return ask("trade.carried-on", ("taxpayer", *about), began=began)
    reason = "trade.group" if taxpayer.controlled_group else "trade.before"
    return ask(reason, ("taxpayer", *about), began=began, day=piece.counts_on.isoformat())


def _rows(lines: Sequence[_Line]) -> tuple[ContractRow, ...]:
    grouped: dict[tuple[str, str, str], list[_Line]] = {}
    for line in lines:
        vendor = fold(line.payment.vendor)
        grouped.setdefault((line.part.subject, vendor, line.part.determination.component), []).append(line)
    return tuple(_row(own) for own in grouped.values())


def _row(lines: Sequence[_Line]) -> ContractRow:
    first = lines[0]
    return ContractRow(
        subject=first.part.subject,
        contract=first.payment.contract.strip(),
        vendor=first.payment.vendor.strip(),
        payee_kind=first.terms.payee_kind if first.terms else "general",
        component=first.part.determination.component,
        totals=Totals.of([line.part for line in lines]),
        terms=first.terms,
    )


_ASKED = (
    (
        "contracts.on_payroll",
        "contracts.on-payroll",
        "Contractors who are also on the payroll",
        (
            "{dollars} were paid to payees with the name of a person on the payroll or in the list of people. A payment"
            " to an employee is not contract research (IRC 41(b)(3)(A)), and the same services cannot count twice."
        ),
    ),
    (
        "contracts.not_read",
        "contracts.not-read",
        "Contracts nobody has read",
        (
            "{dollars} wait for a contract that was signed before the work, owes the price if the research fails and"
            " gives a right to the results (Reg. 1.41-2(e)). Reading the contract settles it."
        ),
    ),
    (
        "contracts.trade_or_business_not_stated",
        "trade.not-stated",
        "When the trade or business began",
        (
            "{dollars} of contract research wait for the date the trade or business began; before it they are no QRE,"
            " and the relief of IRC 41(b)(4) does not cover them."
        ),
    ),
)
"""Code, reason whose question holds the dollars, title and sentence of the findings about open contracts."""


def _findings(parts: Sequence[Part]) -> tuple[Finding, ...]:
    found = (_held_by(parts, *entry) for entry in _ASKED)
    return (*(f for f in found if f), *open_questions(parts, "contracts.open_questions", "contractor payments"))


def _held_by(parts: Sequence[Part], code: str, reason: str, title: str, why: str) -> Finding | None:
    held = [p for p in parts if reasons()[reason].name in p.determination.questions]
    if not held:
        return None
    dollars = total(held)
    return Finding(
        code=code,
        title=title,
        why=why.format(dollars=money_text(dollars)),
        dollars=dollars,
        subjects=tuple(dict.fromkeys(p.subject for p in held)),
    )
