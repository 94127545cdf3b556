"""``verify`` agrees with an untouched study, and names what was changed: the file, the cell, the source."""

import json
import re
import zipfile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from support.publishing import tree

from rdcredit.cli import main
from rdcredit.errors import Exit


def verify(root, *options):
    return CliRunner().invoke(main, ["verify", str(root), *options])


def different(root):
    """(place, what) of each difference found."""
    done = verify(root, "--json")
    assert done.exit_code == Exit.DIFFERENT, done.output
    told = json.loads(done.stdout)
    assert told["state"] == "The published set was not touched."
    return [(p["place"], p["what"]) for p in told["problems"]]


def places(root):
    return {place for place, _ in different(root)}


def edit(path, old, new):
    data = path.read_bytes()
    assert data.count(old) == 1, path
    path.write_bytes(data.replace(old, new))


def changed_part(book, name, change):
    """Rewrite one part of a workbook, as an editor of the raw XML would."""
    with zipfile.ZipFile(book) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts:
            package.writestr(info, change(data) if info.filename == name else data)


# ---- nothing was changed


def test_an_untouched_study_agrees_and_is_left_alone(small_copy):
    def kept():
        return {name: data for name, data in tree(small_copy).items() if not name.startswith("build")}

    before = kept()
    done = verify(small_copy)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("All 6 published files agree ")
    assert kept() == before


# ---- the workbook


