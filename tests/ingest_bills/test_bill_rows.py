"""Rows of a bill: what refuses a file, what holds a row, and what is read as it stands."""

import json
from datetime import date
from decimal import Decimal

import pytest

from rdcredit.ingest.bill_checks import is_strange, variants
from rdcredit.ingest.records import BILL_KEYS

START, END, BILLING = "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart"


@pytest.fixture(scope="module")
def refused(tmp_path_factory, export, refusal):
    """One file with a fault of every kind that refuses a bill, and all that is said about it."""
    path = tmp_path_factory.mktemp("faulty") / "faulty.csv"
    faulty = export(
        {},
        {"BillingCurrency": "EUR", "BilledCost": "7.00"},
        {"BillingCurrency": ""},
        {"BillingCurrency": "usd"},
        {"ChargeCategory": "Fee", "BilledCost": "9.99"},
        {"ChargeCategory": ""},
        {START: "03/04/2025", END: "04/04/2025"},
        {START: "2025-03-01 00:00:00"},
        {"BilledCost": "1e999999"},
        {"EffectiveCost": "9" * 5000},
        {"SubAccountId": "1.23457E+18"},
        {"BilledCost": "Total", "ChargeCategory": ""},
    )
    total = dict.fromkeys(faulty.columns, "") | {"ServiceName": "Grand Total", "BilledCost": ""}
    faulty.columns = ("ServiceName", *(c for c in faulty.columns if c != "ServiceName"))
    faulty.rows[-1] = total | {"EffectiveCost": "4.00"}
    path.write_bytes(faulty.bytes())
    return refusal(path)


def about(problems, code, word=""):
    found = [p for p in problems if p.code == code and word in f"{p.place} {p.what}"]
    assert found, [f"{p.code} {p.place}: {p.what}" for p in problems]
    return found[0]


def test_all_faults_of_a_file_are_reported_at_once(refused, codes):
    assert codes(refused) == ["E227", "E232", "E233", "E351", "E355", "E703"]


def test_currencies_are_never_added_and_blank_ones_never_assumed(refused):
    what = about(refused, "E232").what
    assert '"EUR" (1 rows, 7.00)' in what
    assert "blank (1 rows, 1.50)" in what
    assert '"usd"' in what


def test_an_unknown_charge_category_stops_the_bill_with_its_dollars(refused):
    assert '"Fee" in 1 rows, 9.99' in about(refused, "E233", "Fee").what
    assert about(refused, "E233", '""').place == "inputs/faulty.csv column ChargeCategory"


def test_dates_of_unknown_order_and_mixed_clocks_are_refused(refused):
    assert "01/02/2025" in about(refused, "E351", "two readings").what
    assert about(refused, "E351", "some times have a zone").place.endswith("column ChargePeriodStart")


def test_amounts_out_of_range_are_named_by_row_and_cut(refused):
    assert about(refused, "E227", "1e999999").place == "inputs/faulty.csv row 9, column BilledCost"
    assert len(about(refused, "E227", "EffectiveCost").what) < 200


def test_ids_a_spreadsheet_has_cut_are_refused(refused):
    assert "1.23457E+18" in about(refused, "E355").what


def test_a_total_row_that_does_not_agree_is_refused(refused):
    assert "effective 4.00" in about(refused, "E703").what


HELD = [
    ({"BilledCost": "NaN"}, "BilledCost", "NaN"),
    ({"BilledCost": "inf"}, "BilledCost", "inf"),
    ({"BilledCost": ""}, "BilledCost", ""),
    ({"EffectiveCost": "null"}, "EffectiveCost", "null"),
    ({"EffectiveCost": "-"}, "EffectiveCost", "-"),
    ({"BilledCost": "1,234.50"}, "BilledCost", "1,234.50"),
    ({"BilledCost": "1_000"}, "BilledCost", "1_000"),
    ({"BilledCost": "1\x005"}, "BilledCost", "1\x005"),
    ({START: "0001-01-01T00:00:00Z"}, START, "0001-01-01T00:00:00Z"),
    ({START: "1/2/25"}, START, "1/2/25"),
    ({END: ""}, END, ""),
    ({END: "2025-02-01T00:00:00Z"}, END, "2025-02-01T00:00:00Z"),
    ({BILLING: "9999-01-01T00:00:00Z"}, BILLING, "9999-01-01T00:00:00Z"),
]
READ = [
    {"ChargeCategory": "usage ", "SubAccountId": "", "InvoiceId": "", BILLING: ""},
    {"BilledCost": "-0.00", "EffectiveCost": "1e-12", "ServiceName": "zero"},
    {"BilledCost": "-3.50", "EffectiveCost": "-3.50", "ChargeCategory": "Credit", "ServiceName": "negative"},
    {"BilledCost": "0.1234567890129", "EffectiveCost": "1.234E-7", "ServiceName": "fine"},
    {START: "2025-12-31T23:30:00-08:00", END: "2026-01-01T00:30:00-08:00", "ServiceName": "edge"},
    {START: "2025-04-01T00:00:00Z", END: "2026-04-01T00:00:00Z", "ServiceName": "year", "ChargeCategory": "Purchase"},
    {"RegionId": "NA", "SubAccountId": "1E5", "InvoiceId": "TRUE", "ResourceId": "MAR5", "ServiceName": "nan"},
    {"RegionId": "NULL", "CommitmentDiscountId": "null", "InvoiceId": "Null", "ServiceName": "words"},
    {"Tags": "{broken", "ServiceName": "broken"},
    {"Tags": '{"project": "a", "project": "b"}', "ServiceName": "repeated"},
    {"Tags": '"env": "dev","team": "ml"', "ServiceName": "braceless"},
    {"Tags": '{"p": "r\u0430yments\u202e"}', "ServiceName": "homoglyph"},
    {"Tags": '{"p": "Proj-A"}', "ServiceName": "variant"},
    {"Tags": '{"p": "proj-a "}', "ServiceName": "variant"},
    {"Tags": "NULL", "ServiceName": "untagged"},
    {"Tags": "{}", "ServiceName": "untagged"},
    {"Tags": "", "ServiceName": "untagged"},
]


