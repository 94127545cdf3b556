from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdcredit.ledger.exact import exact_sum, from_units, units

amounts = st.decimals(min_value=-(10**25), max_value=10**25, places=12, allow_nan=False, allow_infinity=False)


@given(st.lists(amounts, max_size=8))
def test_a_sum_of_bill_amounts_loses_no_digit_however_many_it_has(values):
    with localcontext() as wide:
        wide.prec = 90
        assert exact_sum(values) == sum(values, Decimal(0))


@given(amounts)
def test_units_and_back_is_the_same_amount(value):
    assert from_units(units(value)) == value


@pytest.mark.parametrize("text", ["0.0000000000001", "NaN", "Infinity"])
def test_what_is_not_money_of_twelve_decimals_is_refused(text):
    with pytest.raises(ValueError):
        units(Decimal(text))
