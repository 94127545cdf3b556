"""The process that reads a bill: limited in memory and time, so that a hostile file ends it and not the study.

Started by :mod:`~rdcredit.ingest.launch` in Python's isolated mode. It reads one request from its
standard input, says what it is doing on its standard output, and writes its answer into a file.
"""

from __future__ import annotations

import json
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdcredit.errors import Refused
from rdcredit.ingest.files import InputFile
from rdcredit.ingest.wire import problem_to_json, rolled_to_json

if TYPE_CHECKING:
    from collections.abc import Callable

OUT_OF_MEMORY = 12
"""Exit code of a reading that did not fit its limits."""
FAILED = 13
"""Exit code of a reading that broke off."""


def limit(memory: int, seconds: int) -> None:
    """Limit this process to ``memory`` bytes of data and ``seconds`` of processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(what, (most, most))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what ``request`` asks: roll a bill up, list the rows of a group, or give the key of a row."""
    from rdcredit.engine import duck  # noqa: PLC0415  # after the limits are set
    from rdcredit.ingest import rolling, selecting  # noqa: PLC0415  # the same
    from rdcredit.ingest.canonical import Reading  # noqa: PLC0415  # the same

    engine = duck.session(Path(request["scratch"]), request["engine_memory"], request["threads"])
    inputs = [(InputFile(Path(f["path"]), f["place"]), f["digest"]) for f in request["files"]]
    begin, end = (date.fromisoformat(day) for day in request["credit_year"])
    reading = Reading(begin, end, request["date_format"], request["currency"])
    stated = request["columns"]
    files = [file for file, _ in inputs]
    match request["task"]:
        case "roll":
            rolled = rolling.roll(engine, request["place"], inputs, reading, stated, _say)
            return rolled_to_json(rolled, Path(request["table"]))
        case "rows":
            rows = selecting.rows_of_group(engine, files, reading, stated, request["key"], request["limit"])
            return {"rows": rows}
        case "key":
            return {"key": selecting.key_of_record(engine, files, reading, stated, request["file"], request["record"])}
    raise ValueError(request["task"])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


def main(run: Callable[[dict[str, Any]], dict[str, Any]] = answer) -> int:
    """Answer one request; the exit code says how it ended."""
    request = json.load(sys.stdin)
    limit(request["memory"], request["seconds"])
    target = Path(request["answer"])
    try:
        _write(target, run(request))
    except Refused as refusal:
        _write(target, {"problems": [problem_to_json(p) for p in refusal.problems]})
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as fault:  # noqa: BLE001  # whatever a hostile file brings about ends here
        if "memory" in type(fault).__name__.casefold():
            return OUT_OF_MEMORY
        # Frames only: the text of an error may hold values of the file.
        where = [f"{type(fault).__name__}\n", *traceback.format_tb(fault.__traceback__)]
        target.with_suffix(".trace").write_text("".join(where), encoding="utf-8")
        return FAILED
    return 0
