"""A chapter a business component: what is stated about it, its QREs, its subjects, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.ledger.records import BucketKind
from rdcredit.render.narrative_figures import cells_in_views
from rdcredit.render.narrative_ledger import bucket_rows, finding_rows, of_component, subject_rows
from rdcredit.render.narrative_records import Chapter, Fact, ViewRow
from rdcredit.render.narrative_words import CATEGORIES, NOT_STATED, yes_no

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from rdcredit.credit.compute import Credit
    from rdcredit.ledger.findings import Finding
    from rdcredit.ledger.records import Part
    from rdcredit.render.material import StudyMaterial
    from rdcredit.render.narrative_numbers import Figures
    from rdcredit.study.config import ComponentSettings

_MOST_SUBJECTS = 20
_STATED = (
    ("Information sought to be discovered", "information_sought"),
    ("Uncertainty at the outset", "uncertainty"),
    ("Alternatives considered", "alternatives"),
    ("Process of evaluation", "evaluation"),
    ("Technological basis", "technological_basis"),
)
_USES = {
    "not internal": "not developed primarily for internal use",
    "internal": "developed primarily for internal use",
    "dual": "dual function: used inside and by third parties",
    "unknown": "whether it is for internal use is not stated",
}


def chapters(material: StudyMaterial, figures: Figures, mask: Callable[[str], str]) -> tuple[Chapter, ...]:
    """The components of the study in the order they are stated."""
    return tuple(
        _chapter(material, settings, place, figures, mask)
        for place, settings in enumerate(material.study.components, start=1)
    )


def _chapter(
    material: StudyMaterial, settings: ComponentSettings, place: int, figures: Figures, mask: Callable[[str], str]
) -> Chapter:
    parts = of_component(material.parts, settings.id)
    rows, left = subject_rows(parts, settings.id, mask, _MOST_SUBJECTS)
    statements = tuple(_stated(label, getattr(settings, field), mask) for label, field in _STATED)
    test = _substantially_all(settings, mask)
    particulars = _particulars(settings)
    categories, total = _qre(material.credit, settings.id, figures)
    return Chapter(
        id=settings.id,
        name=settings.name,
        anchor=f"component_{place}",
        mark=str(1000 + place),
        particulars=particulars,
        statements=statements,
        substantially_all=test,
        qre=categories,
        qre_total=total,
        subjects=rows,
        subjects_left=left,
        open_dollars=(
            *bucket_rows(parts, BucketKind.HELD, mask),
            *bucket_rows(parts, BucketKind.EXCLUDED, mask),
        ),
        findings=finding_rows(_touching(material.findings, settings.id, parts), mask),
        open_points=tuple(f.label for f in (*statements, test, *particulars) if f.open),
    )


def _stated(label: str, text: str, mask: Callable[[str], str]) -> Fact:
    """What the taxpayer says, or an open point where the study says nothing."""
    if text.strip():
        return Fact(label, mask(text.strip()))
    return Fact(label, "Open point: the taxpayer has not stated this.", open=True)


def _day(day: date | None) -> str:
    return day.isoformat() if day else NOT_STATED


def _particulars(settings: ComponentSettings) -> tuple[Fact, ...]:
    kind: str = settings.kind
    if kind == "software" or settings.use != "unknown":
        kind = f"{kind}; {_USES[settings.use]}"
    funding = {
        True: "Stated to be funded by a customer or grant, at least in part.",
        False: "Stated not to be funded by a customer or grant.",
        None: "Open point: whether a customer or grant pays for the research is not stated.",
    }[settings.funded]
    return (
        Fact("Type", kind, open=settings.kind == "software" and settings.use == "unknown"),
        Fact("Research began", _day(settings.began), open=settings.began is None),
        Fact("Ready for sale or use", _day(settings.released) if settings.released else "no release is stated"),
        Fact("Funding", funding, open=settings.funded is None),
    )


def _substantially_all(settings: ComponentSettings, mask: Callable[[str], str]) -> Fact:
    label = "Substantially all of the research is a process of experimentation"
    source = mask(settings.meets_80_percent_source.strip())
    basis = f"Basis: {source}." if source else "Open point: no basis for this is recorded."
    match settings.meets_80_percent:
        case "yes":
            return Fact(label, f"Stated: {yes_no(True)}. {basis}", open=not source)
        case "no":
            return Fact(label, f"Stated: {yes_no(False)}. {basis} Its dollars are excluded or held.")
        case _:
            text = "Open point: nothing on record shows it either way. Dollars that rest on it are held."
            return Fact(label, text, open=True)


def _qre(credit: Credit, component: str, figures: Figures) -> tuple[tuple[ViewRow, ...], ViewRow]:
    totals = credit.qre.by_component
    row = next(i for i, r in enumerate(totals.schedule.rows) if r.key == component)
    categories = tuple(
        cells_in_views(figures, label, totals.schedule, str(category), row) for category, label in CATEGORIES.items()
    )
    return categories, cells_in_views(figures, "QREs of the component", totals.schedule, totals.qre.id, row)


def _touching(findings: Sequence[Finding], component: str, parts: Sequence[Part]) -> list[Finding]:
    own = {component, f"component:{component}", *(p.subject for p in parts)}
    return [f for f in findings if own & set(f.subjects)]
