"""Personal data at the door: social security numbers, birth dates, addresses and bank numbers are not kept.

Only the columns a role needs leave the reader at all. What remains here is to say which personal
columns were left behind, to take social security numbers out of the columns that are kept, and
to give persons identified by such a number an identifier of the study's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REMOVED = "(removed)"

_SSN = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")
_WHOLE_SSN = re.compile(r"\d{3}[- ]\d{2}[- ]\d{4}")
_NINE_DIGITS = re.compile(r"\d{9}")
_MASKED_SSN = re.compile(r"[Xx*#\u2022]{3}-?[Xx*#\u2022]{2}-?\d{4}")
_NEVER_ISSUED = re.compile(r"000|666|9\d\d|\d{3}00|\d{5}0000")
_WORDS = re.compile(r"[a-z0-9]+")
_ONE_WORD = frozenset(
    {
        "ssn", "sin", "itin", "tin", "dob", "birth", "birthdate", "birthday", "birthplace", "iban", "routing", "bank",
        "address", "street", "zip", "zipcode", "postcode", "phone", "mobile", "passport", "gender", "ethnicity",
        "race", "marital", "religion",
    }
)  # fmt: skip
_PHRASES = (
    "social security", "soc sec", "national insurance", "tax id", "taxpayer id", "account number", "account no",
    "direct deposit", "postal code", "date of birth", "driver", "emergency contact",
)  # fmt: skip


def is_personal_header(header: str) -> bool:
    """Whether a header names data of persons that a study never needs."""
    words = _WORDS.findall(header.casefold())
    joined = f" {' '.join(words)} "
    return not _ONE_WORD.isdisjoint(words) or any(f" {phrase}" in joined for phrase in _PHRASES)


def looks_like_ssn(text: str) -> bool:
    """Whether a cell is a social security number as written out with dashes or blanks."""
    return _WHOLE_SSN.fullmatch(text) is not None


def are_masked_ssns(values: Iterable[str]) -> bool:
    """Whether a cell shows no more than the last four digits of a social security number."""
    return any(_MASKED_SSN.fullmatch(value) for value in values)


def are_ssns(values: Sequence[str]) -> bool:
    """Whether a column holds social security numbers, whatever its header says.

    One written with dashes is enough; nine bare digits must be what every cell holds, and none of
    them a number that was never issued.
    """
    if any(looks_like_ssn(value) for value in values):
        return True
    return bool(values) and all(_NINE_DIGITS.fullmatch(v) and not _NEVER_ISSUED.match(v) for v in values)


def without_ssns(text: str) -> str:
    """A text cell with social security numbers inside it taken out."""
    return _SSN.sub(REMOVED, text)


@dataclass(slots=True)
class LocalIds:
    """Study-local identifiers of persons whose file knows them by social security number only.

    Counted by first appearance, over all tables of one reading, in the fixed order in which roles
    are read; the number itself is held in memory only while the tables are read.
    """

    _known: dict[str, str] = field(default_factory=dict)

    def of(self, text: str) -> str:
        """The identifier for a person column's cell; the cell itself where it is no such number."""
        digits = text.replace("-", "").replace(" ", "")
        if not (looks_like_ssn(text) or _NINE_DIGITS.fullmatch(text)):
            return text
        return self._known.setdefault(digits, f"person-{len(self._known) + 1:03d}")
