"""Projects: which business component a project belongs to, and whether that component's work qualifies.

A project named in time, contractor and supply records is looked up in the components' ``projects``
first and then in ``[[projects]]``. Whoever is in neither is held: nothing is guessed from a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from rdcredit.determine.gates import Gate, Opinion, Standing, Verdict
from rdcredit.determine.names import fold
from rdcredit.determine.reasons import reasons, table
from rdcredit.determine.spans import ONE_DAY, Span
from rdcredit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from rdcredit.determine.reasons import Answers
    from rdcredit.study.config import ComponentSettings, Study

Effect = Literal["excluded", "after_release", "development", "research", "leave"]
Phase = Literal["before", "development", "after", "unknown"]
"""Where work lies in the life of its component: before it began, in its development, after its
release; unknown where no day is recorded and the taxable year has more than one of these."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What a piece of work is, beside its component: see the head of ``data/activities.toml``."""

    id: str
    effect: Effect
    name: str
    authority: str
    words: tuple[str, ...] = ()

    def exclusion(self, where: str) -> Opinion:
        """The activity as a statutory exclusion at the activity gate."""
        return Opinion(
            gate=Gate.ACTIVITY,
            verdict=Verdict.EXCLUDED,
            standing=Standing.EXCLUSION,
            rule=f"activity.{self.id}",
            why=f"{where} is {self.name}.",
            authority=self.authority,
            name=self.name,
        )


@cache
def activities() -> Mapping[str, Activity]:
    """Every known activity by id."""
    entries = (Activity(**{**e, "words": tuple(e.get("words", ()))}) for e in table("activities")["activities"])
    return MappingProxyType({a.id: a for a in entries})


@cache
def _by_word() -> Mapping[str, Activity]:
    return MappingProxyType({fold(word): a for a in activities().values() for word in a.words})


