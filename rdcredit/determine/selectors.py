"""Selectors: which business component a workload belongs to, as ``study.toml`` states it.

A component lists alternatives; each is a conjunction of tag = value or tag = [values], where
``account``, ``service`` and ``service_family`` select on those columns. Nothing is guessed: no
match leaves the question which component, and a match of two names both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdcredit.determine.workloads import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdcredit.determine.workloads import TagReader, TagSet
    from rdcredit.study.config import ComponentSettings

COLUMNS = ("account", "service", "service_family")


@dataclass(frozen=True, slots=True)
class Selected:
    """The components whose selectors match, and the tag values that made them match."""

    components: tuple[ComponentSettings, ...]
    values: tuple[str, ...]

    @property
    def component(self) -> ComponentSettings | None:
        """The one component, or None where there is none or more than one."""
        return self.components[0] if len(self.components) == 1 else None


class Selectors:
    """The selectors of a study's components, read once."""

    def __init__(self, components: Sequence[ComponentSettings], tags: TagReader) -> None:
        self._alternatives = tuple(
            (component, tuple(_conjunction(entry, tags) for entry in component.select)) for component in components
        )

    def select(self, columns: dict[str, str], tags: TagSet) -> Selected:
        """The components that claim a charge with these columns and tags."""
        components, values = [], []
        for component, alternatives in self._alternatives:
            matched = [v for c in alternatives if (v := _matched(c, columns, tags)) is not None]
            if matched:
                components.append(component)
                values += [value for some in matched for value in some]
        return Selected(tuple(components), tuple(dict.fromkeys(values)))


_Conjunction = tuple[tuple[str, frozenset[str]], ...]


def _conjunction(entry: dict[str, str | tuple[str, ...]], tags: TagReader) -> _Conjunction:
    return tuple(
        (
            key if key in COLUMNS else tags.key(key),
            frozenset(normalised(v) for v in ([wanted] if isinstance(wanted, str) else wanted)),
        )
        for key, wanted in entry.items()
    )


def _matched(conjunction: _Conjunction, columns: dict[str, str], tags: TagSet) -> list[str] | None:
    """The tag values that satisfy every condition, or None; an empty selector selects nothing."""
    found: list[str] = []
    for key, wanted in conjunction:
        present = (normalised(columns[key]),) if key in COLUMNS else tags.values.get(key, ())
        here = [value for value in present if value in wanted]
        if not here:
            return None
        found += [] if key in COLUMNS else here
    return found if conjunction else None
