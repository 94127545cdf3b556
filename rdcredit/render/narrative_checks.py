"""What is checked on the finished Word study: required parts are there, and no number is the template's own.

Imports lxml through the package reader; loaded late.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdcredit.errors import Problem
from rdcredit.render.docx_package import paragraphs, read_package
from rdcredit.render.templating import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdcredit.render.narrative_records import StudyContext

_PRINTED_PARTS = ("document.main", "header", "footer", "footnotes", "endnotes")
_MONEY = re.compile(
    r"(?<![\w.,/])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w|,\d)"  # 1,234 and 1,234.56
    r"|(?<![\w.,/])\d+\.\d{2}(?![\w(]|-\d|[.,]\d)"  # 412.50, but not Reg. 1.41-4
    r"|(?<![\w.,/])\d{5,}(?![\w-]|[.,]\d)"  # 412000
    r"|[$\u20ac\u00a3]\s?\d[\d,]*(?:\.\d+)?"  # $450
    r"|(?<![\w.,/])\d+(?:\.\d+)?\s?(?:%|percent\b|per cent\b)"  # 14%
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CUT = 100


def check_study(path: Path, place: str, context: StudyContext) -> list[Problem]:
    """Required parts that are missing from the document (E692); they are named all at once."""
    package = read_package(path)
    body = _flat(" ".join(t for _, root in package.word_parts("document.main") for t in paragraphs(root)))
    wanted = {
        "the reconciliation (reconciliation.statement)": [context.reconciliation.statement],
        "the limits (scope.limits)": context.scope.limits,
        "the assumptions (scope.assumptions)": context.scope.assumptions,
        "the statement of responsibility (signature.responsibility)": context.signature.responsibility,
        "who prepared and reviewed it (signature.prepared_by, signature.reviewed_by)": [
            context.signature.prepared_by,
            context.signature.reviewed_by,
        ],
        "the digest of the inputs (cover.digest)": [context.cover.digest],
    }
    missing = [what for what, texts in wanted.items() if any(_flat(visible(t)) not in body for t in texts)]
    headers = [_flat(" ".join(paragraphs(root))) for _, root in package.word_parts("header")]
    if not headers or any(context.status.word.casefold() not in h.casefold() for h in headers):
        missing.append("the status in every header (status.word)")
    return [_left_out(place, what) for what in missing]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _left_out(place: str, what: str) -> Problem:
    return Problem(
        "E692", place, f"the template leaves out {what}",
        "a reader of the study has to find it whatever the layout.",
        "put it back as it stands in the template that comes with the program.",
    )  # fmt: skip


def numbers_not_produced(path: Path, place: str, printed: Iterable[str]) -> list[Problem]:
    """Numbers that look like money or a rate and that the run did not put out (E691), each once.

    Every text put out allows the numbers in it once for each time it was put out; what stands in the
    document beyond that was written into the template.
    """
    allowed = Counter(number for text in printed for number in _numbers(text))
    standing: dict[str, list[str]] = {}
    for text in _all_paragraphs(path):
        for match in _MONEY.finditer(text):
            standing.setdefault(_plain(match[0]), []).append(text)
    return [
        _not_produced(place, number, where, allowed[number])
        for number, where in standing.items()
        if len(where) > allowed[number]
    ]


def _all_paragraphs(path: Path) -> Iterator[str]:
    for _, root in read_package(path).word_parts(*_PRINTED_PARTS):
        yield from paragraphs(root)


def _numbers(text: str) -> Iterator[str]:
    return (_plain(m[0]) for m in _NUMBER.finditer(text))


def _plain(token: str) -> str:
    found = _NUMBER.search(token)
    return found[0].replace(",", "") if found else token


def _not_produced(place: str, number: str, where: list[str], times: int) -> Problem:
    text = where[0] if len(where[0]) <= _CUT else f"{where[0][:_CUT]}..."
    often = f"{len(where)} times where the run puts it out {times} times, first" if times else "of its own"
    return Problem(
        "E691", place, f'the template prints {number} {often} in "{visible(text)}"',
        "a number typed into a template stays when the figures change.",
        "write the name of the figure in its place, such as {{ summary.credit.shown }}.",
        held=True,
    )  # fmt: skip
