"""What a reviewer should know about the wages: findings, problems and tie-outs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.determine.controls import Entry, Reconciliation, control_totals
from rdcredit.determine.names import fold
from rdcredit.determine.part_reports import open_questions
from rdcredit.determine.people import is_possession
from rdcredit.determine.reasons import could_count, counts_in, reasons
from rdcredit.determine.timebook import time_problems
from rdcredit.errors import Problem
from rdcredit.ledger.findings import Finding
from rdcredit.ledger.records import View
from rdcredit.money import decimal_text, money_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdcredit.determine.people import Register
    from rdcredit.determine.timebook import PersonTime
    from rdcredit.determine.wages import PersonWages, TimeShare
    from rdcredit.ingest.records import PayRow, PeopleInputs
    from rdcredit.ledger.records import Part
    from rdcredit.study.config import Study

_WHOLE = 100


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def wage_findings(
    parts: Sequence[Part], rows: Sequence[PersonWages], register: Register, books: Mapping[str, PersonTime]
) -> tuple[Finding, ...]:
    """Every finding about the wages that has something to say."""
    found = (
        _percent_only(rows),
        _executives(rows),
        _pay_without_time(rows, books),
        _time_without_pay(rows, register, books),
        _after_release(rows),
        _possession(rows, register),
        *_single_person_components(rows),
        _disagreeing_records(rows, register),
        _same_name(rows),
    )
    return (*(f for f in found if f is not None), *open_questions(parts, "wages.open_questions", "wages"))


def _shares(rows: Sequence[PersonWages]) -> list[tuple[PersonWages, TimeShare]]:
    return [(row, share) for row in rows for share in row.shares if could_count(share.determination)]


def _subjects(rows: Iterable[PersonWages]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.subject for r in rows))


def _percent_only(rows: Sequence[PersonWages]) -> Finding | None:
    counted = _shares(rows)
    estimated = [(r, s) for r, s in counted if s.estimated]
    if not estimated:
        return None
    dollars, all_dollars = _sum(s.wages for _, s in estimated), _sum(s.wages for _, s in counted)
    percent = decimal_text(_WHOLE * Fraction(dollars) / Fraction(all_dollars), 1) if all_dollars else "0"
    return Finding(
        code="wages.percent_only",
        title="Time shares that rest on percentages or recollection",
        why=f"{percent} % of the wages that count or could count, {money_text(dollars)}, rest on percentages or"
        " interviews rather than recorded hours. An estimate needs a factual basis (Reg. 1.41-4(d)); keep the original"
        " answers, who gave them and when.",
        dollars=dollars,
        subjects=_subjects(r for r, _ in estimated),
    )


def _executives(rows: Sequence[PersonWages]) -> Finding | None:
    executives = [r for r in rows if r.executive and any(could_count(s.determination) for s in r.shares)]
    if not executives:
        return None
    counted = [s for r, s in _shares(executives)]
    qualified = _sum(s.wages for s in counted if counts_in(s.determination, View.SUPPORTED))
    dollars = _sum(s.wages for s in counted)
    return Finding(
        code="wages.executives",
        title="Wages of officers, owners and executives",
        why=f"{money_text(dollars)} of wages of officers, owners and executives are at stake; {money_text(qualified)}"
        " rest on a record of what the person did. Without one such wages fail, as in Moore v. Commissioner (7th Cir."
        " 2024), and a bonus needs the same record as the salary.",
        dollars=dollars,
        subjects=_subjects(executives),
    )


def _pay_without_time(rows: Sequence[PersonWages], books: Mapping[str, PersonTime]) -> Finding | None:
    silent = [r for r in rows if (r.wages or r.undated) and not _has_time(r, books)]
    if not silent:
        return None
    return Finding(
        code="wages.pay_without_time",
        title="People paid in the year without any record of time",
        why=f"No time of the year is recorded for {len(silent)} of {len(rows)} people paid; their wages are held until"
        " a basis for their share of qualified services is given (Reg. 1.41-2(d)(1)).",
        dollars=_sum(r.wages + r.undated for r in silent),
        subjects=_subjects(silent),
    )


def _has_time(row: PersonWages, books: Mapping[str, PersonTime]) -> bool:
    book = books.get(fold(row.person))
    return book is not None and bool(book.refs)


def _time_without_pay(
    rows: Sequence[PersonWages], register: Register, books: Mapping[str, PersonTime]
) -> Finding | None:
    paid = {fold(r.person) for r in rows}
    unpaid = [key for key, book in books.items() if key not in paid and book.refs]
    if not unpaid:
        return None
    return Finding(
        code="wages.time_without_pay",
        title="Time recorded by people without pay",
        why=f"Of those who recorded time, {len(unpaid)} have no pay in the inputs: contractors, people paid by another"
        " company, or ids that differ between the files. Their time carries no wages.",
        dollars=Decimal(0),
        subjects=tuple(register[key].subject for key in unpaid),
    )


def _after_release(rows: Sequence[PersonWages]) -> Finding | None:
    late = [(r, s) for r, s in _shares(rows) if s.after_release]
    if not late:
        return None
    return Finding(
        code="wages.after_release",
        title="Time on components after their release",
        why="Work after commercial production is excluded (IRC 41(d)(4)(A)) unless it resolves a new uncertainty and"
        " meets the tests anew. The records do not call this time maintenance: it counts only by a statement or a"
        " reviewer's word, and the study should show what it improved.",
        dollars=_sum(s.wages for _, s in late),
        subjects=tuple(dict.fromkeys(f"component:{s.component}" for _, s in late)),
    )


def _possession(rows: Sequence[PersonWages], register: Register) -> Finding | None:
    there = [(r, s) for r, s in _shares(rows) if is_possession(register[fold(r.person)])]
    if not there:
        return None
    return Finding(
        code="wages.possession",
        title="Pay in Puerto Rico or a possession",
        why="Puerto Rico and the possessions are the United States for the place of research (IRC 41(d)(4)(F)), but"
        " only wages of section 3401(a) count (IRC 41(b)(2)(D)(i)). Section 3401(a)(8)(B) and (C) leave out pay for"
        " services in a possession and pay of bona fide residents of Puerto Rico: show that this pay is neither.",
        dollars=_sum(s.wages for _, s in there),
        subjects=_subjects(r for r, _ in there),
        blocks_final=True,
    )


def _single_person_components(rows: Sequence[PersonWages]) -> list[Finding]:
    people: dict[str, dict[str, Decimal]] = {}
    for row, share in _shares(rows):
        if share.component:
            own = people.setdefault(share.component, {})
            own[row.subject] = own.get(row.subject, Decimal(0)) + share.wages
    return [
        Finding(
            code="wages.single_person_component",
            title="A component's wages show one person's pay",
            why=f"Component {component} has the wages of one person only, so its total discloses that person's pay;"
            " band or merge it before the study is shared.",
            dollars=_sum(own.values()),
            subjects=(f"component:{component}", *own),
        )
        for component, own in people.items()
        if len(own) == 1
    ]


def _disagreeing_records(rows: Sequence[PersonWages], register: Register) -> Finding | None:
    split = [r for r in rows if {"country", "state"} & set(register[fold(r.person)].disagreements)]
    if not split:
        return None
    return Finding(
        code="wages.records_disagree",
        title="People with two records that disagree",
        why="Two records of one person name different places of work; the place is unknown until one is withdrawn or"
        " the person's time is divided.",
        dollars=_sum(r.wages for r in split),
        subjects=_subjects(split),
    )


def _same_name(rows: Sequence[PersonWages]) -> Finding | None:
    by_name: dict[str, list[PersonWages]] = {}
    for row in rows:
        if row.name:
            by_name.setdefault(fold(row.name), []).append(row)
    shared = [r for same in by_name.values() if len(same) > 1 for r in same]
    if not shared:
        return None
    return Finding(
        code="wages.same_name",
        title="Two ids with one name",
        why="The same name is paid under more than one id: two people, or one who was rehired or changed employer. The"
        " 80 % rule of Reg. 1.41-2(d)(2) is tested for each id by itself.",
        dollars=_sum(r.wages for r in shared),
        subjects=_subjects(shared),
    )


def wage_problems(parts: Sequence[Part], register: Register, books: Mapping[str, PersonTime]) -> tuple[Problem, ...]:
    """One problem for each person whose time does not add up, or whose wages cannot be placed in the year."""
    shown_as = {key: person.subject for key, person in register.items()}
    held_names = {reasons()[r].name for r in ("wages.box-1-straddles", "wages.undated")}
    undated: dict[str, Part] = {}
    for part in parts:
        if held_names.intersection(part.determination.questions):
            undated.setdefault(part.subject, part)
    return (*time_problems(books, shown_as), *(_undated(part) for part in undated.values()))


def _undated(part: Part) -> Problem:
    return Problem(
        "E242",
        str(part.ref),
        f"wages of {part.subject} cannot be placed in the taxable year",
        "Form W-2 is a calendar-year figure, and only wages paid in the taxable year count (IRC 41(b)(1)).",
        "Give a pay register with pay dates; Form W-2 then serves as a control total.",
        held=True,
    )


def _yearly(rows: Sequence[PayRow]) -> dict[int, tuple[Decimal, Decimal]]:
    """Box 1 and the register's total of every calendar year for which a person has both."""
    register: dict[int, Decimal] = {}
    box_1: dict[int, Decimal] = {}
    for row in rows:
        if row.pay_date is not None:
            register[row.pay_date.year] = register.get(row.pay_date.year, Decimal(0)) + row.taxable
        elif row.year is not None:
            box_1[row.year] = box_1.get(row.year, Decimal(0)) + row.taxable
    return {year: (box_1[year], register[year]) for year in sorted(box_1) if year in register}


