"""The reading process: apart, limited, and asked only once."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rdcredit.engine import duck
from rdcredit.errors import Exit, Refused
from rdcredit.ingest import bills, child, launch
from rdcredit.ingest.bills import bill_rows, key_of_row, read_bill
from rdcredit.ingest.launch import Limits
from rdcredit.study.config import InputSettings

SPEC = InputSettings(role="bill", path="inputs/bill", id="nimbus")


@pytest.fixture
def study(tmp_path, export):
    root = tmp_path / "study"
    (root / "inputs/bill").mkdir(parents=True)
    rows = [{"ResourceId": str(i), "Tags": f'{{"b": "1", "a": "{i % 2}"}}'} for i in range(4)]
    (root / "inputs/bill/march [1].csv").write_bytes(export(*rows, {"BilledCost": "NaN"}).bytes())
    return root


@pytest.fixture
def readings(monkeypatch, engine, tmp_path_factory):
    """The places read, in this process and by the engine that is running already, which is quicker."""
    places = []

    def ask(place, request, *_):
        places.append(place)
        scratch = tmp_path_factory.mktemp("reading")
        return child.answer(request | {"scratch": str(scratch), "engine_memory": "", "threads": 0})

    monkeypatch.setattr(bills, "ask", ask)
    monkeypatch.setattr(duck, "session", lambda *_: engine)
    return places


def read(root, year, **how):
    return read_bill(root, how.pop("spec", SPEC), year, root / "build", **how)


def test_a_bill_comes_back_whole_from_its_own_process_and_is_not_read_twice(study, year, monkeypatch):
    trap = "open(__file__ + '.was-run', 'w').close()\nraise SystemExit(9)\n"
    for name in ("duckdb.py", "ibis.py", "csv.py", "sitecustomize.py", "usercustomize.py", "study.py", "trap.pth"):
        (study / name).write_text(trap, encoding="utf-8")
    monkeypatch.chdir(study)
    monkeypatch.setenv("PYTHONPATH", str(study))
    said = []
    first = read(study, year, progress=said.append)
    assert not list(study.rglob("*.was-run")), "nothing in the study or the environment is imported"
    assert (first.input_id, first.format) == ("nimbus", "FOCUS 1.2")
    assert str(first.groups["billed"].dtype) == "decimal128(38, 12)[pyarrow]"
    assert first.groups["billed"].sum() == Decimal(6)
    assert first.groups["rows"].sum() + len(first.held) == first.files[0].records_read == 5
    assert (first.held[0].record, first.held[0].text) == (5, "NaN")
    assert first.held[0].file == first.files[0].file
    assert (first.first_day, first.last_day) == (date(2025, 3, 1), date(2025, 3, 1))
    assert said[0] == "inputs/bill/march [1].csv: checking its bytes"
    assert not list((study / "build").glob("reading-*"))
    monkeypatch.setattr(bills, "ask", None)
    second = read(study, year)
    assert second.groups.equals(first.groups)
    assert replace(second, groups=None) == replace(first, groups=None)


def test_a_changed_file_year_or_setting_is_read_again_and_a_damaged_memory_too(study, year, readings, export):
    read(study, year)
    (study / "inputs/bill/march [1].csv").write_bytes(export({"BilledCost": "9.00"}).bytes())
    assert read(study, year).groups["billed"].sum() == 9
    read(study, (date(2024, 7, 1), date(2025, 6, 30)))
    assert len(readings) == 3
    for table in (study / "build/bills").glob("*.parquet"):
        table.write_bytes(b"damaged")
    assert read(study, year).groups["billed"].sum() == 9
    assert len(readings) == 4


def test_a_file_changed_behind_its_time_stamp_is_found_by_hashing_again(study, year, export, readings):
    path = study / "inputs/bill/march [1].csv"
    path.write_bytes(export({"BilledCost": "1.00"}).bytes())
    state = path.stat()
    assert read(study, year).groups["billed"].sum() == 1
    with path.open("r+b") as stream:
        stream.write(export({"BilledCost": "2.00"}).bytes())
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert read(study, year).groups["billed"].sum() == 1, "remembered by size and times"
    assert read(study, year, rehash=True).groups["billed"].sum() == 2


def test_the_same_file_under_two_names_is_refused_with_all_else_that_is_wrong(study, year, export, codes, readings):
    bill = export({"BillingCurrency": "EUR"}, {}).bytes()
    for name in ("a.csv", "b.csv"):
        (study / "inputs/bill" / name).write_bytes(bill)
    with pytest.raises(Refused) as refused:
        read(study, year)
    assert codes(refused.value.problems) == ["E232", "E343"]
    twice = next(p for p in refused.value.problems if p.code == "E343")
    assert (twice.place, "inputs/bill/a.csv" in twice.what) == ("inputs/bill/b.csv", True)


def test_a_file_that_changes_while_it_is_read_is_refused(study, year, export, readings, monkeypatch):
    ask = bills.ask

    def slowly(*arguments):
        answer = ask(*arguments)
        (study / "inputs/bill/march [1].csv").write_bytes(export({}).bytes())
        return answer

    monkeypatch.setattr(bills, "ask", slowly)
    with pytest.raises(Refused, match="E701"):
        read(study, year)
    monkeypatch.setattr(bills, "ask", ask)
    assert read(study, year).groups["rows"].sum() == 1


STARTED = "import sys; sys.path.insert(0, sys.argv[1]); from rdcredit.ingest import child; "


@pytest.mark.parametrize(
    ("work", "limits", "said"),
    [
        ("bytearray(10**10)", Limits(memory=2**29), "more than 512 MiB"),
        ("__import__('time').sleep(60)", Limits(seconds=1), "longer than 1 seconds"),
        ("__import__('os').abort()", Limits(), "ended by the system"),
        ("1 / 0", Limits(), "the program failed"),
    ],
)
def test_a_reading_that_ends_badly_ends_alone(study, year, monkeypatch, work, limits, said):
    monkeypatch.setattr(launch, "_START", f"{STARTED}sys.exit(child.main(lambda request: {work}))")
    with pytest.raises(Refused) as refused:
        read(study, year, limits=limits)
    [problem] = refused.value.problems
    ours = said == "the program failed"  # neither a limit nor a known fault of the file
    expected = ("E120", Exit.BUG) if ours else ("E121", Exit.SAFETY)
    assert (problem.code, refused.value.exit_code()) == expected
    assert said in problem.what
    assert not list((study / "build/bills").glob("*.parquet"))
    assert not list((study / "build").glob("reading-*"))


def test_the_trace_of_a_broken_reading_holds_no_values(study, year, monkeypatch):
    work = "(_ for _ in ()).throw(ValueError('4111 1111 1111 1111'))"
    monkeypatch.setattr(launch, "_START", f"{STARTED}sys.exit(child.main(lambda request: {work}))")
    with pytest.raises(Refused, match="E120"):
        read(study, year)
    trace = (study / "build/reading.trace").read_text(encoding="utf-8")
    assert trace.startswith("ValueError\n")
    assert "4111" not in trace


def test_an_interrupt_ends_the_reading_too(study, year, monkeypatch):
    children = []

    def interrupted(self, _seconds):
        children.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "_START", f"{STARTED}import time; time.sleep(60)")
    monkeypatch.setattr(launch, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(study, year)
    assert children[0].wait(10) < 0
    assert not list((study / "build").glob("reading-*"))


def test_rows_and_keys_lead_back_and_forth(study, year, readings):
    groups = read(study, year).groups
    key = {name: groups[name][1] for name in groups.columns[:21]}
    rows = bill_rows(study, SPEC, year, key, limit=10)
    assert [(row["record"], row["ResourceId"], row["BilledCost"]) for row in rows] == [
        ("2", "1", "1.50"),
        ("4", "3", "1.50"),
    ]
    assert rows[0]["file"] == "inputs/bill/march [1].csv"
    assert json.loads(rows[0]["Tags"]) == {"b": "1", "a": "1"}
    assert len(bill_rows(study, SPEC, year, key, limit=1)) == 1
    assert key_of_row(study, SPEC, year, rows[1]["file"], 4) == key


@pytest.mark.parametrize(
    ("file", "record"), [("inputs/bill/march [1].csv", 99), ("inputs/bill/march [1].csv", 5), ("other.csv", 1)]
)
def test_a_row_that_is_in_no_group_is_said_to_be_in_none(study, year, readings, file, record):
    with pytest.raises(Refused, match="E708"):
        key_of_row(study, SPEC, year, file, record)


def test_importing_the_public_functions_loads_nothing_heavy():
    script = (
        "import sys; import rdcredit.ingest.bills, rdcredit.ingest.importer;"
        "print([m for m in ('numpy', 'pandas', 'pyarrow', 'duckdb', 'ibis') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
