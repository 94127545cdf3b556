"""Checks that need more than one input, or the statements of the study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdcredit.ingest.records import PeopleInputs, RolledBill
    from rdcredit.study.config import Study


def without_accepted(bill: RolledBill, study: Study) -> RolledBill:
    """A bill without the question about identical rows where the study says that they are separate charges."""
    accepted = {entry.input for entry in study.identical_rows}
    names = {bill.input_id} | {i.path for i in study.inputs if i.id == bill.input_id}
    if not names & accepted:
        return bill
    return replace(bill, problems=tuple(p for p in bill.problems if p.code != "E344"))


def given_twice(bills: Sequence[RolledBill]) -> list[Problem]:
    """E343 for a file that stands under two inputs; within one input the reader sees it."""
    first: dict[str, tuple[str, str]] = {}
    found = []
    for bill in bills:
        for file in (count.file for count in bill.files):
            path, owner = first.setdefault(file.digest, (file.path, bill.input_id))
            if owner != bill.input_id:
                found.append(
                    Problem(
                        "E343",
                        file.path,
                        f"it holds the same bytes as {path} of input {owner}",
                        "Its dollars would count twice.",
                        "Remove one of the two files, or one of the two inputs.",
                    )
                )
    return found


def confused_people(people: PeopleInputs) -> list[Problem]:
    """E345 for two persons whose ids differ only in case: everything after compares ids without it."""
    spellings: dict[str, dict[str, str]] = {}
    named = [(row.person, row.name) for row in people.pay] + [(row.person, row.name) for row in people.people]
    for person, name in named:
        spellings.setdefault(person.casefold(), {}).setdefault(person, name)
    return [
        Problem(
            "E345",
            "people and payroll",
            f"the ids {' and '.join(shown(i) for i in sorted(ids))} differ only in case and name different people",
            "Their pay and time would be taken for those of one person.",
            "Give each person an id of their own in all files.",
        )
        for ids in spellings.values()
        if len(ids) > 1 and len({name.strip().casefold() for name in ids.values() if name.strip()}) > 1
    ]
