"""Statements that cannot all be true are told with both sides."""

from __future__ import annotations

import pytest

INPUT = '[[inputs]]\nrole = "payroll"\npath = "inputs/payroll-2025.xlsx"\n'


def only(problems, code="E505"):
    assert [p.code for p in problems] == [code], [p.line() for p in problems]
    return problems[0]


@pytest.mark.parametrize(
    ("begin", "end", "says"),
    [
        ("2025-01-02", "2025-12-31", "no year covers 2025-01-01 to 2025-01-01"),
        ("2024-12-31", "2025-12-30", "overlaps"),
        ("2023-01-01", "2023-12-31", "is listed after"),
        ("2025-01-01", "2024-12-31", "before it begins"),
        ("2025-01-01", "2026-01-01", "longer than twelve months"),
        ("2025-01-01", "2026-01-07\nfifty_two_week = true", "not 52 or 53 weeks"),
        ("2025-01-01", "2025-12-30\n", "has exactly 52 weeks"),
    ],
)
def test_taxable_years_follow_one_another_and_last_at_most_a_year(changed, begin, end, says):
    problems = changed("begin = 2025-01-01\nend = 2025-12-31", f"begin = {begin}\nend = {end}")
    assert any(p.code == "E505" and says in p.what and "[[tax_years]] 2" in p.place for p in problems)


def test_the_qre_of_the_credit_year_are_not_stated(changed):
    assert "[[tax_years]] 2" in only(changed("end = 2025-12-31\n", 'end = 2025-12-31\nqre = "unknown"\n')).place


@pytest.mark.parametrize("qre", ['qre = "none"', 'qre = { wages = "none" }', 'qre = "none"\nqre_source = " "'])
def test_a_year_or_category_without_expenses_says_who_says_so(changed, qre):
    only(changed('qre = { wages = "412000.00", computer_rental = "restate", source = "books 2024" }', qre), "E503")


def test_components_have_ids_of_their_own(changed):
    block = '[[components]]\nid = "Sparse-Decoder"\nname = "x"\nkind = "software"\n[[projects]]'
    assert "component 1" in only(changed("[[projects]]", block)).what


def test_a_component_is_not_released_before_it_began(changed):
    assert "key released" in only(changed("released = 2025-09-30", "released = 2024-11-03")).place


@pytest.mark.parametrize("name", ["Sparse Decoder", " sparse decoder "])
def test_a_project_belongs_to_one_component(changed, name):
    block = f'[[components]]\nid = "other"\nname = "x"\nkind = "software"\nprojects = ["{name}"]\n[[projects]]'
    assert "sparse-decoder and by other" in only(changed("[[projects]]", block)).what


def test_a_project_of_a_component_is_not_also_outside_all(changed):
    only(changed('name = "Office"', 'name = "Sparse Decoder"'))


def test_a_project_outside_all_components_is_named_once(changed):
    only(changed("[[projects]]", '[[projects]]\nname = "office"\nactivity = "leave"\n[[projects]]'))


def test_two_components_do_not_make_the_same_selection(changed):
    block = '[[components]]\nid = "other"\nname = "x"\nkind = "software"\nselect = [{ project = ["sparse-decoder"] }]\n'
    only(changed("[[projects]]", block + "[[projects]]"))


@pytest.mark.parametrize(
    "path", ["inputs/payroll-2025.xlsx", "./inputs/payroll-2025.xlsx", "inputs//payroll-2025.xlsx"]
)
def test_a_file_is_not_given_twice(changed, path):
    problem = only(changed("[workloads]", f'[[inputs]]\nrole = "people"\npath = "{path}"\n[workloads]'))
    assert "input 2" in problem.what


@pytest.mark.parametrize("path", ["inputs", "inputs/aws-cur2/part-1.csv"])
def test_an_input_does_not_lie_inside_another(changed, path):
    problems = changed("[workloads]", f'[[inputs]]\nrole = "bill"\npath = "{path}"\n[workloads]')
    assert {p.code for p in problems} == {"E505"}


def test_inputs_have_ids_of_their_own(changed):
    only(changed('role = "payroll"', 'role = "payroll"\nid = "Cloud"'))


@pytest.mark.parametrize("folder", ["out", "build", "review", "templates"])
def test_an_input_does_not_lie_where_the_program_writes(changed, folder):
    assert folder in only(changed('"inputs/payroll-2025.xlsx"', f'"{folder}/payroll.xlsx"')).what


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../other/file.csv", "inputs/../../file.csv", "~/file.csv", "C:/file.csv", r"inputs\\file.csv",
     ".", "inputs/a\\u0000b"],
)  # fmt: skip
def test_an_input_path_stays_in_the_study_folder(changed, path):
    problem = only(changed('"inputs/payroll-2025.xlsx"', f'"{path}"'), "E124")
    assert problem.place == "study.toml line 45, [[inputs]] 2, key path"


