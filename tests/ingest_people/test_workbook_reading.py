"""Workbooks: what can hide in them is announced, what could do harm is refused before anything is parsed."""

import io
import stat
import time
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from table_helpers import PAY, TIME, rewrite, text_of

from rdcredit.errors import Exit, Refused
from rdcredit.ingest.package import Limits, inspect_package
from rdcredit.ingest.sheets import Workbook, open_workbook

HEADER = PAY.strip().split(",")
ROW = ["E1", "Ann Ho", date(2025, 1, 31), "x", 5000, 200, 4800]
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [HEADER, ROW, ["E2", *ROW[1:]], ["E3", *ROW[1:]]]


def changed(part, *swaps):
    """A change for ``rewrite`` that replaces text inside one part."""

    def change(name, data):
        if name == part:
            for old, new in swaps:
                assert old in data
                data = data.replace(old, new)
        return data

    return lambda path: rewrite(path, change)


def adding(name, data=b"x", attributes=0):
    def change(path):
        with zipfile.ZipFile(path, "a") as package:
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes
            package.writestr(info, data)

    return change


# --- what may hide


def test_hidden_rows_are_read_and_announced(folder):
    def hide(book):
        book.active.row_dimensions[3].hidden = True
        book.active.row_dimensions[99].hidden = True
        book.active.column_dimensions["D"].hidden = True
        book.active.merge_cells("B2:B3")

    inputs = folder.read("payroll", folder.book("a.xlsx", ROWS, hide))
    assert len(inputs.pay) == 3
    notes = inputs.files[0][1].notes
    assert "hidden or filtered rows, read like the others: 1" in notes
    assert "hidden columns: 1" in notes
    assert any(n.startswith("merged ranges") for n in notes)


def test_hidden_sheets_are_announced_and_very_hidden_ones_never_read(folder):
    def hide(book):
        for name, state in (("old", "hidden"), ("last year", "veryHidden")):
            sheet = book.create_sheet(name)
            sheet.sheet_state = state
            for row in ROWS:
                sheet.append(row)

    path = folder.book("a.xlsx", ROWS[:2], hide)
    inputs = folder.read("payroll", path)
    assert len(inputs.pay) == 1
    assert {"hidden sheets, read only if named in study.toml: 1", "very hidden sheets, never read: 1"} <= set(
        inputs.files[0][1].notes
    )
    assert len(folder.read("payroll", path, sheet="old").pay) == 3
    assert folder.codes("payroll", path, sheet="last year") == {"E502"}


def test_the_sheet_with_the_table_is_found_among_others(folder):
    def add(book):
        book.active.title = "Register"
        book.create_sheet("Notes", 0).append(["see next sheet"])

    inputs = folder.read("payroll", folder.book("a.xlsx", ROWS, add))
    assert {row.ref.sheet for row in inputs.pay} == {"Register"}


def test_a_workbook_without_the_table_says_so(folder):
    path = folder.book("a.xlsx", [["x"]], lambda book: book.create_sheet("two").append(["y"]))
    assert folder.codes("payroll", path) == {"E117"}


def test_two_sheets_with_a_table_are_asked_about(folder):
    def add(book):
        for row in ROWS:
            book.create_sheet("2024") if "2024" not in book.sheetnames else None
            book["2024"].append(row)

    path = folder.book("a.xlsx", ROWS, add)
    (problem,) = folder.problems("payroll", path)
    assert problem.code == "E503"
    assert '"2024"' in problem.fix
    assert len(folder.read("payroll", path, sheet="2024").pay) == 3


# --- cells


def test_numbers_stored_as_text_are_read_by_rule_and_counted(folder):
    rows = [HEADER, ["E1", "A", "2025-01-31", "x", "$5,000.00", "200", "(4,800.10)"]]
    inputs = folder.read("payroll", folder.book("a.xlsx", rows))
    assert inputs.pay[0].taxable == Decimal("-4800.10")
    assert "numbers stored as text, read by rule: 3" in inputs.files[0][1].notes


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_error_cells_are_refused_with_their_address(folder, error):
    rows = [*ROWS, ["E9", "A", date(2025, 1, 31), "x", 1, 0, error]]
    (problem,) = folder.problems("payroll", folder.book("a.xlsx", rows))
    assert problem.code == "E467"
    assert problem.place.endswith("cell G5")
    assert error in problem.what