@pytest.fixture(scope="module")
def rolled(tmp_path_factory, export, roll):
    path = tmp_path_factory.mktemp("read") / "march.csv"
    path.write_bytes(export(*(change for change, _, _ in HELD), *READ).bytes())
    return roll(path)


@pytest.fixture(scope="module")
def groups(rolled):
    return rolled.groups.to_pylist()


def of(groups, service):
    return [g for g in groups if g["service"] == service]


def test_rows_that_are_no_money_or_have_no_date_are_held_with_their_text(rolled):
    found = [(held.column, held.text, held.record) for held in rolled.held]
    assert found == [(column, text, i) for i, (_, column, text) in enumerate(HELD, start=1)]


def test_every_row_is_in_a_group_or_held(rolled, groups):
    [file] = rolled.files
    assert file.records_counted == file.records_read == len(HELD) + len(READ)
    assert sum(g["rows"] for g in groups) + len(rolled.held) == file.records_read


def test_held_cells_become_questions_that_do_not_stop_the_run(rolled, codes):
    assert {"E214", "E351"} <= set(codes(rolled.problems))
    assert all(problem.held for problem in rolled.problems)
    nul = next(p for p in rolled.problems if p.code == "E214" and "BilledCost" in p.place)
    assert "row 1, column BilledCost" in nul.place


def test_the_group_key_is_text_and_complete(rolled, groups):
    assert rolled.groups.column_names[: len(BILL_KEYS)] == list(BILL_KEYS)
    assert all(isinstance(g[name], str) for g in groups for name in BILL_KEYS)
    order = [tuple(g[name] for name in BILL_KEYS) for g in groups]
    assert order == sorted(order)


def test_categories_are_folded_and_a_charge_of_no_sub_account_is_the_billing_accounts(groups):
    [group] = of(groups, "Virtual Machines")
    assert (group["charge_category"], group["account"]) == ("Usage", "000000000042")
    assert (group["billing_month"], group["invoice_id"]) == ("", "")


def test_tiny_zero_and_negative_amounts_keep_their_value_and_sign(groups):
    [zero], [negative] = of(groups, "zero"), of(groups, "negative")
    assert (zero["billed"], zero["effective"]) == (0, Decimal("1e-12"))
    assert not str(zero["billed"]).startswith("-")
    assert negative["billed"] == Decimal("-3.50")


def test_digits_beyond_the_scale_are_the_files_rounding_difference(rolled, groups):
    [fine] = of(groups, "fine")
    assert fine["billed"] == Decimal("0.123456789012")
    assert rolled.files[0].rounding_difference == Decimal("0.0000000000009")
    assert rolled.files[0].rounding_difference_effective == 0


def test_months_are_utc_and_the_rows_that_moved_are_noted(rolled, groups):
    [edge] = of(groups, "edge")
    assert (edge["period"], edge["year_position"]) == ("2026-01", "after")
    assert "1 rows, 1.50, lie in another month in UTC than on their own clock" in rolled.files[0].notes
    assert rolled.first_day == date(2025, 3, 1)


def test_a_charge_for_a_year_names_the_month_after_the_last_one_charged(groups):
    [year] = of(groups, "year")
    assert (year["period"], year["spans_to"]) == ("2025-04", "2026-04")
    assert of(groups, "zero")[0]["spans_to"] == ""


