"""Counts in messages."""

from __future__ import annotations


def count_of(count: int, noun: str, plural: str = "") -> str:
    """``1 row``, ``2,500 rows``, ``3 boxes``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
