"""Dividing many rows by one set of shares so that rows and shares both come out exact."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.money import split_by_largest_remainder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

_CENTS = 2


def decimals_of(amounts: Sequence[Decimal]) -> int:
    """Decimals that hold every amount: two, or more where an amount was written with more."""
    written = (a.normalize().as_tuple().exponent for a in amounts)
    return max((_CENTS, *(-e for e in written if isinstance(e, int))))


def apportion(amounts: Sequence[Decimal], shares: Sequence[Fraction]) -> tuple[tuple[Decimal, ...], ...]:
    """Each amount divided by ``shares``: one tuple an amount, one entry a share.

    The entries of a row sum to its amount, and the entries of a share sum to what the total of all
    amounts gives it by largest remainder, so that a year split pay row by pay row equals the year
    split once. A positive amount has no negative entry.

    Why: rows split one by one each round for themselves, and 26 pay periods drift by some cents
    from the person's year. The cents that drifted are moved between shares inside rows, the
    largest rows first, one a row.

    Raises:
        ValueError: no shares, a negative share, or shares that sum to zero.
    """
    if not amounts:
        return ()
    scale = decimals_of(amounts)
    target = _units(split_by_largest_remainder(sum(amounts, Decimal(0)), shares, scale), scale)
    rows = [_units(split_by_largest_remainder(a, shares, scale), scale) for a in amounts]
    excess = [sum(column) - t for column, t in zip(zip(*rows, strict=True), target, strict=True)]
    order = sorted(range(len(rows)), key=lambda k: (-abs(amounts[k]), k))
    turn = 0
    while any(excess):
        giver, taker = excess.index(max(excess)), excess.index(min(excess))
        turn = next(t for t in range(turn, turn + len(order)) if _can_move(rows[order[t % len(order)]], giver, taker))
        row = rows[order[turn % len(order)]]
        row[giver] -= 1
        row[taker] += 1
        excess[giver] -= 1
        excess[taker] += 1
        turn += 1
    return tuple(tuple(Decimal(units).scaleb(-scale) for units in row) for row in rows)


def _units(parts: Sequence[Decimal], scale: int) -> list[int]:
    return [int(p.scaleb(scale)) for p in parts]


def _can_move(row: Sequence[int], giver: int, taker: int) -> bool:
    """Whether one unit can go from ``giver`` to ``taker`` with no entry changing its sign.

    Some row always can: the targets all have the sign of the total, so a share above its target
    has a positive entry, or the share below its target a negative one.
    """
    return row[giver] > 0 if sum(row) > 0 else row[taker] < 0
