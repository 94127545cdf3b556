"""From a figure down to source rows, and from a source row up to the figures it enters.

The answers are read from the published set: ``trace.json``, ``form6765.json`` and the ledger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdcredit.determine.names import fold
from rdcredit.errors import Problem, Refused
from rdcredit.ingest.bills import bill_rows, key_of_row
from rdcredit.ingest.people import read_people
from rdcredit.ledger.records import Part, QreCategory, View
from rdcredit.ledger.store import read_ledger
from rdcredit.source import GroupRef, RowRef
from rdcredit.study.load import load_study
from rdcredit.study.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rdcredit.study.config import InputSettings, Study

_SCHEDULES = {
    "s41.computer_rental": QreCategory.COMPUTER_RENTAL,
    "s41.supplies": QreCategory.SUPPLIES,
    "s41.contract_research": QreCategory.CONTRACT_RESEARCH,
    "s41.wages.by_person": QreCategory.WAGES,
}
_FORM = "6765:"


@dataclass(frozen=True, slots=True)
class Published:
    """The published files a trace reads."""

    root: Path
    nodes: Mapping[str, dict[str, Any]]
    lines: Sequence[dict[str, Any]]
    parts: tuple[Part, ...]


def published(root: Path) -> Published:
    """The published set of the study in ``root``.

    Raises:
        Refused: nothing was published (E707).
    """
    out = root / "out"
    try:
        trace = json.loads((out / "trace.json").read_text(encoding="utf-8"))
        form = json.loads((out / "form6765.json").read_text(encoding="utf-8"))
        parts = read_ledger(out / "ledger.parquet")
    except (OSError, ValueError):
        problem = Problem(
            "E707",
            "out",
            "the study has no complete published set",
            "There is nothing to trace yet.",
            "Run the study first: rdcredit run STUDY",
        )
        raise Refused([problem]) from None
    # The process that reads bills again has a working folder of its own.
    return Published(root.absolute(), {n["id"]: n for n in trace["nodes"]}, form["lines"], parts)


def find(study: Published, asked: str) -> str:
    """The id of the figure that was asked for, by id or by form line (``6765:48``).

    Raises:
        Refused: no such figure or line (E708), with the nearest name.
    """
    if asked in study.nodes:
        return asked
    if asked.startswith(_FORM):
        number = asked.removeprefix(_FORM)
        for line in study.lines:
            if line["line"] == number:
                if line["figure"] is None:
                    raise Refused([_not_found(f"line {number} is blank: {line['why']}", "")])
                return str(line["figure"])
        near = nearest(number, [str(x["line"]) for x in study.lines])
        raise Refused([_not_found(f"Form 6765 has no line {number}", f"{_FORM}{near}" if near else f"{_FORM}48")])
    near = nearest(asked, study.nodes)
    raise Refused([_not_found(f"there is no figure {asked}", near or f"{_FORM}48")])


def _not_found(what: str, instead: str) -> Problem:
    fix = f"Ask for: rdcredit trace STUDY {instead}" if instead else "Ask for a line that is completed."
    return Problem("E708", "", what, "A trace starts at a figure of the published set.", fix)


@dataclass(frozen=True, slots=True)
class Step:
    """One figure or schedule column of a trace and how deep below the figure asked for it stands."""

    depth: int
    id: str
    node: dict[str, Any]

    @property
    def column(self) -> dict[str, Any] | None:
        """The column's entry where the step is a column of a schedule."""
        name = self.id.partition("#")[2]
        return next((c for c in self.node["columns"] if c["id"] == name), None) if name else None

    @property
    def inputs(self) -> list[str]:
        """The steps below."""
        found: list[str] = (self.column or self.node)["inputs"]
        return found


def steps(study: Published, figure: str) -> tuple[Step, ...]:
    """The figure and everything it rests on, each once, what a figure rests on right below it."""
    seen: set[str] = set()
    found: list[Step] = []
    stack = [(0, figure)]
    while stack:
        depth, name = stack.pop()
        node = study.nodes.get(name.partition("#")[0])
        if node is None or name in seen:
            continue
        seen.add(name)
        step = Step(depth, name, node)
        found.append(step)
        stack += [(depth + 1, below) for below in reversed(step.inputs)]
    return tuple(found)


