# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""The Word study chapter by chapter; this half from the business components on."""

from __future__ import annotations

import study_front as front
from study_tables import appendix, by_view, heading, none_or, question_table
from study_texts import COMMANDS_NOTE, COMPONENTS_NOTE, COMPUTATION_NOTE, FINDINGS_NOTE
from word_parts import Column, bookmarked, bullets, each, either, facts, paragraph, plain_facts, table, when


def chapters() -> str:
    """The whole body."""
    found = (
        front.cover(), front.contents(), front.summary(), front.scope(), front.taxpayer(), front.law(), front.method(),
        front.reconciliation(), _components(), _qre(), _computation(), _form(), _findings(), _buckets(),
        _signatures(), _appendices(),
    )  # fmt: skip
    return "".join(found)


# -- components -----------------------------------------------------------------------------------


def _components() -> str:
    subjects = (
        Column("Workload, person or contract", 3100, "{{ row.subject }}\n~{{ row.category }}"),
        Column("Outcome and reason", 4760, "**{{ row.outcome }}**\n{{ row.why }}"),
        Column("Dollars", 1500, "{{ row.amount }}", number=True),
    )
    statement = each(
        "s", "c.statements", paragraph("{{ s.label }}", "Heading3"),
        either("s.open", paragraph("{{ s.text }}", "OpenPoint"), paragraph("{{ s.text }}")),
    )  # fmt: skip
    test = "c.substantially_all"
    chapter = "".join((
        bookmarked("{{ c.name }}", "Heading2", "{{ c.anchor }}", "{{ c.mark }}"),
        facts("c.particulars"),
        when("c.open_points", paragraph("Open points of this chapter:"),
             bullets("point", "c.open_points", "{{ point }}")),
        statement,
        paragraph(f"{{{{ {test}.label }}}}", "Heading3"),
        either(f"{test}.open", paragraph(f"{{{{ {test}.text }}}}", "OpenPoint"), paragraph(f"{{{{ {test}.text }}}}")),
        paragraph("Qualified research expenses", "Heading3"),
        by_view("Category", "c.qre", "c.qre_total"),
        paragraph("What was decided", "Heading3"),
        none_or("c.subjects", table(subjects, "c.subjects"), "No dollars were placed in this component."),
        when("c.subjects_left", paragraph("{{ c.subjects_left }}", "Quiet")),
        paragraph("Held and excluded dollars of this component", "Heading3"),
        none_or("c.open_dollars", question_table("c.open_dollars"), "None."),
        paragraph("Findings that concern it", "Heading3"),
        none_or("c.findings", bullets("row", "c.findings", "**{{ row.title }}** ({{ row.amount }}). {{ row.why }}"),
                 "None."),
    ))  # fmt: skip
    return "".join((
        heading("components"),
        paragraph(
            COMPONENTS_NOTE),
        either(
            "components", each("c", "components", chapter), paragraph("No business component is stated.", "OpenPoint")
        ),
    ))  # fmt: skip


# -- categories, computation, form ----------------------------------------------------------------


def _qre() -> str:
    people = (
        Column("Person", 1000, "{{ row.id }}"),
        Column("Name", 2060, "{{ row.name }}"),
        Column("Officer", 800, "{{ row.officer }}"),
        Column("Wages", 1500, "{{ row.wages }}", number=True),
        Column("Qualified services", 1300, "{{ row.share }}", number=True),
        Column("Counted", 1200, "{{ row.counted }}", number=True),
        Column("Qualified wages", 1500, "{{ row.qualified }}", number=True),
    )
    costs = (
        Column("Cost", 4460, "{{ row.description }}"),
        Column("Component", 2000, "{{ row.component }}"),
        Column("Counts in", 1300, "{{ row.view }}"),
        Column("Amount", 1600, "{{ row.amount }}", number=True),
    )
    contracts = (
        Column("Contract", 2560, "{{ row.contract }}"),
        Column("Component", 1700, "{{ row.component }}"),
        Column("Payee", 1000, "{{ row.payee }}"),
        Column("Counts in", 1100, "{{ row.view }}"),
        Column("Amount", 1200, "{{ row.amount }}", number=True),
        Column("Share", 700, "{{ row.percentage }}", number=True),
        Column("QRE", 1100, "{{ row.applicable }}", number=True),
    )

    def category(title: str, total: str, rows: str, content: str, left: str) -> str:
        return "".join((
            paragraph(title, "Heading2"), paragraph(f"{{{{ qre.{total} }}}}"),
            none_or(f"qre.{rows}", content, "No cost of this category counts in any view."),
            when(f"qre.{left}", paragraph(f"{{{{ qre.{left} }}}}", "Quiet")),
        ))  # fmt: skip

    return "".join((
        heading("qre"),
        category("Wages", "wages", "people", table(people, "qre.people"), "people_left"),
        paragraph("{{ qre.officers }}"),
        paragraph("This is the only place of the study where names stand beside pay.", "Quiet"),
        category("Supplies", "supplies", "supply_rows", table(costs, "qre.supply_rows"), "supplies_left"),
        category("Right to use computers", "computers", "computer_rows", table(costs, "qre.computer_rows"),
                 "computers_left"),
        category("Contract research", "contracts", "contract_rows", table(contracts, "qre.contract_rows"),
                 "contracts_left"),
        paragraph("{{ qre.basic }}"),
    ))  # fmt: skip


