"""All problems are written down, twenty of a kind are printed, and no private path is shown."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rdcredit.errors import NOTHING_WRITTEN, Problem
from rdcredit.study.problems import HELD_STATE, clear_problems, print_problems, write_problems


def problem(code="E214", row=1, **change):
    fields = {
        "place": f"inputs/a.csv row {row}",
        "what": 'cannot read "x" as an amount',
        "why": "A guess could change the credit.",
        "fix": "Correct the cell.",
        **change,
    }
    return Problem(code, **fields)


def printed(problems, root, **options):
    stream = io.StringIO()
    print_problems(problems, root, stream, **options)
    return stream.getvalue()


def test_all_problems_are_written_as_text_and_as_json(tmp_path):
    problems = [problem(row=i) for i in range(50)] + [problem("E232", 7)]
    path = write_problems(tmp_path, problems)
    assert path == tmp_path / "build" / "problems.txt"
    text = path.read_text()
    assert text.count("rdcredit: E214 ") == 50
    assert text.count(NOTHING_WRITTEN) == 51
    record = json.loads((tmp_path / "build" / "problems.json").read_text())
    assert record["state"] == NOTHING_WRITTEN
    assert record["problems"] == [p.as_json() for p in problems]
    assert sorted(p.name for p in path.parent.iterdir()) == ["problems.json", "problems.txt"]


def test_twenty_problems_of_a_code_are_printed_and_the_others_counted(tmp_path):
    problems = [problem(row=i) for i in range(1_024)] + [problem("E232", i) for i in range(20)]
    text = printed(problems, tmp_path, written=write_problems(tmp_path, problems))
    assert text.count("rdcredit: E214 inputs") == 20
    assert "rdcredit: E214 and 1,004 more like it; all of them are in build/problems.txt." in text
    assert text.count("rdcredit: E232 inputs") == 20
    assert "E232 and" not in text
    assert "the full list of 1,044 is in build/problems.txt" in text


def test_each_message_has_reason_remedy_and_state(tmp_path):
    text = printed([problem()], tmp_path, state="The set published before is unchanged.")
    assert text.splitlines() == [
        'rdcredit: E214 inputs/a.csv row 1: cannot read "x" as an amount.',
        "  Why it matters: A guess could change the credit.   Fix: Correct the cell.",
        "  The set published before is unchanged.",
    ]


def test_a_held_row_does_not_say_that_nothing_was_written(tmp_path):
    text = printed([problem(held=True)], tmp_path)
    assert HELD_STATE in text
    assert NOTHING_WRITTEN not in text


def test_as_json_everything_is_printed_as_one_document(tmp_path):
    problems = [problem(row=i) for i in range(50)]
    record = json.loads(printed(problems, tmp_path, as_json=True, written=write_problems(tmp_path, problems)))
    assert len(record["problems"]) == 50


@pytest.mark.parametrize("as_json", [True, False])
def test_paths_of_this_computer_are_not_shown(tmp_path, monkeypatch, as_json):
    monkeypatch.setenv("HOME", "/home/somebody")
    root = tmp_path / "study"
    root.mkdir()
    secret = problem(
        place=f"{root}/inputs/a.csv", what=f"{root} is odd", why="See /home/somebody/x.", fix=f"Look at {root}/build."
    )
    written = write_problems(root, [secret])
    for text in (printed([secret], root, as_json=as_json), written.read_text()):
        assert str(tmp_path) not in text
        assert "somebody" not in text
        assert "inputs/a.csv" in text


def test_paths_are_shortened_also_where_the_study_is_given_relative_or_by_a_link(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    for root in (Path("link"), tmp_path / "link"):
        for named in (tmp_path / "real", tmp_path / "link"):
            assert str(tmp_path) not in printed([problem(place=f"{named}/inputs/a.csv")], root)


def test_a_folder_that_cannot_be_written_to_does_not_hide_the_problems(tmp_path):
    (tmp_path / "build").write_text("in the way")
    assert write_problems(tmp_path, [problem()]) is None
    assert "problems.txt" not in printed([problem()], tmp_path, written=None)


def test_the_list_of_a_failed_run_is_removed_after_a_good_one(tmp_path):
    write_problems(tmp_path, [problem()])
    clear_problems(tmp_path)
    assert list((tmp_path / "build").iterdir()) == []
    clear_problems(tmp_path / "absent")


def test_a_terminal_without_some_letters_still_gets_the_message(tmp_path):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    print_problems([problem(place="inputs/Zürich.csv")], tmp_path, stream)
    stream.flush()
    assert b"inputs/Z\\xfcrich.csv" in raw.getvalue()
    stream.detach()
