"""What every command shares: options, progress on a terminal, messages and exit codes."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from rdcredit.errors import Exit, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result, or the problems, as JSON.")
debug = click.option("--debug", is_flag=True, help="Keep a file about a fault of the program, without values.")
strict = click.option("--strict", is_flag=True, help="Exit with 4 while dollars are held by a question.")
study_folder = click.argument("folder", metavar="STUDY", type=click.Path(path_type=Path))


def progress(message: str) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        width = 100
        click.echo(f"\r{message[:width]:<{width}}", nl=False, err=True)


def end_progress() -> None:
    """Leave the progress line."""
    if sys.stderr.isatty():
        click.echo("\r" + " " * 101 + "\r", nl=False, err=True)


def print_json(content: object) -> None:
    """A result for another program."""
    click.echo(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
    """A table with columns as wide as they need; ``right`` are the positions of numbers."""
    widths = [max(len(line[i]) for line in (header, *rows)) for i in range(len(header))]
    for line in (header, *rows):
        made = (
            text.rjust(width) if i in right else text.ljust(width)
            for i, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        click.echo("  ".join(made).rstrip())


def refuse(refused: Refused, root: Path | None, *, json_wanted: bool, keep: bool) -> NoReturn:
    """Print all problems, keep the full list in the study where ``keep``, leave with the right code."""
    from rdcredit.study.problems import print_problems, write_problems

    end_progress()
    keep = keep and any(p.code != "E708" for p in refused.problems)
    inside = root is not None and keep and (root / "study.toml").is_file()
    written = write_problems(root, refused.problems, refused.state) if root is not None and inside else None
    place = root if root is not None else Path()
    stream = sys.stdout if json_wanted else sys.stderr
    print_problems(refused.problems, place, stream, state=refused.state, as_json=json_wanted, written=written)
    raise SystemExit(int(refused.exit_code()))


_WHOLE = "What is published, if anything, is one whole set."
_KEEPS_PROBLEMS = {"run", "check", "classify"}
"""Commands that read the inputs: what is wrong with them is kept in the study."""


def reporting(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose faults become messages: refusals, interruptions, and our own bugs."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> None:
        from rdcredit.study.interrupts import Interrupted, interruptible

        folder = options.get("folder")
        told = {"json_wanted": bool(options.get("as_json")), "keep": command.__name__ in _KEEPS_PROBLEMS}
        root = folder if isinstance(folder, Path) else None
        if sys.unraisablehook is sys.__unraisablehook__:
            # What a library says while it is cleaned up after a failure is a stack, and may hold values.
            sys.unraisablehook = lambda _: None
        _speak_any_language(json_wanted=bool(options.get("as_json") or options.get("schema")))
        try:
            with interruptible():
                command(*args, **options)
        except Refused as refused:
            refuse(refused, root, **told)
        except Interrupted as stopped:
            end_progress()
            click.echo(f"rdcredit: stopped. {_WHOLE}", err=True)
            raise SystemExit(stopped.exit_code()) from None
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit):
            raise
        except OSError as error:
            refuse(_environment(error), root, **told)
        except Exception as error:  # noqa: BLE001 - the user never sees a traceback
            _bug(error, root, keep=bool(options.get("debug")))

    return guarded


def _speak_any_language(*, json_wanted: bool) -> None:
    """Names of any language can be printed to a stream of any encoding; JSON is UTF-8 whatever the system uses."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if json_wanted and stream is sys.stdout else None
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _environment(error: OSError) -> Refused:
    reason = (error.strerror or "the system refused").lower()
    name = Path(error.filename).name if isinstance(error.filename, str) else ""
    return Refused(
        [
            Problem(
                "E705",
                name,
                reason,
                "The result would be incomplete.",
                "Look at free space, permissions, and programs that hold the file open; then run again.",
            )
        ]
    )


def _bug(error: BaseException, root: Path | None, *, keep: bool) -> NoReturn:
    """Our own fault: an incident id made of where it happened, and no values."""
    frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    places = [f"{type(error).__name__}", *frames]
    incident = hashlib.sha256("\n".join(places).encode()).hexdigest()[:10]
    end_progress()
    click.echo(f"rdcredit: a fault of the program, incident {incident}. {_WHOLE}", err=True)
    if not keep:
        click.echo("  Run again with --debug to keep a file that says where it happened, without values.", err=True)
        raise SystemExit(int(Exit.BUG))
    in_study = root is not None and root.is_dir()
    name = f"build/incident-{incident}.txt" if in_study else f"incident-{incident}.txt"
    file = (root if root is not None and in_study else Path()) / name
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(places) + "\n", encoding="utf-8")
        click.echo(f"  Where it happened is in {name}; it holds no values.", err=True)
    except OSError:
        click.echo(f"  {name}, which would say where it happened, could not be written.", err=True)
    raise SystemExit(int(Exit.BUG))
