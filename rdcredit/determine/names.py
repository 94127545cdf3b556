"""The one stated way in which names of projects, people and vendors are compared."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """``text`` without differences of case, width, invisible characters and blanks."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return " ".join(plain.split()).casefold()


def person_key(name: str) -> tuple[str, ...]:
    """The words of a person's name, in one order: ``Rivera, Ana`` and ``Ana Rivera`` are the same."""
    return tuple(sorted(fold(name.replace(",", " ")).split()))
