"""``init``, ``run``, ``check`` and ``classify``: making, computing and looking into a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rdcredit.cli.terminal import (
    as_json,
    debug,
    end_progress,
    print_json,
    print_table,
    progress,
    reporting,
    strict,
    study_folder,
)
from rdcredit.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.determine.compute import Explanation
    from rdcredit.determine.whole import DeterminedStudy
    from rdcredit.errors import Problem
    from rdcredit.ledger.records import Part
    from rdcredit.render.material import StudyMaterial


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sample", metavar="NAME", help="Copy a shipped sample study instead of an empty scaffold.")
@debug
@reporting
def init(folder: Path, sample: str | None, debug: bool) -> None:
    """Make a study folder: a scaffold with an explained study.toml, or a copy of a sample."""
    from rdcredit.study.scaffold import init_study

    made = init_study(folder, sample)
    what = f"a copy of the sample {sample}" if sample else "a scaffold to fill in"
    click.echo(f"{made} holds {what}. Next: rdcredit check {made}")


@click.command()
@study_folder
@as_json
@strict
@debug
@reporting
def run(folder: Path, as_json: bool, strict: bool, debug: bool) -> None:
    """Compute a study and publish workbook, Word study, form lines and ledger in STUDY/out."""
    from rdcredit.pipeline import run_study

    notices: list[Problem] = []
    material, determined, manifest = run_study(folder, progress, notices.append)
    end_progress()
    for problem in notices:
        click.echo(problem.line("The study was published all the same."), err=True)
    if as_json:
        from rdcredit.render.json_files import results_json

        print_json(results_json(material))
    else:
        _summary(material, determined)
        click.echo(f"\nPublished in {folder / 'out'}: {', '.join(f.path for f in manifest.files)}")
    if strict and _held(material.parts):
        raise SystemExit(int(Exit.HELD))


def _held(parts: Iterable[Part]) -> bool:
    from rdcredit.ledger.records import BucketKind

    return any(p.determination.bucket.kind is BucketKind.HELD and p.amount for p in parts)


def _summary(material: StudyMaterial, determined: DeterminedStudy) -> None:
    from rdcredit.figure.expression import Unit
    from rdcredit.figure.sentence import shown
    from rdcredit.figure.value import Missing
    from rdcredit.ingest.wording import count_of

    credit, figures, views = material.credit, material.figures, material.views
    lines = [
        ("Wages", credit.qre.wages),
        ("Supplies", credit.qre.supplies),
        ("Computer rental", credit.qre.computer_rental),
        ("Contract research", credit.qre.contract_and_basic),
        ("Total QREs", credit.qre.total),
        ("Regular credit", credit.regular.credit),
        ("Alternative simplified credit", credit.asc.credit),
        ("Current year credit", credit.current.credit),
    ]
    rows = []
    for label, line in lines:
        values = (figures.seen(line, v) for v in views)
        rows.append(
            (label, *("missing" if isinstance(v, Missing) else shown(v.value, Unit.MONEY, whole=True) for v in values))
        )
    year = credit.facts.credit_year
    click.echo(
        f"{material.study.taxpayer.name}, taxable year {year.begin} to {year.end} ({material.study.study.status})\n"
    )
    print_table(("", *(str(v) for v in views)), rows, frozenset({1, 2, 3}))
    click.echo()
    _buckets(material.parts)
    problems = determined.problems
    if problems or material.findings:
        click.echo(
            f"\n{count_of(len(material.findings), 'finding')} and {count_of(len(problems), 'question')} about single "
            "records are in out/workpapers.xlsx, tab U."
        )


def _buckets(parts: Sequence[Part], limit: int = 12) -> None:
    from collections import defaultdict
    from fractions import Fraction

    from rdcredit.money import money_text

    found: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for part in parts:
        bucket = part.determination.bucket
        name = "all components" if bucket.kind == "qualified" else bucket.name
        found[bucket.kind, name, part.currency] += Fraction(part.amount)
    rows = sorted(found.items(), key=lambda item: (item[0][0] != "qualified", -abs(item[1])))
    print_table(
        ("Bucket", "Reason or question", "Dollars"),
        [(kind, name, f"{money_text(amount)} {currency}") for (kind, name, currency), amount in rows[:limit]],
        frozenset({2}),
    )
    if len(rows) > limit:
        click.echo(f"and {len(rows) - limit} more buckets, in out/workpapers.xlsx, tab Q")


@click.command()
@study_folder
@as_json
@debug
@reporting
def check(folder: Path, as_json: bool, debug: bool) -> None:
    """Read and reconcile only: what each input holds, and every problem at once."""
    from rdcredit.pipeline import checked_study
    from rdcredit.study.problems import print_problems

    sources, ties, problems = checked_study(folder, progress)
    end_progress()
    if as_json:
        print_json(
            {
                "sources": [
                    {"input": s.input_id, "role": s.role, "format": s.format, "records": s.records,
                     "amount": f"{s.amount:f}", "currency": s.currency, "first_day": s.first_day,
                     "last_day": s.last_day, "files": len(s.files), "notes": list(s.notes)}
                    for s in sources
                ],
                "tie_outs": [
                    {"label": t.label, "read": f"{t.read:f}", "stated": f"{t.stated:f}",
                     "difference": f"{t.difference:f}", "source": t.source}
                    for t in ties
                ],
                "problems": [p.as_json() for p in problems],
            }
        )  # fmt: skip
        return
    from rdcredit.money import money_text

    print_table(
        ("Input", "Role", "Format", "Files", "Records", "First day", "Last day", "Amount"),
        [
            (s.input_id, s.role, s.format, str(len(s.files)), f"{s.records:,}", s.first_day, s.last_day,
             f"{money_text(s.amount)} {s.currency}" if s.currency else "")
            for s in sources
        ],
        frozenset({3, 4, 7}),
    )  # fmt: skip
    click.echo()
    off = [t for t in ties if t.must_tie and t.difference != 0]
    own = sum(t.source.startswith("dollars read") or not t.must_tie for t in ties)
    click.echo(f"{len(ties) - own} stated totals and {own} of our own compared, {len(off)} differ.")
    import sys

    print_problems(problems, folder, sys.stdout)


@click.command()
@study_folder
@click.option("--explain", metavar="WORKLOAD", help="All opinions about one workload, with the road not taken.")
@as_json
@debug
@reporting
def classify(folder: Path, explain: str | None, as_json: bool, debug: bool) -> None:
    """What became of each workload, person and contract, and why."""
    from rdcredit.pipeline import determined_study, explanations

    if explain is not None:
        found = explanations(folder, explain, progress)
        end_progress()
        print_json([_explanation(e) for e in found]) if as_json else _explain(found)
        return
    determined = determined_study(folder, progress)
    end_progress()
    rows = _by_subject(determined.parts)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("Subject", "Bucket", "Dollars", "Rule", "Why"),
        [(r["subject"], r["bucket"], r["amount"], r["rule"], r["why"][:90]) for r in rows],
        frozenset({2}),
    )


def _by_subject(parts: Iterable[Part]) -> list[dict[str, str]]:
    """Subjects with their buckets and dollars; people by id, without their pay."""
    from collections import defaultdict
    from fractions import Fraction

    from rdcredit.ledger.records import QreCategory
    from rdcredit.money import money_text

    found: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for part in parts:
        d = part.determination
        found[part.subject, str(d.bucket), d.rule, d.why, d.authority, str(part.category), d.component] += Fraction(
            part.amount
        )
    order = sorted(found.items(), key=lambda item: (item[0][5], -abs(item[1]), item[0]))
    return [
        {
            "subject": subject,
            "bucket": bucket,
            "amount": "(pay)" if category == QreCategory.WAGES else money_text(amount),
            "rule": rule,
            "why": why,
            "authority": authority,
            "category": category,
            "component": component,
        }
        for (subject, bucket, rule, why, authority, category, component), amount in order
    ]


def _explanation(e: Explanation) -> dict[str, Any]:
    return {
        "workload": e.workload,
        "periods": list(e.periods),
        "amount": None if e.amount is None else f"{e.amount:f}",
        "rows": e.rows,
        "tags": list(e.tags),
        "circumstances": dict(e.circumstances),
        "bucket": str(e.determination.bucket),
        "opinions": [
            {
                "gate": o.gate,
                "verdict": o.verdict,
                "rule": o.rule,
                "name": o.name,
                "why": o.why,
                "authority": o.authority,
            }
            for o in e.opinions
        ],
        "road_not_taken": list(e.determination.road_not_taken),
    }


def _explain(found: Sequence[Explanation]) -> None:
    from rdcredit.money import money_text

    for e in found:
        months = f"{e.periods[0]} to {e.periods[-1]}" if len(e.periods) > 1 else "".join(e.periods)
        amount = "(pay)" if e.amount is None else money_text(e.amount)
        click.echo(f"{e.workload}: {amount} in {e.rows:,} rows, {months}")
        click.echo(f"  {e.determination.bucket}")
        if not e.opinions:
            click.echo(f"    rule {e.determination.rule}. {e.determination.why} [{e.determination.authority}]")
        for o in e.opinions:
            name = f" ({o.name})" if o.name else ""
            cite = f" [{o.authority}]" if o.authority else ""
            click.echo(f"    {o.gate}: {o.verdict}{name}, rule {o.rule}. {o.why}{cite}")
        for road in e.determination.road_not_taken:
            click.echo(f"    not taken: {road}")
        for tags in e.tags[:3]:
            click.echo(f"    tags: {tags}")
        click.echo()
