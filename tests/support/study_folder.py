"""A small study of one component, written out whole: bill, payroll, time, people, contractors, supplies.

Tests change the tables or the settings they are about before :meth:`StudyFolder.write`; control totals follow the
tables unless they are stated.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
[study]
status = "draft"
dated = 2026-02-10
prepared_by = "A. Preparer"
reviewed_by = "B. Reviewer"

[taxpayer]
name = "Tensorworks, Inc."
entity = "C corporation"
accounting_method = "accrual"
ein = "12-3456789"
activity_code = "541715"
formed = 2021-01-04
trade_or_business_began = 2021-06-01
controlled_group = false
major_acquisition_or_disposition = false
asc_730_directive = false

[[tax_years]]
begin = 2021-01-04
end = 2021-12-31
qre = "none"
qre_source = "books of 2021"
receipts = { base = "50000.00", s448c = "50000.00" }

[[tax_years]]
begin = 2022-01-01
end = 2022-12-31
qre = { wages = "90000.00", supplies = "none", computer_rental = "none", contract_research = "none", source = "books" }
receipts = { base = "100000.00", s448c = "100000.00" }

[[tax_years]]
begin = 2023-01-01
end = 2023-12-31
qre = { wages = "100000.00", supplies = "none", computer_rental = "none", contract_research = "none", source = "books" }
receipts = { base = "200000.00", s448c = "200000.00" }

[[tax_years]]
begin = 2024-01-01
end = 2024-12-31
qre = { wages = "110000.00", supplies = "none", computer_rental = "none", contract_research = "none", source = "books" }
receipts = { base = "300000.00", s448c = "300000.00" }

[[tax_years]]
begin = 2025-01-01
end = 2025-12-31
receipts = { base = "400000.00", s448c = "400000.00" }

[elections]
method = "compare"
reduced_credit = "no"

[[components]]
id = "sparse-decoder"
name = "Sparse decoding engine"
kind = "software"
use = "not internal"
began = 2024-11-04
information_sought = "Whether a sparse cache keeps quality."
uncertainty = "Method: no known routing kept quality."
alternatives = "Three routing schemes."
evaluation = "Ablation runs with fixed seeds."
technological_basis = "Computer science."
funded = false
meets_80_percent = "yes"
meets_80_percent_source = "hours of 2025 by activity"
select = [{ project = "sparse-decoder" }]
projects = ["sparse-decoder"]

[[projects]]
name = "admin"
activity = "backoffice_ga"
"""

RESEARCH = {"project": "sparse-decoder", "workload": "ablation-7"}
ROUTINE = {"project": "sparse-decoder", "workload": "etl-load-warehouse"}


def charge(amount, month="2025-03", tags=None, **cells):
    """One FOCUS row of a virtual machine; ``cells`` are columns by name."""
    return {
        "BilledCost": amount,
        "EffectiveCost": amount,
        "BillingCurrency": "USD",
        "BillingAccountId": "000000000042",
        "SubAccountId": "001234567890",
        "ChargeCategory": "Usage",
        "ChargeClass": "",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": f"{month}-04T00:00:00Z",
        "ChargePeriodEnd": f"{month}-05T00:00:00Z",
        "BillingPeriodStart": f"{month}-01T00:00:00Z",
        "ServiceCategory": "Compute",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "ProviderName": "AWS",
        "PublisherName": "Amazon Web Services, Inc.",
        "InvoiceIssuerName": "Amazon Web Services, Inc.",
        "RegionId": "us-west-2",
        "ResourceId": "i-0",
        "CommitmentDiscountId": "",
        "CommitmentDiscountStatus": "",
        "PricingCategory": "Standard",
        "InvoiceId": f"INV-{month}",
        "x_UsageType": "USW2-BoxUsage:p4d.24xlarge",
        "Tags": json.dumps(tags or {}),
    } | cells


def name_of(person):
    """A name for each id, unlike all others; it contains letters only."""
    spelled = "".join(chr(ord("a") + ord(c) % 26) for c in person)
    return f"{spelled.title()} Of-{'upper' if person.isupper() else 'lower'} {spelled[::-1]}son"


def pay(person, amount, day="2025-06-30", kind="Regular"):
    return {
        "Employee ID": person, "Employee Name": name_of(person), "Pay Date": day, "Pay Type": kind,
        "Gross Pay": amount, "Pre-Tax Deductions": "0.00", "Taxable Wages": amount,
    }  # fmt: skip


def hours(person, amount, project="sparse-decoder", activity="Research", day="2025-06-16"):
    return {"Employee ID": person, "Date": day, "Project": project, "Activity": activity, "Hours": amount}


def percent(person, amount, project="sparse-decoder", activity="Research"):
    return {"Employee ID": person, "Period Start": "2025-01-01", "Period End": "2025-12-31", "Project": project,
            "Activity": activity, "Percent": amount}  # fmt: skip


def employee(person, title="Research Engineer", country="US"):
    return {
        "Employee ID": person, "Employee Name": name_of(person), "Title": title, "Department": "Research",
        "Work Country": country, "Work State": "WA", "Officer": "No", "Owner": "No", "Role Evidence": "",
    }  # fmt: skip


