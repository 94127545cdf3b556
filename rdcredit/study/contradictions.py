"""Statements of one ``study.toml`` that cannot all be true, and what a final study still lacks.

Each check reads the tables it needs and is silent where one of them could not be read, so that a
misspelling in one table does not hide a contradiction in another.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rdcredit.errors import shown
from rdcredit.study.calendar_contradictions import CALENDAR_CHECKS
from rdcredit.study.faults import Fault
from rdcredit.study.input_contradictions import INPUT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from rdcredit.study.config import OtherSettings
    from rdcredit.study.positions import Path
    from rdcredit.study.stated import Stated

_ONE_HOME = "Each dollar may end in one component only."
_DATED = "A study cannot rest on what had not happened on the date printed on it."
_FINAL = "A final study is signed and filed; it cannot leave this open."


def contradictions(stated: Stated) -> tuple[Fault, ...]:
    """Every contradiction, in the order of the checks."""
    return tuple(fault for check in CHECKS for fault in check(stated))


def _amended(stated: Stated) -> Iterator[Fault]:
    """Elections that need a timely original return cannot be open on an amended one."""
    if stated.study is None or stated.elections is None or stated.study.original_return:
        return
    for key in ("reduced_credit", "method"):
        if getattr(stated.elections, key) == "compare":
            yield Fault("E505", ("elections", key), *amended_text(key))


def amended_text(key: str) -> tuple[str, str, str]:
    """What is wrong with an open election on an amended return, why, and the fix."""
    return (
        f"{key} is still to be compared on an amended return",
        (
            "The reduced credit is elected on a timely original return only, and the alternative simplified credit on "
            "an amended return only where no credit was claimed for the year before."
        ),
        f"Write {key} as the original return elected it.",
    )


def _basic_research(stated: Stated) -> Iterator[Fault]:
    """Basic research payments are for corporations, and counted once."""
    if stated.other is not None and stated.taxpayer is not None:
        for text in basic_research_texts(stated.other, stated.taxpayer.entity):
            yield Fault("E505", ("other",), *text)


def basic_research_texts(other: OtherSettings, entity: str) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the amounts of basic research, why, and the fix.

    Source: IRC 41(e)(1), (e)(7)(E).
    """
    paid, base = other.basic_research_payments or Decimal(0), other.basic_research_base
    if paid and entity != "C corporation":
        yield (
            "basic research payments are stated for a taxpayer that is not a C corporation",
            "The credit on them is for corporations other than S corporations.",
            "Remove basic_research_payments.",
        )
    within = min(paid, base) if base is not None else paid
    if (other.basic_research_applicable or Decimal(0)) > within:
        yield (
            "more of the basic research payments counts as contract research than lies within the base period amount",
            "What is above the base period amount has a credit of its own and is no QRE.",
            "State in basic_research_applicable the part not above basic_research_base, at the payee's percentage.",
        )


def _components(stated: Stated) -> Iterator[Fault]:
    """Components have ids of their own, and are released after they began."""
    seen: dict[str, int] = {}
    for i, component in enumerate(stated.components or ()):
        first = seen.setdefault(component.id.casefold(), i)
        if first != i:
            yield Fault(
                "E505", ("components", i, "id"), f"{shown(component.id)} is already the id of component {first + 1}",
                "Dollars and decisions are kept by the id of their component.", "Give each component an id of its own.",
            )  # fmt: skip
        if component.began and component.released and component.released < component.began:
            yield Fault(
                "E505", ("components", i, "released"),
                f"released on {component.released}, before it began on {component.began}",
                "Work after the release is excluded, so all of this component's work would be.",
                "Correct began or released.",
            )  # fmt: skip


def _projects(stated: Stated) -> Iterator[Fault]:
    """A project belongs to one component, or is outside all of them."""
    owner: dict[str, str] = {}
    claims: list[tuple[str, str, Path]] = [
        (name, component.id, ("components", i, "projects", j))
        for i, component in enumerate(stated.components or ())
        for j, name in enumerate(component.projects)
    ]
    claims += [(p.name, f"[[projects]] {i + 1}", ("projects", i, "name")) for i, p in enumerate(stated.projects or ())]
    for name, claimant, at in claims:
        first = owner.setdefault(name.strip().casefold(), claimant)
        if first != claimant:
            yield Fault(
                "E505", at, f"project {shown(name)} is claimed by {first} and by {claimant}", _ONE_HOME,
                "Leave the project with one of them.",
            )  # fmt: skip


def _selectors(stated: Stated) -> Iterator[Fault]:
    """A selection names something, and no two components make the same one."""
    seen: dict[tuple[tuple[str, tuple[str, ...]], ...], str] = {}
    for i, component in enumerate(stated.components or ()):
        for j, selection in enumerate(component.select):
            at: Path = ("components", i, "select", j)
            listed = {k: (v,) if isinstance(v, str) else tuple(sorted(v)) for k, v in selection.items()}
            if not listed or not all(listed.values()):
                yield Fault(
                    "E502", at, "a selection without a value would claim every workload or none", _ONE_HOME,
                    'Name at least one tag and value, such as { project = "atlas" }.',
                )  # fmt: skip
                continue
            first = seen.setdefault(tuple(sorted(listed.items())), component.id)
            if first != component.id:
                yield Fault(
                    "E505", at, f"components {first} and {component.id} make the same selection", _ONE_HOME,
                    "Leave the selection with one of them, or add a tag that tells them apart.",
                )  # fmt: skip


