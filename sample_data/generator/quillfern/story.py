"""What the sample's README says in figures: totals and, case by case, the dollars to look for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from generator.charges import ZERO
from generator.quillfern import contracts_files, gpu_bills, people_files
from generator.quillfern.company import YEAR
from generator.quillfern.roster import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from generator.charges import Charge

CONSOLE_RELEASED = date(YEAR, 3, 3)
DECODER_RELEASED = date(YEAR, 9, 30)


class Case(NamedTuple):
    """One thing to look for in the bills."""

    what: str
    where: str
    is_meant: Callable[[Charge], bool]
    outcome: str


def _runs(*workloads: str) -> Callable[[Charge], bool]:
    """Use of computers by these workloads, corrections aside."""
    return lambda c: c.resource.split("/")[0] in workloads and c.category == "Usage" and not c.charge_class


def _runs_after(day: date, *workloads: str) -> Callable[[Charge], bool]:
    runs = _runs(*workloads)
    return lambda c: runs(c) and c.begin > day


def _runs_until(day: date, *workloads: str) -> Callable[[Charge], bool]:
    runs = _runs(*workloads)
    return lambda c: runs(c) and c.begin <= day


def _service(*names: str) -> Callable[[Charge], bool]:
    return lambda c: c.sku.service in names and c.category != "Credit"


BILL_CASES = (
    Case("Development of a named component", "`project=sparse-decoder` in three spellings, AWS, to September",
         _runs_until(DECODER_RELEASED, "spd-routing", "spd-dev"),
         "Belongs to the sparse decoder, whichever way the tag is written"),
    Case("Experiments on the decoder after its release", "the same project, AWS and Gannetloft, from 1 October",
         _runs_after(DECODER_RELEASED, "spd-routing", "spd-dev", "pretrain", "longctx"),
         "Held: new uncertainty, or upkeep"),
    Case("Preview for customers before the release", "`preview-endpoint`, `inference-api`, April to September",
         _runs_until(DECODER_RELEASED, "preview", "decoder-api"), "Held: production before a release"),
    Case("Serving customers after release", "`preview-endpoint`, `inference-api`, from 1 October",
         _runs_after(DECODER_RELEASED, "preview", "decoder-api"), "Excluded: after commercial production"),
    Case("Routine retraining after release", "`workload=monthly-retrain`", _runs("decoder-retrain"),
         "Excluded: after commercial production"),
    Case("Console after its release", "`project=customer-console`, production account, from 4 March",
         _runs_after(CONSOLE_RELEASED, "console-prod", "console-db", "console-nat", "console-lb", "webhooks"),
         "Excluded: after commercial production"),
    Case("Console under further development", "`project=customer-console`, `environment=staging`",
         _runs("console-stage"), "Excluded: stated not to meet the 80 % test"),
    Case("Routine data processing", "`nightly-crawl-ingest`, `etl-load-warehouse`",
         _runs("ingest-nightly", "ingest-etl"), "Excluded: routine data collection"),
    Case("Back office and marketing", "account quillfern-corp", _runs("finance-bi", "desktops", "website"),
         "Excluded: production use, or software by name"),
    Case("Two components claim it", "`project=speech-codec`, `component=eval-harness`", _runs("codec-eval"),
         "Held: both are named"),
    Case("No component claims it", "`project=moonlit`, the misspelled `sparce-decoder`, notebooks with a team only",
         _runs("moonlit", "spd-typo", "notebooks"), "Held: which component"),
    Case("No tags at all", "sandbox account, data lake, logs, scratch GPU hours, tags switched on late",
         lambda c: not c.tags and c.category == "Usage" and not c.commitment and c.sku != gpu_bills.SPOT,
         "Held: which component"),
    Case("Dedicated hosts and instances", "`HostUsage:g5`, `DedicatedUsage:c7i.8xlarge`",
         _runs("spd-host", "codec-dedicated"), "Held: tenancy, the primary-user question"),
    Case("Dedicated cluster, used", "Gannetloft cluster 07",
         lambda c: c.sku == gpu_bills.CLUSTER and c.commitment_status == "Used", "Held: tenancy"),
    Case("Dedicated cluster, idle", "Gannetloft cluster 07, `Unused`",
         lambda c: c.sku == gpu_bills.CLUSTER and c.commitment_status == "Unused", "Held: no component, and idle"),
    Case("Terms that nobody kept", "Hollinridge spot hours", lambda c: c.sku == gpu_bills.SPOT,
         "Held: unknown tenancy"),
    Case("Savings plan, unused", "AWS, `Unused`",
         lambda c: c.sku.code == "ComputeSavingsPlans" and c.commitment_status == "Unused",
         "Held: no component, and unused"),
    Case("Run by a researcher abroad", "`user=E-021` (Germany)", _runs("codec-abroad"),
         "Held: who ran it, and where; a contractor abroad also works on the codec"),
    Case("Component worked on mostly abroad", "`project=kernel-autotuner`, shared hosts",
         _runs("tuner", "tuner-search"), "Divided by the time of the people recorded on it; E-022 works in Canada"),
    Case("Run by a US researcher on machines abroad", "`user=E-011`, eu-west-1", _runs("codec-eu"),
         "Held: who ran it, and where"),
    Case("Paid for by a customer", "`project=dispatch-voice`", _runs("dispatch-dev"), "Excluded: funded research"),
    Case("Internal-use software", "`project=labelling-tool`", _runs("labelling-dev", "labelling-prod"),
         "Development held: place, 80 % test and high threshold not shown; production excluded"),
    Case("Dual-function software", "`near-duplicate-method-trials`, `synthetic-dialogue-gen`",
         _runs("dedup-trials", "synth"), "Held: 80 % test not shown, third-party part not carved out"),
    Case("Storage and network of experiments", "S3, EBS, FSx, volumes, transfer, blob storage",
         _runs("spd-checkpoints", "spd-volumes", "spd-lustre", "codec-transfer", "checkpoints", "stcodec"),
         "Held: is it a right to use computers"),
    Case("Hosted models and speech service", "Bedrock, its marketplace model, Azure speech",
         _runs("judge-api", "hosted-model", "speech-labels"), "Held: by name, not clearly a right to use computers"),
    Case("Third-party software", "Gristwell, AWS Marketplace", _service("Gristwell Observability for Containers"),
         "Excluded: marketplace product"),
    Case("Support", "AWS Support (Business)", _service("AWS Support (Business)"), "Excluded: support plan"),
    Case("Tax", "AWS", lambda c: c.category == "Tax", "Excluded: tax"),
    Case("Promotional credits", "AWS, January to May, without tags",
         lambda c: c.category == "Credit" and "promotional" in c.text, "Spread over the usage they paid for"),
    Case("Use of December 2024 billed in January", "AWS, `Correction`", lambda c: c.begin.year < YEAR,
         "Excluded: another year"),
    Case("Overcharge of April corrected in June", "AWS, `Correction`",
         lambda c: bool(c.charge_class) and c.begin.year == YEAR, "Lowers the sparse decoder's cost"),
    Case("Refund of a failed host", "AWS, August", lambda c: c.text.startswith("Refund"),
         "Lowers the sparse decoder's cost"),
    Case("Service credit", "Gannetloft, August", lambda c: c.text.startswith("Service credit"),
         "Lowers the cost of the resource it names, or of the month"),
)  # fmt: skip
"""The dollars are effective cost, before promotional credits are spread."""


def money(amount: Decimal) -> str:
    """An amount to the cent, with a sign where it is negative."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def _case_table(charges: Sequence[Charge]) -> str:
    lines = ["| What | Where | Effective cost | What becomes of it |", "|---|---|---:|---|"]
    for case in BILL_CASES:
        dollars = sum((c.effective for c in charges if case.is_meant(c)), ZERO)
        if not dollars:
            raise ValueError(f"the case {case.what} has no dollars")
        lines.append(f"| {case.what} | {case.where} | {money(dollars)} | {case.outcome} |")
    return "\n".join(lines)


