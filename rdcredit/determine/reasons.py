"""Reasons: the cited rules of wages, contracts and supplies, and what settles their questions.

The rules are data (``data/*.toml``). A reason speaks about one gate: *passes*, *excluded* (with the
name the bucket gets) or *held* (with the question). A held reason may be settled by a statement in
``study.toml`` that answers its question ``asks`` with yes (the check passes) or no (the exclusion
named by ``no`` applies, where there is one). A question that compute asks as well has compute's own
name (``question``) and answers (``answers``, each a *yes* or a *no*), so that one statement settles
it for every kind of cost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rdcredit.determine.gates import QUESTION_ORDER, Gate, Opinion, Standing, Verdict, decide
from rdcredit.determine.names import fold
from rdcredit.ledger.records import BucketKind, Determination, View

if TYPE_CHECKING:
    from rdcredit.study.config import Statement

_DATA = Path(__file__).parent / "data"
TABLES = ("people", "activities", "contracts", "supplies")

Reviewed = Mapping[str, tuple[Opinion, ...]]
"""The reviewer's opinions by subject (``person:E014``, ``contract:C-3``, ``project:atlas``, ``component:atlas``)."""

NOBODY: Reviewed = MappingProxyType({})

_STANDINGS = {
    Verdict.PASSES: Standing.POSITIVE,
    Verdict.EXCLUDED: Standing.EXCLUSION,
    Verdict.HELD: Standing.QUESTION,
}
_YES, _NO = frozenset({"yes", "y", "true"}), frozenset({"no", "n", "false"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One cited rule about one gate; ``why`` is a sentence with places for the facts."""

    id: str
    gate: Gate
    verdict: Verdict
    authority: str
    why: str
    name: str = ""
    asks: str = ""
    no: str = ""
    could_qualify: bool = True
    question: str = ""
    """A further name of the question, under which a statement may answer it."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """The answers a statement may give, each with *yes* or *no*; plain yes and no where there are none."""

    def opinion(self, **facts: str) -> Opinion:
        """The reason as an opinion about a subject with these facts."""
        return Opinion(
            gate=self.gate,
            verdict=self.verdict,
            standing=_STANDINGS[self.verdict],
            rule=self.id,
            why=self.why.format(**facts),
            authority=self.authority,
            name=self.name,
            could_qualify=self.could_qualify,
        )

    def reads(self, answer: str) -> bool | None:
        """Whether a statement's answer is a yes or a no to the question; None where it is neither."""
        said = fold(answer)
        if self.answers:
            said = {fold(text): meant for text, meant in self.answers.items()}.get(said, "")
        return True if said in _YES else False if said in _NO else None


@cache
def table(name: str) -> dict[str, Any]:
    """One of the data files, as read."""
    with (_DATA / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream, parse_float=Decimal)


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason of every data file by id.

    Raises:
        ValueError: an id is used twice, a *no* names nothing or another gate, or a name is missing.
    """
    found: dict[str, Reason] = {}
    for entry in (e for name in TABLES for e in table(name)["reasons"]):
        reason = Reason(**{**entry, "gate": Gate(entry["gate"]), "verdict": Verdict(entry["verdict"])})
        if reason.id in found:
            raise ValueError(f"reason {reason.id} is defined twice")
        found[reason.id] = reason
    for reason in found.values():
        if bool(reason.name) != (reason.verdict != Verdict.PASSES):
            raise ValueError(f"reason {reason.id} needs a name exactly when it does not pass its gate")
        other = found.get(reason.no) if reason.no else None
        if reason.no and (other is None or other.gate != reason.gate or other.verdict != Verdict.EXCLUDED):
            raise ValueError(f"reason {reason.id}: no = {reason.no} is not an exclusion of the same gate")
    return MappingProxyType(found)


class Answers:
    """The statements of ``study.toml``, looked up by what they are about and the question they settle."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._by_question: dict[tuple[str, str], list[Statement]] = {}
        for statement in statements:
            key = (fold(statement.about), fold(statement.question))
            self._by_question.setdefault(key, []).append(statement)

    def opinion(self, reason_id: str, about: Sequence[str], **facts: str) -> Opinion:
        """The reason, or what a statement about one of ``about`` makes of its question.

        ``about`` holds subjects such as ``person:E014``, the nearest first; a statement may name
        the subject or the id alone, and the question by the reason's id or its name. Statements that
        contradict each other, or give no answer the question takes, settle nothing.
        """
        reason = reasons()[reason_id]
        if reason.verdict == Verdict.HELD:
            for statement in self._found(reason, about):
                settled = _settled(reason, statement, facts)
                if settled is not None:
                    return settled
        return reason.opinion(**facts)

    def _found(self, reason: Reason, about: Sequence[str]) -> Iterable[Statement]:
        for subject in about:
            abouts = dict.fromkeys((fold(subject), fold(subject.partition(":")[2])))
            names = [fold(n) for n in (reason.id, reason.name, reason.question) if n]
            keys = [(a, name) for a in abouts for name in names]
            here = [s for key in keys for s in self._by_question.get(key, ())]
            if here and len({fold(s.answer) for s in here}) == 1:
                yield here[0]


def _settled(reason: Reason, statement: Statement, facts: Mapping[str, str]) -> Opinion | None:
    source = f"{statement.by}, {statement.date.isoformat()}" + (f", {statement.document}" if statement.document else "")
    meant = reason.reads(statement.answer)
    if meant:
        why = f"{reason.asks} Yes, as stated by {source}."
        return replace(
            reason.opinion(**facts), verdict=Verdict.PASSES, standing=Standing.POSITIVE, why=why, name="",
            rule=f"{reason.id}.stated",
        )  # fmt: skip
    if meant is False and reason.no:
        opinion = reasons()[reason.no].opinion(**facts)
        return replace(opinion, why=f"{opinion.why} Stated by {source}.")
    return None


def combined(checks: Iterable[Opinion]) -> tuple[Opinion, ...]:
    """The opinions about each gate, where a gate made of several checks passes only if every check does.

    A gate with exclusions keeps the first; else one with questions keeps them all; else its passed
    checks become one opinion that names all their facts.
    """
    by_gate: dict[Gate, list[Opinion]] = {}
    for check in checks:
        by_gate.setdefault(check.gate, []).append(check)
    result: list[Opinion] = []
    for here in by_gate.values():
        excluded = [c for c in here if c.verdict == Verdict.EXCLUDED]
        held = [c for c in here if c.verdict == Verdict.HELD]
        result.extend(excluded[:1] or held or [_joined(here)])
    return tuple(result)


def _joined(passed: Sequence[Opinion]) -> Opinion:
    return replace(
        passed[0],
        why=" ".join(dict.fromkeys(p.why for p in passed)),
        authority="; ".join(dict.fromkeys(p.authority for p in passed)),
    )


def determined(
    checks: Sequence[Opinion],
    gates: Sequence[Gate],
    component: str,
    *,
    reviewed: Sequence[Opinion] = (),
    open_points: Sequence[str] = (),
) -> Determination:
    """The determination of one subject; ``gates`` in the order in which an exclusion names the bucket.

    Beyond :func:`~rdcredit.determine.gates.decide`: every check of a gate must pass; a held dollar
    lists every open question and a qualified one says why each gate is passed; an excluded dollar
    asks nothing and lists the other exclusions that would have applied. ``open_points`` are
    questions that hold nothing but stay open.

    Raises:
        Conflict: two of the reviewer's opinions disagree.
    """
    opinions = (*reviewed, *combined(checks))
    spoken_for = {o.gate for o in reviewed}
    base = decide(opinions, gates, component)
    if base.bucket.kind == BucketKind.EXCLUDED:
        others = (c for c in checks if c.verdict == Verdict.EXCLUDED and c.rule != base.rule)
        also = tuple(f"{c.gate}: excluded ({c.name}) by {c.rule}" for c in others if c.gate not in spoken_for)
        return replace(base, questions=(), road_not_taken=tuple(dict.fromkeys(base.road_not_taken + also)))
    decisive = [o for gate in gates for o in opinions if o.gate == gate and (gate not in spoken_for or o in reviewed)]
    if base.bucket.kind == BucketKind.HELD:
        held = [o for o in decisive if o.verdict == Verdict.HELD]
        held.sort(key=lambda o: QUESTION_ORDER.index(o.gate))
        names = dict.fromkeys((*(o.name for o in held), *base.questions, *open_points))
        counts_in = base.counts_in if all(o.could_qualify for o in held) else None
        return replace(base, questions=tuple(names), counts_in=counts_in)
    passed = _joined(decisive)
    return replace(base, why=passed.why, authority=passed.authority, questions=tuple(open_points))


def could_count(determination: Determination) -> bool:
    """Whether the dollars enter the credit in any view."""
    return determination.counts_in is not None


def counts_in(determination: Determination, view: View) -> bool:
    """Whether the dollars are in ``view``; the views are cumulative."""
    order = tuple(View)
    return determination.counts_in is not None and order.index(determination.counts_in) <= order.index(view)