def _workloads(stated: Stated) -> Iterator[Fault]:
    """A word names one tag, and one kind of environment."""
    settings = stated.workloads
    if settings is None:
        return
    owner: dict[str, str] = {}
    for tag, others in settings.aliases.items():
        for other in others:
            first = owner.setdefault(other.strip().casefold(), tag)
            if first != tag:
                yield Fault(
                    "E505", ("workloads", "aliases", tag), f"{shown(other)} is another name of both {first} and {tag}",
                    "The same tag would identify two things.", "Leave it with one of them.",
                )  # fmt: skip
    both = {w.casefold() for w in settings.production} & {w.casefold() for w in settings.development}
    for word in sorted(both):
        yield Fault(
            "E505", ("workloads", "development"), f"{shown(word)} is listed as production and as development",
            "Production use is excluded and development may qualify; one word cannot be both.", "Leave it in one list.",
        )  # fmt: skip


def _taxpayer(stated: Stated) -> Iterator[Fault]:
    """An employer organization is named only where payroll runs under one."""
    taxpayer = stated.taxpayer
    if taxpayer and taxpayer.peo.strip() and taxpayer.payroll_under != "PEO":
        yield Fault(
            "E505", ("taxpayer", "peo"), 'peo is named, but payroll_under is "own EIN"',
            "Under whose number wages are reported decides which records they are compared with.",
            'Write payroll_under = "PEO", or remove peo.',
        )  # fmt: skip


def _dated(stated: Stated) -> Iterator[Fault]:
    """Nothing is stated on a day after the date of the study."""
    if stated.study is None:
        return
    dated = stated.study.dated
    days: list[tuple[Path, date]] = [
        (("statements", i, "date"), statement.date) for i, statement in enumerate(stated.statements or ())
    ]
    days += [(("identical_rows", i, "date"), rows.date) for i, rows in enumerate(stated.identical_rows or ())]
    days += [
        (("inputs", i, "payments", j, "paid"), payment.paid)
        for i, source in enumerate(stated.inputs or ())
        for j, payment in enumerate(source.payments)
    ]
    for at, day in days:
        if day > dated:
            yield Fault(
                "E505", at, f"{day} is after {dated}, the date of the study", _DATED,
                "Correct the date, or write a later dated under [study].",
            )  # fmt: skip


def _statements(stated: Stated) -> Iterator[Fault]:
    """One question about one thing has one answer."""
    answers: dict[tuple[str, str], str] = {}
    for i, statement in enumerate(stated.statements or ()):
        first = answers.setdefault((statement.about, statement.question), statement.answer)
        if first != statement.answer:
            yield Fault(
                "E505", ("statements", i, "answer"),
                f"the question {shown(statement.question)} about {shown(statement.about)} is answered "
                f"{shown(first)} and {shown(statement.answer)}",
                "The dollars would end in two buckets.", "Keep the answer that is true.",
            )  # fmt: skip


def _final(stated: Stated) -> Iterator[Fault]:
    """A final study has chosen its method, is signed by two people and covers a year that is over."""
    study = stated.study
    if study is None or study.status != "final":
        return
    if stated.elections:
        for key, choices in (("method", '"asc" or "regular"'), ("reduced_credit", '"yes" or "no"')):
            if getattr(stated.elections, key) == "compare":
                yield Fault(
                    "E507", ("elections", key), f'{key} is still "compare" in a final study',
                    "A return claims one amount under one method.",
                    f"Write {key} = {choices} under [elections], or take the status back to draft.",
                )  # fmt: skip
    for key in ("prepared_by", "reviewed_by"):
        if not getattr(study, key).strip():
            yield Fault("E507", ("study", key), f"{key} is empty in a final study", _FINAL,
                        f'Add {key} = "name, title" under [study], or take the status back to draft.')  # fmt: skip
    if stated.taxpayer and not stated.taxpayer.ein:
        yield Fault("E507", ("taxpayer", "ein"), "ein is empty in a final study", _FINAL,
                    'Add ein = "12-3456789" with the right number, or take the status back to draft.')  # fmt: skip
    if stated.tax_years and study.dated <= stated.tax_years[-1].end:
        yield Fault(
            "E507", ("study", "dated"), f"the credit year ends on {stated.tax_years[-1].end}, after the study's date",
            _FINAL, 'Write the day the study is finished, or status = "estimate".',
        )  # fmt: skip


CHECKS: tuple[Callable[[Stated], Iterator[Fault]], ...] = (
    *CALENDAR_CHECKS,
    _amended,
    _basic_research,
    _components,
    _projects,
    _selectors,
    _workloads,
    _taxpayer,
    *INPUT_CHECKS,
    _dated,
    _statements,
    _final,
)
