"""Contradictions of a facts file: its calendar, elections, components, people and other amounts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rdcredit.errors import Problem, shown
from rdcredit.law import all_parameters
from rdcredit.study.calendar_contradictions import CALENDAR_CHECKS
from rdcredit.study.contradictions import amended_text, basic_research_texts
from rdcredit.study.names import nearest
from rdcredit.study.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdcredit.study.facts_file import FactsFile
    from rdcredit.study.positions import Path as KeyPath


def facts_problems(file: FactsFile, name: str, lines: Mapping[KeyPath, int]) -> list[Problem]:
    """Years out of order, components nobody listed, people listed twice or with more than all their time."""
    found: list[Problem] = []

    def add(what: str, why: str, fix: str) -> None:
        found.append(Problem("E505", name, what, why, fix))

    calendar = _calendar_of(file)
    found += [fault.problem(lines, name) for check in CALENDAR_CHECKS for fault in check(calendar)]
    _elections_and_history(file, add)
    listed = {c.id for c in file.components}
    costs = (*file.supplies, *file.computer_rental, *file.contracts)
    named = [c.component for c in costs] + [t.component for p in file.people for t in p.time]
    for component in sorted({c for c in named if c is not None} - listed):
        near = nearest(component, listed)
        add(
            f"component {shown(component)} is not listed",
            "QREs are computed by business component.",
            f'Write component = "{near}", or add it under [[components]].' if near else "Add it under [[components]].",
        )
    if len(listed) > 1 and None in named:
        add(
            "an amount names no component",
            "With several components, each amount belongs to one of them.",
            f'Add component = "{file.components[0].id}" or another of the list to each entry.',
        )
    keys = [p.id.casefold() for p in file.people]
    for twice in sorted({p.id for p in file.people if keys.count(p.id.casefold()) > 1}):
        add(f"person {twice} is listed twice", "Wages would count twice.", "Join the two entries.")
    for person in file.people:
        if sum(t.share for t in person.time) > 1:
            add(
                f"the shares of {person.id} add up to more than 1",
                "Nobody spends more than all services on research.",
                "Correct the shares: 1 is all of the person's services in the year.",
            )
    return found


def _calendar_of(file: FactsFile) -> Stated:
    """The tables the checks of a calendar read."""
    return Stated(
        study=None, taxpayer=file.taxpayer, tax_years=file.tax_years, elections=file.elections, components=None,
        projects=None, inputs=None, workloads=None, statements=None, identical_rows=None,
        other=None,
    )  # fmt: skip


def _elections_and_history(file: FactsFile, add: Callable[[str, str, str], None]) -> None:
    if not file.original_return:
        for key in ("reduced_credit", "method"):
            if getattr(file.elections, key) == "compare":
                add(*amended_text(key))
    formed, start_up = file.taxpayer.formed, all_parameters()["regular.startup_formed_after"].values[-1].value
    if file.base_history is not None and formed is not None and isinstance(start_up, date) and formed > start_up:
        add(
            f"base_history is stated for a taxpayer formed on {formed}",
            "A company whose first years came later is a start-up company and has no base period of 1984 to 1988.",
            "Remove base_history and list the taxable years since formation.",
        )
    for text in basic_research_texts(file.other, file.taxpayer.entity):
        add(*text)
    negative = [p.id for p in file.people if p.wages < 0]
    negative += [c.description for c in (*file.supplies, *file.computer_rental, *file.contracts) if c.amount < 0]
    for what in negative:
        add(
            f"the amount of {shown(what)} is negative",
            "A refund belongs to the cost it reduces.",
            "State the net amount.",
        )
