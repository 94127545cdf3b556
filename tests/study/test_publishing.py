"""The published set is exchanged as a whole, and nothing that is not ours is lost."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

import pytest
from support.publishing import QUICK, WAYS, build, hidden, tree

from rdcredit.errors import Exit, Refused
from rdcredit.source import FileRef
from rdcredit.study.calls import SYSTEM
from rdcredit.study.compare import compare
from rdcredit.study.lock import LOCK_NAME
from rdcredit.study.manifest import read_lock, read_manifest, sources_of
from rdcredit.study.publisher import EDITED, KEPT, NONE_YET, publish


def test_a_first_set_is_published_with_its_lock(study):
    manifest = publish(study, build(b"one"))
    assert read_manifest(study) == manifest
    assert read_lock(study) == (manifest, manifest.digest())
    assert [f.path for f in manifest.files] == ["pages/deep/summary.html", "workpapers.xlsx"]
    assert compare(study) == ()
    assert hidden(study) == []


@WAYS
def test_a_second_set_replaces_the_first_as_a_whole(study, system):
    publish(study, build(b"one"), calls=QUICK)
    publish(study, lambda folder: (folder / "only.txt").write_bytes(b"two"), calls=system)
    assert sorted(p.name for p in (study / "out").iterdir()) == ["manifest.json", "only.txt"]
    assert compare(study) == ()
    assert hidden(study) == []


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt(), SystemExit(1), MemoryError()])
def test_whatever_the_building_raises_passes_through_and_leaves_nothing(study, error):
    publish(study, build(b"one"), calls=QUICK)
    before = tree(study)

    def broken(folder):
        build(b"two")(folder)
        raise error

    with pytest.raises(type(error)):
        publish(study, broken)
    assert tree(study) == before


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "used up"),
        (errno.EACCES, "permission was denied"),
        (errno.EROFS, "read-only"),
        (errno.EBUSY, "in use"),
    ],
)
def test_a_disk_that_refuses_while_building_is_told_with_what_to_do(study, number, says):
    publish(study, build(b"one"), calls=QUICK)
    before = tree(study)

    def broken(folder):
        build(b"two")(folder)
        raise OSError(number, os.strerror(number), str(folder / "workpapers.xlsx"))

    with pytest.raises(Refused) as refusal:
        publish(study, broken)
    (problem,) = refusal.value.problems
    assert (problem.code, refusal.value.exit_code(), refusal.value.state) == ("E705", Exit.ENVIRONMENT, KEPT)
    assert says in problem.what
    assert str(study) not in problem.line()
    assert tree(study) == before


def test_a_denied_permission_names_what_may_hold_the_file(study):
    def broken(_folder):
        raise PermissionError(errno.EACCES, "Permission denied")

    with pytest.raises(Refused) as refusal:
        publish(study, broken)
    assert "Excel" in refusal.value.problems[0].fix
    assert refusal.value.state == NONE_YET


def test_a_missing_file_while_building_is_a_mistake_of_ours_and_not_of_the_disk(study):
    with pytest.raises(FileNotFoundError):
        publish(study, lambda folder: (folder / "absent").read_bytes())


@pytest.mark.parametrize("kind", ["link", "pipe", "manifest"])
def test_only_plain_files_are_published(study, kind):
    def strange(folder):
        if kind == "link":
            (folder / "x").symlink_to("/etc/passwd")
        elif kind == "pipe":
            os.mkfifo(folder / "x")
        else:
            (folder / "manifest.json").write_text("{}")

    with pytest.raises(ValueError, match="cannot be part"):
        publish(study, strange)
    assert not (study / "out").exists()


def test_settings_that_change_while_the_study_is_computed_are_noticed(study):
    publish(study, build(b"one"), calls=QUICK)
    read = sources_of(study)

    def slow(folder):
        build(b"two")(folder)
        with (study / "study.toml").open("a", encoding="utf-8") as stream:
            stream.write("# edited meanwhile\n")

    for sources in (None, read):
        with pytest.raises(Refused) as refusal:
            publish(study, slow, sources=sources)
        assert [(p.code, p.place) for p in refusal.value.problems] == [("E701", "study.toml")]
    assert (study / "out" / "pages" / "deep" / "summary.html").read_bytes() == b"one"


def test_decisions_that_appear_while_the_study_is_computed_are_noticed(study):
    def slow(_folder):
        (study / "review").mkdir()
        (study / "review" / "decisions.jsonl").write_text("{}\n")

    with pytest.raises(Refused) as refusal:
        publish(study, slow)
    assert refusal.value.problems[0].place == "review/decisions.jsonl"


def test_the_order_in_which_inputs_were_read_does_not_matter(study):
    refs = (FileRef("inputs/b.csv", "2" * 64), FileRef("inputs/a.csv", "1" * 64))
    sources = replace(sources_of(study), inputs=refs)
    manifest = publish(study, build(b"one"), sources=sources)
    assert [f.path for f in manifest.sources.inputs] == ["inputs/a.csv", "inputs/b.csv"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_a_folder_out_of_somebody_else_is_not_replaced(study, kind):
    out = study / "out"
    if kind == "folder":
        out.mkdir()
        (out / "letter.docx").write_bytes(b"mine")
    elif kind == "file":
        out.write_bytes(b"mine")
    else:
        out.symlink_to(study / "inputs")
    before = tree(study)
    with pytest.raises(Refused) as refusal:
        publish(study, build(b"one"), calls=QUICK)
    assert [p.code for p in refusal.value.problems] == ["E705"]
    assert tree(study) == before


def test_an_empty_folder_out_is_taken(study):
    (study / "out").mkdir()
    publish(study, build(b"one"), calls=QUICK)
    assert compare(study) == ()


@WAYS
def test_a_set_somebody_worked_in_is_kept_beside_the_new_one(study, system):
    for number in ("", "-2"):
        publish(study, build(b"one"), calls=QUICK)
        (study / "out" / "workpapers.xlsx").write_bytes(b"edited")
        publish(study, build(b"two"), calls=system)
        assert (study / f"{EDITED}{number}" / "workpapers.xlsx").read_bytes() == b"edited"
        assert compare(study) == ()


@pytest.mark.parametrize("name", ["~$workpapers.xlsx", ".~lock.study.docx#", ".DS_Store", "Thumbs.db"])
def test_what_office_programs_leave_beside_a_file_is_no_work(study, name):
    publish(study, build(b"one"), calls=QUICK)
    (study / "out" / name).write_bytes(b"x")
    publish(study, build(b"two"))
    assert hidden(study) == []


def test_the_new_set_is_kept_under_another_name_where_asked(study):
    publish(study, build(b"one"), calls=QUICK)
    before = {name: data for name, data in tree(study).items() if name.startswith("out/")}

    def held(_one, _other):
        raise PermissionError(errno.EACCES, "Permission denied")

    calls = replace(SYSTEM, exchange=held)
    with pytest.raises(Refused) as refusal:
        publish(study, build(b"two"), keep_as="out-new", calls=calls)
    assert refusal.value.state.endswith("The new set is in out-new.")
    assert (study / "out-new" / "pages" / "deep" / "summary.html").read_bytes() == b"two"
    assert {name: data for name, data in tree(study).items() if name.startswith("out/")} == before
    assert hidden(study) == []


def test_a_run_whose_lock_was_taken_away_does_not_publish(study):
    with pytest.raises(Refused) as refusal:
        publish(study, lambda _folder: (study / LOCK_NAME).unlink())
    assert [p.code for p in refusal.value.problems] == ["E704"]
    assert not (study / "out").exists()
