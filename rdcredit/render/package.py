"""The post-write pass over a workbook's package: values into formula cells, fixed times and order.

openpyxl cannot write the result of a formula, and a workbook without results is empty wherever
nothing recalculates it (protected view, previews). Imports lxml; loaded late.
"""

from __future__ import annotations

import zipfile
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from lxml import etree

from rdcredit.render.cells import number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rdcredit.render.writer import CellValue

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CELL, _FORMULA, _VALUE = f"{{{_MAIN}}}c", f"{{{_MAIN}}}f", f"{{{_MAIN}}}v"
_TERMS = "http://purl.org/dc/terms/"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o644 << 16
_DAY_ZERO = date(1899, 12, 30)


class Unfilled(ValueError):
    """A formula cell has no value to show, or a value has no formula cell."""


def fill_values(
    path: Path, titles: Sequence[str], values: Mapping[tuple[str, str], CellValue], *, recalculate: bool = False
) -> int:
    """Put each formula cell's value into the workbook at ``path``; the number of cells filled.

    ``recalculate`` asks the program that opens the file to compute everything again.

    Raises:
        Unfilled: formulas and values do not match one to one.
    """
    left = dict(values)
    sheets = {f"xl/worksheets/sheet{i}.xml": title for i, title in enumerate(titles, start=1)}

    def fill(name: str, data: bytes) -> bytes:
        if name in sheets:
            return _filled(data, sheets[name], left)
        if name == "xl/workbook.xml" and recalculate:
            return data.replace(b"<calcPr ", b'<calcPr fullCalcOnLoad="1" ')
        if name == "docProps/core.xml":
            return _unclocked(data)
        return data

    rewrite(path, fill)
    if left:
        raise Unfilled(f"{len(left)} values have no formula cell, the first at {next(iter(left))}")
    return len(values)


def _unclocked(data: bytes) -> bytes:
    """Document properties whose time of change is the stated date: openpyxl writes the clock into it."""
    root = etree.fromstring(data)
    created, modified = root.find(f"{{{_TERMS}}}created"), root.find(f"{{{_TERMS}}}modified")
    if created is not None and modified is not None:
        modified.text = created.text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _filled(data: bytes, title: str, left: dict[tuple[str, str], CellValue]) -> bytes:
    out = BytesIO()
    parser = etree.XMLPullParser(events=("end",), tag=_CELL)
    parser.feed(data)
    root = parser.close()
    for _, element in parser.read_events():
        formula = element.find(_FORMULA)
        if formula is None:
            continue
        address = str(element.get("r"))
        try:
            value = left.pop((title, address))
        except KeyError:
            raise Unfilled(f"the formula in {title} {address} has no value") from None
        _set(element, value)
    etree.ElementTree(root).write(out, xml_declaration=True, encoding="UTF-8", standalone=True)
    return out.getvalue()


def _set(element: etree._Element, value: CellValue) -> None:
    slot = element.find(_VALUE)
    if slot is None:
        slot = etree.SubElement(element, _VALUE)
    if isinstance(value, bool):
        element.set("t", "b")
        slot.text = "1" if value else "0"
    elif isinstance(value, Fraction):
        element.attrib.pop("t", None)
        slot.text = number_text(value)
    elif isinstance(value, date):
        element.attrib.pop("t", None)
        slot.text = str((value - _DAY_ZERO).days)
    else:
        element.set("t", "str")
        slot.text = value


def rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write a zip package again with parts changed, in a fixed order, with fixed times."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    first = [n for n in ("[Content_Types].xml", "_rels/.rels") if n in parts]
    names = first + sorted(n for n in parts if n not in first)
    changed = {n: change(n, parts[n]) for n in names}  # before the file is opened: a fault leaves it as it was
    with path.open("wb") as stream:
        _pack(stream, names, changed)


def _pack(stream: BinaryIO, names: Sequence[str], parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name in names:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _FILE_MODE
            info.create_system = 3
            package.writestr(info, parts[name])
