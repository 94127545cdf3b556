"""Sums of bill money that cannot lose a digit: whole units of the scale bills are kept at.

Why: ``Decimal`` arithmetic rounds to the digits of a process-wide context, 28 by default, while a
bill's column holds 38. Additions are therefore made on whole numbers of ``1e-12``.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import TYPE_CHECKING

from rdcredit.money import BILL_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation])


def units(amount: Decimal) -> int:
    """The amount as a whole number of the smallest unit a bill is kept in.

    Raises:
        ValueError: the amount has digits beyond that unit, or is not a number.
    """
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    scaled = _EXACT.scaleb(amount, BILL_SCALE)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} has more than {BILL_SCALE} decimals")
    return whole


def from_units(whole: int) -> Decimal:
    """The amount that :func:`units` made ``whole`` of, with all its decimals written."""
    return _EXACT.scaleb(Decimal(whole), -BILL_SCALE)


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of the amounts, exact to the last decimal."""
    return from_units(sum(map(units, amounts)))
