"""The bench: hears rules, statements and the reviewer about one charge and determines it.

A charge is heard once for each place its component's people worked in, so it has one case or two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.determine import circumstances
from rdcredit.determine.gates import Gate, Standing, Verdict
from rdcredit.determine.project_map import activity_checks, open_points
from rdcredit.determine.reasons import NOBODY, Answers, combined, determined
from rdcredit.determine.rules import rules_in_force
from rdcredit.determine.selectors import Selected, Selectors
from rdcredit.determine.statements import Stated, Statements
from rdcredit.determine.workloads import TagReader, normalised
from rdcredit.ledger.records import BucketKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdcredit.cost.basis import Charge
    from rdcredit.determine.gates import Opinion
    from rdcredit.determine.reasons import Reviewed
    from rdcredit.determine.rules import Heard
    from rdcredit.determine.workloads import TagSet, Workload
    from rdcredit.errors import Problem
    from rdcredit.ledger.records import Determination
    from rdcredit.study.config import ComponentSettings, InputSettings, Study

GATES = (Gate.COST, Gate.RIGHT_TO_USE, Gate.TENANCY, Gate.ACTIVITY, Gate.PLACE, Gate.COMPONENT)
"""The gates of compute, in the order in which an exclusion names the bucket."""

_CLASSIFIER_ANSWERS = frozenset({"activity.unknown", "activity.80-percent.not-shown"})
"""Questions about what the work was: the only ones a classifier of tags can have a view on."""


@dataclass(frozen=True, slots=True)
class Case:
    """What became of one share of a charge, with everything that was heard."""

    share: Fraction
    determination: Determination
    opinions: tuple[Opinion, ...]
    circumstances: Mapping[str, str]
    open_to_classifier: bool
    """Held by nothing but the question what the work was."""
    overridden: tuple[str, ...] = ()
    """Statutory exclusions a reviewer passed over."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A charge's workload and tags, the component its selectors or a statement give it, and who said so."""

    workload: Workload
    tags: TagSet
    selected: Selected
    reading: circumstances.TagReading
    stated: Mapping[str, Stated]


