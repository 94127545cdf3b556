"""What a file is, by its content; and its columns, by their names."""

import gzip
import io
import zipfile

import pytest

from rdcredit.errors import Refused
from rdcredit.ingest.focus import FOCUS
from rdcredit.ingest.header import match, read_header
from rdcredit.ingest.importer import recognise


def problem_of(path, data):
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        recognise(path)
    [problem] = refused.value.problems
    return problem


def zipped(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "really"),
    [
        ("a.csv", gzip.compress(b"a,b\n1,2\n", mtime=0), "gzip"),
        ("a.csv", zipped("a.csv"), "zip archive"),
        ("a.csv", zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook"),
        ("a.csv", b"\n<!DOCTYPE html><title>Sign in to continue</title>", "web page"),
        ("a.csv", b"PAR1....", "parquet"),
        ("a.csv", b'{"amount": 1}', "JSON"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        ("a.csv.gz", b"a,b\n1,2\n", "text"),
        ("a.csv.gz", gzip.compress(b"<html>sign in</html>", mtime=0), "web page"),
        ("a.parquet", b"a,b\n1,2\n", "text"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_by_its_real_kind(tmp_path, name, data, really):
    problem = problem_of(tmp_path / name, data)
    assert problem.code == "E104"
    assert really in problem.what


@pytest.mark.parametrize("data", [b"", b"\n\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_rows(tmp_path, data):
    assert problem_of(tmp_path / "a.csv", data).code == "E105"


@pytest.mark.parametrize("data", ["a,b\n1,2\n".encode("utf-16"), b"a,Jos\xe9\n1,2\n"])
def test_a_header_in_another_encoding_is_refused(tmp_path, data):
    assert problem_of(tmp_path / "a.csv", data).code == "E109"


@pytest.mark.parametrize(("sign", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_asked_about_and_not_guessed(tmp_path, export, sign, called):
    data = export({}).text().replace(",", sign).replace("1.50", "1,50").encode()
    problem = problem_of(tmp_path / "a.csv", data)
    assert problem.code == "E115"
    assert called in problem.what


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path, export):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + export({}).bytes())
    header = read_header(path, "a.csv")
    assert header.bom
    assert header.names[0] == "BilledCost"


def test_focus_is_recognised_by_its_columns_with_the_reason_and_the_version(tmp_path, export):
    path = tmp_path / "anything.csv"
    path.write_bytes(export({}).bytes())
    found = recognise(path)
    assert found.label == "FOCUS 1.2"
    assert "EffectiveCost" in found.why
    columns = [name for name in export({}).columns if name != "InvoiceId"]
    path.write_bytes(export({}, columns=columns).bytes())
    assert recognise(path).label == "FOCUS 1.0"


def test_an_unknown_layout_is_refused_with_what_resembles_it(tmp_path):
    problem = problem_of(tmp_path / "a.csv", b"Date,Bill_Cost,Who\n1,2,3\n")
    assert problem.code == "E125"
    assert '"Bill_Cost" resembles BilledCost' in problem.what


def test_columns_are_matched_by_folded_name_alias_and_statement_and_never_by_place():
    names = ["effective_cost", "BILLEDCOST", "ChargeType", "Kosten", "charge category"]
    found = match(names, FOCUS, {"ServiceName": "Kosten"})
    assert found.positions["BilledCost"] == 1
    assert found.positions["EffectiveCost"] == 0
    assert found.positions["ChargeCategory"] == 4, "a column's own name goes before an alias"
    assert found.positions["ServiceName"] == 3
    assert "BillingCurrency" in found.missing
    assert "ChargeClass" not in found.missing, "older versions lack it"


def test_names_that_fold_alike_are_a_doubled_column():
    assert match(["BilledCost", "billed_cost"], FOCUS, {}).doubled == (("BilledCost", (0, 1)),)
    assert match(["x_Note", "x note"], FOCUS, {}).doubled == (), "columns that are not read may resemble each other"
    assert match(["", ""], FOCUS, {}).doubled == ()


def test_a_missing_column_is_named_with_its_nearest(tmp_path, export, refusal):
    path = tmp_path / "a.csv"
    path.write_bytes(export({}).bytes().replace(b"BillingCurrency", b"BilingCurrncy"))
    [problem] = refusal(path)
    assert problem.code == "E117"
    assert '"BilingCurrncy"' in problem.what


def test_a_column_renamed_within_a_series_is_proposed_and_not_assumed(tmp_path, export, refusal, roll):
    june, july = tmp_path / "2025-06.csv", tmp_path / "2025-07.csv"
    june.write_bytes(export({"ResourceId": "a"}).bytes())
    july.write_bytes(export({"ResourceId": "b"}).bytes().replace(b"EffectiveCost", b"EffectiveAmount"))
    [problem] = refusal(june, july)
    assert (problem.code, problem.place) == ("E118", "inputs/2025-07.csv")
    assert 'columns = { EffectiveCost = "EffectiveAmount" }' in problem.fix
    accepted = roll(june, july, stated={"EffectiveCost": "EffectiveAmount"})
    assert sum(accepted.groups["rows"].to_pylist()) == 2


def test_a_doubled_header_is_refused_with_the_sums_of_both(tmp_path, export, refusal):
    columns = [*export({}).columns, "BilledCost"]
    text = export({}, {}, columns=columns).text().splitlines()
    text[1] = text[1].removesuffix("1.50") + "7.25"
    path = tmp_path / "a.csv"
    path.write_text("\n".join(text), encoding="utf-8")
    [problem] = refusal(path)
    assert problem.code == "E116"
    assert "3.00 (column 1) and 8.75 (column 25)" in problem.what
