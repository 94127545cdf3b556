"""Recalculates workbooks with LibreOffice and compares every formula cell with the engine.

The copy that is recalculated carries wrong cached values, and the program's private profile is set
to recalculate on load: otherwise it would hand back the cached values and nothing would be tested.
"""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from openpyxl import load_workbook

from rdcredit.render.package import fill_values

WRONG, WRONG_DAY = Fraction(987654321), date(1999, 9, 9)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def convert_all(office, paths, kind, folder):
    """Open each workbook, which recalculates it, and save it as ``kind``; one run of the program."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
    out = folder / f"converted-{kind}"
    out.mkdir(exist_ok=True)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            out,
            *paths,
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return [out / f"{path.stem}.{kind}" for path in paths]


def convert(office, path, kind, folder):
    return convert_all(office, [path], kind, folder)[0]


def with_wrong_values(path, written, copy):
    """A copy of a workbook in which every formula cell shows a wrong value."""
    shutil.copy(path, copy)
    wrong = {at: WRONG_DAY if isinstance(value, date) else WRONG for at, value in written.values.items()}
    fill_values(copy, written.titles, wrong)
    return copy


def disagreements(written, path):
    """Formula cells of a workbook whose shown value is not the engine's."""
    book = load_workbook(path, data_only=True)
    found = []
    for (sheet, address), wanted in written.values.items():
        seen = book[sheet][address].value
        if not same(wanted, seen):
            found.append(f"{sheet} {address}: engine {wanted!r}, recalculated {seen!r}")
    return found


def differences(office, path, written, folder):
    """Formula cells whose recalculated value is not the engine's."""
    copy = with_wrong_values(path, written, folder / "parity.xlsx")
    return disagreements(written, convert(office, copy, "xlsx", folder))


def same(wanted, seen):
    """Whether a recalculated value is the engine's: cents are equal, ratios to nine digits."""
    if isinstance(wanted, bool):
        return seen is wanted or (isinstance(seen, (int, float)) and bool(seen) is wanted and seen in {0, 1})
    if isinstance(wanted, Fraction):
        if isinstance(seen, bool) or not isinstance(seen, (int, float)):
            return False
        exact = Fraction(Decimal(repr(seen)))
        scale = max(abs(wanted), Fraction(1))
        return abs(exact - wanted) <= scale * Fraction(1, 10**9) and abs(exact - wanted) < Fraction(1, 200)
    if isinstance(wanted, date):
        return isinstance(seen, datetime) and seen.date() == wanted
    return seen == wanted


def published_values(path):
    """What the formula cells of a published workbook show, as the engine wrote it, and the sheets' names."""
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    found = {}
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    shown = values[sheet.title][cell.coordinate].value
                    found[sheet.title, cell.coordinate] = _as_engine(shown)
    return Published(tuple(formulas.sheetnames), found)


@dataclass(frozen=True)
class Published:
    titles: tuple
    values: dict


def _as_engine(shown):
    if isinstance(shown, datetime):
        return shown.date()
    return Fraction(Decimal(repr(shown))) if isinstance(shown, (int, float)) and not isinstance(shown, bool) else shown
