"""Statements that settle nothing: about an unknown subject, a question nobody asks, or without an answer.

A statement is how a person settles held dollars, so one that is never heard is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdcredit.determine.gates import Verdict
from rdcredit.determine.names import fold
from rdcredit.determine.reasons import reasons
from rdcredit.determine.rules import rules_in_force
from rdcredit.determine.statements import names_of_questions
from rdcredit.errors import Problem, shown
from rdcredit.study.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdcredit.ledger.records import Part
    from rdcredit.study.config import Statement, Study

_WHY = "A statement that settles nothing leaves the dollars held while its author believes they are settled."


def unheard_statements(study: Study, parts: Sequence[Part]) -> list[Problem]:
    """E502 for each statement whose subject, question or answer nothing in the study asks for."""
    if not study.statements:
        return []
    subjects = {fold(name): name for name in _subjects(study, parts)}
    questions = _questions(study, parts)
    found = []
    for statement in study.statements:
        if fold(statement.about) not in subjects:
            near = nearest(statement.about, subjects.values())
            fix = f'Write about = "{near}".' if near else "Name a subject as rdcredit classify prints it."
            found.append(_problem(f"is about {shown(statement.about)}, which is not in the study", fix))
        if not any(pattern.fullmatch(fold(statement.question)) for pattern in questions.values()):
            near = nearest(statement.question, questions)
            fix = f'Write question = "{near}".' if near else "Copy the question as rdcredit classify prints it."
            found.append(_problem(f"answers {shown(statement.question)}, which nothing asks", fix))
        elif allowed := _not_an_answer(statement):
            found.append(
                _problem(
                    f"about {shown(statement.about)} answers with {shown(statement.answer)}",
                    f"Write one of: {', '.join(allowed)}.",
                )
            )
    return found


def _problem(what: str, fix: str) -> Problem:
    return Problem("E502", "study.toml", f"a statement {what}", _WHY, fix)


def _subjects(study: Study, parts: Iterable[Part]) -> Iterable[str]:
    """Everything a statement may be about, with and without the word for its kind."""
    named = {part.subject for part in parts}
    yield from ("taxpayer", *named, *(f"workload:{name}" for name in named))
    yield from (name.partition(":")[2] for name in named if ":" in name)
    yield from (name.partition(" | ")[0] for name in named if " | " in name)
    for component in study.components:
        yield from (component.id, f"component:{component.id}", *component.projects)
        yield from (f"project:{name}" for name in component.projects)
    for project in study.projects:
        yield from (project.name, f"project:{project.name}")
    for entry in study.inputs:
        yield from (name for name in (entry.id, entry.path, f"input:{entry.id}") if name)
    for part in parts:
        yield from re.findall(r'"(?:vendor|project)":"([^"]+)"', part.tags)


def _questions(study: Study, parts: Iterable[Part]) -> dict[str, re.Pattern[str]]:
    """Every way to name a question, by the words a user would write."""
    names = set(names_of_questions(rules_in_force(study.credit_year.begin).rules))
    for reason in reasons().values():
        if reason.verdict == Verdict.HELD:
            names |= {reason.id, reason.name, reason.question}
    names |= {question for part in parts for question in part.determination.questions}
    return {name: re.compile(_pattern(name)) for name in sorted(names) if name}


def _pattern(name: str) -> str:
    return ".*".join(re.escape(fold(piece)) if piece.strip() else "" for piece in re.split(r"\{[^}]*\}", name))


def _not_an_answer(statement: Statement) -> list[str]:
    """The answers a question about people, contracts or supplies takes, where this is none of them."""
    asked = fold(statement.question)
    for reason in reasons().values():
        names = {fold(n) for n in (reason.id, reason.name, reason.question) if n}
        if reason.verdict == Verdict.HELD and asked in names and reason.reads(statement.answer) is None:
            return sorted(reason.answers) or ["yes", "no"]
    return []
