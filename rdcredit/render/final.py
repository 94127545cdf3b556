"""What keeps a study from being final."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.errors import Problem, shown
from rdcredit.figure.value import Known, Missing
from rdcredit.ingest.wording import count_of
from rdcredit.ledger.records import BucketKind, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdcredit.figure.evaluate import AnyValue
    from rdcredit.ingest.records import HeldRow
    from rdcredit.render.material import StudyMaterial


def final_problems(material: StudyMaterial, unread: Sequence[HeldRow] = ()) -> tuple[Problem, ...]:
    """What keeps a study from being final: open dollars, missing form lines, a form not yet issued.

    ``unread`` are rows whose amount could not be read, so that nobody knows what they are worth.
    """
    found = []

    def add(what: str, why: str, fix: str) -> None:
        found.append(Problem("E507", "study.toml", what, why, fix))

    open_parts = [p for p in material.parts if p.determination.bucket.kind == BucketKind.HELD and p.amount]
    if open_parts:
        questions = sorted({p.determination.bucket.name for p in open_parts})
        add(
            f"dollars are held by {count_of(len(questions), 'question')}, such as {shown(questions[0])}",
            "Whoever signs a final study answers for every dollar in it.",
            'Answer the questions under [[statements]], or set status = "draft".',
        )
    if unread:
        add(
            f"{count_of(len(unread), 'row')} of {unread[0].file.path} or other inputs could not be read",
            "Nobody knows how many dollars they hold.",
            'Correct the rows in the source, or set status = "draft".',
        )
    unanswered = sorted(
        {
            q
            for p in material.parts
            if p.determination.counts_in is View.SUPPORTED and p.amount
            for q in p.determination.questions
        }
    )
    unanswered += [f.title for f in material.findings if f.blocks_final]
    if unanswered:
        add(
            f"{count_of(len(unanswered), 'point')} must be answered first, such as {shown(unanswered[0])}",
            "Qualified dollars rest on what nobody has stated.",
            'State the facts in study.toml, or set status = "draft".',
        )
    assumed = [
        line.line
        for line in material.form.lines
        if line.figure is not None and _is_assumed(material.figures.seen(line.figure, material.view))
    ]
    if assumed:
        add(
            f"lines {', '.join(assumed)} of Form 6765 rest on an assumption",
            "A filed line rests on a fact that somebody states.",
            'State the amounts under [other] of study.toml, or set status = "draft".',
        )
    missing = [
        line.line
        for line in material.form.lines
        if line.figure is not None and isinstance(material.figures.seen(line.figure, material.view), Missing)
    ]
    if missing:
        add(
            f"lines {', '.join(missing)} of Form 6765 are missing",
            "A line that is not known cannot be filed.",
            'State the facts named in the trace of these lines, or set status = "draft".',
        )
    if material.form.banner:
        add(material.form.banner.rstrip("."), "Line numbers may change.", 'Set status = "draft" until the form is out.')
    return tuple(found)


def _is_assumed(value: AnyValue) -> bool:
    return isinstance(value, Known) and bool(value.assumed)
