"""Bills as the study sees them: read once in a process of their own, then remembered by content.

Imports nothing heavy; the reading process and the tables are loaded when they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdcredit.errors import Problem, Refused
from rdcredit.ingest import cache
from rdcredit.ingest.files import InputFile, input_files
from rdcredit.ingest.launch import Limits, ask
from rdcredit.ingest.wire import bill_from_json
from rdcredit.source import file_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from rdcredit.ingest.records import RolledBill
    from rdcredit.study.config import InputSettings

DEFAULT_LIMITS = Limits()


def read_bill(
    root: Path,
    spec: InputSettings,
    credit_year: tuple[date, date],
    build: Path,
    *,
    rehash: bool = False,
    progress: Callable[[str], None] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> RolledBill:
    """The bill of one ``[[inputs]]`` entry, grouped by :data:`~rdcredit.ingest.records.BILL_KEYS`.

    ``root`` is the study folder, ``build`` its folder for things that can be made again. A bill
    whose files and settings have not changed is not read a second time; ``rehash`` reads every
    byte again to make sure that the files have not.

    Raises:
        Refused: every problem of this source at once.
    """
    files = input_files(root, spec.path)
    found = cache.digests(build, files, rehash=rehash)
    input_id = spec.id or spec.path
    name = cache.key(files, found, spec, credit_year)
    table, memory = cache.paths(build, name)
    facts = cache.facts(build, name)
    if facts is None:
        twice, once = _given_twice(files, found)
        fresh = table.with_name(f"{name}.new.parquet")
        request = _request("roll", spec, credit_year, once) | {"table": str(fresh)}
        try:
            facts = ask(spec.path, request, limits, build, progress)
        except Refused as refusal:
            raise Refused([*twice, *refusal.problems, *_changed(build, files, found)]) from refusal
        if problems := [*twice, *_changed(build, files, found)]:
            raise Refused(problems)
        fresh.replace(table)
        cache.store(memory, facts)
    return bill_from_json(input_id, facts, table)


def bill_rows(
    root: Path, spec: InputSettings, credit_year: tuple[date, date], key: Mapping[str, str], limit: int
) -> list[dict[str, str]]:
    """The first ``limit`` source rows of one group: ``file``, ``record``, then the export's own columns.

    Raises:
        Refused: the files can no longer be read.
    """
    request = _request("rows", spec, credit_year, _unhashed(input_files(root, spec.path)))
    answer = ask(spec.path, request | {"key": dict(key), "limit": limit}, DEFAULT_LIMITS, _build(root), None)
    rows: list[dict[str, str]] = answer["rows"]
    return rows


def key_of_row(
    root: Path, spec: InputSettings, credit_year: tuple[date, date], file: str, record: int
) -> dict[str, str]:
    """The group key of one source row; ``file`` as in :class:`~rdcredit.source.FileRef`, ``record`` from 1.

    Raises:
        Refused: E708, there is no such row or it is in no group.
    """
    request = _request("key", spec, credit_year, _unhashed(input_files(root, spec.path)))
    answer = ask(spec.path, request | {"file": file, "record": record}, DEFAULT_LIMITS, _build(root), None)
    key: dict[str, str] = answer["key"]
    return key


def _build(root: Path) -> Path:
    return root / "build"


def _unhashed(files: Sequence[InputFile]) -> list[tuple[InputFile, str]]:
    return [(file, "") for file in files]


def _request(
    task: str, spec: InputSettings, credit_year: tuple[date, date], files: Sequence[tuple[InputFile, str]]
) -> dict[str, Any]:
    return {
        "task": task,
        "place": spec.path,
        "files": [{"path": str(f.path.resolve()), "place": f.place, "digest": digest} for f, digest in files],
        "credit_year": [day.isoformat() for day in credit_year],
        "date_format": spec.date_format,
        "currency": spec.currency,
        "columns": spec.columns,
    }


def _given_twice(files: Sequence[InputFile], found: Sequence[str]) -> tuple[list[Problem], list[tuple[InputFile, str]]]:
    """E343 for files of one content, and the files with each content once."""
    first: dict[str, InputFile] = {}
    problems = []
    for file, digest in zip(files, found, strict=True):
        if digest in first:
            problems.append(_twice(file.place, first[digest].place))
        else:
            first[digest] = file
    return problems, [(file, digest) for digest, file in first.items()]


def _twice(place: str, other: str) -> Problem:
    return Problem(
        "E343",
        place,
        f"the file has the same content as {other}",
        "Its dollars would be counted twice.",
        "Remove one of the two from the inputs.",
    )


def _changed(build: Path, files: Sequence[InputFile], found: Sequence[str]) -> list[Problem]:
    """E701 for files that are no longer what they were before they were read."""
    changed = [
        f for f, digest in zip(files, found, strict=True) if not f.path.is_file() or file_digest(f.path) != digest
    ]
    if changed:
        cache.forget(build, changed)
    return [
        Problem(
            "E701",
            file.place,
            "the file changed while it was read",
            "The rows read may belong to neither version of it.",
            "Wait until the export or the copying has finished, then run again.",
        )
        for file in changed
    ]
