"""All tables of people, time, contractors, contracts and supplies of a study, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, Refused, shown
from rdcredit.ingest.contractors import (
    CONTRACTS_LAYOUT,
    PAYMENTS_LAYOUT,
    SUPPLIES_LAYOUT,
    currency_problems,
    read_contracts,
    read_payments,
    read_supplies,
)
from rdcredit.ingest.crosscheck import check_contracts, check_listed, check_names, check_time, ids_by_name, name_key
from rdcredit.ingest.payroll import LAYOUT as PAYROLL_LAYOUT
from rdcredit.ingest.payroll import read_pay
from rdcredit.ingest.person import LAYOUT as PEOPLE_LAYOUT
from rdcredit.ingest.person import PERSON, read_persons
from rdcredit.ingest.privacy import LocalIds, are_masked_ssns, are_ssns
from rdcredit.ingest.records import PeopleInputs
from rdcredit.ingest.tablefile import read_file, table_paths
from rdcredit.ingest.tables import read_table
from rdcredit.ingest.timesheets import LAYOUT as TIME_LAYOUT
from rdcredit.ingest.timesheets import WHO, read_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdcredit.ingest.columns import Column
    from rdcredit.ingest.records import PayRow, PersonRow
    from rdcredit.ingest.tables import Layout, Table
    from rdcredit.study.config import InputSettings, Study

LAYOUTS: dict[str, Layout] = {
    "people": PEOPLE_LAYOUT,
    "payroll": PAYROLL_LAYOUT,
    "time": TIME_LAYOUT,
    "contractors": PAYMENTS_LAYOUT,
    "contracts": CONTRACTS_LAYOUT,
    "supplies": SUPPLIES_LAYOUT,
}
"""The layouts of all roles but bills, in the order in which they are read."""

_WHO: dict[str, Column] = {"people": PERSON, "payroll": PERSON, "time": WHO}


@dataclass(slots=True)
class _Loaded:
    """A table of one input; ``table`` is replaced when identifiers are."""

    setting: InputSettings
    table: Table


def read_people(root: Path, study: Study) -> PeopleInputs:
    """Read every input of the study that is not a bill; ``root`` is the study folder.

    Problems that only hold rows are in the result.

    Raises:
        Refused: with all problems of all files.
    """
    problems: list[Problem] = []
    loaded = _load(root, study, problems)
    problems += _protect(loaded)
    inputs = _read(loaded)
    tables = [entry.table for entry in loaded]
    for table in tables:
        table.findings.close()
        problems += table.findings.problems
    if all(p.held for p in problems):
        problems += currency_problems((*inputs.payments, *inputs.supplies), "inputs")
        problems += check_contracts(inputs.contracts)
        problems += check_listed((*inputs.pay, *inputs.time), inputs.people)
        problems += check_names(inputs.pay, inputs.people)
    time_problems, faulty = check_time(inputs.time)
    problems += time_problems
    faulty |= {person for table in tables for person in table.findings.doubtful}
    if not all(p.held for p in problems):
        raise Refused(problems)
    return replace(
        inputs,
        time=tuple(row for row in inputs.time if row.person not in faulty),
        held_time=tuple(row for row in inputs.time if row.person in faulty),
        held=tuple(row for table in tables for row in table.findings.held),
        files=tuple((table.input_id, table.count()) for table in tables),
        problems=tuple(problems),
    )


def _load(root: Path, study: Study, problems: list[Problem]) -> list[_Loaded]:
    """The tables of all inputs in the order of their roles; what cannot be read goes to ``problems``."""
    loaded: list[_Loaded] = []
    given: dict[str, list[tuple[str, str]]] = {}
    accepted = {entry.input for entry in study.identical_rows}
    for setting in (s for role in LAYOUTS for s in study.inputs if s.role == role):
        try:
            paths = table_paths(root, setting.path)
        except Refused as refused:
            problems += refused.problems
            continue
        for path in paths:
            try:
                loaded.append(_Loaded(setting, _load_one(root, path, setting, accepted, given)))
            except Refused as refused:
                problems += refused.problems
    return loaded


def _load_one(
    root: Path, path: str, setting: InputSettings, accepted: set[str], given: dict[str, list[tuple[str, str]]]
) -> Table:
    name = setting.id or setting.path
    file = read_file(root, path)
    earlier = given.setdefault(file.ref.digest, [])
    for other, sheet in earlier:
        if not (other == file.ref.path and setting.sheet and sheet and setting.sheet != sheet):
            raise Refused([_given_twice(file.ref.path, other)])
    earlier.append((file.ref.path, setting.sheet))
    return read_table(
        file, setting, name, LAYOUTS[setting.role], identical=not accepted.isdisjoint((name, setting.path))
    )


def _given_twice(path: str, other: str) -> Problem:
    return Problem(
        "E343",
        path,
        f"the file has the same content as {shown(other)}",
        "Its dollars or hours would count twice.",
        "Remove one of the two from the inputs.",
    )


def _protect(loaded: Sequence[_Loaded]) -> list[Problem]:
    """Replace social security numbers that identify persons by identifiers of the study's own, in all tables alike."""
    tables = [(entry, _WHO[entry.setting.role]) for entry in loaded if entry.setting.role in _WHO]
    problems = [_masked(entry.table, who) for entry, who in tables if are_masked_ssns(entry.table.values(who))]
    if not any(are_ssns(entry.table.values(who)) for entry, who in tables):
        return problems
    ids = LocalIds()
    for entry, who in tables:
        own = {value: ids.of(value) for value in entry.table.values(who)}
        changed = {value: local for value, local in own.items() if value != local}
        note = "persons known by a social security number, given identifiers of the study's own"
        entry.table.findings.counts[note] += len(changed)
        entry.table = entry.table.with_values(who, changed)
    return problems


def _masked(table: Table, who: Column) -> Problem:
    return Problem(
        "E355",
        f"{table.file.path}, column {who.name}",
        "persons are identified by the last four digits of a social security number",
        "Two persons may share them, and their pay and time would be mixed.",
        "Export the employee number instead.",
    )


def _read(loaded: Sequence[_Loaded]) -> PeopleInputs:
    """The records of all roles; time last, because its persons may be named rather than numbered."""

    def of(role: str) -> list[tuple[Table, str]]:
        return [(entry.table, entry.setting.currency) for entry in loaded if entry.setting.role == role]

    people = tuple(row for table, _ in of("people") for row in read_persons(table))
    pay = tuple(row for table, _ in of("payroll") for row in read_pay(table))
    return PeopleInputs(
        people=people,
        pay=pay,
        time=tuple(row for table, _ in of("time") for row in read_time(_by_identifier(table, pay, people))),
        payments=tuple(row for table, currency in of("contractors") for row in read_payments(table, currency)),
        contracts=tuple(row for table, _ in of("contracts") for row in read_contracts(table)),
        supplies=tuple(row for table, currency in of("supplies") for row in read_supplies(table, currency)),
    )


def _by_identifier(table: Table, pay: Sequence[PayRow], people: Sequence[PersonRow]) -> Table:
    """A table of time whose persons stand by name, with the identifiers of those whose name is unique."""
    known = {row.person for row in people} | {row.person for row in pay}
    unknown = set(table.values(WHO)) - known
    if not known or not unknown:
        return table
    by_name = ids_by_name(pay, people)
    found = {value: by_name[key] for value in unknown if (key := name_key(value)) in by_name}
    table.findings.counts["persons matched by name, each borne by one person only"] += len(found)
    return table.with_values(WHO, found)
