"""No command opens a socket, in this process or in the one that reads bills; nothing beside the study's data is run."""

import os
import subprocess
import sys

import pytest
from support.study_folder import StudyFolder

FACTS = """\
taxpayer = { name = "A", entity = "C corporation", accounting_method = "cash" }
tax_years = [{ begin = 2025-01-01, end = 2025-12-31 }]
"""
HOOK = """\
import os, sys

def forbid(event, arguments):
    if event.startswith("socket."):
        with open({log!r}, "a") as stream:
            stream.write(event + chr(10))
        raise PermissionError(event)

sys.addaudithook(forbid)
with open({log!r}, "a") as stream:
    stream.write("watched {where}" + chr(10))
"""
SCRIPT = """\
import sys
from rdcredit.cli import main
from rdcredit.ingest import launch

launch._START = {child!r} + launch._START
study, facts, book, sample = sys.argv[1:]
workload = "001234567890 | Compute | project=sparse-decoder, workload=ablation-7"
for command in (
    ["init", sample, "--sample", "quillfern-2025"],
    ["check", study],
    ["run", study],
    ["classify", study],
    ["classify", study, "--explain", workload],
    ["trace", study, "6765:44"],
    ["trace", study, "6765:44", "--rows", "--limit", "1"],
    ["trace", study, "--row", "inputs/bill.csv:1"],
    ["verify", study],
    ["credit", facts, "--xlsx", book],
    ["law", "list"],
):
    main(command, standalone_mode=False)
    print("DONE", *command[:1])
"""


def python(*arguments, **how):
    env = os.environ | {"PYTHONPATH": how.pop("path")} | how.pop("env", {})
    command = [sys.executable, *(str(a) for a in arguments)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300, **how)


# ---- sockets


def test_no_command_opens_a_socket(tmp_path, repository):
    log = tmp_path / "log"
    study = StudyFolder().write(tmp_path / "study")
    (tmp_path / "facts.toml").write_text(FACTS)
    (tmp_path / "watched.py").write_text(
        HOOK.format(log=str(log), where="commands") + SCRIPT.format(child=HOOK.format(log=str(log), where="reading"))
    )
    done = python(
        tmp_path / "watched.py", study, tmp_path / "facts.toml", tmp_path / "credit.xlsx", tmp_path / "sample",
        path=str(repository),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.count("DONE") == 11
    events = log.read_text().splitlines()
    assert set(events) == {"watched commands", "watched reading"}
    assert events.count("watched reading") >= 3  # the bill itself, its rows down, its row up
    assert (tmp_path / "credit.xlsx").is_file()


@pytest.mark.parametrize("where", ["commands", "reading"])
def test_a_socket_would_be_seen(tmp_path, repository, where):
    """The watch itself: a socket in either process ends the run and is written down."""
    log = tmp_path / "log"
    study = StudyFolder().write(tmp_path / "study")
    call = "import socket; socket.socket()\n"
    child = HOOK.format(log=str(log), where="reading") + (call if where == "reading" else "")
    (tmp_path / "watched.py").write_text(
        HOOK.format(log=str(log), where="commands")
        + (call if where == "commands" else "")
        + SCRIPT.format(child=child).replace('["check", study],', "")
    )
    done = python(tmp_path / "watched.py", study, "", "", tmp_path / "sample", path=str(repository))
    assert done.returncode != 0
    assert "socket.__new__" in log.read_text()


# ---- code beside the data

PLANTED = ("study", "pandas", "pyarrow", "duckdb", "openpyxl", "click", "pydantic", "ibis", "sitecustomize", "csv")


@pytest.fixture
def planted(small_copy):
    """A study whose folder holds modules by the names of libraries; each notes that it was imported."""
    for name in PLANTED:
        (small_copy / f"{name}.py").write_text(
            f"with open({str(small_copy / 'imported')!r}, 'a') as noted:\n    noted.write({name!r} + chr(10))\n"
        )
    bill = small_copy / "inputs" / "bill.csv"
    bill.write_text(bill.read_text() + "\n")  # so that it is read again
    return small_copy


def imported(study):
    noted = study / "imported"
    return noted.read_text().split() if noted.exists() else []


def test_python_m_runs_nothing_of_the_folder_it_is_in(planted, repository):
    done = python("-m", "rdcredit", "run", ".", cwd=planted, path=str(repository))
    assert imported(planted) == []
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_runs_nothing_of_the_folder_it_is_in(planted, tmp_path, repository):
    """As installed: a script in another folder that calls the entry point."""
    script = tmp_path / "bin" / "rdcredit"
    script.parent.mkdir()
    script.write_text("import sys\nfrom rdcredit.cli import main\nsys.exit(main())\n")
    done = python(script, "check", ".", cwd=planted, path=str(repository))
    assert imported(planted) == []
    assert (done.returncode, done.stderr) == (0, "")


def test_the_process_that_reads_bills_does_not_look_at_pythonpath(planted, repository):
    """What PYTHONPATH names is run by Python itself before any command begins; the reading process ignores it."""
    for name in PLANTED:
        if name not in {"sitecustomize", "ibis", "duckdb"}:  # the latter two are used by the reading process only
            (planted / f"{name}.py").unlink()
    rolled = set((planted / "build" / "bills").glob("*.parquet"))
    done = python("-m", "rdcredit", "check", str(planted), path=os.pathsep.join((str(repository), str(planted))))
    assert (done.returncode, done.stderr) == (0, "")
    assert set((planted / "build" / "bills").glob("*.parquet")) > rolled
    assert imported(planted) in ([], ["sitecustomize"])
