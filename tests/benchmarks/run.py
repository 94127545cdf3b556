"""What the program costs, measured beside references from the same run on the same machine.

    python tests/benchmarks/run.py [--sample quillfern-2025] [--json]

Not a test: numbers differ from machine to machine and with its load, so each is also given as a
ratio to a reference measured in between. Memory is the largest sum of resident pages of the process
and its children, looked at every 20 ms; pages they share are counted in each, so it is an upper bound.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from decimal import Decimal
from pathlib import Path

HEAVY = ("pandas", "sklearn", "openpyxl", "duckdb", "ibis", "pyarrow", "numpy", "docxtpl")
REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(pid):
    """Bytes in memory of a process and its children, by /proc; 0 where there is none."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return own + sum(resident(int(child)) for child in below)


def measured(*command):
    """Seconds and the largest memory of a command; its output is thrown away."""
    began = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], cwd=REPOSITORY, stdout=subprocess.DEVNULL)
    peak, done = 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.is_set():
            peak = max(peak, resident(process.pid))
            done.wait(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}")
    return seconds, peak


def median_seconds(*command, times=5):
    return statistics.median(measured(*command)[0] for _ in range(times))


def loaded_by_help():
    """Heavy libraries in memory after ``rdcredit --help``."""
    script = (
        "import sys\n"
        "from rdcredit.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print('LOADED', *sorted(set({HEAVY}) & {{m.split('.')[0] for m in sys.modules}}))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return run.stdout.rsplit("LOADED", 1)[1].split()


def bills(sample):
    """The text bills of a sample, plain or gzipped, with the names of their cost columns."""
    folder = REPOSITORY / "sample_data" / sample / "inputs"
    return [p for p in sorted(folder.rglob("*")) if p.name.endswith((".csv", ".csv.gz")) and p.parent.name != "people"]


def scan(paths):
    """The reference: every cell read by the standard csv reader, every number of a cost column summed exactly."""
    import gzip

    rows, total = 0, Decimal(0)
    for path in paths:
        door = gzip.open if path.suffix == ".gz" else open
        with door(path, "rt", encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                rows += 1
                total += Decimal(row.get("BilledCost") or 0)
    return rows, total


def formula_cells(workbook):
    with zipfile.ZipFile(workbook) as package:
        sheets = [n for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
        return sum(package.read(n).count(b"<f>") for n in sheets), len(sheets)


def benchmark(sample):
    """All figures, in the order they are measured."""
    found = {"python": sys.version.split()[0], "cpus": os.cpu_count(), "load": os.getloadavg()[0]}
    found["bare_interpreter_s"] = median_seconds(sys.executable, "-c", "pass")
    found["help_s"] = median_seconds(sys.executable, "-m", "rdcredit", "--help")
    found["help_by_bare_interpreter"] = found["help_s"] / found["bare_interpreter_s"]
    found["loaded_by_help"] = loaded_by_help()
    began = time.perf_counter()
    found["rows_of_text_bills"], _ = scan(bills(sample))
    found["csv_scan_s"] = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder, "study")
        measured(sys.executable, "-m", "rdcredit", "init", study, "--sample", sample)
        for name in ("first_run", "second_run", "verify"):
            command = "verify" if name == "verify" else "run"
            seconds, peak = measured(sys.executable, "-m", "rdcredit", command, study)
            found[f"{name}_s"], found[f"{name}_peak_mb"] = seconds, peak / 1e6
            found[f"{name}_by_csv_scan"] = seconds / found["csv_scan_s"]
        cells, sheets = formula_cells(study / "out" / "workpapers.xlsx")
        found["formula_cells"], found["sheets"] = cells, sheets
        found["published_kb"] = {p.name: p.stat().st_size // 1000 for p in sorted((study / "out").iterdir())}
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", default="quillfern-2025")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    found = benchmark(asked.sample)
    if asked.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name:28} {value:.3f}\n" if isinstance(value, float) else f"{name:28} {value}\n")


if __name__ == "__main__":
    main()
