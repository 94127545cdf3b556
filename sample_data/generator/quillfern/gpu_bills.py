"""Quillfern's GPU bills of 2025: shared hours (prepaid and on demand), a dedicated cluster, an exchange."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.charges import (
    ZERO,
    Account,
    Charge,
    Commitment,
    Region,
    Sku,
    Workload,
    apportion,
    daily_charges,
    monthly_charge,
)
from generator.days import DAY, days_of, month_start
from generator.quillfern.company import CHANCE, YEAR, growing, level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLOUD = "Gannetloft Compute"
EXCHANGE = "Hollinridge GPU Exchange"

_CENT = Decimal("0.01")
_STEP = Decimal("0.0000000001")
_HOME = Account("ws-quillfern-main", "quillfern-main")
_PREVIEW = Account("ws-quillfern-preview", "quillfern-preview")
_MONTANA = Region("us-mt-1", "Montana")

SHARED = Sku("Gannetloft GPU Cloud", "Compute", "Shared H8 GPU hour", Decimal("2.50"), "GPU hour",
             "Shared H8 GPU, per GPU hour", operation="Virtual Machines", resource="GPU instance")  # fmt: skip
VOLUME = Sku("Gannetloft Volumes", "Storage", "Volume GB month", Decimal("0.07"), "GB-month",
             "Network volume, per GB and month", operation="Block Storage", resource="Volume")  # fmt: skip
PACK = Sku("Gannetloft GPU Cloud", "Compute", "Prepaid credit pack", Decimal("1.00"), "Credit",
           "Prepaid credits", operation="Virtual Machines", resource="Credit pack")  # fmt: skip
CLUSTER = Sku("Gannetloft Dedicated Cluster", "Compute", "Dedicated 4-node H8 cluster, node hour", Decimal("14.2123"),
              "Node hour", "Dedicated single-tenant cluster of four 8-GPU nodes", operation="Bare Metal",
              resource="Dedicated cluster")  # fmt: skip
SPOT = Sku("Hollinridge GPU Exchange", "Compute", "Spot A80 GPU hour", Decimal("1.34"), "GPU hour",
           "Spot A80 GPU on a host of the exchange, per GPU hour", operation="Virtual Machines",
           resource="GPU instance")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """Prepaid credits: bought at a discount, drawn at what they cost."""

    id: str
    bought: date
    expires: date
    credits: Decimal
    paid: Decimal

    @property
    def unit_cost(self) -> Decimal:
        """What one credit cost."""
        return self.paid / self.credits


PACKS = (
    Pack("GP-2025-01", date(YEAR, 1, 1), date(YEAR, 7, 6), Decimal(160000), Decimal("128000.00")),
    Pack("GP-2025-02", date(YEAR, 7, 7), date(YEAR + 1, 6, 30), Decimal(200000), Decimal("150000.00")),
)
"""What is left of the first pack lapses the day before the second is bought."""

_SPARSE = {"project": "sparse-decoder", "environment": "experiment"}
_QUANTISER = {"project": "retrieval-quantiser", "environment": "experiment"}
_CODEC = {"project": "speech-codec", "environment": "experiment"}

PREPAID = (  # credits a month
    Workload("pretrain", _HOME, _MONTANA, SHARED, level(11000),
             ({**_SPARSE, "run": "pretrain-1b3-mix-c"}, {**_SPARSE, "run": "pretrain-1b3-mix-d"}), "burst", 8),
    Workload("rerank", _HOME, _MONTANA, SHARED, level(5200, 2), ({**_QUANTISER, "run": "rerank-distil-lr-grid"},),
             "burst", 4),
    Workload("vocoder", _HOME, _MONTANA, SHARED, level(5600), ({**_CODEC, "run": "vocoder-rvq-depth"},), "burst", 4),
    Workload("synth", _HOME, _MONTANA, SHARED, level(2400, 3),
             ({"project": "curation-pipeline", "environment": "experiment", "workload": "synthetic-dialogue-gen"},),
             "burst", 2),
    Workload("preview", _PREVIEW, _MONTANA, SHARED, growing(900, 150, 4),
             ({"project": "sparse-decoder", "environment": "prod", "workload": "preview-endpoint"},), "always", 2),
    Workload("scratch", _HOME, _MONTANA, SHARED, level(1300), ({},), "burst"),
)  # fmt: skip
"""Shared hours drawn from the packs."""

ON_DEMAND = (
    Workload("mix-sweep", _HOME, _MONTANA, SHARED, level(7400, 4, 9), ({**_SPARSE, "run": "data-mix-sweep"},),
             "burst", 6),
    Workload("longctx", _HOME, _MONTANA, SHARED, level(5600, 9), ({**_SPARSE, "run": "context-extension-v2"},),
             "burst", 4),
    Workload("quant-ablate", _HOME, _MONTANA, SHARED, level(4300, 5), ({**_QUANTISER, "run": "rotation-ablation"},),
             "burst", 4),
    Workload("tuner-search", _HOME, _MONTANA, SHARED, level(1900, 7),
             ({"project": "kernel-autotuner", "environment": "experiment", "team": "systems"},), "burst", 2),
    Workload("checkpoints", _HOME, _MONTANA, VOLUME, growing(700, 60), (_SPARSE,), "always"),
)  # fmt: skip
"""Shared hours and storage paid by the month."""

RESERVATION = Commitment("ccr-quillfern-07", "quillfern-cluster-07", "Capacity Reservation", "Usage")
CLUSTER_FEE = Decimal("41500.00")
CLUSTER_MONTHS = range(4, 13)
CLUSTER_USE: tuple[tuple[str, dict[str, str], int], ...] = (
    ("cluster-sparse", {**_SPARSE, "run": "pretrain-7b-sparse"}, 52),
    ("cluster-quantiser", {**_QUANTISER, "run": "joint-index-train"}, 18),
    ("cluster-eval", {"project": "eval-harness", "environment": "test"}, 9),
    ("cluster-tuner", {"project": "kernel-autotuner", "environment": "experiment"}, 7),
)
"""Job group, tags, and percentage of the cluster's node hours; the rest is idle."""

