"""When a contractor's payment counts: which days of the work fall in the taxable year under the method.

An accrual taxpayer incurs services as they are performed (Reg. 1.461-4(d)(2)). A cash taxpayer has
the expense when it pays; only a prepaid amount, paid in one year for research done in a later one,
moves to when the research is done (IRC 41(b)(3)(B)). Work that crosses a date that matters is
divided by days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.determine.spans import ONE_DAY, Span, month_of

if TYPE_CHECKING:
    from datetime import date

    from rdcredit.determine.desk import Desk
    from rdcredit.determine.gates import Opinion
    from rdcredit.ingest.records import ContractorPayment


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


def work_pieces(payment: ContractorPayment, desk: Desk, about: tuple[str, ...], signed: date | None) -> list[WorkPiece]:
    """The work paid for, divided at the taxable year, the start of the trade or business and the signature."""
    ask = desk.answers.opinion
    cash = desk.study.taxpayer.accounting_method == "cash"
    begin, end, paid = payment.performed_begin, payment.performed_end, payment.paid
    if cash and paid is None:
        return [WorkPiece(1, ask("contracts.not-paid", about), begun=begin)]
    if cash and paid is not None and paid > desk.year.end:
        # In arrears: whenever the work was done, the cost is of the year of payment or a later one.
        return [WorkPiece(1, ask("contracts.paid-in-another-year", about, paid=paid.isoformat()), paid, begin)]
    if begin is None or end is None:
        return [WorkPiece(1, ask("contracts.not-dated", about), paid if cash else None, begin)]
    if end < begin:
        return [WorkPiece(1, ask("contracts.dates-reversed", about))]
    began = desk.study.taxpayer.trade_or_business_began
    cuts = [desk.year.begin, desk.year.end + ONE_DAY, *(d for d in (began, signed) if d)]
    spans = Span(begin, end).cut(cuts)
    if cash and paid is not None:
        return [_cash_piece(span, paid, desk, about) for span in spans]
    return [_accrual_piece(span, desk, about) for span in spans]


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
