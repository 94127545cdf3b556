"""The classifier's seat: where an opinion formed from tags alone may widen a view, and no more.

A classifier speaks for the activity gate only, and only where nothing else is open. It changes no
bucket: dollars it calls qualifying above the study's threshold are counted in *expected*. They move
into *qualified* by an explicit acceptance in ``study.toml``, with that person's name as authority.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from rdcredit.determine.gates import Gate
from rdcredit.ledger.records import Bucket, BucketKind, Determination, View

if TYPE_CHECKING:
    from decimal import Decimal

    from rdcredit.study.config import ClassifierSettings

Label = Literal["qualifying", "non_qualifying", "insufficient"]


@dataclass(frozen=True, slots=True)
class ClassifierAnswer:
    """A classifier's view of one set of tags: a label of the guideline and its probability."""

    label: Label
    probability: Decimal


Classifier = Callable[[Mapping[str, str]], ClassifierAnswer | None]
"""Sees the tags and nothing else; None where it has no view."""


@dataclass(frozen=True, slots=True)
class WorkloadAnswer:
    """The answer about a workload: that of most of its cost, and whether its tag sets disagree."""

    label: Label
    probability: Fraction
    disagrees: bool


def answer_for(classifier: Classifier, costs: Mapping[str, int]) -> WorkloadAnswer:
    """The cost-weighted answer over a workload's distinct tag sets (JSON text to cost).

    A tag set the classifier has no view on weighs as *insufficient*; so does a tie.
    """
    weights: dict[Label, int] = {"insufficient": 0}
    certainty: dict[Label, Fraction] = {}
    for text, cost in sorted(costs.items()):
        answer = classifier(_tags(text)) or None
        label: Label = answer.label if answer else "insufficient"
        weights[label] = weights.get(label, 0) + cost
        certainty[label] = certainty.get(label, Fraction(0)) + cost * Fraction(answer.probability if answer else 0)
    most = max(weights.values())
    leading = [label for label, weight in weights.items() if weight == most]
    label = leading[0] if len(leading) == 1 else "insufficient"
    probability = certainty.get(label, Fraction(0)) / weights[label] if weights.get(label) else Fraction(0)
    return WorkloadAnswer(label, probability, sum(1 for weight in weights.values() if weight) > 1)


def with_answer(made: Determination, answer: WorkloadAnswer, settings: ClassifierSettings) -> Determination:
    """A determination held by the activity gate alone, with the classifier's view of it."""
    if answer.label != "qualifying" or answer.probability < Fraction(settings.threshold):
        return made
    if not settings.accepted_by:
        return replace(made, counts_in=View.EXPECTED)
    return replace(
        made,
        bucket=Bucket(BucketKind.QUALIFIED, made.component),
        counts_in=View.SUPPORTED,
        rule="classifier.accepted",
        why=f"The classifier calls the work qualifying above the threshold of {settings.threshold}.",
        authority=f"accepted by {settings.accepted_by}",
        questions=(),
        road_not_taken=(*made.road_not_taken, f"{Gate.ACTIVITY}: held ({made.bucket.name}) by {made.rule}"),
    )


def _tags(text: str) -> dict[str, str]:
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in read.items()}
