"""Every fault of ``study.toml`` is told by code, line, reason and remedy, and all of them at once."""

from __future__ import annotations

import os
import re

import pytest

from rdcredit.errors import CATALOGUE, Exit, Refused
from rdcredit.study.load import load_study

_VALIDATOR_WORDS = re.compile(r"pydantic|Input should|Value error|Field required|Extra inputs|literal\[|Traceback")


def codes(problems):
    return [problem.code for problem in problems]


def test_all_faults_are_told_at_once_and_in_the_order_of_the_file(changed):
    problems = changed(
        'status = "draft"', 'status = "drafty"',
        'accounting_method = "accrual"', "",
        "kind =", "knid =",
        'amount = "41210.33"', 'amount = "41,210.33"',
        'threshold = "0.95"', 'threshold = "95"',
    )  # fmt: skip
    assert codes(problems) == ["E502", "E503", "E501", "E502", "E502"]
    lines = [int(re.search(r"line (\d+)", p.place)[1]) for p in problems]
    assert lines == sorted(lines)


def test_a_contradiction_is_told_beside_a_misspelling_in_another_table(changed):
    problems = changed('name = "Quill', 'nmae = "Quill', "released = 2025-09-30", "released = 2024-09-30")
    assert codes(problems) == ["E501", "E505"]


def test_no_message_shows_the_words_of_the_validator(changed):
    problems = changed(
        'entity = "C corporation"', "entity = 5", "[[components]]", "[components]", 'wages = "412000.00"', "wages = []",
        'select = [{ project = "sparse-decoder" }', "select = [{ project = 7 }", "dated = 2026-02-10", "dated = 7",
        "[elections]", "[ellections]", 'name = "Office"', "name = {}",
    )  # fmt: skip
    assert len(problems) >= 6
    for problem in problems:
        assert not _VALIDATOR_WORDS.search(problem.line()), problem.line()
        assert problem.code in CATALOGUE
        assert problem.fix.strip()


def test_an_unknown_key_names_the_nearest_one_of_its_own_table(changed):
    (problem,) = changed("released =", "relased =")
    assert problem.code == "E501"
    assert problem.place == "study.toml line 29, [[components]] 1, key relased"
    assert problem.fix == 'Write released in place of "relased".'


def test_an_unknown_key_of_another_table_is_sent_there(changed):
    (problem,) = changed("[taxpayer]\n", '[taxpayer]\nfirm = "x"\n')
    assert problem.code == "E501"
    assert "under [study]" in problem.fix


def test_an_unknown_table_names_the_nearest_with_its_brackets(changed):
    (problem,) = changed("[[projects]]", "[[project]]")
    assert (problem.code, problem.fix) == ("E501", 'Write [[projects]] in place of "project".')


def test_an_unknown_key_inside_an_inline_table_is_found(changed):
    (problem,) = changed("qre = { wages", "qre = { wagse")
    assert problem.code == "E501"
    assert problem.place == "study.toml line 14, [[tax_years]] 1, key qre.wagse"


def test_a_wrong_value_names_the_allowed_ones_and_the_nearest(changed):
    (problem,) = changed('kind = "software"', 'kind = "sofware"')
    assert problem.code == "E502"
    assert '"sofware"' in problem.what
    for word in ("product", "process", "software", "technique", "formula", "invention"):
        assert f'"{word}"' in problem.fix
    assert 'Perhaps "software" is meant' in problem.fix


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"41210.33"', '"1_000"'),
        ('"41210.33"', "true"),
        ('"41210.33"', "nan"),
        ('"41210.33"', "inf"),
        ('"41210.33"', "1e999999"),
        ('"41210.33"', "0x" + "f" * 5000),
        ('"41210.33"', '"12,5"'),
        ("dated = 2026-02-10", "dated = 2026-02-10T12:00:00Z"),
        ("dated = 2026-02-10", "dated = 0001-01-01"),
        ("dated = 2026-02-10", "dated = 1767225600"),
        ("dated = 2026-02-10", 'dated = "02/10/2026"'),
        ("dated = 2026-02-10", "dated = 2026-02-10\noriginal_return = 1"),
        ("dated = 2026-02-10", 'dated = 2026-02-10\noriginal_return = "yes"'),
        ('threshold = "0.95"', 'threshold = "1.01"'),
        ('month = "2025-03"', 'month = "2025-13"'),
        ('month = "2025-03"', 'month = "٢٠٢٥-03"'),
        ('id = "cloud"', 'id = "my cloud"'),
        ('name = "Sparse decoding engine"', 'name = "  "'),
        ('name = "Quillfern', 'ein = "123456789"\nname = "Quillfern'),
        ('method = "compare"', "startup_years = [5, 6, 7, 8, 8]"),
        ('method = "compare"', "startup_years = [4, 5, 6, 7, 8]"),
        ('method = "compare"', "startup_years = [5, 6]"),
        ('role = "payroll"', 'role = "payroll"\ncurrency = "dollars"'),
        ('role = "payroll"', 'role = "payroll"\ndate_format = "%d/%m/%Y"'),
        ('{ project = "sparse-decoder" }', "{}"),
        ('{ project = "sparse-decoder" }', "{ project = [] }"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused(changed, old, new):
    assert codes(changed(old, new)) == ["E502"]


def test_amounts_out_of_range_are_refused_without_being_printed_in_full(changed):
    (problem,) = changed('"41210.33"', "0x" + "f" * 5000)
    assert len(problem.line()) < 600


def test_the_accounting_method_has_no_default_and_says_why(changed):
    (problem,) = changed('accounting_method = "accrual"\n', "")
    assert problem.code == "E503"
    assert 'accounting_method = "accrual"   # or "cash"' in problem.fix
    assert "no default" in problem.why


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('status = "draft"\n', "status"),
        ("dated = 2026-02-10\n", "dated"),
        ('entity = "C corporation"\n', "entity"),
        ('kind = "software"\n', "kind"),
        ('path = "inputs/payroll-2025.xlsx"\n', "path"),
        ("end = 2025-12-31\n", "end"),
    ],
)
def test_a_missing_value_comes_with_a_line_to_paste(changed, refused, study_toml, line, key):
    (problem,) = changed(line, "")
    assert problem.code == "E503"
    pasted = problem.fix.partition("your own value: ")[2]
    assert pasted.startswith(f"{key} = ")
    value = pasted if "..." not in pasted else line
    assert "E50" not in "".join(
        codes(p for p in refused(study_toml.replace(line, f"{value}\n", 1)) if p.code != "E505")
    )


