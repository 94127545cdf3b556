"""Contradictions of the calendar of taxable years, shared by every file that states one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from rdcredit.study.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdcredit.study.config import TaxYearSettings
    from rdcredit.study.positions import Path
    from rdcredit.study.stated import Stated

_DAY = timedelta(days=1)
_WEEKS = (timedelta(weeks=52), timedelta(weeks=53))
_CALENDAR = "Base amounts, receipts tests and the year a cost falls in are all read from this calendar."
_CATEGORIES = ("wages", "supplies", "computer_rental", "contract_research")


def _tax_years(stated: Stated) -> Iterator[Fault]:
    """Taxable years begin before they end, last at most a year, and follow one another without a gap."""
    years = stated.tax_years or ()
    for i, year in enumerate(years):
        at: Path = ("tax_years", i)
        if year.end < year.begin:
            yield Fault(
                "E505", (*at, "end"), f"the year ends on {year.end}, before it begins on {year.begin}", _CALENDAR,
                "Correct begin or end.",
            )  # fmt: skip
        elif _is_of_weeks(year) != year.fifty_two_week:
            yield _weeks_fault(year, at)
        elif year.end > _last_day(year):
            longest = "53 weeks" if year.fifty_two_week else "twelve months"
            yield Fault(
                "E505", (*at, "end"), f"the year from {year.begin} to {year.end} is longer than {longest}", _CALENDAR,
                f"Write end = {_last_day(year)}"
                + ("." if year.fifty_two_week else ", or fifty_two_week = true for a year of 52 or 53 weeks."),
            )  # fmt: skip
    for i, (before, year) in enumerate(pairwise(years), start=1):
        due = before.end + _DAY
        if year.begin == due:
            continue
        if year.begin <= before.begin:
            what = f"the year that begins on {year.begin} is listed after the one that begins on {before.begin}"
        elif year.begin < due:
            what = f"the year that begins on {year.begin} overlaps the one that ends on {before.end}"
        else:
            what = f"no year covers {due} to {year.begin - _DAY}"
        yield Fault(
            "E505", ("tax_years", i, "begin"), what, _CALENDAR,
            "List the years from the oldest to the credit year, each beginning on the day after the one before ended, "
            "and short years as years of their own.",
        )  # fmt: skip


def _last_day(year: TaxYearSettings) -> date:
    if year.fifty_two_week:
        return year.begin + _WEEKS[1] - _DAY
    try:
        return year.begin.replace(year=year.begin.year + 1) - _DAY
    except ValueError:  # 29 February
        return date(year.begin.year + 1, 3, 1) - _DAY


def _stated_qre(stated: Stated) -> Iterator[Fault]:
    """The credit year's QREs are computed; a year or category without any says who says so."""
    years = stated.tax_years or ()
    for i, year in enumerate(years):
        at: Path = ("tax_years", i)
        if i == len(years) - 1 and year.qre is not None:
            yield Fault(
                "E505", (*at, "qre"), "the last year listed is the credit year, and its QREs are also stated",
                "The QREs of the credit year are computed from the inputs; a second figure would contradict them.",
                "Remove qre from this year, or add the credit year as the last block [[tax_years]].",
            )  # fmt: skip
        elif year.qre == "none" and not year.qre_source.strip():
            yield _unsourced((*at, "qre_source"), "the whole year")
        elif year.qre is not None and not isinstance(year.qre, str) and not year.qre.source.strip():
            without = [c for c in _CATEGORIES
                       if getattr(year.qre, c) == "none"]  # fmt: skip
            if without:
                yield _unsourced((*at, "qre", "source"), ", ".join(without))


def _unsourced(at: Path, about: str) -> Fault:
    return Fault(
        "E503", at, f'{at[-1]} is not stated, although {about} has "none"',
        "A year without research expenses changes the rate of the alternative simplified credit, so it must be known "
        "who says that there were none and from which records.",
        f'Add {at[-1]} = "who says so, and from which records"; or write "unknown".',
    )  # fmt: skip


def _is_of_weeks(year: TaxYearSettings) -> bool:
    """Whether a year lasts exactly 52 or 53 weeks; a full year from month to month never does."""
    return year.end + _DAY - year.begin in _WEEKS


def _weeks_fault(year: TaxYearSettings, at: Path) -> Fault:
    days = (year.end + _DAY - year.begin).days
    if year.fifty_two_week:
        return Fault(
            "E505", (*at, "fifty_two_week"),
            f"the year from {year.begin} to {year.end} has {days} days, not 52 or 53 weeks",
            "A 52-53-week year is not a short year; a year of any other length that is not full is one.",
            "Correct begin or end, or remove fifty_two_week.",
        )  # fmt: skip
    return Fault(
        "E505", (*at, "end"), f"the year from {year.begin} to {year.end} has exactly {days // 7} weeks",
        "It is either a 52-53-week year, which counts as a full one, or a short year.",
        "Write fifty_two_week = true, or correct begin or end.",
    )  # fmt: skip


def _formed(stated: Stated) -> Iterator[Fault]:
    """No taxable year begins before the taxpayer existed."""
    formed = stated.taxpayer.formed if stated.taxpayer else None
    for i, year in enumerate(stated.tax_years or ()):
        if formed is not None and year.begin < formed:
            yield Fault(
                "E505", ("tax_years", i, "begin"),
                f"the year begins on {year.begin}, before the taxpayer was formed on {formed}",
                "Years before formation would dilute average receipts, and the first year would not be seen as short.",
                f"Begin the first year on {formed} and leave earlier ones out, or correct formed.",
            )  # fmt: skip


def _negative(stated: Stated) -> Iterator[Fault]:
    """Receipts and QREs of a year are not negative."""
    for i, year in enumerate(stated.tax_years or ()):
        at: Path = ("tax_years", i)
        found: list[tuple[Path, object]] = [
            ((*at, "receipts", "base"), year.receipts.base), ((*at, "receipts", "s448c"), year.receipts.s448c)
        ]  # fmt: skip
        if year.qre is not None and not isinstance(year.qre, str):
            found += [((*at, "qre", c), getattr(year.qre, c)) for c in _CATEGORIES]
        for path, value in found:
            if isinstance(value, Decimal) and value < 0:
                yield Fault(
                    "E505", path, f"{path[-1]} of the year ended {year.end} is negative",
                    "A negative base would raise the credit.", "Write the amount of the year, zero or more.",
                )  # fmt: skip


CALENDAR_CHECKS: tuple[Callable[[Stated], Iterator[Fault]], ...] = (_tax_years, _stated_qre, _formed, _negative)
"""The checks in the order of their faults."""
