"""Texts of the Word study that do not depend on a figure: statuses, limits, responsibility, glossary.

The limits and the statement of responsibility are carried by every study whatever its template.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdcredit.facts.records import EntityType, Method
from rdcredit.figure.view import View
from rdcredit.ledger.records import QreCategory
from rdcredit.render.narrative_records import Fact, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdcredit.facts.records import Person

NOT_STATED = "not stated"
NOT_LISTED = "not in a component"

CATEGORIES = {
    QreCategory.WAGES: "Wages for qualified services",
    QreCategory.SUPPLIES: "Supplies",
    QreCategory.COMPUTER_RENTAL: "Right to use computers",
    QreCategory.CONTRACT_RESEARCH: "Contract research",
}
SHORT = {
    QreCategory.WAGES: "Wages",
    QreCategory.SUPPLIES: "Supplies",
    QreCategory.COMPUTER_RENTAL: "Computers",
    QreCategory.CONTRACT_RESEARCH: "Contracts",
}
"""The categories where a table has little room."""
METHODS = {str(Method.REGULAR): "regular credit", str(Method.ASC): "alternative simplified credit"}
EFFECTS = {
    None: "no",
    View.SUPPORTED: "counted",
    View.EXPECTED: "in expected and potential",
    View.POTENTIAL: "in potential",
}
STATUSES = {
    "estimate": Status(
        word="ESTIMATE",
        document="Research credit estimate",
        label="Estimate, not a study",
        note="Prepared for planning. Nothing here may be filed or relied on for a return.",
        colour="9A5B00",
        tint="FFF1D6",
        marked=True,
    ),
    "draft": Status(
        word="DRAFT",
        document="Research credit study",
        label="Draft study",
        note="Open points remain. Not for filing.",
        colour="9B1C1C",
        tint="FDE8E8",
        marked=True,
    ),
    "final": Status(
        word="FINAL",
        document="Research credit study",
        label="Final study",
        note="Prepared for the taxpayer's file of the return.",
        colour="14304F",
        tint="E6EDF5",
        marked=False,
    ),
}


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(p.split()) for p in text.strip().split("\n\n"))


_LIMITS = _paragraphs("""
This document is a computation and a record of how each dollar was decided. It is not an opinion on tax law, and it
promises nothing about the outcome of an examination.

The figures rest on the files and statements listed in it. The files were read in full, reconciled and compared with
the stated control totals; they were not audited, and no original document was inspected unless it is named.

Whether work was uncertain, experimental and technological is a judgement of people who know it. Rules and recorded
statements were applied; nothing here judges the research itself.

Amounts called expected or potential are not claimed. They say what the open questions are worth; the form shows the
supported figures alone.

Not computed in this release: the payroll tax election, the limitation of the general business credit, the allocation
within a controlled group, adjustments for acquisitions and dispositions, and credits of states.
""")
_NOT_FINAL = {
    "estimate": "As an estimate it has not passed the review a study needs, and it may rest on incomplete records.",
    "draft": "As a draft it has open points, listed in the summary and in each chapter, and its figures may move.",
}
_RESPONSIBILITY = _paragraphs("""
The taxpayer answers for the files and statements being complete and true, and keeps the originals.

The preparer who signs the return answers for the positions taken on it, for the elections made, and for having read
the open points and findings of this document.

The digest of the inputs and the release of the program on the first page identify exactly what was computed; anyone
who holds both can repeat it.
""")
NO_EVIDENCE = (
    "No index of evidence was given with this study. Dated records of the work (plans, experiments, results, reviews) "
    "are therefore not listed here, and none is implied."
)


def limits(status: str) -> tuple[str, ...]:
    """What the study is not, for every reader."""
    own = _NOT_FINAL.get(status)
    return (*_LIMITS, own) if own else _LIMITS


def responsibility() -> tuple[str, ...]:
    """Who answers for what."""
    return _RESPONSIBILITY


def glossary() -> tuple[Fact, ...]:
    """The few words a reader has to know."""
    return (
        Fact("Business component", "A product, process, software, technique, formula or invention held for sale or "
             "use; every test of section 41(d) is applied to it."),
        Fact("QRE", "Qualified research expenses: wages, supplies, the right to use computers and contract research, "
             "section 41(b)."),
        Fact("Workload", "Cloud or GPU usage that shares an account, a kind of service and the tags that identify it; "
             "the unit in which compute is decided."),
        Fact("Qualified, excluded, held", "The three places a dollar can end: in a component's QREs, left out for a "
             "named reason, or waiting for the answer to a named question."),
        Fact("Supported, expected, potential", "Three cumulative views: what rules, statements and the reviewer "
             "decided; with what a classifier would call qualifying; with everything else that could still qualify."),
        Fact("ASC", "Alternative simplified credit, section 41(c)(4)."),
        Fact("Reduced credit", "The credit under the election of section 280C(c)(2), in place of a smaller deduction."),
        Fact("Missing", "A value nobody has stated. It is never taken as zero, and neither is what depends on it."),
    )  # fmt: skip


def commands() -> tuple[Fact, ...]:
    """How to repeat the study and to question a figure."""
    return (
        Fact("rdcredit run STUDY", "Reads the inputs again and publishes the same documents, byte for byte."),
        Fact("rdcredit verify STUDY", "Repeats the study in a temporary folder and says what differs, down to a cell."),
        Fact("rdcredit trace STUDY FIGURE", "Follows a figure to the rows, statements and law it rests on."),
        Fact("rdcredit trace STUDY --row FILE:N", "Says what became of one row of an input."),
        Fact("rdcredit classify STUDY --explain SUBJECT", "Says why a workload, person or contract was decided so."),
    )


def capital(text: str) -> str:
    """The text as it begins a line of its own."""
    return text[:1].upper() + text[1:]


def yes_no(answer: bool | None) -> str:  # noqa: FBT001 - a stated fact
    """A stated yes or no, or that nobody has stated it."""
    return {True: "yes", False: "no", None: NOT_STATED}[answer]


def entity_words(entity: str, *, peo: str) -> str:
    """The kind of taxpayer, and under whose number wages are reported where it is not its own."""
    words = str(EntityType(entity))
    return f"{words}; wages reported by {peo or 'a professional employer organisation'}" if peo else words


def masked(people: Iterable[Person]) -> Callable[[str], str]:
    """A function that puts a person's study-local id in place of the name, for texts outside the people table."""
    ids: dict[str, str] = {}
    for person in people:
        words = person.name.split()
        if len(words) > 1:
            ids[person.name] = ids[f"{words[-1]}, {' '.join(words[:-1])}"] = person.id
    if not ids:
        return lambda text: text
    longest_first = sorted(ids, key=lambda name: (-len(name), name))
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(n) for n in longest_first) + r")(?!\w)", re.IGNORECASE)
    folded = {name.casefold(): person for name, person in ids.items()}
    return lambda text: pattern.sub(lambda m: folded[m[0].casefold()], text)
