"""Quillfern's Azure bill: a second cloud for the speech codec, tried from February to September 2025."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.charges import (
    ZERO,
    Account,
    Charge,
    Region,
    Sku,
    Workload,
    billed_by_month,
    cents,
    daily_charges,
    monthly_charge,
)
from generator.quillfern.company import CHANCE, YEAR, level

if TYPE_CHECKING:
    from collections.abc import Sequence

_AUDIO = Account("5b0e7c14-2f6d-4c38-9a51-c3e07a4d2b01", "Quillfern Audio")
_EAST = Region("eastus2", "East US 2")
_FIRST, _LAST = 2, 9
_STEP = Decimal("0.000000000001")
_NEGATIVE_EVERY = 5
"""Every fifth row of the storage meter is followed by a small negative one, as tiers are re-rated."""

NC_SERIES = Sku("Virtual Machines", "Compute", "NC40ads H v5", Decimal("6.98"), "Hours",
                "Virtual Machines NC H v5 Series - NC40ads H v5 - US East 2", "VM01",
                "microsoft.compute/virtualmachines", "Virtual machine")  # fmt: skip
D_SERIES = Sku("Virtual Machines", "Compute", "D16s v5", Decimal("0.768"), "Hours",
               "Virtual Machines Dsv5 Series - D16s v5 - US East 2", "VM02", "microsoft.compute/virtualmachines",
               "Virtual machine")  # fmt: skip
ML = Sku("Azure Machine Learning", "AI and Machine Learning", "NC24ads A v4 Compute", Decimal("3.673"), "Hours",
         "Azure Machine Learning - managed compute - NC24ads A v4 - US East 2", "ML01",
         "microsoft.machinelearningservices/workspaces", "Azure Machine Learning workspace")  # fmt: skip
BLOB = Sku("Storage Accounts", "Storage", "Hot LRS Data Stored", Decimal("0.0208"), "GB/Month",
           "Tiered Block Blob - Hot LRS - Data Stored - US East 2", "ST01", "microsoft.storage/storageaccounts",
           "Storage account")  # fmt: skip
SPEECH_API = Sku("Azure AI services", "AI and Machine Learning", "Speech To Text - Batch", Decimal("0.18"), "Hours",
                 "Speech - Speech To Text - Batch", "AI01", "microsoft.cognitiveservices/accounts",
                 "Speech service")  # fmt: skip
ROUNDING = Sku("Unassigned", "Other", "RoundingAdjustment", Decimal(1), "Units", "Rounding adjustment")

_CODEC = {"Project": "Speech-Codec", "Env": "experiment"}
WORKLOADS = (
    Workload("vm-codec-train", _AUDIO, _EAST, NC_SERIES, level(2300, _FIRST, _LAST), (_CODEC,), "burst", 2),
    Workload("mlw-codec-tune", _AUDIO, _EAST, ML, level(1250, _FIRST, _LAST),
             ({**_CODEC, "Workload": "quantiser-depth-grid"},), "working"),
    Workload("vm-codec-dev", _AUDIO, _EAST, D_SERIES, level(260, _FIRST, _LAST), ({"Project": "speech-codec"}, {}),
             "working", 2),
    Workload("stcodec", _AUDIO, _EAST, BLOB, level(310, _FIRST, _LAST), (_CODEC,), "always"),
    Workload("speech-labels", _AUDIO, _EAST, SPEECH_API, level(420, _FIRST, _LAST),
             ({"project": "speech-codec", "env": "test", "workload": "word-error-reference"},), "working"),
)  # fmt: skip


def _rerated(charges: Sequence[Charge]) -> list[Charge]:
    """Small negative usage rows behind some rows of storage."""
    storage = [charge for charge in charges if charge.sku == BLOB]
    return [
        replace(c, quantity=-c.quantity / 8, billed=(-c.billed / 8).quantize(_STEP),
                effective=(-c.effective / 8).quantize(_STEP), listed=(-c.listed / 8).quantize(_STEP))
        for c in storage[::_NEGATIVE_EVERY]
    ]  # fmt: skip


def charges() -> list[Charge]:
    """Every row of the bill; each month's rounding row brings the invoice to whole cents."""
    bill = [charge for load in WORKLOADS for charge in daily_charges(load, YEAR, CHANCE, _STEP)]
    bill.extend(_rerated(bill))
    for month, total in billed_by_month(bill).items():
        rest = cents(total) - total
        if rest:
            bill.append(monthly_charge(month, _AUDIO, ROUNDING, rest, category="Adjustment", pricing="Other",
                                       frequency="One-Time", quantity=ZERO))  # fmt: skip
    return bill