def test_words_that_look_like_nothing_or_like_numbers_stay_text(groups):
    [row] = of(groups, "nan")
    assert (row["region"], row["account"], row["invoice_id"]) == ("NA", "1E5", "TRUE")
    [words] = of(groups, "words")
    assert (words["region"], words["commitment_id"], words["invoice_id"]) == ("", "", "Null")


def test_tags_are_read_in_every_form_and_odd_ones_reported(rolled, groups):
    assert json.loads(of(groups, "broken")[0]["tags"]) == {"(unread)": "{broken"}
    assert json.loads(of(groups, "repeated")[0]["tags"]) == {"project": "a | b"}
    assert json.loads(of(groups, "braceless")[0]["tags"]) == {"env": "dev", "team": "ml"}
    [untagged] = of(groups, "untagged")
    assert (untagged["tags"], untagged["rows"]) == ("{}", 3)
    said = " ".join(p.what for p in rolled.problems if p.code == "E357")
    assert "1 rows have tags that are not JSON" in said
    assert 'give a tag twice with different values: "project"' in said


def test_tags_keep_their_spelling_and_look_alikes_are_flagged(rolled, groups):
    assert len(of(groups, "variant")) == 2
    [flagged] = [p for p in rolled.problems if p.code == "E356"]
    assert "\\u0430" in flagged.what
    assert flagged.what.isascii()
    assert any('"Proj-A" and "proj-a "' in note for note in rolled.files[0].notes)


def test_first_and_last_record_of_a_group_are_known_for_a_single_text_file(groups):
    [untagged] = of(groups, "untagged")
    assert (untagged["first_record"], untagged["last_record"]) == (28, 30)


@pytest.mark.parametrize(
    ("text", "strange"),
    [("r\u0430yments", True), ("caf\u00e9", False), ("\u0434\u0430\u043d\u043d\u044b\u0435", False),
     ("\u03b1-decay", False), ("a\u200bb", True), ("ml \u65e5\u672c", False)],
)  # fmt: skip
def test_text_is_strange_when_it_hides_signs_or_mixes_look_alike_scripts(text, strange):
    assert is_strange(text) is strange


def test_variants_differ_only_in_case_blanks_or_composition():
    assert variants(["caf\u00e9", "cafe\u0301", "tea", "Proj-A", "proj-a "], show=repr) == [
        "'cafe\u0301' and 'caf\u00e9'", "'Proj-A' and 'proj-a '"
    ]  # fmt: skip


def test_a_total_row_that_agrees_is_a_control_and_is_not_added(tmp_path, export, roll):
    first = ("ServiceName", *(c for c in export({}).columns if c != "ServiceName"))
    bill = export({}, {"ResourceId": "b"}, columns=first)
    bill.rows.append(dict.fromkeys(first, "") | {"ServiceName": "Total", "BilledCost": "3.00"})
    path = tmp_path / "march.csv"
    blank = "," * (len(first) - 1)
    path.write_text(bill.text() + blank + "\n" + ",".join(first) + "\n", encoding="utf-8")
    rolled = roll(path)
    [file] = rolled.files
    assert (file.records_counted, file.records_read, file.records_aside) == (3, 3, 1)
    assert sum(rolled.groups["billed"].to_pylist()) == Decimal("3.00")
    assert "a total row was used as control, agrees, and was not added" in file.notes
    assert "1 repeated header lines were dropped" in file.notes


@pytest.mark.parametrize(
    ("cells", "code"),
    [({"EffectiveCost": ""}, "E236"), ({"BilledCost": "1,25"}, "E115")],
)
def test_a_cost_column_that_cannot_be_read_at_all_refuses_the_file(tmp_path, export, refusal, cells, code):
    path = tmp_path / "march.csv"
    path.write_bytes(export(cells, cells | {"ResourceId": "b"}).bytes())
    [problem] = refusal(path)
    assert problem.code == code


def test_a_stated_day_order_and_currency_settle_the_question(tmp_path, export, roll):
    path = tmp_path / "march.csv"
    path.write_bytes(export({START: "03/04/2025", END: "04/04/2025", "BillingCurrency": ""}).bytes())
    rolled = roll(path, date_format="day-first", currency="USD")
    assert rolled.groups.select(["period", "currency"]).to_pylist() == [{"period": "2025-04", "currency": "USD"}]


def test_a_fiscal_year_divides_the_rows_by_their_first_day(tmp_path, export, roll):
    path = tmp_path / "bill.csv"
    days = ("2024-06-30", "2024-07-01", "2025-06-30", "2025-07-01")
    path.write_bytes(export(*({START: day, END: day, "ServiceName": day} for day in days)).bytes())
    rolled = roll(path, year=(date(2024, 7, 1), date(2025, 6, 30)))
    positions = {g["service"]: g["year_position"] for g in rolled.groups.to_pylist()}
    assert positions == dict(zip(days, ("before", "in", "in", "after"), strict=True))
