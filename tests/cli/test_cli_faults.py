"""Our own faults and the user's Ctrl-C: an incident without values, the right exit code, nothing half done."""

import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from support.publishing import tree
from support.studies import published_bytes

from rdcredit.cli import main
from rdcredit.errors import Exit
from rdcredit.study.compare import compare

PERSONAL = "Somebody Private, 123-45-6789, $250,000"


@pytest.fixture
def broken(monkeypatch):
    """The pipeline fails with an error that holds a person's data."""

    def fail(*_, **__):
        pay_of_somebody = PERSONAL
        raise ValueError(f"cannot add {pay_of_somebody}")

    monkeypatch.setattr("rdcredit.pipeline.run_study", fail)


def test_a_fault_of_the_program_is_1_with_an_incident_and_without_values(broken, small_copy):
    before = tree(small_copy)
    done = CliRunner().invoke(main, ["run", str(small_copy)])
    assert done.exit_code == Exit.BUG
    assert done.stdout == ""
    assert "a fault of the program, incident " in done.stderr
    assert "--debug" in done.stderr
    for leak in ("Traceback", "Private", "ValueError", "cannot add", str(small_copy)):
        assert leak not in done.output
    assert tree(small_copy) == before


def test_the_same_fault_has_the_same_incident(broken, small_copy):
    first, second = (CliRunner().invoke(main, ["run", str(small_copy)]).stderr for _ in range(2))
    assert first == second


def test_debug_keeps_where_it_happened_and_no_values(broken, small_copy):
    done = CliRunner().invoke(main, ["run", str(small_copy), "--debug"])
    assert done.exit_code == Exit.BUG
    [kept] = (small_copy / "build").glob("incident-*.txt")
    assert f"build/{kept.name}" in done.stderr
    text = kept.read_text(encoding="utf-8")
    assert text.startswith("ValueError\n")
    assert " fail\n" in text
    for leak in ("Private", "6789", "250,000", "cannot add", str(small_copy.parent), "pay_of_somebody"):
        assert leak not in text + done.output


def test_debug_without_a_study_keeps_its_file_where_the_user_is(monkeypatch, tmp_path):
    def fail(*_, **__):
        raise ValueError(PERSONAL)

    monkeypatch.setattr("rdcredit.study.facts_file.load_facts", fail)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["credit", "facts.toml", "--debug"])
    assert done.exit_code == Exit.BUG
    [kept] = tmp_path.glob("incident-*.txt")
    assert kept.name in done.stderr
    assert "Private" not in kept.read_text(encoding="utf-8") + done.output


def test_debug_that_cannot_write_still_says_so(broken, small_copy):
    for path in (small_copy / "build").rglob("*"):
        if path.is_file():
            path.unlink()
    (small_copy / "build" / "bills").rmdir()
    (small_copy / "build").rmdir()
    (small_copy / "build").write_text("a file in the place of the folder")
    done = CliRunner().invoke(main, ["run", str(small_copy), "--debug"])
    assert done.exit_code == Exit.BUG
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal are others there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_the_earlier_set_and_nothing_else(small_copy, number, code, repository):
    """The signal comes while the bill is read in a process of its own, which is stopped as well."""
    before = published_bytes(small_copy)
    bill, build = small_copy / "inputs" / "bill.csv", small_copy / "build"
    bill.write_bytes(bill.read_bytes() + b"\n")  # so that it is read again
    env = os.environ | {"PYTHONPATH": str(repository)}
    command = [sys.executable, "-m", "rdcredit", "run", str(small_copy)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        deadline = time.monotonic() + 120
        while not list(build.glob("reading-*")) and time.monotonic() < deadline:
            assert run.poll() is None
            time.sleep(0.02)
        os.killpg(run.pid, number)
        _, told = run.communicate(timeout=120)
    assert run.returncode == code
    assert told.startswith("rdcredit: stopped.")
    assert "Traceback" not in told
    assert published_bytes(small_copy) == before
    assert compare(small_copy) == ()
    left = {p.name for p in small_copy.iterdir()}
    assert left == {"study.toml", "inputs", "build", "out", "rdcredit.lock"}
    assert list(build.glob("reading-*")) == []
    assert list((build / "bills").glob("*.new.parquet")) == []
