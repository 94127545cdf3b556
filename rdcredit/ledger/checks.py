"""Named checks on the dollars of a source: conservation at every stage, and control totals.

Conservation: the dollars and rows of a source, by currency and month, are the same after every
stage as they were when read; a difference stops the run before anything is published.
Control totals: sums the taxpayer states from another document, compared on every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from rdcredit.errors import Problem, Refused
from rdcredit.ledger.exact import exact_sum, from_units, units
from rdcredit.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.ingest.records import RolledBill
    from rdcredit.ledger.records import Part
    from rdcredit.study.config import ControlTotal

Stage = Literal["read", "cost", "allocated", "determined"]
_CENTS = 2


@dataclass(frozen=True, slots=True)
class StageTotal:
    """What a source holds of one currency and month after one stage."""

    stage: Stage
    source: str
    currency: str
    period: str
    amount: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One file as it was read: an independent count of its records beside the engine's.

    ``rounding_difference`` is what digits beyond the kept scale were worth: the one amount by
    which the ledger may differ from the text of the file.
    """

    source: str
    file: str
    records_counted: int
    records_read: int
    rounding_difference: Decimal


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control total beside what was read: a row of the reconciliation."""

    source: str
    document: str
    month: str
    column: str
    currency: str
    stated: Decimal
    read: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Read less stated; None where there was nothing to compare."""
        return None if self.read is None else exact_sum((self.read, -self.stated))

    @property
    def agrees(self) -> bool:
        """Whether the sum read is the stated one at the decimals it is stated with, cents at least."""
        exponent = self.stated.as_tuple().exponent
        places = max(_CENTS, -exponent) if isinstance(exponent, int) else _CENTS
        return self.read is not None and rounded(Fraction(self.read), places) == Fraction(self.stated)


def totals(stage: Stage, source: str, rows: Iterable[tuple[str, str, Decimal, int]]) -> tuple[StageTotal, ...]:
    """Exact sums of ``(currency, period, amount, rows)`` by currency and month."""
    sums: dict[tuple[str, str], list[int]] = {}
    for currency, period, amount, count in rows:
        total = sums.setdefault((currency, period), [0, 0])
        total[0] += units(amount)
        total[1] += count
    return tuple(
        StageTotal(stage, source, currency, period, from_units(amount), count)
        for (currency, period), (amount, count) in sorted(sums.items())
    )


def totals_read(bill: RolledBill, column: str) -> tuple[StageTotal, ...]:
    """The bill as its reader handed it on, in the column named; a missing amount adds nothing."""
    frame = bill.groups
    amounts = (a if isinstance(a, Decimal) else Decimal(0) for a in frame[column].tolist())
    texts = (frame[name].astype(str).tolist() for name in ("currency", "period"))
    counts = frame["rows"].astype(int).tolist()
    return totals("read", bill.input_id, zip(*texts, amounts, counts, strict=True))


def totals_determined(parts: Sequence[Part], source: str) -> tuple[StageTotal, ...]:
    """The parts of one source; the rows of a group count once, whatever it was divided into."""
    seen: set[object] = set()
    rows = []
    for part in parts:
        fresh = part.ref not in seen
        seen.add(part.ref)
        rows.append((part.currency, part.period, part.amount, getattr(part.ref, "count", 1) if fresh else 0))
    return totals("determined", source, rows)


def check_conservation(stages: Sequence[Sequence[StageTotal]], files: Sequence[str] = ()) -> None:
    """Compare every stage with the first, to the last decimal.

    Raises:
        Refused: E702 for each month, currency and stage that differs.
    """
    first = {(t.currency, t.period): t for t in stages[0]}
    problems = []
    for stage in stages[1:]:
        here = {(t.currency, t.period): t for t in stage}
        for place in sorted(first.keys() | here.keys()):
            before, after = first.get(place), here.get(place)
            if before is None or after is None or (before.amount, before.rows) != (after.amount, after.rows):
                problems.append(_not_conserved(before, after, files))
    if problems:
        raise Refused(problems)


