"""Payments to contractors, the terms of their contracts, and purchases of supplies."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from rdcredit.errors import Problem, shown
from rdcredit.ingest.columns import Column, Kind
from rdcredit.ingest.format import fold
from rdcredit.ingest.records import ContractorPayment, ContractTerms, SupplyRow
from rdcredit.ingest.tables import Layout
from rdcredit.money import money_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rdcredit.ingest.record import Record
    from rdcredit.ingest.tables import Table

VENDOR = Column(
    "Vendor",
    aliases=("Vendor Name", "Supplier", "Supplier Name", "Payee", "Contractor", "Contractor Name", "Freelancer"),
)
CONTRACT = Column(
    "Contract",
    Kind.IDENTIFIER,
    ("Contract ID", "Contract Number", "Agreement", "SOW", "Statement of Work", "PO Number"),
)
PROJECT = Column("Project", aliases=("Project Name", "Project Code", "Job", "Class"))
INVOICE = Column("Invoice", Kind.IDENTIFIER, ("Invoice Number", "Invoice No", "Invoice ID", "Bill No", "Bill Number"))
BEGIN = Column("Service Start", Kind.DATE, ("Service From", "Work Start", "Performed From", "Service Begin"))
END = Column("Service End", Kind.DATE, ("Service To", "Work End", "Performed To", "Service Through"))
PAID = Column("Paid Date", Kind.DATE, ("Payment Date", "Date Paid", "Paid On", "Paid"))
AMOUNT = Column(
    "Amount", Kind.AMOUNT, ("Amount Paid", "Payment Amount", "Invoice Amount", "Bill Amount", "Total Amount")
)
CURRENCY = Column("Currency", aliases=("Currency Code", "Amount Currency"))
COUNTRY = Column("Work Country", Kind.COUNTRY, ("Country of Work", "Country Performed", "Worker Country", "Country"))
KIND = Column("Kind", aliases=("Line Type", "Charge Type", "Item Type"))

SIGNED = Column("Signed", Kind.DATE, ("Signed Date", "Date Signed", "Agreement Date"))
REGARDLESS = Column("Paid Regardless Of Success", Kind.YES_NO, ("Owed Regardless Of Success",))
RIGHTS = Column("Rights To Results", Kind.YES_NO, ("Substantial Rights", "Right To Results", "Rights"))
CONTINGENT = Column("Success Contingent Share", Kind.SHARE, ("Contingent Share", "Success Fee Share"))
PAYEE_KIND = Column("Payee Kind", aliases=("Payee Type", "Contractor Kind"))
DOCUMENT = Column("Document", aliases=("Contract Document", "Document Reference", "File"))
RELATED = Column("Related Party", Kind.YES_NO, ("Is Related Party", "Related"))

DESCRIPTION = Column("Description", aliases=("Item", "Memo", "Memo/Description", "Item Description"))
INCURRED = Column(
    "Incurred", Kind.DATE, ("Incurred Date", "Date Incurred", "Received Date", "Invoice Date", "Purchase Date")
)
TANGIBLE = Column("Tangible", Kind.YES_NO, ("Is Tangible",))
DEPRECIABLE = Column("Depreciable", Kind.YES_NO, ("Is Depreciable", "Capitalized"))
ACCOUNT = Column("Account", aliases=("GL Account", "Account Name", "Ledger Account"))

PAYMENTS_LAYOUT = Layout(
    columns=(VENDOR, CONTRACT, PROJECT, INVOICE, BEGIN, END, PAID, AMOUNT, CURRENCY, COUNTRY, KIND),
    required=((VENDOR, AMOUNT),),
    unique_rows=True,
)
CONTRACTS_LAYOUT = Layout(
    columns=(CONTRACT, VENDOR, SIGNED, REGARDLESS, RIGHTS, CONTINGENT, PAYEE_KIND, DOCUMENT, RELATED),
    required=((CONTRACT, VENDOR),),
)
SUPPLIES_LAYOUT = Layout(
    columns=(VENDOR, DESCRIPTION, PROJECT, INCURRED, PAID, AMOUNT, CURRENCY, TANGIBLE, DEPRECIABLE, ACCOUNT),
    required=((VENDOR, DESCRIPTION, AMOUNT),),
    unique_rows=True,
)

_ISO_CURRENCY = re.compile(r"[A-Z]{3}")
_PAYMENT_KINDS = {
    "services": (
        "services", "service", "work", "labor", "labour", "consulting", "hourly", "fixed price", "milestone", "bonus",
        "overtime", "development", "contract research",
    ),
    "expenses": ("expenses", "expense", "reimbursement", "reimbursable", "travel"),
    "platform fee": ("platform fee", "fee", "fees", "service fee", "processing fee", "deel platform fee", "membership"),
    "tax": ("tax", "taxes", "vat", "sales tax", "gst", "hst"),
}  # fmt: skip
_PAYMENT_KIND_BY_WORD = {fold(word): kind for kind, words in _PAYMENT_KINDS.items() for word in words}
_PayeeKind = Literal["general", "consortium", "energy"]
_PAYEE_KIND_BY_WORD: dict[str, _PayeeKind] = {
    "": "general",
    "general": "general",
    "consortium": "consortium",
    "researchconsortium": "consortium",
    "qualifiedresearchconsortium": "consortium",
    "energy": "energy",
    "energyresearch": "energy",
}


def read_payments(table: Table, currency: str = "") -> tuple[ContractorPayment, ...]:
    """The payments whose amounts can be read; ``currency`` is the one stated for the input."""
    rows = tuple(row for row in (_payment(record, currency) for record in table.records) if row is not None)
    table.findings.problems.extend(currency_problems(rows, table.file.path))
    return rows


def read_supplies(table: Table, currency: str = "") -> tuple[SupplyRow, ...]:
    """The purchases whose amounts can be read; ``currency`` is the one stated for the input."""
    rows = tuple(row for row in (_supply(record, currency) for record in table.records) if row is not None)
    table.findings.problems.extend(currency_problems(rows, table.file.path))
    return rows


def read_contracts(table: Table) -> tuple[ContractTerms, ...]:
    """The terms of each contract as far as somebody has read them."""
    return tuple(
        ContractTerms(
            ref=record.ref,
            contract=record.identifier(CONTRACT),
            vendor=record.text(VENDOR),
            signed=record.day(SIGNED),
            paid_regardless_of_success=record.yes_no(REGARDLESS),
            rights_to_results=record.yes_no(RIGHTS),
            success_contingent_share=record.share(CONTINGENT),
            payee_kind=_payee_kind(record),
            document=record.text(DOCUMENT),
            related_party=record.yes_no(RELATED),
        )
        for record in table.records
    )


def _payment(record: Record, currency: str) -> ContractorPayment | None:
    begin, end = _service_dates(record)
    vendor, contract, invoice = record.text(VENDOR), record.identifier(CONTRACT), record.identifier(INVOICE)
    kind, country, paid = _payment_kind(record), record.country(COUNTRY), record.day(PAID)
    amount = record.amount(AMOUNT)
    if amount is None:
        return None
    return ContractorPayment(
        ref=record.ref,
        vendor=vendor,
        contract=contract,
        project=record.text(PROJECT),
        amount=amount,
        currency=record.text(CURRENCY) or currency,
        performed_begin=begin,
        performed_end=end,
        paid=paid,
        country=country,
        kind=kind,
        invoice=invoice,
    )


def _supply(record: Record, currency: str) -> SupplyRow | None:
    vendor, description, project = record.text(VENDOR), record.text(DESCRIPTION), record.text(PROJECT)
    incurred, paid = record.day(INCURRED), record.day(PAID)
    tangible, depreciable = record.yes_no(TANGIBLE), record.yes_no(DEPRECIABLE)
    amount = record.amount(AMOUNT)
    if amount is None:
        return None
    return SupplyRow(
        ref=record.ref,
        vendor=vendor,
        description=description,
        project=project,
        amount=amount,
        currency=record.text(CURRENCY) or currency,
        incurred=incurred,
        paid=paid,
        tangible=tangible,
        depreciable=depreciable,
        account=record.text(ACCOUNT),
    )


def _service_dates(record: Record) -> tuple[date | None, date | None]:
    begin, end = record.day(BEGIN), record.day(END)
    if begin is None or end is None or begin <= end:
        return begin, end
    record.hold(
        "E351",
        END,
        "the service ends before it begins",
        "Both dates are treated as unknown, which holds the dollars.",
        "Correct the dates in the source and export again.",
    )
    return None, None


def _payment_kind(record: Record) -> str:
    """One of the known kinds; the word itself where it is none of them, empty where the cell is."""
    if KIND not in record.frame.positions:
        return "services"
    word = record.text(KIND)
    kind = _PAYMENT_KIND_BY_WORD.get(fold(word))
    if kind is None:
        record.hold(
            "E502",
            KIND,
            f"{shown(word)} is not a kind of payment that is known",
            "Bills beside their payments, escrow and funding would count the same dollars twice; the row is held.",
            f"Use one of {', '.join(_PAYMENT_KINDS)}, and leave out rows that only move money.",
        )
    return kind or word


def _payee_kind(record: Record) -> _PayeeKind:
    word = record.text(PAYEE_KIND)
    kind = _PAYEE_KIND_BY_WORD.get(fold(word))
    if kind is None:
        record.problem(
            Problem(
                "E502",
                record.place(PAYEE_KIND),
                f"{shown(word)} is not a kind of payee that is known",
                "The kind decides which share of the payment counts.",
                "Use general, consortium (qualified research consortium) or energy.",
            )
        )
    return kind or "general"


def currency_problems(rows: Iterable[ContractorPayment | SupplyRow], place: str) -> list[Problem]:
    """E232 where the amounts are in several currencies, in none, or in one that is not plainly named."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.currency] += row.amount
    plain = [code for code in sums if _ISO_CURRENCY.fullmatch(code)]
    if len(sums) <= len(plain) <= 1:
        return []
    named = ", ".join(
        f"{money_text(total)} in {shown(code) if code else 'no currency'}" for code, total in sums.items()
    )
    return [
        Problem(
            "E232",
            place,
            f"the amounts are {named}",
            "Amounts of several currencies cannot be added, and no rate of exchange is guessed.",
            'State currency = "USD" for an input without the column, or export the amounts in one currency (as USD).',
        )
    ]