SPOT_LOADS = (
    Workload("spot-sparse", Account("org-quillfern", "quillfern"), None, SPOT, level(8900, 1, 3),
             ({**_SPARSE, "run": "router-init-study"},), "burst", 16),
    Workload("spot-codec", Account("org-quillfern", "quillfern"), None, SPOT, level(4100, 1, 3),
             ({**_CODEC, "run": "bandwidth-extension"},), "burst", 8),
    Workload("spot-none", Account("org-quillfern", "quillfern"), None, SPOT, level(1250, 1, 3), ({},), "burst", 3),
)  # fmt: skip


def _drawn(charge: Charge) -> Charge:
    """A charge at list price as a draw from the pack in use on its day."""
    pack = next(p for p in reversed(PACKS) if p.bought <= charge.begin)
    cost = (charge.listed * pack.unit_cost).quantize(_STEP)
    return replace(charge, billed=ZERO, effective=cost, credits=charge.listed,
                   text=f"{charge.sku.text}, drawn from pack {pack.id}")  # fmt: skip


def _purchase(pack: Pack) -> Charge:
    return Charge(
        pack.bought, pack.expires + DAY, month_start(pack.bought.year, pack.bought.month), _HOME, None, PACK,
        pack.credits, pack.paid, ZERO, pack.credits, resource=pack.id, category="Purchase", frequency="One-Time",
        text=f"{pack.credits:,f} prepaid credits, pack {pack.id}, valid to {pack.expires}",
    )  # fmt: skip


def _refund() -> Charge:
    """A service credit for a failed host, on the resource it belongs to."""
    return monthly_charge(
        month_start(YEAR, 8), _HOME, SHARED, Decimal("-3100.00"), _MONTANA, quantity=ZERO, category="Credit",
        frequency="One-Time", pricing="Other", resource="mix-sweep/0",
        text="Service credit for host failure of 11 August",
    )  # fmt: skip


def drawn_credits(charges: Sequence[Charge], pack: Pack) -> Decimal:
    """How many of a pack's credits the year's rows draw."""
    return sum((c.credits for c in charges if c.credits is not None and c.text.endswith(pack.id)), ZERO)


def shared() -> list[Charge]:
    """The shared cloud's bill: packs and their draws, on-demand hours, volumes, a service credit."""
    drawn = [_drawn(charge) for load in PREPAID for charge in daily_charges(load, YEAR, CHANCE, _STEP)]
    paid = [charge for load in ON_DEMAND for charge in daily_charges(load, YEAR, CHANCE, _CENT)]
    return [*map(_purchase, PACKS), *drawn, *paid, _refund()]


def cluster() -> list[Charge]:
    """The cluster's bill: the monthly reservation, and each day's node hours used and unused."""
    return [charge for month in CLUSTER_MONTHS for charge in _cluster_month(month_start(YEAR, month))]


def _cluster_month(month: date) -> Iterator[Charge]:
    fee = monthly_charge(month, _HOME, CLUSTER, CLUSTER_FEE, _MONTANA, effective=ZERO, resource="cluster-07",
                         category="Purchase", frequency="Recurring", pricing="Committed", commitment=RESERVATION,
                         text="Reservation of dedicated cluster 07, monthly")  # fmt: skip
    yield fee
    days = days_of(month)
    hours = Decimal(4 * 24)
    for day, cost in zip(days, apportion(CLUSTER_FEE, [1] * len(days), _CENT), strict=True):
        weights = [CHANCE.between(share - 4, share + 4, name, str(day)) for name, _, share in CLUSTER_USE]
        weights.append(max(100 - sum(weights), 0))
        uses = [*((name, tags, "Used") for name, tags, _ in CLUSTER_USE), ("cluster-07", {}, "Unused")]
        for (name, tags, status), part, used in zip(
            uses, apportion(cost, weights, _CENT), apportion(hours, weights, _CENT), strict=True
        ):
            if not part:
                continue
            yield replace(fee, begin=day, end=day + DAY, quantity=used, billed=ZERO, effective=part, listed=part,
                          category="Usage", frequency="Usage-Based", commitment_status=status, tags=tags,
                          resource=name, text=f"{CLUSTER.text}, {status.lower()}")  # fmt: skip


def exchange() -> list[Charge]:
    """The exchange's bill of the first quarter."""
    return [charge for load in SPOT_LOADS for charge in daily_charges(load, YEAR, CHANCE, _CENT)]
