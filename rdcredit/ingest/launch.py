"""Starts the reading process, waits for it within limits, and turns its end into an answer or a refusal."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rdcredit.errors import Problem, Refused
from rdcredit.ingest.child import OUT_OF_MEMORY
from rdcredit.ingest.wire import problem_from_json

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE_HOME = Path(__file__).resolve().parents[2]
# Isolated mode keeps the working folder, PYTHONPATH and the user's own packages off the import
# path; the folder this package was itself imported from is then added, and nothing else.
_START = "import sys; sys.path.insert(0, sys.argv[1]); from rdcredit.ingest.child import main; sys.exit(main())"
_GIB = 1024**3
_SECONDS_PER_GIB = 600


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may use."""

    memory: int = 3 * _GIB
    """Bytes of data of the process; the engine's own share is a third."""
    seconds: int = 900
    """Wall time, to which ten minutes are added for each GiB of input."""
    threads: int = 0
    """0: as many as the machine has. Results do not depend on it."""


def ask(
    place: str, request: dict[str, Any], limits: Limits, build: Path, progress: Callable[[str], None] | None
) -> dict[str, Any]:
    """The reading process's answer to ``request``.

    Raises:
        Refused: the problems it found, or E121 when it was ended by its limits or broke off.
    """
    size = sum(Path(file["path"]).stat().st_size for file in request["files"])
    seconds = limits.seconds + _SECONDS_PER_GIB * size // _GIB
    build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reading-", dir=build) as scratch:
        target = Path(scratch) / "answer.json"
        content = request | {
            "answer": str(target),
            "scratch": scratch,
            "memory": limits.memory,
            "engine_memory": f"{limits.memory // 3 // 1024}KiB",
            "seconds": seconds * 64,  # of processor time, over all threads: a net under the wall clock
            "threads": limits.threads,
        }
        code = _run(json.dumps(content), scratch, seconds, progress)
        if code or not target.is_file():
            trace = target.with_suffix(".trace")
            if trace.is_file():
                trace.replace(build / "reading.trace")
            raise Refused([_broke_off(place, code, limits, seconds)])
        answer: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    if answer.get("problems"):
        raise Refused([problem_from_json(p) for p in answer["problems"]])
    return answer


_TIMED_OUT = -1000


def _run(request: str, scratch: str, seconds: int, progress: Callable[[str], None] | None) -> int:
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START, str(_PACKAGE_HOME)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        text=True,
        encoding="utf-8",
    ) as process:
        listener = threading.Thread(target=_listen, args=(process.stdout, progress), daemon=True)
        listener.start()
        try:
            _send(process.stdin, request)
            _wait(process, seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return _TIMED_OUT
        except BaseException:
            process.kill()
            raise
        finally:
            listener.join(1)
        return process.returncode


def _wait(process: subprocess.Popen[str], seconds: int) -> None:
    process.wait(seconds)


def _send(stream: IO[str] | None, request: str) -> None:
    if stream is None:
        return
    try:
        stream.write(request)
        stream.close()
    except BrokenPipeError:
        pass  # it has ended already; its exit code says more


def _listen(stream: IO[str] | None, progress: Callable[[str], None] | None) -> None:
    for line in stream or ():
        if progress:
            progress(line.rstrip("\n"))


def _broke_off(place: str, code: int, limits: Limits, seconds: int) -> Problem:
    if code == _TIMED_OUT:
        what = f"reading took longer than {seconds:,} seconds"
    elif code == OUT_OF_MEMORY or code < 0:
        what = f"reading needed more than {limits.memory // 1024**2:,} MiB, or was ended by the system"
    else:
        return Problem(
            "E120",
            place,
            f"the program failed while it read the export (code {code})",
            "Half a bill is none, so nothing was computed from it.",
            "This is a fault of the program: report it with the line above.",
        )
    return Problem(
        "E121",
        place,
        f"the export could not be read within its limits: {what}",
        "A damaged or hostile file must not bring the study down, and half a bill is none.",
        "Download the export again; a very large one can be given as parquet, or in several files.",
    )
