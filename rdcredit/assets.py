"""Files shipped with the program: templates, the model, the sample studies.

They stand beside the package in a checkout and inside it in a wheel.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset(kind: str, *parts: str) -> Path:
    """The shipped file or folder ``kind/parts``; ``kind`` is templates, models or sample_data.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for root in (_PACKAGE / "_assets", _PACKAGE.parent):
        path = root.joinpath(kind, *parts)
        if path.exists():
            return path
    raise FileNotFoundError("/".join((kind, *parts)))
