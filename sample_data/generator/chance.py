"""Seeded draws that stay the same on every machine and Python version.

Why: the methods of :mod:`random` other than ``random()`` may change between versions, and one
stream of draws makes every later figure move when a row is added. Here each draw is a hash of the
seed and of the draw's own name, so draws are independent of each other and of their order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
Name = str | int


@dataclass(frozen=True, slots=True)
class Chance:
    """A family of draws, each found by its name."""

    seed: str

    def number(self, *name: Name) -> int:
        """A whole number of 256 bits."""
        text = "\x1f".join((self.seed, *map(str, name)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")

    def between(self, low: int, high: int, *name: Name) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.number(*name) % (high - low + 1)

    def happens(self, percent: int, *name: Name) -> bool:
        """True in about ``percent`` of a hundred names."""
        return self.number(*name) % 100 < percent

    def pick(self, options: Sequence[T], *name: Name) -> T:
        """One of ``options``."""
        return options[self.number(*name) % len(options)]

    def weighted(self, options: Sequence[tuple[T, int]], *name: Name) -> T:
        """One of ``options``, each as likely as its weight."""
        at = self.number(*name) % sum(weight for _, weight in options)
        for option, weight in options:
            if at < weight:
                return option
            at -= weight
        raise AssertionError(options)

    def code(self, length: int, alphabet: str, *name: Name) -> str:
        """An invented identifier of ``length`` signs."""
        return _code(self, length, alphabet, name)


@cache
def _code(chance: Chance, length: int, alphabet: str, name: tuple[Name, ...]) -> str:
    number, signs = chance.number(*name), []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        signs.append(alphabet[place])
    return "".join(signs)
