"""What the validation of ``study.toml`` (or another settings file) found, in our own words.

Each place in the file gives one fault, whatever number of alternatives its value failed; the
validator's own text is never shown.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from rdcredit.errors import shown
from rdcredit.study.config import Hint, Study
from rdcredit.study.faults import Fault, header, said
from rdcredit.study.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

    from rdcredit.study.positions import Path

_UNREAD = "The study cannot be computed from a value that cannot be read."
_IGNORED = "A key that is not known would be ignored, and the figures would differ from what the file says."
_NEEDED = "The study cannot be computed without it, and a guess would end up in a tax return."


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in the document: its key path and what the model wants there (None: no such key)."""

    path: Path
    wants: Any
    model: type[BaseModel] | None
    document: type[BaseModel]


def explained(
    errors: Sequence[ErrorDetails], raw: Mapping[str, object], document: type[BaseModel] = Study
) -> tuple[Fault, ...]:
    """One fault for each place the validator of ``document`` complained about, in the order of its complaints."""
    spots: dict[Path, _Spot] = {}
    kinds: dict[Path, set[str]] = {}
    for error in errors:
        spot = _spot(error["loc"], document, unknown=error["type"] == "extra_forbidden")
        spots.setdefault(spot.path, spot)
        kinds.setdefault(spot.path, set()).add(error["type"])
    misspelled = {
        (*spot.path[:-1], near)
        for path, spot in spots.items()
        if "extra_forbidden" in kinds[path] and (near := _near(spot, raw))
    }
    faults: list[Fault] = []
    for path, spot in spots.items():
        inside = any(len(other) > len(path) and other[: len(path)] == path for other in spots)
        if not inside:  # a value that fails inside also fails as a whole; the inner place says more
            faults += _faults(spot, kinds[path], raw)
    # a required name that is there, but misspelled, is one fault
    return tuple(f for f in faults if f.code != "E503" or not any(f.at[: len(m)] == m for m in misspelled))


def _near(spot: _Spot, raw: Mapping[str, object]) -> str | None:
    """The key that an unknown one was meant to be; where several are as near, one that is not stated already."""
    if spot.model is None:
        return None
    name, known = str(spot.path[-1]), set(spot.model.model_fields)
    near = nearest(name, known)
    table = _value(raw, spot.path[:-1])
    stated = set(table) if isinstance(table, Mapping) else set()
    return nearest(name, known - stated) or near if near in stated else near


def _faults(spot: _Spot, kinds: set[str], raw: Mapping[str, object]) -> Iterator[Fault]:
    if "extra_forbidden" in kinds:
        yield _unknown(spot, _near(spot, raw))
    elif kinds & {"missing", "too_short"}:
        yield from _missing(spot)
    else:
        yield _not_allowed(spot, _value(raw, spot.path))


def _unknown(spot: _Spot, near: str | None) -> Fault:
    name = str(spot.path[-1])
    known = list(spot.model.model_fields) if spot.model else []
    table = header(spot.path[:-1]).partition(" ")[0]
    elsewhere = sorted(t for t, keys in _tables(spot.document).items() if name in keys)
    if near:
        what = f"unknown key {shown(name)}, perhaps {near} is meant"
        right = near if table else _title(near, spot.document)
        moved = f"Move it under {' or '.join(elsewhere)}, or w" if elsewhere else "W"
        fix = f"{moved}rite {right} in place of {shown(name)}."
    else:
        what = f"unknown key {shown(name)}"
        fix = f"Move it under {' or '.join(elsewhere)}." if elsewhere else "Remove it or use a known key."
        fix += f" {table or 'The file'} takes: {', '.join(known)}."
    return Fault("E501", spot.path, what, _IGNORED, fix)


def _missing(spot: _Spot) -> Iterator[Fault]:
    """A table that is missing gives one fault for each value it must hold."""
    path, wants = spot.path, spot.wants
    for model in _models(wants) if len(path) == 1 else ():
        for key, field in model.model_fields.items():
            if field.is_required():
                hint = _hint(field.annotation, field.metadata)
                yield _absent((*path, key), hint, f"under a line {_title(str(path[-1]), spot.document)}")
        return
    table = header(path[:-1])
    yield _absent(path, _hint(wants, ()), f"under {table}" if table else "at the top of the file")


def _absent(path: Path, hint: Hint, where: str) -> Fault:
    name = path[-1]
    return Fault(
        "E503",
        path,
        f"{name} is not stated",
        hint.why or _NEEDED,
        f"Add {where}, with your own value: {name} = {hint.example}",
    )


def _not_allowed(spot: _Spot, value: object) -> Fault:
    hint = _hint(spot.wants, ())
    name = next((str(step) for step in reversed(spot.path) if isinstance(step, str)), "the file")
    near = nearest(value, _choices(spot.wants)) if isinstance(value, str) and value else None
    fix = f'Perhaps "{near}" is meant. ' if near else ""
    fix += f"Write {hint.wanted}."
    return Fault("E502", spot.path, f"{name} cannot be {said(value)}", hint.why or _UNREAD, fix)


