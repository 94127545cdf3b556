from decimal import Decimal

import pytest

from rdcredit.ingest.across import confused_people
from rdcredit.ingest.records import PayRow, PeopleInputs
from rdcredit.source import FileRef, RowRef


def pay(*people):
    file = FileRef("inputs/pay.csv", "d" * 64)
    rows = [PayRow(RowRef(file, i), who, name, Decimal(100), None, 2025) for i, (who, name) in enumerate(people, 1)]
    return PeopleInputs(pay=tuple(rows))


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ([("e-1", "Ada Quill"), ("E-1", "Bo Fern")], 1),
        ([("e-1", "Ada Quill"), ("E-1", "ada quill")], 0),
        ([("e-1", "Ada Quill"), ("e-2", "Bo Fern")], 0),
    ],
)
def test_two_people_whose_ids_differ_only_in_case_are_not_taken_for_one(people, found):
    problems = confused_people(pay(*people))
    assert [p.code for p in problems] == ["E345"] * found
