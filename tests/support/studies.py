"""Studies that tests look at: the shipped sample and the small one, each run once a session; copies to change."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from fractions import Fraction

import pytest

from rdcredit.ledger.store import read_ledger
from rdcredit.pipeline import run_study
from rdcredit.study.scaffold import init_study
from support.once import once
from support.study_folder import StudyFolder

SAMPLE = "quillfern-2025"


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The shipped sample, run; not to be changed."""

    def make(folder):
        run_study(init_study(folder, SAMPLE))

    return once(tmp_path_factory, SAMPLE, make)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small study, run; not to be changed."""
    return once(tmp_path_factory, "small", lambda folder: run_study(StudyFolder().write(folder)))


@pytest.fixture
def small_copy(small, tmp_path):
    """The small study, run, to be changed; its bill need not be read again."""
    return shutil.copytree(small, tmp_path / "study")


def results(root):
    return json.loads((root / "out" / "results.json").read_text(encoding="utf-8"))


def form(root):
    """The completed lines of the published form: line -> value as text."""
    lines = json.loads((root / "out" / "form6765.json").read_text(encoding="utf-8"))["lines"]
    return {line["line"]: line["value"] for line in lines if line["figure"]}


def nodes(root):
    """The published graph by id."""
    graph = json.loads((root / "out" / "trace.json").read_text(encoding="utf-8"))
    return {node["id"]: node for node in graph["nodes"]}


def ledger(root):
    return read_ledger(root / "out" / "ledger.parquet")


def total(parts):
    return sum((part.amount for part in parts), Decimal(0))


def whole(amount):
    """Whole dollars as the form shows them, halves away from zero."""
    exact = Fraction(amount)
    doubled = 2 * abs(exact) + 1
    dollars = doubled.numerator // (2 * doubled.denominator)
    return str(-dollars if exact < 0 else dollars)


def published_bytes(root):
    """The published set and its lock, file by file."""
    files = [*sorted((root / "out").iterdir()), root / "rdcredit.lock"]
    return {path.name: path.read_bytes() for path in files}
