"""The pass over the bytes: an independent count, and everything engines read differently or silently."""

import csv
import gzip
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdcredit.engine.source import RECORD_LIMIT
from rdcredit.errors import Refused
from rdcredit.ingest import bytes_pass
from rdcredit.ingest.bytes_pass import examine
from rdcredit.ingest.header import read_header


@pytest.fixture
def look(tmp_path):
    def facts(data, name="march.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        return examine(path, name, read_header(path, name))

    return facts


def only(facts):
    [problem] = facts.problems
    return problem


def fault_of(look, data, name):
    try:
        return only(look(data, name)).code
    except Refused as refused:  # so small a file is read whole for its header
        [problem] = refused.problems
        return problem.code


def test_records_are_counted_whatever_their_line_ends(look):
    assert look(b"a,b\n1,2\n3,4").records == 2
    crlf = look(b"a,b\r\n1,2\r\n3,4\r\n")
    assert (crlf.records, crlf.one_line_end, crlf.problems) == (2, True, [])
    assert not look(b"a,b\r\n1,2\n3,4\r\n").one_line_end


def test_line_breaks_commas_and_doubled_quotes_inside_cells_are_text(look):
    facts = look(b'a,b\n1,"x\ny, ""z"",\r\n"\n"",2\n')
    assert (facts.records, facts.breaks_in_cells, facts.problems) == (2, True, [])


def test_blank_lines_and_rows_of_empty_cells_are_skipped_and_counted(look):
    facts = look(b"\n\na,b\n\n1,2\n,\n\r\n3,4\n\n")
    assert (facts.records, facts.empty_records, facts.problems) == (2, 1, [])
    assert facts.blank == 5


def test_repeated_headers_of_joined_exports_are_dropped_and_counted(look):
    facts = look(b'cost,name\n1,x\ncost,name\n2,y\n"cost","name"\r\n3,"the cost,name of it"\n')
    assert (facts.records, facts.repeated_headers) == (3, 2)
    assert "2 repeated header lines were dropped" in facts.notes()


def test_three_gzip_members_are_one_file(look):
    parts = b"".join(gzip.compress(part) for part in (b"a,b\n1,2\n", b"3,4\n", b"5,6\n"))
    assert look(parts, "march.csv.gz").records == 3


@pytest.mark.parametrize("rows", [200, 300_000])
@pytest.mark.parametrize("share", [0.3, 0.75, 0.99])
def test_a_gzip_file_cut_anywhere_ends_early(look, share, rows):
    whole = gzip.compress(
        b"a,b\n" + hashlib.shake_256(b"rows").digest(rows).hex("\n", 4).replace("\n", ",2\n").encode() + b",2\n", 1
    )
    assert fault_of(look, whole[: int(len(whole) * share)], "march.csv.gz") == "E101"


def test_a_damaged_gzip_file_is_refused(look):
    whole = bytearray(gzip.compress(b"a,b\n" + b"1,2\n" * 999))
    whole[-6] ^= 0xFF
    assert fault_of(look, bytes(whole), "march.csv.gz") == "E101"


@pytest.mark.parametrize(("row", "cells"), [(b"1", 1), (b"1,2,3", 3)])
def test_a_ragged_row_is_named_by_its_number(look, row, cells):
    problem = only(look(b"a,b\n1,2\n\n" + row + b"\n3,4\n"))
    assert (problem.code, problem.place) == ("E112", "march.csv row 2")
    assert f"{cells} cells" in problem.what


def test_ragged_rows_are_shown_up_to_twenty(look):
    facts = look(b"a,b\n" + b"1\n" * 5000)
    assert (len(facts.problems), facts.ragged) == (20, 5000)


def test_a_quote_left_open_is_named_where_it_opened(look):
    assert (p := only(look(b'a,b\n1,2\n3,"x\n' + b"5,6\n" * 500))).code == "E113"
    assert p.place == "march.csv row 2"
    swallowing = b'a,b\n1,2\n3,"x\n' + b'5,"y"\n' * 500
    assert (p := only(look(swallowing))).code == "E113"
    assert p.place == "march.csv row 2"


def test_a_quote_that_swallows_megabytes_is_still_one_left_open(look):
    problem = only(look(b'a,b\n1,2\n3,4\n5,"x\n' + b"7,8\n" * (RECORD_LIMIT // 4 + 10)))
    assert (problem.code, problem.place) == ("E113", "march.csv row 3")


@pytest.mark.parametrize("row", [b'1,5" disk\n', b'1,{"a": "b"}\n', b'1, "b"\n'])
def test_a_quotation_mark_inside_an_unquoted_cell_is_refused(look, row):
    problem = only(look(b"a,b\n1,2\n" + row))
    assert (problem.code, problem.place) == ("E114", "march.csv row 2")


def test_bytes_that_are_no_utf8_are_named_by_offset(look):
    data = "a,b\nJos\u00e9,1\n".encode() * 2 + b"Jos\xe9,1\n"
    problem = only(look(data))
    assert problem.code == "E109"
    assert f"offset {data.index(bytes([0xE9]))} " in problem.what


def test_the_offset_counts_the_byte_order_mark(look):
    problem = only(look(b"\xef\xbb\xbfa,b\n\xff,1\n"))
    assert "offset 7 " in problem.what


def test_nul_bytes_are_counted_and_left_to_the_amounts(look):
    facts = look(b"a,b\n1\x00,2\n")
    assert (facts.records, facts.nul_bytes, facts.problems) == (1, 1, [])


@pytest.mark.parametrize("filler", [b"x" * 1024, b'"' + b"y" * 1024])
def test_a_row_without_end_is_refused_within_bounded_memory(look, filler):
    problem = only(look(b"a,b\n1,2\n3," + filler * (4 * RECORD_LIMIT // 1024)))
    assert (problem.code, problem.place) in {("E119", "march.csv row 2"), ("E113", "march.csv row 2")}


def test_a_long_row_with_an_end_is_refused_too(look):
    problem = only(look(b"a,b\n1,2\n3," + b"x" * (RECORD_LIMIT + 1) + b"\n4,5\n"))
    assert (problem.code, problem.place) == ("E119", "march.csv row 2")


def test_carriage_returns_alone_are_no_line_ends(look):
    assert only(look(b"a,b\n1,2\r3,4\n")).code == "E115"


@pytest.mark.parametrize("data", [b"a,b", b"a,b\n", b"a,b\n\n\r\n", b"a,b\n,\n,\n", b"a,b\na,b\n"])
def test_a_header_without_rows_is_not_a_bill_of_zero(look, data):
    assert only(look(data)).code == "E105"


@pytest.mark.parametrize(
    ("row", "seen"),
    [(b"Total,,5\n", True), (b',"Grand Total",5\n', True), (b"x,Total,5\n", False), (b"Totally,x,5\n", True)],
)
def test_rows_that_may_be_totals_are_noticed(look, row, seen):
    assert look(b"a,b,c\n1,2,3\n" + row).may_have_totals is seen


cell = st.text(st.sampled_from('ab,"\n\r \u00e9'), max_size=6)


@given(
    st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=30),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 64),
)
def test_the_count_equals_that_of_a_plain_reader_for_any_block_size(tmp_path_factory, rows, line_end, block):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows([["h1", "h2", "h3"], *rows])
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(stream.getvalue().encode())
    header = read_header(path, "any.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bytes_pass, "_BLOCK", block)
        facts = examine(path, "any.csv", header)
    assert facts.problems == []
    assert facts.records == len(rows)
