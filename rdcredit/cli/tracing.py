"""``trace`` and ``verify``: where a figure comes from, and whether the published set still holds."""

from __future__ import annotations

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
    study_folder,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdcredit.audit.trace import Step
    from rdcredit.ledger.records import Part

_SHOWN = 25


@click.command()
@study_folder
@click.argument("figure", required=False)
@click.option("--rows", is_flag=True, help="Go on to the rows of the source files.")
@click.option("--row", metavar="FILE:N", help="Start from row N of a source file and go up.")
@click.option("--limit", default=_SHOWN, show_default=True, help="Most rows to print.")
@as_json
@debug
@reporting
def trace(
    folder: Path,
    figure: str | None,
    rows: bool,
    row: str | None,
    limit: int,
    as_json: bool,
    debug: bool,
) -> None:
    """Follow a figure (an id, or a form line such as 6765:48) down to source rows, or a row up.

    Rows are counted from 1, below the header.

    Examples: rdcredit trace STUDY 6765:44 --rows; rdcredit trace STUDY --row inputs/people/timesheets-2025.csv:12
    """
    from rdcredit.audit.trace import published

    if (figure is None) == (row is None):
        raise click.UsageError("give a figure such as 6765:48, or --row FILE:N")
    study = published(folder)
    if row is not None:
        _up(study, row, limit, json_wanted=as_json)
        return
    from rdcredit.audit.trace import find, parts_behind, source_rows, steps

    name = find(study, str(figure))
    found = steps(study, name)
    parts = parts_behind(study, name)
    source = source_rows(study, parts, limit) if rows else []
    if as_json:
        print_json({"figure": name, "steps": [{"depth": s.depth, **s.node, "id": s.id} for s in found],
                    "parts": [_part(p) for p in parts], "rows": source})  # fmt: skip
        return
    for step in found:
        _step(step)
    if parts:
        click.echo("\nBehind these schedules, in the ledger:")
        _parts(parts, limit)
    if source:
        click.echo("\nRows of the source files:")
        for entry in source:
            place = f"{entry.get('file', '')} row {entry.get('record', '')}"
            cells = {k: v for k, v in entry.items() if k not in {"file", "record"} and v not in {"", "NULL"}}
            click.echo(f"  {place}: " + ", ".join(f"{k}={v}" for k, v in cells.items()))


def _step(step: Step) -> None:
    margin, node = "  " * step.depth, step.node
    if step.column is not None:
        how = "" if step.column["computed"] else ", source values"
        click.echo(f"{margin}{step.id}: {step.column['label']}, {len(node['rows']):,} rows{how}")
        return
    cell = next(iter(node["cell"].values()))
    value = next(iter(node["value"].values()))
    text = node.get("sentence") or f"{node['label']}: {'missing' if value is None else value} ({node['origin']})"
    click.echo(f"{margin}{node['id']} at {cell}")
    click.echo(f"{margin}  {text}")


def _part(part: Part) -> dict[str, str]:
    from rdcredit.ledger.records import QreCategory
    from rdcredit.money import plain_text

    d = part.determination
    pay = part.category == QreCategory.WAGES
    return {
        "source": part.source,
        "subject": part.subject,
        "period": part.period,
        "amount": "(pay)" if pay else plain_text(part.amount),
        "bucket": str(d.bucket),
        "counts_in": str(d.counts_in or ""),
        "rule": d.rule,
        "why": d.why,
        "authority": d.authority,
        "ref": str(part.ref),
        "note": part.note,
    }


def _parts(parts: Sequence[Part], limit: int) -> None:
    told = [_part(p) for p in parts[:limit]]
    print_table(
        ("Subject", "Month", "Amount", "Bucket", "Rule", "Rows"),
        [(p["subject"], p["period"], p["amount"], p["bucket"], p["rule"], p["ref"]) for p in told],
        frozenset({2}),
    )
    if len(parts) > limit:
        click.echo(f"and {len(parts) - limit:,} more parts (--limit, or out/ledger.parquet)")


def _up(study: Any, row: str, limit: int, *, json_wanted: bool) -> None:
    from rdcredit.audit.trace import figures_of_part, of_row

    file, _, number = row.rpartition(":")
    if not file or not number.isascii() or not number.isdigit():
        raise click.UsageError("write --row FILE:N, for example --row inputs/time.csv:12")
    parts = of_row(study, file, int(number))
    if json_wanted:
        print_json([{**_part(p), "figures": list(figures_of_part(study, p))} for p in parts])
        return
    for part in parts[:limit]:
        told = _part(part)
        click.echo(f"{told['subject']} {told['period']}: {told['amount']} {told['bucket']}")
        click.echo(f"  {told['why']} [{told['authority']}] rule {told['rule']}")
        click.echo(f"  {told['ref']}{'; ' + told['note'] if told['note'] else ''}")
        figures = figures_of_part(study, part)
        click.echo(f"  enters: {', '.join(figures)}" if figures else "  enters no figure")
    if len(parts) > limit:
        click.echo(f"and {len(parts) - limit:,} more parts (--limit, or out/ledger.parquet)")


@click.command()
@study_folder
@as_json
@debug
@reporting
def verify(folder: Path, as_json: bool, debug: bool) -> None:
    """Compute the published study again and compare files, sources and cells."""
    from rdcredit.audit.verify import verify as verified
    from rdcredit.errors import Refused
    from rdcredit.pipeline import write_again

    found = verified(folder, lambda into: write_again(folder, into, progress), progress)
    end_progress()
    if found.problems:
        raise Refused(found.problems, "The published set was not touched.")
    if as_json:
        print_json({"files": found.files, "same": True, "other_versions": list(found.other_versions)})
        return
    click.echo(f"All {found.files} published files agree with the lock, the sources and a fresh computation.")
    for change in found.other_versions:
        click.echo(f"Computed with another version: {change}")