def box_1_differs(pay: Mapping[str, Sequence[PayRow]], register: Register) -> tuple[Finding, ...]:
    """People whose Form W-2 is not the sum of the year's pay dates; for calendar-year taxpayers only.

    The register of a fiscal-year taxpayer need not hold the rest of either calendar year.
    """
    off = {key: sum((abs(s - r) for s, r in _yearly(rows).values()), Decimal(0)) for key, rows in pay.items()}
    differing = {key: dollars for key, dollars in off.items() if dollars}
    if not differing:
        return ()
    return (
        Finding(
            code="wages.box_1_differs",
            title="Form W-2 and the pay register disagree",
            why="Box 1 is not the sum of the pay dates of its year. The register decides the wages; the difference is"
            " pay that one of the two leaves out, or pay that is not wages of section 3401(a).",
            dollars=_sum(differing.values()),
            subjects=tuple(register[key].subject for key in differing),
        ),
    )


def wage_controls(inputs: PeopleInputs, study: Study) -> tuple[Reconciliation, ...]:
    """Stated totals of the payroll files, and box 1 against the register by calendar year."""
    entries = [Entry(r.ref, f"{r.pay_date:%Y-%m}" if r.pay_date else "", r.taxable) for r in inputs.pay]
    by_person: dict[str, list[PayRow]] = {}
    for row in inputs.pay:
        by_person.setdefault(fold(row.person), []).append(row)
    totals: dict[int, tuple[Decimal, Decimal]] = {}
    for rows in by_person.values():
        for year, (stated, read) in _yearly(rows).items():
            before = totals.get(year, (Decimal(0), Decimal(0)))
            totals[year] = (before[0] + stated, before[1] + read)
    return (
        *control_totals("payroll", entries, study),
        *(
            Reconciliation(f"pay dates of {year} of people with both", stated, read, f"Form W-2 box 1, {year}")
            for year, (stated, read) in sorted(totals.items())
        ),
    )
