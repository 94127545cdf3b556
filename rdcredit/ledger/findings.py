"""Findings: what a reviewer should know about the dollars before anybody signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation with the dollars it concerns; it changes no bucket and no figure.

    ``code`` is stable (``wages.percent_only``), ``title`` a heading, ``why`` a sentence with the
    facts and the authority behind the concern. ``subjects`` are study-local ids (``person:E014``,
    ``contract:C-3``): a finding never holds a person's name or pay.
    """

    code: str
    title: str
    why: str
    dollars: Decimal
    subjects: tuple[str, ...]
    blocks_final: bool = False
    """A question is open that a final study must have answered."""
