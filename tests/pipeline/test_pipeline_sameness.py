"""The same inputs give the same bytes: in another folder, zone, locale, with another hash seed, and from afar."""

import os
import shutil
import subprocess
import sys

from support.studies import published_bytes


def test_a_second_run_elsewhere_gives_the_same_bytes(small, tmp_path, repository):
    there = tmp_path / "an other folder" / "Übung"
    there.parent.mkdir()
    shutil.copytree(small, there, ignore=shutil.ignore_patterns("build", "out", "rdcredit.lock"))
    env = os.environ | {
        "PYTHONHASHSEED": "12345", "TZ": "Pacific/Apia", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(repository), "SOURCE_DATE_EPOCH": "1",
    }  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-m", "rdcredit", "run", there.name],  # a relative name: bills are read in another process
        cwd=there.parent,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    first, second = published_bytes(small), published_bytes(there)
    assert [name for name in first if first[name] != second[name]] == []
    assert first.keys() == second.keys()


def test_a_run_again_gives_the_same_bytes_and_reads_no_bill_twice(small_copy):
    from rdcredit.pipeline import run_study

    before = published_bytes(small_copy)
    rolled = {p.name: p.stat().st_mtime_ns for p in (small_copy / "build" / "bills").glob("*.parquet")}
    run_study(small_copy)
    assert published_bytes(small_copy) == before
    assert {p.name: p.stat().st_mtime_ns for p in (small_copy / "build" / "bills").glob("*.parquet")} == rolled
    assert rolled
