"""Telling the user what is wrong: examples on the terminal, everything in ``build/problems.*``."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from rdcredit.errors import NOTHING_WRITTEN, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

EXAMPLES = 20
"""How many problems of one code are printed before they are only counted."""
TEXT_FILE, JSON_FILE = "problems.txt", "problems.json"
HELD_STATE = "The rows are held by this question; the run goes on."


def write_problems(root: Path, problems: Sequence[Problem], state: str = NOTHING_WRITTEN) -> Path | None:
    """Writes all problems to ``build/problems.txt`` and ``build/problems.json``; the path of the first.

    None where the folder cannot be written to: the problems themselves matter more than that.
    """
    clean = [without_paths(problem, root) for problem in problems]
    text = "".join(f"{problem.line(_state(problem, state))}\n\n" for problem in clean)
    folder = root / "build"
    try:
        folder.mkdir(exist_ok=True)
        for name, content in ((TEXT_FILE, text), (JSON_FILE, problems_json(clean, state))):
            staged = folder / f".{name}.new"
            staged.write_text(content, encoding="utf-8", newline="\n")
            staged.replace(folder / name)
    except OSError:
        return None
    return folder / TEXT_FILE


def clear_problems(root: Path) -> None:
    """Removes the list of an earlier failed run once a run has succeeded."""
    for name in (TEXT_FILE, JSON_FILE):
        try:
            (root / "build" / name).unlink(missing_ok=True)
        except OSError:
            return


def problems_json(problems: Iterable[Problem], state: str = NOTHING_WRITTEN) -> str:
    """The problems as one JSON document: the state of the output and a list in the order of discovery."""
    listed = [problem.as_json() for problem in problems]
    return json.dumps({"state": state, "problems": listed}, indent=2, ensure_ascii=False) + "\n"


def print_problems(
    problems: Sequence[Problem],
    root: Path,
    stream: TextIO,
    *,
    state: str = NOTHING_WRITTEN,
    as_json: bool = False,
    written: Path | None = None,
) -> None:
    """Prints up to :data:`EXAMPLES` problems of each code and counts the others; with ``as_json`` all, as JSON.

    ``written`` is what :func:`write_problems` returned.
    """
    clean = [without_paths(problem, root) for problem in problems]
    if as_json:
        stream.write(problems_json(clean, state))
        return
    full = f"{written.parent.name}/{written.name}" if written else ""
    for code in dict.fromkeys(problem.code for problem in clean):
        of_code = [problem for problem in clean if problem.code == code]
        for problem in of_code[:EXAMPLES]:
            _put(stream, problem.line(_state(problem, state)))
        if len(of_code) > EXAMPLES:
            where = f"; all of them are in {full}" if full else ""
            _put(stream, f"rdcredit: {code} and {len(of_code) - EXAMPLES:,} more like it{where}.")
    if full:
        _put(stream, f"rdcredit: the full list of {len(clean):,} is in {full} of the study.")


def without_paths(problem: Problem, root: Path) -> Problem:
    """The problem with paths below the study made relative and the user's home folder left out."""
    places = {str(path) for path in (root, root.absolute(), root.resolve()) if path.is_absolute()}
    home = os.path.expanduser("~")  # noqa: PTH111 - unlike Path.home it does not raise without a home

    def clean(text: str) -> str:
        for folder in sorted(places, key=len, reverse=True):
            text = text.replace(folder + os.sep, "").replace(folder, "the study folder")
        return text.replace(home + os.sep, "~/") if len(home) > 1 else text

    return replace(
        problem, place=clean(problem.place), what=clean(problem.what), why=clean(problem.why), fix=clean(problem.fix)
    )


def _state(problem: Problem, state: str) -> str:
    return HELD_STATE if problem.held else state


def _put(stream: TextIO, text: str) -> None:
    """Writes a line also to a terminal whose encoding lacks some of its letters."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
