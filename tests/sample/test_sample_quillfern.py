"""The shipped sample of a start-up: it can be made again, it ties, it hides nobody real, and its story is in it."""

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
import zlib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rdcredit.study.config import Study

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
FOLDER = SAMPLES / "quillfern-2025"
RUN_RESULTS = ("review", "build", "out", "rdcredit.lock")

REAL = re.compile(
    r"\b(open ?ai|anthropic|claude|gemini|llama|mistral|cohere|hugging ?face|nvidia|coreweave|run ?pod|vast\.ai|"
    r"lambda labs|lambda cloud|paperspace|crusoe|together ai|modal labs|google|gusto|adp|paychex|rippling|justworks|"
    r"trinet|insperity|deel|upwork|datadog|snowflake|databricks|scale ai|deloitte|kpmg|pwc|ernst|"
    r"altman|amodei|hinton|bengio|lecun|karpathy|zuckerberg|nadella|jassy|bezos|musk)\b",
    re.IGNORECASE,
)


def decimal(text):
    return Decimal(text)


@pytest.fixture(scope="module")
def files():
    """Path below the study -> content, of what is checked in."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file() and path.relative_to(FOLDER).parts[0] not in RUN_RESULTS
    }


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory):
    """What the generator writes in another place, time zone, locale and hash seed."""
    out = tmp_path_factory.mktemp("again")
    env = {**os.environ, "TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    command = [sys.executable, str(SAMPLES / "generate.py"), "quillfern-2025", "--out", str(out)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=out)
    assert done.returncode == 0, done.stderr
    folder = out / "quillfern-2025"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def study():
    return tomllib.loads((FOLDER / "study.toml").read_text(encoding="utf-8"), parse_float=decimal)


@pytest.fixture(scope="module")
def bills(study):
    """Input id -> rows as dictionaries, read without the program: costs exact, tags as a dictionary."""
    return {i["id"]: list(bill_rows(FOLDER / i["path"])) for i in study["inputs"] if i["role"] == "bill"}


def bill_rows(path):
    if path.is_dir():
        for file in sorted(path.rglob("*.csv*")):
            content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
                yield {**row, "tags": json.loads(row["Tags"])}
    else:
        for row in pq.read_table(path).to_pylist():
            days = {k: f"{v:%Y-%m-%d}" for k, v in row.items() if k.endswith(("PeriodStart", "PeriodEnd"))}
            yield {**row, **days, "tags": dict(row["Tags"])}


def table(path):
    with (FOLDER / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def input_of(study, name):
    return next(i for i in study["inputs"] if i["id"] == name)


def content(path, data):
    """What a container holds, whatever the compressor did to it."""
    if path.endswith(".gz"):
        return gzip.decompress(data)
    if path.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    if path.endswith(".parquet"):
        return pq.read_table(io.BytesIO(data)).to_pylist()
    return data


# ---- it can be made again


def test_the_generator_writes_the_files_that_are_checked_in(files, regenerated):
    assert sorted(regenerated) == sorted(files)
    different = [
        path for path, data in regenerated.items()
        if data != files[path] and content(path, data) != content(path, files[path])
    ]  # fmt: skip
    assert not different


def test_the_generator_writes_them_byte_for_byte(files, regenerated):
    parquet = next(path for path in files if path.endswith(".parquet"))
    writers = {pq.read_metadata(io.BytesIO(some[parquet])).created_by for some in (files, regenerated)}
    if len(writers) > 1 or "ng" in zlib.ZLIB_RUNTIME_VERSION:
        pytest.skip("another parquet writer or compressor than the checked-in files were made with")
    assert [path for path in files if files[path] != regenerated[path]] == []


def test_a_name_that_is_no_sample_is_refused(tmp_path):
    command = [sys.executable, str(SAMPLES / "generate.py"), "quilfern", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "quillfern-2025" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_folder_stays_small(files):
    assert sum(map(len, files.values())) < 5_000_000


# ---- it ties


def test_the_study_is_valid(study):
    assert Study.model_validate(study).credit_year.end == date(2025, 12, 31)


@pytest.mark.parametrize("name", ["aws", "gpu-shared", "gpu-cluster", "gpu-exchange", "azure"])
def test_each_invoice_total_is_the_sum_of_its_rows(study, bills, name):
    sums = defaultdict(Decimal)
    for row in bills[name]:
        sums[row["BillingPeriodStart"][:7]] += Decimal(row["BilledCost"])
    stated = {c["month"]: Decimal(c["amount"]) for c in input_of(study, name)["control"]}
    assert {c["column"] for c in input_of(study, name)["control"]} == {"billed"}
    assert stated == dict(sums)


def test_the_w3_is_the_sum_of_the_register_and_of_its_totals_row(study):
    source = input_of(study, "payroll")
    sheet = openpyxl.load_workbook(FOLDER / source["path"], data_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    header = next(n for n, row in enumerate(rows) if row[0] == "Employee ID")
    *lines, totals = rows[header + 1 :]
    assert totals[0] == "Totals"
    for column in (4, 5, 6):
        total = sum(Decimal(str(row[column])) for row in lines)
        assert total == Decimal(str(totals[column]))
    assert Decimal(source["control"][0]["amount"]) == total
    assert all(Decimal(str(r[4])) - Decimal(str(r[5])) == Decimal(str(r[6])) for r in lines)


@pytest.mark.parametrize("name", ["contractors", "supplies"])
def test_a_ledger_total_is_the_sum_of_its_lines(study, name):
    source = input_of(study, name)
    assert Decimal(source["control"][0]["amount"]) == sum(Decimal(row["Amount"]) for row in table(source["path"]))


def test_the_readme_states_the_totals_of_the_bills(bills):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, rows in bills.items():
        billed, effective = (sum(Decimal(row[c]) for row in rows) for c in ("BilledCost", "EffectiveCost"))
        assert f"| `{name}` | {len(rows):,} | ${billed:,.2f} | ${effective:,.2f} |" in text


# ---- it hides nobody real


def distinct(path, data):
    """The distinct texts of a file, one a line: names are looked for in megabytes of repeated cells."""
    if path.endswith(".parquet"):
        columns = pq.read_table(io.BytesIO(data)).columns
        flat = [part for c in columns for part in (flattened(c) if pa.types.is_map(c.type) else (c,))]
        cells = {text for c in flat if pa.types.is_string(c.type) for text in c.unique().to_pylist() if text}
    elif path.endswith(".xlsx"):
        cells = {part.decode("utf-8") for part in content(path, data).values()}
    else:
        cells = set((gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8-sig").split(","))
    return "\n".join(sorted(cells))


def flattened(column):
    maps = column.combine_chunks()
    return maps.keys, maps.items


@pytest.fixture(scope="module")
def texts(files):
    return {path: distinct(path, data) for path, data in files.items()}


def test_no_real_company_or_person_is_named(texts):
    sources = {
        str(p): p.read_text(encoding="utf-8") for p in (SAMPLES / "generator").rglob("*.*") if p.suffix != ".pyc"
    }
    found = {path: REAL.findall(text) for path, text in {**texts, **sources}.items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_people_are_named_only_in_the_people_list_and_the_register(texts):
    names = [row["Employee Name"] for row in table("inputs/people/people-2025.csv")]
    words = re.compile(
        "|".join({rf"\b{word}\b" for name in names for word in re.split(r"[ -]", name) if len(word) > 3})
    )
    named = {path for path, text in texts.items() if words.search(text)}
    assert named == {"inputs/people/people-2025.csv", "inputs/people/payroll-register-2025.xlsx"}


def test_every_person_of_the_records_is_in_the_people_list(bills):
    known = {row["Employee ID"] for row in table("inputs/people/people-2025.csv")}
    used = {
        row["Employee ID"] for file in ("timesheets", "time-survey") for row in table(f"inputs/people/{file}-2025.csv")
    }
    used |= {row["tags"]["user"] for rows in bills.values() for row in rows if "user" in row["tags"]}
    assert used <= known
    assert known - used == {"E-019"}  # the one without a time record


# ---- its parts agree with each other


def spelled(value):
    return value.casefold().replace("_", "-")


def test_every_selector_finds_rows_of_the_bills(study, bills):
    tags = [
        {
            ("project" if k.casefold() in ("project", "proj") else k.casefold(), spelled(v))
            for k, v in row["tags"].items()
        }
        for rows in bills.values()
        for row in rows
    ]
    for component in study["components"]:
        for selection in component["select"]:
            assert any(set(selection.items()) <= found for found in tags), component["id"]


def test_every_project_of_the_records_is_explained_but_one(study):
    explained = {p for c in study["components"] for p in c["projects"]} | {p["name"] for p in study["projects"]}
    records = (
        "people/timesheets-2025",
        "people/time-survey-2025",
        "contractors/contractor-ledger-2025",
        "supplies-2025",
    )
    used = {row["Project"] for name in records for row in table(f"inputs/{name}.csv")}
    assert used - explained == {"moonlit"}
    assert {p for c in study["components"] for p in c["projects"]} <= used


def test_no_day_has_more_hours_than_a_day_and_no_survey_more_than_the_whole():
    hours, percent = defaultdict(Decimal), defaultdict(Decimal)
    for row in table("inputs/people/timesheets-2025.csv"):
        hours[row["Employee ID"], row["Date"]] += Decimal(row["Hours"])
    for row in table("inputs/people/time-survey-2025.csv"):
        percent[row["Employee ID"], row["Period Start"]] += Decimal(row["Percent"])
    assert max(hours.values()) <= 12
    assert set(percent.values()) == {Decimal(100)}


def test_no_instance_ran_longer_than_the_day(bills):
    ran = [
        Decimal(r["ConsumedQuantity"]) for r in bills["aws"] if r["ResourceType"] == "instance" and not r["ChargeClass"]
    ]
    assert max(ran) <= 24


def test_every_contract_of_the_ledger_has_an_abstract():
    known = {row["Contract"] for row in table("inputs/contractors/contract-abstracts.csv")}
    ledger = table("inputs/contractors/contractor-ledger-2025.csv")
    assert {row["Contract"] for row in ledger} == known | {""}


def test_account_numbers_keep_their_leading_zero(bills):
    accounts = {row["SubAccountId"] for row in bills["aws"]}
    assert all(re.fullmatch(r"\d{12}", account) for account in accounts)
    assert any(account.startswith("0") for account in accounts)


# ---- the formats' habits


def test_the_azure_export_begins_with_a_byte_order_mark_and_the_aws_export_does_not(files):
    for path, data in files.items():
        if "azure-focus" in path:
            assert data.startswith(b"\xef\xbb\xbf")
        if "aws-focus" in path:
            assert gzip.decompress(data).startswith(b"AvailabilityZone,")


def test_the_savings_plan_is_spread_without_loss_each_day(bills):
    plan = [row for row in bills["aws"] if row["CommitmentDiscountId"]]
    paid, used = defaultdict(Decimal), defaultdict(Decimal)
    for row in plan:
        paid[row["ChargePeriodStart"]] += Decimal(row["BilledCost"])
        used[row["ChargePeriodStart"]] += Decimal(row["EffectiveCost"])
    assert paid == used
    assert len(paid) == 306  # March to December
    assert {row["CommitmentDiscountStatus"] for row in plan} == {"", "Used", "Unused"}


def test_the_cluster_is_spread_without_loss_each_month(bills):
    paid, used = defaultdict(Decimal), defaultdict(Decimal)
    for row in bills["gpu-cluster"]:
        paid[row["BillingPeriodStart"]] += row["BilledCost"]
        used[row["BillingPeriodStart"]] += row["EffectiveCost"]
    assert paid == used
    assert set(paid.values()) == {Decimal(41500)}


def test_packs_are_bought_before_they_are_drawn_and_never_beyond_their_credits(bills):
    bought = {r["ChargeDescription"].split(",")[1 + r["ChargeDescription"].count(",") - 2].split()[-1]: r
              for r in bills["gpu-shared"] if r["ChargeCategory"] == "Purchase"}  # fmt: skip
    drawn = defaultdict(Decimal)
    for row in bills["gpu-shared"]:
        if row["PricingCurrency"] == "Credits":
            pack = bought[row["ChargeDescription"].split()[-1]]
            assert pack["ChargePeriodStart"] <= row["ChargePeriodStart"] < pack["ChargePeriodEnd"]
            assert row["BilledCost"] == 0
            unit = pack["BilledCost"] / pack["PricingQuantity"]
            assert abs(row["EffectiveCost"] - unit * row["PricingCurrencyEffectiveCost"]) < Decimal("1e-9")
            drawn[pack["ChargeDescription"]] += row["PricingCurrencyEffectiveCost"]
    assert len(drawn) == 2
    assert all(drawn[p["ChargeDescription"]] < p["PricingQuantity"] for p in bought.values())
    assert all(pack["EffectiveCost"] == 0 for pack in bought.values())


def test_promotional_credits_carry_no_tags_and_never_exceed_the_usage_they_offset(bills):
    credit, usage = defaultdict(Decimal), defaultdict(Decimal)
    for row in bills["aws"]:
        key = (row["BillingPeriodStart"], row["SubAccountId"], row["ServiceName"], row["x_UsageType"])
        if row["ChargeCategory"] == "Credit":
            assert (row["tags"], row["ResourceId"]) == ({}, "")
            credit[key] -= Decimal(row["EffectiveCost"])
        elif row["ChargeCategory"] == "Usage":
            usage[key] += Decimal(row["EffectiveCost"])
    assert sum(credit.values()) == 95000
    assert all(amount <= usage[key] for key, amount in credit.items())


def test_some_rows_agree_in_every_column_and_the_study_says_whose_word_that_is(study, bills):
    rows = [tuple(sorted((k, str(v)) for k, v in row.items())) for row in bills["aws"]]
    assert len(rows) - len(set(rows)) == 6
    assert [accepted["input"] for accepted in study["identical_rows"]] == ["aws"]
    for name in set(bills) - {"aws"}:
        others = [tuple(sorted((k, str(v)) for k, v in row.items())) for row in bills[name]]
        assert len(others) == len(set(others)), name


def test_the_register_holds_a_void_and_its_correction():
    sheet = openpyxl.load_workbook(FOLDER / "inputs/people/payroll-register-2025.xlsx", data_only=True).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "E-014" and str(row[2])[:7] == "2025-05"]
    doubled, void, again, _ = (Decimal(str(row[4])) for row in rows)
    assert [row[3] for row in rows] == ["Regular", "Void", "Correction", "Regular"]
    assert (void, again * 2) == (-doubled, doubled)
