# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""WordprocessingML in small pieces: paragraphs, tables, and the parts every document needs.

Only the standard library, and parts stored without compression, so that the template comes out byte
for byte the same wherever it is built.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXT_WIDTH = 9360
"""Twentieths of a point between the margins of a letter page."""
INK, QUIET, TITLE, LINE, HEAD = "1F2933", "6B7785", "14304F", "C9D2DC", "E6EDF5"
_BOLD = re.compile(r"(\*\*.+?\*\*)")


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def runs(text: str, properties: str = "") -> str:
    """Text with ``**bold**`` stretches as runs."""
    pieces = (piece for piece in _BOLD.split(text) if piece)
    return "".join(
        run(piece[2:-2], f"<w:b/>{properties}") if _BOLD.fullmatch(piece) else run(piece, properties)
        for piece in pieces
    )


def paragraph(text: str, style: str = "", properties: str = "", look: str = "") -> str:
    """A paragraph in a style; ``properties`` are its own, ``look`` those of its runs."""
    named = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    inside = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{inside}{runs(text, look)}</w:p>"


def control(statement: str) -> str:
    """A paragraph that repeats or chooses what follows, and leaves no trace itself."""
    return f'<w:p><w:r><w:t xml:space="preserve">{{%p {escape(statement)} %}}</w:t></w:r></w:p>'


def when(condition: str, *inside: str) -> str:
    """Paragraphs and tables that stand there only if the condition holds."""
    return control(f"if {condition}") + "".join(inside) + control("endif")


def either(condition: str, yes: str, no: str) -> str:
    """One of two pieces."""
    return control(f"if {condition}") + yes + control("else") + no + control("endif")


def each(name: str, values: str, *inside: str) -> str:
    """Paragraphs and tables repeated for each value."""
    return control(f"for {name} in {values}") + "".join(inside) + control("endfor")


def bullets(name: str, values: str, text: str, style: str = "ListBullet") -> str:
    """A list item for each value."""
    return each(name, values, paragraph(text, style))


def bookmarked(text: str, style: str, anchor: str, mark: str) -> str:
    """A heading that links can point to."""
    return (
        f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/></w:pPr>"
        f"<w:bookmarkStart w:id={quoteattr(mark)} w:name={quoteattr(anchor)}/>{runs(text)}"
        f"<w:bookmarkEnd w:id={quoteattr(mark)}/></w:p>"
    )


def field(instruction: str, shown: str = "1", properties: str = "") -> str:
    """A field that counts pages, with what it shows until it is counted."""
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return (
        f'<w:r>{inside}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{inside}<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r>{inside}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run(shown, properties)}"
        f'<w:r>{inside}<w:fldChar w:fldCharType="end"/></w:r>'
    )


# -- tables ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in twentieths of a point, what a row puts into it."""

    heading: str
    width: int
    cell: str
    number: bool = False


def _cell(content: str, width: int, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def _cell_text(text: str, column: Column, style: str = "") -> str:
    """A cell's paragraphs, one a line; a line that starts with ``~`` is printed quietly."""
    kind = style or ("TableNumber" if column.number else "TableText")
    lines = text.split("\n")
    return "".join(paragraph(line.removeprefix("~"), "TableQuiet" if line.startswith("~") else kind) for line in lines)


def _row(cells: Iterable[str], properties: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _control_row(statement: str, columns: int) -> str:
    text = f'<w:p><w:r><w:t xml:space="preserve">{{%tr {escape(statement)} %}}</w:t></w:r></w:p>'
    return f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>{text}</w:tc></w:tr>'


def _framed(columns: Sequence[Column], rows: str) -> str:
    width = sum(c.width for c in columns)
    grid = "".join(f'<w:gridCol w:w="{c.width}"/>' for c in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="StudyTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
        f"{paragraph('', 'AfterTable')}"
    )


def table(
    columns: Sequence[Column], values: str, *, name: str = "row", total: Sequence[str] = (), totals: str = ""
) -> str:
    """A table with a row for each value, its heading repeated on every page.

    ``total`` is one closing row; ``totals`` names values that each give one, in the same columns.
    """
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{HEAD}"/><w:vAlign w:val="bottom"/>'
    head = _row(
        (_cell(paragraph(c.heading, "TableHeadNumber" if c.number else "TableHead"), c.width, shade) for c in columns),
        "<w:tblHeader/>",
    )
    body = _repeated(columns, values, name)
    closing = _closing(columns, total) if total else ""
    if totals:
        closing = (
            _control_row(f"for {name} in {totals}", len(columns))
            + _closing(columns, [c.cell for c in columns])
            + _control_row("endfor", len(columns))
        )
    return _framed(columns, head + body + closing)


def _repeated(columns: Sequence[Column], values: str, name: str) -> str:
    row = _row(_cell(_cell_text(c.cell, c), c.width) for c in columns)
    return _control_row(f"for {name} in {values}", len(columns)) + row + _control_row("endfor", len(columns))


def _closing(columns: Sequence[Column], texts: Sequence[str]) -> str:
    edge = f'<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{TITLE}"/></w:tcBorders>'
    return _row(
        _cell(_cell_text(f"**{text}**" if text else "", c), c.width, edge)
        for c, text in zip(columns, texts, strict=True)
    )


def facts(values: str, label: str = "{{ fact.label }}", text: str = "{{ fact.text }}", width: int = 2700) -> str:
    """A two-column table of headings and what is known under them."""
    columns = (Column("", width, label), Column("", TEXT_WIDTH - width, text))
    row = _row((
        _cell(paragraph(label, "TableLabel"), width), _cell(paragraph(text, "TableText"), TEXT_WIDTH - width),
    ))  # fmt: skip
    loop = _control_row(f"for fact in {values}", len(columns)) + row + _control_row("endfor", len(columns))
    return _framed(columns, loop)


def plain_facts(pairs: Sequence[tuple[str, str]], width: int = 2700) -> str:
    """The same with the headings given here."""
    columns = (Column("", width, ""), Column("", TEXT_WIDTH - width, ""))
    rows = "".join(
        _row((
            _cell(paragraph(label, "TableLabel"), width), _cell(paragraph(text, "TableText"), TEXT_WIDTH - width),
        ))
        for label, text in pairs
    )  # fmt: skip
    return _framed(columns, rows)


def write_package(path: Path, parts: Mapping[str, str]) -> None:
    """Write the parts as a package, in the order given, without compression and with fixed times."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            package.writestr(info, text.encode())
