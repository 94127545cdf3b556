"""Cells: number formats, colours and texts that are safe to open. Imports openpyxl; loaded late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from rdcredit.figure.expression import Rounding, Unit

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from rdcredit.figure.value import Scalar

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LONGEST_TEXT = 32_000
_DIGITS = 17

FONT = "Calibri"
INK, QUIET, LINK = "1F2933", "6B7785", "1D5FA8"
INPUT_FILL, INPUT_INK = "FFF9E3", "1D3FBB"
ASSUMED_FILL, MISSING_FILL, CHECK_FILL = "FFD591", "FFE3E0", "E4F5E9"
HEAD_FILL, TITLE_INK = "E6EDF5", "14304F"


def safe_text(text: str) -> str:
    """Text as a cell may hold it: control characters made visible, cut at Excel's limit."""
    shown = _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", text)
    return shown if len(shown) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + " ..."


def number_text(value: Fraction) -> str:
    """A number as Excel stores it: up to 17 significant digits."""
    with localcontext() as context:
        context.prec = _DIGITS
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{quotient:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def terminates(value: Fraction) -> bool:
    """Whether the number has an end in decimal notation, within Excel's digits."""
    d = value.denominator
    for p in (2, 5):
        while d % p == 0:
            d //= p
    return d == 1 and len(number_text(value).replace(".", "").lstrip("-0")) < _DIGITS - 1


def number_format(unit: Unit, rounding: Rounding = Rounding.EXACT) -> str:
    """The Excel format of a unit."""
    match unit:
        case Unit.MONEY:
            return "#,##0;[Red]-#,##0;0" if rounding is Rounding.WHOLE_DOLLARS else "#,##0.00;[Red]-#,##0.00;0.00"
        case Unit.RATIO:
            return "0.00##%"
        case Unit.COUNT:
            return "#,##0.####"
        case Unit.DATE:
            return "yyyy-mm-dd"
        case Unit.YES_NO:
            return '"yes";"yes";"no"'  # Excel shows TRUE and FALSE whatever the format; others obey it
        case Unit.CHOICE | Unit.TEXT:
            return "General"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks."""

    format: str = "General"
    bold: bool = False
    italic: bool = False
    ink: str = INK
    fill: str = ""
    size: int = 10
    wrap: bool = False
    right: bool = False
    indent: int = 0
    link: bool = False
    top_line: bool = False


PLAIN = Look()
BOLD = Look(bold=True)
QUIET_TEXT = Look(ink=QUIET, wrap=True, size=9, indent=1)
RUNNING_TEXT = Look(ink=QUIET, size=9, indent=1)
HEAD = Look(bold=True, fill=HEAD_FILL, wrap=True, ink=TITLE_INK)
TITLE = Look(bold=True, size=15, ink=TITLE_INK)
SECTION = Look(bold=True, size=12, ink=TITLE_INK)


def cell(sheet: WriteOnlyWorksheet, value: Scalar | Decimal | int | None, look: Look = PLAIN) -> Cell:
    """A cell with a value; text is always text, whatever it starts with."""
    made = WriteOnlyCell(sheet)
    if isinstance(value, str):
        made.value = safe_text(value)
        made.data_type = "s"
    elif isinstance(value, Fraction):
        made.value = Decimal(number_text(value))
    elif isinstance(value, bool | date | Decimal | int):
        made.value = value
    _dress(made, look)
    return made


def formula_cell(sheet: WriteOnlyWorksheet, formula: str, look: Look) -> Cell:
    """A cell with a formula; its value is filled in by the post-write pass."""
    made = WriteOnlyCell(sheet)
    made.value = f"={formula}"
    _dress(made, look)
    return made


_FONTS: dict[tuple[bool, bool, str, int, bool], Font] = {}
_FILLS: dict[str, PatternFill] = {}
_LINE = Side(style="thin", color="9AA5B1")


def _dress(made: Cell, look: Look) -> None:
    key = (look.bold, look.italic, look.ink, look.size, look.link)
    if key not in _FONTS:
        underline: Literal["single"] | None = "single" if look.link else None
        _FONTS[key] = Font(
            name=FONT, size=look.size, bold=look.bold, italic=look.italic, color=look.ink, underline=underline
        )
    made.font = _FONTS[key]
    if look.fill:
        if look.fill not in _FILLS:
            _FILLS[look.fill] = PatternFill("solid", start_color=look.fill)
        made.fill = _FILLS[look.fill]
    made.number_format = look.format
    made.alignment = Alignment(
        wrap_text=look.wrap,
        vertical="top",
        horizontal="right" if look.right else "left" if look.indent else None,
        indent=look.indent,
    )
    if look.top_line:
        made.border = Border(top=_LINE)