def _spot(loc: tuple[str | int, ...], document: type[BaseModel], *, unknown: bool) -> _Spot:
    """Follows the validator's location through the models; the names of alternatives in it are left out.

    ``unknown`` says that the last step is a key the file has and the model has not.
    """
    path: Path = ()
    wants: Any = document
    model: type[BaseModel] | None = document
    for depth, step in enumerate(loc, start=1):
        fields = {name: (m, f) for m in _models(wants, deep=False) for name, f in m.model_fields.items()}
        element = _element(wants)
        if isinstance(step, str) and step in fields:
            model, field = fields[step]
            wants = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        elif isinstance(step, int) or (element is not None and _is_dict(wants) and step != "[key]"):
            wants = element
        elif unknown and depth == len(loc) and fields:
            model, wants = next(iter(fields.values()))[0], None
        else:
            continue
        path = (*path, step)
    return _Spot(path, wants, model, document)


def _value(raw: object, path: Path) -> object:
    for step in path:
        match raw:
            case Mapping() if step in raw:
                raw = raw[step]
            case list() if isinstance(step, int):
                raw = raw[step]
    return raw


def _members(wants: Any) -> tuple[Any, ...]:
    """The alternatives of a type, without None; a type that is no union is its only alternative."""
    if get_origin(wants) is Annotated and not any(isinstance(m, Hint) for m in wants.__metadata__):
        return _members(get_args(wants)[0])
    if get_origin(wants) in (Union, types.UnionType):
        return tuple(inner for arg in get_args(wants) if arg is not type(None) for inner in _members(arg))
    return (wants,)


def _models(wants: Any, *, deep: bool = True) -> tuple[type[BaseModel], ...]:
    """The tables among the alternatives; with ``deep`` also those inside an array of tables."""
    found = [m for m in _members(wants) if isinstance(m, type) and issubclass(m, BaseModel)]
    if deep and not found and _is_array(wants):
        return _models(_element(wants), deep=False)
    return tuple(found)


def _element(wants: Any) -> Any:
    for member in _members(wants):
        bare = get_args(member)[0] if get_origin(member) is Annotated else member
        if get_origin(bare) in (tuple, dict):
            return get_args(bare)[0 if get_origin(bare) is tuple else 1]
    return None


def _is_dict(wants: Any) -> bool:
    return any(get_origin(m) is dict for m in _members(wants))


def _is_array(wants: Any) -> bool:
    element = _element(wants)
    return element is not None and not _is_dict(wants) and bool(_models(element, deep=False))


def _choices(wants: Any) -> list[str]:
    """The words a value may be, where it may be words."""
    chosen: list[str] = []
    for member in _members(wants):
        bare = get_args(member)[0] if get_origin(member) is Annotated else member
        if get_origin(bare) is Literal:
            chosen += [word for word in get_args(bare) if isinstance(word, str) and word]
    return chosen


def _hint(wants: Any, metadata: Sequence[Any]) -> Hint:
    """What a key takes, from its type: in words, and as a value to paste."""
    for item in (*metadata, *getattr(wants, "__metadata__", ())):
        if isinstance(item, Hint):
            return item
    hints = [_plain_hint(member) for member in _members(wants)]
    hints = list(dict.fromkeys(hints))
    return Hint(" or ".join(h.wanted for h in hints), hints[0].example, hints[0].why)


def _plain_hint(wants: Any) -> Hint:
    if get_origin(wants) is Annotated:
        return _hint(wants, ())
    words = _choices(wants)
    if words:
        quoted = [f'"{word}"' for word in words]
        others = f"   # or {', '.join(quoted[1:])}" if quoted[1:] else ""
        return Hint(f"{'one of ' if others else ''}{', '.join(quoted)}", quoted[0] + others)
    if _is_dict(wants):
        return Hint("a table such as { name = value }", '{ name = "value" }')
    if _is_array(wants):
        return Hint("a block for each, under its own line in double brackets", "[{ }]")
    element = _element(wants)
    if element is not None:
        inner = _hint(element, ())
        return Hint(f"a list in square brackets, each item {inner.wanted}", f"[{inner.example}]")
    if _models(wants):
        return Hint("a table { key = value }", "{ }")
    return _SIMPLE.get(wants, Hint("another value", '"..."'))


_SIMPLE: dict[Any, Hint] = {
    str: Hint("a text in quotes", '"..."'),
    bool: Hint("true or false, without quotes", "true"),
    int: Hint("a whole number, without quotes", "1"),
    date: Hint("a date such as 2025-12-31, without quotes", "2025-12-31"),
}


def _tables(document: type[BaseModel]) -> dict[str, frozenset[str]]:
    """The keys of every top-level table, by the header they stand under."""
    tables: dict[str, frozenset[str]] = {}
    for name, field in document.model_fields.items():
        for model in _models(field.annotation):
            tables[_title(name, document)] = frozenset(model.model_fields)
    return tables


def _title(table: str, document: type[BaseModel]) -> str:
    """The header of a top-level table, in one pair of brackets or two."""
    return f"[[{table}]]" if _is_array(document.model_fields[table].annotation) else f"[{table}]"
