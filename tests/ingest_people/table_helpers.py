"""Headers of the roles and small helpers of the tests in this folder."""

import zipfile
from pathlib import Path

PAY = "Employee ID,Employee Name,Pay Date,Pay Type,Gross Pay,Pre-Tax Deductions,Taxable Wages\n"
TIME = "Employee ID,Date,Project,Activity,Hours\n"
PERCENT = "Employee ID,Period Start,Period End,Project,Activity,Percent\n"
PEOPLE = "Employee ID,Employee Name,Title,Department,Work Country,Work State,Officer,Owner,Role Evidence\n"
PAYMENTS = "Vendor,Contract,Project,Invoice,Service Start,Service End,Paid Date,Amount,Currency,Work Country,Kind\n"


def rewrite(path: Path, change) -> None:
    """Pass every part of a zip package through ``change(name, data) -> data | None`` (None drops it)."""
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            if (changed := change(name, data)) is not None:
                new.writestr(name, changed)


def text_of(problems) -> str:
    """Everything the messages print."""
    return "\n".join(p.line() for p in problems)
