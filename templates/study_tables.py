# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""Pieces several chapters of the Word study use: headings that links point to, tables by view."""

from __future__ import annotations

from study_texts import APPENDICES, CHAPTERS
from word_parts import Column, bookmarked, either, paragraph, table

_NEW_PAGE = frozenset(
    {
        "summary",
        "scope",
        "taxpayer",
        "law",
        "reconciliation",
        "components",
        "qre",
        "computation",
        "findings",
        "signatures",
    }
)


def heading(key: str) -> str:
    """The heading of a chapter; some begin a page."""
    place = list(CHAPTERS).index(key) + 1
    style = "Heading1" if key in _NEW_PAGE else "Heading1Next"
    return bookmarked(CHAPTERS[key], style, f"chapter_{key}", str(place))


def appendix(key: str, style: str = "AppendixNext") -> str:
    """The heading of an appendix."""
    place = list(APPENDICES).index(key) + 1
    return bookmarked(APPENDICES[key], style, f"appendix_{key}", str(100 + place))


def none_or(values: str, content: str, nothing: str) -> str:
    """The content where there are values, else a quiet line."""
    return either(values, content, paragraph(nothing, "Quiet"))


def view_columns(first: str) -> tuple[Column, ...]:
    """A label and the three views."""
    return (
        Column(first, 4260, "{{ row.label }}"),
        Column("Supported", 1700, "{{ row.supported }}", number=True),
        Column("Expected", 1700, "{{ row.expected }}", number=True),
        Column("Potential", 1700, "{{ row.potential }}", number=True),
    )


def by_view(first: str, values: str, total: str) -> str:
    """QREs by category: three views where they differ, else one."""
    totals = tuple(f"{{{{ {total}.{field} }}}}" for field in ("label", "supported", "expected", "potential"))
    three = table(view_columns(first), values, total=totals)
    one = table(
        (Column(first, 6660, "{{ row.label }}"), Column("US dollars", 2700, "{{ row.shown }}", number=True)),
        values,
        total=(*totals[:1], f"{{{{ {total}.shown }}}}"),
    )
    return either("summary.views_differ", three, one)


def question_table(values: str, total: tuple[str, ...] = ()) -> str:
    """Dollars by question or reason."""
    return table(
        (
            Column("Question", 4060, "{{ row.name }}"),
            Column("Category", 2000, "{{ row.category }}"),
            Column("Subjects", 900, "{{ row.subjects }}", number=True),
            Column("Could count", 1100, "{{ row.effect }}"),
            Column("US dollars", 1300, "{{ row.amount }}", number=True),
        ),
        values,
        total=total,
    )
