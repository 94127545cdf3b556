"""A study folder that tests fill with tables and read."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from rdcredit.errors import Problem, Refused
from rdcredit.ingest.people import read_people
from rdcredit.ingest.records import PeopleInputs
from rdcredit.study.config import Study


@dataclass(frozen=True)
class Folder:
    root: Path

    def bytes(self, name: str, data: bytes) -> str:
        path = self.root / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return f"inputs/{name}"

    def text(self, name: str, text: str) -> str:
        return self.bytes(name, text.encode())

    def rows(self, name: str, rows) -> str:
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return self.text(name, out.getvalue())

    def book(self, name: str, rows, change=None, save=None) -> str:
        book = openpyxl.Workbook()
        book.active.title = "Sheet1"
        for row in rows:
            book.active.append(row)
        if change:
            change(book)
        path = self.root / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        if save:
            save(path)
        return f"inputs/{name}"

    def study(self, inputs, **more) -> Study:
        return Study.model_validate(
            {
                "study": {"status": "draft", "dated": date(2026, 2, 10)},
                "taxpayer": {"name": "Quillfern", "entity": "C corporation", "accounting_method": "accrual"},
                "tax_years": [{"begin": date(2025, 1, 1), "end": date(2025, 12, 31)}],
                "inputs": inputs,
                **more,
            }
        )

    def read(self, role: str, path: str, **setting) -> PeopleInputs:
        return self.read_all([{"role": role, "path": path, **setting}])

    def read_all(self, inputs, **more) -> PeopleInputs:
        return read_people(self.root, self.study(inputs, **more))

    def problems(self, role: str, path: str, **setting) -> tuple[Problem, ...]:
        """The problems of a refusal."""
        with pytest.raises(Refused) as refusal:
            self.read(role, path, **setting)
        return refusal.value.problems

    def codes(self, role: str, path: str, **setting) -> set[str]:
        return {p.code for p in self.problems(role, path, **setting) if not p.held}


@pytest.fixture
def folder(tmp_path) -> Folder:
    (tmp_path / "inputs").mkdir()
    return Folder(tmp_path)
