"""``python -m rdcredit``."""

import os
import sys

if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:  # noqa: PTH109 - nothing is imported before the path is safe
    del sys.path[0]  # a pandas.py in the working folder, which may be a study, is not ours to run

from rdcredit.cli import main

main()
