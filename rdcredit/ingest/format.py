"""What a billing format declares about itself; one short module a format, see :mod:`~rdcredit.ingest.focus`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import ibis.expr.types as ir

    from rdcredit.ingest.canonical import Row


@dataclass(frozen=True, slots=True)
class Column:
    """A column a format reads: its own name, and the names other versions and tools give it."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of billing export.

    Money is named by column: ``billed`` is the invoice basis, ``effective`` the accrual basis, empty
    where the format has no such column. ``start`` and ``end`` bound a charge, ``end`` exclusive.
    """

    name: str
    columns: tuple[Column, ...]
    recognise: Callable[[frozenset[str]], str]
    """Why a header (its folded names) is of this format; empty when it is not."""
    version: Callable[[frozenset[str]], str]
    keys: Mapping[str, tuple[str, ...] | Callable[[Row], ir.StringValue]]
    """The text parts of the group key other than months, category, currency and tags."""
    billed: str
    effective: str
    currency: str
    category: str
    categories: tuple[str, ...]
    start: str
    end: str
    billing_start: str
    tags: str
    resource: str
    identifiers: tuple[str, ...]
    """Columns of ids, which a spreadsheet may have damaged."""
    nulls: tuple[str, ...] = ()
    """Words that mean "no value" in unquoted cells."""
    by_folded_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        names = {fold(name): column for column in self.columns for name in column.aliases}
        names |= {fold(column.name): column for column in self.columns}
        object.__setattr__(self, "by_folded_name", names)


def fold(name: str) -> str:
    """A header name as it is compared: letters and digits only, lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
