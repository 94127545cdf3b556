"""Cells of tables as dates, hours, percentages, answers and countries: by rule, never by guess."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

from rdcredit.ingest.format import fold
from rdcredit.money import NotAnAmount, read_report_amount

EARLIEST_YEAR, LATEST_YEAR = 1980, 2100
"""Years outside these are slips or placeholders (serial 0, 60, 1970-01-01 as zero, 9999), not dates of a study."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?: \d{1,2}:\d{2}.*)?")
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: \d{1,2}:\d{2}.*)?")
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])(?:\d{1,2}|[A-Za-z]{3,9})\1\d{2}(?: .*)?")
_DAY_MONTH = re.compile(r"(\d{1,2})[ /-]([A-Za-z]{3,9})\.?,?[ /-](\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?")
_NUMBER = re.compile(r"[+-]?(\d*)(?:\.\d*)?(?:[eE]\+?(\d+))?")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_FORMATS = ("month-first", "day-first")
_LARGEST_POWER = 26
_HOUR_SCALE = Decimal("0.000001")
_SECONDS = 3600
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})


class NotAValue(ValueError):
    """The cell cannot be read; the message completes "the cell ..."."""


class NeedsFormat(NotAValue):
    """A date in figures whose order of day and month nobody has stated."""


class OutOfRange(NotAValue):
    """A number, but far outside what an amount of money can be."""


def read_money(text: str) -> Decimal:
    """An amount as accounting reports print it.

    Raises:
        OutOfRange: a number of absurd size.
        NotAValue: not an amount; blank included.
    """
    if not text.strip():
        raise NotAValue("is blank")
    try:
        return read_report_amount(text)
    except NotAnAmount as error:
        if _is_huge(text.strip().replace(",", "")):
            raise OutOfRange("is out of range for an amount") from None
        raise NotAValue(f"cannot be read as an amount ({error})") from None


def _is_huge(text: str) -> bool:
    """Whether the text is a number with more digits before the point than money has; nothing is computed."""
    match = _NUMBER.fullmatch(text)
    if not match or not (match[1] or match[2]):
        return False
    power = (match[2] or "0").lstrip("0")
    return len(power) > len(str(_LARGEST_POWER)) or len(match[1]) + int(power or 0) > _LARGEST_POWER


def has_decimal_comma(text: str) -> bool:
    """Whether an unreadable amount is written with a decimal comma: ``1.234,50``."""
    return re.fullmatch(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}", text.strip()) is not None


def read_day(text: str, date_format: str = "") -> date:
    """A day: ISO text, a year first, a month by name, or figures in the stated order.

    Raises:
        NeedsFormat: figures without a stated order.
        NotAValue: no date, a two-digit year, a year that cannot be meant.
    """
    cell = text.strip()
    if match := _ISO.fullmatch(cell) or _BASIC.fullmatch(cell):
        return _day(match[1], match[2], match[3])
    if match := _YEAR_FIRST.fullmatch(cell):
        return _day(match[1], match[3], match[4])
    if match := _DAY_MONTH.fullmatch(cell):
        return _day(match[3], _month_number(match[2]), match[1])
    if match := _MONTH_DAY.fullmatch(cell):
        return _day(match[3], _month_number(match[1]), match[2])
    if match := _NUMERIC.fullmatch(cell):
        if date_format not in _FORMATS:
            raise NeedsFormat("could be month first or day first")
        first, second = match[1], match[3]
        month, day = (first, second) if date_format == "month-first" else (second, first)
        return _day(match[4], month, day)
    if _SHORT_YEAR.fullmatch(cell):
        raise NotAValue("has a year of two digits")
    if cell.isdigit():
        raise NotAValue("is a number, not a date")
    raise NotAValue("cannot be read as a date")


def read_month(text: str) -> date | None:
    """The first day of a month written ``2025-03``; None where the text is no month."""
    match = _MONTH.fullmatch(text.strip())
    return _day(match[1], match[2], "1") if match else None


def _month_number(name: str) -> str:
    for number, month in enumerate(_MONTHS, start=1):
        if name.casefold() in (month, month[:3], "sept" if month == "september" else month):
            return str(number)
    raise NotAValue("cannot be read as a date")


def _day(year: str, month: str, day: str) -> date:
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        raise NotAValue("is not a day of the calendar") from None
    if not EARLIEST_YEAR <= read.year <= LATEST_YEAR:
        raise NotAValue(f"is in the year {read.year}, which cannot be meant")
    return read


def read_hours(text: str) -> Decimal:
    """Hours as a number, or as ``7:30`` or ``7:30:00``, then to the sixth decimal.

    Raises:
        NotAValue: neither.
    """
    if match := _CLOCK.fullmatch(text.strip()):
        seconds = int(match[1]) * _SECONDS + int(match[2]) * 60 + int(match[3] or 0)
        return (Decimal(seconds) / _SECONDS).quantize(_HOUR_SCALE).normalize() + 0
    return read_money(text)


def read_percent(text: str) -> Decimal:
    """``25`` and ``25%`` as 25.

    Raises:
        NotAValue: no number, or outside 0 to 100.
    """
    value = read_money(text.strip().removesuffix("%"))
    if not 0 <= value <= 100:  # noqa: PLR2004 - per cent
        raise NotAValue("is not between 0 and 100 percent")
    return value


def read_share(text: str) -> Decimal:
    """``25%`` and ``0.25`` as 0.25; a bare 25 is neither.

    Raises:
        NotAValue: no number, or outside 0 to 1.
    """
    if text.strip().endswith("%"):
        return read_percent(text).scaleb(-2)
    value = read_money(text)
    if not 0 <= value <= 1:
        raise NotAValue('is not a share between 0 and 1; write percentages with the sign, as in "25%"')
    return value


def read_yes_no(text: str) -> bool:
    """An answer.

    Raises:
        NotAValue: neither yes nor no.
    """
    answer = text.strip().casefold()
    if answer in _YES:
        return True
    if answer in _NO:
        return False
    raise NotAValue("is neither yes nor no")


def read_country(text: str) -> str:
    """A country's two-letter code, from the code or a usual name.

    Raises:
        NotAValue: no country of that name.
    """
    cell = text.strip()
    codes, names = _countries()
    if cell.upper() in codes:
        return cell.upper()
    if code := names.get(fold(cell)):
        return code
    raise NotAValue("is not a country known by that name or code")


def country_names() -> tuple[str, ...]:
    """Country names, to suggest one."""
    return tuple(_countries()[1])


@cache
def _countries() -> tuple[frozenset[str], dict[str, str]]:
    text = resources.files("rdcredit.ingest").joinpath("data/countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = {fold(name): row["code"] for row in rows for name in (row["name"], *row["also"].split(";")) if name}
    return frozenset(row["code"] for row in rows), names
