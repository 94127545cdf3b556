"""The known name a misspelled one was probably meant to be."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE = 0.6
"""Similarity from which two longer names are taken for each other, as difflib's own matcher does."""
_EDITS_PER_LETTERS = 3


def _folded(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def _edits(a: str, b: str) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        before, above, row = row, before, [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The name in ``known`` that ``word`` most likely stands for, or None where none is near.

    Case, dashes and blanks do not count. Fewest edits first, then likeness, then the alphabet, so
    that the answer does not depend on the order of ``known``.
    """
    asked = _folded(word)
    edits = {name: _edits(asked, _folded(name)) for name in sorted(known)}
    fewest = min(edits.values(), default=0)
    if fewest <= max(1, len(asked) // _EDITS_PER_LETTERS):
        likely = [name for name in edits if edits[name] == fewest]
        return max(likely, key=lambda name: _likeness(asked, name), default=None)
    name = max(edits, key=lambda name: _likeness(asked, name))
    return name if _likeness(asked, name) >= _ALIKE else None


def _likeness(asked: str, name: str) -> float:
    return SequenceMatcher(None, asked, _folded(name)).ratio()
