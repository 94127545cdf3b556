"""Checks across tables of people: time that does not add up, persons nobody lists, names that disagree.

All of them ask; none of them drops a dollar. Identifiers and names are never printed: a message
says where the rows stand.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.errors import Problem
from rdcredit.ingest.format import fold
from rdcredit.ingest.wording import count_of
from rdcredit.study.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from rdcredit.ingest.records import ContractTerms, PayRow, PersonRow, TimeRow

HOURS_A_DAY = 24
FULL = 100
_LOOKED_FOR = 20
"""Unknown persons for whom the nearest known one is looked for: the search is slow."""

_TIME_FIX = "Correct the rows in the source and export again."


def name_key(name: str) -> frozenset[str]:
    """A person's name without order, case, accents and initials: "Doe, Jané Q." as {doe, jane}."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c if c.isalpha() else " " for c in plain if not unicodedata.combining(c))
    return frozenset(word for word in letters.split() if len(word) > 1)


# --- time


def check_time(rows: Sequence[TimeRow]) -> tuple[list[Problem], frozenset[str]]:
    """Questions about time, and the persons whose time does not add up (E241)."""
    by_person: dict[str, list[TimeRow]] = defaultdict(list)
    for row in rows:
        by_person[row.person].append(row)
    problems = list(_zero_hours(rows))
    faulty = set()
    for person, own in by_person.items():
        for row, what in (*_impossible_hours(own), *_over_full(own)):
            faulty.add(person)
            problems.append(_time_problem(row, what))
    return problems, frozenset(faulty)


def _time_problem(row: TimeRow, what: str) -> Problem:
    return Problem(
        "E241",
        str(row.ref),
        f"for one person {what}",
        "Wages are divided by this time. All time of the person is set aside, so that the wages are held.",
        _TIME_FIX,
        held=True,
    )


def _zero_hours(rows: Sequence[TimeRow]) -> Iterator[Problem]:
    by_file: dict[str, list[TimeRow]] = defaultdict(list)
    for row in rows:
        if row.hours == 0:
            by_file[row.ref.file.path].append(row)
    for path, empty in by_file.items():
        yield Problem(
            "E241",
            path,
            f"zero hours stand in {count_of(len(empty), 'row')}, first in row {empty[0].ref.record:,}",
            "Zero may stand for time that was not recorded.",
            "Confirm that nothing was worked, or record the hours.",
            held=True,
        )


def _impossible_hours(rows: Sequence[TimeRow]) -> Iterator[tuple[TimeRow, str]]:
    """More hours than the days of a period have, and corrections that take away more than was booked."""
    in_period: dict[tuple[date, date], Decimal] = defaultdict(Decimal)
    on_project: dict[tuple[str, date, date], Decimal] = defaultdict(Decimal)
    first: dict[tuple[object, ...], TimeRow] = {}
    for row in rows:
        if row.hours is None:
            continue
        period, booked = (row.begin, row.end), (row.project, row.begin, row.end)
        in_period[period] += row.hours
        on_project[booked] += row.hours
        first.setdefault(period, row)
        first.setdefault(booked, row)
    for (begin, end), hours in in_period.items():
        days = (end - begin).days + 1
        if hours > HOURS_A_DAY * days:
            span = f"on {begin}" if days == 1 else f"from {begin} to {end}"
            yield first[begin, end], f"{hours:f} hours are recorded {span}"
    for key, hours in on_project.items():
        if hours < 0:
            yield first[key], f"the hours of one project from {key[1]} to {key[2]} sum to {hours:f}"


def _over_full(rows: Sequence[TimeRow]) -> Iterator[tuple[TimeRow, str]]:
    """Days on which the percentages of overlapping periods sum to more than the whole."""
    changes: dict[date, Decimal] = defaultdict(Decimal)
    first: dict[date, TimeRow] = {}
    for row in rows:
        if row.percent is None:
            continue
        changes[row.begin] += row.percent
        changes[row.end + timedelta(days=1)] -= row.percent
        first.setdefault(row.begin, row)
    level = Decimal(0)
    was_over = False
    for day in sorted(changes):
        level += changes[day]
        if level > FULL and not was_over and day in first:
            yield first[day], f"the percentages for {day} sum to {level:f}"
        was_over = level > FULL


