"""Rules of compute as cited, dated data: what they match, what they say, and which rules they except.

A rule speaks about one gate when all its conditions hold. A rule that names others in ``except_to``
takes their place where both match (rule and exception); a rule in force in another year is not read.
A statutory exclusion goes before a positive rule. A positive rule and a question that meet with no
exception between them are of equal rank and disagree: an error naming both. Exclusions that overlap
agree that the dollars are out: the first names the bucket and all are listed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase, translate
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdcredit.citation import Grade
from rdcredit.determine.gates import Conflict, Gate, Opinion, Standing, Verdict
from rdcredit.determine.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DATA = Path(__file__).parent / "data"
FILES = ("components", "charges", "services", "tenancy", "place", "activity")
"""The rule files, in the order in which their rules are consulted."""

FACTS = frozenset(
    {
        "activity_stated", "amount", "began", "charge_category", "charge_frequency", "commitment", "commitment_status",
        "component", "component_stated", "components", "components_matched", "currency", "domain_words", "environment",
        "method", "paid", "people", "provider", "provider_family", "publisher", "region", "region_place", "release",
        "repeated", "right_to_use_stated", "service", "service_family", "span", "tenancy_of_input", "tenancy_stated",
        "third_party", "timing", "usage_type", "words",
    }
)  # fmt: skip
"""Every circumstance a rule may ask about; a rule that asks for another is refused when read."""

_STANDINGS = {
    Verdict.PASSES: Standing.POSITIVE,
    Verdict.EXCLUDED: Standing.EXCLUSION,
    Verdict.HELD: Standing.QUESTION,
}
_WORD_FACTS = frozenset({"words", "domain_words"})
"""Texts of whole words between blanks, already folded; see :mod:`rdcredit.determine.circumstances`."""
_NEVER, _ALWAYS = re.compile(r"(?!)"), re.compile("")


@dataclass(frozen=True, slots=True)
class Condition:
    """What one circumstance must be; every part that is given must hold.

    ``equals`` and ``differs`` compare folded text, ``like`` uses ``*`` and ``?``; ``any``, ``also``
    and ``none`` look for whole words or phrases.
    """

    fact: str
    equals: frozenset[str] | None = None
    differs: frozenset[str] = frozenset()
    like: re.Pattern[str] = _ALWAYS
    unlike: re.Pattern[str] = _NEVER
    any: re.Pattern[str] = _ALWAYS
    also: re.Pattern[str] = _ALWAYS
    none: re.Pattern[str] = _NEVER

    def holds(self, value: str) -> bool:
        """Whether a folded value of the circumstance satisfies the condition."""
        return (
            (self.equals is None or value in self.equals)
            and value not in self.differs
            and self.like.match(value) is not None
            and self.unlike.match(value) is None
            and self.any.search(value) is not None
            and self.also.search(value) is not None
            and self.none.search(value) is None
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the data files; ``name`` and ``why`` may hold circumstances in braces."""

    id: str
    gate: Gate
    verdict: Verdict
    authority: str
    why: str
    conditions: tuple[Condition, ...]
    name: str = ""
    could_qualify: bool = True
    fallback: bool = False
    """A question asked only where no other rule speaks about the gate."""
    question: str = ""
    """Id in ``data/statements.toml`` of the question that settles the rule."""
    except_to: tuple[str, ...] = ()
    first_year: date = date.min
    """In force for tax years that begin on or after this day,"""
    last_year: date = date.max
    """and on or before this one."""
    source: str = ""
    grade: Grade = Grade.PRIMARY

    def matches(self, facts: Mapping[str, str]) -> bool:
        """Whether every condition holds; circumstances are folded text."""
        return all(condition.holds(facts.get(condition.fact, "")) for condition in self.conditions)

    def excepts(self, other: Rule) -> bool:
        """Whether this rule takes the other's place where both match."""
        return any(fnmatchcase(other.id, pattern) for pattern in self.except_to)

    def opinion(self, shown: Mapping[str, str], stated: Mapping[str, str]) -> Opinion:
        """The rule about one subject; ``stated`` names who stated a circumstance the rule rests on."""
        by = dict.fromkeys(stated[c.fact] for c in self.conditions if c.fact in stated)
        return Opinion(
            gate=self.gate,
            verdict=self.verdict,
            standing=_STANDINGS[self.verdict],
            rule=self.id,
            why=self.why.format_map(shown),
            authority="; ".join((self.authority, *by)),
            name=self.name.format_map(shown),
            could_qualify=self.could_qualify,
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rules say of one subject: opinions for the gates, and what was set aside on the way."""

    opinions: tuple[Opinion, ...]
    set_aside: tuple[str, ...]


class RuleBook:
    """Rules read together: what matches is remembered by the circumstances each gate looks at."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        gates = dict.fromkeys(rule.gate for rule in self.rules)
        self._by_gate = {gate: tuple(rule for rule in self.rules if rule.gate is gate) for gate in gates}
        self._facts = {
            gate: tuple(sorted({c.fact for rule in rules for c in rule.conditions}))
            for gate, rules in self._by_gate.items()
        }
        self._excepted = {
            rule.id: frozenset(other.id for other in self.rules if rule.excepts(other)) for rule in self.rules
        }
        self._matching: dict[tuple[str, ...], tuple[Rule, ...]] = {}

    def hear(self, shown: Mapping[str, str], stated: Mapping[str, str] | None = None) -> Heard:
        """The opinions of every rule that matches, exceptions applied.

        ``shown`` holds the circumstances as they are printed; they are compared folded. ``stated`` maps
        circumstances that rest on a statement to who made it.

        Raises:
            Conflict: one rule passes a gate another asks about, and neither excepts the other.
        """
        folded = {name: value if name in _WORD_FACTS else _folded(value) for name, value in shown.items()}
        matching = [rule for gate in self._by_gate for rule in self._matching_at(gate, folded)]
        kept, set_aside = self._exceptions_applied(matching)
        opinions: list[Opinion] = []
        for gate in dict.fromkeys(rule.gate for rule in kept):
            here = [rule for rule in kept if rule.gate is gate]
            heard, more = _one_gate(here, [rule.opinion(shown, stated or {}) for rule in here])
            opinions += heard
            set_aside += more
        return Heard(tuple(opinions), tuple(set_aside))

    def _matching_at(self, gate: Gate, folded: Mapping[str, str]) -> tuple[Rule, ...]:
        asked = (gate, *(folded.get(fact, "") for fact in self._facts[gate]))
        if asked not in self._matching:
            self._matching[asked] = tuple(rule for rule in self._by_gate[gate] if rule.matches(folded))
        return self._matching[asked]

    def _exceptions_applied(self, matching: Sequence[Rule]) -> tuple[list[Rule], list[str]]:
        kept, set_aside = [], []
        for rule in matching:
            over = next((other for other in matching if rule.id in self._excepted[other.id]), None)
            if over is None:
                kept.append(rule)
            else:
                set_aside.append(f"{rule.gate}: {rule.verdict} by {rule.id}, set aside by {over.id}")
        return kept, set_aside


_folded = lru_cache(maxsize=1 << 16)(fold)


def _one_gate(rules: Sequence[Rule], opinions: Sequence[Opinion]) -> tuple[list[Opinion], list[str]]:
    passing = [o for o in opinions if o.verdict is Verdict.PASSES]
    asking = [o for o, rule in zip(opinions, rules, strict=True) if o.verdict is Verdict.HELD and not rule.fallback]
    if passing and asking:
        raise Conflict(passing[0], asking[0])
    excluding = [o for o in opinions if o.verdict is Verdict.EXCLUDED]
    default = [o for o, rule in zip(opinions, rules, strict=True) if rule.fallback]
    heard = excluding[:1] or passing[:1] or asking or default
    # Rules that agree are listed; exclusions that overlap agree that the dollars are out.
    also = [f"{o.gate}: {o.verdict}{f' ({o.name})' if o.name else ''} by {o.rule} as well" for o in opinions]
    return heard, [text for o, text in zip(opinions, also, strict=True) if o not in heard and not _is_default(o, rules)]


def _is_default(opinion: Opinion, rules: Sequence[Rule]) -> bool:
    return any(rule.id == opinion.rule and rule.fallback for rule in rules)


@cache
def rules_in_force(begin: date) -> RuleBook:
    """The shipped rules for a tax year that begins on ``begin``, in the order they are consulted.

    Raises:
        ValueError: the data files contradict themselves (see :func:`read_rules`).
    """
    rules = read_rules(entry for name in FILES for entry in _table(name)["rules"])
    return RuleBook(rule for rule in rules if rule.first_year <= begin <= rule.last_year)


@cache
def _table(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream, parse_float=Decimal)


def read_rules(entries: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules from their written form.

    Raises:
        ValueError: an unknown key or circumstance, an id used twice, an exception to nothing, two
            rules that except each other, or a name missing where the verdict needs one.
    """
    rules = tuple(_rule(entry) for entry in entries)
    ids = [rule.id for rule in rules]
    for rule in rules:
        if ids.count(rule.id) > 1:
            raise ValueError(f"rule {rule.id} is written twice")
        if bool(rule.name) == (rule.verdict is Verdict.PASSES):
            raise ValueError(f"rule {rule.id} needs a name exactly when it does not pass its gate")
        for pattern in rule.except_to:
            if not any(fnmatchcase(other, pattern) for other in ids if other != rule.id):
                raise ValueError(f"rule {rule.id} is an exception to {pattern}, which does not exist")
        for other in rules:
            if rule.excepts(other) and other.excepts(rule):
                raise ValueError(f"rules {rule.id} and {other.id} except each other")
    return rules


def _rule(entry: Mapping[str, Any]) -> Rule:
    known = {field for field in Rule.__dataclass_fields__ if field != "conditions"} | {"match"}
    unknown = entry.keys() - known
    if unknown:
        raise ValueError(f"rule {entry.get('id')}: unknown {', '.join(sorted(unknown))}")
    plain = {key: value for key, value in entry.items() if key != "match"}
    conditions = tuple(_condition(fact, what) for fact, what in entry.get("match", {}).items())
    return Rule(
        **{
            **plain,
            "gate": Gate(entry["gate"]),
            "verdict": Verdict(entry["verdict"]),
            "conditions": conditions,
            "except_to": tuple(entry.get("except_to", ())),
            "grade": Grade(entry.get("grade", Grade.PRIMARY)),
        }
    )


def _condition(fact: str, what: object) -> Condition:
    if fact not in FACTS:
        raise ValueError(f"no circumstance is called {fact}")
    parts: dict[str, Any] = what if isinstance(what, dict) else {"equals": what}
    made: dict[str, Any] = {}
    for part, value in parts.items():
        texts = [fold(text) for text in ([value] if isinstance(value, str) else value)]
        match part:
            case "equals" | "differs":
                made[part] = frozenset(texts)
            case "like" | "unlike":
                made[part] = re.compile("|".join(map(translate, texts)))
            case "any" | "also" | "none":
                made[part] = re.compile(f" (?:{'|'.join(map(re.escape, texts))}) ")
            case _:
                raise ValueError(f"{fact}: no condition is called {part}")
    return Condition(fact, **made)
