# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""The first half of the Word study: cover, contents, summary, scope, taxpayer, law, method, reconciliation."""

from __future__ import annotations

from study_tables import by_view, heading, none_or, question_table
from study_texts import APPENDICES, CHAPTERS, LAW, METHOD, TIE_OUT_NOTE, VIEWS_NOTE, YEARS_NOTE
from word_parts import Column, bullets, each, facts, paragraph, plain_facts, table, when


def cover() -> str:
    """The first page."""
    box = '<w:shd w:val="clear" w:color="auto" w:fill="{{ status.tint }}"/>'
    ink = '<w:color w:val="{{ status.colour }}"/>'
    return "".join((
        paragraph("{{ cover.firm }}", "Firm"),
        paragraph("{{ status.document }}", "Title"),
        paragraph("{{ cover.taxpayer }}", "Subtitle"),
        paragraph("Taxable year {{ cover.year }} ({{ cover.period }})", "Subtitle"),
        paragraph("{{ status.label }}. {{ status.note }}", "StatusBox", box, ink),
        plain_facts((
            ("Employer identification number", "{{ cover.ein }}"),
            ("Entity", "{{ cover.entity }}, {{ cover.accounting }}"),
            ("Form", "{{ cover.form }}"),
            ("Dated", "{{ cover.dated }}"),
            ("Prepared by", "{{ cover.prepared_by }}"),
            ("Reviewed by", "{{ cover.reviewed_by }}"),
            ("Release of the program", "{{ cover.release }}"),
            ("Digest of the inputs", "{{ cover.digest }}"),
        )),
        when("cover.banner", paragraph("{{ cover.banner }}", "OpenPoint")),
    ))  # fmt: skip


def contents() -> str:
    """Links to the chapters, components and appendices."""

    def link(text: str, style: str, anchor: str) -> str:
        inside = paragraph(text, style)
        head, _, tail = inside.partition("</w:pPr>")
        runs = tail.removesuffix("</w:p>")
        return f'{head}</w:pPr><w:hyperlink w:anchor="{anchor}" w:history="1">{runs}</w:hyperlink></w:p>'

    lines = []
    for key, title in CHAPTERS.items():
        lines.append(link(title, "Contents1", f"chapter_{key}"))
        if key == "components":
            lines.append(each("c", "components", link("{{ c.name }}", "Contents2", "{{ c.anchor }}")))
    lines += [link(title, "ContentsAppendix", f"appendix_{key}") for key, title in APPENDICES.items()]
    return paragraph("Contents", "ContentsTitle") + "".join(lines)


def summary() -> str:
    """What a reader needs first."""
    methods = (
        Column("Method", 4260, "{{ row.label }}"),
        Column("Not reduced", 1700, "{{ row.gross }}", number=True),
        Column("Reduced, section 280C(c)(2)", 1900, "{{ row.reduced }}", number=True),
        Column("", 1500, "{{ row.claimed }}"),
    )
    return "".join((
        heading("summary"),
        paragraph("{{ summary.headline }}", "Lead"),
        paragraph("Qualified research expenses", "Heading3"),
        by_view("Category", "summary.qre", "summary.qre_total"),
        when("summary.views_differ", paragraph(VIEWS_NOTE, "Quiet")),
        paragraph("Credit under each method", "Heading3"),
        table(methods, "summary.methods"),
        paragraph(
            "{{ summary.claimed }} {{ summary.reduced }} Current year credit: **{{ summary.credit.shown }}**"
            "{% if summary.views_differ %}; in the three views {{ summary.credit.supported }} (supported), "
            "{{ summary.credit.expected }} (expected) and {{ summary.credit.potential }} (potential){% endif %}."),
        when("summary.missing", paragraph("Not known yet", "Heading3"),
             bullets("gap", "summary.missing", "{{ gap }}", "OpenPoint")),
        paragraph("Open questions with the most dollars", "Heading3"),
        none_or("summary.questions", question_table("summary.questions"), "No dollars are held."),
        when("summary.questions_left", paragraph("{{ summary.questions_left }}", "Quiet")),
        paragraph("Findings with the most dollars", "Heading3"),
        none_or("summary.findings", table(
            (Column("Finding", 7260, "{{ row.title }}"), Column("US dollars", 2100, "{{ row.amount }}", number=True)),
            "summary.findings"), "There are no findings."),
        when("summary.findings_left", paragraph("{{ summary.findings_left }}", "Quiet")),
    ))  # fmt: skip


