from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdcredit.money import rounded, split_by_largest_remainder


@given(
    st.decimals(min_value=-(10**24), max_value=10**24, places=12, allow_nan=False),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any),
)
def test_the_parts_of_an_amount_add_up_to_it_whatever_its_digits(total, weights):
    parts = split_by_largest_remainder(total, [Fraction(w) for w in weights], 12)
    assert sum(Fraction(p) for p in parts) == Fraction(total)
    assert all(p == 0 for p, w in zip(parts, weights, strict=True) if w == 0)


def test_no_digit_is_lost_beyond_those_of_ordinary_decimal_arithmetic():
    total = Decimal("12345678901234567890.123456789012")
    assert split_by_largest_remainder(total, [Fraction(1)], 12) == (total,)


@pytest.mark.parametrize(
    ("value", "dollars"), [("0.49", 0), ("0.50", 1), ("1.50", 2), ("2.50", 3), ("-0.50", -1), ("-0.49", 0)]
)
def test_a_half_is_rounded_away_from_zero(value, dollars):
    assert rounded(Fraction(value), 0) == dollars
