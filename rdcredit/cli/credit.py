"""``credit``: the credit from stated facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdcredit.cli.terminal import as_json, debug, print_json, print_table, reporting

if TYPE_CHECKING:
    from rdcredit.forms.form_6765 import Form6765


@click.command()
@click.argument("facts", metavar="FACTS.toml", required=False, type=click.Path(path_type=Path))
@click.option("--schema", is_flag=True, help="Print the JSON schema of a facts file and stop.")
@click.option(
    "--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Also write a workbook with live formulas."
)
@as_json
@debug
@reporting
def credit(facts: Path | None, schema: bool, xlsx: Path | None, as_json: bool, debug: bool) -> None:
    """Compute the credit from a file of stated facts, both methods, line by line."""
    if schema:
        from rdcredit.study.facts_file import FactsFile

        print_json(FactsFile.model_json_schema())
        return
    if facts is None:
        raise click.UsageError("give a facts file, or --schema to see what it may hold")
    from rdcredit.render.stated import StatedCredit, stated_credit, write_stated_workbook
    from rdcredit.study.facts_file import load_facts

    if xlsx is not None and not xlsx.absolute().parent.is_dir():
        raise click.UsageError(f"the folder of --xlsx {xlsx} does not exist")
    computed: StatedCredit = stated_credit(load_facts(facts))
    if xlsx is not None:
        write_stated_workbook(computed, xlsx)
    if as_json:
        print_json(computed.as_json())
    else:
        _print(computed.form, computed)
        if xlsx is not None:
            click.echo(f"\nThe workbook is {xlsx}.")


def _print(form: Form6765, computed: object) -> None:
    from rdcredit.render.stated import StatedCredit

    if not isinstance(computed, StatedCredit):
        raise TypeError("not a computed credit")
    click.echo(f"Form 6765 ({form.revision})")
    if form.banner:
        click.echo(form.banner)
    print_table(("Line", "", "Amount"), computed.form_rows(), frozenset({2}))
    click.echo()
    for text in computed.sentences():
        click.echo(text)
