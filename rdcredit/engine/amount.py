"""``amounts``: money read from text exactly, or the reason why it cannot be.

Loads the query engine when imported; imported lazily by the rooms that read rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from rdcredit.engine.expressions import layer
from rdcredit.money import BILL_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def amounts(table: ir.Table, texts: Mapping[str, str]) -> ir.Table:
    """``table`` with the amounts of its text columns as three more columns each.

    ``texts`` is the new name to the text column. ``name`` is DECIMAL(38,12), cut and not rounded
    at the twelfth decimal; ``name_cut`` is DECIMAL(38,37), what the digits beyond it are worth,
    so that their sum is the number in the file; ``name_state`` is empty, or says why there is no
    number: *unreadable* (no plain decimal number, to be held) or *out of range*. Read are digits,
    one point, an optional sign and exponent; thousands separators, blanks inside, underscores,
    ``NaN`` and the empty text are not.
    """
    # Layer upon layer of columns: an expression used twice in one layer is written out twice.
    # What is costly is asked only of the few texts that are not plain digits with a point.
    t = layer(table, texts, lambda t, n: {"plain": t[texts[n]].re_search(_PLAIN).fill_null(False)})
    t = layer(t, texts, lambda t, n: {"wide": _where(~t[f"_plain_{n}"], t[texts[n]].strip(), "string")})
    t = _spread(t, texts)
    t = layer(t, texts, lambda t, n: {"state": _state(t, n, t[texts[n]].isnull())})
    t = layer(t, texts, lambda t, n: _parts(t, n, t[texts[n]]))
    measures = {}
    for n in texts:
        measures[n] = t[f"_kept_{n}"].try_cast(f"decimal(38, {BILL_SCALE})")
        measures[f"{n}_cut"] = t[f"_beyond_{n}"].try_cast(f"decimal(38, {CUT_SCALE})")
        measures[f"{n}_state"] = t[f"_state_{n}"]
    return t.select(*table.columns, **measures)


def _where(condition: ir.BooleanValue, value: ir.Value, kind: str) -> ir.Value:
    """``value`` where ``condition`` holds, else null."""
    return ibis.cases((condition, value), else_=ibis.null(kind))


def _state(t: ir.Table, n: str, missing: ir.BooleanValue) -> ir.StringValue:
    wide = t[f"_wide_{n}"]
    return ibis.cases(
        (t[f"_plain_{n}"], READ),
        (missing | ~wide.re_search(_NUMBER) | wide.re_search(_TINY), UNREADABLE),
        (~t[f"_fits_{n}"] | (t[f"_whole_{n}"].length() > _WHOLE_DIGITS), OUT_OF_RANGE),
        (t[f"_fraction_{n}"].length() > CUT_SCALE, UNREADABLE),
        else_=READ,
    )


def _parts(t: ir.Table, n: str, text: ir.StringValue) -> dict[str, ir.Value]:
    """The text up to the twelfth decimal, and what the digits after it are worth; null where nothing is read."""
    plain, sign, fraction = t[f"_plain_{n}"], t[f"_sign_{n}"], t[f"_fraction_{n}"]
    kept = sign + "0" + t[f"_whole_{n}"] + "." + fraction.substr(0, BILL_SCALE)
    beyond = sign + "0." + "0" * BILL_SCALE + fraction.substr(BILL_SCALE, CUT_SCALE - BILL_SCALE)
    read = t[f"_state_{n}"] == READ
    return {
        "kept": ibis.cases((plain, text), (read, kept), else_=ibis.null("string")),
        "beyond": _where(read & ~plain, beyond, "string"),
    }


def _spread(t: ir.Table, names: Iterable[str]) -> ir.Table:
    """``sign``, ``whole`` digits and ``fraction`` of the numbers in ``wide``, their exponents worked in.

    Meaningful only where the text is a number. Leading zeros of the whole and trailing zeros of
    the fraction are gone. The few numbers that are not plain come this way.
    """
    names = tuple(names)
    none, zero = ibis.literal(0).cast("int32"), ibis.literal("0")

    def digits(t: ir.Table, n: str) -> dict[str, ir.Value]:
        left, right, written = (t[f"_wide_{n}"].re_extract(_PARTS, i) for i in (1, 2, 3))
        exponent = ibis.cases((written == "", none), else_=written.try_cast("int32"))
        sign = ibis.cases((t[f"_wide_{n}"].startswith("-"), "-"), else_="")
        return {"left": left, "digits": left + right, "exponent": exponent, "sign": sign}

    def point(t: ir.Table, n: str) -> dict[str, ir.Value]:
        exponent = t[f"_exponent_{n}"]
        fits = ((t[f"_wide_{n}"].length() <= _LONGEST) & exponent.between(-_EXPONENT, _EXPONENT)).fill_null(False)
        # Clamped so that a hostile exponent builds no long text even where the result is thrown away.
        return {"fits": fits, "point": t[f"_left_{n}"].length() + ibis.cases((fits, exponent), else_=none)}

    def split(t: ir.Table, n: str) -> dict[str, ir.Value]:
        all_digits, at = t[f"_digits_{n}"], t[f"_point_{n}"]
        before = ibis.greatest(at, 0)
        whole = all_digits.substr(0, before) + zero.repeat(ibis.greatest(at - all_digits.length(), 0))
        fraction = zero.repeat(ibis.greatest(-at, 0)) + all_digits.substr(before, _LONGEST)
        return {"whole": whole.re_replace("^0+", ""), "fraction": fraction.re_replace("0+$", "")}

    for step in (digits, point, split):
        t = layer(t, names, step)
    return t