def input_cell(book):
    """A typed-in number of the wage schedule."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == 40000.33:
                    return cell
    raise AssertionError("the wages of E-003 stand in no cell")


def test_a_digit_edited_in_a_spreadsheet_program_is_found_with_its_cell(small_copy):
    path = small_copy / "out" / "workpapers.xlsx"
    book = load_workbook(path)
    cell = input_cell(book)
    cell.value = 60000.33
    book.save(path)
    found = places(small_copy)
    assert "out/workpapers.xlsx" in found
    assert f"out/workpapers.xlsx sheet {cell.parent.title} cell {cell.coordinate}" in found


def test_a_digit_edited_in_the_raw_file_is_found_with_its_cell(small_copy):
    path = small_copy / "out" / "workpapers.xlsx"
    cell = input_cell(load_workbook(path))
    names = load_workbook(path).sheetnames
    part = f"xl/worksheets/sheet{names.index(cell.parent.title) + 1}.xml"

    def change(xml):
        pattern = rf'(<c r="{cell.coordinate}"[^>]*><v>)40000.33(</v>)'.encode()
        assert re.search(pattern, xml)
        return re.sub(pattern, rb"\g<1>40000.34\g<2>", xml)

    changed_part(path, part, change)
    found = places(small_copy)
    assert found == {
        "out/workpapers.xlsx",
        f"out/workpapers.xlsx sheet {cell.parent.title} cell {cell.coordinate}",
    }


def test_a_formula_replaced_by_its_value_is_found(small_copy):
    path = small_copy / "out" / "workpapers.xlsx"
    book, values = load_workbook(path), load_workbook(path, data_only=True)
    cell = next(c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f")
    cell.value = values[cell.parent.title][cell.coordinate].value
    book.save(path)
    assert f"out/workpapers.xlsx sheet {cell.parent.title} cell {cell.coordinate}" in places(small_copy)


def test_a_workbook_that_is_none_any_more_is_found(small_copy):
    (small_copy / "out" / "workpapers.xlsx").write_bytes(b"PK\x03\x04 and nothing else")
    assert "out/workpapers.xlsx" in places(small_copy)


# ---- other files of the set


def test_a_byte_of_the_ledger_is_found(small_copy):
    path = small_copy / "out" / "ledger.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert different(small_copy) == [("out/ledger.parquet", "differs from what was published")]


def test_a_digit_of_a_form_line_is_found(small_copy):
    path = small_copy / "out" / "form6765.json"
    path.write_bytes(path.read_bytes().replace(b"141648", b"141649"))
    assert different(small_copy) == [("out/form6765.json", "differs from what was published")]


def test_missing_and_added_files_are_found(small_copy):
    (small_copy / "out" / "study.docx").unlink()
    (small_copy / "out" / "notes.txt").write_text("mine")
    assert different(small_copy) == [
        ("out/notes.txt", "was not published by this program"),
        ("out/study.docx", "was published and is no longer there"),
    ]


def test_an_edited_set_with_an_edited_manifest_is_found(small_copy):
    """Whoever repairs the digests in the manifest is caught by the lock; whoever repairs both, by the computation."""
    out, lock = small_copy / "out", small_copy / "rdcredit.lock"
    old = next(f for f in json.loads((out / "manifest.json").read_text())["files"] if f["path"] == "form6765.json")
    path = out / "form6765.json"
    path.write_bytes(path.read_bytes().replace(b"141648", b"141649"))
    from rdcredit.source import file_digest

    for holder in (out / "manifest.json", lock):
        holder.write_text(holder.read_text().replace(old["digest"], file_digest(path)))
    text = json.loads(lock.read_text())
    lock.write_text(lock.read_text().replace(text["manifest_digest"], file_digest(out / "manifest.json")))
    assert different(small_copy) == [("out/form6765.json", "a fresh computation gives another file")]


# ---- sources


def test_a_changed_input_is_found_with_what_it_changed(small_copy):
    edit(small_copy / "inputs" / "time.csv", b",sparse-decoder,Research,82", b",sparse-decoder,Research,72")
    edit(small_copy / "inputs" / "time.csv", b",admin,Administration,18", b",admin,Administration,28")
    found = different(small_copy)
    assert ("inputs/time.csv", "differs from what was published") in found
    assert {"out/ledger.parquet", "out/form6765.json", "out/workpapers.xlsx"} <= {place for place, _ in found}
    assert any(place.startswith("out/workpapers.xlsx sheet ") for place, _ in found)


def test_a_changed_input_that_no_longer_ties_is_found_by_name(small_copy):
    """The study can no longer be computed, and the reader is told why: the file is another one."""
    edit(small_copy / "inputs" / "supplies.csv", b"1234.56", b"1234.57")
    found = different(small_copy)
    assert ("inputs/supplies.csv", "differs from what was published") in found
    assert any("can no longer be computed: E703" in what and "states 1,734.56" in what for _, what in found)


def test_a_bill_that_was_exchanged_is_found_although_the_earlier_one_is_remembered(small_copy):
    import os

    path = small_copy / "inputs" / "bill.csv"
    times = path.stat()
    edit(path, b"1000.004,1000.004", b"1000.014,1000.014")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # same size, same time
    assert "inputs/bill.csv" in places(small_copy)


def test_changed_settings_are_found(small_copy):
    edit(small_copy / "study.toml", b'receipts = { base = "300000.00"', b'receipts = { base = "310000.00"')
    assert {"study.toml", "out/form6765.json"} <= places(small_copy)


def test_an_input_that_is_gone_is_found(small_copy):
    (small_copy / "inputs" / "contracts.csv").unlink()
    assert ("inputs/contracts.csv", "was published and is no longer there") in different(small_copy)


def test_a_study_that_cannot_be_computed_although_nothing_changed_says_why(small_copy, monkeypatch):
    from rdcredit.errors import Problem, Refused

    def fail(*_):
        raise Refused([Problem("E705", "", "the disk is full", "It cannot be written.", "Free some space.")])

    monkeypatch.setattr("rdcredit.pipeline.write_again", fail)
    done = verify(small_copy)
    assert (done.exit_code, done.stderr.split()[1]) == (Exit.ENVIRONMENT, "E705")


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_study_that_was_never_run_is_not_verified(tmp_path, option):
    from support.study_folder import StudyFolder

    done = verify(StudyFolder().write(tmp_path / "study"), *option)
    assert done.exit_code == Exit.REFUSED
    assert "E707" in done.output
