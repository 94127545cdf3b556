"""Contractors, their contracts, and supplies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from generator.days import days_of, month_start
from generator.files import csv_text
from generator.quillfern.company import YEAR


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract as its abstract has it; an empty cell is what nobody has read."""

    id: str
    vendor: str
    signed: str
    regardless: str
    rights: str
    contingent: str
    document: str
    related: str = "No"


CONTRACTS = (
    Contract("CT-101", "Osprelle Numerics LLC", "2025-02-24", "Yes", "Yes", "0", "contracts/CT-101.pdf, s. 4 and 9"),
    Contract("CT-102", "Laboratorio Sonoluma, LLC", "2025-03-10", "Yes", "Yes", "0", "contracts/CT-102.pdf, s. 3"),
    Contract("CT-103", "Zerelund Signal ApS", "2025-03-28", "Yes", "Yes", "0", "contracts/CT-103.pdf, s. 5"),
    Contract("CT-104", "Tessaquine Labelling Works Ltd", "2025-03-17", "Yes", "Yes", "0", "contracts/CT-104.pdf, s. 2"),
    Contract("CT-105", "Marrowick Systems LLC", "2024-11-08", "Yes", "Yes", "0", "contracts/CT-105.pdf, s. 6"),
    Contract("CT-106", "Pellwater Audio Research, Inc.", "2024-12-12", "Yes", "Yes", "0", "contracts/CT-106.pdf, s. 4"),
    Contract("CT-107", "Nimbrel Compilers LLC", "2025-06-20", "Yes", "Yes", "0.40", "contracts/CT-107.pdf, schedule B"),
    Contract("CT-108", "Hathercote Perception Lab", "", "", "", "", "", ""),
    Contract("CT-109", "Vindlegate Assurance LLC", "2025-04-22", "Yes", "Yes", "0", "contracts/CT-109.pdf"),
    Contract("CT-110", "Farrowdene Measurement LLC", "2025-06-30", "Yes", "Yes", "0", "contracts/CT-110.pdf, s. 1"),
    Contract("CT-111", "Quorlin Model Works, Inc.", "2025-05-05", "Yes", "No", "0", "contracts/CT-111.pdf, s. 8"),
)


@dataclass(frozen=True, slots=True)
class Bill:
    """One line of the contractor ledger."""

    vendor: str
    contract: str
    project: str
    invoice: str
    begin: date
    end: date
    paid: date
    amount: Decimal
    country: str = "US"
    kind: str = "services"


