"""Parameters of the law: read from ``law/data`` with exact decimals, looked up by effective date."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import cast

from rdcredit.citation import Citation, Grade
from rdcredit.errors import Problem, Refused

_DATA = Path(__file__).resolve().parent / "data"

LawValue = Fraction | bool | date
TableRow = tuple[tuple[str, Fraction], ...]


class Basis(StrEnum):
    """Which date decides whether a value applies."""

    TAX_YEAR_BEGINS = "tax-year-begins"
    TAX_YEAR_ENDS = "tax-year-ends"
    PAID_OR_INCURRED = "paid-or-incurred"
    FORM_REVISION = "form-revision"


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the days between which it is in force; ``until`` is None while it still is."""

    begins: date
    until: date | None
    value: LawValue


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, date or table the law contributes.

    ``verified`` is the range of basis dates for which ``values`` (or ``rows``) were checked.
    """

    id: str
    title: str
    unit: str
    basis: Basis
    citation: Citation
    verified: tuple[date, date]
    values: tuple[Dated, ...]
    rows: tuple[TableRow, ...] = ()

    def check(self, on: date) -> None:
        """Refuse a day outside the verified range.

        Raises:
            Refused: E235.
        """
        first, last = self.verified
        if not first <= on <= last:
            raise Refused([_unverified(self, on)])

    def value_on(self, on: date) -> LawValue:
        """The value in force on a day of the basis.

        Raises:
            Refused: the day is outside the verified range, or no value is in force (E235).
        """
        self.check(on)
        for dated in self.values:
            if dated.begins <= on and (dated.until is None or on <= dated.until):
                return dated.value
        raise Refused([_unverified(self, on)])


def _unverified(parameter: Parameter, on: date) -> Problem:
    first, last = parameter.verified
    return Problem(
        code="E235",
        place="",
        what=f"{parameter.title} ({parameter.id}, {parameter.citation}) is not verified for {on.isoformat()}",
        why="a rate or threshold of another year could give a wrong credit, so none is carried over.",
        fix=f"compute a year whose {parameter.basis.replace('-', ' ')} date lies between {first} and {last}, "
        "or install a release that verifies this year.",
    )


def _dated(entry: dict[str, object], unit: str) -> Dated:
    value = entry["value"]
    exact: LawValue
    if unit == "yes/no":
        exact = cast("bool", value)
    elif unit == "date":
        exact = cast("date", value)
    else:
        exact = Fraction(cast("Decimal | int", value))
    return Dated(cast("date", entry["from"]), cast("date | None", entry.get("until")), exact)


def _row(entry: dict[str, object]) -> TableRow:
    return tuple((key, Fraction(cast("int | str", value))) for key, value in entry.items())


def _parameter(name: str, entry: dict[str, object]) -> Parameter:
    verified = cast("dict[str, date]", entry["verified"])
    unit = cast("str", entry["unit"])
    return Parameter(
        id=name,
        title=cast("str", entry["title"]),
        unit=unit,
        basis=Basis(cast("str", entry["basis"])),
        citation=Citation(
            cast("str", entry["cite"]), cast("str", entry.get("source", "")), Grade(cast("str", entry["grade"]))
        ),
        verified=(verified["from"], verified["until"]),
        values=tuple(_dated(v, unit) for v in cast("list[dict[str, object]]", entry.get("values", []))),
        rows=tuple(_row(r) for r in cast("list[dict[str, object]]", entry.get("rows", []))),
    )


@cache
def all_parameters() -> dict[str, Parameter]:
    """Every parameter by id (``asc.rate``), in the order of the data files."""
    found: dict[str, Parameter] = {}
    for path in sorted(_DATA.glob("*.toml")):
        with path.open("rb") as stream:
            sections = tomllib.load(stream, parse_float=Decimal)
        for section, entries in sections.items():
            for name, entry in entries.items():
                found[f"{section}.{name}"] = _parameter(f"{section}.{name}", entry)
    return found
