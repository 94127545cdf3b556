from decimal import Decimal, localcontext

import ibis
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rdcredit.engine import duck
from rdcredit.engine.amount import OUT_OF_RANGE, READ, UNREADABLE, amounts


def read(engine, texts):
    table = ibis.memtable(pa.table({"i": range(len(texts)), "text": pa.array(texts, pa.string())}))
    rows = duck.fetch(engine, amounts(table, {"value": "text"}), ("i",), len(texts)).to_pylist()
    return [(row["value"], row["value_cut"] or Decimal(0), row["value_state"]) for row in rows]


PLAIN = ["1.5", "0", "-0.00", "+5", "5.", ".5", " 7 ", "1e3", "1.234E-7", "2.323760000E-9", "0e5", "12e-1", "-12.5e1"]
FINE = ["0.1234567890125", "-1.2345678901234567e-5", "8.470329472543003e-22", "0." + "1" * 28, "0.30000000000000004"]


def test_an_amount_is_the_number_in_the_file_to_the_last_digit(engine):
    texts = PLAIN + FINE
    with localcontext() as context:
        context.prec = 80
        for text, (value, cut, state) in zip(texts, read(engine, texts), strict=True):
            assert state == READ, text
            assert value + cut == Decimal(text.strip()), text
            assert abs(cut) < Decimal("1e-12"), text
            assert value.as_tuple().exponent >= -12, text


def test_digits_beyond_the_twelfth_are_cut_and_counted_apart(engine):
    [(value, cut, _)] = read(engine, ["-0.1234567890129"])
    assert (value, cut) == (Decimal("-0.123456789012"), Decimal("-0.0000000000009"))


NO_NUMBERS = [
    *("NaN", "inf", "-inf", "Infinity", "", None, "null", "-", ".", "e5", "1_000", "1,5", "1,234.50", "$5", "0x10"),
    *("1 000", "1\u00a0000", "\uff11\uff12", "1\x005", "--1", "1.2.3", "1e", "1e-40", "5e-324"),
]


def test_what_is_no_plain_number_is_unreadable_and_never_zero(engine):
    expected = [(text, None, Decimal(0), UNREADABLE) for text in NO_NUMBERS]
    found = [(text, *rest) for text, rest in zip(NO_NUMBERS, read(engine, NO_NUMBERS), strict=True)]
    assert found == expected


def test_numbers_no_bill_can_hold_are_out_of_range(engine):
    hostile = ["1e999999", "9" * 5000, "9" * 19, "-1e19", "0." + "0" * 70 + "1"]
    assert {state for _, _, state in read(engine, hostile)} == {OUT_OF_RANGE}


def test_zero_has_no_sign(engine):
    assert str(read(engine, ["-$0.00", "-0.00", "-0"])[1][0]) == "0E-12"


def test_doubles_go_through_their_shortest_decimal_text(engine):
    table = ibis.memtable(pa.table({"x": pa.array([0.1 + 0.2, 0.1, 1e-7, -123456.789, 1e15])}))
    table = table.mutate(text=table["x"].cast("string"))
    rows = duck.fetch(engine, amounts(table, {"value": "text"}), ("x",), 9).to_pylist()
    with localcontext() as context:
        context.prec = 60
        for row in rows:
            assert row["value"] + (row["value_cut"] or 0) == Decimal(repr(row["x"]))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals("-1e15", "1e15", allow_nan=False, allow_infinity=False, places=None), min_size=20))
def test_sums_equal_an_independent_decimal_sum(engine, values):
    values = [value for value in values if abs(value.as_tuple().exponent) <= 30]
    texts = [str(value) for value in values]
    table = ibis.memtable(
        pa.table({"text": pa.array(texts, pa.string()), "all": pa.array([1] * len(texts), pa.int64())})
    )
    summed = duck.rollup(engine, amounts(table, {"value": "text"}), ("all", "value_state"), ("value", "value_cut"))
    with localcontext() as context:
        context.prec = 80
        read_sum = sum((row["value"] or 0) + (row["value_cut"] or 0) for row in summed.to_pylist())
        assert read_sum == sum(values)
        assert summed["value_state"].to_pylist() in ([READ], [])
