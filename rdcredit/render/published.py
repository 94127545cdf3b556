"""The published set: workbook, Word study, JSON files and ledger, written into one folder.

Imports the office libraries and pyarrow; loaded late.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rdcredit.ledger.store import write_ledger
from rdcredit.render.credit_tabs import credit_tabs, index_tab
from rdcredit.render.json_files import all_json
from rdcredit.render.narrative import write_study
from rdcredit.render.study_tabs import study_tabs
from rdcredit.render.workbook import Written, write_workbook
from rdcredit.render.writer import Heading

if TYPE_CHECKING:
    from pathlib import Path

    from rdcredit.errors import Problem
    from rdcredit.render.layout import Tab
    from rdcredit.render.material import StudyMaterial

WORKBOOK, STUDY, LEDGER = "workpapers.xlsx", "study.docx", "ledger.parquet"


def heading_of(material: StudyMaterial) -> Heading:
    """The particulars every tab carries."""
    settings, year = material.study.study, material.credit.facts.credit_year
    return Heading(
        taxpayer=material.study.taxpayer.name,
        year=f"{year.begin} to {year.end}",
        status=settings.status,
        dated=settings.dated,
        prepared_by=settings.prepared_by,
        reviewed_by=settings.reviewed_by,
        banner=material.form.banner,
    )


def workbook_tabs(material: StudyMaterial) -> tuple[Tab, ...]:
    """All tabs of a study's workbook, in the order of their letters."""
    source = "study.toml and inputs"
    tabs = (
        *credit_tabs(material.credit, material.form, material.views, material.view, source),
        *study_tabs(material),
    )
    ordered = tuple(sorted(tabs, key=lambda t: t.ref))
    taxpayer = material.study.taxpayer
    particulars = [
        ("Taxpayer", taxpayer.name),
        ("EIN", taxpayer.ein or "(not stated)"),
        ("Entity", taxpayer.entity),
        ("Method of accounting", taxpayer.accounting_method),
        ("Status", material.study.study.status),
        ("Digest of the inputs", material.digest),
    ]
    return (index_tab(ordered, particulars, source), *ordered)


def write_study_workbook(material: StudyMaterial, path: Path) -> Written:
    """The workbook of a study."""
    return write_workbook(workbook_tabs(material), heading_of(material), path, material.figures)


def write_published(material: StudyMaterial, folder: Path, templates: Path | None = None) -> tuple[Problem, ...]:
    """Write the whole set into ``folder``; ``templates`` may hold the study's own.

    Returns what a reader of a draft should know about the template that was used.

    Raises:
        Refused: a template does something it may not, or lacks a required part.
    """
    written = write_study_workbook(material, folder / WORKBOOK)
    for name, content in all_json(material, written.layout):
        write_json(folder / name, content)
    write_ledger(material.parts, folder / LEDGER)
    return write_study(material, folder / STUDY, templates)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """JSON with sorted keys, so that the same content is the same bytes."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
