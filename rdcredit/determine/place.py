"""Place: where the people of a component work, which decides for its computers and supplies.

Section 41(d)(4)(F) asks where research is conducted. Where no person is known to have run a
workload or used a supply, the people recorded on its component decide, by their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.determine.people import people_register
from rdcredit.determine.project_map import ProjectMap
from rdcredit.determine.spans import Span
from rdcredit.determine.timebook import time_books

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdcredit.determine.timebook import PersonTime
    from rdcredit.ingest.records import PeopleInputs
    from rdcredit.study.config import Study


@dataclass(frozen=True, slots=True)
class ComponentPlace:
    """The time of a component's people by place, in shares that sum to one, or all zero."""

    us: Fraction = Fraction(0)
    foreign: Fraction = Fraction(0)
    unknown: Fraction = Fraction(0)
    """Time of people whose country nobody recorded."""
    people: int = 0

    @property
    def us_share(self) -> Fraction | None:
        """The share in the United States; None where nobody, or anybody of unknown place, is recorded."""
        return self.us if self.people and not self.unknown else None


def component_places(people: PeopleInputs, study: Study) -> Mapping[str, ComponentPlace]:
    """Where the time recorded on each component of the study was spent, leave aside.

    Time is weighed in hours; on a component where anybody gave percentages, in months of service
    instead (the person's share of services times the months of the year with records), because
    percentages of people cannot be added to hours. Records that do not add up weigh nothing.
    """
    year = Span(study.credit_year.begin, study.credit_year.end)
    projects = ProjectMap(study)
    books = time_books(people.time, projects, year)
    register = people_register(people)
    on: dict[str, dict[str, Fraction]] = {}
    for key, book in books.items():
        for component, share in _by_component(book, projects).items():
            on.setdefault(component, {})[key] = share
    made: dict[str, ComponentPlace] = {}
    for component, shares in on.items():
        in_hours = all(books[key].basis == "hours" for key in shares)
        spent: dict[str, Fraction] = {}
        for key, share in shares.items():
            place = register[key].place
            weight = share * (books[key].hours if in_hours else books[key].months_in(year))
            spent[place] = spent.get(place, Fraction(0)) + weight
        made[component] = _shares(spent, len(shares))
    return {c.id: made.get(c.id, ComponentPlace()) for c in study.components}


def us_share(people: PeopleInputs, study: Study) -> Mapping[str, Fraction | None]:
    """Per component the share of its people's time spent in the United States, for computer rental.

    Puerto Rico and the possessions count. None, so a question, when nobody is recorded on the
    component or the place of anybody recorded is unknown.
    """
    return {component: place.us_share for component, place in component_places(people, study).items()}


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
