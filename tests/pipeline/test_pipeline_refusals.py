"""What stops a study, all of it at once; and what was published before stays as it was."""

from dataclasses import replace
from decimal import Decimal

import pytest
from support.publishing import tree
from support.study_folder import RESEARCH, StudyFolder, charge, employee, pay, payment, percent, supply

from rdcredit.errors import Exit, Refused
from rdcredit.pipeline import compute_study, determine_study, determined_study, read_study, run_study
from rdcredit.study.lock import LOCK_NAME


def refusal(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value


def codes(refused):
    return sorted({p.code for p in refused.problems})


def changed(root, *edits):
    path = root / "study.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return root


def without_build(files):
    return {name: data for name, data in files.items() if not name.startswith("build") and name != "study.toml"}


# ---- control totals


@pytest.mark.parametrize(
    ("stated", "off"),
    [
        ("3655.5573", "3655.55"),
        ("171000.36", "171000.37"),
        ("14000.00", "13999.99"),
        ("1734.56", "1734.57"),
    ],
)
def test_a_control_total_a_cent_off_publishes_nothing(small_copy, stated, off):
    before = tree(small_copy)
    changed(small_copy, (f'amount = "{stated}"', f'amount = "{off}"'))
    refused = refusal(run_study, small_copy)
    assert (refused.exit_code(), codes(refused)) == (Exit.UNRECONCILED, ["E703"])
    [problem] = refused.problems
    assert f"{Decimal(off):,f}" in problem.what
    assert without_build(tree(small_copy)) == without_build(before)


def test_control_totals_of_all_inputs_are_compared_at_once(small_copy):
    changed(small_copy, ('"3655.5573"', '"1.00"'), ('"171000.36"', '"2.00"'), ('"1734.56"', '"3.00"'))
    refused = refusal(determined_study, small_copy)
    assert [p.code for p in refused.problems] == ["E703"] * 3


def test_a_total_that_does_not_tie_comes_with_the_rows_that_could_not_be_read(tmp_path):
    folder = StudyFolder(bill=[])
    folder.payroll[1]["Taxable Wages"] = "abc"
    folder.controls["payroll"] = "171000.36"
    refused = refusal(determined_study, folder.write(tmp_path / "study"))
    assert codes(refused) == ["E214", "E703"]
    assert not any(p.held for p in refused.problems)  # now they hold up the run
    [unread] = [p for p in refused.problems if p.code == "E214"]
    assert "inputs/payroll.csv row 2" in unread.place


# ---- everything at once


def test_problems_of_all_inputs_are_reported_together(tmp_path):
    folder = StudyFolder(
        bill=[charge("1.00", tags=RESEARCH), charge("2.00", tags=RESEARCH, BillingCurrency="EUR")],
        payroll=[pay("E-001", "100.00")],
        supplies=[supply("10.00", Incurred="01/02/2025")],
        contractors=[payment("C-1", "20.00", Currency="")],
    )
    for row in folder.payroll:
        del row["Pay Date"]
    refused = refusal(determined_study, folder.write(tmp_path / "study"))
    places = {p.place.partition(" ")[0].rstrip(":,") for p in refused.problems}
    assert places >= {f"inputs/{role}.csv" for role in ("bill", "payroll", "supplies")}
    assert codes(refused)[:1] == ["E117"]
    assert {"E117", "E232", "E351"} <= set(codes(refused))


def test_a_misspelled_key_stops_before_any_input_is_read(tmp_path):
    folder = StudyFolder(bill=[charge("1.00", BillingCurrency="EUR")])
    folder.edits = [("dated =", "datd ="), ("evaluation =", "evalution =")]
    root = folder.write(tmp_path / "study")
    refused = refusal(run_study, root)
    assert codes(refused) == ["E501"]
    first, second = refused.problems
    assert "dated" in first.fix
    assert "evaluation" in second.fix
    assert not (root / "build").exists()
    assert not (root / LOCK_NAME).exists()


# ---- dollars that do not add up


def test_lost_dollars_break_the_reconciliation(small_copy):
    determined = determined_study(small_copy)
    wages = replace(determined.wages, parts=determined.wages.parts[1:])
    refused = refusal(compute_study, replace(determined, wages=wages))
    assert (refused.exit_code(), codes(refused)) == (Exit.UNRECONCILED, ["E702"])
    assert refused.problems[0].place == "payroll: dollars in buckets"


def test_dollars_that_count_twice_break_the_reconciliation(small_copy):
    determined = determined_study(small_copy)
    again = replace(determined.supplies, parts=(*determined.supplies.parts, determined.supplies.parts[0]))
    assert codes(refusal(compute_study, replace(determined, supplies=again))) == ["E702"]


def test_dollars_of_a_source_that_was_not_read_break_the_reconciliation(small_copy):
    determined = determined_study(small_copy)
    first, *rest = determined.supplies.parts
    strayed = replace(determined.supplies, parts=(replace(first, source="elsewhere"), *rest))
    refused = refusal(compute_study, replace(determined, supplies=strayed))
    assert {p.place.partition(":")[0] for p in refused.problems} == {"elsewhere", "supplies"}


def test_an_input_of_several_files_ties_as_a_whole(tmp_path):
    folder = StudyFolder(bill=[])
    root = folder.write(tmp_path / "study")
    one = root / "inputs" / "payroll.csv"
    header, first, *rest = one.read_text().splitlines(keepends=True)
    several = root / "inputs" / "payroll"
    several.mkdir()
    (several / "a.csv").write_text(header + first)
    (several / "b.csv").write_text("".join((header, *rest)))
    one.unlink()
    changed(root, ('path = "inputs/payroll.csv"', 'path = "inputs/payroll"'))
    material = compute_study(determined_study(root))
    [tie] = [t for t in material.tie_outs if t.label == "payroll: dollars in buckets"]
    assert (tie.read, tie.difference) == (Decimal("171000.36"), 0)


# ---- final


def final(**tables):
    everybody = [percent(f"E-00{n}", "100") for n in range(1, 5)]
    folder = StudyFolder(**{"bill": [], "time": everybody} | tables)
    folder.edits = [('status = "draft"', 'status = "final"'), ('method = "compare"', 'method = "regular"')]
    folder.more = '[other]\nform_8932_overlap = "0.00"\n'
    return folder


def test_a_final_study_without_open_dollars_is_published(tmp_path):
    root = final().write(tmp_path / "study")
    run_study(root)
    assert (root / "out" / "study.docx").is_file()


def test_a_final_study_is_refused_while_dollars_are_held(tmp_path):
    root = final(time=[percent("E-001", "100")]).write(tmp_path / "study")
    refused = refusal(run_study, root)
    assert (refused.exit_code(), codes(refused)) == (Exit.REFUSED, ["E507"])
    assert "what did this person work on" in refused.problems[0].what
    assert not (root / "out").exists()


def test_a_final_study_is_refused_while_a_row_is_unread(tmp_path):
    folder = final()
    folder.supplies.append(supply("12,34,5"))
    folder.controls["supplies"] = "1734.56"
    refused = refusal(run_study, folder.write(tmp_path / "study"))
    assert codes(refused) == ["E507"]
    assert refused.problems[0].what.startswith("1 row of inputs/supplies.csv")


def test_a_final_study_is_refused_while_a_component_rests_on_an_open_question(tmp_path):
    folder = final()
    folder.edits.append(("funded = false\n", ""))
    refused = refusal(run_study, folder.write(tmp_path / "study"))
    assert codes(refused) == ["E507"]
    assert any("must be answered first" in p.what for p in refused.problems)


def test_a_final_study_is_refused_while_a_line_of_the_form_is_missing(tmp_path):
    folder = final()
    folder.edits.append(('wages = "110000.00"', 'wages = "restate"'))
    folder.edits.append(('method = "regular"', 'method = "asc"'))
    refused = refusal(run_study, folder.write(tmp_path / "study"))
    assert codes(refused) == ["E507"]
    assert any("Form 6765 are missing" in p.what for p in refused.problems)


def test_a_draft_with_the_same_open_points_is_computed(tmp_path):
    folder = StudyFolder(bill=[], people=[employee("E-001")])
    read = read_study(folder.write(tmp_path / "study"))
    assert compute_study(determine_study(read)).parts