def activity_in_words(text: str) -> Activity | None:
    """The activity a time record names in so many words, or None.

    Only the whole text counts: *maintenance* is maintenance, *research on maintenance* is not.
    """
    return _by_word().get(fold(text))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one project belongs: components that list it, and what ``[[projects]]`` says of it."""

    project: str
    components: tuple[ComponentSettings, ...] = ()
    activity: Activity | None = None

    @property
    def component(self) -> ComponentSettings | None:
        """The one component the project belongs to, where there is exactly one."""
        return self.components[0] if len(self.components) == 1 else None

    @property
    def component_id(self) -> str:
        """The id of that component, or an empty text."""
        return self.component.id if self.component else ""

    @property
    def about(self) -> tuple[str, ...]:
        """The subjects a statement or decision about the project may name, the nearest first."""
        subjects = (f"project:{self.project}",) if self.project else ()
        return (*subjects, f"component:{self.component_id}") if self.component else subjects

    @property
    def is_leave(self) -> bool:
        """Whether ``[[projects]]`` calls the project leave."""
        return self.activity is not None and self.activity.effect == "leave" and not self.components


class ProjectMap:
    """The projects of ``study.toml``, looked up by folded name; ``problems`` are unknown activities."""

    def __init__(self, study: Study) -> None:
        self._components: dict[str, list[ComponentSettings]] = {}
        self._activities: dict[str, Activity] = {}
        self._names: dict[str, str] = {}
        for component in study.components:
            for name in dict.fromkeys(fold(p) for p in component.projects):
                self._components.setdefault(name, []).append(component)
            self._names.update((fold(p), p.strip()) for p in component.projects)
        problems: list[Problem] = []
        for project in study.projects:
            self._names.setdefault(fold(project.name), project.name.strip())
            if project.activity in activities():
                self._activities[fold(project.name)] = activities()[project.activity]
            else:
                problems.append(_unknown_activity(project.name, project.activity))
        self.problems = tuple(problems)

    def place(self, project: str) -> Placement:
        """Where a project written in any spelling of its folded name belongs."""
        key = fold(project)
        return Placement(
            project=self._names.get(key, project.strip()),
            components=tuple(self._components.get(key, ())),
            activity=self._activities.get(key),
        )


def _unknown_activity(project: str, activity: str) -> Problem:
    return Problem(
        "E502",
        "study.toml",
        f"[[projects]] {shown(project)} has the activity {shown(activity)}, which is not known",
        "Time and payments on the project are held until its activity is known.",
        f"Write one of: {', '.join(sorted(activities()))}.",
    )


def unmapped(projects: Iterable[str], mapped: ProjectMap) -> tuple[Problem, ...]:
    """One problem for each project that is in no component and no entry of ``[[projects]]``."""
    written: dict[str, str] = {}
    for project in projects:
        if fold(project) and not (mapped.place(project).components or mapped.place(project).activity):
            written.setdefault(fold(project), project.strip())
    return tuple(
        Problem(
            "E353",
            "study.toml",
            f"project {shown(name)} is in no component and in no entry of [[projects]]",
            "Wages, payments and purchases of the project are held.",
            "Add it to the projects of a component, or to [[projects]] with what it is.",
            held=True,
        )
        for name in written.values()
    )


def placement_checks(placement: Placement, answers: Answers) -> tuple[Opinion, ...]:
    """The opinions of the gates component and activity for work on a project.

    A component's own activity gate is passed when it is stated to meet the 80 % test, closed when it
    is stated not to, and held while that is not shown (IRC 41(d)(1)(C)). Research stated to be funded
    and software for internal use or of dual function are held. An excluded activity of a project in
    no component is excluded without asking for a component.
    """
    about, activity, component = placement.about, placement.activity, placement.component
    quoted = f'"{placement.project}"'
    if component and activity:
        facts = {"project": quoted, "component": component.id, "activity": activity.name}
        held = answers.opinion("component.contradiction", about, **facts)
        return (held, *activity_checks(component, answers))
    if component:
        known = reasons()["component.known"].opinion(project=quoted, component=component.id)
        return (known, *activity_checks(component, answers))
    if activity and activity.effect in ("excluded", "after_release") and not placement.components:
        return (reasons()["component.not-asked"].opinion(), activity.exclusion(f"Project {quoted}"))
    return (_which_component(placement, quoted), reasons()["activity.unknown"].opinion())


def _which_component(placement: Placement, quoted: str) -> Opinion:
    """The open question of a project without a component; only ``study.toml`` itself can settle it."""
    if not placement.project:
        return reasons()["component.blank"].opinion()
    if placement.components:
        ids = ", ".join(c.id for c in placement.components)
        return reasons()["component.several"].opinion(project=quoted, components=ids)
    if placement.activity:
        return reasons()["component.activity-only"].opinion(project=quoted, activity=placement.activity.name)
    return reasons()["component.none"].opinion(project=quoted)


def phases(component: ComponentSettings | None, span: Span) -> tuple[tuple[Span, Phase], ...]:
    """The days of a span, divided at the beginning and the release of a component.

    The day of the release is still development: section 41(d)(4)(A) speaks of research after it.
    """
    if component is None or (component.began is None and component.released is None):
        return ((span, "development"),)
    if span.begin == span.end:  # most time is recorded by the day
        return ((span, _phase(component, span.begin)),)
    began, released = component.began, component.released
    turns = (*((began,) if began else ()), *((released + ONE_DAY,) if released else ()))
    return tuple((piece, _phase(component, piece.begin)) for piece in span.cut(turns))


def _phase(component: ComponentSettings, day: date) -> Phase:
    if component.released is not None and day > component.released:
        return "after"
    return "before" if component.began is not None and day < component.began else "development"


def undated_phase(component: ComponentSettings | None, year: Span) -> Phase:
    """The phase of work or cost of the year whose days nobody recorded."""
    possible = {phase for _, phase in phases(component, year)}
    return possible.pop() if len(possible) == 1 else "unknown"


def phase_checks(
    placement: Placement, phase: Phase, answers: Answers, about: Sequence[str] = ()
) -> tuple[Opinion, ...]:
    """What the day of the work says of the activity gate, once its component is known.

    ``about`` lists subjects a statement may name before the project and its component.
    """
    reason = {
        "before": "activity.before-component",
        "after": "activity.after-release",
        "unknown": "activity.undated",
    }.get(phase)
    if reason is None or placement.component is None:
        return ()
    return (answers.opinion(reason, (*about, *placement.about), component=placement.component_id),)


def activity_checks(component: ComponentSettings, answers: Answers) -> tuple[Opinion, ...]:
    """What the statements about one component say of the activity gate."""
    about, facts = (f"component:{component.id}",), {"component": component.id}
    source = component.meets_80_percent_source.strip() or "study.toml"
    test = {
        "yes": "activity.80-percent.met",
        "no": "activity.80-percent.failed",
        "not shown": "activity.80-percent.not-shown",
    }[component.meets_80_percent]
    checks = [answers.opinion(test, about, source=source, **facts)]
    if component.funded is not None:
        funded = "activity.funded" if component.funded else "activity.not-funded"
        checks.append(answers.opinion(funded, about, **facts))
    if component.kind == "software" and component.use in ("internal", "dual"):
        use = "activity.internal-use" if component.use == "internal" else "activity.dual-function"
        checks.append(answers.opinion(use, about, **facts))
    return tuple(checks)


def open_points(component: ComponentSettings | None) -> tuple[str, ...]:
    """Questions about a component that hold no dollar but must be answered before a study is final.

    Unknown funding and unknown use of software are such questions: most companies that develop
    their own product have neither customer funding nor internal-use software, so holding every
    dollar would hide the questions that matter; but the answer is never presumed, and the dollars
    that rest on it are a finding that blocks a final study. The same holds for an 80 % statement
    that names no source. What is stated (funded, internal, dual) does hold.
    """
    if component is None:
        return ()
    open_ids = []
    if component.meets_80_percent == "yes" and not component.meets_80_percent_source.strip():
        open_ids.append("activity.80-percent.no-basis")
    if component.funded is None:
        open_ids.append("activity.funding-not-stated")
    if component.kind == "software" and component.use == "unknown":
        open_ids.append("activity.use-not-stated")
    return tuple(reasons()[i].name for i in open_ids)
