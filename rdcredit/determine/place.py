"""Place: where the people of a component work, which decides for its computers and supplies.

Section 41(d)(4)(F) asks where research is conducted. Where no person is known to have run a
workload or used a supply, the people recorded on its component decide, by their time. Contractors
keep no time records here, so their share of the work is not known: one who works abroad, or whose
place is not known, leaves the place of the component open, and so does a person whose time records
cannot be used. Shares do not matter where everybody on record works in the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.determine.names import fold
from rdcredit.determine.people import people_register, place_of
from rdcredit.determine.project_map import ProjectMap
from rdcredit.determine.reasons import table
from rdcredit.determine.spans import Span
from rdcredit.determine.timebook import is_leave, time_books

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdcredit.determine.people import Place, Register
    from rdcredit.determine.timebook import PersonTime
    from rdcredit.ingest.records import ContractorPayment, PeopleInputs, TimeRow
    from rdcredit.study.config import Study


@dataclass(frozen=True, slots=True)
class ComponentPlace:
    """The time of a component's people by place, in shares that sum to one, or all zero."""

    us: Fraction = Fraction(0)
    foreign: Fraction = Fraction(0)
    unknown: Fraction = Fraction(0)
    """Time of people whose country nobody recorded; all of it where somebody's share is not known."""
    people: int = 0

    @property
    def us_share(self) -> Fraction | None:
        """The share in the United States; None where nobody, or anybody of unknown place, is recorded."""
        return self.us if self.people and not self.unknown else None


def component_places(people: PeopleInputs, study: Study) -> Mapping[str, ComponentPlace]:
    """Where the time recorded on each component of the study was spent, leave aside.

    Time is weighed in hours; on a component where anybody gave percentages, in months of service
    instead (the person's share of services times the months of the year with records), because
    percentages of people cannot be added to hours.

    The place of a component is unknown altogether, whatever the time of the others, when a person
    whose time was set aside or does not add up has records on its projects, or a contractor who
    works abroad or in an unknown place was paid for work of the year on them; except that where
    all of these and everybody with usable time are in one place, that place is the component's. A
    component on which no person is recorded has no place, whoever its contractors are.
    """
    year = Span(study.credit_year.begin, study.credit_year.end)
    projects = ProjectMap(study)
    books = time_books(people.time, projects, year, set_aside=people.held_time)
    register = people_register(people)
    on: dict[str, dict[str, Fraction]] = {}
    for key, book in books.items():
        for component, share in _by_component(book, projects).items():
            on.setdefault(component, {})[key] = share
    unusable = [r for r in (*people.time, *people.held_time) if books[fold(r.person)].fault]
    faulty = _people_by_component(unusable, projects, year)
    contracted = _contractors_elsewhere(people.payments, projects, year)
    made: dict[str, ComponentPlace] = {}
    for component in (c.id for c in study.components):
        weighed = _weighed(on.get(component, {}), books, register, year)
        unweighed = faulty.get(component, set())
        places = {register[key].place for key in unweighed} | contracted.get(component, set())
        made[component] = _with_unweighed(weighed, places, len(unweighed))
    return made


def us_share(people: PeopleInputs, study: Study) -> Mapping[str, Fraction | None]:
    """Per component the share of its people's time spent in the United States, for computer rental.

    Puerto Rico and the possessions count. None, so a question, when nobody is recorded on the
    component, the place of anybody recorded is unknown, or somebody's share of the work is and it
    matters (see :func:`component_places`).
    """
    return us_shares(component_places(people, study))


def us_shares(places: Mapping[str, ComponentPlace]) -> Mapping[str, Fraction | None]:
    """As :func:`us_share`, of places already at hand."""
    return {component: place.us_share for component, place in places.items()}


def _weighed(
    shares: Mapping[str, Fraction], books: Mapping[str, PersonTime], register: Register, year: Span
) -> ComponentPlace:
    """The place of one component by the usable time of its people."""
    in_hours = all(books[key].basis == "hours" for key in shares)
    spent: dict[str, Fraction] = {}
    for key, share in shares.items():
        place = register[key].place
        weight = share * (books[key].hours if in_hours else books[key].months_in(year))
        spent[place] = spent.get(place, Fraction(0)) + weight
    return _shares(spent, len(shares))


def _with_unweighed(weighed: ComponentPlace, others: set[Place], people: int) -> ComponentPlace:
    """The place of a component on which ``others`` worked too, ``people`` of them on the time records."""
    everybody = weighed.people + people
    if not everybody or not others:
        return weighed
    by_time: dict[Place, Fraction] = {"us": weighed.us, "foreign": weighed.foreign, "unknown": weighed.unknown}
    places = others | {place for place, share in by_time.items() if share}
    whole = places.pop() if len(places) == 1 else "unknown"
    return _shares({whole: Fraction(1)}, everybody)


def _people_by_component(rows: Iterable[TimeRow], projects: ProjectMap, year: Span) -> Mapping[str, set[str]]:
    """The folded ids of people with records of the year, or with reversed dates, on each component."""
    found: dict[str, set[str]] = {}
    for row in rows:
        placement = projects.place(row.project)
        dated_elsewhere = row.begin <= row.end and not Span(row.begin, row.end).within(year)
        if dated_elsewhere or is_leave(row, placement):
            continue
        for component in placement.components:
            found.setdefault(component.id, set()).add(fold(row.person))
    return found


def _contractors_elsewhere(
    payments: Iterable[ContractorPayment], projects: ProjectMap, year: Span
) -> Mapping[str, set[Place]]:
    """The places outside the United States, or unknown, of those paid for work of the year on each component."""
    no_work = table("contracts")["kinds"]["excluded"]
    found: dict[str, set[Place]] = {}
    for payment in payments:
        place, begin, end = place_of(payment.country), payment.performed_begin, payment.performed_end
        dated_elsewhere = begin and end and begin <= end and not Span(begin, end).within(year)
        if place == "us" or fold(payment.kind) in no_work or dated_elsewhere:
            continue
        for component in projects.place(payment.project).components:
            found.setdefault(component.id, set()).add(place)
    return found


def _by_component(book: PersonTime, projects: ProjectMap) -> Mapping[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for key, fraction in book.fractions.items():
        component = projects.place(key.project).component
        if component:
            shares[component.id] = shares.get(component.id, Fraction(0)) + fraction
    return shares


def _shares(spent: Mapping[str, Fraction], people: int) -> ComponentPlace:
    total = sum(spent.values(), Fraction(0))
    if not total:
        return ComponentPlace()
    us, foreign, unknown = (spent.get(place, Fraction(0)) / total for place in ("us", "foreign", "unknown"))
    return ComponentPlace(us, foreign, unknown, people)
