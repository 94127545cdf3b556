"""Control totals of people's tables: what another document states against what was read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdcredit.ingest.records import PeopleInputs
    from rdcredit.source import RowRef
    from rdcredit.study.config import InputSettings, Study


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One tie-out: ``difference`` is what was read less what ``source`` states, and should be zero."""

    label: str
    stated: Decimal
    read: Decimal
    source: str

    @property
    def difference(self) -> Decimal:
        """What was read less what is stated."""
        return self.read - self.stated


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount read: the row it stands in and its month (``YYYY-MM``, empty where unknown)."""

    ref: RowRef
    month: str
    amount: Decimal


def control_totals(role: str, entries: Sequence[Entry], study: Study) -> tuple[Reconciliation, ...]:
    """Every control total of the study's inputs of one role against the entries of its files.

    All rows of the files count, also those of other years: the control speaks of the document.
    """
    return tuple(
        Reconciliation(
            label=f"{setting.path}, {control.month}" if control.month else setting.path,
            stated=control.amount,
            read=_total(e for e in entries if _belongs(e, setting) and control.month in (None, e.month)),
            source=control.source,
        )
        for setting in study.inputs
        if setting.role == role
        for control in setting.control
    )


def _total(entries: Iterable[Entry]) -> Decimal:
    return sum((e.amount for e in entries), Decimal(0))


def _belongs(entry: Entry, setting: InputSettings) -> bool:
    stated = setting.path.strip("/").removeprefix("./")
    return entry.ref.file.path == stated or entry.ref.file.path.startswith(f"{stated}/")


def input_names(inputs: PeopleInputs) -> Mapping[str, str]:
    """The input id of every file read, by path."""
    return {count.file.path: input_id for input_id, count in inputs.files}
