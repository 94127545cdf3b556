"""When a contractor's payment counts: which days of the work fall in the taxable year under the method.

An accrual taxpayer incurs services as they are performed (Reg. 1.461-4(d)(2)). A cash taxpayer has
the expense when it pays; only a prepaid amount, paid in one year for research done in a later one,
moves to when the research is done (IRC 41(b)(3)(B)). Work that crosses a date that matters is
divided by days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdcredit.determine.project_map import phases, undated_phase
from rdcredit.determine.spans import ONE_DAY, Span, month_of

if TYPE_CHECKING:
    from datetime import date

    from rdcredit.determine.desk import Desk
    from rdcredit.determine.gates import Opinion
    from rdcredit.determine.project_map import Phase
    from rdcredit.ingest.records import ContractorPayment
    from rdcredit.study.config import ComponentSettings


@dataclass(frozen=True, slots=True)
class WorkPiece:
    """A stretch of the work all of whose days are treated alike.

    ``counts_on`` is the day the cost is paid or incurred for section 41; None where that is open.
    """

    days: int
    timing: Opinion
    counts_on: date | None = None
    begun: date | None = None
    """First day of the work of this piece; None where the record does not say."""
    phase: Phase = "development"
    """Where the work lies in the life of its component."""


def work_pieces(
    payment: ContractorPayment,
    desk: Desk,
    about: tuple[str, ...],
    component: ComponentSettings | None,
    signed: date | None,
) -> list[WorkPiece]:
    """The work paid for, divided at every date that matters.

    These are the taxable year, the start of the trade or business, the signature, and the beginning
    and release of the component.
    """
    began = desk.study.taxpayer.trade_or_business_began
    begin, end = payment.performed_begin, payment.performed_end
    if begin is None or end is None or end < begin:
        undated = _undated_piece(payment, desk, about)
        return [replace(undated, phase=undated_phase(component, desk.year))]
    cuts = [desk.year.begin, desk.year.end + ONE_DAY, *(d for d in (began, signed) if d)]
    divided = [entry for span in Span(begin, end).cut(cuts) for entry in phases(component, span)]
    return [replace(_dated_piece(span, payment, desk, about), phase=phase) for span, phase in divided]


def _undated_piece(payment: ContractorPayment, desk: Desk, about: tuple[str, ...]) -> WorkPiece:
    """All the work, where the record does not say from when to when it was done."""
    begin, end = payment.performed_begin, payment.performed_end
    ask = desk.answers.opinion
    paid = payment.paid if desk.study.taxpayer.accounting_method == "cash" else None
    unpaid = _not_paid_in_time(payment, desk, about)
    if unpaid:
        return WorkPiece(1, unpaid, paid, begin)
    if begin and end:
        return WorkPiece(1, ask("contracts.dates-reversed", about))
    return WorkPiece(1, ask("contracts.not-dated", about), paid, begin)


def _not_paid_in_time(payment: ContractorPayment, desk: Desk, about: tuple[str, ...]) -> Opinion | None:
    """For a cash taxpayer: not paid on record, or paid after the taxable year, whenever the work was done."""
    if desk.study.taxpayer.accounting_method != "cash":
        return None
    if payment.paid is None:
        return desk.answers.opinion("contracts.not-paid", about)
    if payment.paid > desk.year.end:
        return desk.answers.opinion("contracts.paid-in-another-year", about, paid=payment.paid.isoformat())
    return None


def _dated_piece(span: Span, payment: ContractorPayment, desk: Desk, about: tuple[str, ...]) -> WorkPiece:
    if desk.study.taxpayer.accounting_method != "cash":
        return _accrual_piece(span, desk, about)
    unpaid = _not_paid_in_time(payment, desk, about)
    if unpaid or payment.paid is None:
        timing = unpaid or desk.answers.opinion("contracts.not-paid", about)
        return WorkPiece(span.days, timing, payment.paid, span.begin)
    return _cash_piece(span, payment.paid, desk, about)


def _accrual_piece(span: Span, desk: Desk, about: tuple[str, ...]) -> WorkPiece:
    reason = "contracts.performed-in-year" if span.within(desk.year) else "contracts.performed-in-another-year"
    timing = desk.answers.opinion(reason, about, days=_days(span))
    return WorkPiece(span.days, timing, span.begin, span.begin)


def _cash_piece(span: Span, paid: date, desk: Desk, about: tuple[str, ...]) -> WorkPiece:
    """Paid on or before the last day of the taxable year."""
    close = desk.year.end if desk.year.holds(paid) else desk.year.begin - ONE_DAY
    prepaid = span.begin > close
    if prepaid:
        inside = span.within(desk.year) is not None
        reason = "contracts.prepaid-performed-in-year" if inside else "contracts.prepaid-performed-later"
    else:
        reason = "contracts.paid-in-year" if desk.year.holds(paid) else "contracts.paid-in-another-year"
    timing = desk.answers.opinion(reason, about, paid=paid.isoformat(), days=_days(span))
    return WorkPiece(span.days, timing, span.begin if prepaid else paid, span.begin)


def payment_month(payment: ContractorPayment, *, cash: bool) -> str:
    """The one month under which the ledger lists all parts of a payment.

    That of the payment for a cash taxpayer, of the end of the work for an accrual one; the other
    date where that is not recorded, and none where neither is.
    """
    worked = payment.performed_end or payment.performed_begin
    day = (payment.paid or worked) if cash else (worked or payment.paid)
    return month_of(day) if day else ""


def _days(span: Span) -> str:
    return f"on {span.begin.isoformat()}" if span.days == 1 else f"{span.begin.isoformat()} to {span.end.isoformat()}"
