"""Workloads: what a determination is made about, and the normalisation that makes spellings one.

A workload is an account, a service family and the values of the identity tags listed in
``study.toml``. Other tags are evidence: a new one does not orphan a decision. Spellings are made
one by stated rules only (Unicode NFC, case, blanks, separators, invisible characters), and the
spellings met are shown.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rdcredit.determine.rules import DATA
from rdcredit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdcredit.study.config import WorkloadSettings

UNTAGGED = "(untagged)"
_PREFIX = re.compile(r"^(?:resourcetags[/_])?(?:user|aws)[:_](?=.)")
_NOT_KEY = re.compile(r"[\W_]+")
_SEPARATORS = re.compile(r"[\s._/\-]+")
_NO_VALUE = frozenset({"", "null", "none", "n/a", "-"})
_IN_IDS = str.maketrans({c: f"%{ord(c):02X}" for c in "%|=,;"})


@dataclass(frozen=True, slots=True)
class TagSet:
    """One set of tags as read: canonical key to normalised values, and how each was spelled.

    A key holds more than one value only where two keys that mean the same disagree.
    """

    text: str
    values: Mapping[str, tuple[str, ...]]
    spellings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Workload:
    """A subject of a determination; ``id`` is readable and stable from run to run."""

    id: str
    account: str
    service_family: str
    identity: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_tagged(self) -> bool:
        """Whether any identity tag is set."""
        return bool(self.identity)


def normalised(value: str) -> str:
    """A tag's value in the one spelling values are compared in.

    Unicode NFC; no case; invisible and direction-changing characters out; runs of blanks,
    dots, slashes, hyphens and underscores are one hyphen, none at the ends.
    """
    visible = "".join(
        " " if unicodedata.category(c) == "Zs" else c
        for c in unicodedata.normalize("NFC", value)
        if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\t\n\r"
    )
    return _SEPARATORS.sub("-", visible.casefold()).strip("-")


def folded_key(key: str) -> str:
    """A tag's key without case, blanks, punctuation and the provider's prefix."""
    plain = unicodedata.normalize("NFC", key).casefold().strip()
    return _NOT_KEY.sub("", _PREFIX.sub("", plain))


@cache
def tag_data() -> dict[str, Any]:
    """``data/tags.toml``: aliases of identity keys, and keys that name no activity."""
    with (DATA / "tags.toml").open("rb") as stream:
        return tomllib.load(stream)


class TagReader:
    """Reads tag sets under the aliases of one study."""

    def __init__(self, settings: WorkloadSettings) -> None:
        self.identity = tuple(dict.fromkeys(folded_key(key) for key in settings.identity))
        self._names = {folded_key(a): folded_key(key) for key, names in tag_data()["aliases"].items() for a in names}
        self._names |= {folded_key(a): folded_key(key) for key, names in settings.aliases.items() for a in names}
        # A key the study lists as identity is itself, whatever the shipped aliases make of it.
        for key in self.identity:
            self._names.pop(key, None)
        self._read: dict[str, TagSet] = {}

    def key(self, key: str) -> str:
        """The canonical key a tag's key means."""
        folded = folded_key(key)
        return self._names.get(folded, folded)

    def read(self, text: str) -> TagSet:
        """The tags of canonical JSON text; keys without a value are as good as absent."""
        if text not in self._read:
            self._read[text] = self._parsed(text)
        return self._read[text]

    def workload(self, account: str, service_family: str, tags: TagSet) -> Workload:
        """The workload a charge belongs to."""
        identity = tuple((key, tags.values[key]) for key in self.identity if tags.values.get(key))
        named = ", ".join(f"{key}={' and '.join(v.translate(_IN_IDS) for v in values)}" for key, values in identity)
        place = f"{account.translate(_IN_IDS) or '(no account)'} | {service_family.translate(_IN_IDS) or '(no family)'}"
        return Workload(f"{place} | {named or UNTAGGED}", account, service_family, identity)

    def _parsed(self, text: str) -> TagSet:
        values: dict[str, dict[str, None]] = {}
        spellings: dict[str, dict[str, None]] = {}
        for key, raw in _pairs(text):
            value = normalised(raw)
            if value not in _NO_VALUE:
                values.setdefault(self.key(key), {})[value] = None
                spellings.setdefault(self.key(key), {})[raw] = None
        return TagSet(
            text, {k: tuple(sorted(v)) for k, v in values.items()}, {k: tuple(v) for k, v in spellings.items()}
        )


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    try:
        tags = json.loads(text) if text else {}
    except ValueError:
        tags = None
    if not isinstance(tags, dict):
        return [("(unreadable)", text)]
    return [(key, _text(value)) for key, value in tags.items()]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def spelling_variants(tag_sets: Iterable[TagSet], identity: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Identity values met in more than one spelling: (key, value) and the spellings, escaped."""
    met: dict[tuple[str, str], set[str]] = {}
    for tags in tag_sets:
        for key in identity:
            for raw in tags.spellings.get(key, ()):
                met.setdefault((key, normalised(raw)), set()).add(raw)
    return {place: tuple(shown(raw) for raw in sorted(raws)) for place, raws in sorted(met.items()) if len(raws) > 1}


def disagreeing_keys(tags: TagSet, identity: Sequence[str]) -> tuple[str, ...]:
    """Identity keys of one tag set that hold two different values."""
    return tuple(key for key in identity if len(tags.values.get(key, ())) > 1)


def mixed_scripts(tag_sets: Iterable[TagSet], identity: Sequence[str], source: str) -> tuple[Problem, ...]:
    """E356 for each identity value whose letters come from more than one alphabet."""
    values = {(key, raw) for tags in tag_sets for key in identity for raw in tags.spellings.get(key, ())}
    return tuple(
        Problem(
            "E356",
            source,
            f"tag {key} = {raw.encode('unicode_escape').decode('ascii')!r} mixes letters of {' and '.join(scripts)}",
            why="Two names that look alike would be two workloads, and a selector would miss one of them.",
            fix="Correct the tag at its source, or list the spelling under the component it belongs to.",
            held=True,
        )
        for key, raw in sorted(values)
        if len(scripts := _scripts(raw)) > 1
    )


def _scripts(text: str) -> list[str]:
    names = (unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha() and ord(c) > 0)
    alphabets = {name for name in names if name in {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}}
    return sorted(name.capitalize() for name in alphabets)
