"""What is grouped, held and cut adds up to what a plain reader finds in the file."""

import csv
import io
import os
import subprocess
import sys
from decimal import Decimal, InvalidOperation, localcontext
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rdcredit

STARTS = ["2025-01-31T23:59:59Z", "2025-02-01", "1970-01-01", "2025-01-31T23:00-02:00"]

texts = st.one_of(
    st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=10).map(str),
    st.decimals(-1, 1, allow_nan=False, allow_infinity=False, places=28).map(str),
    st.sampled_from(["0", "-0.00", "1e-12", "1.234E-7", "", "NaN", "-", "1,000.00", "0.00 "]),
)
row = st.fixed_dictionaries(
    {
        "BilledCost": texts,
        "EffectiveCost": texts,
        "ServiceName": st.sampled_from(["compute", 'sto"rage', "net,work", "a\nb"]),
        "Tags": st.sampled_from(["", "{}", '{"p": "a"}', '{ "p":"a" }', "{bad"]),
        "ChargePeriodStart": st.sampled_from(STARTS),
    }
)  # fmt: skip


def readable(text):
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def independent(text, column):
    """Sum of the rows that can be read, and the number of the others, by csv and Decimal alone."""
    total, held = Decimal(0), 0
    for record in csv.DictReader(io.StringIO(text)):
        amounts = [readable(record["BilledCost"]), readable(record["EffectiveCost"])]
        if None in amounts or record["ChargePeriodStart"] == "1970-01-01":
            held += 1
        else:
            total += readable(record[column])
    return total, held


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(row, min_size=25, max_size=60))
def test_groups_and_held_rows_and_cut_digits_are_the_file(tmp_path_factory, export, roll, rows):
    rows = [{"ChargePeriodEnd": "2025-03-01T00:00:00Z", **r, "ResourceId": str(i)} for i, r in enumerate(rows)]
    text = export(*rows).text()
    path = tmp_path_factory.mktemp("bill") / "bill.csv"
    path.write_text(text, encoding="utf-8", newline="")
    rolled = roll(path)
    [file] = rolled.files
    with localcontext() as context:
        context.prec = 80
        for column, name, cut in (
            ("BilledCost", "billed", file.rounding_difference),
            ("EffectiveCost", "effective", file.rounding_difference_effective),
        ):
            total, held = independent(text, column)
            assert sum(rolled.groups[name].to_pylist()) + cut == total
            assert len(rolled.held) == held
    assert sum(rolled.groups["rows"].to_pylist()) + len(rolled.held) == len(rows) == file.records_read


ROLL = """
import hashlib, sys
from datetime import date
from pathlib import Path
import pyarrow.parquet as pq
from rdcredit.engine import duck
from rdcredit.ingest import rolling
from rdcredit.ingest.canonical import Reading
from rdcredit.ingest.files import InputFile
path, scratch, threads = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
rolled = rolling.roll(
    duck.session(scratch, "500MiB", threads), "bill", [(InputFile(path, "bill.csv"), "d")],
    Reading(date(2025, 1, 1), date(2025, 12, 31)), {}, lambda _: None,
)
pq.write_table(rolled.groups, scratch / f"{threads}.parquet")
print(hashlib.sha256((scratch / f"{threads}.parquet").read_bytes()).hexdigest(), rolled.held, rolled.problems)
"""


def test_the_table_is_the_same_bytes_for_any_threads_hash_seed_time_zone_and_locale(tmp_path, export):
    changes = [
        {"ResourceId": str(i % 900), "BilledCost": f"{i}.{i:012d}7", "Tags": f'{{"p": "{i % 7}", "é": "{i % 3}"}}'}
        for i in range(3000)
    ]
    (tmp_path / "bill.csv").write_bytes(export(*changes, {"BilledCost": "x"}).bytes())
    answers = set()
    for threads, seed, zone, locale in (("1", "0", "UTC", "C"), ("4", "17", "Asia/Kolkata", "de_DE.UTF-8")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        environment["PYTHONPATH"] = str(Path(rdcredit.__file__).parents[1])
        command = [sys.executable, "-c", ROLL, str(tmp_path / "bill.csv"), str(tmp_path), threads]
        answers.add(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
    assert len(answers) == 1
