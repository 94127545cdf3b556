"""Sums over parts by bucket, and the finding about dollars that rest on open questions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.determine.reasons import could_count, counts_in
from rdcredit.ledger.findings import Finding
from rdcredit.ledger.records import BucketKind, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.ledger.records import Part


@dataclass(frozen=True, slots=True)
class Totals:
    """What was read and where it ended; ``could_qualify`` is the part of ``held`` in the *potential* view."""

    read: Decimal
    qualified: Decimal
    held: Decimal
    could_qualify: Decimal
    excluded: Decimal

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Totals:
        """The totals of some parts of one currency."""
        held = [p for p in parts if p.determination.bucket.kind == BucketKind.HELD]
        return cls(
            read=total(parts),
            qualified=total(p for p in parts if p.determination.bucket.kind == BucketKind.QUALIFIED),
            held=total(held),
            could_qualify=total(p for p in held if could_count(p.determination)),
            excluded=total(p for p in parts if p.determination.bucket.kind == BucketKind.EXCLUDED),
        )


def total(parts: Iterable[Part]) -> Decimal:
    """The dollars of some parts."""
    return sum((p.amount for p in parts), Decimal(0))


def open_questions(parts: Iterable[Part], code: str, what: str) -> tuple[Finding, ...]:
    """Dollars that are qualified although a question about their component is open, if there are any."""
    resting = [p for p in parts if counts_in(p.determination, View.SUPPORTED) and p.determination.questions]
    if not resting:
        return ()
    questions = dict.fromkeys(q for p in resting for q in p.determination.questions)
    return (
        Finding(
            code=code,
            title=f"Qualified {what} that rest on an unanswered question",
            why=f"Still open: {'; '.join(questions)}.",
            dollars=total(resting),
            subjects=tuple(dict.fromkeys(f"component:{p.determination.component}" for p in resting)),
            blocks_final=True,
        ),
    )
