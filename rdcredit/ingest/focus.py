"""FOCUS 1.0 to 1.2, the FinOps Open Cost and Usage Specification, and its previews.

Recognised by the names of its cost, category and period columns. Columns other than those named
here are accepted and left alone, as the specification allows providers to add their own.

Source: the specification's column library (CC BY 4.0). ``BilledCost`` is the basis of the invoice;
``EffectiveCost`` spreads commitments over the charges they cover.
"""

from __future__ import annotations

from rdcredit.ingest.format import Column, Format, fold

_COLUMNS = (
    Column("BilledCost", required=True),
    Column("EffectiveCost", ("AmortizedCost",), required=True),
    Column("BillingCurrency", required=True),
    Column("ChargeCategory", ("ChargeType",), required=True),
    Column("ChargePeriodStart", required=True),
    Column("ChargePeriodEnd", required=True),
    Column("BillingPeriodStart", required=True),
    Column("ServiceName", required=True),
    Column("ServiceCategory", required=True),
    Column("ProviderName", ("Provider",), required=True),
    Column("PublisherName", ("Publisher",), required=True),
    Column("SubAccountId", required=True),
    Column("BillingAccountId"),
    Column("ChargeClass"),
    Column("ChargeFrequency"),
    Column("CommitmentDiscountId"),
    Column("CommitmentDiscountStatus"),
    Column("InvoiceId", ("x_InvoiceId",)),
    Column("InvoiceIssuerName", ("InvoiceIssuer",)),
    Column("PricingCategory"),
    Column("RegionId", ("Region",)),
    Column("RegionName"),
    Column("ResourceId"),
    Column("ResourceType"),
    Column("SkuMeter", ("x_SkuMeterName",)),
    Column("Tags"),
    Column("x_UsageType"),
)

_TELLING = ("BilledCost", "EffectiveCost", "ChargeCategory", "ChargePeriodStart", "ServiceCategory", "PublisherName")
_ENOUGH = 4
"""Of the telling names; a file that lacks one or two is a FOCUS file with a missing column."""


def _recognise(names: frozenset[str]) -> str:
    found = [name for name in _TELLING if fold(name) in names]
    return f"it has the columns {', '.join(found)}" if len(found) >= _ENOUGH else ""


def _version(names: frozenset[str]) -> str:
    """The oldest version of the specification that has the columns seen."""
    marks = (
        ("1.2", ("InvoiceId", "BillingAccountType", "SubAccountType", "PricingCurrency")),
        ("1.1", ("CapacityReservationId", "CommitmentDiscountQuantity", "ServiceSubcategory", "SkuPriceDetails")),
        ("1.0", ("ChargeClass", "CommitmentDiscountStatus", "ContractedCost", "RegionId")),
    )
    for version, columns in marks:
        if any(fold(column) in names for column in columns):
            return version
    return "preview"


FOCUS = Format(
    name="FOCUS",
    columns=_COLUMNS,
    recognise=_recognise,
    version=_version,
    keys={
        "invoice_id": ("InvoiceId",),
        "provider": ("ProviderName",),
        "publisher": ("PublisherName",),
        "issuer": ("InvoiceIssuerName",),
        "account": ("SubAccountId", "BillingAccountId"),  # a charge of no sub-account is the billing account's
        "service_family": ("ServiceCategory",),
        "service": ("ServiceName",),
        "usage_type": ("x_UsageType", "SkuMeter", "ResourceType"),
        "region": ("RegionId", "RegionName"),
        "charge_class": ("ChargeClass",),
        "charge_frequency": ("ChargeFrequency",),
        "pricing_category": ("PricingCategory",),
        "commitment_id": ("CommitmentDiscountId",),
        "commitment_status": ("CommitmentDiscountStatus",),
    },
    billed="BilledCost",
    effective="EffectiveCost",
    currency="BillingCurrency",
    category="ChargeCategory",
    categories=("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
    start="ChargePeriodStart",
    end="ChargePeriodEnd",
    billing_start="BillingPeriodStart",
    tags="Tags",
    resource="ResourceId",
    identifiers=("SubAccountId", "BillingAccountId", "InvoiceId", "CommitmentDiscountId"),
    nulls=("NULL", "null"),
)
