"""The list of people: role and place of each person, and the columns by which every table names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.ingest.columns import Column, Kind
from rdcredit.ingest.records import PersonRow
from rdcredit.ingest.tables import Layout

if TYPE_CHECKING:
    from rdcredit.ingest.record import Record
    from rdcredit.ingest.tables import Table

PERSON = Column(
    "Employee ID",
    Kind.IDENTIFIER,
    (
        "Employee Number", "Employee No", "Emp ID", "Emp No", "EEID", "Employee Code", "Worker ID", "Worker Number",
        "Associate ID", "Personnel Number", "Staff ID", "Person ID", "Payroll ID", "File Number", "File No", "File #",
        "ID", "Work Email", "Employee Email", "Email", "E-mail", "SSN", "Social Security Number", "Social Security No",
    ),
    personal=True,
)  # fmt: skip
"""Who a row is about. A social security number is replaced by an identifier of the study's own."""

NAME = Column(
    "Employee Name",
    aliases=("Full Name", "Worker Name", "Worker", "Associate Name", "Legal Name", "Payroll Name", "Name"),
    personal=True,
)
FIRST_NAME = Column("First Name", aliases=("Given Name", "Legal First Name"), personal=True)
LAST_NAME = Column("Last Name", aliases=("Surname", "Family Name", "Legal Last Name"), personal=True)
NAMES = (NAME, FIRST_NAME, LAST_NAME)

TITLE = Column("Title", aliases=("Job Title", "Position", "Role", "Business Title"))
DEPARTMENT = Column("Department", aliases=("Dept", "Department Name", "Home Department", "Team", "Cost Center"))
COUNTRY = Column("Work Country", Kind.COUNTRY, ("Country", "Country of Work", "Work Location Country"))
STATE = Column("Work State", aliases=("State", "Work Location State", "Worked In State"))
OFFICER = Column("Officer", Kind.YES_NO, ("Corporate Officer", "Is Officer"))
OWNER = Column("Owner", Kind.YES_NO, ("Is Owner", "Shareholder", "More Than 2% Shareholder"))
EVIDENCE = Column("Role Evidence", aliases=("Evidence of Role", "Evidence", "Role Document"))

LAYOUT = Layout(
    columns=(PERSON, *NAMES, TITLE, DEPARTMENT, COUNTRY, STATE, OFFICER, OWNER, EVIDENCE),
    required=((PERSON, TITLE), (PERSON,)),
)


def name_of(record: Record) -> str:
    """The person's name, from one column or two; empty where the table has none."""
    return record.text(NAME) or " ".join(filter(None, (record.text(FIRST_NAME), record.text(LAST_NAME))))


def read_persons(table: Table) -> tuple[PersonRow, ...]:
    """One row a person; what is not stated is unknown."""
    return tuple(
        PersonRow(
            ref=record.ref,
            person=record.identifier(PERSON),
            name=name_of(record),
            title=record.text(TITLE),
            department=record.text(DEPARTMENT),
            country=record.country(COUNTRY),
            state=record.text(STATE),
            officer=record.yes_no(OFFICER),
            owner=record.yes_no(OWNER),
            evidence_of_role=record.text(EVIDENCE),
        )
        for record in table.records
    )
