"""Which files are opened at all."""

import os

import pytest

from rdcredit.errors import Exit, Refused
from rdcredit.ingest.files import input_files


@pytest.fixture
def study(tmp_path):
    root = tmp_path / "study"
    (root / "inputs" / "bill").mkdir(parents=True)
    return root


def problems(root, path="inputs/bill"):
    with pytest.raises(Refused) as refused:
        input_files(root, path)
    return [(p.code, p.place) for p in refused.value.problems], refused.value.exit_code()


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(study):
    for name in ("b.csv", "a/z.parquet", "a/part 2.csv.gz"):
        path = study / "inputs/bill" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    found = [f.place for f in input_files(study, "inputs/bill")]
    assert found == ["inputs/bill/a/part 2.csv.gz", "inputs/bill/a/z.parquet", "inputs/bill/b.csv"]


def test_files_that_exporters_put_beside_their_data_are_left_out(study):
    for name in ("a.csv", "manifest.json", "x-Manifest.json", "_SUCCESS", ".DS_Store", "a.csv.md5"):
        (study / "inputs/bill" / name).write_bytes(b"x")
    assert [f.path.name for f in input_files(study, "inputs/bill")] == ["a.csv"]


def test_a_file_of_unknown_kind_in_a_folder_of_bills_is_refused(study):
    (study / "inputs/bill/a.csv").write_bytes(b"x")
    (study / "inputs/bill/march.xlsx").write_bytes(b"x")
    assert problems(study) == ([("E125", "inputs/bill/march.xlsx")], Exit.REFUSED)


def test_nothing_there_is_not_a_bill_of_zero(study):
    assert problems(study) == ([("E102", "inputs/bill")], Exit.REFUSED)
    assert problems(study, "inputs/none.csv") == ([("E102", "inputs/none.csv")], Exit.REFUSED)


def test_pipes_devices_and_links_out_of_the_study_are_refused_before_they_are_opened(study, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_bytes(b"x")
    bill = study / "inputs/bill"
    os.mkfifo(bill / "pipe.csv")
    (bill / "zero.csv").symlink_to("/dev/zero")
    (bill / "link.csv").symlink_to(outside / "secret.csv")
    (bill / "folder").symlink_to(outside)
    (bill / "nowhere.csv").symlink_to(bill / "missing.csv")
    (bill / "circle.csv").symlink_to(bill / "circle.csv")
    found, code = problems(study)
    assert {place for _, place in found} == {f"inputs/bill/{p.name}" for p in bill.iterdir()}
    assert {c for c, _ in found} == {"E124"}
    assert code is Exit.SAFETY
    assert problems(study, "../outside/secret.csv")[1] is Exit.SAFETY
    assert problems(study, str(outside))[1] is Exit.SAFETY


def test_a_link_to_a_file_inside_the_study_is_a_file(study):
    (study / "inputs/real.csv").write_bytes(b"x")
    (study / "inputs/bill/link.csv").symlink_to(study / "inputs/real.csv")
    assert len(input_files(study, "inputs/bill")) == 1
