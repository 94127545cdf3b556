"""Shared fixtures: the repository, real exports where they are at hand, the office program."""

import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).resolve().parent))


# A property is about results; how long an example takes depends on what else the machine is doing.
settings.register_profile("results", deadline=None)
settings.load_profile("results")


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Real exports beside the project; tests that need them say so when they are absent."""
    folder = REPOSITORY.parent / "shared" / "realdata"
    if not folder.is_dir():
        pytest.skip("real exports are not at hand (../shared/realdata)")
    return folder


@pytest.fixture(scope="session")
def office() -> str:
    """The office program that recalculates workbooks."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no office program is installed")
    return program
