"""The Word study: a template filled with what one run found, checked, and made the same every time.

Imports docxtpl, jinja2 and lxml; loaded late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.assets import asset
from rdcredit.errors import Problem, Refused
from rdcredit.render.docx_inspection import inspect_template
from rdcredit.render.docx_package import set_properties
from rdcredit.render.narrative_checks import check_study, numbers_not_produced
from rdcredit.render.narrative_context import study_context
from rdcredit.render.templating import render_docx

if TYPE_CHECKING:
    from pathlib import Path

    from rdcredit.render.material import StudyMaterial

TEMPLATE = "study.docx"


def write_study(material: StudyMaterial, path: Path, overrides: Path | None = None) -> tuple[Problem, ...]:
    """Write the study to ``path``; the same material and template always give the same bytes.

    ``overrides`` is the study's own ``templates`` folder, whose ``study.docx`` replaces the shipped
    template. Returned are numbers the template prints of its own (E691): they are for the reviewer
    of a draft, and refused in a final study.

    Raises:
        Refused: the template is unsafe, unreadable, of another version or incomplete (E685, E689,
            E690, E692, E694, E709), or a final study prints a number the run did not produce.
    """
    template, place = template_for(overrides)
    inspect_template(template, place)
    context = study_context(material)
    printed = render_docx(template, place, context.names(), path)
    missing = check_study(path, place, context)
    foreign = numbers_not_produced(path, place, printed)
    final = material.study.study.status == "final"
    if missing or (foreign and final):
        path.unlink()
        raise Refused([*missing, *(foreign if final else ())])
    title = f"{context.status.document}, {context.cover.taxpayer}, {context.cover.year}"
    set_properties(path, title, context.status.label, material.study.study.dated)
    return tuple(foreign)


def template_for(overrides: Path | None) -> tuple[Path, str]:
    """The template to use and its name in messages: the study's own, else the shipped one.

    Raises:
        Refused: the study's own is a link or no regular file (E694).
    """
    own = overrides / TEMPLATE if overrides is not None else None
    if own is None or not (own.is_symlink() or own.exists()):
        return asset("templates", TEMPLATE), f"shipped template {TEMPLATE}"
    if own.is_symlink() or own.parent.is_symlink() or not own.is_file():
        raise Refused(
            [
                Problem(
                    "E694", f"templates/{TEMPLATE}", "the template is a link or not a regular file",
                    "a template is read from the study's own folder only.",
                    "copy the file itself into the folder templates of the study.",
                )
            ]
        )  # fmt: skip
    return own, f"templates/{TEMPLATE}"
