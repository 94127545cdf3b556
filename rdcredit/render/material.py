"""What a study's documents are made from: figures, form, ledger, findings and tie-outs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from rdcredit.credit.compute import Credit
    from rdcredit.errors import Problem
    from rdcredit.figure.evaluate import Evaluation
    from rdcredit.figure.view import View
    from rdcredit.forms.form_6765 import Form6765
    from rdcredit.ledger.findings import Finding
    from rdcredit.ledger.records import Part
    from rdcredit.source import FileRef
    from rdcredit.study.config import Study


@dataclass(frozen=True, slots=True)
class TieOut:
    """A total compared with another: what was read against what is stated or carried on.

    ``difference`` is ``read`` less ``stated``; it must be zero where ``must_tie``.
    """

    label: str
    stated: Decimal
    read: Decimal
    source: str
    must_tie: bool = True

    @property
    def difference(self) -> Decimal:
        """What was read less what is stated."""
        return self.read - self.stated


@dataclass(frozen=True, slots=True)
class SourceRead:
    """One input as it was read: what it is, how many records, which days, how much money."""

    input_id: str
    role: str
    format: str
    files: tuple[FileRef, ...]
    records: int
    amount: Decimal
    currency: str
    first_day: str = ""
    last_day: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # a repr would walk the whole graph, names and pay included
class StudyMaterial:
    """Everything that is shown. ``view`` is the one the form shows; ``digest`` that of the inputs."""

    study: Study
    credit: Credit
    form: Form6765
    figures: Evaluation
    view: View
    views: tuple[View, ...]
    parts: tuple[Part, ...]
    sources: tuple[SourceRead, ...]
    tie_outs: tuple[TieOut, ...]
    findings: tuple[Finding, ...]
    digest: str
    problems: tuple[Problem, ...] = ()
    """Questions about single records; their rows are held."""
