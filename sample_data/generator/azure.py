"""Azure's FOCUS export with its own columns: a byte order mark, one row a day and meter, one folder a month.

Layout: the FOCUS 1.0 columns followed by Azure's ``x_`` columns, CRLF line ends, times in UTC to
the second, the subscription as a path, tags as JSON text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.days import DAY, next_month
from generator.files import csv_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from generator.chance import Chance
    from generator.charges import Charge

_FOCUS = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency",
    "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
    "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId",
    "CommitmentDiscountName", "CommitmentDiscountStatus", "CommitmentDiscountType", "ConsumedQuantity",
    "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost",
    "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId",
    "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "SkuId",
    "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
)  # fmt: skip
_OWN = (
    "x_AccountId", "x_AccountName", "x_AccountOwnerId", "x_BilledCostInUsd", "x_BilledUnitPrice",
    "x_BillingAccountId", "x_BillingAccountName", "x_BillingExchangeRate", "x_BillingExchangeRateDate",
    "x_BillingProfileId", "x_BillingProfileName", "x_ContractedCostInUsd", "x_CostAllocationRuleName", "x_CostCenter",
    "x_CustomerId", "x_CustomerName", "x_EffectiveCostInUsd", "x_EffectiveUnitPrice", "x_InvoiceId",
    "x_InvoiceIssuerId", "x_InvoiceSectionId", "x_InvoiceSectionName", "x_ListCostInUsd", "x_PartnerCreditApplied",
    "x_PartnerCreditRate", "x_PricingBlockSize", "x_PricingCurrency", "x_PricingSubcategory",
    "x_PricingUnitDescription", "x_PublisherCategory", "x_PublisherId", "x_ResellerId", "x_ResellerName",
    "x_ResourceGroupName", "x_ResourceType", "x_ServicePeriodEnd", "x_ServicePeriodStart", "x_SkuDescription",
    "x_SkuDetails", "x_SkuIsCreditEligible", "x_SkuMeterCategory", "x_SkuMeterId", "x_SkuMeterName",
    "x_SkuMeterSubcategory", "x_SkuOfferId", "x_SkuOrderId", "x_SkuOrderName", "x_SkuPartNumber", "x_SkuRegion",
    "x_SkuServiceFamily", "x_SkuTerm", "x_SkuTier",
)  # fmt: skip
COLUMNS = (*_FOCUS, *_OWN)
"""The 96 columns of the export."""

_HEX = "0123456789abcdef"
_PROFILE = "QF25-7KXM-BG7-TGB"


def moment(day: date) -> str:
    """Midnight UTC as the export writes it."""
    return f"{day:%Y-%m-%d}T00:00:00Z"


def _focus_cells(charge: Charge, sku_id: str, resource_id: str) -> dict[str, str]:
    sku, region = charge.sku, charge.region
    billing = "/providers/Microsoft.Billing/billingAccounts/7c1f0e52-quillfern:2f0a94be_2019-05-31"
    return {
        "BilledCost": f"{charge.billed:f}",
        "BillingAccountId": billing,
        "BillingAccountName": "Quillfern Tensorworks",
        "BillingAccountType": "Billing Account",
        "BillingCurrency": "USD",
        "BillingPeriodEnd": moment(next_month(charge.billing)),
        "BillingPeriodStart": moment(charge.billing),
        "ChargeCategory": charge.category,
        "ChargeDescription": charge.text or sku.text,
        "ChargeFrequency": charge.frequency,
        "ChargePeriodEnd": moment(charge.end),
        "ChargePeriodStart": moment(charge.begin),
        "ConsumedQuantity": f"{charge.quantity:f}" if charge.category == "Usage" else "",
        "ConsumedUnit": sku.unit if charge.category == "Usage" else "",
        "ContractedCost": f"{charge.listed:f}",
        "ContractedUnitPrice": f"{sku.price:f}",
        "EffectiveCost": f"{charge.effective:f}",
        "InvoiceIssuerName": "Microsoft",
        "ListCost": f"{charge.listed:f}",
        "ListUnitPrice": f"{sku.price:f}",
        "PricingCategory": charge.pricing,
        "PricingQuantity": f"{charge.quantity:f}",
        "PricingUnit": sku.unit,
        "ProviderName": "Microsoft",
        "PublisherName": charge.publisher or "Microsoft",
        "RegionId": region.id if region else "",
        "RegionName": region.name if region else "",
        "ResourceId": resource_id,
        "ResourceName": resource_id.rsplit("/", 1)[-1],
        "ResourceType": sku.resource,
        "ServiceCategory": sku.family,
        "ServiceName": sku.service,
        "SkuId": sku_id,
        "SkuPriceId": f"{sku_id}_{sku.code}" if sku.code else "",
        "SubAccountId": f"/subscriptions/{charge.account.id}",
        "SubAccountName": charge.account.name,
        "SubAccountType": "Subscription",
        "Tags": json.dumps(charge.tags),
    }


def _own_cells(charge: Charge, sku_id: str, group: str) -> dict[str, str]:
    sku = charge.sku
    return {
        "x_BilledCostInUsd": f"{charge.billed:f}",
        "x_BilledUnitPrice": f"{sku.price:f}",
        "x_BillingExchangeRate": "1",
        "x_BillingExchangeRateDate": moment(charge.billing),
        "x_BillingProfileId": _PROFILE,
        "x_BillingProfileName": "Quillfern Tensorworks",
        "x_ContractedCostInUsd": f"{charge.listed:f}",
        "x_CostCenter": "",
        "x_EffectiveCostInUsd": f"{charge.effective:f}",
        "x_EffectiveUnitPrice": f"{sku.price:f}",
        "x_InvoiceId": f"G{charge.billing:%y%m}58213",
        "x_InvoiceSectionName": "Research",
        "x_ListCostInUsd": f"{charge.listed:f}",
        "x_PricingBlockSize": "1",
        "x_PricingCurrency": "USD",
        "x_PricingSubcategory": charge.pricing,
        "x_PricingUnitDescription": f"1 {sku.unit}",
        "x_PublisherCategory": "Cloud Provider",
        "x_ResourceGroupName": group,
        "x_ResourceType": sku.operation,
        "x_SkuDescription": charge.text or sku.text,
        "x_SkuDetails": json.dumps({"ServiceType": sku.usage}) if sku.operation else "{}",
        "x_SkuIsCreditEligible": "true",
        "x_SkuMeterCategory": sku.service,
        "x_SkuMeterId": sku_id,
        "x_SkuMeterName": sku.usage,
        "x_SkuRegion": charge.region.name if charge.region else "",
        "x_SkuServiceFamily": sku.family,
    }


def _row(charge: Charge, chance: Chance) -> dict[str, str]:
    sku = charge.sku
    meter = chance.code(32, _HEX, "meter", sku.service, sku.usage)
    sku_id = "-".join((meter[:8], meter[8:12], meter[12:16], meter[16:20], meter[20:]))
    name = charge.resource.split("/")[0]
    # Why: the same resource group comes in two spellings, as it does where a template and a person made it.
    group = "RG-Audio" if charge.begin.day % 7 == 0 else "rg-audio"
    path = f"/subscriptions/{charge.account.id}/resourcegroups/{group}/providers/{sku.operation}/{name}" if name else ""
    return {**_focus_cells(charge, sku_id, path), **_own_cells(charge, sku_id, group if name else "")}


def export(charges: Sequence[Charge], chance: Chance) -> dict[str, bytes]:
    """The export's files, one folder a month as the scheduled export names them."""
    by_month: dict[date, list[dict[str, str]]] = {}
    for charge in charges:
        by_month.setdefault(charge.billing, []).append(_row(charge, chance))
    files = {}
    for month, rows in sorted(by_month.items()):
        rows.sort(key=lambda row: (row["ChargePeriodStart"], row["ResourceId"], row["SkuId"], row["BilledCost"]))
        table = ([row.get(column, "") for column in COLUMNS] for row in rows)
        last = next_month(month) - DAY
        files[f"{month:%Y%m%d}-{last:%Y%m%d}/part_0_0001.csv"] = csv_text(COLUMNS, table, end="\r\n", bom=True)
    return files