def payment(contract, amount, country="US", **cells):
    return {
        "Vendor": f"Vendor of {contract}", "Contract": contract, "Project": "sparse-decoder",
        "Invoice": f"{contract}-1", "Service Start": "2025-04-01", "Service End": "2025-04-30",
        "Paid Date": "2025-05-15", "Amount": amount, "Currency": "USD", "Work Country": country, "Kind": "services",
    } | cells  # fmt: skip


def contract(name, **cells):
    return {
        "Contract": name, "Vendor": f"Vendor of {name}", "Signed": "2025-03-01", "Paid Regardless Of Success": "Yes",
        "Rights To Results": "Yes", "Success Contingent Share": "0", "Payee Kind": "general",
        "Document": f"{name}.pdf", "Related Party": "No",
    } | cells  # fmt: skip


def supply(amount, description="accelerometer boards", **cells):
    return {
        "Vendor": "Partsco", "Description": description, "Project": "sparse-decoder", "Incurred": "2025-05-05",
        "Paid Date": "2025-06-05", "Amount": amount, "Currency": "USD", "Tangible": "Yes", "Depreciable": "No",
        "Account": "6410 Lab supplies",
    } | cells  # fmt: skip


def usual_bill():
    """Research in two months, with digits below the cent; routine work; untagged hours; a tax; a credit."""
    return [
        charge("1000.004", "2025-03", RESEARCH),
        charge("2000.0033", "2025-04", RESEARCH),
        charge("400.00", "2025-11", ROUTINE),
        charge("300.00", "2025-04"),
        charge("55.55", "2025-04", ChargeCategory="Tax", x_UsageType="", RegionId=""),
        charge("-100.00", "2025-04", ChargeCategory="Credit", x_UsageType="", RegionId="", ResourceId=""),
    ]


@dataclass
class StudyFolder:
    """The tables and settings of a study; rows are dictionaries by header."""

    bill: list[dict[str, str]] = field(default_factory=usual_bill)
    payroll: list[dict[str, str]] = field(
        default_factory=lambda: [
            pay("E-001", "30000.01"),
            pay("E-001", "31000.02", "2025-12-31"),
            pay("E-002", "50000.00"),
            pay("E-003", "40000.33"),
            pay("E-004", "20000.00"),
        ]
    )
    time: list[dict[str, str]] = field(
        default_factory=lambda: [
            percent("E-001", "100"),
            percent("E-002", "82"),
            percent("E-002", "18", "admin", "Administration"),
            percent("E-003", "50"),
            percent("E-003", "50", "admin", "Administration"),
        ]
    )
    people: list[dict[str, str]] = field(
        default_factory=lambda: [employee(f"E-00{n}") for n in range(1, 5)],
    )
    contractors: list[dict[str, str]] = field(
        default_factory=lambda: [payment("C-1", "10000.00"), payment("C-2", "4000.00")]
    )
    contracts: list[dict[str, str]] = field(
        default_factory=lambda: [contract("C-1"), contract("C-2") | {"Rights To Results": "No"}]
    )
    supplies: list[dict[str, str]] = field(
        default_factory=lambda: [supply("1234.56"), supply("500.00", "oscilloscope", Depreciable="Yes")]
    )
    edits: list[tuple[str, str]] = field(default_factory=list)
    """Replacements in the settings; the text replaced must occur."""
    more: str = ""
    """Tables added to the end of the settings."""
    controls: dict[str, str] = field(default_factory=dict)
    """A control total by role, where it is not the sum of the table."""
    of_input: dict[str, str] = field(default_factory=dict)
    """Further keys of an input by role."""

    def write(self, root: Path) -> Path:
        """Write the folder and return it."""
        (root / "inputs").mkdir(parents=True)
        (root / "study.toml").write_text(self.settings(), encoding="utf-8")
        for role, rows in self._tables():
            (root / path_of(role)).write_text(csv_text(rows), encoding="utf-8", newline="")
        return root

    def _tables(self):
        tables = {role: getattr(self, role) for role in _MEASURES}
        return [(role, rows) for role, rows in tables.items() if rows]

    def settings(self) -> str:
        text = SETTINGS
        for old, new in self.edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        for role, rows in self._tables():
            text += f'\n[[inputs]]\nid = "{role}"\nrole = "{role}"\npath = "{path_of(role)}"\n'
            text += f"{self.of_input.get(role, '')}\n"
            if total := self.controls.get(role, total_of(role, rows)):
                text += f'control = [{{ source = "ledger, {role}", amount = "{total}"{_column(role)} }}]\n'
        return f"{text}\n{self.more}"


_MEASURES = {
    "bill": "BilledCost",
    "payroll": "Taxable Wages",
    "time": "",
    "people": "",
    "contractors": "Amount",
    "contracts": "",
    "supplies": "Amount",
}


def _column(role):
    return ', column = "billed"' if role == "bill" else ""


def path_of(role):
    return f"inputs/{role}.csv"


def total_of(role, rows):
    """The sum of a table's amounts as another document would state it; empty where one is no amount."""
    measure = _MEASURES[role]
    try:
        return f"{sum(Decimal(row[measure]) for row in rows)}" if measure else ""
    except ArithmeticError:
        return ""


def csv_text(rows):
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
