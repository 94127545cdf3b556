"""Form 6765: each line bound to a figure, or left blank with the reason.

Line numbers live in ``law/data/forms``, one file a revision; a figure knows none of them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import rdcredit.law
from rdcredit.credit.current_year import is_estate_or_trust
from rdcredit.errors import Problem, Refused
from rdcredit.facts.records import Method
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import AnyLeaf, AnyLine, Leaf, Line, Schedule
from rdcredit.figure.trace import reachable
from rdcredit.figure.value import Known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rdcredit.credit.compute import Credit

_DATA = Path(rdcredit.law.__file__).resolve().parent / "data" / "forms"


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line: number, section, label, the figure it shows (None where it is blank) and why it is blank."""

    line: str
    section: str
    label: str
    figure: AnyLine | AnyLeaf | None
    blank: str = ""


@dataclass(frozen=True, slots=True)
class ComponentColumn:
    """One column of Section G and the column of the schedule it shows."""

    column: str
    label: str
    schedule_column: str


@dataclass(frozen=True, slots=True)
class Form6765:
    """The form of one revision for one credit; ``banner`` says what has to be checked before filing."""

    revision: str
    attachment_sequence: str
    lines: tuple[FormLine, ...]
    component_columns: tuple[ComponentColumn, ...]
    banner: str = ""

    def line(self, number: str) -> FormLine:
        """The line with that number.

        Raises:
            KeyError: the revision has no such line.
        """
        for found in self.lines:
            if found.line == number:
                return found
        raise KeyError(number)


def _revision_for(begin: date) -> tuple[dict[str, object], str]:
    """The form data for a taxable year, and the banner it needs."""
    for path in sorted(_DATA.glob("f6765_*.toml"), reverse=True):
        with path.open("rb") as stream:
            data = tomllib.load(stream)
        years = data["years"]
        if years["from"] <= begin <= years["until"]:
            return data, ""
        if years["from"] <= begin <= data["drawn_until"]:
            return data, (
                f"No face of Form 6765 for years beginning in {begin.year} had been issued; "
                f"the lines are those of {data['revision']}. Check for the new face before filing."
            )
    raise Refused(
        [
            Problem(
                "E235",
                "",
                f"no revision of Form 6765 is known for a year beginning {begin.isoformat()}",
                "line numbers differ between revisions.",
                "compute a year from 2024 on, or read the figures without the form.",
            )
        ]
    )


def figures_of(credit: Credit) -> dict[str, AnyLine | AnyLeaf]:
    """Every named figure of a credit by id."""
    found: dict[str, AnyLine | AnyLeaf] = {}
    for node in reachable(roots_of(credit)):
        if isinstance(node, Line | Leaf):
            found[node.id] = node
    return found


def roots_of(credit: Credit) -> Iterable[AnyLine | AnyLeaf | Schedule]:
    """The figures everything else of a credit is an input of."""
    other, current = credit.other, credit.current
    yield from (
        credit.qre.total, credit.qre.officers_wages, credit.regular.gross, credit.regular.reduced,
        credit.regular.credit, credit.asc.gross, credit.asc.reduced, credit.asc.credit, credit.asc.prior_total,
        current.own_credit, current.credit, current.after_beneficiaries, current.method_is_best,
        other.components, other.acquisition_or_disposition, other.new_categories, other.asc_730_directive,
        other.asc_730_amount, other.controlled_group, other.section_g.required, other.section_g.exempt,
        other.section_g.listed_qre, other.section_g.enough,
    )  # fmt: skip
    yield from other.section_g.totals
    if credit.regular.fixed_base.qre_year is not None:
        yield credit.regular.fixed_base.qre_year


def _blank(only: str, credit: Credit) -> str:
    """Why a line is left blank; empty where it is completed."""
    method = cast("Known[str]", credit.current.method.value).value
    history = Evaluation().value(credit.asc.any_year_without)
    skipped = isinstance(history, Known) and history.value
    match only:
        case "regular" if method != Method.REGULAR:
            return "not completed: the alternative simplified credit is claimed"
        case "asc" | "asc with history" if method != Method.ASC:
            return "not completed: the regular credit is claimed"
        case "asc with history" if skipped:
            return "skipped: one of the three preceding years had no QREs"
        case "estate or trust" if not is_estate_or_trust(credit.facts):
            return "for estates and trusts only"
        case "directive" if credit.facts.taxpayer.asc_730_directive is not True:
            return "completed where line 41 is yes"
        case "not computed":
            return "not computed in this release"
        case _:
            return ""


def form_6765(credit: Credit) -> Form6765:
    """The form for a credit, by the revision of its taxable year.

    Raises:
        Refused: no revision is known for the year (E235).
    """
    data, banner = _revision_for(credit.facts.credit_year.deemed_begin)
    figures = figures_of(credit)
    lines = []
    for entry in cast("list[dict[str, str]]", data["line"]):
        blank = _blank(entry.get("only", ""), credit)
        figure = None if blank or "figure" not in entry else figures[entry["figure"]]
        lines.append(FormLine(entry["line"], entry["section"], entry["label"], figure, blank))
    columns = tuple(
        ComponentColumn(c["column"], c["label"], c["figure"])
        for c in cast("list[dict[str, str]]", data["component_column"])
    )
    return Form6765(
        cast("str", data["revision"]), cast("str", data["attachment_sequence"]), tuple(lines), columns, banner
    )
