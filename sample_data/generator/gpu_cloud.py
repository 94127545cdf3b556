"""The FOCUS 1.2 export of the invented GPU clouds: parquet with decimal costs and a map of tags."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import pyarrow as pa

from generator.days import next_month
from generator.files import parquet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from generator.chance import Chance
    from generator.charges import Charge

_MONEY = pa.decimal128(24, 10)
_TIME = pa.timestamp("ms", tz="UTC")
_TAGS = pa.map_(pa.string(), pa.string())
_TEXT = pa.string()
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"

COLUMNS: dict[str, pa.DataType] = {
    "AvailabilityZone": _TEXT, "BilledCost": _MONEY, "BillingAccountId": _TEXT, "BillingAccountName": _TEXT,
    "BillingAccountType": _TEXT, "BillingCurrency": _TEXT, "BillingPeriodEnd": _TIME, "BillingPeriodStart": _TIME,
    "CapacityReservationId": _TEXT, "CapacityReservationStatus": _TEXT, "ChargeCategory": _TEXT, "ChargeClass": _TEXT,
    "ChargeDescription": _TEXT, "ChargeFrequency": _TEXT, "ChargePeriodEnd": _TIME, "ChargePeriodStart": _TIME,
    "CommitmentDiscountCategory": _TEXT, "CommitmentDiscountId": _TEXT, "CommitmentDiscountName": _TEXT,
    "CommitmentDiscountQuantity": _MONEY, "CommitmentDiscountStatus": _TEXT, "CommitmentDiscountType": _TEXT,
    "CommitmentDiscountUnit": _TEXT, "ConsumedQuantity": _MONEY, "ConsumedUnit": _TEXT, "ContractedCost": _MONEY,
    "ContractedUnitPrice": _MONEY, "EffectiveCost": _MONEY, "InvoiceId": _TEXT, "InvoiceIssuerName": _TEXT,
    "ListCost": _MONEY, "ListUnitPrice": _MONEY, "PricingCategory": _TEXT, "PricingCurrency": _TEXT,
    "PricingCurrencyContractedUnitPrice": _MONEY, "PricingCurrencyEffectiveCost": _MONEY,
    "PricingCurrencyListUnitPrice": _MONEY, "PricingQuantity": _MONEY, "PricingUnit": _TEXT, "ProviderName": _TEXT,
    "PublisherName": _TEXT, "RegionId": _TEXT, "RegionName": _TEXT, "ResourceId": _TEXT, "ResourceName": _TEXT,
    "ResourceType": _TEXT, "ServiceCategory": _TEXT, "ServiceName": _TEXT, "ServiceSubcategory": _TEXT, "SkuId": _TEXT,
    "SkuMeter": _TEXT, "SkuPriceDetails": _TAGS, "SkuPriceId": _TEXT, "SubAccountId": _TEXT, "SubAccountName": _TEXT,
    "SubAccountType": _TEXT, "Tags": _TAGS,
}  # fmt: skip
"""The 57 columns of FOCUS 1.2."""


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _or_null(text: str) -> str | None:
    return text or None


def _row(charge: Charge, provider: str, chance: Chance) -> dict[str, object]:
    sku, plan, region = charge.sku, charge.commitment, charge.region
    sku_id = chance.code(10, _SIGNS, "sku", provider, sku.usage)
    resource = chance.code(12, _SIGNS, "resource", charge.resource) if charge.resource else ""
    row: dict[str, object] = {
        "BilledCost": charge.billed,
        "BillingAccountId": "acct-quillfern",
        "BillingAccountName": "Quillfern Tensorworks",
        "BillingAccountType": "Organisation",
        "BillingCurrency": "USD",
        "BillingPeriodEnd": _moment(next_month(charge.billing)),
        "BillingPeriodStart": _moment(charge.billing),
        "ChargeCategory": charge.category,
        "ChargeClass": _or_null(charge.charge_class),
        "ChargeDescription": charge.text or sku.text,
        "ChargeFrequency": charge.frequency,
        "ChargePeriodEnd": _moment(charge.end),
        "ChargePeriodStart": _moment(charge.begin),
        "ContractedCost": charge.listed,
        "ContractedUnitPrice": sku.price,
        "EffectiveCost": charge.effective,
        "InvoiceId": f"{''.join(word[0] for word in provider.split())}-{charge.billing:%Y%m}",
        "InvoiceIssuerName": provider,
        "ListCost": charge.listed,
        "ListUnitPrice": sku.price,
        "PricingCategory": charge.pricing,
        "PricingCurrency": "USD" if charge.credits is None else "Credits",
        "PricingQuantity": charge.quantity,
        "PricingUnit": sku.unit,
        "ProviderName": provider,
        "PublisherName": provider,
        "RegionId": region.id if region else None,
        "RegionName": region.name if region else None,
        "ResourceId": _or_null(resource),
        "ResourceName": _or_null(charge.resource.replace("/", "-")),
        "ResourceType": _or_null(sku.resource),
        "ServiceCategory": sku.family,
        "ServiceName": sku.service,
        "ServiceSubcategory": sku.operation,
        "SkuId": sku_id,
        "SkuMeter": sku.usage,
        "SkuPriceId": f"{sku_id}-1",
        "SubAccountId": charge.account.id,
        "SubAccountName": charge.account.name,
        "SubAccountType": "Workspace",
        "Tags": list(charge.tags.items()),
    }
    if charge.category == "Usage":
        row |= {"ConsumedQuantity": charge.quantity, "ConsumedUnit": sku.unit}
    if charge.credits is not None:
        row |= {"PricingCurrencyEffectiveCost": charge.credits, "PricingCurrencyListUnitPrice": sku.price,
                "PricingCurrencyContractedUnitPrice": sku.price}  # fmt: skip
    if plan:
        row |= {"CommitmentDiscountCategory": plan.category, "CommitmentDiscountId": plan.id,
                "CommitmentDiscountName": plan.name, "CommitmentDiscountType": plan.kind,
                "CommitmentDiscountStatus": _or_null(charge.commitment_status),
                "CapacityReservationId": plan.id,
                "CapacityReservationStatus": _or_null(charge.commitment_status)}  # fmt: skip
    return row


def export(charges: Sequence[Charge], provider: str, chance: Chance) -> bytes:
    """The export of one year: a row a charge, oldest first."""
    ordered = sorted(charges, key=lambda c: (c.billing, c.begin, c.category, c.resource, c.sku.usage, c.billed))
    return parquet(COLUMNS, [_row(charge, provider, chance) for charge in ordered])