def test_many_error_cells_are_counted(folder):
    rows = [HEADER, *(["E9", "A", date(2025, 1, 31), "x", 1, 0, "#N/A"] for _ in range(50))]
    problems = folder.problems("payroll", folder.book("a.xlsx", rows))
    assert len(problems) == 21
    assert "30 further" in problems[-1].what


def test_a_formula_is_read_by_its_saved_result_and_refused_without_one(folder):
    rows = [HEADER, ["E1", "A", date(2025, 1, 31), "x", 5000, 200, "=E2-F2"]]
    (problem,) = folder.problems("payroll", folder.book("a.xlsx", rows))
    assert (problem.code, problem.place) == ("E467", "inputs/a.xlsx sheet Sheet1 cell G2")
    assert "without a saved result" in problem.what
    saved = changed(SHEET, (b"<f>E2-F2</f><v></v>", b"<f>E2-F2</f><v>4800</v>"))
    assert folder.read("payroll", folder.book("b.xlsx", rows, save=saved)).pay[0].taxable == 4800


def test_a_link_to_another_workbook_is_refused_though_it_has_a_result(folder):
    rows = [HEADER, ["E1", "A", date(2025, 1, 31), "x", 5000, 200, "=E2-F2"]]
    link = changed(SHEET, (b"<f>E2-F2</f><v></v>", b"<f>'[1]Pay 2024'!G2</f><v>4800</v>"))
    (problem,) = folder.problems("payroll", folder.book("a.xlsx", rows, save=link))
    assert problem.code == "E467"
    assert "another workbook" in problem.what
    table = changed(SHEET, (b"<f>E2-F2</f><v></v>", b"<f>SUM(Table1[2024])</f><v>4800</v>"))
    assert folder.read("payroll", folder.book("b.xlsx", rows, save=table)).pay[0].taxable == 4800


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_follow_the_epoch_of_the_workbook(folder, epoch):
    def change(book):
        if epoch:
            book.epoch = epoch

    inputs = folder.read("payroll", folder.book("a.xlsx", ROWS[:2], change))
    assert inputs.pay[0].pay_date == date(2025, 1, 31)


@pytest.mark.parametrize("serial", [0, 59, 60, 61])
def test_a_serial_date_of_1900_is_a_slip(folder, serial):
    def as_date(book):
        book.active["C2"] = serial
        book.active["C2"].number_format = "yyyy-mm-dd"

    assert folder.codes("payroll", folder.book("a.xlsx", ROWS[:2], as_date)) == {"E351"}


def test_a_bare_number_is_not_taken_for_a_date(folder):
    (problem,) = folder.problems("payroll", folder.book("a.xlsx", [HEADER, ["E1", "A", 45678, "x", 1, 0, 1]]))
    assert problem.code == "E351"


def test_identifiers_keep_their_zeros_and_are_refused_when_damaged(folder):
    def pad(book):
        book.active["A2"].number_format = "00000"

    assert folder.read("payroll", folder.book("a.xlsx", [HEADER, [42, *ROW[1:]]], pad)).pay[0].person == "00042"
    assert folder.read("payroll", folder.book("a.xlsx", [HEADER, [42, *ROW[1:]]])).pay[0].person == "42"
    for damaged in (1234567890123456789, date(2025, 3, 5)):
        assert folder.codes("payroll", folder.book("a.xlsx", [HEADER, [damaged, *ROW[1:]]])) == {"E355"}


def test_a_boolean_named_person_stays_text(folder):
    assert folder.read("payroll", folder.book("a.xlsx", [HEADER, ["TRUE", "nan", *ROW[2:]]])).pay[0].name == "nan"


def test_shared_strings_are_read_like_inline_ones(folder):
    texts = [*HEADER, "E1", "Ann Ho", "2025-01-31", "x"]
    shared = "".join(f"<si><t>{t}</t></si>" for t in texts)
    numbers = "<c><v>5000</v></c><c><v>0.1</v></c><c><v>4.8E3</v></c>"
    cells = ["".join(f'<c t="s"><v>{i}</v></c>' for i in range(7))]
    cells.append("".join(f'<c t="s"><v>{i}</v></c>' for i in range(7, 11)) + numbers)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = f"<worksheet {space}><sheetData>{''.join(f'<row>{c}</row>' for c in cells)}</sheetData></worksheet>"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind

    def change(name, data):
        if name == SHEET:
            return sheet.encode()
        if name == "[Content_Types].xml":
            return data.replace(b"</Types>", part)
        return data

    path = folder.book("a.xlsx", ROWS, save=lambda p: rewrite(p, change))
    adding("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>".encode())(folder.root / path)
    (row,) = folder.read("payroll", path).pay
    assert (row.person, row.name, row.taxable, row.pretax) == ("E1", "Ann Ho", Decimal(4800), Decimal("0.1"))