# --- persons


@dataclass(slots=True)
class _Rows:
    """Rows of one kind about one person who is not listed."""

    first: PayRow | TimeRow
    count: int = 0


def check_listed(rows: Iterable[PayRow | TimeRow], people: Sequence[PersonRow]) -> list[Problem]:
    """E352 for each person with pay or time who is not in the list of people, where there is one."""
    if not people:
        return []
    listed = {p.person: p for p in people}
    unknown: dict[tuple[str, str], _Rows] = {}
    for row in rows:
        if row.person not in listed:
            found = unknown.setdefault((row.person, row.ref.file.path), _Rows(row))
            found.count += 1
    by_fold = {fold(p.person): p for p in people}
    problems = []
    for number, ((person, _), found) in enumerate(unknown.items()):
        near = by_fold.get(fold(person))
        if near is None and number < _LOOKED_FOR and (name := nearest(person, listed)):
            near = listed[name]
        hint = f" The nearest identifier stands in {near.ref}." if near else ""
        problems.append(
            Problem(
                "E352",
                str(found.first.ref),
                f"a person with {count_of(found.count, 'row')}, this one first, is not in the list of people",
                "Nobody has said what the person did or where; the wages are held.",
                f"Add the person to the list, or correct the identifier.{hint}",
                held=True,
            )
        )
    return problems


def check_names(pay: Sequence[PayRow], people: Sequence[PersonRow]) -> list[Problem]:
    """E345: one identifier under two names, or one name under two identifiers, within pay and people."""
    by_person: dict[str, dict[frozenset[str], PayRow | PersonRow]] = defaultdict(dict)
    by_name: dict[frozenset[str], dict[str, PayRow | PersonRow]] = defaultdict(dict)
    rows: tuple[PayRow | PersonRow, ...] = (*people, *pay)
    for row in rows:
        if key := name_key(row.name):
            by_person[row.person].setdefault(key, row)
            by_name[key].setdefault(row.person, row)
    same_person = "Confirm that it is one person (a change of name), or correct one of the identifiers."
    two_persons = "Confirm that they are two persons, or give one who was rehired or changed entity one identifier."
    problems = []
    for names in by_person.values():
        (first_key, first), *others = names.items()
        other = next((row for key, row in others if not (key <= first_key or first_key <= key)), None)
        if other:
            problems.append(_name_problem(first, other, "one identifier stands for two names", same_person))
    for ids in by_name.values():
        first, *rest = ids.values()
        if rest:
            problems.append(_name_problem(first, rest[0], f"{len(ids)} identifiers stand for one name", two_persons))
    return problems


def _name_problem(first: PayRow | PersonRow, other: PayRow | PersonRow, what: str, fix: str) -> Problem:
    return Problem(
        "E345",
        str(first.ref),
        f"{what} (see also {other.ref})",
        "Time and pay of one person may be divided between two, or those of two persons mixed; all rows are kept.",
        fix,
        held=True,
    )


def ids_by_name(pay: Sequence[PayRow], people: Sequence[PersonRow]) -> dict[frozenset[str], str]:
    """Identifiers of persons by name, where the name is borne by one person only."""
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    rows: tuple[PayRow | PersonRow, ...] = (*people, *pay)
    for row in rows:
        if key := name_key(row.name):
            found[key].add(row.person)
    return {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1}


# --- contracts


def check_contracts(rows: Sequence[ContractTerms]) -> list[Problem]:
    """E505: one contract abstracted twice."""
    seen: dict[str, ContractTerms] = {}
    problems = []
    for row in rows:
        before = seen.setdefault(row.contract, row)
        if before is not row:
            problems.append(
                Problem(
                    "E505",
                    str(row.ref),
                    f"the contract already stands in {before.ref}",
                    "Two abstracts of one contract could say different things about who bears the risk.",
                    "Keep the one that is right.",
                )
            )
    return problems
