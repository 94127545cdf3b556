"""A new study folder: an explained ``study.toml`` to fill in, or a copy of a shipped sample."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from rdcredit.assets import asset
from rdcredit.errors import Problem, Refused, shown
from rdcredit.study.faults import FILE_NAME
from rdcredit.study.names import nearest
from rdcredit.study.refusals import refused_by_system

_TEMPLATE = Path(__file__).with_name("scaffold.toml")
_SAMPLES = "sample_data"
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*")
_PRODUCED = frozenset({"build", "out", "rdcredit.lock"})
"""What a run makes; a copy begins without it."""


def sample_names() -> tuple[str, ...]:
    """The sample studies shipped with the program, by name."""
    try:
        folder = asset(_SAMPLES)
    except FileNotFoundError:
        return ()
    return tuple(sorted(path.name for path in folder.iterdir() if (path / FILE_NAME).is_file()))


def init_study(target: Path, sample: str | None = None) -> Path:
    """Makes the study folder ``target`` and returns it: a scaffold, or a copy of the sample named.

    The folder appears complete or not at all.

    Raises:
        Refused: E705 (something is there already, or the disk refuses), E502 (no such sample).
    """
    if sample is not None and sample not in sample_names():
        raise Refused([_no_sample(sample)])
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise Refused([_occupied(target)])
    staging = target.absolute().parent / f".{target.absolute().name}.{os.getpid()}.new"
    try:
        staging.parent.mkdir(parents=True, exist_ok=True)
        if sample is None:
            _scaffold(staging)
        else:
            _copy(asset(_SAMPLES, sample), staging)
        if target.exists():
            target.rmdir()  # empty, as looked at above; not every system renames over a folder
        staging.rename(target)
    except OSError as error:
        raise refused_by_system(error, f"making the folder {shown(target.name)}", "Nothing was written.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target


def _scaffold(folder: Path) -> None:
    folder.mkdir()
    (folder / "inputs").mkdir()
    (folder / FILE_NAME).write_bytes(_TEMPLATE.read_bytes())


def _copy(source: Path, folder: Path) -> None:
    """Copies content only: an installed sample may be read-only, its copy must not be."""

    def left_out(directory: str, names: list[str]) -> set[str]:
        skipped = set(_NOT_COPIED(directory, names))
        return skipped | (_PRODUCED & set(names) if Path(directory) == source else set())

    shutil.copytree(source, folder, ignore=left_out, copy_function=shutil.copyfile)
    for directory in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        directory.chmod(directory.stat().st_mode | stat.S_IRWXU)


def _occupied(target: Path) -> Problem:
    name = target.absolute().name
    return Problem(
        "E705",
        name,
        "it exists already and is not an empty folder",
        "A study that is already there must not be overwritten.",
        f"Choose another folder: rdcredit init {name}-2",
    )


def _no_sample(sample: str) -> Problem:
    names = sample_names()
    near = nearest(sample, names)
    suggestion = f'Perhaps "{near}" is meant. ' if near else ""
    listed = f"The samples are: {', '.join(names)}." if names else "No sample is shipped with this installation."
    return Problem(
        "E502",
        "--sample",
        f"there is no sample {shown(sample)}",
        "Nothing can be copied.",
        suggestion + listed,
    )
