"""Findings about a bill that was determined: what a reviewer asks about before anybody signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.determine.workloads import disagreeing_keys, mixed_scripts, spelling_variants
from rdcredit.ledger.exact import from_units, units
from rdcredit.ledger.findings import Finding
from rdcredit.ledger.records import BucketKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdcredit.determine.compute import Hearing
    from rdcredit.errors import Problem


def findings_of(heard: Hearing, source: str) -> tuple[Finding, ...]:
    """Untagged cost, corrections, spellings, keys that disagree, classifier and reviewer."""
    net = heard.net()
    by_workload: dict[str, list[int]] = {}
    for i, placed in enumerate(heard.placed):
        by_workload.setdefault(placed.workload.id, []).append(i)
    return (
        *_untagged(heard, net, source),
        *_corrections(heard, source),
        *_spellings(heard, net, source),
        *_two_values(heard, net, by_workload),
        *_classifier_disagrees(heard, net, by_workload),
        *_overridden(heard, net, by_workload),
    )


def tag_problems(heard: Hearing, source: str) -> tuple[Problem, ...]:
    """Names whose letters come from more than one alphabet."""
    return mixed_scripts({p.tags.text: p.tags for p in heard.placed}.values(), heard.bench.tags.identity, source)


def _untagged(heard: Hearing, net: Sequence[int], source: str) -> Iterator[Finding]:
    asked = (
        net[i]
        for i, placed in enumerate(heard.placed)
        if not placed.workload.is_tagged
        and any(case.determination.bucket.kind is BucketKind.HELD for case in heard.cases[i])
    )
    dollars = sum(asked)
    if dollars:
        why = "No identity tag says whose usage it is; it is held as one workload for each account and service family."
        yield _finding("compute.untagged", "Cost without identity tags", why, dollars, f"source:{source}")


def _corrections(heard: Hearing, source: str) -> Iterator[Finding]:
    here = [c for c in heard.charges if c.key["charge_class"].casefold() == "correction"]
    if here:
        months = ", ".join(sorted({c.key["period"] for c in here}))
        why = f"{months}: charges corrected after they were invoiced may concern another year than the original."
        dollars = sum(units(c.amount) for c in here)
        yield _finding("compute.corrections", "Corrections of invoiced charges", why, dollars, f"source:{source}")


def _spellings(heard: Hearing, net: Sequence[int], source: str) -> Iterator[Finding]:
    dollars: dict[tuple[str, str], int] = {}
    for i, placed in enumerate(heard.placed):
        for key in heard.bench.tags.identity:
            for value in placed.tags.values.get(key, ()):
                dollars[key, value] = dollars.get((key, value), 0) + net[i]
    tag_sets = {p.tags.text: p.tags for p in heard.placed}
    for (key, value), spellings in spelling_variants(tag_sets.values(), heard.bench.tags.identity).items():
        why = f"{key} = {value} is written {' and '.join(spellings)}; they are read as one value."
        title = "One name in several spellings"
        yield _finding("compute.spellings", title, why, dollars[key, value], f"source:{source}")


def _two_values(heard: Hearing, net: Sequence[int], by_workload: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    for workload, here in sorted(by_workload.items()):
        keys = disagreeing_keys(heard.placed[here[0]].tags, heard.bench.tags.identity)
        if keys:
            why = f"Two keys that mean {' and '.join(keys)} hold different values on the same rows."
            dollars = sum(net[i] for i in here)
            yield _finding("compute.two_values", "Tags of one row disagree", why, dollars, f"workload:{workload}")


def _classifier_disagrees(
    heard: Hearing, net: Sequence[int], by_workload: Mapping[str, Sequence[int]]
) -> Iterator[Finding]:
    for workload, answer in sorted(heard.answers.items()):
        here = by_workload[workload]
        if answer.disagrees and any(case.open_to_classifier for i in here for case in heard.cases[i]):
            why = f"Its tag sets are classified differently; most of the cost is {answer.label}."
            title = "The classifier disagrees inside one workload"
            dollars = sum(net[i] for i in here)
            yield _finding("compute.classifier_split", title, why, dollars, f"workload:{workload}")


def _overridden(heard: Hearing, net: Sequence[int], by_workload: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    for workload, indices in sorted(by_workload.items()):
        here = [i for i in indices if any(case.overridden for case in heard.cases[i])]
        if here:
            rules = dict.fromkeys(rule for i in here for case in heard.cases[i] for rule in case.overridden)
            why = f"A reviewer decided against {' and '.join(rules)}."
            dollars = sum(net[i] for i in here)
            title = "A statutory exclusion was overridden"
            yield _finding("compute.exclusion_overridden", title, why, dollars, f"workload:{workload}")


def _finding(code: str, title: str, why: str, dollars: int, subject: str) -> Finding:
    return Finding(code, title, why, from_units(dollars), (subject,))
