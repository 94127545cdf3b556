"""The command group, in the order a study is made."""

from __future__ import annotations

import click

from rdcredit import __version__
from rdcredit.cli import credit, law, study, tracing


class _InOrder(click.Group):
    """Lists commands in the order they are added: that of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rdcredit")
def main() -> None:
    """Federal research credit studies: from billing rows to Form 6765.

    A study is a folder with study.toml and the exports it names. `rdcredit init DIR --sample
    quillfern-2025` makes one to look at; `rdcredit run DIR` computes and publishes it in DIR/out.
    """


for command in (
    study.init, study.run, study.check, study.classify, credit.credit, tracing.trace, tracing.verify, law.law,
):  # fmt: skip
    main.add_command(command)
