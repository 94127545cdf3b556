"""Exact amounts of money: reading them from text, splitting them, printing them.

Amounts are :class:`decimal.Decimal` when they come from a file and
:class:`fractions.Fraction` inside the line graph; binary floats are never used.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BILL_SCALE = 12
"""Digits kept after the decimal point of a billing amount: DECIMAL(38,12)."""
BILL_INTEGER_DIGITS = 26

CENT = Decimal("0.01")
ZERO = Decimal(0)

_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+")
_MAX_TEXT = 64


class NotAnAmount(ValueError):
    """The text cannot be read as an exact amount; the message says why."""


def read_amount(text: str) -> Decimal:
    """A machine-written amount: digits, one point, optional sign and exponent.

    Raises:
        NotAnAmount: blanks inside, thousands separators, ``NaN``, too many digits.
    """
    stripped = text.strip()
    if len(stripped) > _MAX_TEXT:
        raise NotAnAmount("the text is too long for an amount")
    if not stripped.isascii() or not _PLAIN.fullmatch(stripped):
        raise NotAnAmount("it is not a plain decimal number")
    value = Decimal(stripped)
    if value and value.adjusted() >= BILL_INTEGER_DIGITS:
        raise NotAnAmount("the amount is out of range")
    if value and value.adjusted() < -2 * BILL_SCALE:
        raise NotAnAmount("the amount is too small to be money")
    return value or ZERO


def read_report_amount(text: str) -> Decimal:
    """An amount as accounting reports print it: ``$1,234.56``, ``(1,234.56)``, ``1,234.56-``.

    Raises:
        NotAnAmount: the text is none of these.
    """
    stripped = text.strip().replace("\u00a0", " ").replace("\u2212", "-")
    negative = False
    if stripped.startswith("(") and stripped.endswith(")"):
        negative, stripped = True, stripped[1:-1].strip()
    for sign in ("-", "+"):
        if stripped.startswith(sign):
            negative, stripped = negative ^ (sign == "-"), stripped[1:].strip()
            break
    if stripped.startswith("$"):
        stripped = stripped[1:].strip()
        if stripped.startswith("-"):
            negative, stripped = not negative, stripped[1:].strip()
    if stripped.endswith("-"):
        negative, stripped = not negative, stripped[:-1].strip()
    if not _GROUPED.fullmatch(stripped):
        raise NotAnAmount("it is not an amount of money")
    value = read_amount(stripped.replace(",", ""))
    return -value if negative and value else value


def rounded(value: Fraction, places: int) -> Fraction:
    """``value`` to ``places`` decimal places, halves away from zero, as Excel's ROUND does."""
    scale = 10**places
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, scale)


def to_cents(value: Decimal | Fraction) -> Decimal:
    """The amount in whole cents, halves away from zero."""
    exact = rounded(Fraction(value), 2)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT)


def split_by_largest_remainder(total: Decimal, weights: Sequence[Fraction], scale: int) -> tuple[Decimal, ...]:
    """``total`` split in proportion to ``weights``, each part with ``scale`` decimals, parts equal to the total.

    ``total`` must itself have at most ``scale`` decimals. Ties go to the earlier part, so the
    split does not depend on anything but its arguments.

    Raises:
        ValueError: no weights, a negative weight, or weights that sum to zero.
    """
    whole = sum(weights, Fraction(0))
    if not weights or whole <= 0 or any(w < 0 for w in weights):
        raise ValueError("weights must be non-negative and sum to more than zero")
    units = Fraction(total) * 10**scale
    if units.denominator != 1:
        raise ValueError("the total has more decimals than the parts may have")
    sign = -1 if units < 0 else 1
    exact = [abs(units) * w / whole for w in weights]
    floors = [e.numerator // e.denominator for e in exact]
    left = int(abs(units)) - sum(floors)
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[:left]:
        floors[i] += 1
    # Built from digits: arithmetic on Decimal would round to the digits of its context.
    return tuple(Decimal((int(sign < 0 and f > 0), tuple(map(int, str(f))), -scale)) for f in floors)


def decimal_text(value: Fraction, places: int) -> str:
    """``value`` rounded to ``places`` and written plainly, without ``-0``."""
    r = rounded(value, places)
    sign = "-" if r < 0 else ""
    units = abs(r.numerator) * 10**places // r.denominator
    if places == 0:
        return f"{sign}{units}"
    return f"{sign}{units // 10**places}.{units % 10**places:0{places}d}"


def money_text(value: Fraction | Decimal, places: int = 2) -> str:
    """``1234.5`` as ``1,234.50``; whole dollars with ``places=0``."""
    plain = decimal_text(Fraction(value), places)
    sign, plain = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    head, _, tail = plain.partition(".")
    return f"{sign}{int(head):,}" + (f".{tail}" if tail else "")


def plain_text(value: Decimal) -> str:
    """An exact amount without zeros at its end, and with at least cents."""
    text = f"{value:f}"
    head, _, tail = text.partition(".")
    return f"{head}.{tail.rstrip('0').ljust(2, '0')}"
