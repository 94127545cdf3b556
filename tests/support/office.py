"""Recalculates a workbook with LibreOffice and compares every formula cell with the engine.

The copy that is recalculated carries wrong cached values, and the program's private profile is set
to recalculate on load: otherwise it would hand back the cached values and nothing would be tested.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook

from rdcredit.render.package import fill_values

WRONG = Fraction(987654321)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def convert(office: str, path: Path, kind: str, folder: Path) -> Path:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
    out = folder / f"converted-{kind}"
    out.mkdir(exist_ok=True)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind, "--outdir", out, path],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return out / f"{path.stem}.{kind}"


def differences(office: str, path: Path, written, folder: Path) -> list[str]:
    """Formula cells whose recalculated value is not the engine's."""
    copy = folder / "parity.xlsx"
    shutil.copy(path, copy)
    fill_values(copy, written.titles, dict.fromkeys(written.values, WRONG))
    book = load_workbook(convert(office, copy, "xlsx", folder), data_only=True)
    found = []
    for (sheet, address), wanted in written.values.items():
        seen = book[sheet][address].value
        if not same(wanted, seen):
            found.append(f"{sheet} {address}: engine {wanted!r}, recalculated {seen!r}")
    return found


def same(wanted, seen) -> bool:
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
