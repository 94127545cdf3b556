"""The seam stays narrow, and what it opens is declared, never guessed."""

import ast
import csv
import gzip
import re
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rdcredit
from rdcredit.engine import duck
from rdcredit.engine.amount import amounts
from rdcredit.engine.source import ColumnarSource, TextSource

PACKAGE = Path(rdcredit.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
ENGINES = {"ibis", "duckdb", "pyspark"}
FORBIDDEN = ("sniff", "ignore_errors", "store_rejects", "rejects_table", "read_csv_auto", "auto_detect=True")


def imported(node):
    """The modules that ``node`` imports when it runs: what only a type checker reads is left out."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
    for inner in ast.iter_child_nodes(node):
        yield from imported(inner)


def test_nothing_but_the_engine_imports_a_query_engine():
    offenders = [
        f"{path.name}: {name}"
        for path in SOURCES
        if path.parent.name != "engine" and any(engine in path.read_text(encoding="utf-8") for engine in ENGINES)
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in ENGINES
    ]
    assert offenders == [], "ask rdcredit.engine for it"


def test_guessing_dialects_and_skipping_bad_rows_is_forbidden():
    offenders = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"rmtree\([^)]*\)", "", text)  # deleting a folder is no reading of rows
        offenders += [f"{path.name}: {word}" for word in FORBIDDEN if word in text]
    assert offenders == [], "declare the dialect; refuse bad rows by our own pass over the bytes"


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)


def everything(engine, source):
    return duck.fetch(engine, duck.open_source(engine, source), ("record",), 100).to_pylist()


def test_text_is_opened_as_text_by_position_and_numbered(engine, tmp_path):
    write(tmp_path / "a.csv", [["x", "x"], ["1", ""], ["NULL", "00123"], ['say "hi"', "a\nb"]])
    rows = everything(engine, TextSource(tmp_path / "a.csv", 2, breaks_in_cells=True))
    assert rows == [
        {"c0000": "1", "c0001": None, "record": 1},
        {"c0000": "NULL", "c0001": "00123", "record": 2},
        {"c0000": 'say "hi"', "c0001": "a\nb", "record": 3},
    ]


@pytest.mark.parametrize(
    "name", ["bill[1].csv", "a*b.csv", "it's;--.csv", "billing_period=2025-01.csv", "Ünïcode ?.csv"]
)
def test_file_names_are_names_and_never_patterns(engine, tmp_path, name):
    write(tmp_path / "a1b.csv", [["x"], ["wrong"]])
    write(tmp_path / name, [["x"], ["right"]])
    assert everything(engine, TextSource(tmp_path / name, 1)) == [{"c0000": "right", "record": 1}]


def test_all_members_of_a_gzip_file_are_read(engine, tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"".join(gzip.compress(part) for part in (b"x\n1\n", b"2\n", b"3\n")))
    assert [r["c0000"] for r in everything(engine, TextSource(path, 1, gzip=True))] == ["1", "2", "3"]


def test_mixed_line_ends_are_read_where_they_are_declared(engine, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,y\r\n1,2\n3,4\r\n")
    assert len(everything(engine, TextSource(path, 2, one_line_end=False))) == 2


def test_parquet_keeps_its_types_and_is_numbered(engine, tmp_path):
    pq.write_table(
        pa.table({"a": pa.array([Decimal("1.25")], pa.decimal128(38, 14)), "n": [7]}), tmp_path / "a.parquet"
    )
    rows = everything(engine, ColumnarSource(tmp_path / "a.parquet"))
    assert rows == [{"a": Decimal("1.25"), "n": 7, "record": 1}]


def test_sums_do_not_depend_on_threads_or_order(tmp_path):
    texts = [f"{(i * 7919) % 1000}.{i:09d}1" for i in range(20_000)]
    totals = set()
    for threads, column in ((1, texts), (4, texts), (2, texts[::-1])):
        pq.write_table(pa.table({"text": column}), tmp_path / "t.parquet", row_group_size=1000)
        engine = duck.session(tmp_path, "500MiB", threads)
        table = duck.open_source(engine, ColumnarSource(tmp_path / "t.parquet"))
        table = amounts(table.mutate(all=table["text"].length() * 0), {"value": "text"})
        totals.add(str(duck.rollup(engine, table, ("all",), ("value",))["value"][0].as_py()))
    assert totals == {str(sum(Decimal(text) for text in texts).quantize(Decimal("1e-12")))}


def test_the_engine_may_fetch_and_load_nothing(engine):
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"):
        assert engine.con.execute(f"SELECT current_setting('{setting}')").fetchall() == [(False,)]
