"""Values with three states: known, known by assumption, missing. Missing is never zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

Scalar = Fraction | bool | date | str
"""What a figure may be: an exact number, yes or no, a day, a word."""

K = TypeVar("K", Fraction, bool, date, str)
K_co = TypeVar("K_co", Fraction, bool, date, str, covariant=True)


@dataclass(frozen=True, slots=True)
class Known(Generic[K_co]):
    """A value; ``assumed`` names the assumptions it rests on and is contagious."""

    value: K_co
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """No value, and what is missing, in words; contagious."""

    what: tuple[str, ...]


Value = Known[K] | Missing


def merged(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """The distinct entries of ``groups`` in order of first appearance."""
    return tuple(dict.fromkeys(entry for group in groups for entry in group))
