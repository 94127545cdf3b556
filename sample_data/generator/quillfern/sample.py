"""The files of the sample study ``quillfern-2025``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from generator import aws, azure, gpu_cloud
from generator.charges import billed_by_month
from generator.quillfern import aws_bill, azure_bill, contracts_files, gpu_bills, people_files
from generator.quillfern.company import CHANCE, PAYER
from generator.quillfern.roster import OUTSIDE
from generator.quillfern.story import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.charges import Charge

_TEXT = Path(__file__).parent / "text"
INVOICES = {
    "aws": "AWS invoice",
    "gpu-shared": "Gannetloft invoice",
    "gpu-cluster": "Gannetloft cluster invoice",
    "gpu-exchange": "Hollinridge statement",
    "azure": "Azure invoice",
}
"""Each bill's input id, and the document its control totals are taken from."""


def bills() -> dict[str, list[Charge]]:
    """Every bill's charges by input id."""
    return {
        "aws": aws_bill.charges(),
        "gpu-shared": gpu_bills.shared(),
        "gpu-cluster": gpu_bills.cluster(),
        "gpu-exchange": gpu_bills.exchange(),
        "azure": azure_bill.charges(),
    }


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{path}": content for path, content in files.items()}


def _bill_files(charges: Mapping[str, Sequence[Charge]]) -> dict[str, bytes]:
    return {
        **_below("inputs/aws-focus", aws.export(charges["aws"], PAYER, CHANCE)),
        **_below("inputs/azure-focus", azure.export(charges["azure"], CHANCE)),
        "inputs/gannetloft/shared-2025.parquet": gpu_cloud.export(charges["gpu-shared"], gpu_bills.CLOUD, CHANCE),
        "inputs/gannetloft/cluster-2025.parquet": gpu_cloud.export(charges["gpu-cluster"], gpu_bills.CLOUD, CHANCE),
        "inputs/hollinridge/spot-2025-q1.parquet": gpu_cloud.export(
            charges["gpu-exchange"], gpu_bills.EXCHANGE, CHANCE
        ),
    }


def _table_files() -> dict[str, bytes]:
    return {
        "inputs/people/payroll-register-2025.xlsx": people_files.payroll_xlsx(),
        "inputs/people/people-2025.csv": people_files.people_csv(),
        "inputs/people/timesheets-2025.csv": people_files.time_csv(),
        "inputs/people/time-survey-2025.csv": people_files.survey_csv(),
        "inputs/contractors/contractor-ledger-2025.csv": contracts_files.contractors_csv(),
        "inputs/contractors/contract-abstracts.csv": contracts_files.contracts_csv(),
        "inputs/supplies-2025.csv": contracts_files.supplies_csv(),
    }


def _control(document: str, charges: Sequence[Charge]) -> str:
    """The invoice totals of a bill as lines of TOML."""
    return "\n".join(
        f'    {{ source = "{document} {month:%Y-%m}", month = "{month:%Y-%m}", column = "billed", '
        f'amount = "{_whole_cents(total)}" }},'
        for month, total in billed_by_month(charges).items()
    )


def _whole_cents(total: Decimal) -> Decimal:
    """An invoice total; the plans are made so that nothing is lost here."""
    exact = total.quantize(Decimal("0.01"))
    if exact != total:
        raise ValueError(f"an invoice comes to {total}, which is not whole cents")
    return exact


def _study(charges: Mapping[str, Sequence[Charge]]) -> str:
    text = (_TEXT / "study.toml").read_text(encoding="utf-8")
    places = {f"control {name}": _control(document, charges[name]) for name, document in INVOICES.items()}
    places["projects"] = "\n\n".join(f'[[projects]]\nname = "{name}"\nactivity = "{what}"' for name, what in OUTSIDE)
    places["total payroll"] = str(people_files.taxable_total())
    places["total contractors"] = str(contracts_files.contractor_total())
    places["total supplies"] = str(contracts_files.supplies_total())
    return filled(text, places)


def filled(text: str, places: Mapping[str, str]) -> str:
    """``text`` with each ``<<name>>`` replaced.

    Raises:
        ValueError: a place of the text is not filled, or a value has no place.
    """
    for name, value in places.items():
        if f"<<{name}>>" not in text:
            raise ValueError(f"the text has no place for {name}")
        text = text.replace(f"<<{name}>>", value)
    if "<<" in text:
        raise ValueError(f"nothing fills <<{text.partition('<<')[2].partition('>>')[0]}>>")
    return text


def build() -> dict[str, bytes]:
    """Path below the study's folder -> content."""
    charges = bills()
    readme = filled((_TEXT / "README.md").read_text(encoding="utf-8"), told(charges))
    return {
        "README.md": readme.encode(),
        "study.toml": _study(charges).encode(),
        **_bill_files(charges),
        **_table_files(),
    }
