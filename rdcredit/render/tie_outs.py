"""Sources and tie-outs of a study: what was read, and the totals that must agree."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.cost.basis import amounts_of, column_of
from rdcredit.render.material import SourceRead, TieOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.determine.facts_of_ledger import CostFacts
    from rdcredit.determine.whole import DeterminedStudy, ReadStudy


def sources_read(read: ReadStudy) -> Iterable[SourceRead]:
    """Each input as it was read, the bills first."""
    for bill in read.bills:
        amounts = [a for a in amounts_of(bill.groups, column_of(read.study)) if a is not None]
        currencies = sorted({str(c) for c in bill.groups["currency"]})
        yield SourceRead(
            bill.input_id,
            "bill",
            bill.format,
            tuple(f.file for f in bill.files),
            sum(f.records_read for f in bill.files),
            sum(amounts, Decimal(0)),
            " and ".join(currencies),
            bill.first_day.isoformat() if bill.first_day else "",
            bill.last_day.isoformat() if bill.last_day else "",
            tuple(note for f in bill.files for note in f.notes),
        )
    roles = {s.id or s.path: s.role for s in read.study.inputs}
    people = read.people
    amounts_by_file: dict[str, Decimal] = defaultdict(Decimal)
    for row in people.pay:
        amounts_by_file[row.ref.file.path] += row.taxable
    for payment in people.payments:
        amounts_by_file[payment.ref.file.path] += payment.amount
    for supply in people.supplies:
        amounts_by_file[supply.ref.file.path] += supply.amount
    for input_id, count in people.files:
        yield SourceRead(
            input_id,
            roles.get(input_id, "table"),
            "table",
            (count.file,),
            count.records_read,
            amounts_by_file.get(count.file.path, Decimal(0)),
            "USD" if count.file.path in amounts_by_file else "",
            notes=count.notes,
        )


def tie_outs(determined: DeterminedStudy, costs: Sequence[CostFacts]) -> Iterable[TieOut]:
    """Control totals, dollars read against dollars in buckets, and what rounding left over."""
    for bill in determined.compute:
        for control in bill.controls:
            label = " ".join(word for word in (control.source, control.month, control.column) if word)
            # A bill has digits below the cent, an invoice has not: they tie at the decimals of the invoice.
            read = control.stated if control.agrees else control.read or Decimal(0)
            yield TieOut(label, control.stated, read, control.document)
    reconciled = (
        determined.wages.reconciliation,
        determined.contracts.reconciliation,
        determined.supplies.reconciliation,
    )
    for line in (line for lines in reconciled for line in lines):
        yield TieOut(line.label, line.stated, line.read, line.source)
    read_by_input: dict[str, Decimal] = defaultdict(Decimal)  # an input may be a folder of files
    for source in sources_read(determined.read):
        if source.currency:
            read_by_input[source.input_id] += source.amount
    ended: dict[str, Decimal] = defaultdict(Decimal)
    for part in determined.parts:
        ended[part.source] += part.amount
    for input_id in dict.fromkeys((*read_by_input, *ended)):
        yield TieOut(
            f"{input_id}: dollars in buckets", read_by_input[input_id], ended[input_id], "dollars read from the source"
        )
    for cost in costs:
        for source_id, residue in cost.residue:
            if residue:
                yield TieOut(
                    f"{source_id}: left over by rounding schedule rows to cents", Decimal(0), residue,
                    "enters no figure", must_tie=False,
                )  # fmt: skip
