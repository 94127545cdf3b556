"""The ledger's determinations as tax facts: people and their services, costs, contracts.

Only dollars that count in some view become facts. Amounts of bills are rounded to cents a row;
what the rounding leaves over is reported by source and enters no figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.facts.records import Component, ContractCost, Cost, Fact, PayeeKind, Person, Services, ServiceTime
from rdcredit.figure.origin import FromRows
from rdcredit.figure.value import Known
from rdcredit.ledger.records import Part, QreCategory, View
from rdcredit.money import to_cents
from rdcredit.source import GroupRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdcredit.determine.contracts import ContractDetermination
    from rdcredit.determine.wages import PersonWages, WageDetermination
    from rdcredit.study.config import Study

NO_COMPONENT = "component-open"
"""Stands for the component of dollars that could qualify once somebody says to which they belong."""

CURRENCY = "USD"
"""The currency of the return."""
_PLAIN_KEY = re.compile(r"[A-Za-z]{1,3}-?\d{2,9}")


@dataclass(frozen=True, slots=True)
class CostFacts:
    """Costs by row, and by source what rounding the rows to cents left over."""

    costs: tuple[Cost, ...]
    residue: tuple[tuple[str, Decimal], ...]


def person_keys(people: Iterable[str]) -> Mapping[str, str]:
    """A key for each person that Excel cannot mistake for a number, a date or another person."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for person in people:
        plain = person if _PLAIN_KEY.fullmatch(person) else "P-" + re.sub(r"[^A-Za-z0-9.-]", "_", person)
        key, n = plain, 2
        while key.casefold() in taken:
            key, n = f"{plain}.{n}", n + 1
        taken.add(key.casefold())
        keys[person] = key
    return keys


def _files(parts: Sequence[Part]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in parts:
        refs = part.ref.files if isinstance(part.ref, GroupRef) else (part.ref.file,)
        found.update(dict.fromkeys(f.path for f in refs))
    return tuple(found)


def _rows(parts: Sequence[Part]) -> int:
    """Source rows behind some parts; a row that was split counts once."""
    return sum(ref.count if isinstance(ref, GroupRef) else 1 for ref in {id(p.ref): p.ref for p in parts}.values())


def _origin(parts: Sequence[Part], selection: str) -> FromRows:
    return FromRows(_files(parts), selection, _rows(parts))


def _component(part: Part) -> str:
    return part.determination.component or NO_COMPONENT


def people_facts(wages: WageDetermination, source: str) -> tuple[tuple[Person, ...], tuple[ServiceTime, ...]]:
    """People with wages of the year, and the shares of their services that count in some view."""
    keys = person_keys(row.person for row in wages.rows)
    by_person: dict[str, list[Part]] = defaultdict(list)
    for part in wages.parts:
        by_person[part.subject].append(part)
    people, time = [], []
    for row in wages.rows:
        key = keys[row.person]
        rows = _origin(by_person[row.subject], f"taxable pay of {row.subject} in the taxable year")
        # Line 38 is about officers: what the people list says; a title speaks only where the list is silent.
        officer = row.executive if row.officer is None else row.officer
        people.append(Person(key, row.name or key, Fact(Known(Fraction(row.wages)), rows), officer))
        time += _service_time(row, key, source)
    return tuple(people), tuple(time)


def _service_time(row: PersonWages, key: str, source: str) -> list[ServiceTime]:
    shares: dict[tuple[str, Services, View], Fraction] = defaultdict(Fraction)
    for share in row.shares:
        view = share.determination.counts_in
        if view is None:
            continue
        services = Services(share.kind) if share.kind else Services.RESEARCH
        shares[share.determination.component or NO_COMPONENT, services, view] += share.fraction
    files = tuple(dict.fromkeys(ref.file.path for ref in row.time_refs)) or (source,)
    return [
        ServiceTime(
            key,
            component,
            services,
            Fact(Known(fraction), FromRows(files, f"time of {row.subject}: {row.time_basis}", len(row.time_refs))),
            view,
        )
        for (component, services, view), fraction in shares.items()
    ]


def cost_facts(parts: Iterable[Part], category: QreCategory) -> CostFacts:
    """Costs of one category that count in some view, a row a subject, component and view."""
    grouped: dict[tuple[str, str, str, View], list[Part]] = defaultdict(list)
    for part in parts:
        # Amounts in another currency never count: their rule holds them outside every view.
        if part.category == category and part.determination.counts_in is not None and part.currency == CURRENCY:
            grouped[part.source, part.subject, _component(part), part.determination.counts_in].append(part)
    costs = []
    residue: dict[str, Decimal] = defaultdict(Decimal)
    for (source, subject, component, view), own in sorted(
        grouped.items(), key=lambda item: (*item[0][:3], str(item[0][3]))
    ):
        exact = sum((p.amount for p in own), Decimal(0))
        cents = to_cents(exact)
        residue[source] += exact - cents
        label = subject if view is View.SUPPORTED else f"{subject} ({own[0].determination.bucket})"
        costs.append(
            Cost(
                f"{source}/{subject}/{component}/{view}",
                label,
                component,
                Fact(Known(Fraction(cents)), _origin(own, f"{source}: {subject}, {own[0].determination.bucket}")),
                view,
            )
        )
    return CostFacts(tuple(costs), tuple(sorted(residue.items())))


def contract_facts(contracts: ContractDetermination) -> tuple[ContractCost, ...]:
    """Contract research that counts in some view, a row a contract, component and view."""
    kinds = {row.subject: row.payee_kind for row in contracts.rows}
    vendors = {row.subject: row.vendor for row in contracts.rows}
    grouped: dict[tuple[str, str, View], list[Part]] = defaultdict(list)
    for part in contracts.parts:
        if part.determination.counts_in is not None:
            grouped[part.subject, _component(part), part.determination.counts_in].append(part)
    found = []
    for (subject, component, view), own in sorted(grouped.items()):
        amount = sum((p.amount for p in own), Decimal(0))
        bucket = own[0].determination.bucket
        found.append(
            ContractCost(
                f"{subject}/{component}/{view}",
                f"{vendors[subject]}, {subject}"
                if view is View.SUPPORTED
                else f"{subject} ({own[0].determination.bucket})",
                component,
                PayeeKind(kinds[subject]),
                Fact(Known(Fraction(amount)), _origin(own, f"{subject}, {bucket}")),
                view,
            )
        )
    return tuple(found)


def component_facts(study: Study, used: Iterable[str]) -> tuple[Component, ...]:
    """The study's components, and the stand-in for an open one where dollars need it."""
    found = [
        Component(c.id, c.name, c.kind, c.use if c.kind == "software" else "", c.information_sought)
        for c in study.components
    ]
    if NO_COMPONENT in set(used):
        found.append(Component(NO_COMPONENT, "(component still open)"))
    return tuple(found)
