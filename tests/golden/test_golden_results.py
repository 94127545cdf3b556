"""The shipped sample comes out as it did, and as an independent reading of its files says it must."""

import csv
import gzip
import json
import runpy
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from support.studies import form, ledger, nodes, results, total, whole

from rdcredit.ledger.records import BucketKind, QreCategory, View
from rdcredit.money import to_cents

GOLDEN = runpy.run_path(str(Path(__file__).with_name("golden.py")))


@pytest.fixture(scope="module")
def parts(sample):
    return ledger(sample)


def supported(parts, category):
    return [p for p in parts if p.category == category and p.determination.counts_in == View.SUPPORTED]


# ---- as it did


def test_the_sample_comes_out_as_it_did(sample):
    """A difference that is meant: python tests/golden/golden.py"""
    kept = json.loads(GOLDEN["KEPT"].read_text(encoding="utf-8"))
    found = GOLDEN["golden"](results(sample))
    for name in kept:
        assert found[name] == kept[name], name
    assert found.keys() == kept.keys()


def test_every_total_of_the_sample_ties(sample):
    ties = results(sample)["reconciliation"]
    assert len(ties) > 50
    assert [t for t in ties if t["must_tie"] and Decimal(t["difference"])] == []


# ---- as the raw files say


def test_one_experiments_cost_is_the_sum_of_its_raw_rows(sample, parts):
    """The export read by nothing of this program: usage of one workload, before credits are spread over it."""
    raw = Decimal(0)
    for path in sorted((sample / "inputs" / "aws-focus").rglob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                tags = {key.casefold(): value for key, value in json.loads(row["Tags"]).items()}
                if (
                    tags.get("workload") == "residual-codebook-search"
                    and row["ServiceCategory"] == "Compute"
                    and row["ChargeCategory"] == "Usage"
                ):
                    assert {tags.get("project") or tags["proj"]} <= {"retrieval-quantiser", "retrieval_quantiser"}
                    assert row["RegionId"].startswith("us-")
                    raw += Decimal(row["EffectiveCost"])
    own = [p for p in parts if "workload=residual-codebook-search" in p.subject and "| Compute |" in p.subject]
    assert {str(p.determination.bucket) for p in own} == {"qualified:retrieval-quantiser"}
    assert total(p for p in own if not p.note) == raw > 50_000
    assert total(own) < raw  # less its share of the promotional credits


@pytest.mark.parametrize(
    ("source", "files", "column"),
    [("aws", "aws-focus", "EffectiveCost"), ("azure", "azure-focus", "EffectiveCost")],
)
def test_the_ledger_holds_what_the_raw_rows_sum_to(sample, parts, source, files, column):
    raw = Decimal(0)
    for path in sorted((sample / "inputs" / files).rglob("*.csv*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            raw += sum(Decimal(row[column]) for row in csv.DictReader(stream))
    assert total(p for p in parts if p.source == source) == raw


# ---- ledger to form


def by_component(amounts):
    """Dollars of a line: each component in whole dollars, as Section G lists them, and their sum."""
    found = defaultdict(Fraction)
    for component, amount in amounts:
        found[component] += Fraction(amount)
    return sum(int(whole(amount)) for amount in found.values())


@pytest.mark.parametrize(
    ("category", "line", "counted"),
    [
        (QreCategory.COMPUTER_RENTAL, "44", 100),
        (QreCategory.SUPPLIES, "43", 100),
        (QreCategory.CONTRACT_RESEARCH, "45", 65),
    ],
)
def test_the_lines_of_the_form_are_the_sums_of_the_ledger(sample, parts, category, line, counted):
    cents = defaultdict(Decimal)
    for part in supported(parts, category):
        cents[part.source, part.subject, part.determination.component] += part.amount
    rows = [(component, Fraction(to_cents(amount)) * counted / 100) for (_, _, component), amount in cents.items()]
    assert form(sample)[line] == str(by_component(rows))


def test_wages_are_the_ledgers_with_the_80_percent_rule(sample, parts):
    paid, qualified, time = defaultdict(Fraction), defaultdict(Fraction), defaultdict(Fraction)
    for part in (p for p in parts if p.category == QreCategory.WAGES):
        paid[part.subject] += Fraction(part.amount)
    for part in supported(parts, QreCategory.WAGES):
        qualified[part.subject] += Fraction(part.amount)
        time[part.subject, part.determination.component] += Fraction(part.amount)
    lifted = {who for who, amount in qualified.items() if amount >= paid[who] * 80 / 100}
    assert 0 < len(lifted) < len(qualified)
    rows = [
        (component, amount * paid[who] / qualified[who] if who in lifted else amount)
        for (who, component), amount in time.items()
    ]
    assert abs(by_component(rows) - int(form(sample)["42"])) <= 1  # the ledger divides pay in whole cents


def test_the_lines_of_the_form_are_the_headline_results(sample):
    lines, found = form(sample), results(sample)["qre"]
    names = {"42": "wages", "43": "supplies", "44": "computer_rental", "47": "contract_research", "48": "total"}
    assert {line: lines[line] for line in names} == {line: found[name]["supported"] for line, name in names.items()}
    exact = nodes(sample)["s41.qre.total"]["value"]["supported"]
    assert lines["48"] == exact


# ---- as its README tells


def in_subject(*words):
    return lambda p: any(word in p.subject for word in words)


def in_bucket(name):
    return lambda p: str(p.determination.bucket) == name and p.source != "payroll"


SERVING = in_subject("workload=preview-endpoint", "workload=inference-api")
TOLD = {
    "Preview for customers before the release": lambda p: SERVING(p) and p.period < "2025-10",
    "Serving customers after release": lambda p: SERVING(p) and p.period >= "2025-10",
    "Routine retraining after release": in_subject("workload=monthly-retrain"),
    "Routine data processing": in_subject("workload=nightly-crawl-ingest", "workload=etl-load-warehouse"),
    "Two components claim it": in_subject("project=speech-codec, component=eval-harness"),
    "Dedicated cluster, idle": lambda p: p.source == "gpu-cluster" and "(untagged)" in p.subject,
    "Terms that nobody kept": lambda p: p.source == "gpu-exchange",
    "Paid for by a customer": in_subject("project=dispatch-voice"),
    "Third-party software": in_bucket("excluded:marketplace or third-party product"),
    "Support": in_bucket("excluded:support plan"),
    "Tax": in_bucket("excluded:tax on the bill"),
    "Use of December 2024 billed in January": in_bucket("excluded:used in another year"),
}


def table(readme):
    """The README's table of outcomes: what -> (effective cost, what becomes of it)."""
    rows = (line.strip("|").split("|") for line in readme.splitlines() if line.startswith("|"))
    return {cells[0].strip(): tuple(c.strip() for c in cells[2:]) for cells in rows if len(cells) == 4}


@pytest.mark.parametrize("what", TOLD)
def test_the_readme_tells_what_becomes_of_a_workload(sample, parts, what):
    dollars, becomes = table((sample / "README.md").read_text(encoding="utf-8"))[what]
    own = [p for p in parts if TOLD[what](p) and not p.note]  # before credits are spread
    assert f"${total(own):,.2f}" == dollars
    kinds = {p.determination.bucket.kind for p in own if p.amount}
    assert kinds == {BucketKind(becomes.split(":")[0].lower())}