class Bench:
    """Determines the charges of one bill; what was heard once is remembered."""

    def __init__(
        self,
        study: Study,
        us_share: Mapping[str, Fraction | None],
        source: str,
        settings: InputSettings | None,
        reviewed: Reviewed = NOBODY,
    ) -> None:
        self._study, self._us_share, self.source, self._reviewed = study, us_share, source, reviewed
        self._rules = rules_in_force(study.credit_year.begin)
        self._statements = Statements(study, self._rules.rules)
        self._answers = Answers(study.statements)
        self.tags = TagReader(study.workloads)
        self._selectors = Selectors(study.components, self.tags)
        self._tenancy = settings.tenancy if settings else ""
        self._placed: dict[tuple[str, ...], Placed] = {}
        self._cases: dict[tuple[object, ...], tuple[Case, ...]] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Statements that settle nothing: an answer the question does not take, or a contradiction."""
        return self._statements.problems

    def place(self, charge: Charge) -> Placed:
        """The charge's workload, tags and component."""
        columns = {name: charge.key[name] for name in ("account", "service", "service_family")}
        place = (*columns.values(), charge.key["tags"])
        if place not in self._placed:
            self._placed[place] = self._place(columns, charge.key["tags"])
        return self._placed[place]

    def cases(self, charge: Charge) -> tuple[Case, ...]:
        """The charge determined: one case, or one for each place its component's people worked in.

        Raises:
            Conflict: two rules of equal rank, or two of the reviewer's opinions, disagree.
        """
        placed = self.place(charge)
        facts = self._facts(charge, placed)
        heard = (placed.workload.id, *facts.values(), *((f, s.value) for f, s in placed.stated.items()))
        if heard not in self._cases:
            self._cases[heard] = self._hear(placed, facts)
        return self._cases[heard]

    def _place(self, columns: dict[str, str], text: str) -> Placed:
        tags = self.tags.read(text)
        workload = self.tags.workload(columns["account"], columns["service_family"], tags)
        around = (f"account:{workload.account}", f"input:{self.source}")
        first = self._statements.about((f"workload:{workload.id}", *around))
        selected = self._selectors.select(columns, tags)
        if "component_stated" in first:
            named = first["component_stated"].value
            selected = Selected(tuple(c for c in self._study.components if c.id == named), selected.values)
        component = selected.component
        subjects = (f"workload:{workload.id}", *((f"component:{component.id}",) if component else ()), *around)
        stated = self._statements.about(subjects)
        if component is None and "activity_stated" not in stated:
            stated |= self._project_activity(tags)
        return Placed(workload, tags, selected, circumstances.of_tags(tags, selected, self._study.workloads), stated)

    def _project_activity(self, tags: TagSet) -> dict[str, Stated]:
        """What ``[[projects]]`` says of a workload in no component."""
        for project in self._study.projects:
            if normalised(project.name) in tags.values.get("project", ()):
                return {"activity_stated": Stated(project.activity, f"stated for project {project.name} in study.toml")}
        return {}

    def _facts(self, charge: Charge, placed: Placed) -> dict[str, str]:
        facts = circumstances.of_charge(charge, self._study.taxpayer.accounting_method, self._tenancy)
        facts |= circumstances.of_component(placed.selected, charge.key["period"])
        facts |= {
            "environment": placed.reading.environment,
            "words": placed.reading.words,
            "domain_words": placed.reading.domain_words,
        }
        return facts

    def _hear(self, placed: Placed, facts: dict[str, str]) -> tuple[Case, ...]:
        component = placed.selected.component
        settled = _settled(placed.stated, facts["release"])
        known = facts | {fact: stated.value for fact, stated in settled.items()}
        by = {fact: stated.by for fact, stated in settled.items()}
        cases = [
            self._case(share, known | {"people": people}, by, placed)
            for people, share in self._places(component, known.get("people"))
        ]
        # Dollars that end in one bucket for one reason are not divided by place.
        if len({(c.determination.bucket, c.determination.counts_in, c.determination.rule) for c in cases}) == 1:
            return (replace(cases[0], share=Fraction(1)),)
        return tuple(cases)

    def _places(self, component: ComponentSettings | None, stated: str | None) -> list[tuple[str, Fraction]]:
        if stated:
            return [(stated, Fraction(1))]
        share = self._us_share.get(component.id) if component else None
        if share is None:
            return [(circumstances.UNKNOWN, Fraction(1))]
        if not 0 <= share <= 1:
            raise ValueError(f"a share of time in the United States is {share}")
        both = [(circumstances.US, share), (circumstances.ABROAD, 1 - share)]
        return [(people, part) for people, part in both if part]

    def _case(self, share: Fraction, facts: dict[str, str], by: dict[str, str], placed: Placed) -> Case:
        component = placed.selected.component
        heard = self._rules.hear(facts, by)
        checks = self._checks(heard, component)
        reviewed = self._reviewer(placed)
        made = determined(
            checks, GATES, component.id if component else "", reviewed=reviewed, open_points=open_points(component)
        )
        if component is None and made.bucket.kind is BucketKind.QUALIFIED:
            # Nobody's opinion qualifies a dollar that belongs to no component.
            others = [o for o in reviewed if o.gate is not Gate.COMPONENT]
            made = determined(checks, GATES, "", reviewed=others)
        made = replace(made, road_not_taken=tuple(dict.fromkeys((*made.road_not_taken, *heard.set_aside))))
        spoken_for = {o.gate: o for o in reviewed}
        decisive = [o for o in combined(checks) if o.gate not in spoken_for] + list(reviewed)
        held = [o for o in decisive if o.verdict is Verdict.HELD]
        return Case(
            share=share,
            determination=made,
            opinions=(*reviewed, *checks),
            circumstances=facts,
            open_to_classifier=made.bucket.kind is BucketKind.HELD
            and all(o.rule in _CLASSIFIER_ANSWERS and o.could_qualify for o in held),
            overridden=tuple(
                o.rule
                for o in checks
                if o.verdict is Verdict.EXCLUDED
                and o.gate in spoken_for
                and spoken_for[o.gate].verdict is not Verdict.EXCLUDED
            ),
        )

    def _checks(self, heard: Heard, component: ComponentSettings | None) -> tuple[Opinion, ...]:
        """The rules' opinions, and what is stated about the component's own tests."""
        if component is None:
            return heard.opinions
        return (*heard.opinions, *activity_checks(component, self._answers))

    def _reviewer(self, placed: Placed) -> tuple[Opinion, ...]:
        component = placed.selected.component
        subjects = (f"workload:{placed.workload.id}", *((f"component:{component.id}",) if component else ()))
        spoken: dict[Gate, str] = {}
        return tuple(
            o
            for subject in subjects
            for o in self._reviewed.get(subject, ())
            if o.gate in GATES and o.standing is Standing.REVIEWER and spoken.setdefault(o.gate, subject) == subject
        )


def _settled(stated: Mapping[str, Stated], read: str) -> dict[str, Stated]:
    """The stated circumstances that apply, with what is stated of a release where that is the question.

    An answer about the month of the release does not undo the release in a later month, and the
    uncertainty of work after a release says nothing of a month before it.
    """
    applied = {fact: s for fact, s in stated.items() if not fact.startswith("release")}
    of_month, of_later = stated.get("release_month"), stated.get("release_later")
    if read == "release month" and of_month:
        applied["release"] = of_month
        read = of_month.value
    if read == "after" and of_later:
        applied["release"] = of_later
    return applied
