"""Everything the Word study may print, gathered from the material of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdcredit
from rdcredit.credit.base_years import year_name
from rdcredit.figure.value import Known
from rdcredit.ledger.records import BucketKind
from rdcredit.render.narrative_components import chapters
from rdcredit.render.narrative_figures import (
    computation,
    computed_lines,
    form_pages,
    in_views,
    law_used,
    qre_chapters,
)
from rdcredit.render.narrative_ledger import (
    bucket_rows,
    finding_rows,
    left_over,
    reconciliation,
    rules_applied,
    shortened,
)
from rdcredit.render.narrative_numbers import Figures, amount_of, count_of, sum_of
from rdcredit.render.narrative_records import (
    Appendix,
    Cover,
    Fact,
    Methodology,
    MethodRow,
    RecordRow,
    Scope,
    Signature,
    SourceRow,
    StudyContext,
    Summary,
    Taxpayer,
    ViewRow,
    YearRow,
)
from rdcredit.render.narrative_words import (
    METHODS,
    NO_EVIDENCE,
    NOT_STATED,
    STATUSES,
    capital,
    commands,
    entity_words,
    glossary,
    limits,
    masked,
    responsibility,
    yes_no,
)
from rdcredit.render.templating import Number

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from rdcredit.credit.compute import Credit
    from rdcredit.facts.records import Fact as Stated
    from rdcredit.figure.expression import AnyLeaf, AnyLine
    from rdcredit.render.material import SourceRead, StudyMaterial

_MOST_LISTED = 5
_MOST_RECORDS = 30
_LONGEST_NOTE = 400
_FILES = (
    "The taxpayer supplied the files below. Their content digests are in the appendix; a changed file changes the "
    "digest of the inputs on the first page."
)
_NO_TIME = "No time records were given."


def study_context(material: StudyMaterial) -> StudyContext:
    """The records of :mod:`~rdcredit.render.narrative_records` for one study."""
    figures = Figures(material.figures, material.view)
    mask = masked(material.credit.facts.people)
    settings = material.study.study
    excluded = [p for p in material.parts if p.determination.bucket.kind is BucketKind.EXCLUDED]
    held = [p for p in material.parts if p.determination.bucket.kind is BucketKind.HELD]
    return StudyContext(
        status=STATUSES[settings.status],
        cover=_cover(material),
        summary=_summary(material, figures, mask),
        scope=_scope(material, figures),
        taxpayer=_taxpayer(material, figures),
        law=law_used(material.credit),
        methodology=_methodology(material),
        reconciliation=reconciliation(material.parts, material.sources, material.tie_outs),
        components=chapters(material, figures, mask),
        qre=qre_chapters(material.credit, figures, mask),
        computation=computation(material.credit, figures),
        form=form_pages(material.credit, material.form, figures),
        findings=finding_rows(material.findings, mask),
        excluded=bucket_rows(material.parts, BucketKind.EXCLUDED, mask),
        excluded_total=sum_of(excluded, "excluded").number(),
        held=bucket_rows(material.parts, BucketKind.HELD, mask),
        held_total=sum_of(held, "held").number(),
        records=tuple(RecordRow(p.place, mask(capital(p.what)), p.code) for p in material.problems[:_MOST_RECORDS]),
        records_left=_more_records(len(material.problems)),
        signature=Signature(
            responsibility(), settings.prepared_by or NOT_STATED, settings.reviewed_by or NOT_STATED,
            settings.firm or NOT_STATED,
        ),
        appendix=Appendix(glossary(), commands(), NO_EVIDENCE),
    )  # fmt: skip


def _cover(material: StudyMaterial) -> Cover:
    study, year = material.study, material.credit.facts.credit_year
    taxpayer = study.taxpayer
    return Cover(
        taxpayer=taxpayer.name,
        ein=taxpayer.ein or NOT_STATED,
        year=year_name(year),
        period=f"{year.begin.isoformat()} to {year.end.isoformat()}",
        entity=str(taxpayer.entity),
        accounting=f"{taxpayer.accounting_method} method",
        dated=study.study.dated.isoformat(),
        firm=study.study.firm or NOT_STATED,
        prepared_by=study.study.prepared_by or NOT_STATED,
        reviewed_by=study.study.reviewed_by or NOT_STATED,
        digest=material.digest,
        release=f"rdcredit {rdcredit.__version__}",
        form=f"Form 6765 ({material.form.revision})",
        banner=material.form.banner,
    )


# -- summary --------------------------------------------------------------------------------------


def _summary(material: StudyMaterial, figures: Figures, mask: Callable[[str], str]) -> Summary:
    credit, qre = material.credit, material.credit.qre
    total, claimed = (
        in_views(figures, "Total QREs", qre.total),
        in_views(figures, "Current year credit", credit.current.credit),
    )
    method = figures.of(credit.current.method).text
    held = bucket_rows(material.parts, BucketKind.HELD, mask)
    findings = finding_rows(material.findings, mask)
    return Summary(
        headline=_headline(material, total.shown, claimed.shown, METHODS[method]),
        qre=(
            in_views(figures, "Wages for qualified services", qre.wages),
            in_views(figures, "Supplies", qre.supplies),
            in_views(figures, "Right to use computers", qre.computer_rental),
            in_views(figures, "Contract research and basic research payments", qre.contract_and_basic),
        ),
        qre_total=total,
        methods=_methods(credit, figures, method),
        claimed=f"The figures claim the {METHODS[method]}.",
        reduced=_reduced(credit),
        credit=claimed,
        views_differ=len(material.views) > 1 and len({n.text for n in _three(total)}) > 1,
        questions=held[:_MOST_LISTED],
        questions_left=left_over(held, _MOST_LISTED, "questions", material.parts, BucketKind.HELD),
        findings=findings[:_MOST_LISTED],
        findings_left=_more_findings(len(findings)),
        missing=tuple(capital(gap) for gap in figures.gaps(_needed(material))),
    )  # fmt: skip


def _needed(material: StudyMaterial) -> tuple[AnyLine | AnyLeaf, ...]:
    """What the form shows and what the comparison of methods needs."""
    regular, asc = material.credit.regular, material.credit.asc
    shown = tuple(line.figure for line in material.form.lines if line.figure is not None)
    return (*shown, regular.gross, asc.gross, material.credit.current.method_is_best)


def _three(row: ViewRow) -> tuple[Number, ...]:
    return row.supported, row.expected, row.potential


def _headline(material: StudyMaterial, qre: Number, credit: Number, method: str) -> str:
    name, year = material.study.taxpayer.name, year_name(material.credit.facts.credit_year)
    if credit.is_missing:
        return (
            f"The research credit of {name} for {year} cannot be stated yet: {method}, {material.view} figures, "
            f"with QREs of {qre}. What is missing is listed below."
        )
    return (
        f"For {year}, {name} has qualified research expenses of ${qre} and a current year credit of ${credit} "
        f"under the {method}, on the {material.view} figures."
    )


def _methods(credit: Credit, figures: Figures, claimed: str) -> tuple[MethodRow, ...]:
    both = (("regular", "Regular credit", credit.regular), ("asc", "Alternative simplified credit", credit.asc))
    return tuple(
        MethodRow(label, figures.of(m.gross), figures.of(m.reduced), "claimed" if name == claimed else "")
        for name, label, m in both
    )


def _reduced(credit: Credit) -> str:
    elections = credit.facts.elections
    value = credit.reduced_elected.value
    if str(elections.reduced_credit) == "compare":
        return "The election of the reduced credit is open; the smaller, reduced credit is shown until it is stated."
    elected = isinstance(value, Known) and value.value
    return f"The reduced credit under section 280C(c)(2) is {'' if elected else 'not '}elected."


def _more_findings(count: int) -> str:
    if count <= _MOST_LISTED:
        return ""
    return f"Other findings, in the chapter on findings: {count_of(count - _MOST_LISTED, 'findings not shown')}."


def _more_records(count: int) -> str:
    if count <= _MOST_RECORDS:
        return ""
    return f"Further records, listed by rdcredit check: {count_of(count - _MOST_RECORDS, 'records not shown')}."


# -- scope, taxpayer, method ----------------------------------------------------------------------


def _scope(material: StudyMaterial, figures: Figures) -> Scope:
    reliance = [_FILES]
    if material.study.statements:
        stated = count_of(material.study.statements, "statements in study.toml")
        reliance.append(f"Recorded statements that settle questions the files leave open: {stated}.")
    reliance.append(
        "Names and pay of employees stand in the wage chapter only. This document discloses return information."
    )
    if material.form.banner:
        reliance.append(material.form.banner)
    return Scope(
        sources=tuple(_source(s) for s in material.sources),
        reliance=tuple(reliance),
        limits=limits(material.study.study.status),
        assumptions=tuple(capital(a) for a in figures.assumptions(computed_lines(material.credit))),
    )


def _source(source: SourceRead) -> SourceRow:
    days = " to ".join(dict.fromkeys(d for d in (source.first_day, source.last_day) if d))
    return SourceRow(
        id=source.input_id,
        role=source.role,
        format=source.format,
        period=days,
        records=count_of(source.records, f"records of {source.input_id}"),
        amount=amount_of(source.amount, source.currency, f"amount read of {source.input_id}"),
        files=tuple(Fact(f.path, f.digest) for f in source.files),
        notes=shortened("; ".join(dict.fromkeys(source.notes)), _LONGEST_NOTE),
    )


def _taxpayer(material: StudyMaterial, figures: Figures) -> Taxpayer:
    stated = material.study.taxpayer
    peo = (stated.peo or "a professional employer organisation") if stated.payroll_under == "PEO" else ""
    began = stated.trade_or_business_began
    facts = (
        Fact("Taxpayer", stated.name),
        Fact("EIN", stated.ein or NOT_STATED, open=not stated.ein),
        Fact("Entity", entity_words(stated.entity, peo=peo)),
        Fact("Method of accounting", stated.accounting_method),
        Fact("Principal business activity code", stated.activity_code or NOT_STATED),
        Fact("Formed", stated.formed.isoformat() if stated.formed else NOT_STATED, open=stated.formed is None),
        Fact("Trade or business began", began.isoformat() if began else NOT_STATED, open=began is None),
        Fact("Controlled group or common control", yes_no(stated.controlled_group)),
        Fact("Major acquisition or disposition", yes_no(stated.major_acquisition_or_disposition)),
        Fact("Return", "original" if material.study.study.original_return else "amended"),
    )
    return Taxpayer(facts, _years(material.credit, figures))


def _years(credit: Credit, figures: Figures) -> tuple[YearRow, ...]:
    qre = {b.year.end: figures.of(b.qre, cents=True) for b in credit.base_years}
    qre[credit.facts.credit_year.end] = figures.of(credit.qre.total, cents=True)

    def receipts(fact: Stated[Fraction], what: str, label: str) -> Number:
        return figures.of(fact.leaf(f"{what}.{label}", f"{what} of {label}"))

    return tuple(
        YearRow(
            label=year.label,
            begins=year.begin.isoformat(),
            ends=year.end.isoformat(),
            kind=str(year.kind),
            receipts=receipts(year.receipts_base, "gross receipts, Reg. 1.41-3(c)", year.label),
            receipts_448c=receipts(year.receipts_448c, "gross receipts, section 448(c)", year.label),
            qre=qre.get(year.end, Number("", "no figure")),
        )
        for year in credit.facts.years
    )


def _statements(count: int) -> str:
    if not count:
        return "No statement was recorded that settles what the files do not show."
    number = count_of(count, "statements in study.toml")
    return f"Recorded statements, each with its author and date, settle what the files do not show: {number} in all."


def _methodology(material: StudyMaterial) -> Methodology:
    study = material.study
    times = [s.input_id for s in material.sources if s.role == "time"]
    reviewer = study.study.reviewed_by
    return Methodology(
        subjects=count_of(len({p.subject for p in material.parts}), "subjects of the ledger"),
        statements=_statements(len(study.statements)),
        reviewed=f"The reviewer is {reviewer}." if reviewer else "No reviewer is named yet.",
        time_records=f"Time records: {', '.join(times)}." if times else _NO_TIME,
        rules=rules_applied(material.parts),
    )