def _bill_table(bills: Mapping[str, Sequence[Charge]]) -> str:
    lines = ["| Input | Rows | Billed | Effective |", "|---|---:|---:|---:|"]
    everything = [charge for charges in bills.values() for charge in charges]
    for name, charges in [*((f"`{key}`", value) for key, value in bills.items()), ("All", everything)]:
        billed, effective = (sum((getattr(c, key) for c in charges), ZERO) for key in ("billed", "effective"))
        lines.append(f"| {name} | {len(charges):,} | {money(billed)} | {money(effective)} |")
    return "\n".join(lines)


def _pack_table(charges: Sequence[Charge]) -> str:
    lines = ["| Pack | Bought | Paid | Credits | Drawn in 2025 | Left or lapsed, at cost |",
             "|---|---|---:|---:|---:|---:|"]  # fmt: skip
    for pack in gpu_bills.PACKS:
        drawn = gpu_bills.drawn_credits(charges, pack)
        rest = (pack.credits - drawn) * pack.unit_cost
        lapsed = "lapsed" if pack.expires.year == YEAR else "left"
        lines.append(f"| {pack.id} | {pack.bought} | {money(pack.paid)} | {pack.credits:,} | {drawn:,.2f} | "
                     f"{money(rest)} {lapsed} |")  # fmt: skip
    return "\n".join(lines)


def _wages(*people: str) -> str:
    return money(sum((c.taxable for c in people_files.checks() if c.person.id in people), ZERO))


def told(bills: Mapping[str, Sequence[Charge]]) -> dict[str, str]:
    """The places of the README and what fills them."""
    everything = [charge for charges in bills.values() for charge in charges]
    return {
        "bill table": _bill_table(bills),
        "case table": _case_table(everything),
        "pack table": _pack_table(bills["gpu-shared"]),
        "people": str(len(PEOPLE)),
        "payroll": money(people_files.taxable_total()),
        "contractors": money(contracts_files.contractor_total()),
        "supplies": money(contracts_files.supplies_total()),
        "wages no time": _wages("E-019"),
        "wages officers": _wages("E-001", "E-003"),
        "wages evidenced": _wages("E-002", "E-004"),
        "wages abroad": _wages("E-021", "E-022"),
        "wages territory": _wages("E-012"),
        "wages survey": _wages(*(p.id for p in PEOPLE if p.record == "survey")),
    }