# --- kinds of workbook


def test_other_kinds_of_workbook_are_named(folder):
    path = folder.root / folder.book("a.xlsx", ROWS)
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    ods = io.BytesIO()
    with zipfile.ZipFile(ods, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    cases = {
        ".xls)": ole,
        "password": ole + "EncryptedPackage".encode("utf-16-le"),
        ".ods)": ods.getvalue(),
    }
    for words, data in cases.items():
        (problem,) = folder.problems("payroll", folder.bytes("b.xlsx", data))
        assert problem.code == "E468"
        assert words in problem.what
    for words, name in ((".xlsb)", "xl/workbook.bin"), (".xlsm)", "xl/vbaProject.bin")):
        adding(name)(path)
        (problem,) = folder.problems("payroll", "inputs/a.xlsx")
        assert problem.code == "E468"
        assert words in problem.what or ".xlsb)" in problem.what
    for ending, data in ((".xls", ole), (".ods", ods.getvalue()), (".xlsm", path.read_bytes()), (".numbers", b"PK")):
        (problem,) = folder.problems("payroll", folder.bytes(f"c{ending}", data))
        assert problem.code == "E468", ending
    assert folder.codes("payroll", folder.bytes("c.pdf", b"%PDF-1.7")) == {"E125"}


def test_a_strict_workbook_is_named_rather_than_read_as_empty(folder):
    swap = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    strict = changed("xl/workbook.xml", swap)
    assert folder.codes("payroll", folder.book("a.xlsx", ROWS, save=strict)) == {"E468"}


def test_a_damaged_workbook_is_refused(folder):
    whole = (folder.root / folder.book("a.xlsx", ROWS)).read_bytes()
    assert folder.codes("payroll", folder.bytes("b.xlsx", whole[: len(whole) // 2])) == {"E101"}
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        broken = folder.book("c.xlsx", ROWS, save=changed(part, (b">", b"")))
        assert folder.codes("payroll", broken) == {"E101"}, part


# --- harm


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", "xl/workbook.xml", "docProps/core.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_any_part_is_refused_before_parsing(folder, part, encoding):
    secret = folder.text("secret.txt", "TOP SECRET")
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file://{folder.root / secret}">]><x>&a;</x>'
    path = folder.book(
        "a.xlsx", ROWS, save=lambda p: rewrite(p, lambda n, d: bomb.encode(encoding) if n == part else d)
    )
    problems = folder.problems("payroll", path)
    assert {p.code for p in problems} == {"E470"}
    assert "TOP SECRET" not in text_of(problems)


def test_a_document_type_across_the_edge_of_a_chunk_is_seen():
    for gap in range(-12, 4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", "<x>" + "a b" * 100)
            package.writestr("xl/a.xml", b"x" * ((1 << 20) + gap) + b"<!DOCTYPE x>")
        limits = Limits(ratio=5000)
        assert {p.code for p in inspect_package(out.getvalue(), "a", limits)} == {"E470"}, gap


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("../../evil", 0), ("xl/../../evil", 0), ("/etc/evil", 0), ("C:/evil", 0), ("xl\\evil.xml", 0),
        ("xl/evil", (stat.S_IFLNK | 0o777) << 16), ("XL/Workbook.xml", 0),
    ],
)  # fmt: skip
def test_entries_that_leave_the_package_are_refused(folder, name, attributes):
    path = folder.book("a.xlsx", ROWS, save=adding(name, attributes=attributes))
    with pytest.raises(Refused) as refusal:
        folder.read("payroll", path)
    assert {p.code for p in refusal.value.problems} == {"E474"}
    assert refusal.value.exit_code() == Exit.SAFETY
    assert not (folder.root.parent / "evil").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_given_twice_is_refused(folder):
    assert folder.codes("payroll", folder.book("a.xlsx", ROWS, save=adding(SHEET))) == {"E474"}


def test_a_part_that_unpacks_to_an_absurd_size_is_refused(folder):
    bomb = adding("xl/media/image1.png", b"\0" * (8 << 20))
    path = folder.book("a.xlsx", ROWS, save=lambda p: (bomb(p), rewrite(p, lambda _, d: d)))
    assert folder.codes("payroll", path) == {"E121"}
    sheet = folder.book("b.xlsx", ROWS, save=changed(SHEET, (b"<sheetData>", b"<sheetData>" + b" " * (8 << 20))))
    assert folder.codes("payroll", sheet) == {"E472"}


def test_a_package_is_refused_by_its_total_and_number_of_entries(folder):
    data = (folder.root / folder.book("a.xlsx", ROWS)).read_bytes()
    assert {p.code for p in inspect_package(data, "a", Limits(total=1000))} == {"E121"}
    assert {p.code for p in inspect_package(data, "a", Limits(entries=3))} == {"E121"}
    assert inspect_package(data, "a") == ()


def test_a_cell_in_the_last_corner_is_refused_without_filling_the_memory(folder):
    def far(book):
        book.active["XFD1048576"] = 1

    path = folder.book("a.xlsx", ROWS, far)
    tracemalloc.start()
    started = time.process_time()
    assert folder.codes("payroll", path) == {"E472"}
    assert time.process_time() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_a_stray_note_far_below_is_a_row_like_any_other(folder):
    def far(book):
        book.active["A20000"] = "note"

    assert folder.codes("payroll", folder.book("a.xlsx", ROWS, far)) == {"E503"}


def test_many_empty_formatted_rows_take_bounded_time(folder):
    empty = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % i for i in range(5, 100_000))
    path = folder.book("a.xlsx", ROWS, save=changed(SHEET, (b"</sheetData>", empty + b"</sheetData>")))
    started = time.process_time()
    assert len(folder.read("payroll", path).pay) == 3
    assert time.process_time() - started < 8


def test_a_wrong_dimension_loses_no_rows(folder):
    path = folder.book("a.xlsx", ROWS, save=changed(SHEET, (b'ref="A1:G4"', b'ref="A1:B2"')))
    assert len(folder.read("payroll", path).pay) == 3


def test_rows_lost_between_two_counts_stop_the_run(folder, monkeypatch):
    whole = Workbook._rows
    monkeypatch.setattr(Workbook, "_rows", lambda *given: list(whole(*given))[:-1])
    with pytest.raises(Refused) as refusal:
        folder.read("payroll", folder.book("a.xlsx", ROWS))
    assert [p.code for p in refusal.value.problems] == ["E702"]
    assert refusal.value.exit_code() == Exit.UNRECONCILED


def test_embedded_objects_and_links_are_not_followed(folder, monkeypatch):
    import socket

    def no_network(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_network)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    target = b'Target="http://127.0.0.1:9/x.png" TargetMode="External"'
    relation = b'<Relationship Id="rId99" Type="%s" %s/></Relationships>' % (kind, target)
    path = folder.book("a.xlsx", ROWS, save=changed("xl/_rels/workbook.xml.rels", (b"</Relationships>", relation)))
    adding("xl/embeddings/oleObject1.bin", bytes.fromhex("d0cf11e0a1b11ae1"))(folder.root / path)
    assert len(folder.read("payroll", path).pay) == 3


def test_a_workbook_can_be_read_sheet_by_sheet(folder):
    path = folder.root / folder.book("a.xlsx", [["a", 1.5, True], [None, date(2025, 1, 2), "  "], [None, "  ", None]])
    with open_workbook(path.read_bytes(), "a.xlsx") as book:
        grid = book.grid("Sheet1")
    assert [row.cells for row in grid.rows] == [("a", "1.5", "TRUE"), ("", "2025-01-02", "  ")]
    assert [row.kinds for row in grid.rows] == ["tnb", "-dt"]
    assert grid.counted == 2


def test_openpyxl_is_not_loaded_for_text(folder):
    import subprocess
    import sys

    path = folder.text("t.csv", TIME + "E1,2025-01-02,a,x,8\n")
    code = "import sys, rdcredit.ingest.people; assert 'openpyxl' not in sys.modules and 'pandas' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    assert folder.read("time", path).time
    assert openpyxl