def _not_conserved(before: StageTotal | None, after: StageTotal | None, files: Sequence[str]) -> Problem:
    some = after or before
    assert some is not None  # noqa: S101 - one of the two exists: their places were joined
    was = f"{before.amount} in {before.rows:,} rows" if before else "nothing"
    became = f"{after.amount} in {after.rows:,} rows" if after else "nothing"
    stage = after.stage if after else "a later stage"
    return Problem(
        "E702",
        ", ".join(files) or some.source,
        f"{some.currency} of {some.period}: {was} when read, {became} after the stage {stage}",
        why="Every dollar must end in exactly one bucket, or no total of the study can be trusted.",
        fix="This is a fault of the program: report it with the line above; no figure was made from it.",
    )


def reading_lines(bill: RolledBill) -> tuple[ReadingLine, ...]:
    """What was read from each file of a bill, for the reconciliation.

    Raises:
        Refused: E702, a file's records were not all read, or the groups and held rows together
            are not the records read.
    """
    lines = tuple(
        ReadingLine(bill.input_id, f.file.path, f.records_counted, f.records_read, f.rounding_difference)
        for f in bill.files
    )
    problems = [
        _records_lost(line.file, line.records_counted, line.records_read, "read")
        for line in lines
        if line.records_counted != line.records_read
    ]
    read = sum(line.records_read for line in lines)
    kept = int(bill.groups["rows"].sum()) + len({(h.file, h.record) for h in bill.held})
    if read != kept:
        problems.append(_records_lost(", ".join(line.file for line in lines), read, kept, "grouped or held"))
    if problems:
        raise Refused(problems)
    return lines


def _records_lost(place: str, counted: int, kept: int, became: str) -> Problem:
    return Problem(
        "E702",
        place,
        f"{counted:,} records were counted and {kept:,} {became}",
        why="A record that is lost on the way takes its dollars with it.",
        fix="This is a fault of the program: report it with the line above; no figure was made from it.",
    )


def control_lines(bill: RolledBill, stated: Sequence[ControlTotal]) -> tuple[ControlLine, ...]:
    """Each control total of a bill beside the sum read.

    A month is a billing month, because control totals come from invoices; ``amount`` means the
    billed column where the export has one, since that is what an invoice shows.
    """
    return tuple(_control_line(bill, control) for control in stated)


def _control_line(bill: RolledBill, control: ControlTotal) -> ControlLine:
    frame = bill.groups
    column = control.column if control.column != "amount" else _invoiced(bill)
    months = [billing or period for billing, period in zip(frame["billing_month"], frame["period"], strict=True)]
    wanted = [control.month is None or month == control.month for month in months]
    amounts = [a for a, here in zip(frame[column].tolist(), wanted, strict=True) if here]
    currencies = {str(c) for c, here in zip(frame["currency"], wanted, strict=True) if here}
    comparable = bool(amounts) and len(currencies) == 1 and all(isinstance(a, Decimal) for a in amounts)
    return ControlLine(
        source=bill.input_id,
        document=control.source,
        month=control.month or "",
        column=column,
        currency=" and ".join(sorted(currencies)),
        stated=control.amount,
        read=exact_sum(amounts) if comparable else None,
    )


def _invoiced(bill: RolledBill) -> str:
    return "billed" if any(isinstance(a, Decimal) for a in bill.groups["billed"].tolist()) else "effective"


def control_problems(lines: Sequence[ControlLine]) -> tuple[Problem, ...]:
    """E703 for each control total that does not agree with what was read."""
    problems = []
    for line in lines:
        if line.agrees:
            continue
        month = f" of {line.month}" if line.month else ""
        read = "no single amount" if line.read is None else f"{line.read:,f}".rstrip("0").rstrip(".")
        problems.append(
            Problem(
                "E703",
                line.source,
                f"{line.document} states {line.stated:,f}{month}, the {line.column} column holds {read}",
                why="A file that is cut, doubled or of another period would change the credit unnoticed.",
                fix="Export the month again, or correct the control total in study.toml.",
            )
        )
    return tuple(problems)
