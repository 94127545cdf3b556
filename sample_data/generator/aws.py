"""AWS's FOCUS 1.0 export with its own columns: one gzip CSV a billing month.

Layout as delivered by Data Exports: alphabetical columns, ``x_`` columns last, cells quoted only
where they hold a comma or a quote, no byte order mark, times in UTC with milliseconds, tags and
the two other maps as JSON text, ``{}`` when empty.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from generator.days import next_month
from generator.files import csv_text, gzipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from generator.chance import Chance
    from generator.charges import Account, Charge

SELLER = "Amazon Web Services, Inc."
_CODE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_HEX = "0123456789abcdef"

COLUMNS = (
    "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd",
    "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName",
    "CommitmentDiscountStatus", "CommitmentDiscountType", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
    "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId",
    "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "SkuId", "SkuPriceId", "SubAccountId",
    "SubAccountName", "Tags", "x_CostCategories", "x_Discounts", "x_Operation", "x_ServiceCode", "x_UsageType",
)  # fmt: skip
"""The 48 columns of the export, in its order."""
_ORDER = ("ChargePeriodStart", "SubAccountId", "x_UsageType", "ResourceId", "ChargeCategory", "ChargeDescription")


@cache
def moment(day: date) -> str:
    """Midnight UTC as the export writes it."""
    return f"{day:%Y-%m-%d}T00:00:00.000Z"


def _resource_id(charge: Charge, chance: Chance) -> str:
    """An identifier in the style of the resource's kind; empty where AWS gives none."""
    name, account = charge.resource, charge.account.id
    region = charge.region.id if charge.region else "us-east-1"
    short = name.split("/")[0]
    match charge.sku.resource:
        case "instance":
            return f"i-0{chance.code(16, _HEX, 'instance', name)}"
        case "volume":
            return f"vol-0{chance.code(16, _HEX, 'volume', name)}"
        case "bucket":
            return f"quillfern-{short}"
        case "":
            return ""
        case kind:
            return f"arn:aws:{kind}:{region}:{account}:{short}-{chance.code(8, _HEX, kind, name)}"


def _row(charge: Charge, payer: Account, chance: Chance) -> dict[str, str]:
    sku, region, plan = charge.sku, charge.region, charge.commitment
    usage = charge.category in ("Usage", "Purchase") and not charge.charge_class
    sku_id = chance.code(16, _CODE, "sku", sku.service, sku.usage, region.id if region else "")
    prefix = region.prefix if region else ""
    return {
        "AvailabilityZone": f"{region.id}b" if region and charge.resource and sku.resource == "instance" else "",
        "BilledCost": f"{charge.billed:f}",
        "BillingAccountId": payer.id,
        "BillingAccountName": payer.name,
        "BillingCurrency": "USD",
        "BillingPeriodEnd": moment(next_month(charge.billing)),
        "BillingPeriodStart": moment(charge.billing),
        "ChargeCategory": charge.category,
        "ChargeClass": charge.charge_class,
        "ChargeDescription": charge.text or sku.text.format(price=sku.price, region=region.name if region else "Any"),
        "ChargeFrequency": charge.frequency,
        "ChargePeriodEnd": moment(charge.end),
        "ChargePeriodStart": moment(charge.begin),
        "CommitmentDiscountCategory": plan.category if plan else "",
        "CommitmentDiscountId": plan.id if plan else "",
        "CommitmentDiscountName": plan.name if plan else "",
        "CommitmentDiscountStatus": charge.commitment_status,
        "CommitmentDiscountType": plan.kind if plan else "",
        "ConsumedQuantity": f"{charge.quantity:f}" if charge.category == "Usage" else "",
        "ConsumedUnit": sku.unit if charge.category == "Usage" else "",
        "ContractedCost": f"{charge.listed:f}",
        "ContractedUnitPrice": f"{sku.price:f}" if usage else "",
        "EffectiveCost": f"{charge.effective:f}",
        "InvoiceIssuerName": SELLER,
        "ListCost": f"{charge.listed:f}",
        "ListUnitPrice": f"{sku.price:f}" if usage else "",
        "PricingCategory": charge.pricing,
        "PricingQuantity": f"{charge.quantity:f}",
        "PricingUnit": sku.unit,
        "ProviderName": "AWS",
        "PublisherName": charge.publisher or SELLER,
        "RegionId": region.id if region else "",
        "RegionName": region.name if region else "",
        "ResourceId": _resource_id(charge, chance) if charge.resource else "",
        "ResourceType": sku.resource if charge.resource and sku.resource in ("instance", "volume", "bucket") else "",
        "ServiceCategory": sku.family,
        "ServiceName": sku.service,
        "SkuId": sku_id if usage else "",
        "SkuPriceId": f"{sku_id}.JRTCKXETXF.6YS6EN2CT7" if usage else "",
        "SubAccountId": charge.account.id,
        "SubAccountName": charge.account.name,
        "Tags": json.dumps(charge.tags),
        "x_CostCategories": "{}",
        "x_Discounts": "{}",
        "x_Operation": sku.operation,
        "x_ServiceCode": sku.code,
        "x_UsageType": f"{prefix}{sku.usage}",
    }


def export(charges: Sequence[Charge], payer: Account, chance: Chance) -> dict[str, bytes]:
    """The export's files, path below the export's ``data`` folder -> content."""
    by_month: dict[date, list[dict[str, str]]] = {}
    for charge in charges:
        by_month.setdefault(charge.billing, []).append(_row(charge, payer, chance))
    files = {}
    for month, rows in sorted(by_month.items()):
        rows.sort(key=lambda row: [row[column] for column in _ORDER])
        table = ([row.get(column, "") for column in COLUMNS] for row in rows)
        files[f"BILLING_PERIOD={month:%Y-%m}/quillfern-focus-00001.csv.gz"] = gzipped(csv_text(COLUMNS, table))
    return files
