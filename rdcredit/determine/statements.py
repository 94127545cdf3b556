"""Statements about compute: facts a person states in ``study.toml`` that settle a question.

A statement settles a circumstance, never a bucket: the rules are heard again with it, and every
opinion that rests on it carries the person's name. Which answers a question takes is data
(``data/statements.toml``).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rdcredit.determine.gates import Verdict
from rdcredit.determine.names import fold
from rdcredit.determine.rules import DATA
from rdcredit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdcredit.determine.rules import Rule
    from rdcredit.study.config import Statement, Study


@dataclass(frozen=True, slots=True)
class Stated:
    """A circumstance as a statement gives it, and who stated it."""

    value: str
    by: str


@cache
def _questions() -> dict[str, dict[str, Any]]:
    with (DATA / "statements.toml").open("rb") as stream:
        return {entry["id"]: entry for entry in tomllib.load(stream)["questions"]}


def who(statement: Statement) -> str:
    """The person behind a statement, its date and document, as an authority line names them."""
    document = f", {statement.document}" if statement.document else ""
    return f"stated by {statement.by}, {statement.date.isoformat()}{document}"


class Statements:
    """The statements of one study that answer questions about compute.

    ``problems`` are E502 for an answer its question does not take; such a statement settles
    nothing. Statements on questions that compute does not ask belong to other rooms.
    """

    def __init__(self, study: Study, rules: Sequence[Rule]) -> None:
        self._components = {fold(c.id): c.id for c in study.components}
        self._reasons = {
            fold(code): code
            for rule in rules
            for condition in rule.conditions
            if condition.fact == "activity_stated" and condition.equals
            for code in condition.equals
        }
        names = names_of_questions(rules)
        self._about: dict[str, list[tuple[str, Statement, Mapping[str, str]]]] = {}
        problems = []
        for statement in study.statements:
            question = names.get(fold(statement.question))
            if question is None:
                continue
            sets = self._circumstances(question, statement.answer)
            if sets is None:
                problems.append(self._not_an_answer(question, statement))
            else:
                self._about.setdefault(_subject(statement.about), []).append((question, statement, sets))
        self.problems = (*problems, *self._contradictions())

    def about(self, subjects: Sequence[str]) -> dict[str, Stated]:
        """What is stated about any of the subjects; the nearest subject, named first, prevails."""
        found: dict[str, Stated] = {}
        for subject in subjects:
            here: dict[str, Stated] = {}
            for _, statement, sets in self._about.get(_subject(subject), ()):
                here |= {fact: Stated(value, who(statement)) for fact, value in sets.items()}
            found = here | found
        return found

    def _circumstances(self, question: str, answer: str) -> Mapping[str, str] | None:
        entry = _questions()[question]
        if "answers" in entry:
            answers = {fold(text): sets for text, sets in entry["answers"].items()}
            sets: Mapping[str, str] | None = answers.get(fold(answer))
            return sets
        known = self._components if entry["free"]["must_be"] == "component" else self._reasons
        value = known.get(fold(answer))
        return None if value is None else {entry["free"]["sets"]: value}

    def _not_an_answer(self, question: str, statement: Statement) -> Problem:
        entry = _questions()[question]
        free = {"component": self._components, "reason": self._reasons}
        allowed = entry.get("answers") or free[entry["free"]["must_be"]].values()
        return Problem(
            "E502",
            "study.toml",
            f"the statement about {shown(statement.about)} answers the question {question} "
            f"with {shown(statement.answer)}",
            why="An answer the question does not take settles nothing; the dollars stay held.",
            fix=f"Write one of: {', '.join(sorted(allowed))}.",
        )

    def _contradictions(self) -> tuple[Problem, ...]:
        problems = []
        for about, entries in self._about.items():
            by_question: dict[str, list[tuple[Statement, Mapping[str, str]]]] = {}
            for question, statement, sets in entries:
                by_question.setdefault(question, []).append((statement, sets))
            for question, here in by_question.items():
                if any(sets != here[0][1] for _, sets in here):
                    problems.append(_contradiction(about, question, [statement for statement, _ in here]))
        return tuple(problems)


def _subject(about: str) -> str:
    """A subject as compared; a kind written before it (``workload:``) is optional."""
    folded = fold(about)
    kind, colon, rest = folded.partition(":")
    return rest.strip() if colon and kind in {"workload", "component", "account", "input", "source"} else folded


def names_of_questions(rules: Sequence[Rule]) -> dict[str, str]:
    """Every way to name a question: its id, a rule that asks it, the bucket's name."""
    names = {fold(question): question for question in _questions()}
    for rule in rules:
        if rule.question:
            names.setdefault(fold(rule.id), rule.question)
            if rule.verdict is Verdict.HELD and "{" not in rule.name:
                names.setdefault(fold(rule.name), rule.question)
    return names


def _contradiction(about: str, question: str, statements: Sequence[Statement]) -> Problem:
    answers = " and ".join(f"{shown(s.answer)} ({s.by})" for s in statements)
    return Problem(
        "E505",
        "study.toml",
        f"statements about {shown(about)} answer the question {question} with {answers}",
        why="Only one of them can be the fact the credit rests on.",
        fix="Remove the statement that is not true.",
    )