def test_a_missing_table_is_told_by_the_values_it_must_hold(refused):
    problems = refused("")
    assert {(p.code, p.place) for p in problems} == {
        ("E503", "study.toml, [study], key status"),
        ("E503", "study.toml, [study], key dated"),
        ("E503", "study.toml, [taxpayer], key name"),
        ("E503", "study.toml, [taxpayer], key entity"),
        ("E503", "study.toml, [taxpayer], key accounting_method"),
        ("E503", "study.toml, [tax_years], key begin"),
        ("E503", "study.toml, [tax_years], key end"),
    }
    assert any("[[tax_years]]" in p.fix for p in problems)


def test_a_required_key_that_is_misspelled_is_one_fault(changed):
    assert codes(changed("dated =", "datd =")) == ["E501"]
    assert codes(changed("[taxpayer]", "[taxpayr]")) == ["E501"]


def test_no_year_at_all_is_a_missing_value(refused):
    assert "E503" in codes(refused("tax_years = []"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[study]\nstatus = "draft\n', "line 2, column"),
        ("[study]\nstatus = draft\n", "line 2, column"),
        ("[study]\ndated = 2026-02-30\n", "line 2, column"),
        ("a = 1\na = 2\n", "line 2, column"),
        ("[a]\n[a]\n", "line 2, column"),
        ("[study\n", "line 1, column"),
        ("just words\n", "line 1, column"),
        ("a = [1,\n", "line"),
        ("x = " + "9" * 5000, "study.toml"),
        ("x = " + "[" * 100_000, "study.toml"),
    ],
)
def test_text_that_is_not_toml_is_told_with_its_place(refused, text, place):
    (problem,) = refused(text)
    assert problem.code == "E504"
    assert place in problem.place
    assert len(problem.what) < 200


def test_the_column_of_a_toml_fault_is_the_one_in_the_file(refused):
    (problem,) = refused("[study]\nstatus = draft\n")
    assert problem.place == "study.toml line 2, column 10"
    assert '"status = draft"' in problem.what


def test_bytes_that_are_not_utf_8_are_told_with_their_offset(refused):
    (problem,) = refused(b'[taxpayer]\nname = "Jos\xe9"\n')
    assert problem.code == "E109"
    assert "byte 22 (line 2)" in problem.what


def test_a_control_character_in_a_value_is_printed_escaped(changed):
    (problem,) = changed('kind = "software"', 'kind = "a\\u001b[31mred"')
    assert "\x1b" not in problem.line()


def test_a_folder_without_settings_is_told_how_to_get_them(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(Refused) as refusal:
            load_study(folder)
        assert codes(refusal.value.problems) == ["E102"]
        assert "rdcredit init" in refusal.value.problems[0].fix
        assert str(tmp_path) not in str(refusal.value)


def test_settings_that_are_no_regular_file_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "study.toml")
    with pytest.raises(Refused) as refusal:
        load_study(tmp_path)
    assert refusal.value.exit_code() == Exit.SAFETY


def test_a_settings_file_of_a_gigabyte_is_refused_unread(tmp_path):
    with (tmp_path / "study.toml").open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(Refused) as refusal:
        load_study(tmp_path)
    assert codes(refusal.value.problems) == ["E119"]
