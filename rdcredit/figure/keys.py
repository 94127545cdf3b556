"""Key words of schedules as a spreadsheet matches them: SUMIFS does not compare text letter by letter."""

from __future__ import annotations

import re
from decimal import Context

from rdcredit.errors import Problem, Refused

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_CRITERION = re.compile(r"^[<>=]|[*?~]")
_COMPARED = Context(prec=15)
"""A spreadsheet compares numbers to fifteen significant digits."""


def spreadsheet_key(word: str, where: str) -> str:
    """What a spreadsheet takes a key for: case does not count, and digits are a number.

    Raises:
        Refused: the word would be read as a criterion or a pattern (E345).
    """
    if _CRITERION.search(word):
        raise ambiguous_key(where, f'"{word}" is a criterion')
    if _NUMBER.fullmatch(word):
        return str(_COMPARED.create_decimal(word).normalize())
    return word.casefold()


def ambiguous_key(where: str, what: str) -> Refused:
    """The refusal of identifiers a spreadsheet could not tell apart."""
    return Refused(
        [
            Problem(
                "E345",
                where,
                f"to a spreadsheet, {what}",
                "the formulas of the workbook would add up other rows than this program does.",
                "give each person, contract and component an identifier of its own, of letters and digits.",
            )
        ]
    )