def _monthly(
    contract: str, project: str, months: range, amount: str, country: str = "US", pay_day: int = 12
) -> list[Bill]:
    """An invoice a month, paid in the month after."""
    vendor = next(c.vendor for c in CONTRACTS if c.id == contract)
    bills = []
    for number in months:
        month = month_start(YEAR, number)
        paid = month_start(YEAR + number // 12, number % 12 + 1).replace(day=pay_day)
        bills.append(Bill(vendor, contract, project, f"{contract[3:]}-{number:02}", month, days_of(month)[-1], paid,
                          Decimal(amount), country))  # fmt: skip
    return bills


def _single(
    contract: str, project: str, invoice: str, days: tuple[date, date], paid: date, amount: str, kind: str = "services",
    country: str = "US",
) -> Bill:  # fmt: skip
    vendor = next((c.vendor for c in CONTRACTS if c.id == contract), contract)
    known = contract if vendor != contract else ""
    return Bill(vendor, known, project, invoice, *days, paid, Decimal(amount), country, kind)


def bills() -> list[Bill]:
    """The ledger, oldest payment first."""
    june, july = (date(YEAR, 6, 2), date(YEAR, 6, 27)), (date(YEAR, 7, 1), date(YEAR, 7, 31))
    lines = [
        *_monthly("CT-101", "sparse-decoder", range(3, 11), "14500.00"),
        _single("CT-101", "sparse-decoder", "101-E1", (date(YEAR, 5, 1), date(YEAR, 5, 31)), date(YEAR, 6, 12),
                "1120.50", "expenses"),
        _single("CT-101", "sparse-decoder", "101-PRE", (date(YEAR + 1, 1, 5), date(YEAR + 1, 3, 27)),
                date(YEAR, 12, 19), "18000.00"),
        *_monthly("CT-102", "speech-codec", range(4, 9), "6800.00", "PR"),
        *_monthly("CT-103", "speech-codec", range(4, 8), "9200.00", "DK"),
        *_monthly("CT-104", "labelling-tool", range(4, 12), "3100.00", "KE"),
        *(_single("CT-104", "labelling-tool", f"104-F{month:02}", (date(YEAR, month, 1), date(YEAR, month, 28)),
                  date(YEAR, month, 28), "49.00", "platform fee", "KE") for month in range(4, 12)),
        _single("CT-105", "retrieval-quantiser", "105-2412", (date(YEAR - 1, 12, 1), date(YEAR - 1, 12, 31)),
                date(YEAR, 1, 17), "11000.00"),
        *_monthly("CT-105", "retrieval-quantiser", range(9, 13), "11000.00", pay_day=20),
        *_monthly("CT-106", "speech-codec", range(1, 3), "18000.00"),
        _single("CT-107", "kernel-autotuner", "107-M1", (date(YEAR, 7, 1), date(YEAR, 8, 29)), date(YEAR, 9, 10),
                "26000.00"),
        _single("CT-107", "kernel-autotuner", "107-M2", (date(YEAR, 9, 1), date(YEAR, 11, 21)), date(YEAR, 12, 5),
                "26000.00"),
        _single("CT-108", "eval-harness", "HPL-0917", (date(YEAR, 8, 4), date(YEAR, 9, 12)), date(YEAR, 10, 1),
                "21500.00"),
        _single("CT-109", "security-audit", "VA-25-044", (date(YEAR, 5, 5), date(YEAR, 5, 23)), date(YEAR, 6, 6),
                "17800.00"),
        _single("CT-110", "eval-harness", "110-01", june, date(YEAR, 7, 11), "12400.00"),
        _single("CT-110", "eval-harness", "110-02", july, date(YEAR, 8, 8), "12400.00"),
        _single("CT-111", "sparse-decoder", "QMW-118", (date(YEAR, 5, 12), date(YEAR, 6, 6)), date(YEAR, 7, 3),
                "8750.00"),
        _single("Stellanby Design Studio", "website", "SDS-31", (date(YEAR, 3, 3), date(YEAR, 3, 28)),
                date(YEAR, 4, 15), "9600.00"),
    ]  # fmt: skip
    return sorted(lines, key=lambda bill: (bill.paid, bill.invoice))


def contractors_csv() -> bytes:
    """The contractor ledger of the year, with what was paid in January for December."""
    header = ("Vendor", "Contract", "Project", "Invoice", "Service Start", "Service End", "Paid Date", "Amount",
              "Currency", "Work Country", "Kind")  # fmt: skip
    rows = ((b.vendor, b.contract, b.project, b.invoice, b.begin, b.end, b.paid, b.amount, "USD", b.country, b.kind)
            for b in bills())  # fmt: skip
    return csv_text(header, rows)


def contractor_total() -> Decimal:
    """What the ledger comes to."""
    return sum((bill.amount for bill in bills()), Decimal(0))


def contracts_csv() -> bytes:
    """The contract abstracts, with the kind of payee for the 65, 75 and 100 percent."""
    header = ("Contract", "Vendor", "Signed", "Paid Regardless Of Success", "Rights To Results",
              "Success Contingent Share", "Payee Kind", "Document", "Related Party")  # fmt: skip
    rows = ((c.id, c.vendor, c.signed, c.regardless, c.rights, c.contingent, "general", c.document, c.related)
            for c in CONTRACTS)  # fmt: skip
    return csv_text(header, rows)


SUPPLIES = (
    ("Brackenfold Components", "Evaluation boards, low-power audio DSP, lot of 12", "speech-codec", "2025-02-18",
     "2025-03-14", "2340.00", "Yes", "No", "6410 Lab supplies"),
    ("Brackenfold Components", "MEMS microphone array boards, lot of 20", "speech-codec", "2025-04-09", "2025-05-02",
     "1186.40", "Yes", "No", "6410 Lab supplies"),
    ("Brackenfold Components", "Evaluation boards, low-power audio DSP, lot of 24", "speech-codec", "2025-09-16",
     "2025-10-10", "4512.00", "Yes", "No", "6410 Lab supplies"),
    ("Tallowmere Instruments", "Four-channel oscilloscope", "speech-codec", "2025-03-05", "2025-04-04", "11480.00",
     "Yes", "Yes", "1520 Equipment"),
    ("Tallowmere Instruments", "Power analyser probes and fixtures", "kernel-autotuner", "2025-07-22", "2025-08-15",
     "1964.75", "Yes", "No", "6410 Lab supplies"),
    ("Signalharbour Software", "Signal processing toolbox, annual licence", "speech-codec", "2025-01-30", "2025-02-21",
     "3900.00", "No", "No", "6420 Software"),
    ("Ferrowell Office", "Desk frames and lamps", "admin", "2025-02-06", "2025-02-28", "5218.33", "Yes", "Yes",
     "6510 Office"),
    ("Kestermoor Electronics", "Prototype enclosure kit", "retrieval-quantiser", "2025-06-11", "2025-07-03", "742.60",
     "", "", "6410 Lab supplies"),
    ("Brackenfold Components", "Evaluation boards, lot of 6 (ordered December 2024)", "speech-codec", "2024-12-20",
     "2025-01-15", "1170.00", "Yes", "No", "6410 Lab supplies"),
)  # fmt: skip


def supplies_csv() -> bytes:
    """Purchases of the accounts where supplies could be."""
    header = ("Vendor", "Description", "Project", "Incurred", "Paid Date", "Amount", "Currency", "Tangible",
              "Depreciable", "Account")  # fmt: skip
    rows = ((*row[:6], "USD", *row[6:]) for row in SUPPLIES)
    return csv_text(header, rows)


def supplies_total() -> Decimal:
    """What the purchases come to."""
    return sum((Decimal(row[5]) for row in SUPPLIES), Decimal(0))
