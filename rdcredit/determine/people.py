"""People: one record a person from every table that names one, with the gates place and role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

from rdcredit.determine.names import fold
from rdcredit.determine.reasons import Answers, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.determine.gates import Opinion
    from rdcredit.ingest.records import PayRow, PeopleInputs, PersonRow

Place = Literal["us", "foreign", "unknown"]
Register = Mapping[str, "Person"]
"""Every person of the inputs, by folded id."""

_ISO_CODE = re.compile(r"[A-Za-z]{2}")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Person:
    """One person as all records of the people table together show them; unknown where they disagree."""

    person: str
    name: str
    title: str = ""
    department: str = ""
    country: str = ""
    state: str = ""
    officer: bool | None = None
    owner: bool | None = None
    evidence: str = ""
    disagreements: tuple[str, ...] = ()
    """Fields on which two records of the person differ."""
    names: tuple[str, ...] = ()
    """Every spelling of the name that pay and people tables use."""

    @property
    def subject(self) -> str:
        """The study-local id: ``person:E014``."""
        return f"person:{self.person}"

    @property
    def place(self) -> Place:
        """Where the person works, in the terms of section 41(d)(4)(F)."""
        return place_of(self.country)

    @property
    def rank(self) -> str:
        """Officer, owner or executive by title, in words; empty for anybody else."""
        stated = [word for word, flag in (("an officer", self.officer), ("an owner", self.owner)) if flag]
        if is_executive_title(self.title):
            stated.append(f"an executive by title ({self.title})")
        return " and ".join(stated)


def place_of(country: str) -> Place:
    """Whether work in ``country`` (an ISO code) is done in the United States.

    Puerto Rico and the possessions count, IRC 41(d)(4)(F). Text that is neither a two-letter code
    nor a known name of the United States is unknown, not foreign.
    """
    places = table("people")["places"]
    code = country.strip().upper()
    if code in places["united_states"] or fold(country) in places["also_written"]:
        return "us"
    return "foreign" if _ISO_CODE.fullmatch(code) else "unknown"


def is_possession(person: Person) -> bool:
    """Whether a person works in Puerto Rico or a possession, by country or by state."""
    places = table("people")["places"]
    written = (person.country,) if person.place == "foreign" else (person.country, person.state)
    return any(
        text.strip().upper() in places["possessions"] or fold(text) in places["possessions_also_written"]
        for text in written
    )


@cache
def _phrases(key: str) -> re.Pattern[str]:
    words = sorted(table("people")["executives"][key], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(w) for w in words)})(?!\w)")


def is_executive_title(title: str) -> bool:
    """Whether a title is that of a C-level officer, founder, vice president or the like."""
    plain = fold(title).replace(".", "").replace("-", " ").replace("co founder", "cofounder")
    return bool(_phrases("titles").search(_phrases("not_meant").sub("", plain)))


def people_register(inputs: PeopleInputs) -> Register:
    """Every person who appears in pay, time or people tables, by folded id, in order of appearance."""
    described: dict[str, list[PersonRow]] = {}
    names: dict[str, dict[str, None]] = {}
    written: dict[str, str] = {}
    named: tuple[PersonRow | PayRow, ...] = (*inputs.people, *inputs.pay)
    for row in named:
        key = fold(row.person)
        written.setdefault(key, row.person.strip())
        if row.name.strip():
            names.setdefault(key, {})[row.name.strip()] = None
    for person in inputs.people:
        described.setdefault(fold(person.person), []).append(person)
    for time in (*inputs.time, *inputs.held_time):
        written.setdefault(fold(time.person), time.person.strip())
    return {
        key: _merged(shown, described.get(key, ()), tuple(names.get(key, ())))
        for key, shown in written.items()
    }  # fmt: skip


def _merged(person: str, rows: Sequence[PersonRow], names: tuple[str, ...]) -> Person:
    disagreements: list[str] = []

    def agreed(field: str, values: Iterable[_T], unknown: _T) -> _T:
        known = list(dict.fromkeys(v for v in values if v != unknown))
        if len(known) > 1:
            disagreements.append(field)
        return known[0] if len(known) == 1 else unknown

    return Person(
        person=person,
        name=names[0] if names else "",
        title=_any_executive([r.title.strip() for r in rows]),
        department=agreed("department", (r.department.strip() for r in rows), ""),
        country=agreed("country", (r.country.strip() for r in rows), ""),
        state=agreed("state", (r.state.strip() for r in rows), ""),
        officer=_either(r.officer for r in rows),
        owner=_either(r.owner for r in rows),
        evidence="; ".join(dict.fromkeys(r.evidence_of_role.strip() for r in rows if r.evidence_of_role.strip())),
        disagreements=tuple(disagreements),
        names=names,
    )


def _any_executive(titles: Sequence[str]) -> str:
    """The title that asks for most evidence where a person has had several."""
    known = [t for t in titles if t]
    return next((t for t in known if is_executive_title(t)), known[-1] if known else "")


def _either(flags: Iterable[bool | None]) -> bool | None:
    """True if any record says so, False if one says no and none yes, else unknown."""
    known = [f for f in flags if f is not None]
    return any(known) if known else None


def place_check(country: str, answers: Answers, about: Sequence[str]) -> Opinion:
    """The opinion of the place gate for work in ``country``."""
    reason = {"us": "place.us", "foreign": "place.foreign", "unknown": "place.unknown"}[place_of(country)]
    return answers.opinion(reason, about, country=country.strip() or "not recorded")


def role_check(person: Person, answers: Answers) -> Opinion:
    """The opinion of the role gate.

    Officers, owners and executives need a record of what they did, whatever their time sheets say
    (*Moore*); a person whose title nobody recorded is not presumed to be none of these unless the
    officer flag says so.
    """
    about = (person.subject,)
    if person.rank and person.evidence:
        return answers.opinion("wages.role.evidenced", about, rank=person.rank, evidence=person.evidence)
    if person.rank:
        return answers.opinion("wages.role.executive", about, rank=person.rank)
    if not person.title and person.officer is None:
        return answers.opinion("wages.role.unknown", about)
    return answers.opinion("wages.role.staff", about, title=person.title or "no title recorded")
