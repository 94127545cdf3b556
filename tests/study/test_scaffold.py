"""A new study explains every key and overwrites nothing."""

from __future__ import annotations

import re
import tomllib

import pytest

from rdcredit.errors import Exit, Refused
from rdcredit.study import config, scaffold
from rdcredit.study.config import Study
from rdcredit.study.load import load_study
from rdcredit.study.scaffold import init_study, sample_names

TEMPLATE = scaffold._TEMPLATE.read_text(encoding="utf-8")


def in_force(text):
    """The template with every key stated."""
    return re.sub(r"^# (?=\[|[a-z0-9_]+ = )", "", text, flags=re.MULTILINE)


@pytest.fixture
def samples(tmp_path, monkeypatch):
    """Two shipped samples and a file that is none."""
    shipped = tmp_path / "shipped"
    for name in ("startup", "established"):
        (shipped / name / "inputs").mkdir(parents=True)
        (shipped / name / "study.toml").write_text(f"# {name}\n")
        (shipped / name / "inputs" / "a.csv").write_text("x\n")
        (shipped / name / "inputs" / "out").mkdir()
        (shipped / name / "inputs" / "out" / "kept.csv").write_text("x\n")
        for made in ("build", "out"):
            (shipped / name / made).mkdir()
            (shipped / name / made / "file").write_text("x\n")
        (shipped / name / "rdcredit.lock").write_text("{}\n")
        (shipped / name / ".rdcredit-run.lock").write_text("{}\n")
    (shipped / "generate.py").write_text("")
    monkeypatch.setattr(scaffold, "asset", lambda _kind, *parts: shipped.joinpath(*parts))
    return shipped


def test_the_scaffold_asks_only_for_what_nobody_but_the_taxpayer_knows(tmp_path):
    init_study(tmp_path / "new")
    with pytest.raises(Refused) as refusal:
        load_study(tmp_path / "new")
    assert {p.code for p in refusal.value.problems} == {"E503"}
    asked = {p.place.rpartition(" ")[2] for p in refusal.value.problems}
    assert asked == {"dated", "name", "entity", "accounting_method", "begin", "end"}
    assert (tmp_path / "new" / "inputs").is_dir()


def test_every_example_in_the_scaffold_is_accepted_once_it_is_in_force(refused):
    text = in_force(TEMPLATE).replace('accounting_method = "accrual"', 'accounting_method = "cash"')
    assert [p.line() for p in refused(text)] == []


def test_every_key_there_is_stands_in_the_scaffold():
    stated = in_force(TEMPLATE)
    keys = set(re.findall(r"(?:^|[{,] ?)([a-z0-9_]+) = ", stated, re.MULTILINE))
    keys |= set(re.findall(r"[\[.]([a-z0-9_]+)\]", stated))
    models = [m for m in vars(config).values() if isinstance(m, type) and issubclass(m, config._Table)]
    known = {field for model in models for field in model.model_fields}
    assert known - keys == set()
    assert set(tomllib.loads(stated)) == set(Study.model_fields)


PLAIN = {
    "begin", "end", "wages", "supplies", "computer_rental", "contract_research", "source", "name", "role", "control",
    "identity", "aliases", "production", "development", "answer", "input", "by", "date",
}  # fmt: skip
"""Keys that say by themselves, or in the lines above their block, what they take."""


def test_every_key_of_the_scaffold_is_explained():
    unexplained = re.findall(r"^(?:# )?([a-z0-9_]+) = (?!.*  # \S).*$", TEMPLATE, re.MULTILINE)
    assert set(unexplained) - PLAIN == set()


def test_a_sample_is_copied_without_what_a_run_makes(samples, tmp_path):
    init_study(tmp_path / "mine", "startup")
    assert sorted(p.relative_to(tmp_path / "mine").as_posix() for p in (tmp_path / "mine").rglob("*")) == [
        "inputs", "inputs/a.csv", "inputs/out", "inputs/out/kept.csv", "study.toml",
    ]  # fmt: skip
    assert (tmp_path / "mine" / "study.toml").read_text() == "# startup\n"


def test_the_copy_of_a_read_only_sample_can_be_written_to(samples, tmp_path):
    for path in (samples / "startup" / "study.toml", samples / "startup" / "inputs"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    init_study(tmp_path / "mine", "startup")
    assert (tmp_path / "mine" / "study.toml").stat().st_mode & 0o200
    assert (tmp_path / "mine" / "inputs").stat().st_mode & 0o200
    (samples / "startup" / "inputs").chmod(0o755)


def test_the_samples_are_listed_by_name(samples):
    assert sample_names() == ("established", "startup")


def test_an_unknown_sample_names_the_nearest_and_all(samples, tmp_path):
    with pytest.raises(Refused) as refusal:
        init_study(tmp_path / "mine", "strtup")
    (problem,) = refusal.value.problems
    assert problem.code == "E502"
    assert problem.fix == 'Perhaps "startup" is meant. The samples are: established, startup.'
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("kind", ["study", "file", "link"])
def test_what_is_there_already_is_not_overwritten(tmp_path, kind):
    target = tmp_path / "mine"
    if kind == "study":
        target.mkdir()
        (target / "study.toml").write_text("precious")
    elif kind == "file":
        target.write_text("precious")
    else:
        target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused) as refusal:
        init_study(target)
    (problem,) = refusal.value.problems
    assert (problem.code, refusal.value.exit_code()) == ("E705", Exit.ENVIRONMENT)
    assert problem.fix.endswith("rdcredit init mine-2")
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    assert kind != "study" or (target / "study.toml").read_text() == "precious"


def test_an_empty_folder_may_become_a_study(tmp_path):
    (tmp_path / "mine").mkdir()
    assert (init_study(tmp_path / "mine") / "study.toml").is_file()
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_a_disk_that_refuses_leaves_nothing_behind(tmp_path, monkeypatch):
    import errno

    def full(_folder):
        _folder.mkdir()
        raise OSError(errno.ENOSPC, "No space left on device", str(_folder))

    monkeypatch.setattr(scaffold, "_scaffold", full)
    with pytest.raises(Refused) as refusal:
        init_study(tmp_path / "mine")
    assert refusal.value.exit_code() == Exit.ENVIRONMENT
    assert list(tmp_path.iterdir()) == []
