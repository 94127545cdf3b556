"""What a study's template may print, record by record.

Every field is a text, a yes or no for choosing, a :class:`~rdcredit.render.templating.Number`, a
record or a tuple of these. Renaming or removing a field needs a new template version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.render.templating import Number, Shown

if TYPE_CHECKING:
    from rdcredit.render.narrative_figure_records import Computation, FormPages, LawUsed, QreChapters


@dataclass(frozen=True, slots=True)
class Status(Shown):
    """Estimate, draft or final, and how each page shows it."""

    word: str
    document: str
    label: str
    note: str
    colour: str
    tint: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Cover(Shown):
    """Who, which year, from which inputs, by whom."""

    taxpayer: str
    ein: str
    year: str
    period: str
    entity: str
    accounting: str
    dated: str
    firm: str
    prepared_by: str
    reviewed_by: str
    digest: str
    release: str
    form: str
    banner: str


@dataclass(frozen=True, slots=True)
class Fact(Shown):
    """A heading and what is known under it; ``open`` where it still has to be found out."""

    label: str
    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class ViewRow(Shown):
    """A figure in the view shown and in the three cumulative views."""

    label: str
    shown: Number
    supported: Number
    expected: Number
    potential: Number


@dataclass(frozen=True, slots=True)
class MethodRow(Shown):
    """One method of computing the credit, before and after the reduced-credit election."""

    label: str
    gross: Number
    reduced: Number
    claimed: str


@dataclass(frozen=True, slots=True)
class BucketRow(Shown):
    """Dollars that share a reason or a question."""

    name: str
    amount: Number
    subjects: Number
    authority: str
    category: str
    effect: str


@dataclass(frozen=True, slots=True)
class FindingRow(Shown):
    """One finding with the dollars it concerns."""

    title: str
    why: str
    amount: Number
    subjects: str
    code: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Summary(Shown):
    """The first page a reader needs."""

    headline: str
    qre: tuple[ViewRow, ...]
    qre_total: ViewRow
    methods: tuple[MethodRow, ...]
    claimed: str
    reduced: str
    credit: ViewRow
    views_differ: bool
    questions: tuple[BucketRow, ...]
    questions_left: str
    findings: tuple[FindingRow, ...]
    findings_left: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceRow(Shown):
    """One input as it was read."""

    id: str
    role: str
    format: str
    period: str
    records: Number
    amount: Number
    files: tuple[Fact, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class Scope(Shown):
    """What the study rests on, what it leaves out, and what it is not."""

    sources: tuple[SourceRow, ...]
    reliance: tuple[str, ...]
    limits: tuple[str, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearRow(Shown):
    """One taxable year of the calendar."""

    label: str
    begins: str
    ends: str
    kind: str
    receipts: Number
    receipts_448c: Number
    qre: Number


@dataclass(frozen=True, slots=True)
class Taxpayer(Shown):
    """The taxpayer's particulars and taxable years."""

    facts: tuple[Fact, ...]
    years: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True)
class DecidedRow(Shown):
    """One rule with the dollars and subjects it decided."""

    rule: str
    outcome: str
    authority: str
    subjects: Number
    amount: Number


@dataclass(frozen=True, slots=True)
class Methodology(Shown):
    """How much was decided by what."""

    subjects: Number
    statements: str
    reviewed: str
    time_records: str
    rules: tuple[DecidedRow, ...]


@dataclass(frozen=True, slots=True)
class TieRow(Shown):
    """What was considered of one source, and where it ended."""

    source: str
    considered: Number
    qualified: Number
    excluded: Number
    held: Number
    difference: Number
    broken: bool


@dataclass(frozen=True, slots=True)
class ControlRow(Shown):
    """A total against another document."""

    label: str
    stated: Number
    read: Number
    difference: Number
    source: str
    result: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Reconciliation(Shown):
    """Considered is qualified, excluded and held, to the cent."""

    statement: str
    rows: tuple[TieRow, ...]
    totals: tuple[TieRow, ...]
    controls: tuple[ControlRow, ...]
    controls_left: str
    residue: str


@dataclass(frozen=True, slots=True)
class SubjectRow(Shown):
    """A workload, person or contract and what became of its dollars."""

    subject: str
    category: str
    outcome: str
    amount: Number
    why: str


@dataclass(frozen=True, slots=True)
class Chapter(Shown):
    """One business component."""

    id: str
    name: str
    anchor: str
    mark: str
    particulars: tuple[Fact, ...]
    statements: tuple[Fact, ...]
    substantially_all: Fact
    qre: tuple[ViewRow, ...]
    qre_total: ViewRow
    subjects: tuple[SubjectRow, ...]
    subjects_left: str
    open_dollars: tuple[BucketRow, ...]
    findings: tuple[FindingRow, ...]
    open_points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordRow(Shown):
    """A question about a single record of an input."""

    place: str
    what: str
    code: str


@dataclass(frozen=True, slots=True)
class Signature(Shown):
    """Who answers for the study, and for what."""

    responsibility: tuple[str, ...]
    prepared_by: str
    reviewed_by: str
    firm: str


@dataclass(frozen=True, slots=True)
class Appendix(Shown):
    """What a second pair of eyes needs to repeat the study."""

    glossary: tuple[Fact, ...]
    commands: tuple[Fact, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class StudyContext(Shown):
    """Everything a template may name, by its first word."""

    status: Status
    cover: Cover
    summary: Summary
    scope: Scope
    taxpayer: Taxpayer
    law: LawUsed
    methodology: Methodology
    reconciliation: Reconciliation
    components: tuple[Chapter, ...]
    qre: QreChapters
    computation: Computation
    form: FormPages
    findings: tuple[FindingRow, ...]
    excluded: tuple[BucketRow, ...]
    excluded_total: Number
    held: tuple[BucketRow, ...]
    held_total: Number
    records: tuple[RecordRow, ...]
    records_left: str
    signature: Signature
    appendix: Appendix

    def names(self) -> dict[str, object]:
        """The names a template starts from."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
