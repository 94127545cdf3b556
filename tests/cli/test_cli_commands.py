"""Each command: what it prints, as what, with which exit code."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from support.publishing import tree
from support.studies import results
from support.study_folder import StudyFolder

from rdcredit.cli import main
from rdcredit.errors import CATALOGUE, Exit

FACTS = """\
[taxpayer]
name = "Worked Example, Inc."
entity = "C corporation"
accounting_method = "accrual"
formed = 2024-01-01

[[tax_years]]
begin = 2024-01-01
end = 2024-12-31
qre = "none"
qre_source = "books of 2024"
receipts = { base = "0.00", s448c = "0.00" }

[[tax_years]]
begin = 2025-01-01
end = 2025-12-31
receipts = { base = "0.00", s448c = "0.00" }

[elections]
reduced_credit = "no"

[[people]]
id = "E-1"
wages = "100000.00"
time = [{ share = "1" }]
"""
COMMANDS = [
    ["init"], ["run"], ["check"], ["classify"], ["credit"], ["trace"], ["verify"],
    ["law"], ["law", "list"], ["law", "show"],
]  # fmt: skip


@pytest.fixture
def run():
    """Runs a command in this process; both streams apart."""

    def run(*arguments, **how):
        return CliRunner().invoke(main, [str(a) for a in arguments], **how)

    return run


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "FACTS.toml"
    path.write_text(FACTS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def problem_study(tmp_path_factory):
    """A study whose only input cannot be read."""
    folder = StudyFolder(bill=[], time=[], people=[], contractors=[], contracts=[], supplies=[])
    root = folder.write(tmp_path_factory.mktemp("problem") / "study")
    (root / "inputs" / "payroll.csv").write_text("Employee ID,Employee Name\nE-001,Somebody Private\n")
    return root


# ---- help


@pytest.mark.parametrize("command", [[], *COMMANDS], ids=" ".join)
def test_every_command_explains_itself(run, command):
    for option in ("--help", "-h"):
        shown = run(*command, option)
        assert shown.exit_code == 0, shown.output
        assert shown.stdout.startswith("Usage:")
        assert len(shown.stdout.splitlines()) > 4


def test_the_group_lists_every_command_in_the_order_of_the_work(run):
    listed = [line.split()[0] for line in run("--help").stdout.partition("Commands:")[2].splitlines() if line.strip()]
    assert listed == ["init", "run", "check", "classify", "credit", "trace", "verify", "law"]
    assert {c[0] for c in COMMANDS} == set(listed)


def test_the_version_is_that_of_the_package(run):
    from rdcredit import __version__

    assert __version__ in run("--version").stdout


def test_help_loads_no_heavy_library(repository):
    heavy = ("pandas", "sklearn", "openpyxl", "duckdb", "ibis", "docxtpl", "pyarrow", "pydantic", "numpy", "lxml")
    script = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', [m for m in {heavy} if m in sys.modules]))\n"
        "from rdcredit.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"for command in {COMMANDS}:\n"
        "    main([*command, '--help'], standalone_mode=False)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("LOADED []")


# ---- exit codes


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["run"], ["run", "x", "--nonsense"], ["trace", "."], ["trace", ".", "6765:48", "--row", "a:1"],
     ["credit"], ["law", "show"]],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_is_2(run, arguments):
    wrong = run(*arguments)
    assert wrong.exit_code == Exit.USAGE
    assert "Usage:" in wrong.stderr


@pytest.mark.parametrize("command", ["run", "check", "classify", "verify"])
def test_a_folder_that_is_no_study_is_3(run, tmp_path, command):
    nothing = run(command, tmp_path)
    assert nothing.exit_code == Exit.REFUSED
    assert nothing.stderr.startswith("rdcredit: E")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["trace", "6765:48"], ["verify"]], ids=" ".join)
def test_asking_about_a_study_that_was_not_run_is_3(run, tmp_path, command):
    root = StudyFolder().write(tmp_path / "study")
    before = tree(root)
    asked = run(command[0], root, *command[1:])
    assert (asked.exit_code, asked.stderr.split()[1]) == (Exit.REFUSED, "E707")
    assert tree(root) == before


def test_a_folder_that_is_occupied_is_6(run, small_copy):
    occupied = run("init", small_copy)
    assert (occupied.exit_code, occupied.stderr.split()[1]) == (Exit.ENVIRONMENT, "E705")


def test_a_sample_that_does_not_exist_names_the_nearest(run, tmp_path):
    unknown = run("init", tmp_path / "new", "--sample", "quilfern-2025")
    assert unknown.exit_code == Exit.REFUSED
    assert 'Perhaps "quillfern-2025" is meant.' in unknown.stderr


def test_strict_is_4_while_dollars_are_held_and_publishes_all_the_same(run, small_copy):
    (small_copy / "rdcredit.lock").unlink()
    held = run("run", small_copy, "--strict")
    assert held.exit_code == Exit.HELD
    assert "Published in" in held.stdout
    assert (small_copy / "rdcredit.lock").is_file()


def test_a_template_that_reaches_into_the_program_is_7(run, small_copy, repository):
    from docx import Document

    (small_copy / "templates").mkdir()
    document = Document(repository / "templates" / "study.docx")
    document.add_paragraph("{{ ''.__class__.__mro__ }}")
    document.save(small_copy / "templates" / "study.docx")
    before = {p.name: p.read_bytes() for p in (small_copy / "out").iterdir()}
    unsafe = run("run", small_copy)
    assert (unsafe.exit_code, unsafe.stderr.split()[1]) == (Exit.SAFETY, "E685")
    assert {p.name: p.read_bytes() for p in (small_copy / "out").iterdir()} == before


def test_another_run_of_the_same_study_is_6(run, small_copy):
    import os
    import time

    script = (
        "import sys, time\nfrom pathlib import Path\nfrom rdcredit.study.lock import study_lock\n"
        "with study_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    env = os.environ | {"PYTHONPATH": str(__import__("rdcredit").__path__[0] + "/..")}
    with subprocess.Popen([sys.executable, "-c", script, str(small_copy)], stdout=subprocess.PIPE, env=env) as other:
        try:
            assert other.stdout.readline() == b"held\n"
            time.sleep(0.05)
            second = run("run", small_copy)
        finally:
            other.kill()
    assert (second.exit_code, second.stderr.split()[1]) == (Exit.ENVIRONMENT, "E704")


# ---- JSON


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["check"], ["classify"], ["classify", "--explain", "{workload}"], ["trace", "6765:44"],
     ["trace", "6765:44", "--rows", "--limit", "1"], ["trace", "--row", "inputs/payroll.csv:1"], ["verify"]],
    ids=" ".join,
)  # fmt: skip
def test_json_is_json_and_nothing_else(run, small_copy, arguments):
    workload = "001234567890 | Compute | project=sparse-decoder, workload=ablation-7"
    command, *rest = (a.format(workload=workload) for a in arguments)
    shown = run(command, small_copy, *rest, "--json")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)
    assert shown.stderr == ""


def test_json_of_a_run_is_the_published_results(run, small_copy):
    assert json.loads(run("run", small_copy, "--json").stdout) == results(small_copy)


@pytest.mark.parametrize("arguments", [["law", "list"], ["law", "show", "asc.rate"]], ids=" ".join)
def test_json_of_the_law(run, arguments):
    shown = json.loads(run(*arguments, "--json").stdout)
    for parameter in shown if isinstance(shown, list) else [shown]:
        assert {"id", "title", "authority", "values", "verified"} <= parameter.keys()


@pytest.mark.parametrize("command", [["run"], ["check"], ["classify"]], ids=" ".join)
def test_json_of_a_refusal_lists_the_problems(run, problem_study, command):
    refused = run(*command, problem_study, "--json")
    assert refused.exit_code == Exit.REFUSED
    told = json.loads(refused.stdout)
    assert {p["code"] for p in told["problems"]} == {"E117"}
    assert all(p.keys() == {"code", "place", "what", "why", "fix", "held"} for p in told["problems"])
    assert refused.stderr == ""


def test_json_of_asking_for_a_figure_that_is_not_there(run, small):
    refused = run("trace", small, "6765:444", "--json")
    assert refused.exit_code == Exit.REFUSED
    assert json.loads(refused.stdout)["problems"][0]["code"] == "E708"


def test_what_is_wrong_is_kept_in_the_study_until_a_run_succeeds(run, problem_study):
    refused = run("check", problem_study)
    kept = json.loads((problem_study / "build" / "problems.json").read_text(encoding="utf-8"))
    assert {p["code"] for p in kept["problems"]} == {"E117"} <= CATALOGUE.keys()
    assert "build/problems.txt" in refused.stderr
    assert str(problem_study) not in refused.output
    assert "Somebody Private" not in refused.output


# ---- any language, any stream


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_the_terminal_cannot_write_is_printed_all_the_same(tmp_path, options, repository):
    import os

    vendor = "Łódź Übung 株式会社"
    folder = StudyFolder(bill=[], payroll=[], time=[], people=[], contractors=[], contracts=[])
    folder.supplies[0]["Vendor"] = vendor
    env = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(repository)}
    command = [sys.executable, "-m", "rdcredit", "classify", str(folder.write(tmp_path / "study")), *options]
    done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, b"")
    if options:
        assert f"supplies:{vendor}" in {row["subject"] for row in json.loads(done.stdout.decode("utf-8"))}
    else:
        assert rb"supplies:\u0141" in done.stdout


# ---- quiet in a pipe


@pytest.mark.parametrize("command", ["run", "check", "classify", "verify"])
def test_nothing_but_the_result_is_said_in_a_pipe(run, small_copy, command):
    done = run(command, small_copy)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "\r" not in done.stdout


def test_progress_is_shown_on_a_terminal(small_copy, monkeypatch, capsys):
    from rdcredit.cli import terminal

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    terminal.progress("reading inputs/bill.csv")
    terminal.end_progress()
    shown = capsys.readouterr().err
    assert shown.startswith("\rreading inputs/bill.csv")
    assert shown.endswith("\r")


# ---- credit


def test_the_credit_of_stated_facts(run, facts):
    shown = run("credit", facts, "--json")
    assert shown.exit_code == 0
    figures = json.loads(shown.stdout)["figures"]
    assert figures["s41.qre.total"] == {"label": figures["s41.qre.total"]["label"], "value": "100000", "state": "known"}
    assert figures["s41.regular.credit"]["value"] == "10000"  # 20 % over the minimum base of half
    text = run("credit", facts).stdout
    assert "Form 6765 (Rev. December 2024)" in text


def test_the_workbook_of_stated_facts_opens(run, facts, tmp_path):
    from openpyxl import load_workbook

    target = tmp_path / "credit.xlsx"
    assert run("credit", facts, "--xlsx", target).exit_code == 0
    book = load_workbook(target)
    assert len(book.sheetnames) > 3
    formulas = [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert len(formulas) > 50
    assert [p.name for p in tmp_path.iterdir() if p.suffix != ".toml"] == ["credit.xlsx"]


def test_a_workbook_that_cannot_be_written_is_6(run, facts, tmp_path):
    occupied = tmp_path / "credit.xlsx"
    occupied.mkdir()
    failed = run("credit", facts, "--xlsx", occupied)
    assert (failed.exit_code, failed.stderr.split()[1]) == (Exit.ENVIRONMENT, "E705")
    assert str(tmp_path) not in failed.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"FACTS.toml", "credit.xlsx"}


def test_a_folder_that_does_not_exist_is_a_wrong_command_line(run, facts, tmp_path):
    assert run("credit", facts, "--xlsx", tmp_path / "nowhere" / "credit.xlsx").exit_code == Exit.USAGE


def test_an_unknown_key_of_the_facts_names_the_nearest(run, facts):
    facts.write_text(FACTS.replace("wages =", "wagse ="), encoding="utf-8")
    refused = run("credit", facts)
    assert refused.exit_code == Exit.REFUSED
    assert "E501 FACTS.toml line " in refused.stderr
    assert "wages" in refused.stderr
    assert "[[people]] 1, key wagse" in refused.stderr


def test_all_faults_of_the_facts_are_told_at_once(run, facts):
    text = FACTS.replace("wages =", "wagse =").replace('"accrual"', '"accural"').replace('share = "1"', 'share = "2"')
    facts.write_text(text, encoding="utf-8")
    told = json.loads(run("credit", facts, "--json").stdout)
    assert {p["code"] for p in told["problems"]} >= {"E501", "E502"}
    assert len(told["problems"]) >= 3


def test_the_schema_documents_every_key(run):
    from pydantic import BaseModel

    from rdcredit.study.facts_file import FactsFile

    schema = json.loads(run("credit", "--schema").stdout)
    tables = {schema["title"]: schema, **schema["$defs"]}

    def models(model, seen):
        seen[model.__name__] = model
        for field in model.model_fields.values():
            for inner in contained(field.annotation):
                if inner.__name__ not in seen:
                    models(inner, seen)
        return seen

    def contained(annotation):
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return [annotation]
        return [found for part in getattr(annotation, "__args__", ()) for found in contained(part)]

    found = models(FactsFile, {})
    assert {"FactsFile", "PersonFacts", "TimeFacts", "TaxYearSettings", "TaxpayerSettings"} <= found.keys()
    for name, model in found.items():
        assert tables[name]["description"], name
        assert tables[name]["properties"].keys() == model.model_fields.keys(), name
        assert tables[name]["additionalProperties"] is False
