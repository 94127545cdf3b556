"""``amount``: money read from text exactly, or the reason why it cannot be.

Loads the query engine when imported; imported lazily by the rooms that read rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from rdcredit.money import BILL_SCALE

if TYPE_CHECKING:
    import ibis.expr.types as ir

READ, UNREADABLE, OUT_OF_RANGE = "", "unreadable", "out of range"

CUT_SCALE = 37
"""Decimals that are accounted for: those beyond the twelfth as a rounding difference."""
_WHOLE_DIGITS = 18
"""Sums of a billion such amounts still fit DECIMAL(38,12)."""
_LONGEST = 64
_EXPONENT = 60

_PLAIN = rf"^[+-]?(\d{{1,{_WHOLE_DIGITS}}}(\.\d{{0,{BILL_SCALE}}})?|\.\d{{1,{BILL_SCALE}}})$"
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_TINY = r"[eE]-(\d{3,}|[6-9]\d)$"
"""Exponents below the decimals that are accounted for: dust of binary arithmetic, held and not refused."""
_PARTS = r"^[+-]?(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$"


def amount(table: ir.Table, text: str, name: str) -> ir.Table:
    """``table`` with the amounts of its text column ``text`` as three more columns.

    ``name`` is DECIMAL(38,12), cut and not rounded at the twelfth decimal; ``name_cut`` is
    DECIMAL(38,37), what the digits beyond it are worth, so that their sum is the number in the
    file; ``name_state`` is empty, or says why there is no number: *unreadable* (no plain decimal
    number, to be held) or *out of range*. Read are digits, one point, an optional sign and
    exponent; thousands separators, blanks inside, underscores, ``NaN`` and the empty text are not.
    """
    # Layer upon layer of columns: an expression used twice in one layer is written out twice.
    # What is costly is asked only of the few texts that are not plain digits with a point.
    t = table.mutate(_t=table[text], _plain=table[text].re_search(_PLAIN).fill_null(False))
    t = _spread(t.mutate(_wide=ibis.cases((~t["_plain"], t["_t"].strip()), else_=ibis.null("string"))))
    state = ibis.cases(
        (t["_plain"], READ),
        (t["_t"].isnull() | ~t["_wide"].re_search(_NUMBER) | t["_wide"].re_search(_TINY), UNREADABLE),
        (~t["_in_range"] | (t["_whole"].length() > _WHOLE_DIGITS), OUT_OF_RANGE),
        (t["_fraction"].length() > CUT_SCALE, UNREADABLE),
        else_=READ,
    )
    kept = t["_sign"] + "0" + t["_whole"] + "." + t["_fraction"].substr(0, BILL_SCALE)
    beyond = t["_sign"] + "0." + "0" * BILL_SCALE + t["_fraction"].substr(BILL_SCALE, CUT_SCALE - BILL_SCALE)
    t = t.mutate(_kept=ibis.cases((t["_plain"], t["_t"]), else_=kept), _beyond=beyond, **{f"{name}_state": state})
    read = t[f"{name}_state"] == READ
    money, fine = f"decimal(38, {BILL_SCALE})", f"decimal(38, {CUT_SCALE})"
    t = t.mutate(
        **{
            name: ibis.cases((read, t["_kept"].try_cast(money)), else_=ibis.null(money)),
            f"{name}_cut": ibis.cases((read & ~t["_plain"], t["_beyond"].try_cast(fine)), else_=ibis.null(fine)),
        }
    )
    return t.drop(*(column for column in t.columns if column.startswith("_")))


def _spread(t: ir.Table) -> ir.Table:
    """``_sign``, ``_whole`` digits and ``_fraction`` of the numbers in ``_wide``, their exponents worked in.

    Meaningful only where the text is a number. Leading zeros of the whole and trailing zeros of
    the fraction are gone. The few numbers that are not plain come this way.
    """
    left, right, written = (t["_wide"].re_extract(_PARTS, i) for i in (1, 2, 3))
    t = t.mutate(_left=left, _digits=left + right, _written=written)
    exponent = ibis.cases((t["_written"] == "", ibis.literal(0).cast("int32")), else_=t["_written"].try_cast("int32"))
    t = t.mutate(_exponent=exponent)
    fits = (t["_wide"].length() <= _LONGEST) & t["_exponent"].between(-_EXPONENT, _EXPONENT)
    t = t.mutate(_in_range=fits.fill_null(False))
    # Clamped so that a hostile exponent builds no long text even where the result is thrown away.
    shift = ibis.cases((t["_in_range"], t["_exponent"]), else_=ibis.literal(0).cast("int32"))
    t = t.mutate(_point=t["_left"].length() + shift, _sign=ibis.cases((t["_wide"].startswith("-"), "-"), else_=""))
    before = ibis.greatest(t["_point"], 0)
    zero = ibis.literal("0")
    whole = t["_digits"].substr(0, before) + zero.repeat(ibis.greatest(t["_point"] - t["_digits"].length(), 0))
    fraction = zero.repeat(ibis.greatest(-t["_point"], 0)) + t["_digits"].substr(before, _LONGEST)
    return t.mutate(_whole=whole.re_replace("^0+", ""), _fraction=fraction.re_replace("0+$", ""))