def parts_behind(study: Published, figure: str) -> tuple[Part, ...]:
    """The parts of the ledger that count in the schedules a figure rests on: supported first, most dollars first."""
    schedules = {step.node["id"] for step in steps(study, figure)}
    categories = {category for name, category in _SCHEDULES.items() if name in schedules}
    found = [p for p in study.parts if p.category in categories and p.determination.counts_in is not None]
    views = {view: i for i, view in enumerate(View)}

    def order(part: Part) -> tuple[int, Any, str, str]:
        view = part.determination.counts_in
        return (views[view] if view is not None else len(views), -abs(part.amount), part.subject, part.period)

    return tuple(sorted(found, key=order))


def source_rows(study: Published, parts: Iterable[Part], limit: int) -> list[dict[str, str]]:
    """Rows of the source files behind parts: bills are read again, tables are named by record."""
    settings = load_study(study.root)
    year = (settings.credit_year.begin, settings.credit_year.end)
    rows: list[dict[str, str]] = []
    done: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for part in parts:
        if len(rows) >= limit:
            break
        if isinstance(part.ref, RowRef):
            rows.append({"file": part.ref.file.path, "sheet": part.ref.sheet, "record": str(part.ref.record)})
            continue
        if (part.source, part.ref.key) in done:
            continue
        done.add((part.source, part.ref.key))
        spec = _input(settings, part.source)
        rows += bill_rows(study.root, spec, year, dict(part.ref.key), limit - len(rows))
    return rows


def _input(study: Study, source: str) -> InputSettings:
    return next(i for i in study.inputs if source in {i.id, i.path})


def of_row(study: Published, file: str, record: int) -> tuple[Part, ...]:
    """What became of one source row: the parts its dollars are in.

    A bill's row shares its parts with the rows of its group; a row of time, people or contracts has no
    dollars of its own and leads to the parts of the person or contract it speaks about.

    Raises:
        Refused: no such file or record (E708).
    """
    settings = load_study(study.root)
    here = [p for p in study.parts if isinstance(p.ref, RowRef) and (p.ref.file.path, p.ref.record) == (file, record)]
    if here:
        return tuple(here)
    for spec in settings.inputs:
        inside = file == spec.path or file.startswith(f"{spec.path.rstrip('/')}/")
        if spec.role != "bill" or not inside:
            continue
        year = (settings.credit_year.begin, settings.credit_year.end)
        key = tuple(key_of_row(study.root, spec, year, file, record).items())
        return tuple(
            p
            for p in study.parts
            if p.source in {spec.id, spec.path} and isinstance(p.ref, GroupRef) and set(p.ref.key) == set(key)
        )
    if found := _spoken_about(study, settings, file, record):
        return found
    files = sorted({f.path for p in study.parts for f in _files(p)})
    near = nearest(file, files) or (files[0] if files else "")
    raise Refused(
        [
            Problem(
                "E708",
                file,
                f"record {record:,} is in no part of the ledger",
                "Every row that was read has parts or speaks of some, so the file or the number is another.",
                f"Ask for: rdcredit trace STUDY --row {near}:1",
            )
        ]
    )


def _spoken_about(study: Published, settings: Study, file: str, record: int) -> tuple[Part, ...]:
    """The parts of the person or contract that one row of time, people or contracts is about."""
    people = read_people(study.root, settings)
    rows = [(row.ref, f"person:{row.person}") for row in (*people.time, *people.held_time)]
    rows += [(row.ref, f"person:{row.person}") for row in people.people]
    rows += [(row.ref, f"contract:{row.contract}") for row in people.contracts]
    subjects = {fold(subject) for ref, subject in rows if (ref.file.path, ref.record) == (file, record)}
    return tuple(part for part in study.parts if fold(part.subject) in subjects)


def _files(part: Part) -> Iterable[Any]:
    return part.ref.files if isinstance(part.ref, GroupRef) else (part.ref.file,)


def figures_of_part(study: Published, part: Part) -> tuple[str, ...]:
    """The figures a part enters: its schedule and every figure above it that is a line of the form."""
    schedule = next((s for s, category in _SCHEDULES.items() if category == part.category), None)
    if schedule is None or part.determination.counts_in is None:
        return ()
    shown = [(str(line["line"]), str(line["figure"])) for line in study.lines if line["figure"]]
    above = {n for n in {n for _, n in shown} if any(s.node["id"] == schedule for s in steps(study, n))}
    return (schedule, *(f"{_FORM}{line} ({name})" for line, name in shown if name in above))
