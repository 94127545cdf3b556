"""What is looked at in a Word template before anything opens it. Imports lxml; loaded late."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused
from rdcredit.render.docx_package import BrokenPackage, Package, W, paragraphs, read_package
from rdcredit.render.templating import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

TEMPLATE_VERSION = 1
"""Raised when names are added or renamed, so that a template says which names it may use."""
_VERSION = re.compile(r"\{#p?\s*rdcredit study template,? version (\d{1,6})\s*#\}")
_RENDERED = ("document.main", "header", "footer", "footnotes")
_BALANCED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TORN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\{\s+[{%#]|[}%#]\s+\}")
_RAW_OUTPUT = re.compile(r"\{\{(?:r|p|tr|tc)\s")
_FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "PAGEREF", "REF", "NOTEREF", "STYLEREF", "SEQ"}
)
"""Fields that count or repeat what stands in the document; every other field fetches, computes or runs."""
_FORBIDDEN_PARTS = re.compile(
    r"vbaproject|vbadata|(^|/)embeddings/|activex|oleobject|\.bin$|(^|/)afchunk", re.IGNORECASE
)
_FORBIDDEN_TYPES = re.compile(
    r"macroenabled|vbaproject|vbadata|oleobject|activex|webextension|attachedtoolbars|keymapcustomizations",
    re.IGNORECASE,
)
_FORBIDDEN_RELATIONSHIPS = {
    "attachedTemplate": "an attached template",
    "oleObject": "an embedded object",
    "package": "an embedded file",
    "aFChunk": "an imported document",
    "control": "a control",
    "subDocument": "a subdocument",
    "frame": "a frame",
    "mailMergeSource": "a mail merge",
    "mailMergeHeaderSource": "a mail merge",
    "vbaProject": "a macro",
}
_FORBIDDEN_ELEMENTS = {
    "object": "an embedded object",
    "OLEObject": "an embedded object",
    "altChunk": "an imported document",
    "control": "a control",
    "subDoc": "a subdocument",
    "mailMerge": "a mail merge",
}
_REVISIONS = frozenset({"ins", "del", "moveFrom", "moveTo", "comment"})
_CUT = 120


def inspect_template(path: Path, place: str) -> None:
    """Look through a template's package; every problem at once.

    Raises:
        Refused: it holds objects, macros, links or fields that fetch or run (E685), placeholders that
            are cut (E690), or no version line this release knows (E709).
    """
    try:
        package = read_package(path)
    except BrokenPackage as error:
        raise Refused([_unsafe(place, f"cannot be opened: {error}")]) from None
    problems = [*_active_content(package, place), *_torn_placeholders(package, place)]
    problems += _version_problem(package, place)
    if problems:
        raise Refused(problems)


def _unsafe(place: str, what: str) -> Problem:
    return Problem(
        "E685", place, f"the template {what}",
        "a study's document must fetch nothing, run nothing and embed nothing.",
        "remove it in Word and save as .docx, or start again from the template that comes with the program.",
    )  # fmt: skip


# -- what could run or fetch ----------------------------------------------------------------------


def _active_content(package: Package, place: str) -> Iterator[Problem]:
    found: dict[str, None] = {}
    for name, kind in package.content_types.items():
        if _FORBIDDEN_PARTS.search(name) or _FORBIDDEN_TYPES.search(kind):
            found[f"holds a macro or an embedded object ({name})"] = None
    for r in package.relationships():
        if r.external:
            found[f"points outside itself ({r.kind}: {visible(r.target[:_CUT])})"] = None
        elif r.kind in _FORBIDDEN_RELATIONSHIPS:
            found[f"holds {_FORBIDDEN_RELATIONSHIPS[r.kind]}"] = None
    for root in package.roots.values():
        for element in root.iter(*(f"{{*}}{name}" for name in _FORBIDDEN_ELEMENTS)):
            found[f"holds {_FORBIDDEN_ELEMENTS[str(element.tag).rpartition('}')[2]]}"] = None
        for instruction in _field_instructions(root):
            word = instruction.split()[0] if instruction.split() else "(empty)"
            if word.upper() not in _FIELDS or "{" in instruction:
                found[f"holds the field {visible(word[:_CUT])}"] = None
    return (_unsafe(place, what) for what in found)


def _field_instructions(root: etree._Element) -> Iterator[str]:
    """The instruction of every field, however it is spread over runs."""
    for field in root.iter(f"{{{W}}}fldSimple"):
        yield field.get(f"{{{W}}}instr", "")
    open_fields: list[list[str]] = []
    for element in root.iter(f"{{{W}}}fldChar", f"{{{W}}}instrText", f"{{{W}}}delInstrText"):
        kind = element.get(f"{{{W}}}fldCharType")
        if kind == "begin":
            open_fields.append([])
        elif kind == "end":
            if open_fields:
                yield "".join(open_fields.pop())
        elif kind is None and open_fields:
            open_fields[-1].append(element.text or "")
        elif kind is None:
            yield element.text or ""
    for left in open_fields:
        yield "".join(left)


# -- placeholders ---------------------------------------------------------------------------------


def _torn_placeholders(package: Package, place: str) -> Iterator[Problem]:
    rendered = dict(package.word_parts(*_RENDERED))
    for name, root in package.roots.items():
        part = name.rpartition("/")[2].removesuffix(".xml").replace("document", "body")
        if any(str(e.tag).removeprefix(f"{{{W}}}") in _REVISIONS for e in root.iter(f"{{{W}}}*")):
            yield _torn(place, part, "the template holds tracked changes or comments", "accept or reject every change.")
        for text in paragraphs(root):
            shown = visible(text if len(text) <= _CUT else f"{text[:_CUT]}...")
            if name not in rendered and _BALANCED.search(text):
                what = f'a placeholder stands where none is filled in: "{shown}"'
                yield _torn(place, part, what, "move it into the body, a header, a footer or a footnote.")
            elif _TORN.search(_BALANCED.sub("", text)):
                what = f'a placeholder is cut or not closed in "{shown}"'
                yield _torn(place, part, what, "type it again in one go, both braces in the same paragraph.")
            elif _RAW_OUTPUT.search(text):
                what = f'a placeholder would put markup into the document in "{shown}"'
                yield _torn(place, part, what, "write it as {{ name }}.")


def _torn(place: str, part: str, what: str, fix: str) -> Problem:
    why = "what is not read as a placeholder would stand in the study as it is, or swallow what follows it."
    return Problem("E690", f"{place}, {part}", what, why, fix)


def _version_problem(package: Package, place: str) -> list[Problem]:
    found = [
        m for _, root in package.word_parts("document.main") for t in paragraphs(root) if (m := _VERSION.search(t))
    ]
    if found and int(found[0][1]) <= TEMPLATE_VERSION:
        return []
    what = f"the template is of version {int(found[0][1])}" if found else "the template does not say its version"
    return [
        Problem(
            "E709", place, f"{what}; this release knows templates up to version {TEMPLATE_VERSION}",
            "a template of another version may name values this release does not have.",
            f"put {{#p rdcredit study template, version {TEMPLATE_VERSION} #}} into its first paragraph once it agrees "
            "with the template that comes with this release.",
        )
    ]  # fmt: skip
