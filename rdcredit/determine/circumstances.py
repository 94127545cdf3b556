"""The circumstances of a charge: what the rules are asked about, gathered in one place.

Everything here is a reading of the bill, the tags and ``study.toml``; no verdict is formed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.determine.names import fold
from rdcredit.determine.services import is_third_party, provider_family, region_place
from rdcredit.determine.workloads import folded_key, normalised, tag_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdcredit.cost.basis import Charge
    from rdcredit.determine.selectors import Selected
    from rdcredit.determine.workloads import TagSet
    from rdcredit.study.config import ComponentSettings, WorkloadSettings

US, ABROAD, UNKNOWN = "united states", "outside the united states", "unknown"
"""Where the people of a component were: the values of the circumstance ``people``."""

_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_NOT_WORD = re.compile(r"[\W_]+")
_BOUNDARY, _NAME = "|", "="


@dataclass(frozen=True, slots=True)
class TagReading:
    """What one set of tags says of the work: where it ran, and the words that name it."""

    environment: str
    words: str
    domain_words: str


def of_charge(charge: Charge, method: str, tenancy_of_input: str) -> dict[str, str]:
    """The circumstances a charge has by itself, before its tags are read."""
    key = charge.key
    return {
        "method": method,
        "timing": charge.timing.value,
        "span": charge.span.value,
        "paid": charge.paid.isoformat() if charge.paid else "",
        "amount": "positive" if charge.amount > 0 else "negative" if charge.amount < 0 else "zero",
        "currency": key["currency"],
        "repeated": "yes" if charge.repeated else "no",
        "charge_category": key["charge_category"],
        "charge_frequency": key["charge_frequency"],
        "commitment": "yes" if key["commitment_id"] else "no",
        "commitment_status": key["commitment_status"],
        "provider": key["provider"],
        "provider_family": provider_family(key["provider"]),
        "publisher": key["publisher"] or key["issuer"],
        "third_party": "yes" if is_third_party(key["provider"], key["publisher"], key["issuer"]) else "no",
        "service_family": key["service_family"] or "(no family)",
        "service": key["service"] or "(no service)",
        "usage_type": key["usage_type"],
        "region": key["region"],
        "region_place": region_place(key["region"]),
        "tenancy_of_input": tenancy_of_input,
        "tenancy_stated": "",
    }


def of_component(selected: Selected, period: str) -> dict[str, str]:
    """The circumstances that come with the component, or with having none or several."""
    matched = ("none", "one")[len(selected.components)] if len(selected.components) <= 1 else "several"
    return {
        "components_matched": matched,
        "component": selected.component.id if selected.component else "",
        "components": " or ".join(c.id for c in selected.components),
        "release": _release(selected.component, period),
        "began": _began(selected.component, period),
    }


def _release(component: ComponentSettings | None, period: str) -> str:
    if component is None:
        return "no component"
    if component.released is None:
        return "not released"
    day, month = component.released.day, f"{component.released:%Y-%m}"
    if period != month:
        return "before" if period < month else "after"
    # Ready for sale on the first day leaves no day before it, on the last day none after it.
    if day == 1:
        return "after"
    last = monthrange(component.released.year, component.released.month)[1]
    return "before" if day == last else "release month"


def _began(component: ComponentSettings | None, period: str) -> str:
    if component is None or component.began is None:
        return "unknown"
    return "before" if period < f"{component.began:%Y-%m}" else "after"


def of_tags(tags: TagSet, selected: Selected, settings: WorkloadSettings) -> TagReading:
    """Environment and activity words of a tag set.

    Values of keys that say who or where are not read for activity. The component's own id and name
    are blanked: they name the product, not the work. Values a selector uses are blanked for words
    of a business domain only.
    """
    ignored = set(tag_data()["not_activity"]["keys"])
    named = [n for c in selected.components for n in (_tokens(c.id), _tokens(c.name))]
    words, domain = [], []
    for key, spellings in sorted(tags.spellings.items()):
        if key in ignored:
            continue
        for raw in spellings:
            tokens = _without(_tokens(raw), named)
            words += [*tokens, _BOUNDARY]
            domain += [_BOUNDARY] if normalised(raw) in selected.values else [*tokens, _BOUNDARY]
    environment = _environment(tags.values.get(folded_key("environment"), ()), words, settings)
    return TagReading(environment, f" {' '.join(words)} ", f" {' '.join(domain)} ")


def _tokens(text: str) -> list[str]:
    return _NOT_WORD.sub(" ", fold(_HUMPS.sub(" ", text))).split()


def _without(tokens: list[str], names: Iterable[list[str]]) -> list[str]:
    kept = list(tokens)
    for name in names:
        for start in range(len(kept) - len(name) + 1):
            if name and kept[start : start + len(name)] == name:
                kept[start : start + len(name)] = [_NAME] * len(name)
    return kept


def _environment(values: tuple[str, ...], words: list[str], settings: WorkloadSettings) -> str:
    production, development = (
        {normalised(v) for v in stated} for stated in (settings.production, settings.development)
    )
    if values:
        return _one_of(any(v in production for v in values), any(v in development for v in values)) or "other"
    said: Mapping[str, list[str]] = tag_data()["environment_words"]
    return _one_of(*(any(w in said[place] for w in words) for place in ("production", "development"))) or "none"


def _one_of(production: bool, development: bool) -> str:  # noqa: FBT001 - two yes/no observations of equal rank
    if production and development:
        return "both"
    return "production" if production else "development" if development else ""
