"""``tags_key``: the tags of charges as one canonical text, whatever form the export gives them.

Loads the query engine when imported; imported lazily by the rooms that read rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import ibis.expr.types as ir

NO_TAGS = "{}"
UNREAD = "(unread)"
"""The key under which text that is not JSON is kept whole."""
_NONE = frozenset({"", "null", "NULL", '""', "{}", "[]"})
_KEY_NAMES, _VALUE_NAMES = ("key", "Key", "name"), ("value", "Value")


@ibis.udf.scalar.builtin(name="to_json")  # type: ignore[untyped-decorator]  # ibis leaves it untyped
def _to_json(value) -> str: ...  # type: ignore[no-untyped-def, empty-body]  # noqa: ANN001  # takes any type


def tags_text(column: ir.Value) -> ir.StringValue:
    """The tags of a row as the export gives them: JSON text as it stands, maps and lists as JSON text."""
    kind = column.type()
    if kind.is_string():
        return column.fill_null("")
    if kind.is_map() or kind.is_struct() or kind.is_array():
        return _to_json(column).fill_null("")
    return column.cast("string").fill_null("")


@dataclass(frozen=True, slots=True)
class Tags:
    """One tag set in canonical form, and what was odd about it."""

    text: str
    unread: bool = False
    repeated: tuple[str, ...] = ()
    """Keys given more than once with values that differ."""


@dataclass(slots=True)
class TagsReport:
    """What the tag sets of a table showed, in rows."""

    unread_rows: int = 0
    unread_example: str = ""
    repeated_rows: int = 0
    repeated_keys: set[str] = field(default_factory=set)


def canonical_tags(text: str) -> Tags:
    """One tag set as JSON text with sorted keys and text values; ``{}`` when there are none.

    A tag without a value has the empty text; true and numbers are their own text; nested values
    are kept as JSON text. Braces left off by the exporter are put back. Keys and values keep
    their spelling. A key that is given twice with two values keeps both, joined by `` | ``, so
    that it matches neither. Text that is no JSON object is kept whole under :data:`UNREAD`.
    """
    stripped = text.strip()
    if stripped in _NONE:
        return Tags(NO_TAGS)
    pairs = _pairs(stripped)
    if pairs is None:
        return Tags(_dumped({UNREAD: text}), unread=True)
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        known = values.setdefault(key, [])
        if (shown := _value_text(value)) not in known:
            known.append(shown)
    repeated = tuple(sorted(key for key, known in values.items() if len(known) > 1))
    return Tags(_dumped({key: " | ".join(sorted(known)) for key, known in values.items()}), repeated=repeated)


class _Object(list[tuple[str, object]]):
    """A JSON object as its pairs, so that repeated keys are seen."""


def _pairs(text: str) -> list[tuple[str, object]] | None:
    candidates = [text] if text[0] in "{[" else ["{" + text.rstrip(",") + "}"]
    for candidate in candidates:
        try:
            value = json.loads(
                candidate, object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=str, strict=False
            )
        except (ValueError, RecursionError):
            continue
        if isinstance(value, _Object):
            return value
        if isinstance(value, list):
            return _listed(value)
    return None


def _listed(items: list[object]) -> list[tuple[str, object]] | None:
    """Pairs of a list such as ``[{"key": "team", "value": "ml"}]``."""
    pairs: list[tuple[str, object]] = []
    for item in items:
        if not isinstance(item, _Object):
            return None
        given = dict(item)
        key = next((given[k] for k in _KEY_NAMES if k in given), None)
        if not isinstance(key, str):
            return None
        pairs.append((key, next((given[v] for v in _VALUE_NAMES if v in given), None)))
    return pairs


def _value_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _dumped(_plain(value))


def _plain(value: object) -> object:
    if isinstance(value, _Object):
        return {key: _plain(inner) for key, inner in value}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _dumped(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, written as an escape
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text


def tags_key(table: pa.Table, column: str, rows: str) -> tuple[pa.Table, TagsReport]:
    """``table`` with the raw tag texts of ``column`` replaced by canonical ones.

    ``table`` is rolled up already: each distinct text is read once, however many rows it stands
    for (``rows`` names the column that counts them). Groups that now agree are not yet merged.
    """
    encoded = pc.dictionary_encode(table[column].combine_chunks())
    read = [canonical_tags(text or "") for text in encoded.dictionary.to_pylist()]
    counts = pa.table({"i": encoded.indices, "n": table[rows].combine_chunks()}).group_by("i").aggregate([("n", "sum")])
    report = TagsReport()
    for index, n in zip(counts["i"].to_pylist(), counts["n_sum"].to_pylist(), strict=True):
        tags = read[index]
        if tags.unread:
            report.unread_rows += n
            raw = json.loads(tags.text)[UNREAD]
            report.unread_example = min(filter(None, (report.unread_example, raw)))
        if tags.repeated:
            report.repeated_rows += n
            report.repeated_keys.update(tags.repeated)
    texts = pa.array([tags.text for tags in read], pa.string()).take(encoded.indices)
    return table.set_column(table.column_names.index(column), column, texts), report
