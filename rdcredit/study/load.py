"""Reads ``study.toml``: a validated :class:`~rdcredit.study.config.Study`, or every problem of the file at once."""

from __future__ import annotations

import re
import stat
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import TypeAdapter, ValidationError

from rdcredit.errors import Problem, Refused, shown
from rdcredit.study.config import Study
from rdcredit.study.contradictions import contradictions
from rdcredit.study.explain import explained
from rdcredit.study.faults import FILE_NAME, place
from rdcredit.study.names import nearest
from rdcredit.study.paths import outside_problem
from rdcredit.study.positions import key_lines, line_of
from rdcredit.study.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

__all__ = ["load_study", "nearest", "parsed_toml", "settings_text"]

_LARGEST = 8 * 1024 * 1024
"""Bytes; a settings file of this size is something else."""
_UNREADABLE = "The study's settings cannot be read, so nothing can be computed."
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_REASONS = (
    ("Cannot overwrite", "the key is already defined above"),
    ("Cannot declare", "the table is already defined above"),
    ("Cannot mutate", "the table is closed above and cannot be added to"),
    ("Duplicate inline", "the key is written twice in one { }"),
    ("Unterminated string", "a quoted text is not closed"),
    ("Illegal character", "a character is not allowed here"),
    ("Unescaped", "a backslash must be written twice, or the text put in single quotes"),
    ("Unclosed", "a bracket is not closed"),
    ("Expected '='", "an equals sign is missing after the key"),
    ("Expected ']", "a closing bracket is missing"),
    ("Invalid date", "the date does not exist"),
    ("Invalid value", "the value is neither a text in quotes, a number, a date nor true or false"),
    ("Invalid statement", "the line is neither a key with a value nor a table header"),
    ("Expected newline", "something follows the value on the same line"),
)
"""How the reader's messages begin, and what they mean to the writer of the file."""


def load_study(root: Path) -> Study:
    """The settings of the study in folder ``root``.

    Raises:
        Refused: with all problems of the file: E102, E109, E119 or E124 (the file itself), E504 (not
            TOML), or any number of E501, E502, E503, E505, E507 and E124 (input paths).
    """
    text = settings_text(root / FILE_NAME)
    raw = parsed_toml(text)
    lines = key_lines(text)
    errors: Sequence[ErrorDetails] = ()
    study: Study | None = None
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
    stated = _stated(study, errors, raw)
    faults = (*explained(errors, raw), *contradictions(stated))
    problems = [fault.problem(lines) for fault in sorted(faults, key=lambda f: line_of(lines, f.at) or 0)]
    for i, source in enumerate(stated.inputs or ()):
        outside = outside_problem(root, source.path, place(("inputs", i, "path"), lines))
        problems += [outside] if outside else []
    if problems or study is None:
        raise Refused(problems)
    return study


def _stated(study: Study | None, errors: Sequence[ErrorDetails], raw: Mapping[str, object]) -> Stated:
    """The tables that could be read, each by itself where the whole could not."""
    if study is not None:
        return Stated(**{name: getattr(study, name) for name in Stated.__slots__})
    failed = {error["loc"][0] for error in errors if error["loc"]}
    tables: dict[str, Any] = {}
    for name in Stated.__slots__:
        field = Study.model_fields[name]
        if name in failed:
            tables[name] = None
        elif name in raw:
            wants: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
            tables[name] = TypeAdapter(wants).validate_python(raw[name])
        else:
            tables[name] = field.get_default(call_default_factory=True)
    return Stated(**tables)


def settings_text(path: Path) -> str:
    """A settings file as text, without a byte order mark.

    Raises:
        Refused: E102, E109, E119 or E124.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(
                "E124", "is not a regular file", f"Put a text file named {path.name} in its place.", path.name
            )
        if status.st_size > _LARGEST:
            raise _refusal(
                "E119", "is far too large for a settings file", "Look whether another file was renamed.", path.name
            )
        data = path.read_bytes()
    except FileNotFoundError:
        folder = "this folder" if path.parent.is_dir() else "a folder that does not exist"
        fix = "Give the folder of a study, or make one with: rdcredit init my-study"
        if path.name != FILE_NAME:
            fix = "Give the path of the file; rdcredit credit --schema shows what a facts file may hold."
        raise _refusal("E102", f"not found in {folder}", fix, path.name) from None
    except (PermissionError, NotADirectoryError, IsADirectoryError):
        fix = "Look at the permissions of the file and of its folder."
        raise _refusal("E102", "cannot be opened", fix, path.name) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refusal(
            "E109",
            f"byte {error.start:,} (line {line:,}) is not UTF-8 text",
            "Save the file as UTF-8 in your editor.",
            path.name,
        ) from None


def parsed_toml(text: str, file: str = FILE_NAME) -> dict[str, Any]:
    """TOML with exact decimals.

    Raises:
        Refused: E504, with line and column.
    """
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        # a number of thousands of digits and brackets nested without end are no TOMLDecodeError
        found = _AT.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1 if "end of document" in str(error) else 0
        reason = next((ours for theirs, ours in _REASONS if str(error).startswith(theirs)), "the text is not TOML")
        if not isinstance(error, tomllib.TOMLDecodeError):
            reason = "a number is too long or brackets are nested too deeply"
        where = f" line {line:,}" + (f", column {found[2]}" if found else "") if line else ""
        rows = text.splitlines()
        row = rows[line - 1].strip() if 0 < line <= len(rows) else ""
        excerpt = f" in {shown(row)}" if row else ""
        fix = 'Write one key = value on a line: texts in "quotes", dates as 2025-12-31, lists in [ ].'
        raise Refused([Problem("E504", f"{file}{where}", f"{reason}{excerpt}", _UNREADABLE, fix)]) from None


def _refusal(code: str, what: str, fix: str, file: str) -> Refused:
    return Refused([Problem(code, file, what, _UNREADABLE, fix)])
