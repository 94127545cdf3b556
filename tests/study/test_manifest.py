"""The manifest is the same bytes everywhere, and what differs from it is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from rdcredit import __version__
from rdcredit.errors import Exit, Refused
from rdcredit.source import FileRef, file_digest
from rdcredit.study.compare import Difference, compare, compare_sources
from rdcredit.study.manifest import read_lock, read_manifest, sources_of
from rdcredit.study.publisher import publish


@pytest.fixture
def published(study):
    (study / "inputs" / "a.csv").write_bytes(b"x\n1\n")
    sources = replace(sources_of(study), inputs=(FileRef("inputs/a.csv", file_digest(study / "inputs" / "a.csv")),))

    def build(folder):
        (folder / "study.docx").write_bytes(b"document")
        (folder / "pages").mkdir()
        (folder / "pages" / "summary.html").write_bytes(b"page")

    publish(study, build, sources=sources)
    return study


def test_the_manifest_lists_every_file_but_itself_with_size_and_digest(published):
    record = json.loads((published / "out" / "manifest.json").read_text())
    assert [(f["path"], f["size"]) for f in record["files"]] == [("pages/summary.html", 4), ("study.docx", 8)]
    assert record["files"][1]["digest"] == file_digest(published / "out" / "study.docx")
    assert record["study"] == file_digest(published / "study.toml")
    assert record["decisions"] == ""
    assert [f["path"] for f in record["inputs"]] == ["inputs/a.csv"]


def test_the_manifest_names_the_versions_that_decide_the_bytes(published):
    versions = dict(read_manifest(published).versions)
    assert versions["rdcredit"] == __version__
    assert {"python", "zlib", "openpyxl", "docxtpl", "lxml", "pyarrow", "duckdb"} <= set(versions)


def test_the_lock_holds_the_manifest_and_the_digest_of_its_file(published):
    manifest, digest = read_lock(published)
    assert manifest == read_manifest(published)
    assert digest == file_digest(published / "out" / "manifest.json")


def test_nothing_of_the_machine_is_in_the_manifest(published):
    text = (published / "out" / "manifest.json").read_text() + (published / "rdcredit.lock").read_text()
    assert str(published.parent) not in text
    assert os.uname().nodename not in text


BUILD = """
import sys
from pathlib import Path
from rdcredit.study.publisher import publish
def build(folder):
    for name in {"Z\\u00fcrich.txt", "\\u00e4tna.txt", "a.txt", "\\ufb00.txt", "z/1.txt", "z/10.txt", "z/2.txt"}:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
publish(Path(sys.argv[1]), build)
"""


def test_the_manifest_is_the_same_bytes_for_any_hash_seed_time_zone_locale_and_folder(tmp_path, study_toml):
    made = set()
    for i, (seed, zone, locale) in enumerate(
        [("0", "UTC", "C"), ("1", "Pacific/Kiritimati", "C.UTF-8"), ("random", "America/New_York", "tr_TR.UTF-8")]
    ):
        root = tmp_path / f"study {i}"
        root.mkdir()
        (root / "study.toml").write_text(study_toml)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        subprocess.run([sys.executable, "-c", BUILD, str(root)], env=environment, cwd=root, check=True)
        made.add(((root / "out" / "manifest.json").read_bytes(), (root / "rdcredit.lock").read_bytes()))
    assert len(made) == 1


def test_publishing_the_same_again_changes_no_byte(published):
    before = (published / "rdcredit.lock").read_bytes()
    manifest = read_manifest(published)

    def again(folder):
        (folder / "pages").mkdir()
        (folder / "pages" / "summary.html").write_bytes(b"page")
        (folder / "study.docx").write_bytes(b"document")

    publish(published, again, sources=manifest.sources)
    assert (published / "rdcredit.lock").read_bytes() == before


def test_an_untouched_set_has_no_differences(published):
    assert compare(published) == ()
    assert compare_sources(published) == ()


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda out: (out / "study.docx").write_bytes(b"Document"), Difference("out/study.docx", "changed")),
        (lambda out: (out / "study.docx").write_bytes(b""), Difference("out/study.docx", "changed")),
        (lambda out: (out / "study.docx").unlink(), Difference("out/study.docx", "missing")),
        (lambda out: (out / "pages" / "new.html").write_bytes(b""), Difference("out/pages/new.html", "extra")),
        (lambda out: (out / "link").symlink_to("study.docx"), Difference("out/link", "extra")),
        (lambda out: os.mkfifo(out / "pipe"), Difference("out/pipe", "extra")),
        (lambda out: (out / "manifest.json").unlink(), Difference("out/manifest.json", "missing")),
        (
            lambda out: (out / "manifest.json").write_bytes((out / "manifest.json").read_bytes() + b" "),
            Difference("out/manifest.json", "changed"),
        ),
    ],
)  # fmt: skip
def test_every_edit_after_publishing_is_named(published, change, difference):
    change(published / "out")
    assert compare(published) == (difference,)
    problem = difference.problem()
    assert (problem.code, problem.place, problem.exit_code()) == ("E706", difference.path, Exit.DIFFERENT)


def test_a_file_replaced_by_a_link_to_the_same_content_is_a_difference(published):
    path = published / "out" / "study.docx"
    path.rename(published / "elsewhere")
    path.symlink_to(published / "elsewhere")
    assert compare(published) == (Difference("out/study.docx", "changed"),)


def test_a_file_and_its_manifest_edited_together_do_not_agree_with_the_lock(published):
    old = file_digest(published / "out" / "study.docx")
    (published / "out" / "study.docx").write_bytes(b"DOCUMENT")
    manifest = published / "out" / "manifest.json"
    manifest.write_text(manifest.read_text().replace(old, file_digest(published / "out" / "study.docx")))
    assert {d.path for d in compare(published)} == {"out/study.docx", "out/manifest.json"}


def test_a_set_that_is_gone_misses_every_file(published):
    import shutil

    shutil.rmtree(published / "out")
    assert {d.kind for d in compare(published)} == {"missing"}
    assert len(compare(published)) == 3


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda root: (root / "study.toml").write_text("#"), Difference("study.toml", "changed")),
        (lambda root: (root / "inputs" / "a.csv").write_bytes(b"x\n2\n"), Difference("inputs/a.csv", "changed")),
        (lambda root: (root / "inputs" / "a.csv").unlink(), Difference("inputs/a.csv", "missing")),
    ],
)
def test_sources_that_changed_since_are_named(published, change, difference):
    change(published)
    assert compare_sources(published) == (difference,)


def test_decisions_made_since_are_named(published):
    (published / "review").mkdir()
    (published / "review" / "decisions.jsonl").write_text("{}\n")
    assert compare_sources(published) == (Difference("review/decisions.jsonl", "extra"),)


@pytest.mark.parametrize("read", [read_lock, compare, compare_sources, read_manifest])
def test_a_study_that_was_never_run_is_told_so(study, read):
    with pytest.raises(Refused) as refusal:
        read(study)
    assert [p.code for p in refusal.value.problems] == ["E707"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"manifest": {}, "manifest_digest": ""}', b"\xff", b"[" * 99999]
)
def test_a_damaged_lock_is_a_difference_and_no_crash(published, content):
    (published / "rdcredit.lock").write_bytes(content)
    with pytest.raises(Refused) as refusal:
        compare(published)
    assert refusal.value.exit_code() == Exit.DIFFERENT


def test_a_manifest_of_a_later_form_is_not_guessed_at(published):
    path = published / "out" / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(Refused) as refusal:
        read_manifest(published)
    assert [p.code for p in refusal.value.problems] == ["E709"]
