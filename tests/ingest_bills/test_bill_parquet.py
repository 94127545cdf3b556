"""FOCUS as parquet: the same groups as the same bill in text, and nothing read from a damaged file."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rdcredit.errors import Refused
from rdcredit.ingest.columnar import inspect, verify_checksums
from rdcredit.ingest.importer import recognise
from rdcredit.ingest.records import BILL_KEYS

TAGS = [{"project": "decoder", "env": "dev"}, {}, {"env": "dev", "project": "decoder"}, {'say "hi"': "a,b\n{c}"}]
TIMES = ("ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart")


def columnar(bill, **kinds):
    """The rows of ``bill`` as a parquet provider would type them."""
    columns = {name: [row[name] or None for row in bill.rows] for name in bill.columns}
    table = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    for name in TIMES:
        instants = [datetime.fromisoformat(value) for value in columns[name]]
        table[name] = pa.array(instants, pa.timestamp("ms", "UTC"))
    for name in ("BilledCost", "EffectiveCost"):
        table[name] = pa.array([Decimal(value) for value in columns[name]], pa.decimal128(38, 14))
    tags = [list(json.loads(row["Tags"]).items()) for row in bill.rows]
    table["Tags"] = pa.array(tags, pa.map_(pa.string(), pa.string()))
    return pa.table(table | kinds)


@pytest.fixture(scope="module")
def bill(export):
    rows = [{"Tags": json.dumps(t), "ResourceId": str(i), "BilledCost": f"{i}.5"} for i, t in enumerate(TAGS)]
    return export(*rows, {"Tags": "{}", "InvoiceId": "", "BilledCost": "-0.00000000001234"})


def test_map_tags_in_parquet_and_json_tags_in_text_give_identical_groups(tmp_path, bill, roll):
    (tmp_path / "bill.csv").write_bytes(bill.bytes())
    pq.write_table(columnar(bill), tmp_path / "bill.parquet")
    text, parquet = roll(tmp_path / "bill.csv"), roll(tmp_path / "bill.parquet")
    compared = [*BILL_KEYS, "billed", "effective", "rows", "identical_rows"]
    assert text.groups.select(compared).equals(parquet.groups.select(compared))
    assert text.files[0].rounding_difference == parquet.files[0].rounding_difference == Decimal("-0.34e-12")
    assert {json.dumps(json.loads(g["tags"])) for g in text.groups.to_pylist()} == {
        '{"env": "dev", "project": "decoder"}', "{}", '{"say \\"hi\\"": "a,b\\n{c}"}'
    }  # fmt: skip


def test_binary_amounts_are_read_by_their_shortest_text_and_said_to_be(tmp_path, bill, roll):
    amounts = [0.1 + 0.2, 1e-7, float("nan"), -1.5, 2.0]
    table = columnar(bill, BilledCost=pa.array(amounts, pa.float64()))
    table = table.set_column(table.column_names.index("Tags"), "Tags", pa.array([None] * 5, pa.string()))
    pq.write_table(table, tmp_path / "bill.parquet")
    rolled = roll(tmp_path / "bill.parquet")
    [file] = rolled.files
    total = sum(rolled.groups["billed"].to_pylist()) + file.rounding_difference
    assert total == sum(Decimal(repr(x)) for x in amounts if x == x)  # noqa: PLR0124  # NaN differs from itself
    assert [(h.column, h.text, h.record) for h in rolled.held] == [("BilledCost", "nan", 3)]
    assert any("binary numbers" in note for note in file.notes)
    assert set(rolled.groups["tags"].to_pylist()) == {"{}"}


def faults(path):
    with pytest.raises(Refused) as refused:
        recognise(path)
    return [p.code for p in refused.value.problems]


def test_a_parquet_file_that_is_cut_or_garbled_is_damaged(tmp_path, bill):
    path = tmp_path / "bill.parquet"
    pq.write_table(columnar(bill), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert faults(path) == ["E122"]
    path.write_bytes(whole[:-40] + b"\xff" * 32 + whole[-8:])
    assert faults(path) == ["E122"]
    path.write_bytes(b"PAR1" + b"\xff" * 280 + (2**31 - 1).to_bytes(4, "little") + b"PAR1")
    assert faults(path) == ["E122"]


def test_a_parquet_file_without_rows_is_not_a_bill_of_zero(tmp_path, bill):
    pq.write_table(columnar(bill).slice(0, 0), tmp_path / "bill.parquet")
    assert faults(tmp_path / "bill.parquet") == ["E105"]


def test_a_type_that_would_run_code_is_refused(tmp_path):
    field = pa.field("x", pa.binary(), metadata={"ARROW:extension:name": "arrow.py_extension_type"})
    pq.write_table(pa.table([pa.array([b"\x80"])], schema=pa.schema([field])), tmp_path / "a.parquet")
    assert faults(tmp_path / "a.parquet") == ["E123"]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_page_checksums_are_verified_where_the_writer_left_them(tmp_path, version):
    path = tmp_path / "a.parquet"
    table = pa.table({"x": pa.array(range(5000), pa.int64())})
    options = {"use_dictionary": False, "compression": "none", "data_page_version": version}
    pq.write_table(table, path, write_page_checksum=True, **options)
    assert inspect(path, "a.parquet").checksums
    verify_checksums(path, "a.parquet", ["x"])
    flipped = bytearray(path.read_bytes())
    flipped[len(flipped) // 3] ^= 1
    path.write_bytes(flipped)
    with pytest.raises(Refused, match="E122"):
        verify_checksums(path, "a.parquet", ["x"])
    pq.write_table(table, path, **options)
    assert not inspect(path, "a.parquet").checksums


def test_ids_stored_as_binary_numbers_are_refused(tmp_path, bill, refusal):
    table = columnar(bill, SubAccountId=pa.array([1.23457e18] * 5), InvoiceId=pa.array([7] * 5, pa.int64()))
    pq.write_table(table, tmp_path / "bill.parquet")
    [problem] = refusal(tmp_path / "bill.parquet")
    assert problem.code == "E355"
    assert "SubAccountId" in problem.what


def test_naive_times_in_parquet_are_utc_and_said_to_be(tmp_path, bill, roll):
    naive = pa.array([datetime(2025, 12, 31, 23, tzinfo=UTC).replace(tzinfo=None)] * 5, pa.timestamp("ns"))
    pq.write_table(columnar(bill, ChargePeriodStart=naive, ChargePeriodEnd=naive), tmp_path / "bill.parquet")
    rolled = roll(tmp_path / "bill.parquet")
    assert set(rolled.groups["period"].to_pylist()) == {"2025-12"}
    assert "times without a zone were taken as UTC" in rolled.files[0].notes
