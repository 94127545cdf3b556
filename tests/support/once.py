"""Work that is done once a session and shared by folders of tests and by the workers of pytest-xdist."""

from __future__ import annotations

import os
import time

import pytest

_LONGEST_WAIT = 600


def once(tmp_path_factory, name, make):
    """The folder ``name`` of this session, filled by ``make(folder)`` by whoever asks first; not to be changed."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, claim, done = base / name, base / f"{name}.claimed", base / f"{name}.done"
    try:
        claim.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + _LONGEST_WAIT
        while not done.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        if not done.exists() or done.read_text() != "made":
            pytest.fail(f"{name} was not made; the first test that needed it says why")
        return folder
    outcome = "failed"
    try:
        make(folder)
        outcome = "made"
    finally:
        done.write_text(outcome)
    return folder
