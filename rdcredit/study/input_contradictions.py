"""Contradictions in ``[[inputs]]``: files given twice, months outside the study, keys that mean nothing there."""

from __future__ import annotations

from itertools import combinations
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rdcredit.errors import shown
from rdcredit.study.faults import Fault
from rdcredit.study.names import nearest
from rdcredit.study.paths import RESERVED, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdcredit.study.config import InputSettings
    from rdcredit.study.positions import Path
    from rdcredit.study.stated import Stated

_TWICE = "A file that is read twice would count its dollars twice."
_FIRST_MONTH, _LAST_MONTH = 1, 12


def _folders(stated: Stated) -> Iterator[Fault]:
    """No input lies where the program writes."""
    for i, source in enumerate(stated.inputs or ()):
        parts = PurePosixPath(source.path).parts
        if parts and fault_of(source.path) is None and parts[0] in RESERVED:
            yield Fault(
                "E505", ("inputs", i, "path"), f"{shown(source.path)} lies in {parts[0]}, which is not for inputs",
                "The program writes and replaces that folder itself.",
                "Move the file into the folder inputs and write its new path.",
            )  # fmt: skip


def _twice(stated: Stated) -> Iterator[Fault]:
    """No file is read by two inputs, unless each reads another sheet of it."""
    readable = [(i, source) for i, source in enumerate(stated.inputs or ()) if fault_of(source.path) is None]
    for (i, one), (j, other) in combinations(readable, 2):
        first, second = PurePosixPath(one.path), PurePosixPath(other.path)
        at: Path = ("inputs", j, "path")
        if first == second:
            if not (one.sheet and other.sheet and one.sheet != other.sheet):
                yield Fault(
                    "E505", at, f"{shown(other.path)} is also the path of input {i + 1}", _TWICE,
                    "Remove one of the two blocks; for two sheets of one workbook give each block its sheet.",
                )  # fmt: skip
        elif second in first.parents or first in second.parents:
            yield Fault(
                "E505", at, f"{shown(other.path)} and {shown(one.path)} (input {i + 1}) lie one inside the other",
                _TWICE, "Keep each input's files in a folder of its own.",
            )  # fmt: skip
    seen: dict[str, int] = {}
    for j, source in enumerate(stated.inputs or ()):
        i = seen.setdefault((source.id or "").casefold(), j)
        if source.id and i != j:
            yield Fault(
                "E505", ("inputs", j, "id"), f"{shown(source.id)} is already the id of input {i + 1}",
                "Rows are traced by the id of their input.", "Give each input an id of its own.",
            )  # fmt: skip


def _only_for_bills(stated: Stated) -> Iterator[Fault]:
    """Payment months, tenancy and the choice of a cost column are said of bills."""
    for i, source in enumerate(stated.inputs or ()):
        if source.role == "bill":
            continue
        said: list[tuple[Path, str]] = []
        if source.payments:
            said.append((("inputs", i, "payments"), "payments"))
        if source.tenancy:
            said.append((("inputs", i, "tenancy"), "tenancy"))
        said += [
            (("inputs", i, "control", j, "column"), f'column = "{control.column}"')
            for j, control in enumerate(source.control)
            if control.column != "amount"
        ]
        for at, key in said:
            yield Fault(
                "E505", at, f"{key} is stated for an input of role {source.role}",
                "It is read for bills only, so nothing would follow from it.", f"Remove {key}, or correct the role.",
            )  # fmt: skip


def _payments(stated: Stated) -> Iterator[Fault]:
    """Payment dates decide for a cash taxpayer, once for each month."""
    accrual = stated.taxpayer is not None and stated.taxpayer.accounting_method == "accrual"
    for i, source in enumerate(stated.inputs or ()):
        if source.payments and accrual and source.role == "bill":
            yield Fault(
                "E505", ("inputs", i, "payments"), 'payments are given, but accounting_method is "accrual"',
                "Under the accrual method the date of payment does not decide the year, so one of the two is wrong.",
                'Remove payments, or write accounting_method = "cash".',
            )  # fmt: skip
        yield from _months_once(i, "payments", [(p.month, "") for p in source.payments])
        yield from _months_once(i, "control", [(c.month, c.column) for c in source.control if c.month])


def _months_once(i: int, key: str, months: list[tuple[str | None, str]]) -> Iterator[Fault]:
    for month, column in sorted({m for m in months if months.count(m) > 1}, key=str):
        named = f", column {column}," if column else ""
        yield Fault(
            "E505", ("inputs", i, key), f"month {month}{named} is listed more than once",
            "Each is compared with, or applied to, the whole month.",
            "Keep one entry for the month; add up the invoices of one month.",
        )  # fmt: skip


def _months_in_study(stated: Stated) -> Iterator[Fault]:
    """Months lie in a taxable year of the study, or next to one: bills are issued and paid a little later."""
    years = stated.tax_years
    if not years:
        return
    first, last = _month_before(min(y.begin for y in years).strftime("%Y-%m")), _month_after(
        max(y.end for y in years).strftime("%Y-%m")
    )  # fmt: skip
    for i, source in enumerate(stated.inputs or ()):
        for at, month in _stated_months(i, source):
            if not first <= month <= last:
                yield Fault(
                    "E505", at, f"month {month} is outside the taxable years, which reach from {first} to {last} "
                    "with the month before and after",
                    "Nothing in the study could be compared with it.",
                    "Correct the month, or add the taxable year under [[tax_years]].",
                )  # fmt: skip


def _stated_months(i: int, source: InputSettings) -> Iterator[tuple[Path, str]]:
    for j, control in enumerate(source.control):
        if control.month:
            yield ("inputs", i, "control", j, "month"), control.month
    for j, payment in enumerate(source.payments):
        yield ("inputs", i, "payments", j, "month"), payment.month


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year:04}-{number - 1:02}" if number > _FIRST_MONTH else f"{year - 1:04}-{_LAST_MONTH:02}"


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year:04}-{number + 1:02}" if number < _LAST_MONTH else f"{year + 1:04}-{_FIRST_MONTH:02}"


def _identical_rows(stated: Stated) -> Iterator[Fault]:
    """A statement about identical rows names an input that exists."""
    if stated.inputs is None:
        return
    known = {name for source in stated.inputs for name in (source.id or source.path, source.path)}
    for i, accepted in enumerate(stated.identical_rows or ()):
        if accepted.input not in known:
            near = nearest(accepted.input, known)
            yield Fault(
                "E505", ("identical_rows", i, "input"), f"no input is called {shown(accepted.input)}",
                "The statement would apply to nothing.",
                f"Write {shown(near)}." if near else "Write the id or the path of an input.",
            )  # fmt: skip


INPUT_CHECKS: tuple[Callable[[Stated], Iterator[Fault]], ...] = (
    _folders,
    _twice,
    _only_for_bills,
    _payments,
    _months_in_study,
    _identical_rows,
)
