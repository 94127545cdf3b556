"""What a bill's columns say of the seller and the place: provider family, third parties, regions.

The names are data (``data/providers.toml``); which services are computers and on which tenancy they
run are rules (``data/services.toml``, ``data/tenancy.toml``).
"""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import Any

from rdcredit.determine.names import fold
from rdcredit.determine.rules import DATA

_NOT_A_WORD = re.compile(r"[^\w]+")
_UNKNOWN_SELLERS = frozenset({"", "null", "none", "n/a", "unassigned"})


@cache
def _providers() -> dict[str, Any]:
    with (DATA / "providers.toml").open("rb") as stream:
        return tomllib.load(stream)


@lru_cache(maxsize=4096)
def provider_family(name: str) -> str:
    """The group of companies a seller's name belongs to; a name of no known group is its own.

    Legal form and punctuation do not make another seller; an empty name is the empty family.
    """
    folded = fold(name)
    if folded in _UNKNOWN_SELLERS:
        return ""
    for family in _providers()["families"]:
        if any(fnmatchcase(folded, pattern) for pattern in family["names"]):
            return str(family["id"])
    words = _NOT_A_WORD.sub(" ", folded).split()
    while len(words) > 1 and words[-1] in _providers()["legal_forms"]:
        words.pop()
    return " ".join(words)


def is_third_party(provider: str, publisher: str, issuer: str) -> bool:
    """Whether the charge pays somebody else's product that was sold through the provider.

    The publisher decides. The issuer of the invoice only stands in for a publisher that is not
    named: a reseller that invoices the provider's own computers is not a third party for them.
    """
    seller = provider_family(publisher) or provider_family(issuer)
    home = provider_family(provider)
    return bool(seller and home) and seller != home


@lru_cache(maxsize=4096)
def region_place(region: str) -> str:
    """``us``, ``foreign``, ``none`` (no region is named) or ``unrecognised``, for a region's name."""
    folded = fold(region)
    regions = _providers()["regions"]
    for place in ("none", "us", "foreign"):
        if any(fnmatchcase(folded, pattern) for pattern in regions[place]):
            return place
    return "unrecognised"