def _computation() -> str:
    figures = (
        Column("Figure", 2760, "{{ row.label }}"),
        Column("Value", 1400, "{{ row.value }}", number=True),
        Column("How it comes about", 5200, "{{ row.how }}"),
    )
    return "".join((
        heading("computation"),
        paragraph(COMPUTATION_NOTE),
        paragraph("Regular credit", "Heading2"),
        table(figures, "computation.regular"),
        paragraph("Alternative simplified credit", "Heading2"),
        table(figures, "computation.asc"),
        paragraph("Credit claimed", "Heading2"),
        table(figures, "computation.current"),
        paragraph("{{ summary.claimed }} {{ summary.reduced }}"),
    ))  # fmt: skip


def _form() -> str:
    answers = (
        Column("Line", 700, "{{ row.line }}"),
        Column("Question", 5160, "{{ row.label }}"),
        Column("Answer", 1500, "{{ row.value }}", number=True),
        Column("", 2000, "{{ row.note }}"),
    )
    listed = tuple(
        Column(heading, width, f"{{{{ row.{cell} }}}}", number=cell != "component")
        for heading, width, cell in (
            ("Component", 2560, "component"), ("Wages", 1360, "wages"), ("Supplies", 1360, "supplies"),
            ("Computers", 1360, "computer_rental"), ("Contracts", 1360, "contract_research"), ("QREs", 1360, "qre"),
        )
    )  # fmt: skip
    return "".join((
        heading("form"),
        when("cover.banner", paragraph("{{ cover.banner }}", "OpenPoint")),
        paragraph("Elections and other information", "Heading2"),
        table(answers, "form.answers"),
        paragraph("Components listed", "Heading2"),
        paragraph("{{ form.section_g }}"),
        none_or("form.listed", table(listed, "form.listed"), "No component has QREs in the view shown."),
        paragraph("Every line of the form, with the cell its figure stands in, is in the workbook.", "Quiet"),
    ))  # fmt: skip


# -- findings, buckets, signatures, appendices ----------------------------------------------------


def _findings() -> str:
    found = (
        Column("Finding", 7460, "**{{ row.title }}**\n{{ row.why }}\n~{{ row.code }}: {{ row.subjects }}"),
        Column("US dollars", 1900, "{{ row.amount }}", number=True),
    )
    return "".join((
        heading("findings"),
        paragraph(FINDINGS_NOTE),
        none_or("findings", table(found, "findings"), "There are no findings."),
    ))  # fmt: skip


def _buckets() -> str:
    excluded = (
        Column("Reason", 3160, "{{ row.name }}"),
        Column("Authority", 2300, "{{ row.authority }}"),
        Column("Category", 1700, "{{ row.category }}"),
        Column("Subjects", 900, "{{ row.subjects }}", number=True),
        Column("US dollars", 1300, "{{ row.amount }}", number=True),
    )
    records = (
        Column("Record", 3360, "{{ row.place }}"),
        Column("Question", 5100, "{{ row.what }}"),
        Column("Code", 900, "{{ row.code }}"),
    )
    return "".join((
        heading("buckets"),
        paragraph("Excluded, by reason", "Heading2"),
        none_or("excluded", table(excluded, "excluded", total=("Excluded", "", "", "", "{{ excluded_total }}")),
                 "No dollars are excluded."),
        paragraph("Held, by question", "Heading2"),
        paragraph("Held dollars are not claimed. They wait for the answer to the question that names them."),
        none_or("held", question_table("held", ("Held", "", "", "", "{{ held_total }}")), "No dollars are held."),
        when("records", paragraph("Questions about single records", "Heading2"),
             paragraph("Records that cannot be read as they stand; their dollars are among the held."),
             table(records, "records"),
             when("records_left", paragraph("{{ records_left }}", "Quiet"))),
    ))  # fmt: skip


def _signatures() -> str:
    line = "____________________________"
    return "".join((
        heading("signatures"),
        bullets("text", "signature.responsibility", "{{ text }}"),
        paragraph("Signatures", "Heading2"),
        plain_facts((
            ("Firm", "{{ signature.firm }}"),
            ("Prepared by", "{{ signature.prepared_by }}"), ("Signature and date", line),
            ("Reviewed by", "{{ signature.reviewed_by }}"), ("Signature and date", line),
            ("For the taxpayer", line), ("Signature and date", line),
        )),
    ))  # fmt: skip


def _appendices() -> str:
    rules = (
        Column("Rule", 2660, "{{ row.rule }}"),
        Column("Outcome", 1100, "{{ row.outcome }}"),
        Column("Authority", 3000, "{{ row.authority }}"),
        Column("Subjects", 900, "{{ row.subjects }}", number=True),
        Column("US dollars", 1700, "{{ row.amount }}", number=True),
    )
    law = (
        Column("Rate, threshold or date", 5060, "{{ row.label }}"),
        Column("Value", 1300, "{{ row.value }}", number=True),
        Column("Authority", 3000, "{{ row.cite }}"),
    )
    return "".join((
        appendix("glossary", "Appendix"),
        facts("appendix.glossary"),
        appendix("rules"),
        paragraph("Each rule that decided dollars, with the authority it cites."),
        none_or("methodology.rules", table(rules, "methodology.rules"), "No dollars were decided."),
        appendix("rates"),
        table(law, "law.all"),
        appendix("sources"),
        each("source", "scope.sources",
             paragraph("{{ source.id }} ({{ source.format }})", "Heading3"),
             when("source.notes", paragraph("{{ source.notes }}", "Quiet")),
             facts("source.files", width=2900)),
        appendix("commands"),
        paragraph(COMMANDS_NOTE),
        facts("appendix.commands", width=3600),
        appendix("evidence"),
        paragraph("{{ appendix.evidence }}"),
    ))  # fmt: skip
