"""The command line: each command parses, makes one call and prints. Heavy imports happen inside commands."""

from rdcredit.cli.main import main

__all__ = ["main"]
