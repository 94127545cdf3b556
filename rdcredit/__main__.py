"""``python -m rdcredit``."""

from rdcredit.cli import main

main()
