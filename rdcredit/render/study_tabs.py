"""The tabs a study adds to those of its credit: tie-outs, sources, exclusion and held ledger, trace."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.figure.expression import Leaf, Line
from rdcredit.figure.origin import describe
from rdcredit.figure.trace import reachable, steps_below
from rdcredit.forms.form_6765 import roots_of
from rdcredit.ledger.records import BucketKind, QreCategory
from rdcredit.render.layout import Tab, TableBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.figure.value import Scalar
    from rdcredit.ledger.records import Part
    from rdcredit.render.material import StudyMaterial

_PERSONAL = QreCategory.WAGES


def control_tab(material: StudyMaterial) -> Tab:
    """Tab B: every tie-out as a difference that must be zero, and what became of every source dollar."""
    ties = [(t.label, t.source, Fraction(t.read), Fraction(t.stated)) for t in material.tie_outs if t.must_tie]
    left = [(t.label, t.source, Fraction(t.read)) for t in material.tie_outs if not t.must_tie]
    blocks = [
        TableBlock(
            "Tie-outs",
            ("What is compared", "Against", "Read", "Stated"),
            ties,
            frozenset({2, 3}),
            (58, 44, 18, 18),
            "Each difference must be zero.",
            totals=False,
            difference=(2, 3),
        ),
        TableBlock(
            "What became of every dollar read, by source",
            ("Source", "Currency", "Read", "Qualified", "Excluded", "Held"),
            list(_by_source(material.parts)),
            frozenset({2, 3, 4, 5}),
            (58, 44, 18, 18, 18, 18),
        ),
    ]
    if left:
        blocks.append(
            TableBlock("Left over by rounding", ("Source", "Why", "Amount"), left, frozenset({2}), (58, 44, 18))
        )
    return Tab("B", "Control", "Totals that must agree before anything is relied on", "inputs", tuple(blocks))


def _by_source(parts: Sequence[Part]) -> Iterable[tuple[Scalar, ...]]:
    found: dict[tuple[str, str], dict[BucketKind, Fraction]] = defaultdict(
        lambda: dict.fromkeys(BucketKind, Fraction(0))
    )
    for part in parts:
        found[part.source, part.currency][part.determination.bucket.kind] += Fraction(part.amount)
    for (source, currency), kinds in sorted(found.items()):
        yield (
            source,
            currency,
            sum(kinds.values(), Fraction(0)),
            kinds[BucketKind.QUALIFIED],
            kinds[BucketKind.EXCLUDED],
            kinds[BucketKind.HELD],
        )


def sources_tab(material: StudyMaterial) -> Tab:
    """Tab P: the inputs as they were read, with their digests."""
    read = [
        (
            s.input_id,
            s.role,
            s.format,
            Fraction(s.records),
            s.first_day,
            s.last_day,
            s.currency,
            Fraction(s.amount) if s.currency else None,
            "; ".join(s.notes),
        )
        for s in material.sources
    ]
    files = [(f.path, f.digest) for s in material.sources for f in s.files]
    return Tab(
        "P",
        "Sources",
        "What was read: format, rows, days, dollars, digests",
        "inputs",
        (
            TableBlock(
                "Inputs",
                ("Input", "Role", "Format", "Records", "First day", "Last day", "Currency", "Amount read", "Notes"),
                read,
                frozenset({7}),
                (40, 66, 14, 12, 12, 12, 10, 18, 60),
            ),
            TableBlock("Files", ("File", "SHA-256"), sorted(set(files)), widths=(40, 66)),
        ),
    )


def ledger_tab(material: StudyMaterial) -> Tab:
    """Tab Q: every subject with its bucket, reason and dollars; months are added up.

    Pay is not shown here: wages appear by component and reason, without the person.
    """
    groups: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in material.parts:
        d = part.determination
        personal = part.category == _PERSONAL
        key = (
            d.bucket.kind,
            d.bucket.name,
            part.source,
            str(part.category),
            "(people: tabs H)" if personal else part.subject,
            d.component,
            str(d.counts_in or ""),
            d.rule,
            "" if personal else d.why,
            d.authority,
            part.currency,
        )
        groups[key].append(part)
    order = {BucketKind.HELD: 0, BucketKind.EXCLUDED: 1, BucketKind.QUALIFIED: 2}
    totals = {key: sum((Fraction(p.amount) for p in own), Fraction(0)) for key, own in groups.items()}
    rows: list[tuple[Scalar, ...]] = [
        (*key, totals[key]) for key in sorted(groups, key=lambda k: (order[BucketKind(k[0])], -abs(totals[k]), k))
    ]
    header = ("Bucket", "Reason or question", "Source", "Category", "Subject", "Component", "Counts in", "Rule", "Why",
              "Authority", "Currency", "Amount")  # fmt: skip
    return Tab(
        "Q",
        "Ledger",
        "Every dollar that was considered: held by a question, excluded by a reason, or qualified",
        "ledger.parquet holds the same by month and source row",
        (
            TableBlock(
                "Exclusion and held ledger, and what qualified",
                header,
                rows,
                frozenset({11}),
                (12, 40, 24, 18, 44, 20, 12, 30, 60, 34, 10, 18),
            ),
        ),
    )


def _questions(material: StudyMaterial) -> TableBlock:
    rows = [(p.code, p.place, p.what, p.fix) for p in material.problems]
    return TableBlock("Questions about single records", ("Code", "Where", "What", "What to do"), rows,
                      widths=(46, 40, 90, 60))  # fmt: skip


def findings_tab(material: StudyMaterial) -> Tab:
    """Tab U: what a reviewer should know, the most dollars first."""
    rows = [
        (f.title, Fraction(f.dollars), f.why, ", ".join(f.subjects[:6]), f.code, "yes" if f.blocks_final else "")
        for f in material.findings
    ]
    return Tab(
        "U",
        "Open points",
        "Observations and open questions with the dollars they concern",
        "checks of this run",
        (
            TableBlock(
                "Findings",
                ("Finding", "Dollars", "Why it matters", "About", "Code", "Blocks final"),
                rows,
                frozenset({1}),
                (46, 18, 90, 44, 26, 12),
                totals=False,
            ),
            _questions(material),
        ),
    )


def trace_tab(material: StudyMaterial) -> Tab:
    """Tab Y: each figure with what it rests on; values stand in the cells named by ``trace.json``."""
    rows: list[tuple[Scalar, ...]] = []
    for node in reachable(roots_of(material.credit)):
        if isinstance(node, Line):
            inputs = ", ".join(s.id for s in steps_below(node))
            rows.append((node.id, node.label, node.cite, inputs))
        elif isinstance(node, Leaf) and not node.id.startswith("s41.wages.person"):
            rows.append((node.id, node.label, describe(node.origin), ""))
    return Tab(
        "Y",
        "Trace",
        "Each figure and input by id: authority or origin, and the figures it is computed from",
        "the line graph of this run",
        (TableBlock("Figures and inputs", ("Id", "Label", "Authority or origin", "Computed from"), rows,
                    widths=(52, 70, 70, 90)),),
    )  # fmt: skip


def study_tabs(material: StudyMaterial) -> tuple[Tab, ...]:
    """The tabs a study adds, in order."""
    return (
        control_tab(material),
        sources_tab(material),
        ledger_tab(material),
        findings_tab(material),
        trace_tab(material),
    )
