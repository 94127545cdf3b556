"""Personal data a study does not need never gets past the door."""

import pytest
from table_helpers import PAY, text_of

from rdcredit.ingest.privacy import are_ssns, is_personal_header, without_ssns

SSNS = ("123-45-6789", "234-56-7891")


def everything(inputs) -> str:
    return repr(inputs) + text_of(inputs.problems)


def test_personal_columns_are_left_behind_and_noted(folder):
    header = "Employee ID,Pay Date,Taxable Wages,SSN,Date of Birth,Bank Account,Home Address,Ref\n"
    row = "E1,2025-01-31,1,123-45-6789,1990-02-03,000123456,9 Elm St,234-56-7891\n"
    inputs = folder.read("payroll", folder.text("p.csv", header + row))
    for secret in ("123-45-6789", "1990-02-03", "000123456", "Elm", "234-56-7891"):
        assert secret not in everything(inputs)
    notes = " ".join(inputs.files[0][1].notes)
    for column in ("SSN", "Date of Birth", "Bank Account", "Home Address"):
        assert f'"{column}" was not kept' in notes or f'"{column}" (' in notes
    assert '"Ref" (it holds social security numbers)' in notes


@pytest.mark.parametrize("header", ["ID", "Employee ID", "SSN"])
@pytest.mark.parametrize("plain", [False, True])
def test_persons_known_by_social_security_number_get_identifiers_of_the_study(folder, header, plain):
    numbers = [n.replace("-", "") if plain else n for n in SSNS]
    pay = folder.text(
        "p.csv", f"{header},Pay Date,Taxable Wages\n" + "".join(f"{n},2025-01-31,{i}\n" for i, n in enumerate(numbers))
    )
    time = folder.text(
        "t.csv",
        "".join(["Employee ID,Date,Project,Hours\n", f"{SSNS[1]},2025-01-02,a,8\n", f"{SSNS[0]},2025-01-02,a,7\n"]),
    )
    inputs = folder.read_all([{"role": "time", "path": time}, {"role": "payroll", "path": pay}])
    assert [row.person for row in inputs.pay] == ["person-001", "person-002"]
    assert [row.person for row in inputs.time] == ["person-002", "person-001"]
    for number in (*numbers, *SSNS):
        assert number not in everything(inputs)
    assert "given identifiers of the study's own: 2" in " ".join(inputs.files[0][1].notes)


def test_a_column_of_bare_social_security_numbers_is_known_by_its_values(folder):
    inputs = folder.read("payroll", folder.text("p.csv", PAY + "123456789,A,2025-01-31,x,1,0,1\n"))
    assert inputs.pay[0].person == "person-001"
    assert "123456789" not in everything(inputs)


def test_a_workbook_that_formats_numbers_as_social_security_numbers_is_understood(folder):
    def as_ssn(book):
        book.active["A2"].number_format = "000\\-00\\-0000"

    rows = [["ID", "Pay Date", "Taxable Wages"], [12345678, "2025-01-31", 5]]
    inputs = folder.read("payroll", folder.book("p.xlsx", rows, as_ssn))
    assert inputs.pay[0].person == "person-001"


def test_employee_numbers_of_nine_digits_that_were_never_issued_stay(folder):
    inputs = folder.read("payroll", folder.text("p.csv", PAY + "900000001,A,2025-01-31,x,1,0,1\n"))
    assert inputs.pay[0].person == "900000001"
    assert not are_ssns(["123456789", "E1"])
    assert not are_ssns([])


def test_masked_social_security_numbers_identify_nobody(folder):
    (problem,) = folder.problems("payroll", folder.text("p.csv", PAY + "XXX-XX-6789,A,2025-01-31,x,1,0,1\n"))
    assert problem.code == "E355"
    assert "6789" not in problem.line()


def test_a_social_security_number_inside_a_text_is_taken_out(folder):
    path = folder.text("s.csv", "Vendor,Description,Amount,Currency\nV,for 123-45-6789 parts,1,USD\n")
    inputs = folder.read("supplies", path)
    assert inputs.supplies[0].description == "for (removed) parts"
    assert without_ssns("order 1123-45-67890") == "order 1123-45-67890"


def test_problems_of_persons_print_neither_name_nor_number_nor_pay(folder):
    rows = "E771,Ann Winterbottom,someday,x,1,0,91234.55\nE771,Ann Winterbottom,2025-01-31,x,1,0,ninety\n"
    printed = text_of(folder.problems("payroll", folder.text("p.csv", PAY + rows)))
    for secret in ("E771", "Winterbottom", "91234", "ninety"):
        assert secret not in printed


@pytest.mark.parametrize("header", ["SSN", "Employee SSN", "DOB", "Birth Date", "Bank Routing", "Zip Code", "Tax ID"])
def test_personal_headers_are_known(header):
    assert is_personal_header(header)


@pytest.mark.parametrize("header", ["Class Name", "Account", "Gross Pay", "Work State", "Session", "Taxable Wages"])
def test_other_headers_are_not_personal(header):
    assert not is_personal_header(header)
