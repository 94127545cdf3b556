"""Files that cannot be trusted as a whole are refused, with the place and the reason."""

import gzip
import os

import pytest
from table_helpers import PAY, TIME, text_of

from rdcredit.errors import Exit, Refused
from rdcredit.ingest.delimited import count_records, read_delimited
from rdcredit.ingest.tablefile import read_file
from rdcredit.source import FileRef, file_digest

ROW = "E1,Ann Ho,2025-01-31,Regular,5000,200,4800\n"


def test_a_gzip_table_cut_short_is_refused(folder):
    whole = gzip.compress((PAY + "".join(ROW.replace("E1", f"E{i}") for i in range(500))).encode())
    assert folder.codes("payroll", folder.bytes("a.csv.gz", whole[: len(whole) * 3 // 4])) == {"E101"}


def test_all_members_of_a_joined_gzip_are_read(folder):
    parts = [PAY, ROW, ROW.replace("E1", "E2"), ROW.replace("E1", "E3")]
    inputs = folder.read(
        "payroll", folder.bytes("a.csv.gz", b"".join(gzip.compress(p.encode(), mtime=0) for p in parts))
    )
    assert [row.person for row in inputs.pay] == ["E1", "E2", "E3"]
    ((_, count),) = inputs.files
    assert (count.records_counted, count.records_read) == (3, 3)


def test_a_gzip_bomb_is_refused_within_its_limit(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0" * 5_000_000, mtime=0))
    with pytest.raises(Refused) as refusal:
        read_file(tmp_path, "a.csv.gz", limit=1_000_000)
    assert [p.code for p in refusal.value.problems] == ["E121"]
    assert refusal.value.exit_code() == Exit.SAFETY


def test_a_table_larger_than_the_limit_is_not_read(tmp_path):
    (tmp_path / "a.csv").write_text(PAY + ROW)
    assert read_file(tmp_path, "a.csv").data == (PAY + ROW).encode()
    with pytest.raises(Refused, match="E121"):
        read_file(tmp_path, "a.csv", limit=50)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_row_carries_the_digest_of_the_file_as_it_lies_in_the_folder(folder, name):
    data = (PAY + ROW).encode()
    path = folder.bytes(name, gzip.compress(data, mtime=0) if name.endswith("gz") else data)
    (row,) = folder.read("payroll", path).pay
    assert row.ref.file == FileRef(path, file_digest(folder.root / path))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.csv", gzip.compress(b"x", mtime=0), "gzip"),
        ("a.csv", b"<!DOCTYPE html><html>Sign in to continue</html>", "web page"),
        ("a.csv", b"\xef\xbb\xbf <html>", "web page"),
        ("a.csv", b"%PDF-1.7", "PDF"),
        ("a.csv", b"PK\x03\x04", "zip"),
        ("a.csv", b"PAR1", "parquet"),
        ("a.csv.gz", PAY.encode(), "text"),
        ("a.xlsx", PAY.encode(), "text"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_named(folder, name, data, kind):
    (problem,) = folder.problems("payroll", folder.bytes(name, data))
    assert problem.code == "E104"
    assert kind in problem.what


def test_a_workbook_named_csv_is_named(folder):
    path = folder.book("a.xlsx", [["x"]])
    (folder.root / path).rename(folder.root / "inputs/a.csv")
    (problem,) = folder.problems("payroll", "inputs/a.csv")
    assert problem.code == "E104"
    assert "Excel workbook" in problem.what


@pytest.mark.parametrize("text", ["", "\n \n", PAY, PAY + "\n,,,,,,\n\n", PAY + "Total,,,,0,0,0\n"])
def test_a_table_without_records_is_not_zero(folder, text):
    assert folder.codes("payroll", folder.text("a.csv", text)) == {"E105"}


def test_a_workbook_without_records_is_not_zero(folder):
    assert folder.codes("payroll", folder.book("a.xlsx", [PAY.strip().split(",")])) == {"E105"}
    assert folder.codes("payroll", folder.book("b.xlsx", [])) == {"E105"}


def test_a_byte_order_mark_is_read_and_noted(folder):
    inputs = folder.read("payroll", folder.text("a.csv", "\ufeff" + PAY + ROW))
    assert inputs.pay[0].person == "E1"
    assert "byte order mark at the start" in inputs.files[0][1].notes


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_text_that_is_not_utf8_is_refused_with_its_offset(folder, start):
    data = start + (PAY + ROW).encode() + "E2,José,".encode("cp1252") + b"2025-01-31,Regular,1,0,1\n"
    (problem,) = folder.problems("payroll", folder.bytes("a.csv", data))
    assert problem.code == "E109"
    assert f"offset {data.index(0xE9):,} (line 3)" in problem.what
    assert "Jos" not in problem.line()


def test_utf16_text_is_refused_by_name(folder):
    (problem,) = folder.problems("payroll", folder.bytes("a.csv", (PAY + ROW).encode("utf-16")))
    assert problem.code == "E109"
    assert "UTF-16" in problem.what


def test_a_nul_in_an_amount_holds_the_row_and_shows_it_escaped(folder):
    path = folder.text(
        "a.csv", "Vendor,Amount,Currency\nBoard House,12\x0050,USD\nBoard House,10,USD\n"
    )  # fmt: skip
    inputs = folder.read("contractors", path)
    assert [row.amount for row in inputs.payments] == [10]
    (problem,) = inputs.problems
    assert (problem.code, problem.held) == ("E214", True)
    assert "12\\x0050" in problem.what
    assert [(row.record, row.column) for row in inputs.held] == [(1, "Amount")]


def test_a_nul_in_a_name_is_refused(folder):
    assert folder.codes("contractors", folder.text("a.csv", "Vendor,Amount,Currency\nA\x00B,1,USD\n")) == {"E109"}


@pytest.mark.parametrize("bad", ["E2,Bo\n", "E2,Li, Bo,2025-01-31,Regular,1,0,1\n", "E2,Bo,2025-01-31,Reg"])
def test_every_ragged_row_is_named(folder, bad):
    (problem,) = folder.problems("payroll", folder.text("a.csv", PAY + ROW + bad))
    assert problem.code == "E112"
    assert "row 2 (line 3)" in problem.place


def test_blank_cells_beyond_the_last_column_are_no_fault(folder):
    inputs = folder.read("payroll", folder.text("a.csv", PAY + ROW.replace("\n", ",,\n")))
    assert len(inputs.pay) == 1
    assert "rows with blank cells beyond the last column: 1" in inputs.files[0][1].notes


def test_an_unclosed_quote_is_named_where_it_opened(folder):
    rows = "".join(ROW.replace("E1", f"E{i}") for i in range(40_000))
    text = PAY + ROW + 'E2,"Bo,2025-01-31,Regular,1,0,1\n' + rows
    for ending in ("", 'E9,"Li",2025-01-31,Regular,1,0,1\n', '"\n'):
        (problem,) = folder.problems("payroll", folder.text("a.csv", text + ending))
        assert (problem.code, problem.place) == ("E113", "inputs/a.csv line 3")


def test_rows_swallowed_by_a_quote_that_is_closed_at_the_end_are_noticed(folder):
    swallowed = "".join(f"V{i},part,1,USD\n" for i in range(300))
    path = folder.text("a.csv", f'Vendor,Amount,Currency,Description\nA,1,USD,"part\n{swallowed}"\n')
    (problem,) = folder.problems("supplies", path)
    assert (problem.code, problem.place) == ("E113", "inputs/a.csv line 2")


@pytest.mark.parametrize("cell", ['5" pipe', '"pipe" 5'])
def test_a_stray_quote_in_a_cell_is_not_read_over(folder, cell):
    path = folder.text("a.csv", f"Vendor,Description,Amount,Currency\nA,{cell},1,USD\nB,x,2,USD\n")
    assert folder.codes("supplies", path) == {"E113"}


def test_quoted_newlines_commas_and_quotes_round_trip(folder):
    description = 'board, 5" wide\nsecond line'
    path = folder.rows("a.csv", [["Vendor", "Description", "Amount", "Currency"], ["V", description, "1", "USD"]])
    inputs = folder.read("supplies", path)
    assert [row.description for row in inputs.supplies] == [description]
    assert inputs.files[0][1].records_counted == 1


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_asked_about(folder, separator):
    path = folder.text("a.csv", (TIME + "E1,2025-01-02,a,x,7\n").replace(",", separator).replace("7", "7,5"))
    (problem,) = folder.problems("time", path)
    assert problem.code == "E115"


def test_a_tsv_file_is_separated_by_tabs(folder):
    path = folder.text("a.tsv", (TIME + "E1,2025-01-02,a,x,7.5\n").replace(",", "\t"))
    assert len(folder.read("time", path).time) == 1


@pytest.mark.parametrize("amount", ["1.234,50", "1234,5"])
def test_a_decimal_comma_is_asked_about(folder, amount):
    path = folder.text("a.csv", f'Vendor,Amount,Currency\nV,"{amount}",USD\n')
    (problem,) = folder.problems("contractors", path)
    assert problem.code == "E115"
    assert amount in problem.what


def test_a_line_that_is_too_long_is_refused_before_it_is_split(folder):
    assert folder.codes("time", folder.text("a.csv", TIME + "E1," + "x" * 2_000_000)) == {"E119"}
    assert folder.codes("time", folder.text("b.csv", TIME + 'E1,"' + "x" * 120_000 + '",,,\n')) == {"E119"}


def test_paths_out_of_the_study_are_not_opened(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "a.csv"
    outside.write_text(PAY + ROW)
    (folder.root / "inputs/link.csv").symlink_to(outside)
    (folder.root / "inputs/months").mkdir()
    (folder.root / "inputs/months/link.csv").symlink_to(outside)
    (folder.root / "inputs/away").symlink_to(outside.parent)
    (folder.root / "inputs/loop.csv").symlink_to("loop.csv")
    for path in ("inputs/link.csv", "inputs/months", "inputs/away", "inputs/loop.csv", str(outside), "/dev/zero"):
        assert folder.codes("payroll", path) == {"E124"}, path
    assert folder.codes("payroll", os.path.relpath(outside, folder.root)) == {"E124"}


def test_pipes_and_folders_among_tables_never_block(folder):
    os.mkfifo(folder.root / "inputs/pipe.csv")
    assert folder.codes("payroll", "inputs/pipe.csv") == {"E124"}
    (folder.root / "inputs/set/inner.csv").mkdir(parents=True)
    assert folder.codes("payroll", "inputs/set") == {"E124"}


def test_a_link_inside_the_study_is_followed(folder):
    folder.text("a.csv", PAY + ROW)
    (folder.root / "inputs/b.csv").symlink_to("a.csv")
    assert len(folder.read("payroll", "inputs/b.csv").pay) == 1


def test_absent_files_and_foreign_files_in_a_folder_are_named(folder):
    assert folder.codes("payroll", "inputs/none.csv") == {"E102"}
    folder.text("set/notes.docx", "x")
    folder.text("set/a.csv", PAY + ROW)
    (problem,) = folder.problems("payroll", "inputs/set")
    assert (problem.code, problem.place) == ("E125", "inputs/set/notes.docx")


def test_all_problems_of_all_files_come_at_once(folder):
    one = folder.text("a.csv", PAY + "E1,Ann\n" + "E2\n")
    two = folder.bytes("b.csv", b"\xff")
    with pytest.raises(Refused) as refusal:
        folder.read_all([{"role": "payroll", "path": one}, {"role": "time", "path": two},
                         {"role": "people", "path": "inputs/none"}])  # fmt: skip
    assert sorted(p.code for p in refusal.value.problems) == ["E102", "E109", "E112", "E112"]


def test_the_same_file_under_two_names_is_refused(folder):
    one, two = folder.text("a.csv", PAY + ROW), folder.text("b.csv", PAY + ROW)
    with pytest.raises(Refused) as refusal:
        folder.read_all([{"role": "payroll", "path": one}, {"role": "payroll", "path": two}])
    (problem,) = refusal.value.problems
    assert (problem.code, problem.place) == ("E343", two)
    assert "inputs/a.csv" in problem.what


def test_two_sheets_of_one_workbook_are_two_inputs(folder):
    def add(book):
        book.create_sheet("time").append(TIME.strip().split(","))
        book["time"].append(["E1", "2025-01-02", "a", "x", 8])

    path = folder.book("a.xlsx", [PAY.strip().split(","), ROW.strip().split(",")], add)
    sheets = [{"role": "payroll", "path": path, "sheet": "Sheet1"}, {"role": "time", "path": path, "sheet": "time"}]
    inputs = folder.read_all(sheets)
    assert (len(inputs.pay), len(inputs.time)) == (1, 1)
    assert inputs.time[0].ref.sheet == "time"
    with pytest.raises(Refused, match="E343"):
        folder.read_all([sheets[0], sheets[0]])


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 0), (b"a", 1), (b"a\n", 1), (b"a\r\nb\r\n", 2), (b"a\rb", 2), (b"\n\n", 0), (b",,\n", 0),
        (b'"a\nb",c\nd\n', 2), (b'"a""\n""b"\n', 1), (b'"\n\n"\n', 0),
    ],
)  # fmt: skip
def test_records_are_counted_by_line_ends_outside_quotes(data, count):
    assert count_records(data) == count
    assert len(read_delimited(data, "a.csv").rows) == count


def test_messages_never_print_a_path_of_this_machine(folder):
    problems = folder.problems("payroll", folder.text("a.csv", PAY + "x\n"))
    assert str(folder.root) not in text_of(problems)