def test_a_link_that_leaves_the_study_folder_is_refused(changed, tmp_path):
    (tmp_path / "inputs").symlink_to("/etc")
    problems = changed('"inputs/payroll-2025.xlsx"', '"inputs/passwd"')
    assert {p.code for p in problems} == {"E124"}
    assert not any("/etc" in p.line() for p in problems)


def test_links_in_a_circle_are_refused(changed, tmp_path):
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "payroll-2025.xlsx").symlink_to("payroll-2025.xlsx")
    assert {p.code for p in changed()} == {"E124"}


def test_payments_are_not_given_for_an_accrual_taxpayer(changed):
    payments = 'id = "cloud"\npayments = [{ month = "2025-12", paid = 2026-01-08 }]'
    assert "accrual" in only(changed('id = "cloud"', payments)).what
    assert changed('id = "cloud"', payments, '"accrual"', '"cash"') == ()


@pytest.mark.parametrize("key", ['tenancy = "shared"', 'payments = [{ month = "2025-12", paid = 2026-01-08 }]'])
def test_what_is_said_of_bills_is_not_said_of_payroll(changed, key):
    only(changed('role = "payroll"', f'role = "payroll"\n{key}', '"accrual"', '"cash"'))


def test_a_cost_column_is_chosen_for_bills_only(changed):
    only(changed('source = "W-3 2025" }', 'source = "W-3 2025", column = "billed" }'))


@pytest.mark.parametrize(
    ("month", "accepted"), [("2023-11", False), ("2023-12", True), ("2026-01", True), ("2026-02", False)]
)
def test_control_months_lie_in_the_taxable_years_or_next_to_them(changed, month, accepted):
    problems = changed('month = "2025-03"', f'month = "{month}"')
    if accepted:
        assert problems == ()
    else:
        assert month in only(problems).what


def test_a_month_is_controlled_once_for_each_column(changed):
    entry = '{ month = "2025-03", amount = "1.00", source = "x" }'
    only(changed("control = [{ month", f"control = [{entry}, {{ month"))
    other = '{ month = "2025-03", amount = "1.00", source = "x", column = "effective" }'
    assert changed("control = [{ month", f"control = [{other}, {{ month") == ()


@pytest.mark.parametrize("table", ["statements", "identical_rows"])
def test_nothing_is_stated_after_the_date_of_the_study(study_toml, refused, table):
    head, _, tail = study_toml.partition(f"[[{table}]]")
    problem = only(refused(head + f"[[{table}]]" + tail.replace("date = 2026-01-15", "date = 2026-02-11", 1)))
    assert "2026-02-10, the date of the study" in problem.what


def test_no_payment_is_dated_after_the_study(changed):
    payments = 'id = "cloud"\npayments = [{ month = "2025-12", paid = 2026-03-08 }]'
    only(changed('id = "cloud"', payments, '"accrual"', '"cash"'))


def test_one_question_has_one_answer(changed):
    again = '[[statements]]\nabout = "cloud/research"\nquestion = "tenancy"\nanswer = "dedicated"\n'
    again += 'by = "B"\ndate = 2026-01-15\n[[identical_rows]]'
    only(changed("[[identical_rows]]", again))


def test_a_statement_about_identical_rows_names_an_input(changed):
    assert '"cloud"' in only(changed('input = "cloud"', 'input = "clod"')).fix
    assert changed('input = "cloud"', 'input = "inputs/payroll-2025.xlsx"') == ()


def test_an_employer_organization_is_named_only_where_there_is_one(changed):
    only(changed('accounting_method = "accrual"', 'accounting_method = "accrual"\npeo = "Payworks"'))


def test_a_word_is_not_production_and_development_at_once(changed):
    only(changed("[workloads]\n", '[workloads]\nproduction = ["live", "Dev"]\n'))


def test_a_tag_name_is_an_alias_of_one_tag(changed):
    only(changed("[workloads]\n", '[workloads]\naliases = { project = ["p"], team = ["P"] }\n'))


def test_a_final_study_has_decided_and_is_signed(changed):
    problems = changed('status = "draft"', 'status = "final"', 'method = "compare"', 'method = "asc"')
    assert {p.code for p in problems} == {"E507"}
    assert {p.place.rpartition(" ")[2] for p in problems} == {"reduced_credit", "prepared_by", "reviewed_by", "ein"}


def test_a_final_study_is_not_dated_before_its_year_is_over(changed):
    problems = changed('status = "draft"', 'status = "final"', "dated = 2026-02-10", "dated = 2025-12-31")
    assert any(p.code == "E507" and "key dated" in p.place for p in problems)


def test_a_final_study_with_everything_decided_is_accepted(changed):
    assert (
        changed(
            'status = "draft"', 'status = "final"\nprepared_by = "A"\nreviewed_by = "B"',
            'method = "compare"', 'method = "asc"\nreduced_credit = "no"',
            "entity =", 'ein = "12-3456789"\nentity =',
        )
        == ()
    )  # fmt: skip