# -- scope, taxpayer, law, method -----------------------------------------------------------------


def scope() -> str:
    """What was received, limits, assumptions."""
    sources = (
        Column("Input", 2300, "{{ row.id }}"),
        Column("Role", 1260, "{{ row.role }}"),
        Column("Days", 2300, "{{ row.period }}"),
        Column("Records", 1300, "{{ row.records }}", number=True),
        Column("Amount", 2200, "{{ row.amount }}", number=True),
    )
    return "".join((
        heading("scope"),
        paragraph("What was received", "Heading2"),
        none_or("scope.sources", table(sources, "scope.sources"), "No input was read."),
        bullets("text", "scope.reliance", "{{ text }}"),
        paragraph("Limits", "Heading2"),
        bullets("text", "scope.limits", "{{ text }}"),
        paragraph("Assumptions", "Heading2"),
        none_or("scope.assumptions", bullets("text", "scope.assumptions", "{{ text }}"),
                 "No figure rests on an assumption."),
    ))  # fmt: skip


def taxpayer() -> str:
    """Particulars and taxable years."""
    years = (
        Column("Year", 900, "{{ row.label }}"),
        Column("Begins", 1200, "{{ row.begins }}"),
        Column("Ends", 1200, "{{ row.ends }}"),
        Column("Kind", 1060, "{{ row.kind }}"),
        Column("Gross receipts, Reg. 1.41-3(c)", 1700, "{{ row.receipts }}", number=True),
        Column("Gross receipts, section 448(c)", 1700, "{{ row.receipts_448c }}", number=True),
        Column("QREs", 1600, "{{ row.qre }}", number=True),
    )
    return "".join((
        heading("taxpayer"),
        facts("taxpayer.facts"),
        paragraph("Taxable years", "Heading2"),
        table(years, "taxpayer.years"),
        paragraph(
            YEARS_NOTE, "Quiet"),
    ))  # fmt: skip


def law() -> str:
    """The rules in short, with the law's numbers by name."""
    return heading("law") + "".join(paragraph(text) for text in LAW)


def method() -> str:
    """How dollars are decided."""
    return "".join(
        (
            heading("method"),
            *(paragraph(text) for text in METHOD),
            paragraph("{{ methodology.time_records }} {{ methodology.reviewed }}"),
        )
    )


def reconciliation() -> str:
    """Every dollar by source, and control totals."""
    ties = tuple(
        Column(heading, width, f"{{{{ row.{cell} }}}}", number=cell != "source")
        for heading, width, cell in (
            ("Source", 2000, "source"), ("Considered", 1480, "considered"), ("Qualified", 1480, "qualified"),
            ("Excluded", 1480, "excluded"), ("Held", 1480, "held"), ("Difference", 1440, "difference"),
        )
    )  # fmt: skip
    controls = (
        Column("Total", 2900, "{{ row.label }}"),
        Column("Stated", 1500, "{{ row.stated }}", number=True),
        Column("Read", 1500, "{{ row.read }}", number=True),
        Column("Difference", 1300, "{{ row.difference }}", number=True),
        Column("Result", 2160, "{{ row.result }}"),
    )
    return "".join((
        heading("reconciliation"),
        paragraph("{{ reconciliation.statement }}", "Lead"),
        table(ties, "reconciliation.rows", totals="reconciliation.totals"),
        when("reconciliation.residue", paragraph("{{ reconciliation.residue }}", "Quiet")),
        paragraph(TIE_OUT_NOTE),
        paragraph("Control totals", "Heading2"),
        none_or("reconciliation.controls", table(controls, "reconciliation.controls"),
                 "No control total was stated."),
        when("reconciliation.controls_left", paragraph("{{ reconciliation.controls_left }}", "Quiet")),
    ))  # fmt: skip
