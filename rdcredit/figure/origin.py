"""Where the number in a leaf comes from: a closed union of small records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdcredit.citation import Citation


@dataclass(frozen=True, slots=True)
class FromRows:
    """A sum of source rows: the files, the selection in words, and how many rows it takes."""

    files: tuple[str, ...]
    selection: str
    count: int


@dataclass(frozen=True, slots=True)
class FromRow:
    """One record of one file."""

    file: str
    record: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class FromLaw:
    """A parameter of the law, by its id, with its authority."""

    parameter: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class FromStatement:
    """A fact the taxpayer states, and the document it stands in."""

    document: str
    place: str


@dataclass(frozen=True, slots=True)
class FromDecision:
    """A reviewer's recorded decision."""

    decision: str


@dataclass(frozen=True, slots=True)
class FromAssumption:
    """A value assumed in place of a missing fact: by whom and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class FromChoice:
    """What was chosen among alternatives the graph does not order, and the check that it still holds."""

    chosen: str
    check: str


Origin = FromRows | FromRow | FromLaw | FromStatement | FromDecision | FromAssumption | FromChoice


def describe(origin: Origin) -> str:
    """The origin in a few words, for a cell note or a trace."""
    match origin:
        case FromRows(files, selection, count):
            return f"{count:,} rows of {', '.join(files)} ({selection})"
        case FromRow(file, record, sheet):
            return f"{file}{f' sheet {sheet}' if sheet else ''} row {record:,}"
        case FromLaw(parameter, citation):
            return f"{citation} ({parameter})"
        case FromStatement(document, place):
            return f"stated in {document}, {place}"
        case FromDecision(decision):
            return f"reviewer's decision {decision}"
        case FromAssumption(who, why):
            return f"assumed by {who}: {why}"
        case FromChoice(chosen, check):
            return f"chosen: {chosen}; {check}"
