"""``law``: every number the computation takes from the law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rdcredit.cli.terminal import as_json, print_json, print_table, reporting

if TYPE_CHECKING:
    from rdcredit.law import Parameter
    from rdcredit.law.parameters import LawValue


@click.group()
def law() -> None:
    """Rates, thresholds and dates of the law, with authority and effective dates."""


@law.command("list")
@as_json
@reporting
def list_(as_json: bool) -> None:
    """Every parameter with the value now in force."""
    from rdcredit.law import all_parameters

    parameters = all_parameters().values()
    if as_json:
        print_json([_record(p) for p in parameters])
        return
    print_table(
        ("Parameter", "Value", "Authority", "What it is"),
        [
            (p.id, _value(p.values[-1].value, p.unit) if p.values else "table", str(p.citation), p.title)
            for p in parameters
        ],
        frozenset({1}),
    )


@law.command()
@click.argument("parameter")
@as_json
@reporting
def show(parameter: str, as_json: bool) -> None:
    """One parameter: every value with its dates, the basis of the dates, authority and verified range."""
    from rdcredit.errors import Problem, Refused
    from rdcredit.law import all_parameters
    from rdcredit.study.names import nearest

    known = all_parameters()
    if parameter not in known:
        near = nearest(parameter, known)
        raise Refused(
            [Problem("E708", "", f"there is no parameter {parameter}", "Parameters are named as in rdcredit law list.",
                     f"Ask for: rdcredit law show {near or 'asc.rate'}")]
        )  # fmt: skip
    found = known[parameter]
    if as_json:
        print_json(_record(found))
        return
    click.echo(f"{found.id}: {found.title}")
    click.echo(f"  authority: {found.citation} ({found.citation.grade})")
    if found.citation.source:
        click.echo(f"  consulted: {found.citation.source}")
    click.echo(f"  goes by: {found.basis.replace('-', ' ')}; verified from {found.verified[0]} to {found.verified[1]}")
    for dated in found.values:
        until = f" to {dated.until}" if dated.until else " on"
        click.echo(f"  from {dated.begins}{until}: {_value(dated.value, found.unit)}")
    for row in found.rows:
        click.echo("  " + ", ".join(f"{name} {value}" for name, value in row))


def _value(value: LawValue, unit: str) -> str:
    from rdcredit.figure.expression import Unit
    from rdcredit.figure.sentence import shown

    return shown(value, Unit.RATIO if unit == "ratio" else Unit.MONEY if unit == "money" else Unit.COUNT)


def _record(p: Parameter) -> dict[str, Any]:
    return {
        "id": p.id,
        "title": p.title,
        "unit": p.unit,
        "basis": str(p.basis),
        "authority": str(p.citation),
        "consulted": p.citation.source,
        "grade": str(p.citation.grade),
        "verified": [d.isoformat() for d in p.verified],
        "values": [
            {"from": d.begins.isoformat(), "until": d.until.isoformat() if d.until else None, "value": str(d.value)}
            for d in p.values
        ],
        "rows": [{name: str(value) for name, value in row} for row in p.rows],
    }
