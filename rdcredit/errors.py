"""Problems as values: what is wrong, where, why it matters, the fix, and the state of the output.

A stage returns or collects :class:`Problem` records; :class:`Refused` carries all of them to the
command line at once. Codes are stable once published and listed in :data:`CATALOGUE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    BUG = 1
    USAGE = 2
    REFUSED = 3
    HELD = 4
    UNRECONCILED = 5
    ENVIRONMENT = 6
    SAFETY = 7
    DIFFERENT = 8


_VALUE_CUT = 80
NOTHING_WRITTEN = "Nothing was written."


def shown(value: str, *, personal: bool = False) -> str:
    """A value as a message may print it: escaped, quoted, cut; masked when it is personal."""
    if personal:
        return "(personal value not shown)"
    cut = value if len(value) <= _VALUE_CUT else value[:_VALUE_CUT] + "..."
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, ready to be read by the person who can mend it.

    ``place`` is the file and, where known, row and column ("inputs/march.csv row 12, column
    BilledCost"); paths are relative to the study. ``what`` starts in lower case and has no final
    stop; ``why`` and ``fix`` are sentences.
    """

    code: str
    place: str
    what: str
    why: str
    fix: str
    held: bool = False
    """The rows concerned are held by a question; the run goes on."""

    def exit_code(self) -> Exit:
        """The exit code this problem alone would cause."""
        return CATALOGUE[self.code][0]

    def line(self, state: str = NOTHING_WRITTEN) -> str:
        """The message: one line, then why, fix and state of the output."""
        place = f"{self.place}: " if self.place else ""
        return f"rdcredit: {self.code} {place}{self.what}.\n  Why it matters: {self.why}   Fix: {self.fix}\n  {state}"

    def as_json(self) -> dict[str, str | bool]:
        """The same content for ``--json`` and ``problems.json``."""
        return {
            "code": self.code,
            "place": self.place,
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
            "held": self.held,
        }


class Refused(Exception):
    """The work cannot go on; ``problems`` says all that is wrong, ``state`` what became of the output."""

    def __init__(self, problems: Iterable[Problem], state: str = NOTHING_WRITTEN) -> None:
        self.problems = tuple(problems)
        self.state = state
        if not self.problems:
            raise ValueError("a refusal names at least one problem")
        super().__init__("; ".join(f"{p.code} {p.place}: {p.what}" for p in self.problems))

    def exit_code(self) -> Exit:
        """Our own faults and safety first, then a broken reconciliation, the environment, a refused input."""
        codes = {p.exit_code() for p in self.problems}
        for code in _GRAVEST:
            if code in codes:
                return code
        return Exit.REFUSED


_GRAVEST = (
    Exit.BUG,
    Exit.SAFETY,
    Exit.DIFFERENT,
    Exit.UNRECONCILED,
    Exit.ENVIRONMENT,
    Exit.REFUSED,
    Exit.USAGE,
)

R, S, E5, E6 = Exit.REFUSED, Exit.SAFETY, Exit.UNRECONCILED, Exit.ENVIRONMENT

CATALOGUE: dict[str, tuple[Exit, str]] = {
    # 1xx files, containers, encodings
    "E101": (R, "file ends early"),
    "E102": (R, "file or folder not found"),
    "E104": (R, "file is not what its name says"),
    "E105": (R, "file holds no rows"),
    "E109": (R, "file is not UTF-8 text"),
    "E112": (R, "row has another number of cells than the header"),
    "E113": (R, "quoted cell is never closed"),
    "E114": (R, "quotation mark inside an unquoted cell"),
    "E115": (R, "another separator or decimal sign is used"),
    "E116": (R, "column appears twice"),
    "E117": (R, "required column is missing"),
    "E118": (R, "column was renamed within one series of exports"),
    "E119": (S, "row or cell is too large"),
    "E120": (Exit.BUG, "the reader failed"),
    "E121": (S, "file could not be read within its limits"),
    "E122": (R, "parquet file is damaged"),
    "E123": (S, "parquet file uses an unknown extension type"),
    "E124": (S, "path leaves the study folder or is not a regular file"),
    "E125": (R, "format not recognised"),
    # 2xx money and numbers
    "E214": (R, "amount cannot be read"),
    "E227": (R, "amount out of range"),
    "E232": (R, "more than one currency, or none"),
    "E233": (R, "unknown charge category"),
    "E235": (R, "rate or threshold of this year has not been verified"),
    "E236": (R, "cost column is missing or empty"),
    "E241": (R, "time of one person does not add up"),
    "E242": (R, "amount of one person does not add up"),
    # 3xx rows, identity, time
    "E343": (R, "the same file is given twice"),
    "E344": (R, "identical rows in one export"),
    "E345": (R, "one identifier stands for two persons, or two for one"),
    "E346": (R, "two deliveries of one month overlap"),
    "E351": (R, "date is ambiguous or cannot be read"),
    "E352": (R, "person is not known"),
    "E353": (R, "project is not mapped"),
    "E355": (R, "identifier damaged by a spreadsheet"),
    "E356": (R, "text hides characters or mixes scripts"),
    "E357": (R, "tags cannot be read"),
    # 4xx workbooks as input
    "E467": (R, "cell holds an error value or an external link"),
    "E468": (R, "kind of workbook is not read"),
    "E469": (R, "subtotal row among the records"),
    "E470": (S, "workbook part declares a document type"),
    "E472": (S, "sheet is too large"),
    "E474": (S, "archive entry leaves its folder"),
    # 5xx study and facts
    "E501": (R, "unknown key"),
    "E502": (R, "value is not allowed"),
    "E503": (R, "required value is missing"),
    "E504": (R, "file is not valid TOML"),
    "E505": (R, "two statements contradict each other"),
    "E507": (R, "study is not final-ready"),
    # 6xx templates and writing
    "E685": (S, "template is not allowed to do this"),
    "E689": (R, "template names a value that does not exist"),
    "E690": (R, "template text is split or malformed"),
    "E691": (R, "template prints a number this run did not produce"),
    "E692": (R, "template leaves out a required part"),
    "E694": (S, "template leaves its folder"),
    # 7xx running, publishing, verifying
    "E701": (R, "input changed while it was read"),
    "E702": (E5, "dollars do not add up"),
    "E703": (E5, "control total does not agree"),
    "E704": (E6, "another run holds the study"),
    "E705": (E6, "output cannot be written"),
    "E706": (Exit.DIFFERENT, "published file differs"),
    "E707": (R, "study has not been run"),
    "E708": (R, "figure or row not found"),
    "E709": (R, "published by another version"),
}
"""Every published code: the exit code it causes and a short title."""
